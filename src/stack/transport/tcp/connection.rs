//! One connection: the machine. Control flow only; the rules are in the files beside this one.
//!
//! It takes one input at a time and answers with segments, indications and notes. Read RFC 9293
//! §3.3.1 for the variables, §3.10 for the order of events. It keeps no list of segments: what is
//! to be sent again is cut from the send buffer anew (§3.7), and the scoreboard knows which part.

use super::buffer::Rope;
use super::congestion::Congestion;
use super::ranges::{Range, Ranges};
use super::recovery::Recovery;
use super::rto::Rto;
use super::sack::Scoreboard;
use super::timers::Timers;
use super::{
    Config, Header, Indication, Input, Misuse, Note, Output, SeqNumber, State, Transmit, Trigger,
};
use crate::base::{Chunk, Instant};
use crate::stack::Machine;
use crate::stack::transport::Endpoint;
use std::rc::Rc;

/// A TCP connection.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) state: State,
    /// It was opened by a listener, to which a RST returns it.
    pub(super) passive: bool,
    /// A SYN went out or came in.
    pub(super) opened: bool,
    /// The program is gone; nobody reads what arrives.
    pub(super) released: bool,
    /// The network complained while we were trying (RFC 5461).
    pub(super) complained: bool,
    /// Shared with the connections that are set alike.
    pub(super) config: Rc<Config>,
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    pub(super) agreed: Agreed,
    pub(super) snd: Sending,
    pub(super) rcv: Receiving,
    pub(super) rto: Rto,
    pub(super) congestion: Congestion,
    pub(super) scoreboard: Scoreboard,
    pub(super) recovery: Recovery,
    pub(super) timers: Timers,
    pub(super) challenges: Challenges,
}

/// What the handshake settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreed {
    /// Octets of payload that a segment may have, options not yet taken off.
    pub(super) mss: u16,
    /// Whether both sides scale their windows; then the shifts count.
    pub(super) scaling: bool,
    pub(super) send_shift: u8,
    pub(super) receive_shift: u8,
    pub(super) sack: bool,
    pub(super) timestamps: bool,
    pub(super) ecn: bool,
}

/// The send sequence variables (RFC 9293 §3.3.1) and the send buffer.
#[derive(Clone, Debug)]
pub(super) struct Sending {
    pub(super) iss: SeqNumber,
    pub(super) una: SeqNumber,
    pub(super) nxt: SeqNumber,
    /// The window that the peer offers, in octets from `una`.
    pub(super) wnd: u32,
    /// The largest that it ever offered.
    pub(super) wnd_max: u32,
    pub(super) wl1: SeqNumber,
    pub(super) wl2: SeqNumber,
    /// From `una` (after the SYN) on, sent and unsent.
    pub(super) buffer: Rope,
    /// The program closed: FIN after the buffer.
    pub(super) fin_queued: bool,
    /// The FIN is out: it is the number before `nxt`.
    pub(super) fin_sent: bool,
    /// A window probe is out; the peer may have kept its octet, at `nxt`.
    pub(super) probing: bool,
    /// Probes or time-outs without an answer.
    pub(super) retries: u8,
    /// Our SYN went out more than once.
    pub(super) syn_resent: bool,
    /// The program wanted to send more than there was room for.
    pub(super) writer_waits: bool,
    /// CWR goes with the next new data (RFC 3168 §6.1.2).
    pub(super) cwr: bool,
    /// ECE counts again once this is acknowledged.
    pub(super) ecn_until: SeqNumber,
    /// The end of the data that is held back, if that was told.
    pub(super) held: SeqNumber,
    pub(super) sent_at: Instant,
}

/// The receive sequence variables (RFC 9293 §3.3.1) and the receive buffer.
#[derive(Clone, Debug)]
pub(super) struct Receiving {
    pub(super) irs: SeqNumber,
    pub(super) nxt: SeqNumber,
    /// The right edge of the window as the peer knows it; it never moves back.
    pub(super) edge: SeqNumber,
    /// Octets to be read, and beyond them what came out of order.
    pub(super) buffer: Rope,
    /// What came out of order.
    pub(super) ranges: Ranges,
    /// A number in each of the ranges that changed last, latest first (RFC 2018 §4).
    pub(super) recent: [SeqNumber; 4],
    /// What came twice, to be reported once (RFC 2883).
    pub(super) twice: Option<Range>,
    /// The peer's FIN, while octets before it are missing.
    pub(super) fin: Option<SeqNumber>,
    /// An acknowledgement goes out when this input is done.
    pub(super) ack_now: bool,
    /// The last acknowledgement sent (`Last.ACK.sent` of RFC 7323).
    pub(super) acked: SeqNumber,
    /// The largest payload seen: what counts as a full segment.
    pub(super) full: u32,
    pub(super) ts_recent: u32,
    pub(super) ts_recent_at: Instant,
    /// CE was seen and CWR not yet: say ECE (RFC 3168 §6.1.3).
    pub(super) ece: bool,
    /// Keep-alive probes without an answer.
    pub(super) probes: u8,
}

