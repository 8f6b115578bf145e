//! What a program has of its host, by its handles.

use crate::base::{Instant, SocketId};
use crate::node::calls::Desk;
use crate::node::inspect::Conversation;
use crate::node::program::conversations;
use crate::stack::Machine as _;
use crate::stack::application::web::{Client, Server};
use crate::stack::transport::Endpoint;

/// Something that a program has.
#[derive(Clone, Debug)]
pub(super) enum Station {
    /// It listens for TCP connections of its own (`net.createServer`).
    Listener {
        /// The socket.
        socket: SocketId,
        /// The port.
        port: u16,
    },
    /// One such connection.
    Tcp(Tcp),
    /// It takes datagrams.
    Udp {
        /// The port.
        port: u16,
    },
    /// A server of HTTP and what can be had over it.
    Web(Box<WebServer>),
    /// A client of one of these.
    Client(Box<WebClient>),
}

/// A TCP connection of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tcp {
    /// It is open.
    pub(super) open: bool,
    /// The program wants no more octets for now.
    pub(super) paused: bool,
    /// The peer will send no more.
    pub(super) peer_closed: bool,
    /// The program has been told so.
    pub(super) end_told: bool,
    /// The program sends no more.
    pub(super) ended: bool,
}

/// A server.
#[derive(Clone, Debug)]
pub(super) struct WebServer {
    pub(super) machine: Server,
    /// The socket and the port where it listens; `None` once it does not.
    pub(super) listens: Option<(SocketId, u16)>,
}

/// A client.
#[derive(Clone, Debug)]
pub(super) struct WebClient {
    pub(super) machine: Client,
    pub(super) to: Endpoint,
    /// It is a WebSocket that has been open.
    pub(super) opened: bool,
}

impl Station {
    /// When its machine wants to be called.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Web(server) => server.machine.deadline(),
            Self::Client(client) => client.machine.deadline(),
            Self::Listener { .. } | Self::Tcp(_) | Self::Udp { .. } => None,
        }
    }

    /// The port on which it takes connections.
    pub(super) fn listens_on(&self) -> Option<u16> {
        match self {
            Self::Listener { port, .. } => Some(*port),
            Self::Web(server) => server.listens.map(|(_, port)| port),
            Self::Tcp(_) | Self::Udp { .. } | Self::Client(_) => None,
        }
    }

    /// Gives the sockets back that are no connections.
    pub(super) fn leave(self, desk: &mut Desk<'_, '_>) {
        match self {
            Self::Listener { socket, .. } => desk.release(socket),
            Self::Udp { port } => desk.unbind(port),
            Self::Web(server) => {
                if let Some((socket, _)) = server.listens {
                    desk.release(socket);
                }
            }
            Self::Tcp(_) | Self::Client(_) => {}
        }
    }

    /// The conversations of its machine.
    pub(super) fn conversations(
        &self,
        socket: impl Fn(u64) -> Option<SocketId>,
    ) -> Vec<Conversation> {
        match self {
            Self::Web(server) => conversations::of_server(&server.machine, socket),
            Self::Client(client) => conversations::of_client(&client.machine, socket),
            Self::Listener { .. } | Self::Tcp(_) | Self::Udp { .. } => Vec::new(),
        }
    }
}
