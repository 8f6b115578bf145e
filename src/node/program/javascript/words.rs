//! Places and faults in words.

use crate::javascript::{Fault, FaultKind, Place, Script};

/// A place as a person writes it: `server.js:3:7`.
pub(super) fn place(place: Place, script: &Script) -> String {
    let file = script.files.get(usize::from(place.file)).map_or("?", |file| &file.name);
    format!("{file}:{}:{}", place.line, place.column)
}

/// What ended a program: `Uncaught TypeError: x is not a function`, or which of its limits.
pub(super) fn crash(fault: &Fault) -> String {
    match fault.kind {
        FaultKind::Syntax | FaultKind::Uncaught | FaultKind::Rejection => {
            format!("Uncaught {}", fault.message)
        }
        FaultKind::Memory | FaultKind::Stack | FaultKind::Work | FaultKind::Output => {
            fault.message.clone()
        }
    }
}
