//! Runs without a screen.

use framestep::plan::Blueprint;
use framestep::sim::World;

/// Runs to the end; gives the number of frames that were put on a link.
pub(crate) fn run(blueprint: &Blueprint, traced: bool) -> u32 {
    let mut world = World::new(blueprint);
    let mut trace = world.begin_trace(traced);
    while world.step(&mut trace) {}
    world.frames()
}
