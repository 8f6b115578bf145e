//! What a scenario can have run on a host.

use crate::base::{Chunk, Duration, Instant};
use crate::javascript::Script;
use crate::stack::application::web::{Site, Visit};
use crate::stack::transport::Endpoint;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// A program and its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Sends back over TCP whatever comes; closes when the peer has closed.
    TcpEcho {
        /// The port it listens on.
        port: u16,
        /// How many connections may wait to be accepted.
        backlog: u16,
    },
    /// Reads over TCP and throws away; can be slow about it.
    TcpSink {
        /// The port it listens on.
        port: u16,
        /// How long after a connection is opened it begins to read.
        read_after: Duration,
        /// The most it reads at a time (with `read_every`); zero is everything.
        read_octets: u32,
        /// How long it waits between two reads.
        read_every: Duration,
        /// Whether it closes as soon as the peer has; else it stays half-closed.
        closes: bool,
    },
    /// Answers over TCP: `response` octets for each `request` octets.
    TcpRespond {
        /// The port it listens on.
        port: u16,
        /// Octets of one request.
        request: u32,
        /// Octets of one response.
        response: u32,
    },
    /// Connects, sends messages, reads what comes back, then does as told.
    TcpClient {
        /// Whom it connects to.
        to: Endpoint,
        /// When.
        at: Instant,
        /// What it sends, one write each.
        send: Vec<Chunk>,
        /// Time between two writes, the first when the connection is open.
        every: Duration,
        /// What it does after the last write.
        then: Then,
        /// How long after the last write it does so.
        then_after: Duration,
    },
    /// Asks over TCP, waits for the answer, asks again.
    TcpRequest {
        /// Whom.
        to: Endpoint,
        /// When.
        at: Instant,
        /// Octets of one request.
        request: u32,
        /// Octets of one response.
        response: u32,
        /// How many times; then it closes.
        times: u32,
    },
    /// Sends so many octets over TCP as fast as it can, then closes.
    TcpBulk {
        /// To whom.
        to: Endpoint,
        /// When.
        at: Instant,
        /// How many.
        octets: u64,
    },
    /// Sends back each datagram.
    UdpEcho {
        /// The port it listens on.
        port: u16,
    },
    /// Takes datagrams and throws them away.
    UdpSink {
        /// The port it listens on.
        port: u16,
    },
    /// Sends datagrams; says what comes back.
    UdpClient {
        /// To whom.
        to: Endpoint,
        /// When.
        at: Instant,
        /// One datagram each.
        send: Vec<Chunk>,
        /// How often it sends them all.
        times: u32,
        /// Time between two.
        every: Duration,
        /// Whether routers may cut its packets in pieces.
        may_fragment: bool,
    },
    /// ICMP echo requests, and the round trip of each answer.
    Ping {
        /// Whom.
        to: Ipv4Addr,
        /// When.
        at: Instant,
        /// How many.
        count: u16,
        /// Time between two.
        every: Duration,
        /// Octets of data in each.
        octets: u16,
        /// Time to live; `None` is the host's.
        ttl: Option<u8>,
        /// Whether routers may cut the packets in pieces.
        may_fragment: bool,
    },
    /// UDP datagrams with a growing time to live, to see each router answer.
    Traceroute {
        /// Whom.
        to: Ipv4Addr,
        /// When.
        at: Instant,
        /// The greatest time to live.
        max_hops: u8,
        /// How long it waits for an answer.
        wait: Duration,
    },
    /// Serves HTTP, WebSocket, Engine.IO and Socket.IO over TCP.
    WebServer {
        /// The port it listens on.
        port: u16,
        /// What it serves.
        site: Arc<Site>,
    },
    /// Speaks one of these protocols to a server.
    WebClient {
        /// To whom.
        to: Endpoint,
        /// When it begins.
        at: Instant,
        /// Which protocol, and what it does.
        visit: Arc<Visit>,
    },
    /// Runs JavaScript.
    JavaScript {
        /// The program.
        script: Arc<Script>,
        /// When it starts.
        at: Instant,
        /// When it is ended and started anew, in order.
        restarts: Vec<Instant>,
    },
    /// Actions at given times.
    Script {
        /// In the order of their times.
        actions: Vec<(Instant, Action)>,
    },
}

/// What a client does when it has sent everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Then {
    /// Closes both ways: sends FIN and takes no more. What still comes is answered with RST.
    Close,
    /// Closes its own direction and goes on reading.
    #[default]
    HalfClose,
    /// Aborts: RST.
    Abort,
    /// Leaves the connection open.
    Stay,
}

/// One action of a script. It has one TCP connection at a time and any number of listeners;
/// data that arrives is read at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Begins to listen; the connection accepted last is the one that later actions use.
    Listen {
        /// On this port.
        port: u16,
    },
    /// Connects; with `from`, from that port (needed for a simultaneous open).
    Connect {
        /// To whom.
        to: Endpoint,
        /// The local port; `None` is one of the free ones.
        from: Option<u16>,
    },
    /// Writes.
    Send(Chunk),
    /// Closes its own direction, goes on reading (`shutdown(SHUT_WR)`).
    HalfClose,
    /// Closes.
    Close,
    /// Aborts.
    Abort,
    /// Sends one UDP datagram.
    SendTo {
        /// To whom.
        to: Endpoint,
        /// What.
        data: Chunk,
    },
}

impl Plan {
    /// Its name in the scenario file.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TcpEcho { .. } => "tcp_echo",
            Self::TcpSink { .. } => "tcp_sink",
            Self::TcpRespond { .. } => "tcp_respond",
            Self::TcpClient { .. } => "tcp_client",
            Self::TcpRequest { .. } => "tcp_request",
            Self::TcpBulk { .. } => "tcp_bulk",
            Self::UdpEcho { .. } => "udp_echo",
            Self::UdpSink { .. } => "udp_sink",
            Self::UdpClient { .. } => "udp_client",
            Self::Ping { .. } => "ping",
            Self::Traceroute { .. } => "traceroute",
            Self::WebServer { .. } => "web_server",
            Self::WebClient { visit, .. } => visit.speaks.client(),
            Self::JavaScript { .. } => "javascript",
            Self::Script { .. } => "script",
        }
    }
}
