//! The life of a client's link to its server.

use std::fmt;

/// Where the link is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// Nobody wants it, or it was given up.
    #[default]
    Closed,
    /// An Engine.IO session is being opened.
    Opening,
    /// There is a session.
    Open,
    /// It broke; the next try is later.
    Waiting,
}

impl State {
    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Opening => "OPENING",
            Self::Open => "OPEN",
            Self::Waiting => "WAITING",
        }
    }

    /// Every edge of the diagram.
    pub const EDGES: &[(Self, Trigger, Self)] = &[
        (Self::Closed, Trigger::Wanted, Self::Opening),
        (Self::Opening, Trigger::Opened, Self::Open),
        (Self::Opening, Trigger::Broken, Self::Waiting),
        (Self::Opening, Trigger::GivesUp, Self::Closed),
        (Self::Opening, Trigger::Unwanted, Self::Closed),
        (Self::Open, Trigger::Broken, Self::Waiting),
        (Self::Open, Trigger::GivesUp, Self::Closed),
        (Self::Open, Trigger::Unwanted, Self::Closed),
        (Self::Waiting, Trigger::WaitOver, Self::Opening),
        (Self::Waiting, Trigger::Unwanted, Self::Closed),
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

/// What moves the link from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// The program wants a namespace.
    Wanted,
    /// The Engine.IO session is open.
    Opened,
    /// It did not open, or it ended; there will be another try.
    Broken,
    /// It did not open, or it ended; there will be no other try.
    GivesUp,
    /// No namespace is wanted any more.
    Unwanted,
    /// The wait before the next try is over.
    WaitOver,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Wanted => "the program wants a namespace",
            Self::Opened => "the Engine.IO session is open",
            Self::Broken => "the session failed: another try follows",
            Self::GivesUp => "the session failed: no other try follows",
            Self::Unwanted => "no namespace is wanted any more",
            Self::WaitOver => "the wait is over: the next try",
        }
    }
}
