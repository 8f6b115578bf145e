//! The client: one session, as a machine that asks for requests and sockets.
//!
//! [`state`] has the life of a session; `machine` takes what happens, `transfer` does the polling,
//! the upgrade and the sending.

mod machine;
pub mod state;
mod transfer;

pub use machine::Client;
pub use state::{State, Trigger};

use super::{Note, Reason, Transport};
use crate::base::Chunk;
use crate::stack::application::Message;

/// How a session is had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Which transports may be used: the session begins with the first, and may move to another.
    /// Polling, then WebSocket.
    pub transports: Vec<Transport>,
    /// Whether it moves when the server offers it.
    pub upgrade: bool,
    /// Octets of memory that may wait to be sent; more ends the session.
    pub queue_octets_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            transports: vec![Transport::Polling, Transport::WebSocket],
            upgrade: true,
            queue_octets_max: 16 << 20,
        }
    }
}

/// What can happen to a client. Exchanges and sockets have the numbers that it gave them.
#[derive(Clone, Debug)]
pub enum Input {
    /// The program opens a session; what there was is dropped without a word.
    Open,
    /// A response came.
    Response {
        /// To which request.
        exchange: u64,
        /// Its status code.
        status: u16,
        /// Its body.
        body: Chunk,
    },
    /// A request could not be sent or its connection was lost.
    RequestFailed {
        /// Which.
        exchange: u64,
    },
    /// The WebSocket handshake is done.
    SocketOpened {
        /// Of which WebSocket.
        socket: u64,
    },
    /// A whole message came.
    SocketMessage {
        /// Over which WebSocket.
        socket: u64,
        /// The message.
        message: Message,
    },
    /// A WebSocket is closed or gone, or could not be opened.
    SocketClosed {
        /// Which.
        socket: u64,
    },
    /// The program sends messages, which stay together and in order. What is sent before the
    /// session is open goes when it is.
    Send {
        /// What.
        messages: Vec<Message>,
        /// Drop them if they cannot go at once.
        volatile: bool,
    },
    /// The program closes, after what it has sent.
    Close,
}

/// What a client wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Make a request to the server's path.
    Request {
        /// The number by which it is answered.
        exchange: u64,
        /// `GET` or `POST`.
        method: &'static str,
        /// What follows the path and its `?`.
        query: String,
        /// The body, `text/plain; charset=UTF-8`.
        body: Chunk,
    },
    /// Open a WebSocket to the server's path.
    OpenSocket {
        /// The number by which it is known.
        socket: u64,
        /// What follows the path and its `?`.
        query: String,
    },
    /// Send a message.
    SocketSend {
        /// Over which WebSocket.
        socket: u64,
        /// The message.
        message: Message,
    },
    /// Close a WebSocket (code 1000) after what was sent; nothing of it matters any more.
    SocketClose {
        /// Which.
        socket: u64,
    },
    /// Give a request up: its answer does not matter any more.
    Abort {
        /// Which.
        exchange: u64,
    },
    /// Tell the program.
    Indicate(Indication),
    /// Tell whoever watches.
    Note(Note),
}

/// What the program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indication {
    /// The session is open.
    Opened {
        /// Its id.
        sid: String,
        /// What carries it.
        transport: Transport,
    },
    /// A message came.
    Message(Message),
    /// The WebSocket works; the session is about to move.
    Upgrading,
    /// The session is carried by a WebSocket from now on.
    Upgraded,
    /// The session is over, or did not come about.
    Closed(Reason),
}
