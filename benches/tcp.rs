//! Ten mebioctets from a host through a router to another. An item is a frame on a link.

#[path = "networks/bulk.rs"]
mod bulk;
#[path = "networks/run.rs"]
mod run;

use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// With the trace off and on.
#[divan::bench(args = [false, true], sample_count = 20)]
fn bulk_traced(bencher: Bencher<'_, '_>, traced: bool) {
    let blueprint = bulk::network("10MiB", "4MiB").blueprint;
    let frames = run::run(&blueprint, false);
    bencher.counter(ItemsCount::new(frames)).bench_local(|| run::run(&blueprint, traced));
}
