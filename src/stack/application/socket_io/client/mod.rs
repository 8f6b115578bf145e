//! The client: its namespaces over one Engine.IO session, which it opens again when it breaks.
//!
//! [`state`] has the life of the link, `machine` what happens to it, `link` opening and losing it,
//! `packets` what the server says, `emit` what the program says.

mod emit;
mod link;
mod machine;
mod packets;
pub mod state;

pub use machine::Client;
pub use state::{State, Trigger};

use super::{Ack, Arguments, Limits, Misuse, Note, Reason};
use crate::base::Duration;
use crate::stack::application::{Message, engine_io};
use crate::stack::session::reconnect;
use serde_json::Value;

/// How a client is set. The defaults are those of the npm package socket.io-client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How it waits between tries; `None` for no second try.
    pub reconnection: Option<reconnect::Config>,
    /// The time within which a session must be open: 20 s.
    pub open_timeout: Duration,
    /// How much of a packet is taken.
    pub limits: Limits,
    /// How many events wait for a connection, of each namespace, either way.
    pub buffer_max: usize,
    /// Octets of the events that wait to be sent, of all namespaces together.
    pub buffer_octets_max: usize,
    /// How many acknowledgements are waited for.
    pub acks_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            reconnection: Some(reconnect::Config::default()),
            open_timeout: Duration::from_secs(20),
            limits: Limits::default(),
            buffer_max: 1000,
            buffer_octets_max: 16 << 20,
            acks_max: 10_000,
        }
    }
}

/// What can happen to a client.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// The Engine.IO client says something.
    Engine(engine_io::client::Indication),
    /// The program wants to be in a namespace.
    Connect {
        /// Which; `/` is put before it if it is missing.
        namespace: &'a str,
        /// What it says of itself: an object.
        auth: Option<Value>,
    },
    /// The program leaves a namespace.
    Disconnect {
        /// Which.
        namespace: &'a str,
    },
    /// The program sends an event; it waits for a connection if there is none.
    Emit {
        /// In which namespace.
        namespace: &'a str,
        /// The event's name.
        name: &'a str,
        /// Its arguments.
        arguments: Arguments,
        /// Drop it if it cannot go at once.
        volatile: bool,
        /// Whether it is to be acknowledged.
        ack: Option<Ack>,
    },
    /// The program acknowledges an event, once.
    Acknowledge {
        /// In which namespace.
        namespace: &'a str,
        /// The id that the event came with.
        id: u64,
        /// The answer.
        arguments: Arguments,
    },
}

/// What a client wants done or said.
#[derive(Clone, PartialEq, Debug)]
pub enum Output {
    /// Let Engine.IO open a session ([`engine_io::client::Input::Open`]).
    EngineOpen,
    /// Let Engine.IO send messages, together.
    EngineSend {
        /// What.
        messages: Vec<Message>,
        /// Drop them if they cannot go at once.
        volatile: bool,
    },
    /// Let Engine.IO close the session. What it says of that is not heard any more.
    EngineClose,
    /// Tell the program.
    Indicate(Indication),
    /// Tell whoever watches.
    Note(Note),
}

/// What the program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indication {
    /// It is in a namespace.
    Connected {
        /// Which.
        namespace: String,
        /// Its id there.
        sid: String,
        /// It is taken up where it broke off: nothing was missed.
        recovered: bool,
    },
    /// It is not let in, and will not ask again by itself; or the server could not be reached
    /// (then it will, if that is set).
    ConnectError {
        /// Where.
        namespace: String,
        /// Why.
        message: String,
        /// More about it.
        data: Option<Value>,
    },
    /// The server sent an event.
    Event {
        /// In which namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// Its arguments. With connection state recovery the last is the server's offset.
        arguments: Arguments,
        /// The id to acknowledge it by, if the server asks for that.
        ack: Option<u64>,
    },
    /// The server acknowledged.
    Acknowledged {
        /// In which namespace.
        namespace: String,
        /// The program's token for it.
        token: u64,
        /// The answer.
        arguments: Arguments,
    },
    /// The server did not acknowledge in time.
    AckTimedOut {
        /// In which namespace.
        namespace: String,
        /// The program's token for it.
        token: u64,
    },
    /// The server cannot acknowledge any more: the connection is over.
    AckLost {
        /// In which namespace.
        namespace: String,
        /// The program's token for it.
        token: u64,
    },
    /// It is no longer in a namespace.
    Disconnected {
        /// Which.
        namespace: String,
        /// Why.
        reason: Reason,
    },
    /// The link broke; it will be tried again.
    Reconnecting {
        /// Which try it will be, from 1.
        attempt: u32,
        /// After so long.
        wait: Duration,
    },
    /// There were enough tries.
    ReconnectFailed,
    /// The program did what it must not.
    Misuse(Misuse),
}
