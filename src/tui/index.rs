//! What the screen must find at once in a trace of a million records.
//!
//! It grows with the trace: each record is looked at once, when it has become known.

use super::panes::timeline::Mark;
use crate::base::{FrameId, NodeId};
use crate::stack::transport::tcp;
use crate::trace::{Fact, ProgramNote, Trace};
use crate::view::Ladder;
use crate::view::code::Lines;
use std::collections::BTreeMap;
use std::ops::Range;

/// No record.
const NONE: u32 = u32::MAX;

/// Where things stand in a trace.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// How many records have been looked at.
    seen: usize,
    /// The rows of the ladder, the ways of packets, the beginnings of connections.
    ladder: Ladder,
    /// Which lines of programs ran.
    lines: Lines,
    /// For each frame the number of the record of its first arrival or loss.
    ends: Vec<u32>,
    /// The frames that records are about, with the record: in the order of records.
    touched: Vec<(u32, FrameId)>,
    /// Steps in which a frame was sent, arrived or was lost.
    packets: Vec<u32>,
    /// Steps in which a frame was lost.
    losses: Vec<u32>,
    /// Steps in which a connection changed its state.
    states: Vec<u32>,
    /// The records of programs' calls: messages of layer 7.
    calls: Vec<u32>,
    /// For each device the records of its connections' changes of state.
    edges: BTreeMap<NodeId, Vec<u32>>,
}

impl Index {
    /// Looks at the records that are new. After a branch (fewer records than before) at all.
    pub(super) fn update(&mut self, trace: &Trace) {
        if trace.records().len() < self.seen {
            *self = Self::default();
        }
        self.ladder.extend(trace);
        self.lines.extend(trace);
        self.ends.resize(trace.frame_count() as usize, NONE);
        for (number, record) in trace.records().iter().enumerate().skip(self.seen) {
            let step = record.step as u32;
            let (frame, ends) = match record.fact {
                Fact::FrameSent { frame, .. } | Fact::FrameDuplicated { frame, .. } => {
                    (frame, false)
                }
                Fact::FrameArrived { frame, .. } => (frame, true),
                Fact::FrameLost { frame, .. } => {
                    push(&mut self.losses, step);
                    (frame, true)
                }
                Fact::Program { note: ProgramNote::Calls(_), .. } => {
                    self.calls.push(number as u32);
                    continue;
                }
                Fact::Tcp { note: tcp::Note::Entered { .. }, .. } => {
                    push(&mut self.states, step);
                    self.edges.entry(record.node).or_default().push(number as u32);
                    continue;
                }
                _ => continue,
            };
            push(&mut self.packets, step);
            self.touched.push((number as u32, frame));
            if let Some(end) = self.ends.get_mut(frame.index()).filter(|_| ends) {
                *end = (*end).min(number as u32);
            }
        }
        self.seen = trace.records().len();
    }

    /// Forgets everything: the trace is another one.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The record that says that a frame arrived or was lost.
    pub(super) fn end_of(&self, frame: FrameId) -> Option<usize> {
        self.ends.get(frame.index()).filter(|&&end| end != NONE).map(|&end| end as usize)
    }

    /// The records of the messages of layer 7.
    pub(super) fn calls(&self) -> &[u32] {
        &self.calls
    }

    /// Which lines of programs ran when.
    pub(super) const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The rows of the ladder.
    pub(super) const fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// The frame that the last frame record at or before `record` is about.
    pub(super) fn frame_before(&self, record: usize) -> Option<FrameId> {
        let after = self.touched.partition_point(|&(number, _)| number as usize <= record);
        after.checked_sub(1).map(|place| self.touched[place].1)
    }

    /// The records of a device's changes of state up to `record`, the last first.
    pub(super) fn edges_before(&self, node: NodeId, record: usize) -> impl Iterator<Item = usize> {
        let edges = self.edges.get(&node).map_or(&[][..], Vec::as_slice);
        let known = edges.partition_point(|&edge| edge as usize <= record);
        edges[..known].iter().rev().map(|&edge| edge as usize)
    }

    /// The first step after `step` in which a frame was sent, arrived or was lost.
    pub(super) fn packet_after(&self, step: u64) -> Option<u64> {
        let place = self.packets.partition_point(|&known| u64::from(known) <= step);
        self.packets.get(place).map(|&step| u64::from(step))
    }

    /// The last such step before `step`.
    pub(super) fn packet_before(&self, step: u64) -> Option<u64> {
        let place = self.packets.partition_point(|&known| u64::from(known) < step);
        place.checked_sub(1).map(|place| u64::from(self.packets[place]))
    }

    /// The next step after `step` (or, backwards, before it) with a loss or a change of state.
    pub(super) fn mark_beside(&self, step: u64, on: bool) -> Option<u64> {
        let lists = [&self.losses, &self.states];
        if on {
            let next = |list: &Vec<u32>| {
                list.get(list.partition_point(|&known| u64::from(known) <= step)).copied()
            };
            lists.into_iter().filter_map(next).min().map(u64::from)
        } else {
            let before = |list: &Vec<u32>| {
                let place = list.partition_point(|&known| u64::from(known) < step);
                place.checked_sub(1).map(|place| list[place])
            };
            lists.into_iter().filter_map(before).max().map(u64::from)
        }
    }

    /// The weightiest thing that these steps hold.
    pub(super) fn mark(&self, steps: &Range<u64>) -> Mark {
        let holds = |list: &[u32]| {
            let place = list.partition_point(|&known| u64::from(known) < steps.start);
            list.get(place).is_some_and(|&known| u64::from(known) < steps.end)
        };
        if holds(&self.losses) {
            Mark::Loss
        } else if holds(&self.states) {
            Mark::State
        } else if holds(&self.packets) {
            Mark::Packet
        } else {
            Mark::None
        }
    }
}

fn push(list: &mut Vec<u32>, step: u32) {
    if list.last() != Some(&step) {
        list.push(step);
    }
}
