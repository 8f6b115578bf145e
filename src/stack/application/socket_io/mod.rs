//! Socket.IO, protocol version 5: events with names, arguments and answers, in namespaces, over an
//! Engine.IO session.
//!
//! Read the protocol's document ("The Socket.IO protocol", version 5) for the packets, then
//! [`state`], [`server`] and [`client`]. Delivery is at most once: what was on its way when a
//! session ended is gone, unless connection state recovery is set and finds it.
//!
//! | file | what |
//! |---|---|
//! | `packet`, `decoder` | a packet as text and attachments, both ways |
//! | `state` | one end of a namespace |
//! | `acks` | who waits for which answer |
//! | `server/` | namespaces, rooms, recovery of connections |
//! | `client/` | namespaces, send buffer, reconnection |
//! | `note`, `telling` | what is worth telling |
//!
//! Left out: namespaces by pattern, adapters between servers, acknowledgements of a broadcast,
//! retries of the client, listeners for any event (the program's own concern).

mod acks;
pub mod client;
mod decoder;
pub mod note;
pub mod packet;
pub mod server;
pub mod state;
mod telling;

#[cfg(test)]
mod tests;

pub use acks::Ack;
pub use client::Client;
pub use decoder::{Decoder, Limits, Violation};
pub use note::Note;
pub use packet::{Arguments, Kind, Packet};
pub use server::Server;

use crate::stack::application::engine_io;
use std::fmt;

/// Why a connection to a namespace ended, in the words of the reference implementation where it
/// has some.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// The client left the namespace.
    ClientNamespace,
    /// The server sent the client out of the namespace.
    ServerNamespace,
    /// The peer broke a rule.
    Violation(Violation),
    /// The Engine.IO session is over.
    Engine(engine_io::Reason),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ClientNamespace => "client namespace disconnect",
            Self::ServerNamespace => "server namespace disconnect",
            Self::Violation(violation) => violation.name(),
            Self::Engine(reason) => reason.name(),
        })
    }
}

/// What a program did wrong; nothing was sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Misuse {
    /// An event with a reserved name.
    ReservedName,
    /// No such connection, or it is not (or no longer) in that state.
    NotConnected,
    /// More events wait for a connection than may wait.
    BufferFull,
    /// More acknowledgements are waited for than may be.
    TooManyAcks,
    /// More rooms than a connection may be in.
    TooManyRooms,
}
