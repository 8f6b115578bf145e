//! A segment arrives: RFC 9293 §3.10.7, a function for each of its steps, in their order.

use super::connection::{MSS_DEFAULT, MSS_MIN};
use super::note::{Dropped, Note};
use super::options::WINDOW_SCALE_MAX;
use super::ranges::Range;
use super::timers::Timer;
use super::{Connection, Flags, Header, Indication, Output, SeqNumber, State, Trigger, reset_for};
use crate::base::{Chunk, Duration, Instant};
use std::ops::ControlFlow::{self, Break, Continue};

/// After so long without a segment the newest timestamp says nothing (RFC 7323 §5.5).
const TIMESTAMP_AGE_MAX: Duration = Duration::from_secs(24 * 24 * 3600);

/// Challenge ACKs in [`CHALLENGE_SPAN`], at most (RFC 5961 §7).
const CHALLENGES_MAX: u8 = 10;
const CHALLENGE_SPAN: Duration = Duration::from_secs(5);

/// A segment on its way through the steps.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) header: Header,
    pub(super) payload: &'a Chunk,
}

impl Arrival<'_> {
    pub(super) const fn has(&self, flags: Flags) -> bool {
        self.header.flags.contains(flags)
    }

    /// The sequence numbers that it takes (SEG.LEN).
    pub(super) const fn len(&self) -> u32 {
        self.payload.len() as u32 + self.header.flags.sequence_len()
    }
}

impl Connection {
    pub(super) fn arrives(
        &mut self,
        now: Instant,
        header: &Header,
        payload: &Chunk,
        marked: bool,
        out: &mut Vec<Output>,
    ) {
        let mut segment = Arrival { header: *header, payload };
        if self.state == State::Closed {
            Self::drop_it(Dropped::NoConnection, out);
            return Self::answer_by_reset(&segment, out);
        }
        let flags = header.flags;
        let syn = flags.contains(Flags::SYN);
        let illegal = syn && (flags.contains(Flags::FIN) || flags.contains(Flags::RST));
        if illegal || flags.without(Flags::PSH | Flags::URG | Flags::ECE | Flags::CWR).0 == 0 {
            return Self::drop_it(Dropped::IllegalFlags, out);
        }
        match self.state {
            State::Listen => self.arrives_in_listen(now, &segment, out),
            State::SynSent => self.arrives_in_syn_sent(now, &segment, out),
            _ => {
                if self.arrives_elsewhere(now, &mut segment, marked, out).is_continue() {
                    self.alive(now);
                }
            }
        }
    }

    pub(super) fn drop_it(why: Dropped, out: &mut Vec<Output>) {
        Self::note(Note::SegmentDropped(why), out);
    }

    fn answer_by_reset(segment: &Arrival<'_>, out: &mut Vec<Output>) {
        if let Some(reset) = reset_for(&segment.header, segment.payload.len() as u32) {
            Self::note(Note::ResetSent, out);
            Self::transmit_bare(reset, out);
        }
    }

    /// LISTEN (§3.10.7.2).
    fn arrives_in_listen(&mut self, now: Instant, segment: &Arrival<'_>, out: &mut Vec<Output>) {
        if segment.has(Flags::RST) {
            return Self::drop_it(Dropped::ResetNotForUs, out);
        }
        if segment.has(Flags::ACK) {
            return Self::answer_by_reset(segment, out);
        }
        if !segment.has(Flags::SYN) {
            return Self::drop_it(Dropped::NotExpected, out);
        }
        if self.remote == self.local {
            return Self::drop_it(Dropped::FromItself, out);
        }
        self.remote.port = segment.header.source_port;
        self.agree(now, &segment.header, out);
        self.enter(Trigger::SynArrives, out);
        self.send_syn(now, out);
    }

