//! A timer goes off: retransmission, window probe, delayed ACK, keep-alive, and the last waits.

use super::note::Note;
use super::recovery::Phase;
use super::timers::Timer;
use super::{Connection, Flags, Indication, Output, Trigger};
use crate::base::Instant;

impl Connection {
    /// Handles every timer that is due. Those that end the connection come first.
    pub(super) fn expire(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.timers.take(Timer::TimeWait, now) {
            return self.end(Trigger::TimeWaitOver, None, out);
        }
        if self.timers.take(Timer::FinWait2, now) {
            return self.end(Trigger::OrphanTimeout, None, out);
        }
        if self.timers.take(Timer::UserTimeout, now) {
            return self.give_up(out);
        }
        if self.timers.take(Timer::KeepAlive, now) {
            self.keep_alive(now, out);
        }
        if self.timers.take(Timer::Retransmit, now) {
            self.time_out(now, out);
        }
        if self.timers.take(Timer::Persist, now) {
            self.probe(now, out);
        }
        if self.timers.take(Timer::DelayedAck, now) {
            Self::note(Note::DelayedAckExpired, out);
            self.rcv.ack_now = true;
        }
    }

    /// No answer for too long (RFC 9293 §3.8.3, R2). A soft error of the network explains it.
    fn give_up(&mut self, out: &mut Vec<Output>) {
        Self::note(Note::GaveUp, out);
        let told = if self.complained { Indication::Unreachable } else { Indication::TimedOut };
        self.end(Trigger::GaveUp, Some(told), out);
    }

    /// The retransmission time-out (RFC 6298 §5.4 – §5.7).
    fn time_out(&mut self, now: Instant, out: &mut Vec<Output>) {
        let of_syn = self.snd.una == self.snd.iss;
        let most = if of_syn { self.config.syn_retries } else { self.config.data_retries };
        if self.snd.retries >= most {
            return self.give_up(out);
        }
        self.snd.retries += 1;
        let rto = self.rto.current(&self.config);
        self.rto.back_off();
        let next = self.rto.current(&self.config);
        Self::note(Note::RtoExpired { rto, next }, out);
        if of_syn {
            self.snd.syn_resent = true;
        } else {
            self.lose_all(out);
        }
        self.timers.set(Timer::Retransmit, now, next);
        self.resend_first(now, out);
    }

    /// Everything on its way counts as lost; the window begins with one segment (RFC 5681 §3.1).
    fn lose_all(&mut self, out: &mut Vec<Output>) {
        let before = self.congestion.window();
        let mss = self.payload_max();
        let first = self.snd.retries == 1;
        // A closed window is no congestion (RFC 9293 §3.8.6.1).
        if self.snd.wnd > 0 {
            self.congestion.on_timeout(self.snd.flight(), mss, first);
            self.tell_window(before, out);
            if first && !self.congestion.is_off() {
                Self::note(Note::SlowStart { ssthresh: self.congestion.ssthresh }, out);
            }
        }
        self.recovery.phase = Phase::Timeout;
        self.recovery.until = self.snd.nxt;
        self.recovery.duplicates = 0;
        self.scoreboard.give_up(self.snd.una, self.snd.nxt);
    }

    /// Nothing is on its way and something waits: what fits is sent although it is little, and
    /// into a closed window one octet as a question (RFC 9293 §3.8.6.1, §3.8.6.2.1).
    fn probe(&mut self, now: Instant, out: &mut Vec<Output>) {
        let unsent = self.snd.unsent();
        let usable = self.snd.room_from(self.snd.nxt);
        if usable > 0 {
            let octets = unsent.min(usable).min(self.payload_max());
            let fin = self.snd.fin_queued && octets == unsent && usable > octets;
            return self.transmit(now, self.snd.nxt, octets, fin, out);
        }
        if self.snd.retries >= self.config.data_retries {
            return self.give_up(out);
        }
        self.snd.retries += 1;
        self.snd.probing = true;
        self.rto.back_off();
        let next = self.rto.current(&self.config);
        let flags = if unsent > 0 { Flags::ACK } else { Flags::ACK | Flags::FIN };
        let header = self.header(now, self.snd.nxt, flags);
        self.acknowledged_by(&header);
        out.push(Output::Transmit(super::Transmit {
            header,
            payload_len: u16::from(unsent > 0),
            ecn_capable: false,
        }));
        Self::note(Note::ProbeSent { next }, out);
        self.timers.set(Timer::Persist, now, next);
    }

    /// Asks a silent peer whether it is there, by an empty segment that it has to answer: its
    /// number lies one before the next (RFC 9293 §3.8.4).
    fn keep_alive(&mut self, now: Instant, out: &mut Vec<Output>) {
        let Some(silence) = self.config.keep_alive else { return };
        if self.snd.flight() > 0 {
            // The retransmission timer asks already.
            self.timers.set(Timer::KeepAlive, now, silence);
            return;
        }
        if self.rcv.probes >= self.config.keep_alive_probes {
            return self.give_up(out);
        }
        self.rcv.probes += 1;
        let header = self.header(now, self.snd.nxt - 1, Flags::ACK);
        self.acknowledged_by(&header);
        Self::transmit_bare(header, out);
        Self::note(Note::KeepAlive { count: self.rcv.probes }, out);
        self.timers.set(Timer::KeepAlive, now, self.config.keep_alive_interval);
    }
}
