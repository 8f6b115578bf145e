//! What a connection takes and gives.

use super::{Note, Refusal, Violation};
use crate::base::Chunk;
use crate::stack::application::Message;

/// Which end of a connection it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It asked for the connection, and masks what it sends.
    Client,
    /// It was asked, and does not mask.
    Server,
}

/// What can happen to a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// TCP is open: a client sends its request, a server that was given a request answers it.
    Open,
    /// Octets arrived.
    Received(Chunk),
    /// The program has had its say to a message: what waits behind it may be read
    /// ([`Output::More`]).
    Resume,
    /// The peer will send no more (TCP FIN).
    PeerClosed,
    /// TCP is gone (RST, time-out).
    Reset,
    /// The program sends a message.
    Send(Message),
    /// The program sends the next part of a message.
    SendFragment {
        /// It is text; a part may end within a character. Only the first part's word counts.
        text: bool,
        /// The part.
        octets: Chunk,
        /// The message ends with it.
        last: bool,
    },
    /// The program sends a ping of at most 125 octets.
    Ping(Chunk),
    /// The program sends a pong that nobody asked for (§5.5.3).
    Pong(Chunk),
    /// The program closes.
    Close {
        /// Why, as a number; `None` sends a Close frame without one.
        code: Option<u16>,
        /// Why, in at most 123 octets; only behind a code.
        reason: String,
    },
}

/// What a connection wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Send these octets: one frame, or one end's part of the handshake.
    Transmit(Chunk),
    /// Tell the program.
    Indicate(Indication),
    /// More octets wait behind the message that was just handed up. Once the program has had its
    /// say to it, [`Input::Resume`] reads them: so an answer goes out before what follows, which
    /// may be a Close, can stop it.
    More,
    /// Close TCP once all is sent.
    CloseTransport,
    /// End TCP at once.
    AbortTransport,
    /// Tell whoever watches.
    Note(Note),
}

/// What the program is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Indication {
    /// The connection is open.
    Opened {
        /// The subprotocol, if one was agreed upon.
        protocol: Option<String>,
        /// Messages are compressed.
        compressed: bool,
    },
    /// There will be no connection. Nothing follows but [`Self::Closed`].
    Refused(Refusal),
    /// A message arrived, whole.
    Message(Message),
    /// A ping arrived, and was answered.
    Ping(Chunk),
    /// A pong arrived.
    Pong(Chunk),
    /// The peer closes: its Close frame arrived.
    Closing {
        /// Its code; 1005 if it had none (§7.1.5).
        code: u16,
        /// Its reason.
        reason: String,
    },
    /// The peer broke a rule, and the connection fails.
    Failed(Violation),
    /// All is over. The last indication.
    Closed {
        /// The code of the peer's Close frame; 1005 if it had none, 1006 if there was no such
        /// frame (§7.1.5). These two are never on the wire.
        code: u16,
        /// Its reason.
        reason: String,
        /// Both ends had sent a Close frame (§7.1.4).
        clean: bool,
    },
    /// The program did what it must not; nothing was sent.
    Misuse(Misuse),
}

/// What a program did wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misuse {
    /// Sent on a connection that is not (or no longer) open.
    NotOpen,
    /// Sent a message before the one begun in parts was complete.
    WithinMessage,
    /// A ping, a pong or a reason that is too long.
    TooLong,
    /// A code that must not be sent, or a reason without a code.
    Code,
}
