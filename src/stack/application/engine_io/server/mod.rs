//! The server: all sessions that it keeps, as one machine.
//!
//! It takes whole HTTP requests, sockets that open, speak and close, and the program's calls. A
//! request is answered at once, but a GET waits until there is something to say. [`state`] has the
//! life of one session, `session` what is done in it, `machine` finds the session that is meant.

mod machine;
mod respond;
mod session;
pub mod state;

pub use machine::Server;
pub use state::{State, Trigger};

use super::{Note, Reason};
use crate::base::{Chunk, Duration};
use crate::stack::application::Message;
use crate::stack::session::id::SessionId;

/// How sessions are kept. The defaults are those of the npm package engine.io.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The time between a pong and the next ping: 25 s.
    pub ping_interval: Duration,
    /// The time within which the pong must come: 20 s.
    pub ping_timeout: Duration,
    /// The time within which an upgrade must be done: 10 s.
    pub upgrade_timeout: Duration,
    /// How long a closed session waits for a GET that can be told: 30 s.
    pub close_timeout: Duration,
    /// Octets that a body or message of a client may have: 1,000,000.
    pub max_payload: u32,
    /// Whether a session may move to a WebSocket, and may begin with one.
    pub websocket: bool,
    /// Which pages of other origins may read the answers (`*` for all); `None` for no CORS headers.
    pub cors: Option<String>,
    /// How many sessions there may be; further ones are refused.
    pub sessions_max: usize,
    /// Octets of memory that may wait for one client that does not poll; more ends its session.
    pub queue_octets_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(30),
            max_payload: 1_000_000,
            websocket: true,
            cors: None,
            sessions_max: 10_000,
            queue_octets_max: 16 << 20,
        }
    }
}

/// What can happen to a server. Exchanges (a request and its response) and sockets (each a
/// WebSocket) have numbers that their owner chooses, never one twice.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// A whole request for the server's path. It is not an upgrade to WebSocket.
    Request {
        /// The number by which it is answered.
        exchange: u64,
        /// Its method.
        method: &'a str,
        /// Its target's query, raw.
        query: &'a str,
        /// Its `Origin` header.
        origin: Option<&'a str>,
        /// Its `Access-Control-Request-Headers`.
        requested_headers: Option<&'a str>,
        /// Its body.
        body: Chunk,
    },
    /// The connection under a request is gone.
    ExchangeClosed {
        /// Which.
        exchange: u64,
    },
    /// A request to upgrade to WebSocket: [`Output::Accept`] or [`Output::Refuse`] answers it first.
    SocketOpened {
        /// The number by which the WebSocket is known.
        socket: u64,
        /// Its target's query, raw.
        query: &'a str,
    },
    /// A whole message came.
    SocketMessage {
        /// Over which WebSocket.
        socket: u64,
        /// The message.
        message: Message,
    },
    /// A WebSocket is closed or gone.
    SocketClosed {
        /// Which.
        socket: u64,
    },
    /// The program sends messages, which stay together and in order.
    Send {
        /// To whom.
        session: SessionId,
        /// What.
        messages: Vec<Message>,
        /// Drop them if they cannot go at once.
        volatile: bool,
    },
    /// The program closes a session, after what it has sent.
    Close {
        /// Which.
        session: SessionId,
    },
}

/// What a server wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Answer a request. `Content-Length` is for HTTP to add.
    Respond {
        /// Which.
        exchange: u64,
        /// The status code.
        status: u16,
        /// The header fields.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: Chunk,
    },
    /// Do the WebSocket handshake (101).
    Accept {
        /// Of which WebSocket.
        socket: u64,
    },
    /// Answer the upgrade request with an error instead; the body is JSON.
    Refuse {
        /// Of which WebSocket.
        socket: u64,
        /// The status code.
        status: u16,
        /// The body, `application/json`.
        body: Chunk,
    },
    /// Send a message.
    SocketSend {
        /// Over which WebSocket.
        socket: u64,
        /// The message.
        message: Message,
    },
    /// Close a WebSocket (code 1000) after what was sent.
    SocketClose {
        /// Which.
        socket: u64,
    },
    /// Tell the program.
    Indicate(Indication),
    /// Tell whoever watches.
    Note(Note),
}

/// What the program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indication {
    /// A session began.
    Opened {
        /// Its id.
        session: SessionId,
    },
    /// A message came.
    Message {
        /// From whom.
        session: SessionId,
        /// What.
        message: Message,
    },
    /// The session is carried by a WebSocket from now on.
    Upgraded {
        /// Which.
        session: SessionId,
    },
    /// The session is over.
    Closed {
        /// Which.
        session: SessionId,
        /// Why.
        reason: Reason,
    },
}
