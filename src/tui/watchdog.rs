//! Ends the program when its terminal is gone.
//!
//! A terminal that is closed under a program (its window, its ssh connection) makes every read from
//! it fail at once, and the library that reads keys then tries again for ever, within one call. So
//! the loop says when it asks for keys, which takes at most a tenth of a second, and a thread beside
//! it looks whether that call ever comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(300);
/// So many looks in a row that find the loop in the same call.
const LOOKS: u32 = 4;
/// What a shell says of a program that lost its terminal: 128 and SIGHUP's number.
const HUNG_UP: i32 = 129;

/// As long as this lives, the loop is watched.
pub(super) struct Watchdog {
    /// Odd while the loop asks for keys; it grows by one at each beginning and end.
    calls: Arc<AtomicU64>,
    /// Hanging up tells the thread to end.
    _alive: Sender<()>,
}

impl Watchdog {
    /// Watches. A terminal that is gone takes nothing, so nothing is given back to it.
    pub(super) fn new() -> Self {
        let calls = Arc::new(AtomicU64::new(0));
        let (alive, gone) = channel();
        let watched = Arc::clone(&calls);
        thread::spawn(move || watch(&watched, &gone));
        Self { calls, _alive: alive }
    }

    /// Asks for keys, watched.
    pub(super) fn during<T>(&self, ask: impl FnOnce() -> T) -> T {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let answer = ask();
        self.calls.fetch_add(1, Ordering::Relaxed);
        answer
    }
}

fn watch(calls: &AtomicU64, gone: &Receiver<()>) {
    let mut last = 0;
    let mut looks = 0;
    while gone.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
        let now = calls.load(Ordering::Relaxed);
        looks = if now == last && now % 2 == 1 { looks + 1 } else { 0 };
        last = now;
        if looks >= LOOKS {
            std::process::exit(HUNG_UP);
        }
    }
}
