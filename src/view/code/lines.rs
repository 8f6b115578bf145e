//! Which lines of which programs ran when.

use super::{Program, Ran};
use crate::trace::{Fact, ProgramNote, Trace};
use std::collections::BTreeMap;

/// A line of a program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Spot {
    /// The place of the file among the program's.
    pub file: u16,
    /// The line, from 1.
    pub line: u32,
}

/// An index over a trace: it grows with it, and each record is looked at once.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    seen: usize,
    /// The records of all lines that ran.
    runs: Vec<u32>,
    programs: BTreeMap<Program, Past>,
}

/// What one program did, by the numbers of the records that say so.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Its lines that ran, in order.
    runs: Vec<u32>,
    /// The same, line by line.
    by_line: BTreeMap<Spot, Vec<u32>>,
    /// What it wrote to its console.
    printed: Vec<u32>,
    /// Its faults, and its new starts.
    turns: Vec<u32>,
}

impl Lines {
    /// Takes in the records that are new. One that has become shorter is another trace.
    pub fn extend(&mut self, trace: &Trace) {
        if trace.records().len() < self.seen {
            *self = Self::default();
        }
        for (number, record) in trace.records().iter().enumerate().skip(self.seen) {
            let Fact::Program { program, note } = record.fact else { continue };
            let number = number as u32;
            let program = (record.node, program);
            match note {
                ProgramNote::Runs { file, line, .. } => {
                    let past = self.programs.entry(program).or_default();
                    past.runs.push(number);
                    past.by_line.entry(Spot { file, line }).or_default().push(number);
                    self.runs.push(number);
                }
                ProgramNote::Prints { .. } => {
                    self.programs.entry(program).or_default().printed.push(number);
                }
                ProgramNote::Crashes(_) | ProgramNote::Restarts => {
                    self.programs.entry(program).or_default().turns.push(number);
                }
                _ => {}
            }
        }
        self.seen = trace.records().len();
    }

    /// What a program did.
    pub fn past(&self, program: Program) -> Option<&Past> {
        self.programs.get(&program)
    }

    /// The last line of any program that ran before record number `end`.
    pub fn last(&self, trace: &Trace, end: usize) -> Option<Ran> {
        let number = *until(&self.runs, end).last()?;
        Ran::of(&trace.records().get(number as usize)?)
    }
}

impl Past {
    /// The record of its last line that ran before record number `end`.
    pub fn last(&self, end: usize) -> Option<u32> {
        until(&self.runs, end).last().copied()
    }

    /// The lines that ran before record number `end`, and how often.
    pub fn counts(&self, file: u16, end: usize) -> impl Iterator<Item = (u32, usize)> + '_ {
        self.of_file(file)
            .map(move |(line, runs)| (line, until(runs, end).len()))
            .filter(|(_, count)| *count > 0)
    }

    /// Whether a line ran in what is known of the run, before or after.
    pub fn ever(&self, spot: Spot) -> bool {
        self.by_line.contains_key(&spot)
    }

    /// The record by which a line ran next from record number `from` on, or, backwards, last before.
    pub fn beside(&self, spot: Spot, from: usize, on: bool) -> Option<u32> {
        let runs = self.by_line.get(&spot)?;
        let before = until(runs, from);
        if on { runs.get(before.len()).copied() } else { before.last().copied() }
    }

    /// What it wrote to its console before record number `end`, the last first.
    pub fn printed(&self, end: usize) -> impl Iterator<Item = u32> + '_ {
        until(&self.printed, end).iter().rev().copied()
    }

    /// For each line that wrote to the console before record number `end`, the record that says
    /// what it wrote last.
    pub fn said<'a>(
        &'a self,
        trace: &'a Trace,
        file: u16,
        end: usize,
    ) -> impl Iterator<Item = (u32, u32)> + 'a {
        // A line may do more than that: a call in what it prints.
        const LOOK: usize = 8;
        let prints = move |run: u32| {
            let next = trace.records().get(run as usize + 1);
            let fact = next.filter(|_| (run as usize + 1) < end).map(|record| record.fact);
            matches!(fact, Some(Fact::Program { note: ProgramNote::Prints { .. }, .. }))
        };
        self.of_file(file).filter_map(move |(line, runs)| {
            let last = until(runs, end).iter().rev().take(LOOK).find(|run| prints(**run))?;
            Some((line, last + 1))
        })
    }

    /// The record of the fault that ended it, if before record number `end` it was not started anew.
    pub fn fault(&self, trace: &Trace, end: usize) -> Option<u32> {
        let last = *until(&self.turns, end).last()?;
        let fact = trace.records().get(last as usize)?.fact;
        matches!(fact, Fact::Program { note: ProgramNote::Crashes(_), .. }).then_some(last)
    }

    fn of_file(&self, file: u16) -> impl Iterator<Item = (u32, &Vec<u32>)> {
        let all = Spot { file, line: 0 }..=Spot { file, line: u32::MAX };
        self.by_line.range(all).map(|(spot, runs)| (spot.line, runs))
    }
}

/// Those of the records that come before record number `end`.
fn until(records: &[u32], end: usize) -> &[u32] {
    &records[..records.partition_point(|&record| (record as usize) < end)]
}
