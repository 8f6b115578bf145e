//! What has a row, and in which ladder.

use super::index::Stream;
use super::rows::destination;
use crate::base::NodeId;
use crate::base::octets::u32_at;
use crate::stack::application::{engine_io, http, websocket};
use crate::stack::data_link::arp;
use crate::stack::network::{icmp, ipv4};
use crate::stack::transport::{tcp, udp};
use crate::trace::{
    Fact, FrameInfo, Headers, NodeKind, ProgramNote, Protocol, Record, Trace, WebNote,
};
use crate::view::words;

/// Whether a joined ladder shows the journey: not where one neighbour asks another for an address
/// and one of them is no host.
pub(super) fn is_joined(trace: &Trace, octets: &[u8], headers: &Headers, info: &FrameInfo) -> bool {
    let is_host = |node: NodeId| {
        trace.legend().nodes.get(node.index()).is_some_and(|node| node.kind == NodeKind::Host)
    };
    match words::innermost(headers).protocol {
        Protocol::Ethernet | Protocol::Arp => {
            is_host(info.from) && destination(trace, octets, headers).is_some_and(is_host)
        }
        Protocol::Ipv4 | Protocol::Icmp | Protocol::Udp | Protocol::Tcp => true,
    }
}

/// The direction of a connection that a TCP segment belongs to.
pub(super) fn stream(octets: &[u8], headers: &Headers) -> Option<Stream> {
    let ip = headers.find(Protocol::Ipv4)?.header(octets);
    let tcp = headers.find(Protocol::Tcp)?.header(octets);
    let ports = tcp.get(..4)?;
    let port = |at: usize| u16::from_be_bytes([ports[at], ports[at + 1]]);
    (ip.len() >= 20).then(|| ((u32_at(ip, 12), port(0)), (u32_at(ip, 16), port(2))))
}

/// Whether a fact has a row of its own. The everyday doings of the layers have none: each arrow
/// stands for them.
pub(super) fn is_row(fact: &Fact) -> bool {
    match fact {
        Fact::Started
        | Fact::FrameSent { .. }
        | Fact::FrameDuplicated { .. }
        | Fact::FrameArrived { .. }
        | Fact::FrameLost { .. }
        | Fact::Bridge(_)
        // The loss says it.
        | Fact::Ethernet(_)
        // What the line does says it.
        | Fact::Program { note: ProgramNote::Runs { .. }, .. } => false,
        Fact::Malformed { .. }
        | Fact::Program { .. }
        | Fact::LinkChanged { .. }
        | Fact::LimitReached(_)
        | Fact::Ended => true,
        Fact::Arp(note) => matches!(
            note,
            arp::Note::Changed { .. }
                | arp::Note::GaveUp { .. }
                | arp::Note::QueueFull { .. }
                | arp::Note::Conflict { .. }
        ),
        Fact::Ip(note) => !matches!(
            note,
            ipv4::Note::Routed { .. } | ipv4::Note::Delivered { .. } | ipv4::Note::Forwarded { .. }
        ),
        Fact::Icmp(note) => !matches!(note, icmp::Note::Sent { .. } | icmp::Note::Received { .. }),
        Fact::Udp { note, .. } => {
            matches!(note, udp::Note::PortUnreachable { .. } | udp::Note::Refused { .. })
        }
        Fact::Tcp { note, .. } => is_told(note),
        Fact::Web { note, .. } => is_turn(note),
    }
}

/// Whether a program's reading or writing is only the work of a protocol of layer 7, or of a library,
/// on its host: the arrows say what it reads and writes.
pub(super) fn is_plumbing(trace: &Trace, record: &Record) -> bool {
    let Fact::Program { program, note: ProgramNote::Sent { .. } | ProgramNote::Received { .. } } =
        record.fact
    else {
        return false;
    };
    let node = trace.legend().nodes.get(record.node.index());
    let name = node.and_then(|node| node.programs.get(usize::from(program)));
    name.is_some_and(|name| WEB_PROGRAMS.contains(name))
}

/// The programs that speak protocols of layer 7.
const WEB_PROGRAMS: [&str; 5] =
    ["web_server", "http_client", "websocket_client", "socket_io_client", "javascript"];

/// Whether a protocol of layer 7 says a turn of events: what it sends and gets the arrows show.
const fn is_turn(note: &WebNote) -> bool {
    match note {
        WebNote::Unit(..) => false,
        WebNote::Http(note) => {
            !matches!(note, http::Note::ServerEntered { .. } | http::Note::ClientEntered { .. })
        }
        WebNote::WebSocket(note) => !matches!(
            note,
            websocket::Note::Sent { .. }
                | websocket::Note::Received { .. }
                | websocket::Note::Asking
                | websocket::Note::Deflated { .. }
                | websocket::Note::Inflated { .. }
        ),
        WebNote::EngineIo(note) => !matches!(note, engine_io::Note::Queued { .. }),
        WebNote::SocketIo(_) => true,
    }
}

/// Whether a note of TCP has a row of its own: a turn of events, not bookkeeping.
const fn is_told(note: &tcp::Note) -> bool {
    matches!(
        note,
        tcp::Note::Entered { .. }
            | tcp::Note::SegmentDropped(_)
            | tcp::Note::ChallengeAck
            | tcp::Note::PawsDropped { .. }
            | tcp::Note::RtoExpired { .. }
            | tcp::Note::FastRetransmit { .. }
            | tcp::Note::RecoveryEntered { .. }
            | tcp::Note::RecoveryLeft
            | tcp::Note::EcnReduced { .. }
            | tcp::Note::ZeroWindow
            | tcp::Note::WindowOpened { .. }
            | tcp::Note::WindowClosed
            | tcp::Note::ProbeSent { .. }
            | tcp::Note::KeepAlive { .. }
            | tcp::Note::GaveUp
            | tcp::Note::PathMtuLowered { .. }
    )
}
