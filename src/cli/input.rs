//! From an argument to a scenario, or to a report of what is wrong with it.

use super::{Chosen, Failure};
use crate::scenario::{self, Diagnostic, Scenario, Severity, Source};
use crate::trace::filter::Fault;
use std::env;
use std::io;
use std::ops::Range;
use std::path::Path;

/// A scenario, ready to run.
pub(super) struct Loaded {
    pub(super) scenario: Scenario,
    /// What is odd about it, as text for a person; empty when nothing is.
    pub(super) warnings: String,
}

/// The scenario that an argument names, with the settings over it.
pub(super) fn load(chosen: &Chosen) -> Result<Loaded, Failure> {
    let mut source = find(&chosen.scenario)?;
    for setting in &chosen.settings {
        source = source.with(setting);
    }
    if let Some(seed) = chosen.seed {
        source = source.with(&format!("seed={seed}"));
    }
    accept(&source)
}

/// The scenario of a source, if it is without fault.
pub(super) fn accept(source: &Source) -> Result<Loaded, Failure> {
    let (scenario, diagnostics) = scenario::parse_source(source);
    let report = source.report(&diagnostics, colour(&io::stderr()));
    match scenario {
        Some(scenario) => Ok(Loaded { scenario, warnings: report }),
        // A wrong `--set` is a wrong command.
        None if diagnostics.iter().any(|d| is_setting(source, d)) => Err(Failure::Usage(report)),
        None => Err(Failure::Failed(report)),
    }
}

fn is_setting(source: &Source, diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && diagnostic.span.start > source.text().len()
}

/// A file where there is one, else the built-in scenario of that name.
pub(super) fn find(name: &str) -> Result<Source, Failure> {
    let path = Path::new(name);
    let looks_like_file = name.contains(['/', '\\']) || path.extension().is_some();
    if path.is_file() || looks_like_file && scenario::find(name).is_err() {
        return read(path);
    }
    let builtin = scenario::find(name).map_err(|error| {
        Failure::Usage(format!("error: {error}\nhelp: `framestep list` shows them all"))
    })?;
    Ok(Source::new(builtin.path, builtin.text))
}

/// Reads a file.
fn read(path: &Path) -> Result<Source, Failure> {
    let text =
        scenario::read_file(path).map_err(|error| Failure::Usage(format!("error: {error}")))?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    Ok(Source::new(&path.display().to_string(), &text).in_folder(folder))
}

/// Whether a stream is to be coloured: it is a terminal, and nobody asked for none.
pub(super) fn colour(stream: &impl io::IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The place of a filter's fault in the source that the filter stands in.
pub(super) fn fault_in_source(fault: Fault, span: &Range<usize>) -> Diagnostic {
    let place = |at: usize| (span.start + at).min(span.end);
    Diagnostic {
        severity: Severity::Error,
        span: place(fault.span.start)..place(fault.span.end),
        message: fault.message,
        help: fault.help,
        ..Diagnostic::default()
    }
}

/// A filter's fault in an argument, with a caret under it.
pub(super) fn fault_in_argument(option: &str, text: &str, fault: &Fault) -> String {
    let before = text.get(..fault.span.start).unwrap_or("").chars().count();
    let marked = text.get(fault.span.clone()).unwrap_or("").chars().count().max(1);
    let (indent, carets) = (" ".repeat(option.len() + 1 + before), "^".repeat(marked));
    format!("error: {}\n  {option} {text}\n  {indent}{carets}\nhelp: {}", fault.message, fault.help)
}