/// How many challenge ACKs went out lately (RFC 5961 §7).
#[derive(Clone, Copy, Debug)]
pub(super) struct Challenges {
    pub(super) since: Instant,
    pub(super) count: u8,
}

impl Connection {
    /// A connection in CLOSED. `isn` is the initial sequence number it will use (RFC 6528).
    pub fn new(
        config: impl Into<Rc<Config>>,
        local: Endpoint,
        remote: Endpoint,
        isn: SeqNumber,
    ) -> Self {
        let config = config.into();
        Self {
            state: State::Closed,
            passive: false,
            opened: false,
            released: false,
            complained: false,
            local,
            remote,
            agreed: Agreed::nothing(&config),
            snd: Sending::new(isn),
            rcv: Receiving::new(),
            rto: Rto::new(&config),
            congestion: Congestion::new(config.congestion),
            scoreboard: Scoreboard::new(isn),
            recovery: Recovery::new(isn),
            timers: Timers::new(),
            challenges: Challenges { since: Instant::ZERO, count: 0 },
            config,
        }
    }

    /// The state.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Our end.
    pub const fn local(&self) -> Endpoint {
        self.local
    }

    /// The peer's end; unspecified while listening for anybody.
    pub const fn remote(&self) -> Endpoint {
        self.remote
    }

    /// How many octets [`Input::Send`] would take now.
    pub fn send_space(&self) -> u32 {
        self.send_limit().saturating_sub(self.snd.buffer.len())
    }

    /// How many octets wait to be read.
    pub const fn readable(&self) -> u32 {
        self.rcv.buffer.len()
    }

    /// The first `most` of the octets that wait to be read.
    pub fn received(&self, most: u32) -> Chunk {
        self.rcv.buffer.get(0, most)
    }

    /// The payload of a segment just asked for.
    pub fn payload(&self, transmit: &Transmit) -> Chunk {
        let distance = transmit.header.seq.since(self.snd.first());
        self.snd.buffer.get(distance, transmit.payload_len.into())
    }

    /// Whether it was open, or opening, and is no more: nothing of it is needed further. A child
    /// that a RST sent back to LISTEN counts too, since its listener listens by itself.
    pub fn is_over(&self) -> bool {
        match self.state {
            State::Closed => self.opened && (self.released || self.rcv.buffer.len() == 0),
            State::Listen => self.opened,
            _ => false,
        }
    }

    /// Turns Nagle's algorithm on or off (RFC 9293 §3.7.4).
    pub fn set_nagle(&mut self, on: bool) {
        Rc::make_mut(&mut self.config).nagle = on;
    }

    /// About how many octets of memory its two buffers keep.
    pub fn weight(&self) -> u64 {
        self.snd.buffer.weight() + self.rcv.buffer.weight()
    }

    /// The path takes only packets of `mtu` octets: known before the connection begins, so that
    /// its MSS never exceeds it (RFC 1191 §3).
    pub fn limit_path_mtu(&mut self, mtu: u16) {
        let mss = mtu.saturating_sub(40).max(MSS_MIN);
        if mss < self.config.mss {
            Rc::make_mut(&mut self.config).mss = mss;
        }
        self.agreed.mss = self.agreed.mss.min(mss);
    }

    /// Whether a SYN that arrives in TIME-WAIT is young enough to open a new connection in the
    /// place of this one (RFC 9293 §3.10.7.4, RFC 6191): the node then replaces it.
    pub fn reopens(&self, header: &Header) -> bool {
        use super::Flags;
        let fresh = header.flags.contains(Flags::SYN)
            && !header.flags.contains(Flags::ACK)
            && !header.flags.contains(Flags::RST)
            && !header.flags.contains(Flags::FIN);
        let later = match header.options.timestamps.filter(|_| self.agreed.timestamps) {
            Some((value, _)) if value != self.rcv.ts_recent => {
                SeqNumber(value) > SeqNumber(self.rcv.ts_recent)
            }
            Some(_) | None => header.seq > self.rcv.nxt,
        };
        self.state == State::TimeWait && fresh && later
    }

    /// Takes an edge of the diagram and tells of it. The only place where the state changes.
    pub(super) fn enter(&mut self, on: Trigger, out: &mut Vec<Output>) {
        let Some(to) = self.state.next(on) else {
            debug_assert!(false, "{} has no edge for {on:?}", self.state);
            return;
        };
        out.push(Output::Note(Note::Entered { from: self.state, to, on }));
        self.state = to;
        self.opened |= !matches!(to, State::Closed | State::Listen);
    }

