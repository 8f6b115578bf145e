//! What goes out next: the window, Nagle, silly windows, the congestion window, and the headers.

use super::connection::MSS_MIN;
use super::note::Note;
use super::ranges::Range;
use super::recovery::Phase;
use super::timers::Timer;
use super::{Connection, Flags, Header, Options, Output, SeqNumber, State, Transmit};
use crate::base::Instant;

impl Connection {
    /// Sends all that may go now: what was lost first, then new data (RFC 6675 §4, `NextSeg`);
    /// then a bare acknowledgement if one is due and nothing carried it.
    pub(super) fn send_all(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.sends() {
            while self.resend_lost(now, out)
                || self.send_new(now, out)
                || self.resend_doubtful(now, out)
            {}
            self.watch_window(now, out);
        }
        if self.rcv.ack_now {
            self.send_ack(now, out);
        }
    }

    /// Whether the state lets data or a FIN out.
    fn sends(&self) -> bool {
        matches!(
            self.state,
            State::Established
                | State::CloseWait
                | State::FinWait1
                | State::Closing
                | State::LastAck
        )
    }

    /// Octets of payload that the next segment may have: SACK blocks take their part (RFC 6691).
    pub(super) fn payload_max(&self) -> u32 {
        let timestamps = if self.agreed.timestamps { 12 } else { 0 };
        let blocks = self.blocks_due() as u16;
        let options = timestamps + if blocks == 0 { 0 } else { 4 + 8 * blocks };
        self.agreed.mss.saturating_sub(options).max(MSS_MIN / 4).into()
    }

    /// Whether `octets` more may be on their way. With nothing on its way something always may.
    fn congestion_allows(&self, octets: u32, extra: u32) -> bool {
        let pipe = self.pipe();
        pipe == 0 || pipe + octets <= self.congestion.window().saturating_add(extra)
    }

    /// New data, or the FIN (RFC 9293 §3.8.6.2.1 with Nagle's brackets, §3.7.4).
    fn send_new(&mut self, now: Instant, out: &mut Vec<Output>) -> bool {
        let unsent = self.snd.unsent();
        let fin_due = self.snd.fin_queued && !self.snd.fin_sent;
        // Until our SYN is acknowledged only a FIN that closes an empty connection may follow it.
        if unsent == 0 && !fin_due || self.snd.una == self.snd.iss && unsent > 0 {
            return false;
        }
        let full = self.payload_max();
        let usable = self.room();
        let octets = unsent.min(usable).min(full);
        let fin = fin_due && octets == unsent && usable > octets;
        if octets == 0 && !fin || octets < full && !fin && self.holds(octets, unsent, out) {
            return false;
        }
        self.restart_after_idle(now, out);
        let extra = self.limited_transmit(full);
        if !self.congestion_allows(octets, extra) {
            return false;
        }
        if extra > 0 && !self.congestion_allows(octets, 0) {
            Self::note(Note::LimitedTransmit, out);
        }
        self.rto.time(now, self.snd.nxt + octets + u32::from(fin));
        self.transmit(now, self.snd.nxt, octets, fin, out);
        true
    }

    /// Octets that fit into the peer's window after what is sent. A FIN that closes a connection
    /// before its SYN is acknowledged does not know the window yet.
    fn room(&self) -> u32 {
        if self.snd.una == self.snd.iss { 1 } else { self.snd.room_from(self.snd.nxt) }
    }

    /// Whether less than a full segment has to wait: for Nagle's acknowledgement, or since the
    /// peer's window is too small to be worth it.
    fn holds(&mut self, octets: u32, unsent: u32, out: &mut Vec<Output>) -> bool {
        let quiet = self.snd.flight() == 0 || !self.config.nagle;
        let all = octets == unsent;
        if quiet && (all || octets >= self.snd.wnd_max / 2) {
            return false;
        }
        if self.snd.held != self.snd.end() {
            self.snd.held = self.snd.end();
            let note = if all {
                Note::NagleHolds { octets }
            } else {
                Note::SillyWindowHolds { usable: octets }
            };
            Self::note(note, out);
        }
        true
    }

