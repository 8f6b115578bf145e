//! Going back in a run of a million events.

#[path = "networks/bulk.rs"]
mod bulk;

use divan::Bencher;
use framestep::base::Rng;
use framestep::sim::Timeline;

fn main() {
    divan::main();
}

/// A run of a million events, all of them known.
fn million() -> Timeline {
    let mut blueprint = bulk::network("500MiB", "4MiB").blueprint;
    blueprint.limits.steps = 1_000_000;
    blueprint.limits.records = u32::MAX;
    let mut timeline = Timeline::new(&blueprint);
    while timeline.explore(10_000) {}
    assert_eq!(timeline.known(), 1_000_001, "the run is long enough");
    timeline
}

/// The slowest of these is what a person may have to wait for.
#[divan::bench(sample_count = 1000, sample_size = 1)]
fn seek_anywhere(bencher: Bencher<'_, '_>) {
    let mut timeline = million();
    let mut rng = Rng::fork(1, "seeks");
    let known = timeline.known();
    bencher.with_inputs(|| rng.below(known)).bench_local_values(|step| timeline.seek(step));
}

/// One step back from anywhere.
#[divan::bench(sample_count = 1000, sample_size = 1)]
fn back(bencher: Bencher<'_, '_>) {
    let mut timeline = million();
    timeline.seek(timeline.known() / 2);
    bencher.bench_local(|| timeline.back());
}

/// A snapshot: the world with a transfer under way.
#[divan::bench]
fn snapshot(bencher: Bencher<'_, '_>) {
    let mut timeline = million();
    timeline.seek(timeline.known() / 2);
    bencher.bench_local(|| timeline.world().clone());
}