    /// SYN-SENT (§3.10.7.3).
    fn arrives_in_syn_sent(&mut self, now: Instant, segment: &Arrival<'_>, out: &mut Vec<Output>) {
        let ack = segment.header.ack;
        let acks = segment.has(Flags::ACK);
        if acks && !(self.snd.una < ack && ack <= self.snd.nxt) {
            Self::drop_it(Dropped::AckOfUnsent, out);
            return Self::answer_by_reset(segment, out);
        }
        if segment.has(Flags::RST) {
            if acks {
                self.end(Trigger::ResetAfterActiveOpen, Some(Indication::Refused), out);
            } else {
                Self::drop_it(Dropped::ResetNotForUs, out);
            }
            return;
        }
        if !segment.has(Flags::SYN) {
            return Self::drop_it(Dropped::NotExpected, out);
        }
        self.agree(now, &segment.header, out);
        if acks {
            self.enter(Trigger::SynAckArrives, out);
            self.acknowledged(now, segment, out);
            self.rcv.ack_now = true;
            out.push(Output::Indicate(Indication::Connected));
            self.alive(now);
        } else {
            self.enter(Trigger::SynArrives, out);
            self.send_syn(now, out);
        }
    }

    /// Takes over what the peer's SYN says.
    fn agree(&mut self, now: Instant, header: &Header, out: &mut Vec<Output>) {
        let (config, options, flags) = (&self.config, &header.options, header.flags);
        let (ece, cwr) = (flags.contains(Flags::ECE), flags.contains(Flags::CWR));
        let peer_mss = options.mss.unwrap_or(MSS_DEFAULT);
        self.agreed.mss = peer_mss.min(config.mss).max(MSS_MIN);
        self.agreed.scaling = config.window_scaling && options.window_scale.is_some();
        if self.agreed.scaling {
            self.agreed.send_shift = options.window_scale.unwrap_or(0).min(WINDOW_SCALE_MAX);
            self.agreed.receive_shift = self.window_shift();
        }
        self.agreed.sack = config.sack && options.sack_permitted;
        self.agreed.timestamps = config.timestamps && options.timestamps.is_some();
        // The answer to an ECN offer has ECE alone (RFC 3168 §6.1.1).
        self.agreed.ecn = config.ecn && ece && cwr != flags.contains(Flags::ACK);
        if let Some((value, _)) = options.timestamps {
            (self.rcv.ts_recent, self.rcv.ts_recent_at) = (value, now);
        }
        self.rcv.irs = header.seq;
        self.rcv.nxt = header.seq + 1;
        self.rcv.acked = self.rcv.nxt;
        // A SYN of ours has offered a window already.
        let offered =
            if self.state == State::SynSent { self.receive_limit().min(0xffff) } else { 0 };
        self.rcv.edge = self.rcv.nxt + offered;
        self.snd.wnd = header.window.into();
        self.snd.wnd_max = self.snd.wnd;
        (self.snd.wl1, self.snd.wl2) = (header.seq, self.snd.una);
        let agreed = self.agreed;
        let note = Note::Negotiated {
            mss: if agreed.timestamps { agreed.mss - 12 } else { agreed.mss },
            receive_shift: agreed.receive_shift,
            send_shift: agreed.send_shift,
            sack: agreed.sack,
            timestamps: agreed.timestamps,
            ecn: agreed.ecn,
        };
        Self::note(note, out);
    }

    /// All other states (§3.10.7.4). Breaks off where the segment is not to be believed.
    fn arrives_elsewhere(
        &mut self,
        now: Instant,
        segment: &mut Arrival<'_>,
        marked: bool,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        self.take_syn_again(now, segment, out)?;
        self.check_timestamp(now, segment, out)?;
        self.check_sequence(now, segment, out)?;
        self.check_reset(now, segment, out)?;
        self.check_syn(now, segment, out)?;
        self.check_ack(now, segment, out)?;
        self.check_release(now, segment, out)?;
        self.take_marks(segment, marked, out);
        self.check_urgent(segment, out);
        let seq = segment.header.seq;
        if !segment.payload.is_empty() && self.state.receives() {
            self.take_text(now, seq, segment.payload, out);
        }
        if segment.has(Flags::FIN) {
            self.take_fin(seq + segment.payload.len() as u32, out);
        }
        self.check_fin(now, out);
        Continue(())
    }

    /// In SYN-RECEIVED the peer's SYN may come again, alone since our answer was lost, or with
    /// its ACK of ours in a simultaneous open (§3.5 figure 7). Its number is used up, so what is
    /// left counts from the next one.
    fn take_syn_again(
        &mut self,
        now: Instant,
        segment: &mut Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        let again = segment.has(Flags::SYN) && segment.header.seq == self.rcv.irs;
        if self.state != State::SynReceived || !again {
            return Continue(());
        }
        if !segment.has(Flags::ACK) {
            Self::note(Note::Resent { seq: self.snd.iss, octets: 0 }, out);
            self.rto.stop_timing();
            self.send_syn(now, out);
            return Break(());
        }
        segment.header.seq += 1;
        segment.header.flags = segment.header.flags.without(Flags::SYN);
        Continue(())
    }

