//! Marked lines: where a person wants to see a run again.

use super::index::Index;
use crate::view::code::{Program, Sources, Spot};
use std::collections::BTreeSet;

/// A line of a program's file. It stands for the same line of the same file of every program.
pub(super) type Stop = (Program, Spot);

/// The lines that are marked.
#[derive(Clone, Debug, Default)]
pub(super) struct Stops {
    /// Each by the first program that has the file.
    marked: BTreeSet<Stop>,
}

impl Stops {
    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = Stop> {
        self.marked.iter().copied()
    }

    /// Marks a line, or unmarks it; whether it is marked now.
    pub(super) fn toggle(&mut self, sources: &Sources, stop: Stop) -> bool {
        let stop = first(sources, stop);
        let was = self.marked.remove(&stop);
        if !was {
            self.marked.insert(stop);
        }
        !was
    }

    /// The marked lines of a file.
    pub(super) fn of_file(&self, sources: &Sources, program: Program, file: u16) -> BTreeSet<u32> {
        let own = first(sources, (program, Spot { file, line: 0 }));
        let end = (own.0, Spot { line: u32::MAX, ..own.1 });
        self.marked.range(own..=end).map(|(_, spot)| spot.line).collect()
    }
}

/// Of the records from `from` on the first, or, backwards, of those before it the last, by which one
/// of these lines runs in any program that has the file.
pub(super) fn beside(
    stops: impl IntoIterator<Item = Stop>,
    sources: &Sources,
    index: &Index,
    from: usize,
    on: bool,
) -> Option<u32> {
    let found = stops.into_iter().flat_map(|stop| {
        same(sources, stop)
            .filter_map(move |(program, spot)| index.lines().past(program)?.beside(spot, from, on))
    });
    if on { found.min() } else { found.max() }
}

/// The line in each program that has the same file.
fn same(sources: &Sources, (program, spot): Stop) -> impl Iterator<Item = Stop> {
    let own = sources.files(program).get(usize::from(spot.file));
    sources.programs().flat_map(move |(program, script)| {
        let files = script.files.iter().enumerate();
        let same = files.filter(move |(_, file)| Some(*file) == own);
        same.map(move |(file, _)| (program, Spot { file: file as u16, ..spot }))
    })
}

fn first(sources: &Sources, stop: Stop) -> Stop {
    same(sources, stop).next().unwrap_or(stop)
}
