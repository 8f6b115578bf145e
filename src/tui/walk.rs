//! Where a person stands in a run: a step, a beat within it, and the ways from there.

use super::action::{Grain, Way};
use super::beats::{self, Beat, Kind};
use super::index::Index;
use crate::base::{FrameId, Instant, LinkId, NodeId};
use crate::plan::Blueprint;
use crate::plan::Command;
use crate::sim::Timeline;
use crate::trace::{Fact, Trace};
use crate::view::code::Sources;
use std::ops::Range;

/// How many steps after the cursor are made known while nothing else is to be done.
const AHEAD: u64 = 20_000;

/// A run and the cursor in it.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    timeline: Timeline,
    index: Index,
    /// The programs' texts.
    sources: Sources,
    /// The beats of the step at hand.
    beats: Vec<Beat>,
    /// The beat at hand; in the coarser grains the last.
    beat: usize,
    /// How far each look ahead goes.
    slice: u64,
}

impl Walk {
    /// At the beginning of the run.
    pub(super) fn new(blueprint: &Blueprint) -> Self {
        let timeline = Timeline::new(blueprint);
        let nodes = (0..timeline.trace().legend().nodes.len() as u32).map(NodeId);
        let sources = Sources::of(nodes.map(|node| (node, timeline.world().inspect(node))));
        let mut walk = Self {
            timeline,
            sources,
            index: Index::default(),
            beats: Vec::new(),
            beat: 0,
            slice: 64,
        };
        // So much is known at once that a short run is on the timeline from the first picture on.
        walk.explore(256);
        walk.arrive(true);
        walk
    }

    /// The run.
    pub(super) const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// All that is known of it.
    pub(super) const fn trace(&self) -> &Trace {
        self.timeline.trace()
    }

    /// Where things stand in the trace.
    pub(super) const fn index(&self) -> &Index {
        &self.index
    }

    /// The programs' texts.
    pub(super) const fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The step at hand.
    pub(super) const fn step(&self) -> u64 {
        self.timeline.step()
    }

    /// The beats of the step at hand.
    pub(super) fn beats(&self) -> &[Beat] {
        &self.beats
    }

    /// The place of the beat at hand.
    pub(super) const fn beat(&self) -> usize {
        self.beat
    }

    /// The time at the cursor.
    pub(super) fn now(&self) -> Instant {
        self.trace().time_of_step(self.step())
    }

    /// Whether there is nothing after the cursor.
    pub(super) const fn is_at_end(&self) -> bool {
        self.timeline.is_complete() && self.timeline.step() == self.timeline.known()
    }

    /// Whether the whole run is known, or so much of it that looking further ahead can wait.
    pub(super) const fn is_explored(&self) -> bool {
        self.timeline.is_complete() || self.timeline.known() > self.timeline.step() + AHEAD
    }

    /// Makes more of the run known.
    pub(super) fn explore(&mut self, steps: u64) {
        self.timeline.explore(steps);
        self.index.update(self.timeline.trace());
    }

    /// Looks ahead a little; `took_long` says whether the last look cost more than it should, and
    /// the next one is shorter then, else longer.
    pub(super) fn look_ahead(&mut self, took_long: bool) {
        self.slice = if took_long { (self.slice / 2).max(8) } else { (self.slice * 2).min(4_096) };
        self.explore(self.slice);
    }

    /// One step at this grain; `false` where there is none.
    pub(super) fn go(&mut self, grain: Grain, way: Way) -> bool {
        match (grain, way) {
            (Grain::Layer, Way::On) if self.beat + 1 < self.beats.len() => {
                self.beat += 1;
                true
            }
            (Grain::Layer, Way::Back) if self.beat > 0 => {
                self.beat -= 1;
                true
            }
            (Grain::Layer, Way::On) => {
                let moved = self.timeline.forward();
                self.arrive(!moved);
                moved
            }
            (Grain::Layer | Grain::Event, Way::Back) => {
                let moved = self.timeline.back();
                self.arrive(true);
                moved
            }
            (Grain::Event, Way::On) => {
                let moved = self.timeline.forward();
                self.arrive(true);
                moved
            }
            (Grain::Packet, way) => self.go_packet(way),
        }
    }

    fn go_packet(&mut self, way: Way) -> bool {
        let here = self.step();
        let target = match way {
            Way::Back => self.index.packet_before(here).or_else(|| (here > 0).then_some(0)),
            Way::On => loop {
                if let Some(step) = self.index.packet_after(here) {
                    break Some(step);
                }
                if self.timeline.is_complete() {
                    break (self.timeline.known() > here).then(|| self.timeline.known());
                }
                self.explore(256);
            },
        };
        target.is_some_and(|step| self.seek(step))
    }

    /// To a step; `false` if the cursor is there already.
    pub(super) fn seek(&mut self, step: u64) -> bool {
        let before = self.step();
        self.timeline.seek(step.min(self.timeline.known()));
        self.arrive(true);
        before != self.step()
    }

