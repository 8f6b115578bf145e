//! Small programs, and what they ask for.

use super::*;
use crate::base::{Chunk, Duration, Instant};
use std::fmt::Write as _;
use std::sync::Arc;

/// Tells a program that it starts, then of each of its deadlines, up to so many; writes down what it
/// does: prints and other calls, each with its line, and what ended it.
fn runs(files: &[(&str, &str)], deadlines: usize) -> String {
    let mut script = Script::alone("main.js", "");
    script.files = files
        .iter()
        .map(|(name, text)| Source { name: (*name).into(), text: (*text).into() })
        .collect();
    let mut history = History::new(Arc::new(script), 1);
    let mut text = String::new();
    let mut told = Told { at: Instant::ZERO, what: "start", arguments: Vec::new() };
    for _ in 0..=deadlines {
        let at = told.at;
        let answer = history.tell(told);
        let mut wake = None;
        for call in &answer.calls {
            if &*call.op == "wake" {
                wake = call.arguments[0].moment();
            }
            let _ = writeln!(text, "{}", shown(call));
        }
        if let Some(fault) = &answer.fault {
            let place =
                fault.place.map_or("-".into(), |p| format!("{}:{}:{}", p.file, p.line, p.column));
            let _ = writeln!(text, "{:?} {place} {}", fault.kind, fault.message);
        }
        let Some(next) = wake else { break };
        let _ = at;
        told = Told { at: next, what: "deadline", arguments: Vec::new() };
    }
    text
}

fn shown(call: &Call) -> String {
    let place = call.place.map_or("-".into(), |p| format!("{}:{}", p.line, p.column));
    format!("{} {place} {} {:?}", call.op, call.words, call.arguments)
}

#[test]
fn tryout() {
    let path = std::env::var("TRY").unwrap_or_default();
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or("main.js");
    print!("{}", runs(&[(name, &text)], 5));
}
