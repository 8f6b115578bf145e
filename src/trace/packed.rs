//! Records as they are kept: 32 octets each, whatever they say.
//!
//! A [`Packed`] leaves out what can be found otherwise. The step and its time stand once for all
//! records of the step, in the trace's index of steps. What many records say again and again (the
//! ends of a connection, what a parser expected) stands in a table, and the record has its number.

use super::record::{Excerpt, Fact, FrameLoss, Limit, ProgramNote, WebNote};
use crate::base::{FrameId, FxHashMap, Instant, InterfaceId, LinkId, Malformed, NodeId, SocketId};
use crate::stack::Layer;
use crate::stack::application::web::Unit;
use crate::stack::application::{engine_io, http, socket_io, websocket};
use crate::stack::data_link::{arp, bridge, ethernet};
use crate::stack::network::{icmp, ipv4};
use crate::stack::transport::{Endpoint, tcp, udp};
use std::hash::Hash;

/// A record without its step and time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Packed {
    /// Where: a [`place`]; for a fact of TCP, the number of its [`Teller`], which knows.
    at: u32,
    kept: Kept,
}

const _: () = assert!(size_of::<Packed>() == 32);

/// A value that may lie at any fourth octet, so that the 64 bits in it do not make the record
/// longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C, packed(4))]
struct Loose<T: Copy>(T);

/// A [`Fact`] in 28 octets. What is not explained here is so there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kept {
    Started,
    FrameSent {
        frame: FrameId,
        times: Loose<[Instant; 2]>,
    },
    FrameDuplicated {
        frame: FrameId,
        times: Loose<[Instant; 2]>,
    },
    FrameArrived {
        frame: FrameId,
        interface: InterfaceId,
    },
    FrameLost {
        frame: FrameId,
        reason: FrameLoss,
    },
    /// With the number of what was wrong.
    Malformed {
        frame: FrameId,
        wrong: u32,
    },
    Ethernet(ethernet::Note),
    Arp(arp::Note),
    Bridge(bridge::Note),
    Ip(ipv4::Note),
    Icmp(icmp::Note),
    Udp {
        socket: Option<SocketId>,
        note: Loose<udp::Note>,
    },
    /// The rest is with the teller.
    Tcp(Loose<tcp::Note>),
    Program {
        program: u16,
        note: Loose<ProgramNote>,
    },
    Unit(Speaker, Unit, Excerpt),
    Http(Speaker, Loose<http::Note>),
    WebSocket(Speaker, Loose<websocket::Note>),
    EngineIo(Speaker, Loose<engine_io::Note>),
    SocketIo(Speaker, Loose<socket_io::Note>),
    LinkChanged {
        link: LinkId,
        up: bool,
    },
    LimitReached(Loose<Limit>),
    Ended,
}

/// A program that speaks a protocol, and the socket that it is about, if it is about one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C, packed(2))]
struct Speaker {
    program: u16,
    /// [`NO_SOCKET`] for none.
    socket: u32,
}

const NO_SOCKET: u32 = u32::MAX;

impl Speaker {
    fn new(program: u16, socket: Option<SocketId>) -> Self {
        Self { program, socket: socket.map_or(NO_SOCKET, |socket| socket.0) }
    }

    fn says(self, note: WebNote) -> Fact {
        let socket = (self.socket != NO_SOCKET).then_some(SocketId(self.socket));
        Fact::Web { program: self.program, socket, note }
    }
}

/// One end of a connection, which tells most of what there is to tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Teller {
    place: u32,
    socket: Option<SocketId>,
    local: Endpoint,
    remote: Endpoint,
}

/// What records refer to by number. It only grows, and only by what was never said before.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    tellers: Table<Teller>,
    malformed: Table<Malformed>,
}

/// Values by number, and numbers by value.
#[derive(Clone, Debug)]
struct Table<T> {
    values: Vec<T>,
    numbers: FxHashMap<T, u32>,
    /// The numbers that were asked for last, latest first: the two ends of a busy connection tell
    /// most of what there is to tell, in turn.
    lately: [u32; 2],
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: FxHashMap::default(), lately: [0; 2] }
    }
}

impl<T: Copy + Eq + Hash> Table<T> {
    /// The number of a value; the next one for a new value.
    fn number(&mut self, value: T) -> u32 {
        let [latest, other] = self.lately;
        let has = |number: u32| self.values.get(number as usize) == Some(&value);
        if has(latest) {
            return latest;
        }
        let number = if has(other) { other } else { self.look_up(value) };
        self.lately = [number, latest];
        number
    }

    fn look_up(&mut self, value: T) -> u32 {
        *self.numbers.entry(value).or_insert_with(|| {
            self.values.push(value);
            self.values.len() as u32 - 1
        })
    }

    fn get(&self, number: u32) -> T {
        self.values[number as usize]
    }
}

/// A device and a layer of it: the node's number times eight, and the layer's place among all.
fn place(node: NodeId, layer: Layer) -> u32 {
    debug_assert!(node.0 < 1 << 29, "more nodes than a record can tell apart");
    node.0 << 3 | u32::from(layer.number() - 1)
}

