//! Congestion control: how much may be on its way (RFC 5681, RFC 9438). Integers only, octets and
//! nanoseconds; what does not divide is carried over to the next acknowledgement.

use super::Algorithm;
use super::cubic::Cubic;
use crate::base::{Duration, Instant};

/// The congestion window and the algorithm that moves it.
#[derive(Clone, Debug)]
pub(super) struct Congestion {
    kind: Kind,
    cwnd: u32,
    /// Slow start below, congestion avoidance from there on.
    pub(super) ssthresh: u32,
    /// Octets acknowledged that have not yet made the window grow.
    carried: u32,
}

#[derive(Clone, Debug)]
enum Kind {
    NoControl,
    Reno,
    Cubic(Cubic),
}

/// An acknowledgement of new data as congestion control sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acked {
    pub(super) now: Instant,
    pub(super) octets: u32,
    /// Octets on their way before it came.
    pub(super) flight: u32,
    pub(super) mss: u32,
    pub(super) srtt: Duration,
    /// Whether a time-out's losses are still being sent again (RFC 3465 §2.3).
    pub(super) after_timeout: bool,
}

/// Larger windows than can be used (the receive window ends at 2^30) are not counted.
const CWND_MAX: u32 = 1 << 30;

impl Congestion {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        let kind = match algorithm {
            Algorithm::NoControl => Kind::NoControl,
            Algorithm::Reno => Kind::Reno,
            Algorithm::Cubic => Kind::Cubic(Cubic::default()),
        };
        Self { kind, cwnd: CWND_MAX, ssthresh: CWND_MAX, carried: 0 }
    }

    /// The congestion window in octets.
    pub(super) const fn window(&self) -> u32 {
        self.cwnd
    }

    /// Whether anything but the receive window limits.
    pub(super) const fn is_off(&self) -> bool {
        matches!(self.kind, Kind::NoControl)
    }

    /// The slow start threshold, once a loss has set it.
    pub(super) fn threshold(&self) -> Option<u32> {
        Some(self.ssthresh).filter(|threshold| *threshold < CWND_MAX)
    }

    pub(super) const fn in_slow_start(&self) -> bool {
        self.cwnd < self.ssthresh
    }

    /// The window at the beginning, or after a long silence (RFC 5681 §4.1), never a larger one.
    pub(super) fn restart(&mut self, initial: u32) {
        if !self.is_off() {
            self.cwnd = self.cwnd.min(initial);
        }
    }

    /// New data was acknowledged: the window grows, if it was what limited.
    pub(super) fn on_ack(&mut self, acked: &Acked) {
        if self.is_off() || !self.limits(acked) {
            return;
        }
        let mut octets = acked.octets;
        if self.in_slow_start() {
            // RFC 5681 §3.1, counted in octets with RFC 3465's limit, so that delayed
            // acknowledgements do not slow it; one segment while a time-out is made good.
            let limit = if acked.after_timeout { acked.mss } else { acked.mss * 2 };
            let room = self.ssthresh - self.cwnd;
            let grown = octets.min(limit).min(room);
            self.cwnd += grown;
            if grown < room {
                return;
            }
            octets -= grown;
        }
        match &mut self.kind {
            Kind::NoControl => {}
            Kind::Reno => {
                self.carried = self.carried.saturating_add(octets);
                if self.carried >= self.cwnd {
                    self.carried -= self.cwnd;
                    self.cwnd += acked.mss;
                }
            }
            Kind::Cubic(cubic) => self.cwnd = cubic.grow(self.cwnd, octets, acked),
        }
        self.cwnd = self.cwnd.min(CWND_MAX);
    }

    /// A window that was not used says nothing about the network (RFC 9438 §5.8, RFC 7661).
    fn limits(&self, acked: &Acked) -> bool {
        if self.in_slow_start() {
            self.cwnd < acked.flight.saturating_mul(2)
        } else {
            acked.flight.saturating_add(acked.mss) > self.cwnd
        }
    }

    /// A loss (or ECN's mark) tells of congestion: the threshold falls, and the window to it.
    pub(super) fn on_loss(&mut self, flight: u32, mss: u32) {
        self.lower_threshold(flight, mss);
        if !self.is_off() {
            self.cwnd = self.ssthresh;
        }
    }

    /// A time-out: begin again with one segment. The threshold falls once for the same segment
    /// (RFC 5681 §3.1).
    pub(super) fn on_timeout(&mut self, flight: u32, mss: u32, first: bool) {
        if first {
            self.lower_threshold(flight, mss);
        }
        if let Kind::Cubic(cubic) = &mut self.kind {
            cubic.forget();
        }
        if !self.is_off() {
            self.cwnd = mss;
        }
    }

    fn lower_threshold(&mut self, flight: u32, mss: u32) {
        self.carried = 0;
        let share = match &mut self.kind {
            Kind::NoControl => return,
            Kind::Reno => flight / 2,
            Kind::Cubic(cubic) => {
                cubic.on_loss(self.cwnd);
                (u64::from(flight) * 7 / 10) as u32
            }
        };
        self.ssthresh = share.max(mss * 2);
    }

    /// The window of `NewReno` while recovering without SACK (RFC 6582 §3.2): a segment more for each
    /// duplicate acknowledgement, since it shows that one has left the network.
    pub(super) fn inflate(&mut self, octets: u32) {
        if !self.is_off() {
            self.cwnd = self.cwnd.saturating_add(octets).min(CWND_MAX);
        }
    }

    /// The reverse, upon an acknowledgement (RFC 6582 §3.2 step 3); a segment always remains.
    pub(super) fn deflate(&mut self, octets: u32, mss: u32) {
        if !self.is_off() {
            self.cwnd = self.cwnd.saturating_sub(octets).max(mss);
        }
    }

    /// Recovery is over: the window is the threshold, or little more than what is on its way, so
    /// that no burst follows (RFC 6582 §3.2 step 3, full acknowledgement).
    pub(super) fn end_recovery(&mut self, flight: u32, mss: u32) {
        if !self.is_off() {
            self.cwnd = self.ssthresh.min(flight.max(mss) + mss);
        }
    }
}
