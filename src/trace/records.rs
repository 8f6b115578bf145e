//! Reading the records.

use super::{Record, Step, Trace};
use crate::base::Instant;
use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

/// The records of a trace, or some that stand side by side: a view that costs nothing to copy.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    trace: &'a Trace,
    start: usize,
    end: usize,
}

impl<'a> Records<'a> {
    pub(super) const fn new(trace: &'a Trace, range: Range<usize>) -> Self {
        Self { trace, start: range.start, end: range.end }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record at this place, counted from the first one of the view.
    pub fn get(&self, place: usize) -> Option<Record> {
        let number = self.start + place;
        (place < self.len()).then(|| self.trace.record(number, self.trace.step_of(number)))
    }

    /// The last one.
    pub fn last(&self) -> Option<Record> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Those at these places; those that are not there are left out.
    #[must_use]
    pub fn slice(&self, places: Range<usize>) -> Self {
        let end = places.end.min(self.len());
        let start = places.start.min(end);
        Self::new(self.trace, self.start + start..self.start + end)
    }

    /// In order; each is found in constant time, from either end.
    pub fn iter(self) -> Iter<'a> {
        let step = |number| if self.is_empty() { 0 } else { self.trace.step_of(number) };
        Iter { records: self, first: step(self.start), last: step(self.end.saturating_sub(1)) }
    }
}

impl<'a> IntoIterator for Records<'a> {
    type Item = Record;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// Records in order.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    /// Those that are left.
    records: Records<'a>,
    /// The step of the first of them, or one before it.
    first: usize,
    /// The step of the last of them, or one after it.
    last: usize,
}

impl Iterator for Iter<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let Records { trace, start, end } = self.records;
        if start == end {
            return None;
        }
        self.first = trace.step_from(self.first, start);
        self.records.start += 1;
        Some(trace.record(start, self.first))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.records.len(), Some(self.records.len()))
    }

    fn nth(&mut self, n: usize) -> Option<Record> {
        // A leap, not a walk: whoever skips what it has seen skips almost all.
        self.records = self.records.slice(n..usize::MAX);
        if !self.records.is_empty() {
            self.first = self.first.max(self.records.trace.step_of(self.records.start));
        }
        self.next()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Record> {
        let Records { trace, start, end } = self.records;
        if start == end {
            return None;
        }
        self.records.end -= 1;
        self.last = trace.step_back_from(self.last, end - 1);
        Some(trace.record(end - 1, self.last))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl FusedIterator for Iter<'_> {}

impl Trace {
    /// Record number `number`, which is of the step at place `step`.
    fn record(&self, number: usize, step: usize) -> Record {
        let (node, layer, fact) = self.records[number].unpack(&self.tables);
        Record {
            step: self.first_step + step as u64,
            at: self.steps.get(step).map_or(Instant::ZERO, |step| step.at),
            node,
            layer,
            fact,
        }
    }

    /// The place of the step that record number `number` is of: the last one that begins there or
    /// before.
    fn step_of(&self, number: usize) -> usize {
        self.steps.partition_point(|step| self.first_of(step) <= number).saturating_sub(1)
    }

    /// The same, from a step that begins there or before.
    fn step_from(&self, mut step: usize, number: usize) -> usize {
        while self.steps.get(step + 1).is_some_and(|next| self.first_of(next) <= number) {
            step += 1;
        }
        step
    }

    /// The same, from the step or one after it.
    fn step_back_from(&self, mut step: usize, number: usize) -> usize {
        while step > 0 && self.steps.get(step).is_none_or(|step| self.first_of(step) > number) {
            step -= 1;
        }
        step
    }

    /// The place of a step's first record.
    const fn first_of(&self, step: &Step) -> usize {
        (step.begin.records - self.base.records) as usize
    }
}
