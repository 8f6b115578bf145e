//! Going to any moment of a run of a hundred million events, of which no trace is kept: half a
//! minute to make it, then the seeks.

#[path = "networks/bulk.rs"]
mod bulk;

use divan::Bencher;
use framestep::base::{Instant, Rng};
use framestep::sim::Timeline;

fn main() {
    divan::main();
}

/// The slowest of these is what a person may have to wait for.
#[divan::bench(sample_count = 300, sample_size = 1)]
fn small_window(bencher: Bencher<'_, '_>) {
    seek_anywhere(bencher, "256KiB");
}

/// The larger the window, the more frames are under way in each snapshot, and the fewer snapshots
/// there is room for.
#[divan::bench(sample_count = 300, sample_size = 1)]
fn large_window(bencher: Bencher<'_, '_>) {
    seek_anywhere(bencher, "4MiB");
}

fn seek_anywhere(bencher: Bencher<'_, '_>, window: &str) {
    let mut blueprint = bulk::network("50GiB", window).blueprint;
    blueprint.limits.steps = 100_000_000;
    blueprint.limits.until = Instant::MAX;
    let mut timeline = Timeline::without_trace(&blueprint);
    while timeline.explore(1_000_000) {}
    assert_eq!(timeline.known(), 100_000_001, "the run is long enough");
    let mut rng = Rng::fork(1, "seeks");
    let known = timeline.known();
    bencher.with_inputs(|| rng.below(known)).bench_local_values(|step| timeline.seek(step));
}
