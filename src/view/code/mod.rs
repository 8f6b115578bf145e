//! Programs in JavaScript beside what they did: which line it was, and what stands there.
//!
//! A record that tells of a call, a handler, a line on the console or a fault stands right behind
//! one that names the line ([`ProgramNote::Runs`]). In lists the two are one.

mod lines;
mod tokens;

pub use lines::{Lines, Past, Spot};
pub use tokens::{Kind, can_run, tokens};

use super::Told;
use crate::base::NodeId;
use crate::javascript::{Script, Source};
use crate::node::Inspection;
use crate::trace::{Excerpt, Fact, ProgramNote, Record, Trace};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A program: its host, and its place among the host's programs.
pub type Program = (NodeId, u16);

/// A line of a program that ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ran {
    /// Whose.
    pub program: Program,
    /// The place of the file among the program's, and the line.
    pub spot: Spot,
    /// The column, from 1.
    pub column: u16,
    /// The place as text: `server.js:3:7`.
    excerpt: Excerpt,
}

impl Ran {
    /// What a record says of a line; `None` if it is about something else.
    pub const fn of(record: &Record) -> Option<Self> {
        let Fact::Program { program, note: ProgramNote::Runs { line, column, file, excerpt } } =
            record.fact
        else {
            return None;
        };
        Some(Self { program: (record.node, program), spot: Spot { file, line }, column, excerpt })
    }

    /// The line that does what record number `number` tells.
    pub fn before(trace: &Trace, number: usize) -> Option<Self> {
        let Fact::Program { program, note } = trace.records().get(number)?.fact else {
            return None;
        };
        let ran = Self::of(&trace.records().get(number.checked_sub(1)?)?)?;
        (ran.program.1 == program && is_done_by_a_line(&note)).then_some(ran)
    }

    /// `server.js:3`.
    pub fn name<'a>(&self, trace: &'a Trace) -> &'a str {
        let text = std::str::from_utf8(trace.excerpt(self.excerpt)).unwrap_or_default();
        text.rsplit_once(':').map_or(text, |(name, _)| name)
    }

    /// `server.js`.
    pub fn file<'a>(&self, trace: &'a Trace) -> &'a str {
        let name = self.name(trace);
        name.rsplit_once(':').map_or(name, |(file, _)| file)
    }
}

const fn is_done_by_a_line(note: &ProgramNote) -> bool {
    matches!(
        note,
        ProgramNote::Calls(_)
            | ProgramNote::Handles(_)
            | ProgramNote::Prints { .. }
            | ProgramNote::Crashes(_)
    )
}

/// What is told of record number `number`, with the line that did it in front:
/// `server.js:12  socket.emit("chat", "hi")`.
pub(super) fn with_line(trace: &Trace, number: usize, told: Told) -> Told {
    let Some(ran) = Ran::before(trace, number) else { return told };
    let text = told.text.strip_prefix("program calls ").unwrap_or(&told.text);
    Told { text: format!("{}  {text}", ran.name(trace)), ..told }
}

/// One file of a program. Costs nothing to copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    script: Arc<Script>,
    file: u16,
}

impl Listing {
    fn source(&self) -> Option<&Source> {
        self.script.files.get(usize::from(self.file))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.source().map_or("", |source| &source.name)
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.source().map_or("", |source| &source.text)
    }
}

/// The programs' texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    scripts: BTreeMap<Program, Arc<Script>>,
}

impl Sources {
    /// Those of the devices that are given.
    pub fn of(devices: impl IntoIterator<Item = (NodeId, Inspection)>) -> Self {
        let of_device = |(node, device): (NodeId, Inspection)| {
            let programs = device.scripts.into_iter().enumerate();
            programs.filter_map(move |(place, script)| Some(((node, place as u16), script?)))
        };
        Self { scripts: devices.into_iter().flat_map(of_device).collect() }
    }

    /// The programs that have one, in order.
    pub fn programs(&self) -> impl Iterator<Item = (Program, &Arc<Script>)> {
        self.scripts.iter().map(|(&program, script)| (program, script))
    }

    /// A program's files; none if it is not in JavaScript.
    pub fn files(&self, program: Program) -> &[Source] {
        self.scripts.get(&program).map_or(&[], |script| &script.files)
    }

    /// One of a program's files.
    pub fn listing(&self, program: Program, file: u16) -> Option<Listing> {
        let script = self.scripts.get(&program)?;
        script.files.get(usize::from(file))?;
        Some(Listing { script: Arc::clone(script), file })
    }

    /// The text of a line, without the blanks around it.
    pub fn line(&self, program: Program, spot: Spot) -> Option<&str> {
        let source = self.files(program).get(usize::from(spot.file))?;
        source.text.lines().nth((spot.line as usize).checked_sub(1)?).map(str::trim)
    }
}