    /// Ends the connection at once: queues are flushed, timers stop.
    pub(super) fn end(&mut self, on: Trigger, told: Option<Indication>, out: &mut Vec<Output>) {
        self.enter(on, out);
        self.timers.stop_all();
        self.snd.buffer.release();
        self.snd.fin_queued = false;
        self.rcv.ack_now = false;
        if told != Some(Indication::Closed) {
            self.rcv.buffer.release();
        }
        self.rcv.ranges.clear();
        out.extend(told.map(Output::Indicate));
    }

    /// Nothing more will be sent; what was received may still be read.
    pub(super) fn empty_buffers(&mut self) {
        self.snd.buffer.release();
        if self.rcv.buffer.len() == 0 {
            self.rcv.buffer.release();
        }
    }

    /// Says what was decided.
    pub(super) fn note(note: Note, out: &mut Vec<Output>) {
        out.push(Output::Note(note));
    }
}

impl Agreed {
    /// Before the handshake: the least that every TCP can do (RFC 9293 §3.7.1).
    pub(super) fn nothing(config: &Config) -> Self {
        Self {
            mss: config.mss.clamp(MSS_MIN, MSS_DEFAULT),
            scaling: false,
            send_shift: 0,
            receive_shift: 0,
            sack: false,
            timestamps: false,
            ecn: false,
        }
    }
}

/// A smaller segment than this would be all header; a smaller MSS is not believed.
pub(super) const MSS_MIN: u16 = 64;

/// What a peer that says nothing can take (RFC 9293 §3.7.1).
pub(super) const MSS_DEFAULT: u16 = 536;

impl Sending {
    fn new(iss: SeqNumber) -> Self {
        Self {
            iss,
            una: iss,
            nxt: iss,
            wnd: 0,
            wnd_max: 0,
            wl1: SeqNumber(0),
            wl2: iss,
            buffer: Rope::default(),
            fin_queued: false,
            fin_sent: false,
            probing: false,
            retries: 0,
            syn_resent: false,
            writer_waits: false,
            cwr: false,
            ecn_until: iss,
            held: iss,
            sent_at: Instant::ZERO,
        }
    }

    /// The number of the first octet in the buffer.
    pub(super) fn first(&self) -> SeqNumber {
        if self.una == self.iss { self.iss + 1 } else { self.una }
    }

    /// The number after the last octet in the buffer: that of the FIN.
    pub(super) fn end(&self) -> SeqNumber {
        self.first() + self.buffer.len()
    }

    /// Octets that were never sent.
    pub(super) fn unsent(&self) -> u32 {
        if self.fin_sent { 0 } else { self.end().since(self.nxt.max(self.first())) }
    }

    /// Whether the peer has acknowledged our FIN.
    pub(super) fn fin_acked(&self) -> bool {
        self.fin_sent && self.una == self.nxt
    }

    /// Sequence numbers that are sent and not acknowledged.
    pub(super) const fn flight(&self) -> u32 {
        self.nxt.since(self.una)
    }

    /// How many numbers from `seq` on the peer's window takes.
    pub(super) fn room_from(&self, seq: SeqNumber) -> u32 {
        let edge = self.una + self.wnd;
        if seq < edge { edge.since(seq) } else { 0 }
    }
}

impl Receiving {
    fn new() -> Self {
        Self {
            irs: SeqNumber(0),
            nxt: SeqNumber(0),
            edge: SeqNumber(0),
            buffer: Rope::default(),
            ranges: Ranges::default(),
            recent: [SeqNumber(0); 4],
            twice: None,
            fin: None,
            ack_now: false,
            acked: SeqNumber(0),
            full: MSS_DEFAULT.into(),
            ts_recent: 0,
            ts_recent_at: Instant::ZERO,
            ece: false,
            probes: 0,
        }
    }
}

impl Machine for Connection {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Listen => self.listen(out),
            Input::Connect => self.connect(now, out),
            Input::Send(octets) => self.accept(now, &octets, out),
            Input::Read(octets) => self.read(octets, out),
            Input::Close => self.close(out),
            Input::Release => self.release(now, out),
            Input::Abort => self.abort(now, out),
            Input::Segment { header, payload, congestion_experienced } => {
                self.arrives(now, &header, &payload, congestion_experienced, out);
            }
            Input::Unreachable { seq, hard } => self.unreachable(seq, hard, out),
            Input::PathMtu { seq, mtu } => self.lower_path_mtu(seq, mtu, out),
        }
        self.send_all(now, out);
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.deadline()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.deadline().is_some_and(|at| at <= now) {
            self.expire(now, out);
            self.send_all(now, out);
        }
    }
}

/// Tells the program that it did what it must not.
pub(super) fn misuse(misuse: Misuse, out: &mut Vec<Output>) {
    out.push(Output::Indicate(Indication::Misuse(misuse)));
}
