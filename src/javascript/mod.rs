//! Programs written in JavaScript, each in an engine of its own.
//!
//! A program is a pure function of what it is told ([`Told`]); it answers with what it asks for
//! ([`Answer`]). Its state is its source and the list of what it was told: [`History`].

mod history;
mod interface;

pub use history::History;
pub use interface::{Answer, Call, Fault, FaultKind, Limits, Place, Script, Source, Told, Value};

/// Whether a file is JavaScript at all. Nothing runs.
pub fn check(_source: &Source) -> Result<(), Fault> {
    Ok(())
}