    /// The records at hand: those that lead to the beat or, in the coarser grains, of the step. All
    /// before their end has happened.
    pub(super) fn at_hand(&self, grain: Grain) -> Range<usize> {
        let step = self.trace().records_of_step(self.step());
        if grain != Grain::Layer {
            return step;
        }
        let passed = self.beats.iter().take(self.beat + 1).rev();
        let mut said = passed.filter(|beat| beat.kind == Kind::Said).map(|beat| beat.record + 1);
        let end = said.next().unwrap_or(step.start);
        said.next().unwrap_or(step.start)..end
    }

    /// Within the step at hand to the beat of that record.
    pub(super) fn stand_on(&mut self, record: usize) {
        let is_it = |beat: &Beat| beat.kind == Kind::Said && beat.record == record;
        self.beat = self.beats.iter().position(is_it).unwrap_or(self.beat);
    }

    /// To the beginning.
    pub(super) fn start(&mut self) -> bool {
        self.seek(0)
    }

    /// To the end of what is known.
    pub(super) fn end(&mut self) -> bool {
        self.seek(self.timeline.known())
    }

    /// To the next or the last loss or change of state.
    pub(super) fn go_mark(&mut self, way: Way) -> bool {
        let target = self.index.mark_beside(self.step(), way == Way::On);
        target.is_some_and(|step| self.seek(step))
    }

    /// The cursor has come to a step: at its last beat, or at its first.
    fn arrive(&mut self, last: bool) {
        if self.timeline.known() == self.timeline.step() && !self.timeline.is_complete() {
            // The next step is to be named before it happens.
            self.timeline.explore(1);
        }
        self.index.update(self.timeline.trace());
        self.beats = beats::of_step(self.timeline.trace(), self.timeline.step());
        self.beat = if last { self.beats.len().saturating_sub(1) } else { 0 };
    }

    /// Stands on the whole step again, for the grains that do not look into it.
    pub(super) fn finish_beats(&mut self) {
        self.beat = self.beats.len().saturating_sub(1);
    }

    /// The frame at hand: the one that the beat (or, for the whole step, its cause) is about; else
    /// the last one before.
    pub(super) fn frame(&self, grain: Grain) -> Option<FrameId> {
        let of_beat = |beat: &Beat| match beat.kind {
            Kind::PutOn(frame) | Kind::TakenOff(frame) => Some(frame),
            Kind::Said => match self.trace().records().get(beat.record)?.fact {
                Fact::FrameSent { frame, .. }
                | Fact::FrameArrived { frame, .. }
                | Fact::FrameLost { frame, .. }
                | Fact::Malformed { frame, .. } => Some(frame),
                _ => None,
            },
        };
        let found = if grain == Grain::Layer {
            // What is said between belongs to the frame before it, else to the one it leads to.
            let (before, after) = self.beats.split_at(self.beats.len().min(self.beat + 1));
            before.iter().rev().find_map(of_beat).or_else(|| after.iter().find_map(of_beat))
        } else {
            self.beats.iter().find_map(of_beat)
        };
        found.or_else(|| {
            let first = self.trace().records_of_step(self.step()).start;
            self.index.frame_before(first)
        })
    }

    /// A frame that is on its way now: the one at hand, else the one that left last.
    pub(super) fn frame_under_way(&self, grain: Grain) -> Option<FrameId> {
        let at_hand = self.frame(grain).filter(|&frame| self.is_under_way(frame));
        at_hand.or_else(|| {
            let last = self.beats.iter().rev().find_map(|beat| match beat.kind {
                Kind::PutOn(frame) => Some(frame),
                _ => None,
            });
            last.filter(|&frame| self.is_under_way(frame)).or_else(|| {
                // Of those before, the nearest; no further back than a cable is long.
                let now = self.trace().records_of_step(self.step()).end;
                let last = self.index.frame_before(now.checked_sub(1)?)?;
                (0..=last.0).rev().take(512).map(FrameId).find(|&frame| self.is_under_way(frame))
            })
        })
    }

    fn is_under_way(&self, frame: FrameId) -> bool {
        let Some(info) = self.trace().frame_info(frame) else { return false };
        let now = self.trace().records_of_step(self.step()).end;
        let sent = (info.record as usize) < now;
        sent && self.index.end_of(frame).is_none_or(|end| end >= now)
    }

    /// The cable of a frame.
    pub(super) fn link_of(&self, frame: FrameId) -> Option<LinkId> {
        self.trace().frame_info(frame).map(|info| info.link)
    }

    /// Changes the run from here on.
    pub(super) fn command(&mut self, command: Command) {
        self.timeline.command(command);
        self.after_branch();
    }

    /// Takes back the last change; `false` if there is none.
    pub(super) fn undo(&mut self) -> bool {
        let undone = self.timeline.undo();
        if undone {
            self.after_branch();
        }
        undone
    }

    fn after_branch(&mut self) {
        self.index.clear();
        self.index.update(self.timeline.trace());
        self.explore(256);
        self.arrive(true);
    }
}
