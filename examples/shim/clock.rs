//! Real time as a machine has it: nanoseconds since the beginning.

use framestep::base::Instant;
use std::time::Duration;

/// The moment at which everything began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock(std::time::Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "here simulated time meets the world's")]
    pub(super) fn start() -> Self {
        Self(std::time::Instant::now())
    }

    pub(super) fn passed(self) -> Duration {
        self.0.elapsed()
    }

    pub(super) fn now(self) -> Instant {
        Instant(self.passed().as_nanos() as u64)
    }

    /// How long it is until then.
    pub(super) fn until(self, at: Instant) -> Duration {
        Duration::from_nanos(at.since(self.now()).as_nanos())
    }
}
