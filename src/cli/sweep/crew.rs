//! The runs of a sweep on all cores, their rows in the order of the runs.

use super::super::Failure;
use crate::scenario;
use crate::sweep::{Case, Place, Sweep};
use rayon::{ThreadPool, ThreadPoolBuilder};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Runs that are given out before the first of them is done, for each core.
const AHEAD: u64 = 1_024;
/// The longest wait before signals are looked at.
const WAIT: Duration = Duration::from_millis(100);

/// A pool of so many threads; 0 is one for each core.
pub(super) fn pool(jobs: usize) -> Result<ThreadPool, Failure> {
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build();
    pool.map_err(|error| Failure::Failed(format!("error: cannot start {jobs} threads: {error}")))
}

/// Makes the runs from place `from` on, and gives each row to `take` in the order of the runs,
/// whichever is done first. A signal ends it at once; what was taken before is sound.
pub(super) fn work(
    sweep: &Arc<Sweep>,
    from: u64,
    pool: &ThreadPool,
    mut take: impl FnMut(Vec<String>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let signals = Arc::new(AtomicUsize::new(0));
    for signal in [SIGTERM, SIGHUP, SIGINT] {
        let number = usize::try_from(signal).unwrap_or(0);
        signal_hook::flag::register_usize(signal, Arc::clone(&signals), number)?;
    }
    let (done, rows) = channel();
    let all = sweep.grid.len();
    let most_ahead = AHEAD * pool.current_num_threads() as u64;
    let (mut given, mut taken) = (from, from);
    // Rows that came before their turn.
    let mut early = BTreeMap::new();
    let mut shared = Shared::default();
    while taken < all {
        while given < all.min(taken + most_ahead) {
            let (sweep, done) = (Arc::clone(sweep), done.clone());
            let (number, place) = (given, sweep.grid.place(given));
            let case = shared.of(place.case);
            // Nobody listens once the sweep is over.
            pool.spawn_fifo(move || drop(done.send((number, row(&sweep, &place, &case)))));
            given += 1;
        }
        match rows.recv_timeout(WAIT) {
            Ok((number, row)) => drop(early.insert(number, row)),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        while let Some(row) = early.remove(&taken) {
            take(row)?;
            taken += 1;
        }
        if let Ok(signal @ 1..) = u8::try_from(signals.load(Ordering::Relaxed)) {
            return Err(Failure::Signal(signal));
        }
    }
    Ok(())
}

/// The case of the runs that are given out: prepared by whichever thread needs it first, gone when
/// its last run is done.
#[derive(Default)]
struct Shared(Option<(u64, Arc<OnceLock<Case>>)>);

impl Shared {
    fn of(&mut self, case: u64) -> Arc<OnceLock<Case>> {
        match &self.0 {
            Some((number, shared)) if *number == case => Arc::clone(shared),
            _ => Arc::clone(&self.0.insert((case, Arc::default())).1),
        }
    }
}

/// Makes a run: its row.
fn row(sweep: &Sweep, place: &Place, case: &OnceLock<Case>) -> Vec<String> {
    let case = case.get_or_init(|| {
        let (scenario, _) = scenario::parse_source(&sweep.source(place.case));
        let case = scenario.and_then(|scenario| Case::new(scenario, &sweep.measures).ok());
        case.expect("every case was looked at before")
    });
    let mut row = sweep.prefix(place);
    row.extend(case.row(place.seed.unwrap_or_else(|| case.seed())));
    row
}
