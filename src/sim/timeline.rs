//! Going to any step of a run, and branching off there.

use super::World;
use crate::plan::{Blueprint, Command};
use crate::trace::Trace;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most snapshots that are kept. One more, and every other one goes.
const SNAPSHOTS: usize = 2048;
/// However large they are, so many are kept.
const SNAPSHOTS_LEAST: usize = 8;
/// About how many octets the snapshots may hold together.
const SNAPSHOT_OCTETS: u64 = 256 << 20;
/// Steps between two snapshots at first.
const STRIDE: u64 = 64;

/// A run that can be walked in both directions.
///
/// It keeps the whole known trace, the world at the cursor, the world at the end of what is known,
/// the commands by step, and snapshots. Going to a step means taking the nearest snapshot before it
/// and letting it happen again; what happens then must equal what is known, or the simulator is not
/// deterministic, which is a bug and caught at once. A command given in the past forgets what came
/// after it: that is a branch.
#[derive(Clone, Debug)]
pub struct Timeline {
    trace: Trace,
    /// What is said when a step happens again.
    scratch: Trace,
    /// As it is after the last known step.
    frontier: World,
    /// As it is at the cursor.
    world: World,
    /// Worlds by the number of steps that they have made, before the commands given there.
    snapshots: BTreeMap<u64, World>,
    /// About how many octets they hold together.
    snapshot_octets: u64,
    stride: u64,
    /// Commands, by the step after which they were given.
    commands: BTreeMap<u64, Vec<Command>>,
}

impl Timeline {
    /// The run at its beginning; nothing is known of it yet.
    pub fn new(blueprint: &Blueprint) -> Self {
        Self::begin(blueprint, true)
    }

    /// A run without a trace, for runs too long to keep one: every step can be visited, and what
    /// is so there can be inspected, but what happened is not known.
    pub fn without_trace(blueprint: &Blueprint) -> Self {
        Self::begin(blueprint, false)
    }

    fn begin(blueprint: &Blueprint, traced: bool) -> Self {
        let world = World::new(blueprint);
        let trace = world.begin_trace(traced);
        // A snapshot costs a little for each node: with many nodes there are fewer.
        let stride = STRIDE.max(blueprint.nodes.len().next_power_of_two() as u64);
        Self {
            scratch: Trace::new(Arc::clone(trace.legend()), traced),
            trace,
            frontier: world.clone(),
            snapshots: BTreeMap::from([(0, world.clone())]),
            snapshot_octets: world.weight_beside(None),
            world,
            stride,
            commands: BTreeMap::new(),
        }
    }

    /// Everything that is known, the part after the cursor included.
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The world at the cursor.
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The cursor: how many steps the world has made.
    pub const fn step(&self) -> u64 {
        self.world.steps()
    }

    /// The last known step.
    pub const fn known(&self) -> u64 {
        self.frontier.steps()
    }

    /// Whether the run is known to its end.
    pub const fn is_complete(&self) -> bool {
        self.frontier.is_over()
    }

    /// Whether a person's commands have changed the run.
    pub fn is_branched(&self) -> bool {
        !self.commands.is_empty()
    }

    /// The commands given so far, by the step after which each was given.
    pub const fn commands(&self) -> &BTreeMap<u64, Vec<Command>> {
        &self.commands
    }

    /// Makes up to so many further steps known, without moving the cursor. `false` when there are
    /// none left.
    pub fn explore(&mut self, steps: u64) -> bool {
        for _ in 0..steps {
            if !self.frontier.step(&mut self.trace) {
                return false;
            }
            self.keep_snapshot();
        }
        !self.is_complete()
    }

    /// One step on. `false` at the end of the run.
    pub fn forward(&mut self) -> bool {
        if self.step() == self.known() {
            self.explore(1);
        }
        let next = self.step() + 1;
        next <= self.known() && self.seek(next) == next
    }

    /// One step back. `false` at the beginning.
    pub fn back(&mut self) -> bool {
        let Some(before) = self.step().checked_sub(1) else { return false };
        self.seek(before) == before
    }

