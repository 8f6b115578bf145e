//! What happened: the contract between the simulator and everything that shows or judges a run.
//!
//! A [`Trace`] is append-only. Only `sim` and the nodes it steps write into it; everybody else
//! reads. It holds the records in the order in which they happened, the octets of every frame once,
//! and the names of things.

pub mod filter;
mod fingerprint;
mod headers;
mod legend;
mod record;

pub use filter::Filter;
pub use headers::{Headers, Part, Protocol};
pub use legend::{InterfaceLegend, Legend, LinkLegend, NodeKind, NodeLegend};
pub use record::{Excerpt, Fact, FrameLoss, Limit, ProgramNote, Record};

use crate::base::{FrameId, Instant, InterfaceId, LinkId, NodeId, Octets};
use crate::stack::Layer;
use std::ops::Range;
use std::sync::Arc;

/// Everything that happened in a run so far.
#[derive(Clone, Debug)]
pub struct Trace {
    legend: Arc<Legend>,
    enabled: bool,
    records: Vec<Record>,
    /// Where each step begins, the step's number being its place here.
    steps: Vec<Place>,
    frames: Vec<FrameEntry>,
    octets: Vec<u8>,
    /// What comes before the first of each: not zero only in the scratch trace of a replay.
    base: Place,
    first_step: u64,
    /// What every new record is stamped with.
    step: u64,
    now: Instant,
}

/// How much there was of everything at some moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Place {
    records: u32,
    frames: u32,
    octets: u64,
}

/// Where a frame went, and where its octets are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct FrameEntry {
    start: u64,
    len: u32,
    info: FrameInfo,
}

/// What is known of a frame besides its octets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameInfo {
    /// The link that it was sent on.
    pub link: LinkId,
    /// The sending node.
    pub from: NodeId,
    /// The interface it left by.
    pub interface: InterfaceId,
    /// The frame whose arrival at `from` it forwards (or copies); `None` for a new one.
    pub parent: Option<FrameId>,
    /// The number of the record that says that it was sent (or dropped before that).
    pub record: u32,
}