impl Packed {
    /// The record of a fact.
    ///
    /// Where the caller knows the variant, this is a few stores.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "else the fact is made in memory first, and read again"
    )]
    pub(super) fn new(node: NodeId, layer: Layer, fact: Fact, tables: &mut Tables) -> Self {
        let at = place(node, layer);
        let kept = match fact {
            Fact::Started => Kept::Started,
            Fact::FrameSent { frame, starts, arrives } => {
                Kept::FrameSent { frame, times: Loose([starts, arrives]) }
            }
            Fact::FrameDuplicated { frame, starts, arrives } => {
                Kept::FrameDuplicated { frame, times: Loose([starts, arrives]) }
            }
            Fact::FrameArrived { frame, interface } => Kept::FrameArrived { frame, interface },
            Fact::FrameLost { frame, reason } => Kept::FrameLost { frame, reason },
            Fact::Malformed { frame, malformed } => {
                Kept::Malformed { frame, wrong: tables.malformed.number(malformed) }
            }
            Fact::Ethernet(note) => Kept::Ethernet(note),
            Fact::Arp(note) => Kept::Arp(note),
            Fact::Bridge(note) => Kept::Bridge(note),
            Fact::Ip(note) => Kept::Ip(note),
            Fact::Icmp(note) => Kept::Icmp(note),
            Fact::Udp { socket, note } => Kept::Udp { socket, note: Loose(note) },
            Fact::Tcp { socket, local, remote, note } => {
                let teller = tables.tellers.number(Teller { place: at, socket, local, remote });
                return Self { at: teller, kept: Kept::Tcp(Loose(note)) };
            }
            Fact::Program { program, note } => Kept::Program { program, note: Loose(note) },
            Fact::Web { program, socket, note } => {
                let speaker = Speaker::new(program, socket);
                match note {
                    WebNote::Unit(unit, excerpt) => Kept::Unit(speaker, unit, excerpt),
                    WebNote::Http(note) => Kept::Http(speaker, Loose(note)),
                    WebNote::WebSocket(note) => Kept::WebSocket(speaker, Loose(note)),
                    WebNote::EngineIo(note) => Kept::EngineIo(speaker, Loose(note)),
                    WebNote::SocketIo(note) => Kept::SocketIo(speaker, Loose(note)),
                }
            }
            Fact::LinkChanged { link, up } => Kept::LinkChanged { link, up },
            Fact::LimitReached(limit) => Kept::LimitReached(Loose(limit)),
            Fact::Ended => Kept::Ended,
        };
        Self { at, kept }
    }

    /// What it says, and where.
    pub(super) fn unpack(&self, tables: &Tables) -> (NodeId, Layer, Fact) {
        let mut at = self.at;
        let fact = match self.kept {
            Kept::Started => Fact::Started,
            Kept::FrameSent { frame, times: Loose([starts, arrives]) } => {
                Fact::FrameSent { frame, starts, arrives }
            }
            Kept::FrameDuplicated { frame, times: Loose([starts, arrives]) } => {
                Fact::FrameDuplicated { frame, starts, arrives }
            }
            Kept::FrameArrived { frame, interface } => Fact::FrameArrived { frame, interface },
            Kept::FrameLost { frame, reason } => Fact::FrameLost { frame, reason },
            Kept::Malformed { frame, wrong } => {
                Fact::Malformed { frame, malformed: tables.malformed.get(wrong) }
            }
            Kept::Ethernet(note) => Fact::Ethernet(note),
            Kept::Arp(note) => Fact::Arp(note),
            Kept::Bridge(note) => Fact::Bridge(note),
            Kept::Ip(note) => Fact::Ip(note),
            Kept::Icmp(note) => Fact::Icmp(note),
            Kept::Udp { socket, note: Loose(note) } => Fact::Udp { socket, note },
            Kept::Tcp(Loose(note)) => {
                let Teller { place, socket, local, remote } = tables.tellers.get(at);
                at = place;
                Fact::Tcp { socket, local, remote, note }
            }
            Kept::Program { program, note: Loose(note) } => Fact::Program { program, note },
            Kept::Unit(speaker, unit, excerpt) => speaker.says(WebNote::Unit(unit, excerpt)),
            Kept::Http(speaker, Loose(note)) => speaker.says(WebNote::Http(note)),
            Kept::WebSocket(speaker, Loose(note)) => speaker.says(WebNote::WebSocket(note)),
            Kept::EngineIo(speaker, Loose(note)) => speaker.says(WebNote::EngineIo(note)),
            Kept::SocketIo(speaker, Loose(note)) => speaker.says(WebNote::SocketIo(note)),
            Kept::LinkChanged { link, up } => Fact::LinkChanged { link, up },
            Kept::LimitReached(Loose(limit)) => Fact::LimitReached(limit),
            Kept::Ended => Fact::Ended,
        };
        (NodeId(at >> 3), Layer::ALL[(at & 7) as usize], fact)
    }

    /// Whether this record, with its tables, says what `other` says with its own.
    pub(super) fn says_the_same(&self, tables: &Tables, other: &Self, others: &Tables) -> bool {
        match (self.kept, other.kept) {
            (Kept::Tcp(note), Kept::Tcp(again)) => {
                note == again && tables.tellers.get(self.at) == others.tellers.get(other.at)
            }
            (
                Kept::Malformed { frame, wrong },
                Kept::Malformed { frame: again, wrong: other_wrong },
            ) => {
                self.at == other.at
                    && frame == again
                    && tables.malformed.get(wrong) == others.malformed.get(other_wrong)
            }
            _ => self == other,
        }
    }
}
