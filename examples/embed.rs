//! A scenario, run from the library: `cargo run --example embed`.
#![expect(clippy::print_stdout, reason = "that is what an example is for")]

use framestep::sim::Timeline;
use framestep::view::{Hops, Ladder, Text};
use framestep::{plan::Command, scenario};

fn main() {
    let builtin = scenario::find("tcp-handshake").expect("a scenario of the course");
    let (scenario, _faults) = scenario::parse(builtin.path, builtin.text);
    let mut run = Timeline::new(&scenario.expect("the course has no faults").blueprint);
    while run.explore(1_000) {}
    println!("{}", Text::new(&Ladder::of(run.trace()), run.trace(), Hops::Joined, false));

    // Back to step 5, where the first cable is cut: from there on it is another run.
    run.seek(5);
    run.command(Command::Cut(framestep::base::LinkId(0)));
    while run.explore(1_000) {}
    println!("{}", Text::new(&Ladder::of(run.trace()), run.trace(), Hops::Joined, true));
}
