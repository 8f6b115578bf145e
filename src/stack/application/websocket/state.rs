//! The state diagram of a connection, as data (RFC 6455 §4.1, §7.1).

use std::fmt;

/// One of the five states.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// The opening handshake is on.
    #[default]
    Connecting,
    /// Messages flow both ways.
    Open,
    /// Our Close is out; the peer's is awaited.
    CloseSent,
    /// No more frames either way; TCP is being closed.
    Closing,
    /// All is over.
    Closed,
}

impl State {
    /// Its name, in capitals as RFC 6455 §4.1 writes them.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connecting => "CONNECTING",
            Self::Open => "OPEN",
            Self::CloseSent => "CLOSE-SENT",
            Self::Closing => "CLOSING",
            Self::Closed => "CLOSED",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What moves a connection from one state to another: the label of an edge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// The handshake succeeded.
    HandshakeDone,
    /// The handshake failed: the server refused, or its answer was wrong.
    HandshakeFailed,
    /// The program closes.
    Close,
    /// The peer's Close arrived.
    CloseArrives,
    /// The peer broke a rule.
    Violation,
    /// TCP ended.
    TransportEnds,
    /// Nothing came in time.
    TimedOut,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::HandshakeDone => "the handshake succeeded",
            Self::HandshakeFailed => "the handshake failed",
            Self::Close => "the program closes: a Close frame goes out",
            Self::CloseArrives => "the peer's Close frame arrived",
            Self::Violation => "the peer broke a rule: the connection fails",
            Self::TransportEnds => "TCP has ended",
            Self::TimedOut => "nothing came in time",
        }
    }
}

impl State {
    /// Every edge of the diagram. The peer's Close is answered as it arrives, so there is no state
    /// in which an answer is owed.
    pub const EDGES: &[(Self, Trigger, Self)] = &[
        (Self::Connecting, Trigger::HandshakeDone, Self::Open),
        (Self::Connecting, Trigger::HandshakeFailed, Self::Closing),
        (Self::Connecting, Trigger::Close, Self::Closing),
        (Self::Connecting, Trigger::TransportEnds, Self::Closed),
        (Self::Connecting, Trigger::TimedOut, Self::Closed),
        (Self::Open, Trigger::Close, Self::CloseSent),
        (Self::Open, Trigger::CloseArrives, Self::Closing),
        (Self::Open, Trigger::Violation, Self::Closing),
        (Self::Open, Trigger::TransportEnds, Self::Closed),
        (Self::Open, Trigger::TimedOut, Self::Closed),
        (Self::CloseSent, Trigger::CloseArrives, Self::Closing),
        (Self::CloseSent, Trigger::Violation, Self::Closing),
        (Self::CloseSent, Trigger::TransportEnds, Self::Closed),
        (Self::CloseSent, Trigger::TimedOut, Self::Closed),
        (Self::Closing, Trigger::TransportEnds, Self::Closed),
        (Self::Closing, Trigger::TimedOut, Self::Closed),
    ];

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        Self::EDGES.iter().find(|edge| edge.0 == self && edge.1 == on).map(|edge| edge.2)
    }
}