    /// After a silence longer than the time-out the old window means nothing (RFC 5681 §4.1).
    fn restart_after_idle(&mut self, now: Instant, out: &mut Vec<Output>) {
        let silence = now.since(self.snd.sent_at);
        let started = self.snd.nxt > self.snd.iss + 1;
        if self.snd.flight() == 0 && started && silence > self.rto.current(&self.config) {
            let before = self.congestion.window();
            self.congestion.restart(self.initial_window());
            let cwnd = self.congestion.window();
            if cwnd < before && !self.congestion.is_off() {
                Self::note(Note::RestartAfterIdle { cwnd }, out);
            }
            self.snd.sent_at = now;
        }
    }

    /// The initial window (RFC 6928 §2; one segment after a lost SYN, RFC 5681 §3.1).
    pub(super) fn initial_window(&self) -> u32 {
        let mss = u32::from(self.agreed.mss);
        let segments = u32::from(self.config.initial_window.clamp(1, 10));
        if self.snd.syn_resent { mss } else { (mss * segments).min(14_600.max(mss * 2)) }
    }

    /// The next part of what is lost and not sent again yet.
    fn resend_lost(&mut self, now: Instant, out: &mut Vec<Output>) -> bool {
        let Some(hole) = self.scoreboard.next_hole(self.lost()) else { return false };
        self.resend_if_allowed(now, hole, out)
    }

    /// With nothing else to send: what lies below the highest SACK block although it is not
    /// surely lost (rule 3), then, once, the last segment (rule 4).
    fn resend_doubtful(&mut self, now: Instant, out: &mut Vec<Output>) -> bool {
        if self.recovery.phase != Phase::Fast || self.scoreboard.is_empty() {
            return false;
        }
        let Some(highest) = self.scoreboard.highest() else { return false };
        if let Some(hole) = self.scoreboard.next_hole(highest) {
            return self.resend_if_allowed(now, hole, out);
        }
        let full = self.payload_max();
        if self.scoreboard.rescued || highest >= self.snd.nxt || !self.congestion_allows(full, 0) {
            return false;
        }
        self.scoreboard.rescued = true;
        let last = self.scoreboard.last_hole(self.snd.nxt, full);
        let first = last.first.max(highest);
        Self::note(Note::Rescue, out);
        self.resend(now, Range { first, end: last.end }, out);
        true
    }

    fn resend_if_allowed(&mut self, now: Instant, hole: Range, out: &mut Vec<Output>) -> bool {
        let octets = hole.len().min(self.payload_max());
        let fits = hole.first == self.snd.una || self.snd.room_from(hole.first) > 0;
        let allowed = fits && self.congestion_allows(octets, 0);
        if allowed {
            self.resend(now, hole, out);
        }
        allowed
    }

    /// Sends the beginning of `hole` again, cut as it fits today (RFC 9293 §3.7: repackaging).
    pub(super) fn resend(&mut self, now: Instant, hole: Range, out: &mut Vec<Output>) {
        // Karn: an acknowledgement could be for either.
        self.rto.stop_timing();
        let seq = hole.first;
        if seq == self.snd.iss {
            Self::note(Note::Resent { seq, octets: 0 }, out);
            self.send_syn(now, out);
            return self.scoreboard.resend_to(seq + 1);
        }
        let end = self.snd.end().min(hole.end).max(seq);
        // A closed window takes one octet at least, as a probe (§3.8.6.1).
        let room = self.snd.room_from(seq).max(1);
        let octets = end.since(seq).min(self.payload_max()).min(room);
        let fin = self.snd.fin_sent && seq + octets == self.snd.end() && hole.end > seq + octets;
        Self::note(Note::Resent { seq, octets }, out);
        self.transmit(now, seq, octets, fin, out);
        self.scoreboard.resend_to(seq + octets + u32::from(fin));
    }

    /// SYN, or SYN with ACK once the peer's SYN is known.
    pub(super) fn send_syn(&mut self, now: Instant, out: &mut Vec<Output>) {
        let iss = self.snd.iss;
        if self.snd.nxt == iss {
            self.rto.time(now, iss + 1);
        }
        self.transmit(now, iss, 0, false, out);
    }

    /// An acknowledgement without data.
    pub(super) fn send_ack(&mut self, now: Instant, out: &mut Vec<Output>) {
        let header = self.header(now, self.snd.nxt, Flags::ACK);
        self.acknowledged_by(&header);
        Self::transmit_bare(header, out);
    }

