//! Noticing losses by duplicate acknowledgements, and repairing them: fast retransmit and
//! recovery (RFC 5681 §3.2, RFC 6582 without SACK, RFC 6675 with it), limited transmit (RFC 3042).

use super::connection::Connection;
use super::note::Note;
use super::ranges::Range;
use super::sack::DUPLICATES;
use super::{Output, SeqNumber};
use crate::base::Instant;

/// What the sender is busy with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Nothing is known to be lost.
    Open,
    /// Repairing what duplicate acknowledgements showed.
    Fast,
    /// Repairing after a time-out.
    Timeout,
}

/// Where loss recovery stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    pub(super) phase: Phase,
    /// Recovery ends when all before it is acknowledged.
    pub(super) until: SeqNumber,
    pub(super) duplicates: u8,
    /// Octets on their way when the first duplicate came (RFC 5681 §3.2: what limited transmit
    /// adds does not count).
    pub(super) flight: u32,
}

impl Recovery {
    pub(super) const fn new(iss: SeqNumber) -> Self {
        Self { phase: Phase::Open, until: iss, duplicates: 0, flight: 0 }
    }
}

impl Connection {
    /// The end of what counts as lost.
    pub(super) fn lost(&self) -> SeqNumber {
        let given_up = self.scoreboard.given_up().max(self.snd.una);
        if self.recovery.phase == Phase::Fast && self.agreed.sack {
            let mss = self.payload_max();
            given_up.max(self.scoreboard.lost_by_sack(self.snd.una, mss))
        } else {
            given_up
        }
    }

    /// Octets on their way.
    pub(super) fn pipe(&self) -> u32 {
        let (una, nxt) = (self.snd.una, self.snd.nxt);
        let newreno = self.recovery.phase == Phase::Fast && !self.agreed.sack;
        // Limited transmit is what the sacked octets make room for (RFC 6675 §5 step 3).
        let early = self.recovery.phase == Phase::Open && !self.config.limited_transmit;
        if newreno || early && self.scoreboard.given_up() <= una {
            return nxt.since(una);
        }
        self.scoreboard.pipe(una, nxt, self.lost().min(nxt))
    }

    /// What the first two duplicates add to the window (RFC 3042); with SACK the pipe shows it.
    pub(super) fn limited_transmit(&self, mss: u32) -> u32 {
        let early = self.recovery.phase == Phase::Open && self.recovery.duplicates < DUPLICATES;
        if early && self.config.limited_transmit && !self.agreed.sack {
            mss * u32::from(self.recovery.duplicates)
        } else {
            0
        }
    }

    /// A duplicate acknowledgement: something arrived at the peer, but not what it waits for.
    pub(super) fn duplicate(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mss = self.payload_max();
        match self.recovery.phase {
            Phase::Open => {}
            Phase::Fast => {
                if !self.agreed.sack {
                    self.congestion.inflate(mss);
                }
                return;
            }
            Phase::Timeout => return,
        }
        // Duplicates of what a time-out sent needlessly are no loss (RFC 6582 §3.2 step 1).
        if !self.agreed.sack && self.snd.una <= self.recovery.until {
            return;
        }
        self.recovery.duplicates += 1;
        if self.recovery.duplicates == 1 {
            self.recovery.flight = self.snd.flight();
        }
        Self::note(Note::DuplicateAck { count: self.recovery.duplicates }, out);
        let shown =
            self.agreed.sack && self.scoreboard.lost_by_sack(self.snd.una, mss) > self.snd.una;
        if self.recovery.duplicates >= DUPLICATES || shown {
            self.fast_retransmit(now, mss, out);
        }
    }

    fn fast_retransmit(&mut self, now: Instant, mss: u32, out: &mut Vec<Output>) {
        let (una, nxt) = (self.snd.una, self.snd.nxt);
        let before = self.congestion.window();
        self.recovery.phase = Phase::Fast;
        self.recovery.until = nxt;
        self.congestion.on_loss(self.recovery.flight, mss);
        if !self.agreed.sack {
            self.congestion.inflate(mss * u32::from(DUPLICATES));
        }
        Self::note(Note::RecoveryEntered { until: nxt }, out);
        self.tell_window(before, out);
        Self::note(Note::FastRetransmit { seq: una }, out);
        self.scoreboard.resend_from(una);
        self.resend_first(now, out);
    }

    /// Sends the first part that is not acknowledged again, whatever the congestion window says.
    pub(super) fn resend_first(&mut self, now: Instant, out: &mut Vec<Output>) {
        let all = Range { first: self.snd.una, end: self.snd.nxt };
        let first = self.scoreboard.ranges().first();
        let end = first.map_or(all.end, |range| range.first.max(all.first));
        if end > all.first {
            self.resend(now, Range { first: all.first, end }, out);
        }
    }

    /// New data was acknowledged: goes on with recovery or ends it.
    pub(super) fn recover(&mut self, now: Instant, acked: u32, out: &mut Vec<Output>) {
        let mss = self.payload_max();
        self.recovery.duplicates = 0;
        if self.recovery.phase == Phase::Open {
            return;
        }
        let before = self.congestion.window();
        let newreno = self.recovery.phase == Phase::Fast && !self.agreed.sack;
        if self.snd.una >= self.recovery.until {
            self.recovery.phase = Phase::Open;
            if newreno {
                self.congestion.end_recovery(self.snd.flight(), mss);
            }
            if self.scoreboard.given_up() <= self.snd.una {
                self.scoreboard.resend_from(self.snd.una);
            }
            Self::note(Note::RecoveryLeft, out);
        } else if newreno {
            Self::note(Note::PartialAck { seq: self.snd.una }, out);
            self.congestion.deflate(acked, mss);
            if acked >= mss {
                self.congestion.inflate(mss);
            }
            self.scoreboard.resend_from(self.snd.una);
            self.resend_first(now, out);
        } else if self.recovery.phase == Phase::Fast {
            Self::note(Note::PartialAck { seq: self.snd.una }, out);
        }
        self.tell_window(before, out);
    }

    /// Tells of a congestion window that changed.
    pub(super) fn tell_window(&self, before: u32, out: &mut Vec<Output>) {
        let now = self.congestion.window();
        if now != before {
            Self::note(Note::CwndChanged { from: before, to: now }, out);
        }
    }
}
