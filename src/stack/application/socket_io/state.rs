//! The life of one end of a namespace: the same on both sides.

use std::fmt;

/// Where an end is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// Not in the namespace.
    #[default]
    Away,
    /// CONNECT was sent, and is not answered.
    Connecting,
    /// In the namespace: events go both ways.
    Connected,
}

impl State {
    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Away => "AWAY",
            Self::Connecting => "CONNECTING",
            Self::Connected => "CONNECTED",
        }
    }

    /// Every edge of the diagram.
    pub const EDGES: &[(Self, Trigger, Self)] = &[
        (Self::Away, Trigger::Connect, Self::Connecting),
        (Self::Connecting, Trigger::Accepted, Self::Connected),
        (Self::Connecting, Trigger::Refused, Self::Away),
        (Self::Connecting, Trigger::Lost, Self::Away),
        (Self::Connecting, Trigger::Leaves, Self::Away),
        (Self::Connected, Trigger::Leaves, Self::Away),
        (Self::Connected, Trigger::Lost, Self::Away),
    ];

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        Self::EDGES.iter().find(|edge| edge.0 == self && edge.1 == on).map(|edge| edge.2)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What moves an end from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// CONNECT goes from client to server.
    Connect,
    /// The server answers with CONNECT.
    Accepted,
    /// The server answers with `CONNECT_ERROR`.
    Refused,
    /// One side leaves: DISCONNECT.
    Leaves,
    /// The session under it is over.
    Lost,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT asks to join the namespace",
            Self::Accepted => "CONNECT with a sid answers it",
            Self::Refused => "CONNECT_ERROR answers it",
            Self::Leaves => "one side leaves the namespace",
            Self::Lost => "the session under it is over",
        }
    }
}