    /// Sends `octets` from `seq` on, with SYN if that is where it stands.
    pub(super) fn transmit(
        &mut self,
        now: Instant,
        seq: SeqNumber,
        octets: u32,
        fin: bool,
        out: &mut Vec<Output>,
    ) {
        let syn = seq == self.snd.iss;
        let fresh = seq == self.snd.nxt;
        let mut flags = if self.state == State::SynSent { Flags::NONE } else { Flags::ACK };
        if syn {
            flags = flags | Flags::SYN | self.ecn_offer();
        }
        if fin {
            flags = flags | Flags::FIN;
            self.snd.fin_sent = true;
        }
        if octets > 0 && seq + octets == self.snd.end() {
            flags = flags | Flags::PSH;
        }
        if fresh && octets > 0 && self.snd.cwr {
            flags = flags | Flags::CWR;
            self.snd.cwr = false;
        }
        let header = self.header(now, seq, flags);
        self.acknowledged_by(&header);
        self.snd.nxt = self.snd.nxt.max(seq + octets + flags.sequence_len());
        self.snd.sent_at = now;
        self.timers.start(Timer::Retransmit, now, self.rto.current(&self.config));
        if let Some(limit) = self.config.user_timeout {
            self.timers.start(Timer::UserTimeout, now, limit);
        }
        // Only new data may be marked on its way (RFC 3168 §6.1.4, §6.1.5).
        let ecn_capable = self.agreed.ecn && fresh && octets > 0;
        let payload_len = octets as u16;
        out.push(Output::Transmit(Transmit { header, payload_len, ecn_capable }));
    }

    /// ECN's bits on a SYN: ECE and CWR ask, ECE answers (RFC 3168 §6.1.1).
    fn ecn_offer(&self) -> Flags {
        match (self.state, self.config.ecn, self.agreed.ecn) {
            (State::SynSent, true, _) => Flags::ECE | Flags::CWR,
            (State::SynReceived | State::FinWait1, _, true) => Flags::ECE,
            _ => Flags::NONE,
        }
    }

    /// A header with all that goes with every segment: ports, ACK, window, options.
    pub(super) fn header(&mut self, now: Instant, seq: SeqNumber, flags: Flags) -> Header {
        let syn = flags.contains(Flags::SYN);
        let acks = flags.contains(Flags::ACK);
        let mut options = Options::default();
        if syn {
            // A SYN asks for all we can; its answer only for what was asked.
            options.mss = Some(self.config.mss.max(MSS_MIN));
            let scaling = if acks { self.agreed.scaling } else { self.config.window_scaling };
            options.window_scale = scaling.then(|| self.window_shift());
            options.sack_permitted = if acks { self.agreed.sack } else { self.config.sack };
        }
        let timestamps = if syn && !acks { self.config.timestamps } else { self.agreed.timestamps };
        if timestamps {
            let echo = if acks { self.rcv.ts_recent } else { 0 };
            options.timestamps = Some((timestamp(now), echo));
        }
        if acks && !syn {
            options.sack = self.take_blocks();
        }
        let echo = acks && !syn && self.rcv.ece;
        Header {
            source_port: self.local.port,
            destination_port: self.remote.port,
            seq,
            ack: if acks { self.rcv.nxt } else { SeqNumber(0) },
            flags: if echo { flags | Flags::ECE } else { flags },
            window: self.offer_window(syn, acks),
            urgent: 0,
            options,
        }
    }

    /// A closed or silly window with nothing on its way: only the persist timer can find out that
    /// it has opened, since window updates may be lost (RFC 9293 §3.8.6.1).
    fn watch_window(&mut self, now: Instant, out: &mut Vec<Output>) {
        let waits = self.snd.unsent() > 0 || self.snd.fin_queued && !self.snd.fin_sent;
        if !waits || self.snd.flight() > 0 {
            self.timers.stop(Timer::Persist);
            return;
        }
        if !self.timers.runs(Timer::Persist) {
            if self.snd.wnd == 0 && !self.snd.probing {
                Self::note(Note::ZeroWindow, out);
            }
            self.timers.set(Timer::Persist, now, self.rto.current(&self.config));
            if let Some(limit) = self.config.user_timeout {
                self.timers.start(Timer::UserTimeout, now, limit);
            }
        }
    }
}

/// The timestamp clock: milliseconds since the run began (RFC 7323 §5.4 asks for 1 ms to 1 s).
pub(super) const fn timestamp(now: Instant) -> u32 {
    (now.0 / 1_000_000) as u32
}
