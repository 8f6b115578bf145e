//! What runs on a host. A program is a machine like any other: it is told what happens
//! (`Happening`) and makes calls on its host (`calls.rs`); it keeps all its state in itself, so a
//! snapshot holds it too. A new one is a variant of [`Plan`], a struct with `on`, and an arm here.

mod client;
mod conversations;
mod datagram;
mod filler;
mod javascript;
mod lines;
mod probe;
mod script;
mod server;
mod web;

pub use filler::{Tally, numbered};

use super::calls::Desk;
use super::inspect::Conversation;
use super::{Context, Host};
use crate::base::{Chunk, Fork, Instant, SocketId};
use crate::javascript::Script;
use crate::plan::program::Plan;
use crate::stack::network::icmp::{Message, TimeExceededCode, UnreachableCode};
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::Indication;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// A running program.
#[derive(Clone, Debug, Default)]
pub(super) enum Program {
    /// None: what stands in its place while a program runs.
    #[default]
    None,
    /// Answers over TCP.
    Server(server::Server),
    /// Asks over TCP.
    Client(client::Client),
    /// Speaks UDP.
    Datagram(datagram::Datagram),
    /// Sends probes and times the answers.
    Probe(probe::Probe),
    /// Follows a list of actions.
    Script(script::Script),
    /// Speaks the web's protocols.
    Web(Box<web::Web>),
    /// Runs JavaScript.
    JavaScript(Box<javascript::JavaScript>),
}

/// What a program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Happening {
    /// The time that it asked for has come; the first time, it starts.
    Deadline,
    /// News of a connection that it opened or accepted.
    Tcp {
        /// Which.
        socket: SocketId,
        /// What.
        indication: Indication,
    },
    /// Somebody connected.
    Accepted {
        /// The new connection.
        socket: SocketId,
        /// Who.
        remote: Endpoint,
    },
    /// A datagram came.
    Datagram {
        /// On which of its ports.
        port: u16,
        /// From whom.
        from: Endpoint,
        /// What it says.
        data: Chunk,
    },
    /// An echo reply came.
    Echo {
        /// From whom.
        from: Ipv4Addr,
        /// To which request.
        seq: u16,
    },
    /// The network says that a packet did not arrive.
    Error {
        /// Who says so.
        from: Ipv4Addr,
        /// Where the packet should have gone.
        peer: Endpoint,
        /// What was wrong.
        error: NetworkError,
        /// The echo request's number, of an echo request.
        seq: u16,
    },
}

/// Why a packet did not arrive, as a program learns it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NetworkError {
    /// It is larger than what may be sent.
    TooBig,
    /// No route leads there.
    NoRoute,
    /// The next hop or the host does not answer.
    HostUnreachable,
    /// No program has that port.
    PortUnreachable,
    /// The target does not know the protocol.
    ProtocolUnreachable,
    /// It may not be sent there.
    Prohibited,
    /// Its time to live ran out at a router.
    TtlExpired,
    /// Something else.
    Other,
}

impl NetworkError {
    /// What an ICMP error comes down to.
    pub(super) const fn of(message: Message) -> Self {
        match message {
            Message::Unreachable { code, .. } => match code {
                UnreachableCode::Port => Self::PortUnreachable,
                UnreachableCode::Protocol => Self::ProtocolUnreachable,
                UnreachableCode::Host | UnreachableCode::HostUnknown => Self::HostUnreachable,
                UnreachableCode::Net | UnreachableCode::NetUnknown => Self::NoRoute,
                UnreachableCode::FragmentationNeeded => Self::TooBig,
                UnreachableCode::NetProhibited
                | UnreachableCode::HostProhibited
                | UnreachableCode::Prohibited => Self::Prohibited,
                _ => Self::Other,
            },
            Message::TimeExceeded { code: TimeExceededCode::InTransit } => Self::TtlExpired,
            _ => Self::Other,
        }
    }

