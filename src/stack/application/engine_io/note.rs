//! What the machines decide, as plain data; `telling` has the sentences.

use super::{client, server};

/// Why a server refuses a request; the value is the code that it answers with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Refusal {
    /// The transport is missing or no known one.
    TransportUnknown = 0,
    /// There is no such session (any more).
    SessionUnknown = 1,
    /// A session begins with GET.
    BadHandshakeMethod = 2,
    /// The session does not take that now.
    BadRequest = 3,
    /// No more sessions are taken.
    Forbidden = 4,
    /// The protocol's version is missing or not 4.
    UnsupportedVersion = 5,
}

impl Refusal {
    /// The message that goes with the code.
    pub const fn message(self) -> &'static str {
        match self {
            Self::TransportUnknown => "Transport unknown",
            Self::SessionUnknown => "Session ID unknown",
            Self::BadHandshakeMethod => "Bad handshake method",
            Self::BadRequest => "Bad request",
            Self::Forbidden => "Forbidden",
            Self::UnsupportedVersion => "Unsupported protocol version",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Forbidden => 403,
            Self::TransportUnknown
            | Self::SessionUnknown
            | Self::BadHandshakeMethod
            | Self::BadRequest
            | Self::UnsupportedVersion => 400,
        }
    }

    /// The body of the answer.
    pub fn json(self) -> String {
        format!("{{\"code\":{},\"message\":\"{}\"}}", self as u8, self.message())
    }
}

/// A decision worth telling. Small and plain; the sentences are only made when somebody reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A server's session changed its state.
    Server {
        /// The state before.
        from: server::State,
        /// The state now.
        to: server::State,
        /// What led there.
        on: server::Trigger,
    },
    /// A client's session changed its state.
    Client {
        /// The state before.
        from: client::State,
        /// The state now.
        to: client::State,
        /// What led there.
        on: client::Trigger,
    },
    /// The server does not take a request.
    Refused(Refusal),
    /// The server does not take a body.
    TooLarge {
        /// Its octets.
        octets: u32,
        /// How many it may have.
        octets_max: u32,
    },
    /// A GET waits until there is something to say.
    PollWaits,
    /// A waiting GET is answered.
    Polled {
        /// With so many packets.
        packets: u32,
    },
    /// A POST carries what waited.
    Posted {
        /// So many packets.
        packets: u32,
    },
    /// There is no way out for a packet now.
    Queued {
        /// So many wait.
        packets: u32,
    },
    /// What waited goes over the new WebSocket.
    Flushed {
        /// So many packets.
        packets: u32,
    },
    /// The server asks whether the client is there.
    PingSent,
    /// The client says that it is.
    PongSent,
    /// A message that may be lost was dropped: there was no way out at that moment.
    VolatileDropped,
    /// A program spoke to a session that is not open.
    NotOpen,
    /// One more WebSocket for a session that has or tries one already.
    SocketTooMany,
}
