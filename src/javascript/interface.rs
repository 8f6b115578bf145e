//! What the room and its users tell each other: plain data, in both directions.

use crate::base::{Chunk, Instant};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// A value that crosses between a program and its host.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `null` or `undefined`.
    Null,
    /// A boolean.
    Truth(bool),
    /// A number; whole ones are exact up to 2^53.
    Number(f64),
    /// A string. Lone surrogates have become U+FFFD.
    Text(Rc<str>),
    /// A `Uint8Array`.
    Octets(Chunk),
    /// An array.
    List(Vec<Self>),
}

impl Value {
    /// The whole number that it is, if it is one and not negative.
    pub fn natural(&self) -> Option<u64> {
        self.whole().and_then(|n| u64::try_from(n).ok())
    }

    /// The whole number that it is, if it is one within ±2^53.
    pub fn whole(&self) -> Option<i64> {
        const LIMIT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Number(n) if n.fract() == 0.0 && n.abs() <= LIMIT => Some(*n as i64),
            _ => None,
        }
    }

    /// The moment that it names in milliseconds since the run began, to the nearest nanosecond.
    #[expect(clippy::cast_sign_loss, reason = "the pattern lets no negative number through")]
    pub fn moment(&self) -> Option<Instant> {
        match self {
            Self::Number(ms) if *ms >= 0.0 => Some(Instant((ms * 1e6).round() as u64)),
            _ => None,
        }
    }

    /// Its text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its octets, if it has some.
    pub const fn octets(&self) -> Option<&Chunk> {
        match self {
            Self::Octets(octets) => Some(octets),
            _ => None,
        }
    }

    /// Its truth, if it is a boolean.
    pub const fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Its elements, if it is a list.
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// Octets of memory that it holds, about.
    pub fn weight(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Text(text) => text.len(),
                Self::Octets(octets) => octets.weight() as usize,
                Self::List(list) => list.iter().map(Self::weight).sum(),
                _ => 0,
            }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

/// Exact up to 2^53.
impl From<u64> for Value {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    fn from(n: u64) -> Self {
        Self::Number(n as f64)
    }
}

/// Exact within ±2^53.
impl From<i64> for Value {
    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    fn from(n: i64) -> Self {
        Self::Number(n as f64)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Chunk> for Value {
    fn from(octets: Chunk) -> Self {
        Self::Octets(octets)
    }
}

impl From<Vec<Self>> for Value {
    fn from(list: Vec<Self>) -> Self {
        Self::List(list)
    }
}

/// Nothing is `null`.
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Where something stands in a program's files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// Which of [`Script::files`].
    pub file: u16,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// Something that a program asks of its host.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// The innermost line of the program's own that led to it; none if only the library did.
    pub place: Option<Place>,
    /// Which call: `tcp.write`, `print`.
    pub op: Rc<str>,
    /// The call as a program writes it, for the learner; empty for none.
    pub words: Rc<str>,
    /// What goes along.
    pub arguments: Vec<Value>,
}

/// Something that a host tells its program.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// When.
    pub at: Instant,
    /// What: `start`, `deadline`, `data`.
    pub what: &'static str,
    /// What goes along.
    pub arguments: Vec<Value>,
}

/// A file of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its path, relative to the scenario: `server.js`, `lib/chat.mjs`.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// A program and what it can know before it runs.
#[derive(Clone, PartialEq, Debug)]
pub struct Script {
    /// The program's files; it begins with the first.
    pub files: Vec<Source>,
    /// `process.argv` from its third element on.
    pub arguments: Vec<String>,
    /// The name of the host that it runs on.
    pub host: String,
    /// The addresses of all hosts by name, as in `/etc/hosts`.
    pub hosts: BTreeMap<String, Ipv4Addr>,
    /// What it may use.
    pub limits: Limits,
    /// When the run began, in milliseconds since 1970: what `Date` counts from.
    pub epoch: u64,
}

impl Script {
    /// 2025-01-01T00:00:00Z, in milliseconds since 1970.
    pub const EPOCH: u64 = 1_735_689_600_000;

    /// A program of one file on a host that knows no other.
    pub fn alone(name: &str, text: &str) -> Self {
        Self {
            files: vec![Source { name: name.into(), text: text.into() }],
            arguments: Vec::new(),
            host: "localhost".into(),
            hosts: BTreeMap::new(),
            limits: Limits::default(),
            epoch: Self::EPOCH,
        }
    }
}

/// What a program may use. More is a [`Fault`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Octets of its heap.
    pub memory: usize,
    /// Octets of the engine's stack: about 1,500 calls deep in a MiB.
    pub stack: usize,
    /// Steps from being told something to the answer. A call, and each turn of a loop, is one or
    /// two; what the engine does in one piece with many elements or characters counts by those.
    pub work_callback: u64,
    /// Steps of a whole run.
    pub work_run: u64,
    /// Octets in the calls of one answer.
    pub output_octets: usize,
    /// Calls of one answer.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 32 << 20,
            stack: 1 << 20,
            work_callback: 10_000_000,
            work_run: 500_000_000,
            output_octets: 8 << 20,
            calls: 20_000,
        }
    }
}

/// What ended a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// It is no JavaScript.
    Syntax,
    /// Nobody caught what it threw.
    Uncaught,
    /// Nobody handled a promise that was rejected.
    Rejection,
    /// It needs more memory than it may.
    Memory,
    /// Its calls are nested too deeply.
    Stack,
    /// It does not come to an end, or takes too long.
    Work,
    /// It calls or prints too much at once.
    Output,
}

/// Why a program ended before its time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What kind of reason.
    pub kind: FaultKind,
    /// Where, if one of the program's lines can be blamed.
    pub place: Option<Place>,
    /// As node says it: `TypeError: x is not a function`.
    pub message: String,
    /// The calls that led there, a line each: `at f (server.js:3:7)`. Empty if unknown.
    pub stack: String,
}

/// What a program does when told something.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answer {
    /// What it asks for, in this order.
    pub calls: Vec<Call>,
    /// What ended it, after these calls.
    pub fault: Option<Fault>,
}