    /// Whether it ends a connection that is being opened (RFC 1122 §4.2.3.9, RFC 5461 §4): the
    /// target itself, or an administrator, says no.
    pub(super) const fn is_hard(self) -> bool {
        matches!(self, Self::PortUnreachable | Self::ProtocolUnreachable | Self::Prohibited)
    }
}

impl Program {
    /// A program that has not started. Its luck, if it needs any, comes from `fork`.
    pub(super) fn new(plan: &Plan, fork: Fork) -> Self {
        match plan {
            Plan::TcpEcho { .. } | Plan::TcpSink { .. } | Plan::TcpRespond { .. } => {
                Self::Server(server::Server::new(plan.clone()))
            }
            Plan::TcpClient { .. } | Plan::TcpRequest { .. } | Plan::TcpBulk { .. } => {
                Self::Client(client::Client::new(plan.clone()))
            }
            Plan::UdpEcho { .. } | Plan::UdpSink { .. } | Plan::UdpClient { .. } => {
                Self::Datagram(datagram::Datagram::new(plan.clone()))
            }
            Plan::Ping { .. } | Plan::Traceroute { .. } => {
                Self::Probe(probe::Probe::new(plan.clone()))
            }
            Plan::WebServer { .. } | Plan::WebClient { .. } => {
                web::Web::new(plan, fork.rng()).map_or(Self::None, |web| Self::Web(Box::new(web)))
            }
            Plan::JavaScript { .. } => javascript::JavaScript::new(plan, fork.rng())
                .map_or(Self::None, |program| Self::JavaScript(Box::new(program))),
            Plan::Script { actions } => Self::Script(script::Script::new(actions.clone())),
        }
    }

    /// When it starts.
    pub(super) fn starts_at(&self) -> Instant {
        match self {
            Self::None | Self::Server(_) => Instant::ZERO,
            Self::Client(client) => client.starts_at(),
            Self::Datagram(datagram) => datagram.starts_at(),
            Self::Probe(probe) => probe.starts_at(),
            Self::Script(script) => script.starts_at(),
            Self::Web(web) => web.starts_at(),
            Self::JavaScript(program) => program.starts_at(),
        }
    }

    /// What it counted, where streams are numbered.
    pub(super) fn tally(&self) -> Tally {
        match self {
            Self::None | Self::Probe(_) | Self::Script(_) | Self::Web(_) | Self::JavaScript(_) => {
                Tally::default()
            }
            Self::Server(server) => server.tally(),
            Self::Client(client) => client.tally(),
            Self::Datagram(datagram) => datagram.tally(),
        }
    }

    /// Whether it turns Nagle's algorithm off, as every web server and browser does. JavaScript does
    /// so where node does.
    pub(super) const fn wants_no_delay(&self) -> bool {
        matches!(self, Self::Web(_))
    }

    /// Its source, if it is JavaScript.
    pub(super) fn script(&self) -> Option<Arc<Script>> {
        match self {
            Self::JavaScript(program) => Some(program.script()),
            _ => None,
        }
    }

    /// The conversations that it has.
    pub(super) fn conversations(&self) -> Vec<Conversation> {
        match self {
            Self::Web(web) => web.conversations(),
            Self::JavaScript(program) => program.conversations(),
            _ => Vec::new(),
        }
    }

    /// Something happened.
    pub(super) fn on(
        &mut self,
        place: u16,
        happening: Happening,
        host: &mut Host,
        context: &mut Context<'_>,
    ) {
        let mut desk = Desk { host, context, program: place };
        match self {
            Self::None => {}
            Self::Server(server) => server.on(&happening, &mut desk),
            Self::Client(client) => client.on(&happening, &mut desk),
            Self::Datagram(datagram) => datagram.on(happening, &mut desk),
            Self::Probe(probe) => probe.on(&happening, &mut desk),
            Self::Script(script) => script.on(happening, &mut desk),
            Self::Web(web) => web.on(&happening, &mut desk),
            Self::JavaScript(program) => program.on(happening, &mut desk),
        }
    }
}
