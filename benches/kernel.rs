//! The event list alone, and datagrams through switches and routers.

#[path = "networks/datagrams.rs"]
mod datagrams;
#[path = "networks/run.rs"]
mod run;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use framestep::base::{Duration, Instant, Rng};
use framestep::sim::{Event, Scheduler};

fn main() {
    divan::main();
}

/// One pop and one push while so many events are pending.
#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn hold(bencher: Bencher<'_, '_>, pending: u32) {
    const HOLDS: u64 = 10_000;
    let mut rng = Rng::fork(1, "hold");
    let mut scheduler = Scheduler::default();
    for _ in 0..pending {
        scheduler.at(Instant(rng.below(1_000_000)), Event::Cue(0));
    }
    bencher.counter(ItemsCount::new(HOLDS)).bench_local(|| {
        for _ in 0..HOLDS {
            let (at, event) = scheduler.pop().expect("as many as before");
            scheduler.at(at + Duration(rng.below(1_000_000)), black_box(event));
        }
    });
}

/// Datagrams of 512 octets; an item is a frame on a link.
#[divan::bench(args = [1, 4], sample_count = 20)]
fn switched(bencher: Bencher<'_, '_>, switches: usize) {
    through(bencher, "switch", switches);
}

/// The same through routers.
#[divan::bench(args = [1, 4], sample_count = 20)]
fn routed(bencher: Bencher<'_, '_>, routers: usize) {
    through(bencher, "router", routers);
}

fn through(bencher: Bencher<'_, '_>, kind: &str, between: usize) {
    let blueprint = datagrams::network(kind, between);
    let frames = run::run(&blueprint, false);
    bencher.counter(ItemsCount::new(frames)).bench_local(|| run::run(&blueprint, false));
}
