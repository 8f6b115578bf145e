//! `framestep check`: every fault of every file, and whether each run does what the file expects.

use super::Failure;
use super::input::{colour, fault_in_source, find};
use super::run::{Stop, simulate};
use crate::base::Instant;
use crate::scenario::{self, Diagnostic, Expect, Scenario, Severity, Source};
use crate::sim::World;
use crate::trace::Trace;
use crate::trace::filter::Filter;
use std::io::{self, Write};

/// Checks the files, or the built-in scenarios when there are none.
pub(super) fn check(files: &[String], out: &mut impl Write) -> Result<(), Failure> {
    let builtin = || scenario::library().iter().map(|b| Ok(Source::new(b.path, b.text)));
    let sources: Vec<Result<Source, Failure>> = if files.is_empty() {
        builtin().collect()
    } else {
        files.iter().map(|name| find(name)).collect()
    };
    let total = sources.len();
    let mut failed = 0;
    for source in sources {
        let is_good = match source {
            Ok(source) => check_source(&source, out)?,
            Err(Failure::Usage(words) | Failure::Failed(words)) => {
                writeln!(out, "{words}")?;
                false
            }
            Err(failure) => return Err(failure),
        };
        failed += usize::from(!is_good);
    }
    let noun = if total == 1 { "scenario" } else { "scenarios" };
    if failed == 0 {
        writeln!(out, "{total} {noun}: all good")?;
        return Ok(());
    }
    Err(Failure::Failed(format!("{failed} of {total} {noun} failed")))
}

/// Whether a scenario is without fault and its run as expected. Says so.
fn check_source(source: &Source, out: &mut impl Write) -> io::Result<bool> {
    let (scenario, mut diagnostics) = scenario::parse_source(source);
    let mut told = String::new();
    if let Some(scenario) = &scenario {
        let (faults, trace) = judge(scenario);
        diagnostics.extend(faults);
        if let Some(trace) = trace {
            told = summary(scenario, &trace);
        }
    }
    let is_good = !diagnostics.iter().any(|d| d.severity == Severity::Error);
    if !diagnostics.is_empty() {
        writeln!(out, "{}", source.report(&diagnostics, colour(&io::stdout())).trim_end())?;
    }
    let mark = if is_good { "ok  " } else { "FAIL" };
    writeln!(out, "{mark} {:<44} {told}", source.name())?;
    Ok(is_good)
}

/// What the expectations have to say; the run is only made when all of them can be read.
fn judge(scenario: &Scenario) -> (Vec<Diagnostic>, Option<Trace>) {
    let mut world = World::new(&scenario.blueprint);
    let mut faults = Vec::new();
    let mut filters = Vec::new();
    for expect in &scenario.expects {
        match Filter::parse(&expect.that, world.legend()) {
            Ok(filter) => filters.push((expect, filter)),
            Err(fault) => faults.push(fault_in_source(fault, &expect.span)),
        }
    }
    if !faults.is_empty() {
        return (faults, None);
    }
    let trace = simulate(&mut world, &Stop::Never);
    faults.extend(filters.iter().filter_map(|(expect, filter)| broken(expect, filter, &trace)));
    (faults, Some(trace))
}

/// What is wrong when an expectation is not met.
fn broken(expect: &Expect, filter: &Filter, trace: &Trace) -> Option<Diagnostic> {
    let until = expect.within.map(|within| Instant::ZERO + within);
    let verdict = filter.judge(trace, until);
    if verdict.holds {
        return None;
    }
    let by = match expect.within {
        Some(within) => format!("within {within}"),
        None => "by the end of the run".into(),
    };
    // Perhaps it was only late.
    let late = until.and_then(|_| filter.judge(trace, None).since);
    let help = match late {
        Some(since) => format!("it became true at {since}"),
        None => verdict.found,
    };
    Some(Diagnostic {
        severity: Severity::Error,
        span: expect.span.clone(),
        message: format!("expectation not met {by}"),
        help,
        ..Diagnostic::default()
    })
}

fn summary(scenario: &Scenario, trace: &Trace) -> String {
    let end = trace.records().last().map_or(Instant::ZERO, |record| record.at);
    let expects = scenario.expects.len();
    format!(
        "{expects} expectations, {} frames, {} records, {end}",
        trace.frame_count(),
        trace.records().len()
    )
}
