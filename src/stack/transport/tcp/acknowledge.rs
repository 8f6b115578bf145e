//! The ACK field (RFC 9293 §3.10.7.4, fifth step): what the peer has, and what it may be sent.

use super::arrives::Arrival;
use super::congestion::Acked;
use super::note::{Dropped, Note};
use super::ranges::Range;
use super::recovery::Phase;
use super::send::timestamp;
use super::timers::Timer;
use super::{Connection, Flags, Indication, Output, State, Trigger, reset_for};
use crate::base::{Duration, Instant};
use std::ops::ControlFlow::{self, Break, Continue};

impl Connection {
    pub(super) fn check_ack(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        if !segment.has(Flags::ACK) {
            Self::drop_it(Dropped::NoAck, out);
            return Break(());
        }
        let ack = segment.header.ack;
        self.take_probe(segment);
        if self.state == State::SynReceived {
            self.establish(segment, out)?;
        }
        if ack < self.snd.una - self.snd.wnd_max {
            Self::drop_it(Dropped::AckTooOld, out);
            self.challenge(now, out);
            return Break(());
        }
        if ack > self.snd.nxt {
            Self::drop_it(Dropped::AckOfUnsent, out);
            self.answer_doubt(now, segment, out);
            return Break(());
        }
        if self.snd.wnd == 0 || self.snd.probing {
            // It answers, so it lives: a closed window may last for ever (§3.8.6.1).
            self.snd.retries = 0;
        }
        let news = self.take_sack(segment, out);
        if ack > self.snd.una {
            self.acknowledged(now, segment, out);
        } else if ack == self.snd.una && self.is_duplicate(segment, news) {
            self.duplicate(now, out);
        }
        self.take_echo(segment, out);
        self.take_window(segment, out);
        self.leave_closing_states(now, out)
    }

    /// A window probe's octet was kept after all: it counts as sent.
    fn take_probe(&mut self, segment: &Arrival<'_>) {
        if self.snd.probing && segment.header.ack == self.snd.nxt + 1 {
            if self.snd.unsent() == 0 {
                self.snd.fin_sent = true;
            }
            self.snd.nxt += 1;
            self.snd.probing = false;
        }
    }

    /// SYN-RECEIVED: the ACK of our SYN opens the connection, any other is answered by RST.
    fn establish(&mut self, segment: &Arrival<'_>, out: &mut Vec<Output>) -> ControlFlow<()> {
        let ack = segment.header.ack;
        if !(self.snd.una < ack && ack <= self.snd.nxt) {
            Self::drop_it(Dropped::AckOfUnsent, out);
            if let Some(reset) = reset_for(&segment.header, 0) {
                Self::note(Note::ResetSent, out);
                Self::transmit_bare(reset, out);
            }
            return Break(());
        }
        self.enter(Trigger::AckOfSyn, out);
        out.push(Output::Indicate(Indication::Connected));
        if self.snd.fin_queued {
            self.enter(Trigger::Close, out);
        }
        Continue(())
    }

    /// New data is acknowledged.
    pub(super) fn acknowledged(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) {
        let ack = segment.header.ack;
        let octets = ack.since(self.snd.una);
        let flight = self.snd.flight();
        let of_syn = self.snd.una == self.snd.iss;
        self.measure(now, segment, out);
        // The buffer holds neither SYN nor FIN.
        let first = self.snd.first();
        self.snd.buffer.consume(ack.since(first).min(self.snd.buffer.len()));
        self.snd.una = ack;
        self.scoreboard.acknowledge(ack);
        self.snd.retries = 0;
        self.complained = false;
        if of_syn {
            self.congestion.restart(self.initial_window());
            if self.snd.syn_resent {
                self.rto.after_lost_syn(&self.config);
            }
        } else {
            self.grow(now, octets, flight, out);
        }
        self.recover(now, octets, out);
        self.restart_timers(now);
        let (space, limit) = (self.send_space(), self.send_limit());
        if self.snd.writer_waits && space >= (limit / 4).max(1) {
            self.snd.writer_waits = false;
            out.push(Output::Indicate(Indication::Writable));
        }
    }

    /// A round trip is measured by the segment that was timed; after a retransmission only the
    /// peer's echo of a timestamp can tell which one was answered (RFC 7323 §4).
    fn measure(&mut self, now: Instant, segment: &Arrival<'_>, out: &mut Vec<Output>) {
        let echo = segment.header.options.timestamps.filter(|_| self.agreed.timestamps);
        let timed = self.rto.is_timing();
        let sample = self.rto.timed_sample(now, segment.header.ack).or_else(|| {
            let (_, echo) = echo.filter(|_| !timed)?;
            let millis = timestamp(now).wrapping_sub(echo);
            // A peer that echoes nonsense does not count.
            (millis < 1 << 22).then(|| Duration::from_millis(millis.into()))
        });
        if let Some(rtt) = sample {
            self.rto.measure(rtt, &self.config);
            Self::note(Note::MeasuredRtt { rtt, rto: self.rto.current(&self.config) }, out);
        }
    }

