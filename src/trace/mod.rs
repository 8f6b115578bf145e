//! What happened: the contract between the simulator and everything that shows or judges a run.
//!
//! A [`Trace`] is append-only. Only `sim` and the nodes it steps write into it; everybody else
//! reads. It holds the records in the order in which they happened, the octets of every frame once,
//! and the names of things.

pub mod filter;
mod fingerprint;
mod frames;
mod headers;
mod legend;
mod packed;
mod record;
mod records;
#[cfg(test)]
mod tests;

pub use filter::Filter;
pub use frames::FrameInfo;
pub use headers::{Headers, Part, Protocol};
pub use legend::{InterfaceLegend, Legend, LinkLegend, NodeKind, NodeLegend};
pub use record::{Excerpt, Fact, FrameLoss, Level, Limit, ProgramNote, Record, WebNote};
pub use records::{Iter, Records};

use crate::base::{Instant, NodeId};
use crate::stack::Layer;
use frames::{FrameEntry, Tail};
use packed::{Packed, Tables};
use std::ops::Range;
use std::sync::Arc;

/// Everything that happened in a run so far.
#[derive(Clone, Debug)]
pub struct Trace {
    legend: Arc<Legend>,
    enabled: bool,
    /// Where each step begins, the step's number being its place here.
    steps: Vec<Step>,
    records: Vec<Packed>,
    tables: Tables,
    frames: Vec<FrameEntry>,
    /// Payloads that frames share.
    tails: Vec<Tail>,
    /// The frames' own octets, and excerpts.
    octets: Vec<u8>,
    /// What comes before the first of each: not zero only in the scratch trace of a replay.
    base: Place,
    /// Octets of the payloads before the first one.
    shared_before: u64,
    first_step: u64,
}

/// How much there was of everything at some moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Place {
    records: u32,
    frames: u32,
    tails: u32,
    octets: u64,
}

/// When a step happened, and where it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Step {
    at: Instant,
    begin: Place,
}

const _: () = assert!(size_of::<Step>() == 32);

impl Trace {
    /// An empty trace. One that is not `enabled` takes nothing: what is said to it is forgotten.
    pub fn new(legend: Arc<Legend>, enabled: bool) -> Self {
        Self {
            legend,
            enabled,
            steps: Vec::new(),
            records: Vec::new(),
            tables: Tables::default(),
            frames: Vec::new(),
            tails: Vec::new(),
            shared_before: 0,
            octets: Vec::new(),
            base: Place::default(),
            first_step: 0,
        }
    }

    /// The names of things.
    pub const fn legend(&self) -> &Arc<Legend> {
        &self.legend
    }

    /// Whether records are kept. Notes that cost something to make are made only then.
    pub const fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// All records, in the order in which they happened. A record's number is its place.
    pub const fn records(&self) -> Records<'_> {
        Records::new(self, 0..self.records.len())
    }

    /// The numbers of the records of step `step`; empty for a step that is not known.
    pub fn records_of_step(&self, step: u64) -> Range<usize> {
        let at = |step| self.step(step).map_or(self.records.len(), |s| s.begin.records as usize);
        at(step)..at(step + 1)
    }

    /// How many steps are known. Step 0 is the beginning: what was so before anything moved.
    pub const fn step_count(&self) -> u64 {
        self.steps.len() as u64
    }

    /// When step `step` happened; for a step that is not known, when the last one did.
    pub fn time_of_step(&self, step: u64) -> Instant {
        self.step(step).or_else(|| self.steps.last()).map_or(Instant::ZERO, |step| step.at)
    }

    /// Appends a record.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "so that a fact nobody keeps is not even made")]
    pub fn say(&mut self, node: NodeId, layer: Layer, fact: Fact) {
        if self.enabled {
            self.records.push(Packed::new(node, layer, fact, &mut self.tables));
        }
    }

    /// What follows belongs to this step and happens at this moment.
    pub(crate) fn begin_step(&mut self, step: u64, now: Instant) {
        if self.enabled {
            debug_assert_eq!(step, self.first_step + self.steps.len() as u64, "steps in order");
            self.steps.push(Step { at: now, begin: self.next() });
        }
    }

    /// The number that the next record will have.
    pub(crate) const fn next_record(&self) -> u32 {
        self.next().records
    }

    /// How many octets were kept, each time that they were: a payload that several frames share
    /// counts with each.
    pub(crate) fn octet_count(&self) -> u64 {
        self.next().octets + self.shared_until(self.tails.len())
    }

    /// Octets of the payloads before the one at this place.
    fn shared_until(&self, tail: usize) -> u64 {
        let last = tail.checked_sub(1).and_then(|last| self.tails.get(last));
        last.map_or(self.shared_before, Tail::end)
    }

    /// Forgets step `step` and everything after it.
    pub(crate) fn truncate_from(&mut self, step: u64) {
        let Some(&Step { begin, .. }) = self.step(step) else { return };
        self.steps.truncate(step as usize);
        self.records.truncate(begin.records as usize);
        self.frames.truncate(begin.frames as usize);
        self.tails.truncate(begin.tails as usize);
        self.octets.truncate(begin.octets as usize);
    }

    /// Empties `scratch`, so that it takes step `step + 1` once more, numbered as in this one.
    pub(crate) fn replay_after(&self, step: u64, scratch: &mut Self) {
        scratch.steps.clear();
        scratch.records.clear();
        scratch.frames.clear();
        scratch.tails.clear();
        scratch.octets.clear();
        scratch.first_step = step + 1;
        scratch.base = self.begin_of(step + 1);
        scratch.shared_before = self.shared_until(scratch.base.tails as usize);
    }

    /// Whether the one step of `scratch` is, octet for octet, what this trace has for it.
    pub(crate) fn agrees_with(&self, scratch: &Self) -> bool {
        let (from, to) = (scratch.base, self.begin_of(scratch.first_step + 1));
        let records = self.records.get(from.records as usize..to.records as usize);
        let at = |step: &Step| step.at;
        self.step(scratch.first_step).map(at) == scratch.steps.first().map(at)
            && records.is_some_and(|records| {
                records.len() == scratch.records.len()
                    && records.iter().zip(&scratch.records).all(|(record, again)| {
                        record.says_the_same(&self.tables, again, &scratch.tables)
                    })
            })
            && self.frames.get(from.frames as usize..to.frames as usize)
                == Some(&scratch.frames[..])
            && self.tails.get(from.tails as usize..to.tails as usize) == Some(&scratch.tails[..])
            && self.octets.get(from.octets as usize..to.octets as usize)
                == Some(&scratch.octets[..])
    }

    fn step(&self, step: u64) -> Option<&Step> {
        self.steps.get(usize::try_from(step).ok()?)
    }

    /// Where step `step` begins, or will begin.
    fn begin_of(&self, step: u64) -> Place {
        self.step(step).map_or_else(|| self.next(), |step| step.begin)
    }

    /// Where the next of each goes.
    const fn next(&self) -> Place {
        Place {
            records: self.base.records + self.records.len() as u32,
            frames: self.base.frames + self.frames.len() as u32,
            tails: self.base.tails + self.tails.len() as u32,
            octets: self.base.octets + self.octets.len() as u64,
        }
    }
}
