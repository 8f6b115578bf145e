//! Engine.IO, protocol version 4: a session of messages over HTTP long-polling, WebSocket, or
//! first the one and then the other.
//!
//! Read the protocol's document ("The Engine.IO protocol", version 4) for packets and upgrade, then
//! [`server`] and [`client`], the two machines. They take requests and messages, never octets: HTTP
//! and WebSocket carry them, and whoever owns all three wires them together.
//!
//! | file | what |
//! |---|---|
//! | `packet` | a digit and what it carries; packets joined in a polling body |
//! | `handshake` | the query, the open packet |
//! | `queue` | packets that wait for a way out, within a bound |
//! | `server/` | all sessions of a server: states, requests, upgrade |
//! | `client/` | one session of a client |
//! | `note`, `telling` | what is worth telling |
//!
//! Left out: protocol version 3, WebTransport, JSONP, cookies, compression of polling bodies, the
//! query's `t` against caches (responses say `no-store`). A student sees no difference on the wire
//! but the missing `t`.

pub mod client;
pub mod handshake;
pub mod note;
pub mod packet;
mod queue;
pub mod server;
mod telling;

#[cfg(test)]
pub(super) mod tests;

pub use client::Client;
pub use handshake::{Open, Query};
pub use note::{Note, Refusal};
pub use packet::{Kind, Packet};
pub use server::Server;

use std::fmt;

/// What carries a session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Transport {
    /// HTTP long-polling: a GET waits for what the server has to say, a POST carries the rest.
    Polling,
    /// One WebSocket.
    WebSocket,
}

impl Transport {
    /// Its name in the query and the open packet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }

    /// The transport of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Polling, Self::WebSocket].into_iter().find(|transport| transport.name() == name)
    }
}

/// Why a session ended, in the words of the reference implementation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// The peer closed it, or the connection under it is gone.
    TransportClose,
    /// The peer used a transport wrongly, or it did not work.
    TransportError,
    /// The peer did not answer in time.
    PingTimeout,
    /// The peer sent what is no packet.
    ParseError,
    /// Our program closed it.
    ForcedClose,
    /// More waited to be sent than may wait.
    BufferFull,
}

impl Reason {
    /// The words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::ForcedClose => "forced close",
            Self::BufferFull => "buffer full",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
