//! One fact, with its place and time.

use crate::base::{Duration, FrameId, Instant, InterfaceId, LinkId, Malformed, NodeId, SocketId};
use crate::stack::Layer;
use crate::stack::application::web::{self, Unit};
use crate::stack::application::{engine_io, http, socket_io, websocket};
use crate::stack::data_link::{arp, bridge, ethernet};
use crate::stack::network::{icmp, ipv4};
use crate::stack::transport::{Endpoint, tcp, udp};
use std::net::Ipv4Addr;

/// Something that happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// The step that it belongs to. The first record of a step is its cause, the others follow.
    pub step: u64,
    /// When.
    pub at: Instant,
    /// At which device.
    pub node: NodeId,
    /// At which layer of it.
    pub layer: Layer,
    /// What.
    pub fact: Fact,
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// The run begins.
    Started,
    /// A frame was given to the transmitter. It may wait for frames before it.
    FrameSent {
        /// Its number; the trace has its octets and the link it went by.
        frame: FrameId,
        /// When its first bit is on the medium.
        starts: Instant,
        /// When its last bit will arrive, if it does.
        arrives: Instant,
    },
    /// The link made a second copy of the frame just sent: a frame of its own from here on.
    FrameDuplicated {
        /// The copy's number; its parent is the frame that it copies.
        frame: FrameId,
        /// When its first bit is on the medium.
        starts: Instant,
        /// When its last bit will arrive.
        arrives: Instant,
    },
    /// A frame arrived whole.
    FrameArrived {
        /// Its number.
        frame: FrameId,
        /// The interface it came in by.
        interface: InterfaceId,
    },
    /// A frame will not arrive. Said by the node that sent it when the queue was full or the link
    /// down, by the one that missed it when it vanished on the way.
    FrameLost {
        /// Its number.
        frame: FrameId,
        /// Why.
        reason: FrameLoss,
    },
    /// Octets that do not parse, in the frame that this step is about.
    Malformed {
        /// The frame.
        frame: FrameId,
        /// What was wrong and where.
        malformed: Malformed,
    },
    /// Ethernet said something.
    Ethernet(ethernet::Note),
    /// ARP said something.
    Arp(arp::Note),
    /// A switch's table said something.
    Bridge(bridge::Note),
    /// IP said something.
    Ip(ipv4::Note),
    /// ICMP said something.
    Icmp(icmp::Note),
    /// UDP said something.
    Udp {
        /// The socket, if there is one.
        socket: Option<SocketId>,
        /// What.
        note: udp::Note,
    },
    /// TCP said something.
    Tcp {
        /// The socket, if there is one.
        socket: Option<SocketId>,
        /// This end and the other.
        local: Endpoint,
        /// The other end.
        remote: Endpoint,
        /// What.
        note: tcp::Note,
    },
    /// A program did or learnt something.
    Program {
        /// Its place among the host's programs.
        program: u16,
        /// What.
        note: ProgramNote,
    },
    /// One of the protocols that a program speaks said something.
    Web {
        /// The program's place among the host's programs.
        program: u16,
        /// The socket of the connection that it is about, if it is about one.
        socket: Option<SocketId>,
        /// What.
        note: WebNote,
    },
    /// A link was cut or mended, or its settings changed, by a command.
    LinkChanged {
        /// The link.
        link: LinkId,
        /// Whether it carries frames now.
        up: bool,
    },
    /// Something would have grown without end and was stopped.
    LimitReached(Limit),
    /// Nothing is left to happen.
    Ended,
}

/// Why a frame did not arrive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameLoss {
    /// It vanished on the way, by the link's loss.
    OnTheWay,
    /// The transmitter's queue was full: so many frames waited.
    QueueFull(u32),
    /// The link was down, or was cut while the frame was on it.
    LinkDown,
    /// A command dropped it.
    Command,
    /// The frame check sequence did not fit: bits were turned over on the way.
    BadFcs {
        /// What the frame carried.
        carried: u32,
        /// What its octets give.
        computed: u32,
    },
}

/// What is limited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// The run's end in simulated time was reached with events still to come.
    Until(Instant),
    /// So many steps.
    Steps(u64),
    /// So many steps at one moment: a storm.
    StepsPerInstant(u32),
    /// So many records.
    Records(u32),
    /// So many octets of frames in the trace.
    Octets(u64),
    /// So many sockets on one host.
    Sockets(u32),
}

