//! The program at hand and its lines.

use crate::trace::{Fact, Level, ProgramNote, Trace};
use crate::tui::app::View;
use crate::tui::panes::code::{CONSOLE_MAX, Code, Note};
use crate::tui::walk::Walk;
use crate::view::code::{Past, Program, Ran, Spot};
use crate::view::{cause, console};
use std::collections::BTreeMap;
use std::ops::Range;

/// What is seen of the program at hand.
pub(super) fn code(walk: &Walk, view: &View) -> Code {
    let Some((program, file)) = at_hand(walk, view) else { return Code::default() };
    let trace = walk.trace();
    let sources = walk.sources();
    let end = walk.at_hand(view.grain).end;
    let fresh = trace.records_of_step(walk.step()).start;
    let all = files(walk);
    let number = all.iter().position(|known| *known == (program, file)).unwrap_or(0);
    let mut code = Code {
        listing: sources.listing(program, file),
        who: trace.legend().name(program.0).to_owned(),
        place: (number + 1, all.len()),
        cursor: view.code.line,
        ..Code::default()
    };
    if let Some(past) = walk.index().lines().past(program) {
        let last = past.last(end).and_then(|last| ran(trace, last));
        code.running = last
            .filter(|(ran, _)| ran.spot.file == file)
            .map(|(ran, record)| (ran.spot.line, record >= fresh));
        code.notes = notes(trace, past, file, fresh..end);
        code.woken = woken(walk, program, fresh..end);
        code.console = last_printed(trace, past, end);
    }
    for line in view.code.stops.of_file(sources, program, file) {
        let past = walk.index().lines().past(program);
        let ever = past.is_some_and(|past| past.ever(Spot { file, line }));
        code.notes.entry(line).or_default().marked = Some(ever);
    }
    code
}

/// Every file of every program, in order.
pub(in crate::tui) fn files(walk: &Walk) -> Vec<(Program, u16)> {
    let programs = walk.sources().programs();
    programs
        .flat_map(|(program, script)| (0..script.files.len() as u16).map(move |f| (program, f)))
        .collect()
}

/// The program and the file to be shown: those that were chosen; else of the program that acts at the
/// cursor, of the device that was chosen, of the program that acted last, or the first.
pub(in crate::tui) fn at_hand(walk: &Walk, view: &View) -> Option<(Program, u16)> {
    if view.code.file.is_some() {
        return view.code.file;
    }
    let trace = walk.trace();
    let lines = walk.index().lines();
    let hand = walk.at_hand(view.grain);
    let step = trace.records_of_step(walk.step());
    let known = |program: &Program| !walk.sources().files(*program).is_empty();
    let acts = trace.records().slice(step.start..hand.end).iter().rev().find_map(|record| {
        let (Fact::Program { program, .. } | Fact::Web { program, .. }) = record.fact else {
            return None;
        };
        Some((record.node, program)).filter(known)
    });
    let of_device = || {
        let node = view.node?;
        let mut own = walk.sources().programs().filter(|(program, _)| program.0 == node);
        own.next().map(|(program, _)| program)
    };
    let last = || lines.last(trace, hand.end).map(|ran| ran.program).filter(known);
    let first = || walk.sources().programs().next().map(|(program, _)| program);
    let program = acts.or_else(of_device).or_else(last).or_else(first)?;
    let past = lines.past(program);
    let ran = past.and_then(|past| ran(trace, past.last(hand.end)?));
    Some((program, ran.map_or(0, |(ran, _)| ran.spot.file)))
}

fn ran(trace: &Trace, record: u32) -> Option<(Ran, usize)> {
    let record = record as usize;
    Some((Ran::of(&trace.records().get(record)?)?, record))
}

fn notes(trace: &Trace, past: &Past, file: u16, step: Range<usize>) -> BTreeMap<u32, Note> {
    let mut notes: BTreeMap<u32, Note> = BTreeMap::new();
    for (line, runs) in past.counts(file, step.end) {
        let last = past.beside(Spot { file, line }, step.end, false);
        let fresh = last.is_some_and(|last| last as usize >= step.start);
        notes.insert(line, Note { runs, fresh, ..Note::default() });
    }
    for (line, record) in past.said(trace, file, step.end) {
        let said = first_line(&printed(trace, record).1);
        notes.entry(line).or_default().said = Some(said);
    }
    let fault = past.fault(trace, step.end);
    if let Some(record) = fault
        && let Some(ran) = Ran::before(trace, record as usize).filter(|ran| ran.spot.file == file)
    {
        let words = first_line(&printed(trace, record).1);
        notes.entry(ran.spot.line).or_default().fault = Some(format!("✗ {words}"));
    }
    notes
}

/// What woke the program in the step at hand, if one of its handlers runs.
fn woken(walk: &Walk, program: Program, step: Range<usize>) -> Option<String> {
    let said = walk.trace().records().slice(step.clone());
    let place = said.iter().position(|record| {
        let handles = |number, note| {
            (record.node, number) == program && matches!(note, ProgramNote::Handles(_))
        };
        matches!(record.fact, Fact::Program { program, note } if handles(program, note))
    })?;
    cause::of_handler(walk.trace(), walk.index().ladder(), step.start + place)
}

fn last_printed(trace: &Trace, past: &Past, end: usize) -> Vec<(Level, String)> {
    let mut lines = Vec::new();
    for record in past.printed(end).take(CONSOLE_MAX) {
        let (level, text) = printed(trace, record);
        lines.extend(text.lines().rev().map(|line| (level, line.to_owned())));
    }
    lines.truncate(CONSOLE_MAX);
    lines.reverse();
    lines
}

/// What a record says of the console or of a fault.
fn printed(trace: &Trace, record: u32) -> (Level, String) {
    let record = trace.records().get(record as usize);
    let found = record.and_then(|record| console::printed(trace, &record));
    found.map_or((Level::Log, String::new()), |printed| (printed.level, printed.text.into_owned()))
}

fn first_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    if lines.next().is_some() { first + " …" } else { first }
}