    /// PAWS (RFC 7323 §5.3): what carries an older timestamp than was seen is itself old.
    fn check_timestamp(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        if !self.agreed.timestamps || segment.has(Flags::RST) {
            return Continue(());
        }
        let Some((value, _)) = segment.header.options.timestamps else {
            Self::drop_it(Dropped::NoTimestamp, out);
            return Break(());
        };
        let recent = self.rcv.ts_recent;
        let stale = now.since(self.rcv.ts_recent_at) > TIMESTAMP_AGE_MAX;
        if SeqNumber(value) < SeqNumber(recent) && !stale {
            Self::note(Note::PawsDropped { value, recent }, out);
            self.answer_doubt(now, segment, out);
            return Break(());
        }
        // TS.Recent is what stands at the edge of the last acknowledgement (§4.3).
        if segment.header.seq <= self.rcv.acked
            && segment.header.seq + segment.len() >= self.rcv.acked
        {
            (self.rcv.ts_recent, self.rcv.ts_recent_at) = (value, now);
        }
        Continue(())
    }

    /// First: the sequence number (§3.4, the four cases).
    fn check_sequence(
        &mut self,
        now: Instant,
        segment: &mut Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        let (seq, len) = (segment.header.seq, segment.len());
        let (nxt, window) = (self.rcv.nxt, self.receive_window());
        let inside = |seq: SeqNumber| nxt <= seq && seq.since(nxt) < window;
        let acceptable = match (len, window) {
            (0, 0) => seq == nxt,
            (0, _) => inside(seq),
            (_, 0) => false,
            (..) => inside(seq) || inside(seq + (len - 1)) || seq < nxt && nxt < seq + len,
        };
        if acceptable {
            return Continue(());
        }
        if window == 0 && seq == nxt {
            // No room for text, but ACK, RST and URG count (§3.10.7.4); the rest is asked again.
            segment.payload = &Chunk::EMPTY;
            segment.header.flags = segment.header.flags.without(Flags::FIN);
            self.rcv.ack_now = true;
            Self::note(Note::WindowClosed, out);
            return Continue(());
        }
        Self::drop_it(Dropped::OutsideWindow, out);
        if segment.has(Flags::RST) {
            return Break(());
        }
        if self.state == State::TimeWait && segment.has(Flags::FIN) {
            self.wait(now);
            Self::note(Note::TimeWaitRestarted, out);
        }
        if !segment.payload.is_empty() {
            let end = seq + segment.payload.len() as u32;
            self.report_twice(Range { first: seq, end }, out);
        }
        self.answer_doubt(now, segment, out);
        Break(())
    }

    /// Second: RST. Only the exact number counts; anything else in the window is asked to prove
    /// itself (RFC 5961 §3.2).
    fn check_reset(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        if !segment.has(Flags::RST) {
            return Continue(());
        }
        if segment.header.seq != self.rcv.nxt {
            self.challenge(now, out);
        } else if self.state == State::TimeWait && !self.config.time_wait_reset {
            Self::drop_it(Dropped::ResetInTimeWait, out);
        } else if self.state == State::SynReceived && self.passive {
            self.end(Trigger::ResetAfterPassiveOpen, None, out);
            self.listen_again();
        } else if self.state == State::SynReceived {
            self.end(Trigger::ResetAfterActiveOpen, Some(Indication::Refused), out);
        } else {
            let told = (self.state != State::TimeWait).then_some(Indication::Reset);
            self.end(Trigger::ResetArrives, told, out);
        }
        Break(())
    }

    /// Fourth: a SYN in a connection that knows its peer (RFC 5961 §4.2).
    fn check_syn(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        if !segment.has(Flags::SYN) {
            return Continue(());
        }
        self.challenge(now, out);
        Break(())
    }