    fn grow(&mut self, now: Instant, octets: u32, flight: u32, out: &mut Vec<Output>) {
        if self.recovery.phase == Phase::Fast {
            return;
        }
        let before = self.congestion.window();
        let slow = self.congestion.in_slow_start();
        self.congestion.on_ack(&Acked {
            now,
            octets,
            flight,
            mss: self.payload_max(),
            srtt: self.rto.srtt,
            after_timeout: self.recovery.phase == Phase::Timeout,
        });
        self.tell_window(before, out);
        if slow && !self.congestion.in_slow_start() {
            let cwnd = self.congestion.window();
            Self::note(Note::CongestionAvoidance { cwnd }, out);
        }
    }

    /// The retransmission timer starts anew while something is on its way (RFC 6298 §5.2, §5.3).
    fn restart_timers(&mut self, now: Instant) {
        if self.snd.flight() > 0 {
            self.timers.set(Timer::Retransmit, now, self.rto.current(&self.config));
        } else {
            self.timers.stop(Timer::Retransmit);
        }
        match self.config.user_timeout.filter(|_| self.snd.flight() > 0 || self.snd.unsent() > 0) {
            Some(limit) => self.timers.set(Timer::UserTimeout, now, limit),
            None => self.timers.stop(Timer::UserTimeout),
        }
    }

    /// The peer's SACK blocks; how many octets of them are news.
    fn take_sack(&mut self, segment: &Arrival<'_>, out: &mut Vec<Output>) -> u32 {
        if !self.agreed.sack {
            return 0;
        }
        let una = self.snd.una.max(segment.header.ack);
        let blocks = segment.header.options.sack;
        let mut news = 0;
        for (n, (first, end)) in blocks.as_slice().iter().copied().enumerate() {
            let whole = Range { first, end };
            // D-SACK: the first block lies below the ACK or within the second (RFC 2883 §4).
            let second = blocks.as_slice().get(1).is_some_and(|s| s.0 <= first && end <= s.1);
            if n == 0 && first < end && (end <= una || second) {
                Self::note(Note::DuplicateReported { first, end }, out);
            } else if una <= first && first < end && end <= self.snd.nxt {
                news += self.scoreboard.mark(whole);
            }
        }
        if news > 0 {
            Self::note(Note::Sacked { octets: news, total: self.scoreboard.sacked() }, out);
        }
        news
    }

    /// What counts as a duplicate: by RFC 5681 §2 an ACK that changes nothing while data is on
    /// its way; with SACK one that reports something new (RFC 6675 §2).
    fn is_duplicate(&self, segment: &Arrival<'_>, news: u32) -> bool {
        if self.agreed.sack {
            return news > 0;
        }
        let window = u32::from(segment.header.window) << self.agreed.send_shift;
        self.snd.flight() > 0 && segment.len() == 0 && window == self.snd.wnd
    }

    /// ECE: the network is crowded; once for each window of data (RFC 3168 §6.1.2).
    fn take_echo(&mut self, segment: &Arrival<'_>, out: &mut Vec<Output>) {
        let told = self.agreed.ecn && segment.has(Flags::ECE) && !segment.has(Flags::SYN);
        if !told || self.snd.una < self.snd.ecn_until || self.recovery.phase != Phase::Open {
            return;
        }
        self.congestion.on_loss(self.snd.flight(), self.payload_max());
        self.snd.ecn_until = self.snd.nxt;
        self.snd.cwr = true;
        Self::note(Note::EcnReduced { cwnd: self.congestion.window() }, out);
    }

    /// The peer's window, unless this segment is older than the one that told it last (§3.10.7.4).
    fn take_window(&mut self, segment: &Arrival<'_>, out: &mut Vec<Output>) {
        let (seq, ack) = (segment.header.seq, segment.header.ack);
        let newer = self.snd.wl1 < seq || self.snd.wl1 == seq && self.snd.wl2 <= ack;
        if ack < self.snd.una || !newer {
            return;
        }
        let before = self.snd.wnd;
        self.snd.wnd = u32::from(segment.header.window) << self.agreed.send_shift;
        self.snd.wnd_max = self.snd.wnd_max.max(self.snd.wnd);
        (self.snd.wl1, self.snd.wl2) = (seq, ack);
        if before == 0 && self.snd.wnd > 0 {
            self.snd.probing = false;
            self.snd.retries = 0;
            self.timers.stop(Timer::Persist);
            self.rto.forget_back_off();
            Self::note(Note::WindowOpened { octets: self.snd.wnd }, out);
        }
    }

    /// What the ACK of our FIN leads to.
    fn leave_closing_states(&mut self, now: Instant, out: &mut Vec<Output>) -> ControlFlow<()> {
        if !self.snd.fin_acked() {
            return Continue(());
        }
        match self.state {
            State::FinWait1 => {
                self.enter(Trigger::AckOfFin, out);
                self.watch_orphan(now);
            }
            State::Closing => {
                self.enter(Trigger::AckOfFin, out);
                self.begin_time_wait(now, out);
            }
            State::LastAck => {
                self.end(Trigger::AckOfFin, Some(Indication::Closed), out);
                return Break(());
            }
            _ => {}
        }
        Continue(())
    }
}
