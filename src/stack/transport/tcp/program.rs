//! The program's calls, in each state (RFC 9293 §3.10.1 – §3.10.5), and the network's complaints.

use super::connection::{Agreed, MSS_MIN, misuse};
use super::note::Note;
use super::timers::Timer;
use super::{Connection, Header, Indication, Misuse, Output, SeqNumber, State, Transmit, Trigger};
use crate::base::{Chunk, Instant};
use crate::stack::transport::tcp::Flags;
use std::rc::Rc;

/// Buffers end where the largest window does (RFC 7323 §2.3).
const BUFFER_MAX: u32 = 1 << 30;

impl Connection {
    /// The most octets that wait to be sent or acknowledged.
    pub(super) fn send_limit(&self) -> u32 {
        self.config.send_buffer.min(BUFFER_MAX)
    }

    /// The most octets that wait to be read.
    pub(super) fn receive_limit(&self) -> u32 {
        self.config.receive_buffer.min(BUFFER_MAX)
    }

    pub(super) fn listen(&mut self, out: &mut Vec<Output>) {
        if self.state == State::Closed && self.snd.nxt == self.snd.iss {
            self.passive = true;
            self.enter(Trigger::PassiveOpen, out);
        } else {
            misuse(Misuse::AlreadyOpen, out);
        }
    }

    pub(super) fn connect(&mut self, now: Instant, out: &mut Vec<Output>) {
        let fresh = self.snd.nxt == self.snd.iss;
        if fresh && matches!(self.state, State::Closed | State::Listen) && self.remote.port != 0 {
            self.open(now, Trigger::ActiveOpen, out);
        } else {
            misuse(Misuse::AlreadyOpen, out);
        }
    }

    fn open(&mut self, now: Instant, on: Trigger, out: &mut Vec<Output>) {
        self.passive = false;
        self.enter(on, out);
        self.send_syn(now, out);
    }

    /// SEND: queues what there is room for.
    pub(super) fn accept(&mut self, now: Instant, octets: &Chunk, out: &mut Vec<Output>) {
        let open = match self.state {
            State::Listen => self.remote.port != 0,
            State::SynSent | State::SynReceived | State::Established | State::CloseWait => {
                !self.snd.fin_queued
            }
            State::Closed
            | State::FinWait1
            | State::FinWait2
            | State::Closing
            | State::LastAck
            | State::TimeWait => false,
        };
        if !open {
            return misuse(Misuse::NotOpen, out);
        }
        let (room, offered) = (self.send_space() as usize, octets.len());
        self.snd.buffer.push(octets.slice(0..room));
        if self.send_space() == 0 {
            self.snd.writer_waits = true;
        }
        if room < offered {
            misuse(Misuse::BufferFull, out);
        }
        if self.state == State::Listen {
            self.open(now, Trigger::Send, out);
        }
    }

    /// RECEIVE: the program has taken so many octets.
    pub(super) fn read(&mut self, octets: u32, out: &mut Vec<Output>) {
        if octets > self.rcv.buffer.len() {
            misuse(Misuse::ReadTooMuch, out);
        }
        self.rcv.buffer.consume(octets);
        self.reopen_window(out);
    }

    /// CLOSE (§3.10.4): no more from us.
    pub(super) fn close(&mut self, out: &mut Vec<Output>) {
        match self.state {
            State::Listen | State::SynSent => {
                self.end(Trigger::Close, Some(Indication::Closed), out);
            }
            // With data queued the FIN has to wait for the connection to be open.
            State::SynReceived if self.snd.buffer.len() > 0 && !self.snd.fin_queued => {
                self.snd.fin_queued = true;
            }
            State::SynReceived | State::Established | State::CloseWait if !self.snd.fin_queued => {
                self.snd.fin_queued = true;
                self.enter(Trigger::Close, out);
            }
            _ => misuse(Misuse::NotOpen, out),
        }
    }

    /// The program is gone.
    pub(super) fn release(&mut self, now: Instant, out: &mut Vec<Output>) {
        self.released = true;
        if self.rcv.buffer.len() > 0 && self.state != State::Closed {
            // Unread data is lost: the peer must not believe that all is well (RFC 9293 §3.6.1).
            return self.abort(now, out);
        }
        match self.state {
            State::Listen
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::CloseWait
                if !self.snd.fin_queued =>
            {
                self.close(out);
            }
            State::FinWait2 => self.watch_orphan(now),
            _ => {}
        }
    }

    /// FIN-WAIT-2 without a program ends some time.
    pub(super) fn watch_orphan(&mut self, now: Instant) {
        if self.released {
            self.timers.start(Timer::FinWait2, now, self.config.fin_wait_2_timeout);
        }
    }

    /// ABORT (§3.10.5).
    pub(super) fn abort(&mut self, now: Instant, out: &mut Vec<Output>) {
        match self.state {
            State::Closed => return misuse(Misuse::NotOpen, out),
            State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait => self.send_reset(now, out),
            State::Listen | State::SynSent | State::Closing | State::LastAck | State::TimeWait => {}
        }
        self.end(Trigger::Abort, None, out);
    }

    /// An ICMP error about a segment of ours: only believed if that segment is on its way
    /// (RFC 5927 §4); hard ones only end what is not open yet (RFC 5461 §4).
    pub(super) fn unreachable(&mut self, seq: SeqNumber, hard: bool, out: &mut Vec<Output>) {
        if !self.in_flight(seq) {
            return Self::note(Note::ErrorIgnored, out);
        }
        if hard && matches!(self.state, State::SynSent | State::SynReceived) {
            return self.end(Trigger::HardError, Some(Indication::Unreachable), out);
        }
        self.complained = true;
        Self::note(Note::SoftError, out);
    }

    /// The path takes only packets of `mtu` octets (RFC 1191 §6.4): cut smaller ones, and send
    /// again what was too large. This is no sign of congestion.
    pub(super) fn lower_path_mtu(&mut self, seq: SeqNumber, mtu: u16, out: &mut Vec<Output>) {
        let mss = mtu.saturating_sub(40).max(MSS_MIN);
        if !self.in_flight(seq) || mss >= self.agreed.mss {
            return Self::note(Note::ErrorIgnored, out);
        }
        self.agreed.mss = mss;
        Self::note(Note::PathMtuLowered { mss }, out);
        self.rto.stop_timing();
        self.scoreboard.give_up(self.snd.una, self.snd.nxt);
    }

    fn in_flight(&self, seq: SeqNumber) -> bool {
        self.snd.una <= seq && seq < self.snd.nxt
    }

    /// A RST of our own accord (§3.10.5).
    pub(super) fn send_reset(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mut header = self.header(now, self.snd.nxt, Flags::RST);
        header.ack = SeqNumber(0);
        header.window = 0;
        Self::transmit_bare(header, out);
    }

    /// A segment that is not part of the stream.
    pub(super) fn transmit_bare(header: Header, out: &mut Vec<Output>) {
        out.push(Output::Transmit(Transmit { header, payload_len: 0, ecn_capable: false }));
    }

    /// Forgets what a handshake that failed had settled: a listener begins anew (§3.10.7.4).
    pub(super) fn listen_again(&mut self) {
        let fresh = Self::new(Rc::clone(&self.config), self.local, self.remote, self.snd.iss);
        let (state, passive, opened) = (self.state, self.passive, self.opened);
        *self = Self { state, passive, opened, agreed: Agreed::nothing(&self.config), ..fresh };
    }
}
