//! What programs wrote to their consoles, in the order of the run.

use crate::base::{Instant, NodeId};
use crate::trace::{Fact, Level, ProgramNote, Record, Trace};
use std::borrow::Cow;

/// One thing that a program wrote, or the fault that ended it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Printed<'a> {
    /// When.
    pub at: Instant,
    /// On which host.
    pub node: NodeId,
    /// The program's place on it.
    pub program: u16,
    /// How much it matters; a fault is an error.
    pub level: Level,
    /// What; one line or more.
    pub text: Cow<'a, str>,
}

/// What a record says of a console; `None` if it is about something else.
pub fn printed<'a>(trace: &'a Trace, record: &Record) -> Option<Printed<'a>> {
    let Fact::Program { program, note } = record.fact else { return None };
    let (level, excerpt) = match note {
        ProgramNote::Prints { level, excerpt } => (level, excerpt),
        ProgramNote::Crashes(excerpt) => (Level::Error, excerpt),
        _ => return None,
    };
    let text = String::from_utf8_lossy(trace.excerpt(excerpt));
    Some(Printed { at: record.at, node: record.node, program, level, text })
}

/// Whose console it is: `server`, or `server.2` for the second of several programs.
pub fn name(trace: &Trace, printed: &Printed<'_>) -> String {
    let Some(node) = trace.legend().nodes.get(printed.node.index()) else { return String::new() };
    match node.programs.len() {
        0 | 1 => node.name.clone(),
        _ => format!("{}.{}", node.name, printed.program + 1),
    }
}
