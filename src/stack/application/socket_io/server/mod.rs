//! The server: namespaces, the clients in them, rooms, and what is kept for those who broke off.
//!
//! It takes what an Engine.IO server indicates and what the program calls, and gives messages for
//! Engine.IO to send. A client that asks for a namespace is shown to the program, which lets it in
//! or not ([`Input::Accept`], [`Input::Refuse`]); so a middleware is a decision of the program's.

mod connect;
mod emit;
mod machine;
mod recovery;
mod rooms;

pub use machine::Server;
pub use rooms::Reach;

use super::{Ack, Arguments, Limits, Misuse, Note, Reason};
use crate::base::Duration;
use crate::stack::application::{Message, engine_io};
use crate::stack::session::id::SessionId;
use serde_json::Value;

/// How a server is set. The defaults are those of the npm package socket.io.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The namespaces that there are: `/`.
    pub namespaces: Vec<String>,
    /// The time within which a client must be in a namespace: 45 s.
    pub connect_timeout: Duration,
    /// How much of a packet is taken.
    pub limits: Limits,
    /// In how many rooms a connection may be.
    pub rooms_max: usize,
    /// How many acknowledgements are waited for, of all clients together.
    pub acks_max: usize,
    /// Whether and how broken connections can be taken up again; `None` for never.
    pub recovery: Option<Recovery>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            namespaces: vec!["/".to_owned()],
            connect_timeout: Duration::from_secs(45),
            limits: Limits::default(),
            rooms_max: 1000,
            acks_max: 100_000,
            recovery: None,
        }
    }
}

/// What is kept so that a broken connection can be taken up again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recovery {
    /// How long: 2 min.
    pub duration: Duration,
    /// How many connections; then the one that broke first is forgotten.
    pub connections_max: usize,
    /// How many packets; then the oldest are forgotten.
    pub packets_max: usize,
    /// Octets of packets.
    pub octets_max: usize,
}

impl Default for Recovery {
    fn default() -> Self {
        Self {
            duration: Duration::from_secs(120),
            connections_max: 10_000,
            packets_max: 10_000,
            octets_max: 64 << 20,
        }
    }
}

/// What can happen to a server. A `socket` is one client in one namespace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// The Engine.IO server says something.
    Engine(engine_io::server::Indication),
    /// The program lets a client in.
    Accept {
        /// Whom.
        socket: SessionId,
    },
    /// The program does not let a client in.
    Refuse {
        /// Whom.
        socket: SessionId,
        /// Why, for its error.
        message: String,
        /// More about it.
        data: Option<Value>,
    },
    /// The program sends an event to one client.
    Emit {
        /// To whom.
        socket: SessionId,
        /// The event's name.
        name: String,
        /// Its arguments.
        arguments: Arguments,
        /// Drop it if it cannot go at once.
        volatile: bool,
        /// Whether it is to be acknowledged.
        ack: Option<Ack>,
    },
    /// The program sends an event to many.
    Broadcast {
        /// To whom.
        reach: Reach,
        /// The event's name.
        name: String,
        /// Its arguments.
        arguments: Arguments,
        /// Drop it where it cannot go at once.
        volatile: bool,
    },
    /// The program acknowledges an event, once.
    Acknowledge {
        /// Whose.
        socket: SessionId,
        /// The id that the event came with.
        id: u64,
        /// The answer.
        arguments: Arguments,
    },
    /// The program puts a client into a room.
    Join {
        /// Whom.
        socket: SessionId,
        /// Which.
        room: String,
    },
    /// The program takes a client out of a room.
    Leave {
        /// Whom.
        socket: SessionId,
        /// Which.
        room: String,
    },
    /// The program sends a client out of its namespace.
    Disconnect {
        /// Whom.
        socket: SessionId,
        /// Out of all its namespaces, and the session ends.
        close: bool,
    },
}

/// What a server wants done or said.
#[derive(Clone, PartialEq, Debug)]
pub enum Output {
    /// Let Engine.IO send messages, together.
    EngineSend {
        /// Over which session.
        session: SessionId,
        /// What.
        messages: Vec<Message>,
        /// Drop them if they cannot go at once.
        volatile: bool,
    },
    /// Let Engine.IO close a session.
    EngineClose {
        /// Which.
        session: SessionId,
    },
    /// Tell the program.
    Indicate(Indication),
    /// Tell whoever watches.
    Note(Note),
}

/// What the program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indication {
    /// A client asks to be let in; the program must answer.
    Connecting {
        /// Who.
        socket: SessionId,
        /// Over which session.
        session: SessionId,
        /// Where.
        namespace: String,
        /// What it says of itself; an empty object if nothing.
        auth: Value,
    },
    /// A client is in.
    Connected {
        /// Who.
        socket: SessionId,
        /// Over which session.
        session: SessionId,
        /// Where.
        namespace: String,
        /// It took up a connection that broke off: it has its id and rooms again.
        recovered: bool,
    },
    /// A client sent an event.
    Event {
        /// Who.
        socket: SessionId,
        /// The event's name.
        name: String,
        /// Its arguments.
        arguments: Arguments,
        /// The id to acknowledge it by, if it asks for that.
        ack: Option<u64>,
    },
    /// A client acknowledged.
    Acknowledged {
        /// Who.
        socket: SessionId,
        /// The program's token for it.
        token: u64,
        /// The answer.
        arguments: Arguments,
    },
    /// A client did not acknowledge in time.
    AckTimedOut {
        /// Who.
        socket: SessionId,
        /// The program's token for it.
        token: u64,
    },
    /// A client cannot acknowledge any more.
    AckLost {
        /// Who.
        socket: SessionId,
        /// The program's token for it.
        token: u64,
    },
    /// A client is gone, or gave up before it was let in.
    Disconnected {
        /// Who.
        socket: SessionId,
        /// Why.
        reason: Reason,
    },
    /// The program did what it must not.
    Misuse(Misuse),
}
