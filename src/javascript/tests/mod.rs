//! Small programs, and what they ask for.

mod bounds;
mod faults;
mod history;
mod order;
mod surroundings;

use super::*;
use crate::base::Instant;
use std::fmt::Write as _;
use std::sync::Arc;

/// A program of these files, the first of which begins.
fn script(files: &[(&str, &str)]) -> Script {
    let source =
        |(name, text): &(&str, &str)| Source { name: (*name).into(), text: (*text).into() };
    Script { files: files.iter().map(source).collect(), ..Script::alone("", "") }
}

fn told(at: Instant, what: &'static str) -> Told {
    Told { at, what, arguments: Vec::new() }
}

/// Starts a program, tells it of each of its deadlines, and writes down what it does.
fn run(script: Script) -> String {
    let mut history = History::new(Arc::new(script), 1);
    let mut text = String::new();
    let mut next = Some(told(Instant::ZERO, "start"));
    while let Some(told) = next.take() {
        let answer = history.tell(told);
        for call in &answer.calls {
            match &*call.op {
                "wake" => next = call.arguments[0].moment().map(|at| self::told(at, "deadline")),
                _ => drop(writeln!(text, "{}", shown(call))),
            }
        }
        if let Some(fault) = &answer.fault {
            let place =
                fault.place.map_or_else(|| "?".into(), |p| format!("{}:{}", p.file, p.line));
            let _ = writeln!(text, "{:?} {place} {}", fault.kind, fault.message);
            next = None;
        }
    }
    text
}

/// Line, level and text of what is printed; words of a handler; op and arguments of other calls.
fn shown(call: &Call) -> String {
    let line = call.place.map_or_else(|| "?".into(), |place| place.line.to_string());
    match (&*call.op, &call.arguments[..]) {
        ("print", [level, text]) => {
            format!("{line} {} {}", level.text().unwrap(), text.text().unwrap())
        }
        ("enter", []) => format!("{line} > {}", call.words),
        (op, arguments) => format!("{line} {op} {arguments:?}"),
    }
}

/// Programs of one file, each with what comes of it.
fn check_all(cases: &[(&str, &str)]) {
    let lines = |text: &str| text.lines().map(|l| l.trim().to_owned()).collect::<Vec<_>>();
    let mut faults = String::new();
    for (program, expected) in cases {
        let found = lines(&run(script(&[("main.js", program)])));
        let expected: Vec<_> =
            lines(expected).into_iter().filter(|line| !line.is_empty()).collect();
        if found != expected {
            let (found, expected) = (found.join("\n"), expected.join("\n"));
            let _ = writeln!(faults, "{program}\nfound\n{found}\nnot\n{expected}\n");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}
