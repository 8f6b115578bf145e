//! Is the other side still there? One side asks every so often, the other answers; each gives up
//! when it hears nothing for too long.
//!
//! TCP alone does not tell: a peer that lost its power says nothing, and a connection without data
//! stays open for ever (RFC 1122 §4.2.3.6 makes its keep-alive optional, with two hours).

use crate::base::{Duration, Instant};

/// The asking side: ping, wait for the pong, ping again some time after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// All is well until then.
    Resting(Instant),
    /// An answer is due by then.
    Asking(Instant),
    /// It did not come.
    Over,
}

/// What a heartbeat's deadline brings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beat {
    /// Ask the peer.
    Ping,
    /// It did not answer in time.
    Lost,
}

impl Heartbeat {
    /// Begins now: the first ping after `interval`, its answer due within `timeout`.
    pub fn new(now: Instant, interval: Duration, timeout: Duration) -> Self {
        Self { interval, timeout, phase: Phase::Resting(now + interval) }
    }

    /// When [`on_deadline`](Self::on_deadline) is wanted next; never again once the peer is lost.
    pub const fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Resting(at) | Phase::Asking(at) => Some(at),
            Phase::Over => None,
        }
    }

    /// Time has reached `now`.
    pub fn on_deadline(&mut self, now: Instant) -> Option<Beat> {
        match self.phase {
            Phase::Resting(at) if now >= at => {
                self.phase = Phase::Asking(now + self.timeout);
                Some(Beat::Ping)
            }
            Phase::Asking(at) if now >= at => {
                self.phase = Phase::Over;
                Some(Beat::Lost)
            }
            Phase::Resting(_) | Phase::Asking(_) | Phase::Over => None,
        }
    }

    /// The peer answered: the next ping is due an interval from now.
    pub fn answered(&mut self, now: Instant) {
        if self.phase != Phase::Over {
            self.phase = Phase::Resting(now + self.interval);
        }
    }
}

/// The answering side: it knows how often it should be asked, and notices when it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Watch {
    patience: Duration,
    until: Instant,
}

impl Watch {
    /// Begins now: a ping is due within `interval` and `timeout` together.
    pub fn new(now: Instant, interval: Duration, timeout: Duration) -> Self {
        let patience = interval + timeout;
        Self { patience, until: now + patience }
    }

    /// When the peer counts as lost.
    pub const fn deadline(&self) -> Instant {
        self.until
    }

    /// The peer asked.
    pub fn asked(&mut self, now: Instant) {
        self.until = now + self.patience;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_millis(300);
    const TIMEOUT: Duration = Duration::from_millis(200);

    fn at(millis: u64) -> Instant {
        Instant::ZERO + Duration::from_millis(millis)
    }

    #[test]
    fn a_ping_is_due_after_the_interval_and_again_after_each_answer() {
        let mut heartbeat = Heartbeat::new(at(0), INTERVAL, TIMEOUT);
        assert_eq!(heartbeat.on_deadline(at(299)), None);
        assert_eq!(heartbeat.on_deadline(at(300)), Some(Beat::Ping));
        heartbeat.answered(at(350));
        assert_eq!(heartbeat.deadline(), Some(at(650)));
        assert_eq!(heartbeat.on_deadline(at(650)), Some(Beat::Ping));
    }

    #[test]
    fn a_peer_that_does_not_answer_in_time_is_lost_for_good() {
        let mut heartbeat = Heartbeat::new(at(0), INTERVAL, TIMEOUT);
        assert_eq!(heartbeat.on_deadline(at(300)), Some(Beat::Ping));
        assert_eq!(heartbeat.on_deadline(at(499)), None);
        assert_eq!(heartbeat.on_deadline(at(500)), Some(Beat::Lost));
        heartbeat.answered(at(501));
        assert_eq!((heartbeat.deadline(), heartbeat.on_deadline(at(900))), (None, None));
    }

    #[test]
    fn a_watch_waits_for_interval_and_timeout_together() {
        let mut watch = Watch::new(at(0), INTERVAL, TIMEOUT);
        assert_eq!(watch.deadline(), at(500));
        watch.asked(at(310));
        assert_eq!(watch.deadline(), at(810));
    }
}
