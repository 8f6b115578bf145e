//! The one small language over a trace: search line, "run until", and what a scenario expects.
//!
//! ```text
//! tcp.syn from client                      a field that is set, and who made the packet
//! udp from client and lost                 what became of it
//! tcp.state == ESTABLISHED at client       a connection enters a state, at a device
//! ip.dst == server and frame.len > 1000    fields by Wireshark's names, hosts by theirs
//! note "fast retransmit"                   something that a protocol tells
//! program.received contains "hello"        something that a program does or learns
//! count(udp lost) == 1                     how many
//! first(tcp.syn from client) < 100ms       when for the first time
//! ```
//!
//! Words that stand side by side belong together and mean `and`; then `not` binds most, then `and`,
//! then `or`.
//!
//! Each record of a trace fits or does not. What asks for a packet fits where the packet is first
//! said on each link; together with `at`, `sent`, `arrived` or `lost` it fits there. `count` counts
//! a packet once, however many links it crosses.

mod eval;
mod lexer;
mod measure;
mod names;
mod operand;
mod parser;
mod watch;
mod words;

pub use eval::frame_of;
pub use measure::{Measure, Measured};
pub use watch::{Verdict, Watch};

use super::{Legend, Record, Trace};
use crate::base::{Instant, NodeId};
use crate::stack::Field;
use crate::stack::transport::tcp;
use crate::trace::Protocol;
use std::fmt;
use std::ops::Range;

/// The longest text of a filter, in octets.
pub const TEXT_MAX: usize = 4_096;

/// A filter, its names resolved for one network.
#[derive(Clone, PartialEq, Debug)]
pub struct Filter {
    clause: Clause,
    /// What is counted; numbers in the clause and the goal are places here.
    slots: Vec<Slot>,
    goal: Goal,
    /// Whether the clause reads slots.
    counts: bool,
}

/// What is wrong with a filter's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where, in octets of the text.
    pub span: Range<usize>,
    /// What.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for Fault {}

impl Filter {
    /// Reads a filter. Host names are those of `legend`.
    pub fn parse(text: &str, legend: &Legend) -> Result<Self, Fault> {
        parser::parse(text, legend)
    }

    /// Whether record number `record` fits. A filter with `count`, `first` or `last` is asked about
    /// the trace up to there, which takes a walk over it; [`Watch`] walks only once.
    pub fn holds(&self, trace: &Trace, record: usize) -> bool {
        if !self.counts {
            return self.clause.holds(trace, record, &[]);
        }
        let mut watch = Watch::new(self);
        (0..=record).for_each(|at| watch.see(trace, at));
        self.clause.holds(trace, record, watch.slots())
    }

    /// The next record after `from` that fits, or, backwards, the last one before it.
    pub fn find(&self, trace: &Trace, from: usize, forward: bool) -> Option<usize> {
        let records = trace.records();
        if self.counts {
            let mut watch = Watch::new(self);
            let mut found = None;
            for (at, record) in records.iter().enumerate() {
                watch.take(trace, at, record);
                let fits = at != from && self.clause.fits(trace, at, record, watch.slots());
                if fits && forward && at > from {
                    return Some(at);
                }
                if fits && !forward && at < from {
                    found = Some(at);
                }
            }
            return found;
        }
        let fits = |&(at, record): &(usize, Record)| self.clause.fits(trace, at, record, &[]);
        let found = if forward {
            records.iter().enumerate().skip(from.saturating_add(1)).find(fits)
        } else {
            records.slice(0..from).iter().enumerate().rev().find(fits)
        };
        found.map(|(at, _)| at)
    }
}

/// An expression over one record.
#[derive(Clone, PartialEq, Debug)]
struct Clause {
    node: Node,
    /// Whether it says itself where a packet is to be seen.
    says_where: bool,
    /// Whether it asks what protocols and programs tell, so that `tcp` may mean who tells it.
    asks_tellings: bool,
}

/// Something that is counted along a trace.
#[derive(Clone, PartialEq, Debug)]
struct Slot {
    clause: Clause,
    /// Its text, for reports.
    text: String,
}

/// What is true of one record.
#[derive(Clone, PartialEq, Debug)]
enum Node {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    /// It happens there.
    At(NodeId),
    /// The packet was made there.
    From(NodeId),
    /// The packet is for an address of that device.
    To(NodeId),
    /// The packet has a header of that protocol.
    Has(Protocol),
    Field(FieldTest),
    /// The packet's payload (of the protocol, or the innermost) holds these octets.
    Payload(Option<Protocol>, Vec<u8>),
    /// Octets of the frame, or of what the protocol carries.
    Length(Option<Protocol>, Compare, u64),
    Time(Compare, Instant),
    /// A connection enters a state (`true`) or another one.
    State(Option<(tcp::State, bool)>),
    Event(EventWord),
    /// A protocol's note whose name or text holds this, in small letters.
    Note(String),
    /// A program's note of that name; with octets, one whose excerpt holds them.
    Program(&'static [&'static str], Option<Vec<u8>>),
    Compare(Quantity, Compare, Quantity),
}

/// A word that says what happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum EventWord {
    Sent,
    Duplicated,
    Arrived,
    Lost,
    Corrupted,
    Malformed,
    LinkChanged(bool),
    Limit,
    Started,
    Ended,
}

/// A header's fields and what is asked of them; one of several is enough (`tcp.port`).
#[derive(Clone, PartialEq, Debug)]
struct FieldTest {
    protocol: Protocol,
    fields: Vec<&'static Field>,
    test: Test,
}

#[derive(Clone, PartialEq, Debug)]
enum Test {
    /// The field is there; a flag is set.
    Present,
    Is(Compare, u64),
    /// One of these, each behind the mask; `false` for none of them.
    OneOf(Vec<(u64, u64)>, bool),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Compare {
    fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// A number or a time over the trace so far; slots by their place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Quantity {
    Count(usize),
    First(usize),
    Last(usize),
    Number(u64),
    Time(Instant),
}

/// What is to be true of a whole run.
#[derive(Clone, PartialEq, Debug)]
enum Goal {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    /// Some record fits the slot.
    Seen(usize),
    Compare(Quantity, Compare, Quantity),
}
