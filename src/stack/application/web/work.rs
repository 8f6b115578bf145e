//! A client's connections, and what is still to be done with them in a step.

use super::line::{Answer, Meter};
use super::session::Order;
use crate::stack::application::engine_io;
use crate::stack::application::http::{self, ClientConnection, ClientInput};
use crate::stack::application::websocket::{self, Connection};
use std::collections::VecDeque;

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) meter: Meter,
    pub(super) open: bool,
    pub(super) talk: Talk,
    /// The WebSocket's part of the handshake is out: what follows are frames.
    pub(super) frames: bool,
    /// What has come of the answer to it.
    pub(super) answer: Answer,
    /// A request that waits until the connection is open.
    pub(super) waiting: Option<http::Request>,
    /// What it is used for: the number of the request or of the WebSocket, given to it by Engine.IO,
    /// or by the program that drives the client.
    pub(super) purpose: Option<u64>,
}

/// What it speaks.
#[derive(Clone, Debug)]
pub(super) enum Talk {
    /// HTTP.
    Http(Box<ClientConnection>),
    /// WebSocket.
    WebSocket(Box<Connection>),
}

/// Something that is still to be done in this step.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// For a connection that speaks HTTP.
    Http(u64, ClientInput),
    /// For one that is a WebSocket.
    WebSocket(u64, websocket::Input),
    /// For Engine.IO.
    Engine(Order),
    /// For Socket.IO: what Engine.IO says.
    Sockets(engine_io::client::Indication),
    /// A connection is gone.
    Forget(u64),
}

/// What is still to be done in this step, in order.
pub(super) type Works = VecDeque<Work>;

impl Line {
    /// Whether it can take a request now.
    pub(super) fn is_free(&self) -> bool {
        let idle = match &self.talk {
            Talk::Http(machine) => machine.state() == http::ClientState::Idle,
            Talk::WebSocket(_) => false,
        };
        idle && self.open && self.purpose.is_none() && self.waiting.is_none()
    }

    /// Whether it speaks HTTP.
    pub(super) const fn is_http(&self) -> bool {
        matches!(self.talk, Talk::Http(_))
    }
}
