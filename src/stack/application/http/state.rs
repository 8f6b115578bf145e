//! The state diagrams of the two ends of a connection, as data.

use std::fmt;

/// The states of a server's connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum ServerState {
    /// Between requests.
    #[default]
    Idle,
    /// A request has begun to arrive.
    Receiving,
    /// A request is with the program; its answer is owed.
    Answering,
    /// The head of an answer is out; the rest of its body is owed.
    Streaming,
    /// Nothing more is said or heard.
    Closed,
    /// Another protocol has the connection now.
    Upgraded,
}

/// The states of a client's connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum ClientState {
    /// Between a response and the next request.
    #[default]
    Idle,
    /// A request is out.
    Waiting,
    /// The head of its response has arrived.
    Receiving,
    /// Nothing more is said or heard.
    Closed,
    /// Another protocol has the connection now.
    Upgraded,
}

/// What moves a connection from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// The first octet of a request arrived.
    RequestBegins,
    /// A request is whole.
    RequestComplete,
    /// The head of an answer in parts was sent.
    HeadSent,
    /// The answer was sent, and the connection stays.
    Answered,
    /// The answer was sent, and it was the last one.
    LastAnswered,
    /// A request was sent.
    RequestSent,
    /// The head of the response arrived.
    HeadArrives,
    /// The response is whole, and the connection stays.
    ResponseComplete,
    /// The response is whole, and it was the last one.
    LastResponse,
    /// Both sides agreed upon another protocol.
    Upgrade,
    /// What arrived is no good HTTP, or too much of it.
    Malformed,
    /// The peer ended the connection.
    PeerClosed,
    /// Nothing came in time.
    TimedOut,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::RequestBegins => "a request begins to arrive",
            Self::RequestComplete => "the request is whole: the program gets it",
            Self::HeadSent => "the head of the answer is sent, its body follows in parts",
            Self::Answered => "the answer is sent, the connection stays",
            Self::LastAnswered => "the last answer is sent",
            Self::RequestSent => "a request is sent",
            Self::HeadArrives => "the head of the response arrived",
            Self::ResponseComplete => "the response is whole, the connection stays",
            Self::LastResponse => "the last response is whole",
            Self::Upgrade => "another protocol takes over",
            Self::Malformed => "what arrived breaks the rules",
            Self::PeerClosed => "the peer ended the connection",
            Self::TimedOut => "nothing came in time",
        }
    }
}

/// An edge: from where, upon what, to where.
type Edge<S> = (S, Trigger, S);

impl ServerState {
    /// Every edge of the diagram (RFC 9112 §9; RFC 9110 §7.8).
    pub const EDGES: &[Edge<Self>] = &[
        (Self::Idle, Trigger::RequestBegins, Self::Receiving),
        (Self::Receiving, Trigger::RequestComplete, Self::Answering),
        (Self::Answering, Trigger::Answered, Self::Idle),
        (Self::Answering, Trigger::LastAnswered, Self::Closed),
        (Self::Answering, Trigger::Upgrade, Self::Upgraded),
        (Self::Answering, Trigger::HeadSent, Self::Streaming),
        (Self::Streaming, Trigger::Answered, Self::Idle),
        (Self::Streaming, Trigger::LastAnswered, Self::Closed),
        (Self::Receiving, Trigger::Malformed, Self::Closed),
        (Self::Idle, Trigger::PeerClosed, Self::Closed),
        (Self::Receiving, Trigger::PeerClosed, Self::Closed),
        (Self::Idle, Trigger::TimedOut, Self::Closed),
        (Self::Receiving, Trigger::TimedOut, Self::Closed),
    ];

    /// Whether a request is owed an answer, or the rest of one.
    pub const fn owes(self) -> bool {
        matches!(self, Self::Answering | Self::Streaming)
    }

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        next(Self::EDGES, self, on)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Receiving => "receiving",
            Self::Answering => "answering",
            Self::Streaming => "streaming",
            Self::Closed => "closed",
            Self::Upgraded => "upgraded",
        }
    }
}

impl ClientState {
    /// Every edge of the diagram (RFC 9112 §9; RFC 9110 §7.8).
    pub const EDGES: &[Edge<Self>] = &[
        (Self::Idle, Trigger::RequestSent, Self::Waiting),
        (Self::Waiting, Trigger::HeadArrives, Self::Receiving),
        (Self::Receiving, Trigger::ResponseComplete, Self::Idle),
        (Self::Receiving, Trigger::LastResponse, Self::Closed),
        (Self::Waiting, Trigger::Upgrade, Self::Upgraded),
        (Self::Idle, Trigger::Malformed, Self::Closed),
        (Self::Waiting, Trigger::Malformed, Self::Closed),
        (Self::Receiving, Trigger::Malformed, Self::Closed),
        (Self::Idle, Trigger::PeerClosed, Self::Closed),
        (Self::Waiting, Trigger::PeerClosed, Self::Closed),
        (Self::Receiving, Trigger::PeerClosed, Self::Closed),
        (Self::Waiting, Trigger::TimedOut, Self::Closed),
        (Self::Receiving, Trigger::TimedOut, Self::Closed),
    ];

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        next(Self::EDGES, self, on)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Waiting => "waiting",
            Self::Receiving => "receiving",
            Self::Closed => "closed",
            Self::Upgraded => "upgraded",
        }
    }
}

fn next<S: Copy + PartialEq>(edges: &[Edge<S>], from: S, on: Trigger) -> Option<S> {
    edges.iter().find(|edge| edge.0 == from && edge.1 == on).map(|edge| edge.2)
}

impl fmt::Display for ServerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for ClientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
