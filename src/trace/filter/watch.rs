//! A filter held against a run as it goes on.

use super::eval::{frame_of, quantities, root};
use super::{Filter, Goal};
use crate::base::{FrameId, Instant};
use crate::trace::{Record, Trace};
use std::collections::BTreeSet;

/// What was counted for one slot so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Packets and other records that fitted; a packet once.
    pub(super) count: u64,
    /// The first record that fitted, and its time.
    pub(super) first: Option<(usize, Instant)>,
    /// The last one.
    pub(super) last: Option<(usize, Instant)>,
    /// Packets that were counted, by the frame by which each began.
    seen: BTreeSet<FrameId>,
}

/// A filter and what it has counted. Records are shown to it one after another.
#[derive(Clone, Debug)]
pub struct Watch<'a> {
    filter: &'a Filter,
    tallies: Vec<Tally>,
}

/// How an expectation came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Whether it was true in the end.
    pub holds: bool,
    /// Since when, if it was.
    pub since: Option<Instant>,
    /// What was found instead, in words: ``"`udp lost` was seen 2 times"``.
    pub found: String,
}

impl<'a> Watch<'a> {
    /// Has seen nothing yet.
    pub fn new(filter: &'a Filter) -> Self {
        Self { filter, tallies: vec![Tally::default(); filter.slots.len()] }
    }

    /// Takes the next record into account.
    pub fn see(&mut self, trace: &Trace, record: usize) {
        if let Some(said) = trace.records().get(record) {
            self.take(trace, record, said);
        }
    }

    /// The same for whoever has the record at hand.
    pub(super) fn take(&mut self, trace: &Trace, record: usize, said: Record) {
        for (slot, tally) in self.filter.slots.iter().zip(&mut self.tallies) {
            if !slot.clause.fits(trace, record, said, &[]) {
                continue;
            }
            tally.first = tally.first.or(Some((record, said.at)));
            tally.last = Some((record, said.at));
            let packet = frame_of(&said.fact).map(|frame| root(trace, frame));
            let is_new = packet.is_none_or(|packet| tally.seen.insert(packet));
            tally.count += u64::from(is_new);
        }
    }

    /// Whether the filter, read as something to be true of a whole run, is true of what was seen:
    /// a record fitted; with `not` in front none did; counts and times compare as asked.
    pub fn is_met(&self) -> bool {
        self.meets(&self.filter.goal)
    }

    pub(super) fn slots(&self) -> &[Tally] {
        &self.tallies
    }

    fn meets(&self, goal: &Goal) -> bool {
        match goal {
            Goal::And(goals) => goals.iter().all(|goal| self.meets(goal)),
            Goal::Or(goals) => goals.iter().any(|goal| self.meets(goal)),
            Goal::Not(goal) => !self.meets(goal),
            Goal::Seen(slot) => self.tallies.get(*slot).is_some_and(|tally| tally.count > 0),
            Goal::Compare(left, compare, right) => {
                quantities(&self.tallies, *left, *compare, *right)
            }
        }
    }

    /// What was counted, in words.
    fn found(&self) -> String {
        let slots = self.filter.slots.iter().zip(&self.tallies);
        let told: Vec<String> = slots
            .map(|(slot, tally)| {
                let times = match tally.count {
                    0 => "was not seen".to_owned(),
                    1 => "was seen once".to_owned(),
                    n => format!("was seen {n} times"),
                };
                let first = tally.first.map_or_else(String::new, |f| format!(", first at {}", f.1));
                format!("`{}` {times}{first}", slot.text)
            })
            .collect();
        told.join("; ")
    }
}

impl Filter {
    /// Judges a run by this filter: whether it is true at the moment `until`, and since when.
    /// Without `until` the whole trace counts.
    pub fn judge(&self, trace: &Trace, until: Option<Instant>) -> Verdict {
        let mut watch = Watch::new(self);
        let mut since = watch.is_met().then_some(Instant::ZERO);
        for (at, record) in trace.records().iter().enumerate() {
            if until.is_some_and(|until| record.at > until) {
                break;
            }
            watch.take(trace, at, record);
            since = if watch.is_met() { since.or(Some(record.at)) } else { None };
        }
        Verdict { holds: since.is_some(), since, found: watch.found() }
    }
}