    /// Goes to a step, exploring as far as needed, and says where the cursor is then: there, or at
    /// the end of the run if that comes first.
    pub fn seek(&mut self, step: u64) -> u64 {
        if step > self.known() {
            self.explore(step - self.known());
        }
        let step = step.min(self.known());
        if step == self.known() {
            self.world = self.frontier.clone();
            return step;
        }
        let nearest = self.snapshots.range(..=step).next_back();
        let (&from, snapshot) = nearest.expect("the beginning is always kept");
        // From the cursor it may be nearer than from any snapshot. (The cursor's world has its
        // commands behind it.)
        if !(from <= self.step() && self.step() <= step) {
            self.world = snapshot.clone();
            self.replay_commands(from);
        }
        while self.step() < step {
            self.replay_step();
        }
        step
    }

    /// Does what a person commands, at the cursor, and forgets what was known after it.
    pub fn command(&mut self, command: Command) {
        let step = self.step();
        self.commands.split_off(&(step + 1));
        self.commands.entry(step).or_default().push(command);
        self.branch(step);
    }

    /// Takes back the last command. `false` if there is none. The cursor goes to where it was given.
    pub fn undo(&mut self) -> bool {
        let Some(mut entry) = self.commands.last_entry() else { return false };
        let step = *entry.key();
        entry.get_mut().pop();
        if entry.get().is_empty() {
            entry.remove();
        }
        self.branch(step);
        true
    }

    /// Makes `step` known anew, with the commands given after it, and forgets what came later.
    fn branch(&mut self, step: u64) {
        if let Some(before) = step.checked_sub(1) {
            self.world = self.snapshots[&0].clone();
            self.replay_commands(0);
            self.seek(before);
            self.trace.truncate_from(step);
            self.world.step(&mut self.trace);
        } else {
            self.world = self.snapshots[&0].clone();
            self.trace = self.world.begin_trace(self.trace.is_enabled());
        }
        // A snapshot at `step` itself stands before the commands given there: it stays true.
        self.snapshots.split_off(&(step + 1));
        self.weigh();
        for command in self.commands.get(&step).into_iter().flatten() {
            self.world.apply(command, &mut self.trace);
        }
        self.frontier = self.world.clone();
    }

    /// Lets the step after the cursor happen again, with the commands given after it, and holds it
    /// against what is known.
    fn replay_step(&mut self) {
        if self.trace.is_enabled() {
            self.trace.replay_after(self.world.steps(), &mut self.scratch);
        }
        self.world.step(&mut self.scratch);
        for command in self.commands.get(&self.world.steps()).into_iter().flatten() {
            self.world.apply(command, &mut self.scratch);
        }
        assert!(
            !self.trace.is_enabled() || self.trace.agrees_with(&self.scratch),
            "step {} came out differently when it was made again: the run is not deterministic",
            self.step()
        );
    }

    /// The commands given at a snapshot's step, once more.
    fn replay_commands(&mut self, step: u64) {
        let mut forgotten = Trace::new(Arc::clone(self.trace.legend()), false);
        for command in self.commands.get(&step).into_iter().flatten() {
            self.world.apply(command, &mut forgotten);
        }
    }

    fn keep_snapshot(&mut self) {
        let step = self.frontier.steps();
        if !step.is_multiple_of(self.stride) {
            return;
        }
        let before = self.snapshots.last_key_value().map(|(_, world)| world);
        self.snapshot_octets += self.frontier.weight_beside(before);
        self.snapshots.insert(step, self.frontier.clone());
        while self.snapshots.len() > SNAPSHOTS
            || self.snapshots.len() > SNAPSHOTS_LEAST && self.snapshot_octets > SNAPSHOT_OCTETS
        {
            self.stride *= 2;
            let stride = self.stride;
            self.snapshots.retain(|step, _| step.is_multiple_of(stride));
            self.weigh();
        }
    }

    /// Weighs the snapshots anew: what two neighbours share counts once.
    fn weigh(&mut self) {
        let worlds = self.snapshots.values();
        let before = std::iter::once(None).chain(self.snapshots.values().map(Some));
        self.snapshot_octets =
            worlds.zip(before).map(|(world, before)| world.weight_beside(before)).sum();
    }
}