/// The first octets of something; the trace has them ([`Trace::excerpt`](super::Trace::excerpt)).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C, packed(2))] // So that it fits beside a number of octets in a packed record.
pub struct Excerpt {
    pub(super) start: u64,
    pub(super) len: u16,
}

impl Excerpt {
    /// The most octets that are kept of what is sent and called.
    pub const MAX: usize = 64;

    /// The most that are kept of a text for the learner.
    pub const TEXT_MAX: usize = 8_192;
}

/// How much a line of a console matters, as `console` names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// `console.debug`.
    Debug,
    /// `console.log`.
    Log,
    /// `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`.
    Error,
}

/// What the protocols of layer 7 say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WebNote {
    /// A message, frame or packet was sent or arrived, whole.
    Unit(Unit, Excerpt),
    /// HTTP says something.
    Http(http::Note),
    /// WebSocket says something.
    WebSocket(websocket::Note),
    /// Engine.IO says something.
    EngineIo(engine_io::Note),
    /// Socket.IO says something.
    SocketIo(socket_io::Note),
}

impl WebNote {
    /// The protocol that says it.
    pub const fn protocol(&self) -> web::Protocol {
        match self {
            Self::Unit(unit, _) => unit.protocol,
            Self::Http(_) => web::Protocol::Http,
            Self::WebSocket(_) => web::Protocol::WebSocket,
            Self::EngineIo(_) => web::Protocol::EngineIo,
            Self::SocketIo(_) => web::Protocol::SocketIo,
        }
    }
}

/// What a program did or learnt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProgramNote {
    /// It listens on a port.
    Listens(u16),
    /// It asked to connect.
    Connects(Endpoint),
    /// Its connection is open.
    Connected(Endpoint),
    /// Somebody connected to it.
    Accepted(Endpoint),
    /// It made a call of a library, in these words: `send("hi")`.
    Calls(Excerpt),
    /// A handler of its was called, in these words: `on message "hi"`.
    Handles(Excerpt),
    /// A line of its source runs: it makes the call, or begins with the handler, that is told of next.
    Runs {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u16,
        /// The place of the file among the program's.
        file: u16,
        /// The place as text: `server.js:3:7`.
        excerpt: Excerpt,
    },
    /// It wrote to its console.
    Prints {
        /// How much it matters.
        level: Level,
        /// What; one line or more.
        excerpt: Excerpt,
    },
    /// It ended by a fault of its own, in these words.
    Crashes(Excerpt),
    /// It ended itself (`process.exit`).
    Exits(i32),
    /// It was started anew.
    Restarts,
    /// It wrote octets.
    Sent {
        /// How many.
        octets: u64,
        /// The first of them.
        excerpt: Excerpt,
    },
    /// It read octets.
    Received {
        /// How many.
        octets: u64,
        /// The first of them.
        excerpt: Excerpt,
    },
    /// It sent a datagram.
    SentTo {
        /// To whom.
        to: Endpoint,
        /// How many octets.
        octets: u32,
        /// The first of them.
        excerpt: Excerpt,
    },
    /// A datagram came.
    ReceivedFrom {
        /// From whom.
        from: Endpoint,
        /// How many octets.
        octets: u32,
        /// The first of them.
        excerpt: Excerpt,
    },
    /// It closed its direction of the connection, or all of it.
    Closes,
    /// It aborted the connection.
    Aborts,
    /// The peer will send no more.
    PeerClosed,
    /// The connection ended in order.
    Closed,
    /// The connection was reset.
    Reset,
    /// Nobody listens there.
    Refused,
    /// The connection was given up.
    TimedOut,
    /// The network says that the peer cannot be reached.
    Unreachable(Ipv4Addr),
    /// It sent an echo request.
    Pings {
        /// Whom.
        to: Ipv4Addr,
        /// The sequence number.
        seq: u16,
    },
    /// The echo came back.
    PingAnswered {
        /// From whom.
        from: Ipv4Addr,
        /// The sequence number.
        seq: u16,
        /// The round trip.
        took: Duration,
    },
    /// No answer came in time.
    NoAnswer {
        /// The sequence number, or the number of hops.
        seq: u16,
    },
    /// A router (or the target) answered at this distance.
    Hop {
        /// How many hops away.
        hops: u8,
        /// Who.
        address: Ipv4Addr,
        /// The round trip.
        took: Duration,
    },
    /// It could not do what it wanted.
    Failed(&'static str),
    /// It is done.
    Done,
}
