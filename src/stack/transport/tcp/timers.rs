//! The timers of a connection, as a table that a screen can list.

use crate::base::{Duration, Instant};

/// One of the timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Timer {
    /// Resend what is not acknowledged (RFC 6298).
    Retransmit,
    /// Ask whether a closed window has opened (RFC 9293 §3.8.6.1).
    Persist,
    /// Acknowledge what was received, at the latest now (RFC 1122 §4.2.3.2).
    DelayedAck,
    /// Ask whether a silent peer is still there (RFC 9293 §3.8.4).
    KeepAlive,
    /// Leave TIME-WAIT (RFC 9293 §3.6.1).
    TimeWait,
    /// Give up, since data was not acknowledged for so long (RFC 9293 §3.9.1).
    UserTimeout,
    /// Leave FIN-WAIT-2 although the peer never closed: our program is gone.
    FinWait2,
}

impl Timer {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Retransmit,
        Self::Persist,
        Self::DelayedAck,
        Self::KeepAlive,
        Self::TimeWait,
        Self::UserTimeout,
        Self::FinWait2,
    ];

    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retransmit => "retransmission",
            Self::Persist => "persist",
            Self::DelayedAck => "delayed ACK",
            Self::KeepAlive => "keep-alive",
            Self::TimeWait => "TIME-WAIT",
            Self::UserTimeout => "user time-out",
            Self::FinWait2 => "FIN-WAIT-2",
        }
    }
}

/// When each timer goes off; [`Instant::MAX`] is never.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Timers([Instant; Timer::ALL.len()]);

impl Timers {
    pub(super) const fn new() -> Self {
        Self([Instant::MAX; Timer::ALL.len()])
    }

    /// Lets the timer go off in so long, or a nanosecond for none at all: a timer that is due
    /// the moment it is set would never let time go on.
    pub(super) fn set(&mut self, timer: Timer, now: Instant, delay: Duration) {
        self.set_at(timer, now + delay.max(Duration(1)));
    }

    /// Lets the timer go off then.
    pub(super) const fn set_at(&mut self, timer: Timer, at: Instant) {
        self.0[timer as usize] = at;
    }

    /// Sets the timer unless it runs already.
    pub(super) fn start(&mut self, timer: Timer, now: Instant, delay: Duration) {
        if !self.runs(timer) {
            self.set(timer, now, delay);
        }
    }

    pub(super) const fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = Instant::MAX;
    }

    pub(super) const fn stop_all(&mut self) {
        *self = Self::new();
    }

    pub(super) fn runs(&self, timer: Timer) -> bool {
        self.0[timer as usize] != Instant::MAX
    }

    /// When it goes off.
    pub(super) fn get(&self, timer: Timer) -> Option<Instant> {
        Some(self.0[timer as usize]).filter(|at| *at != Instant::MAX)
    }

    /// The earliest.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.iter().min().copied().filter(|at| *at != Instant::MAX)
    }

    /// Whether the timer is due; if so it is stopped.
    pub(super) fn take(&mut self, timer: Timer, now: Instant) -> bool {
        let due = self.runs(timer) && self.0[timer as usize] <= now;
        if due {
            self.stop(timer);
        }
        due
    }
}
