//! The states of a session, as its server sees it, and what moves it.

use super::super::Reason;
use std::fmt;

/// Where a session is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// Not yet, or no more.
    #[default]
    Closed,
    /// Open, carried by requests.
    Polling,
    /// Carried by requests; a WebSocket offers itself.
    Probing,
    /// Carried by requests; the WebSocket was found to work.
    Probed,
    /// Open, carried by a WebSocket.
    WebSocket,
    /// Our program closed it, and no GET waits that could be told.
    Closing,
}

impl State {
    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Polling => "POLLING",
            Self::Probing => "PROBING",
            Self::Probed => "PROBED",
            Self::WebSocket => "WEBSOCKET",
            Self::Closing => "CLOSING",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What moves a session from one state to another: the label of an edge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// A GET without an id was answered with the open packet.
    HandshakeByPolling,
    /// A WebSocket without an id got the open packet.
    HandshakeByWebSocket,
    /// A WebSocket with the session's id opened.
    SocketOffered,
    /// It said `2probe`.
    ProbeArrives,
    /// It closed, said something else, or took too long.
    ProbeFails,
    /// It said `5`.
    UpgradeArrives,
    /// The client sent `1`.
    PeerCloses,
    /// The connection under the waiting GET, or the WebSocket, is gone.
    TransportLost,
    /// What is no packet arrived.
    MalformedArrives,
    /// The client asked twice at once, or pinged.
    Misbehaves,
    /// No pong within the time.
    HeartbeatLost,
    /// More waits for the client than may wait.
    BufferFull,
    /// The program closed it, and the client could be told.
    ProgramCloses,
    /// The program closed it while no GET waited.
    ProgramClosesUnheard,
    /// The next GET came and was told.
    CloseHeard,
    /// It did not come.
    CloseTimesOut,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::HandshakeByPolling => "a GET without sid: the open packet answers it",
            Self::HandshakeByWebSocket => "a WebSocket without sid: the open packet goes first",
            Self::SocketOffered => "a WebSocket with this sid opened",
            Self::ProbeArrives => "2probe arrived: 3probe answers it",
            Self::ProbeFails => "the probe failed: polling goes on",
            Self::UpgradeArrives => "5 arrived: the WebSocket carries the session",
            Self::PeerCloses => "1 arrived: the client closes",
            Self::TransportLost => "the connection under it is gone",
            Self::MalformedArrives => "what arrived is no packet",
            Self::Misbehaves => "the client did what only one side, or only one request, may do",
            Self::HeartbeatLost => "no pong within pingTimeout",
            Self::BufferFull => "too much waits for a client that does not poll",
            Self::ProgramCloses => "the program closes",
            Self::ProgramClosesUnheard => "the program closes while no GET waits",
            Self::CloseHeard => "a GET came: 1 answers it",
            Self::CloseTimesOut => "no GET came to be told",
        }
    }

    /// The reason that a session which ends by it is closed with.
    pub(super) const fn reason(self) -> Reason {
        match self {
            Self::MalformedArrives => Reason::ParseError,
            Self::Misbehaves => Reason::TransportError,
            Self::HeartbeatLost => Reason::PingTimeout,
            Self::BufferFull => Reason::BufferFull,
            Self::ProgramCloses
            | Self::ProgramClosesUnheard
            | Self::CloseHeard
            | Self::CloseTimesOut => Reason::ForcedClose,
            Self::HandshakeByPolling
            | Self::HandshakeByWebSocket
            | Self::SocketOffered
            | Self::ProbeArrives
            | Self::ProbeFails
            | Self::UpgradeArrives
            | Self::PeerCloses
            | Self::TransportLost => Reason::TransportClose,
        }
    }
}

impl State {
    /// Every edge of the diagram.
    pub const EDGES: &[(Self, Trigger, Self)] = &[
        (Self::Closed, Trigger::HandshakeByPolling, Self::Polling),
        (Self::Closed, Trigger::HandshakeByWebSocket, Self::WebSocket),
        (Self::Polling, Trigger::SocketOffered, Self::Probing),
        (Self::Probing, Trigger::ProbeArrives, Self::Probed),
        (Self::Probing, Trigger::ProbeFails, Self::Polling),
        (Self::Probed, Trigger::ProbeFails, Self::Polling),
        (Self::Probed, Trigger::UpgradeArrives, Self::WebSocket),
        // The end, state by state.
        (Self::Polling, Trigger::PeerCloses, Self::Closed),
        (Self::Polling, Trigger::TransportLost, Self::Closed),
        (Self::Polling, Trigger::MalformedArrives, Self::Closed),
        (Self::Polling, Trigger::Misbehaves, Self::Closed),
        (Self::Polling, Trigger::HeartbeatLost, Self::Closed),
        (Self::Polling, Trigger::BufferFull, Self::Closed),
        (Self::Polling, Trigger::ProgramCloses, Self::Closed),
        (Self::Polling, Trigger::ProgramClosesUnheard, Self::Closing),
        (Self::Probing, Trigger::PeerCloses, Self::Closed),
        (Self::Probing, Trigger::TransportLost, Self::Closed),
        (Self::Probing, Trigger::MalformedArrives, Self::Closed),
        (Self::Probing, Trigger::Misbehaves, Self::Closed),
        (Self::Probing, Trigger::HeartbeatLost, Self::Closed),
        (Self::Probing, Trigger::BufferFull, Self::Closed),
        (Self::Probing, Trigger::ProgramCloses, Self::Closed),
        (Self::Probing, Trigger::ProgramClosesUnheard, Self::Closing),
        (Self::Probed, Trigger::PeerCloses, Self::Closed),
        (Self::Probed, Trigger::MalformedArrives, Self::Closed),
        (Self::Probed, Trigger::Misbehaves, Self::Closed),
        (Self::Probed, Trigger::HeartbeatLost, Self::Closed),
        (Self::Probed, Trigger::BufferFull, Self::Closed),
        (Self::Probed, Trigger::ProgramClosesUnheard, Self::Closing),
        (Self::WebSocket, Trigger::PeerCloses, Self::Closed),
        (Self::WebSocket, Trigger::TransportLost, Self::Closed),
        (Self::WebSocket, Trigger::MalformedArrives, Self::Closed),
        (Self::WebSocket, Trigger::Misbehaves, Self::Closed),
        (Self::WebSocket, Trigger::HeartbeatLost, Self::Closed),
        (Self::WebSocket, Trigger::ProgramCloses, Self::Closed),
        (Self::Closing, Trigger::CloseHeard, Self::Closed),
        (Self::Closing, Trigger::CloseTimesOut, Self::Closed),
    ];

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        Self::EDGES.iter().find(|edge| edge.0 == self && edge.1 == on).map(|edge| edge.2)
    }

    /// Whether messages can be exchanged.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Closing)
    }
}