    /// Data for a program that is gone: the peer must learn that nobody reads it (§3.6.1).
    fn check_release(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) -> ControlFlow<()> {
        let beyond = segment.header.seq + segment.payload.len() as u32 > self.rcv.nxt;
        let waits = matches!(self.state, State::FinWait1 | State::FinWait2);
        if !self.released || !waits || segment.payload.is_empty() || !beyond {
            return Continue(());
        }
        self.send_reset(now, out);
        self.end(Trigger::DataAfterRelease, None, out);
        Break(())
    }

    /// The network's congestion marks, to be echoed until CWR comes (RFC 3168 §6.1.3).
    fn take_marks(&mut self, segment: &Arrival<'_>, marked: bool, out: &mut Vec<Output>) {
        if !self.agreed.ecn {
            return;
        }
        if segment.has(Flags::CWR) {
            self.rcv.ece = false;
        }
        if marked {
            if !self.rcv.ece {
                Self::note(Note::CongestionMarked, out);
            }
            self.rcv.ece = true;
        }
    }

    /// Sixth: URG. The octets stay in the stream (RFC 6093); where they end is told.
    fn check_urgent(&self, segment: &Arrival<'_>, out: &mut Vec<Output>) {
        if segment.has(Flags::URG) && self.state.receives() {
            let end = segment.header.seq + u32::from(segment.header.urgent);
            Self::note(Note::Urgent { end }, out);
        }
    }

    /// Eighth: FIN, first where it stands. Beyond a gap it waits; beyond the window it is cut off.
    fn take_fin(&mut self, seq: SeqNumber, out: &mut Vec<Output>) {
        self.rcv.ack_now = true;
        let inside = seq == self.rcv.nxt || seq < self.rcv.edge;
        if self.state.receives() && seq >= self.rcv.nxt && inside {
            if seq > self.rcv.nxt && self.rcv.fin.is_none() {
                Self::note(Note::FinWaits, out);
            }
            self.rcv.fin = Some(seq);
        }
    }

    /// Then, once all before it is here, what it means.
    fn check_fin(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.rcv.fin != Some(self.rcv.nxt) || !self.state.receives() {
            return;
        }
        self.rcv.fin = None;
        self.rcv.nxt += 1;
        self.rcv.ranges.clear();
        self.enter(Trigger::FinArrives, out);
        out.push(Output::Indicate(Indication::PeerClosed));
        if self.state == State::TimeWait {
            self.begin_time_wait(now, out);
        }
    }

    /// TIME-WAIT begins: all is closed, only the wait is left (§3.10.7.4).
    pub(super) fn begin_time_wait(&mut self, now: Instant, out: &mut Vec<Output>) {
        self.timers.stop_all();
        self.empty_buffers();
        self.wait(now);
        out.push(Output::Indicate(Indication::Closed));
    }

    fn wait(&mut self, now: Instant) {
        self.timers.set(Timer::TimeWait, now, self.config.msl.times(2));
    }

    /// An ACK for what is not acceptable. Those without data are limited in number, or two sides
    /// that disagree would answer each other for ever.
    pub(super) fn answer_doubt(
        &mut self,
        now: Instant,
        segment: &Arrival<'_>,
        out: &mut Vec<Output>,
    ) {
        if segment.len() > 0 || self.challenge_allowed(now, out) {
            self.rcv.ack_now = true;
        }
    }

    /// Asks the peer to prove itself by an ACK that says where we are (RFC 5961).
    pub(super) fn challenge(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.challenge_allowed(now, out) {
            Self::note(Note::ChallengeAck, out);
            self.rcv.ack_now = true;
        }
    }

    fn challenge_allowed(&mut self, now: Instant, out: &mut Vec<Output>) -> bool {
        if self.challenges.count == 0 || now.since(self.challenges.since) >= CHALLENGE_SPAN {
            self.challenges.since = now;
            self.challenges.count = 0;
        }
        if self.challenges.count >= CHALLENGES_MAX {
            Self::note(Note::ChallengeWithheld, out);
            return false;
        }
        self.challenges.count += 1;
        true
    }

    /// The peer is there: keep-alive starts anew (§3.8.4).
    fn alive(&mut self, now: Instant) {
        self.rcv.probes = 0;
        let open = matches!(self.state, State::Established | State::CloseWait | State::FinWait2);
        match self.config.keep_alive.filter(|_| open) {
            Some(silence) => self.timers.set(Timer::KeepAlive, now, silence),
            None => self.timers.stop(Timer::KeepAlive),
        }
    }
}