impl Trace {
    /// An empty trace. One that is not `enabled` takes nothing: what is said to it is forgotten.
    pub fn new(legend: Arc<Legend>, enabled: bool) -> Self {
        Self {
            legend,
            enabled,
            records: Vec::new(),
            steps: Vec::new(),
            frames: Vec::new(),
            octets: Vec::new(),
            base: Place::default(),
            first_step: 0,
            step: 0,
            now: Instant::ZERO,
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
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The numbers of the records of step `step`; empty for a step that is not known.
    pub fn records_of_step(&self, step: u64) -> Range<usize> {
        let at = |step: u64| {
            let place = usize::try_from(step).unwrap_or(usize::MAX);
            self.steps.get(place).map_or(self.records.len(), |place| place.records as usize)
        };
        at(step)..at(step + 1)
    }

    /// How many steps are known. Step 0 is the beginning: what was so before anything moved.
    pub fn step_count(&self) -> u64 {
        self.steps.len() as u64
    }

    /// When step `step` happened: the time of its first record.
    pub fn time_of_step(&self, step: u64) -> Instant {
        let records = self.records_of_step(step);
        self.records
            .get(records.start)
            .or_else(|| self.records.last())
            .map_or(Instant::ZERO, |r| r.at)
    }

    /// How many frames were sent or dropped so far; [`FrameId`]s count from zero.
    pub fn frame_count(&self) -> u32 {
        self.frames.len() as u32
    }

    /// The octets of a frame as it was sent, from the Ethernet header to the padding, without the
    /// frame check sequence. Empty for a frame that is not known.
    pub fn frame(&self, frame: FrameId) -> &[u8] {
        self.entry(frame).map_or(&[], |entry| {
            let start = usize::try_from(entry.start).unwrap_or(usize::MAX);
            self.octets.get(start..start + entry.len as usize).unwrap_or(&[])
        })
    }

    /// Where a frame went.
    pub fn frame_info(&self, frame: FrameId) -> Option<FrameInfo> {
        self.entry(frame).map(|entry| entry.info)
    }

    /// The first octets of what a program sent or got.
    pub fn excerpt(&self, excerpt: Excerpt) -> &[u8] {
        let start = usize::try_from(excerpt.start).unwrap_or(usize::MAX);
        self.octets.get(start..start.saturating_add(usize::from(excerpt.len))).unwrap_or(&[])
    }

    /// Appends a record.
    pub fn say(&mut self, node: NodeId, layer: Layer, fact: Fact) {
        if self.enabled {
            self.records.push(Record { step: self.step, at: self.now, node, layer, fact });
        }
    }

    /// Keeps the first octets of something a program sent or got.
    pub fn keep(&mut self, octets: &[u8]) -> Excerpt {
        if !self.enabled {
            return Excerpt::default();
        }
        let kept = &octets[..octets.len().min(Excerpt::MAX)];
        let start = self.next().octets;
        self.octets.extend_from_slice(kept);
        Excerpt { start, len: kept.len() as u16 }
    }

    /// Keeps a frame's octets under its number, which must be the next one. The record that says
    /// what became of it must follow at once.
    pub(crate) fn keep_frame(
        &mut self,
        frame: FrameId,
        octets: &Octets,
        link: LinkId,
        from: (NodeId, InterfaceId),
        parent: Option<FrameId>,
    ) {
        if !self.enabled {
            return;
        }
        let Place { records: record, frames, octets: start } = self.next();
        debug_assert_eq!(frame.0, frames, "frames in order");
        self.octets.extend_from_slice(&octets.head);
        self.octets.extend_from_slice(&octets.tail);
        let info = FrameInfo { link, from: from.0, interface: from.1, parent, record };
        self.frames.push(FrameEntry { start, len: octets.len() as u32, info });
    }

    /// What follows belongs to this step and happens at this moment.
    pub(crate) fn begin_step(&mut self, step: u64, now: Instant) {
        (self.step, self.now) = (step, now);
        if self.enabled {
            debug_assert_eq!(step, self.first_step + self.steps.len() as u64, "steps in order");
            self.steps.push(self.next());
        }
    }

    /// The number that the next record will have.
    pub(crate) const fn next_record(&self) -> u32 {
        self.next().records
    }

    /// How many octets are kept.
    pub(crate) const fn octet_count(&self) -> u64 {
        self.next().octets
    }

    /// Forgets step `step` and everything after it.
    pub(crate) fn truncate_from(&mut self, step: u64) {
        let Some(&place) = usize::try_from(step).ok().and_then(|step| self.steps.get(step)) else {
            return;
        };
        self.steps.truncate(step as usize);
        self.records.truncate(place.records as usize);
        self.frames.truncate(place.frames as usize);
        self.octets.truncate(place.octets as usize);
    }

    /// Empties `scratch`, so that it takes step `step + 1` once more, numbered as in this one.
    pub(crate) fn replay_after(&self, step: u64, scratch: &mut Self) {
        scratch.records.clear();
        scratch.steps.clear();
        scratch.frames.clear();
        scratch.octets.clear();
        scratch.first_step = step + 1;
        scratch.base = usize::try_from(step + 1)
            .ok()
            .and_then(|s| self.steps.get(s))
            .map_or_else(|| self.next(), |p| *p);
    }

    /// Whether the one step of `scratch` is, octet for octet, what this trace has for it.
    pub(crate) fn agrees_with(&self, scratch: &Self) -> bool {
        let base = scratch.base;
        let after = usize::try_from(scratch.first_step + 1).ok().and_then(|s| self.steps.get(s));
        let end = after.copied().unwrap_or_else(|| self.next());
        self.records.get(base.records as usize..end.records as usize) == Some(&scratch.records[..])
            && self.frames.get(base.frames as usize..end.frames as usize)
                == Some(&scratch.frames[..])
            && self.octets.get(base.octets as usize..end.octets as usize)
                == Some(&scratch.octets[..])
    }

    /// Where the next of each goes.
    const fn next(&self) -> Place {
        Place {
            records: self.base.records + self.records.len() as u32,
            frames: self.base.frames + self.frames.len() as u32,
            octets: self.base.octets + self.octets.len() as u64,
        }
    }

    fn entry(&self, frame: FrameId) -> Option<&FrameEntry> {
        self.frames.get(frame.index())
    }
}
