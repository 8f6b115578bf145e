//! The states of a session, as its client sees it, and what moves it.

use super::super::Reason;
use std::fmt;

/// Where a session is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// Not yet, or no more.
    #[default]
    Closed,
    /// The open packet is awaited.
    Opening,
    /// Open, carried by requests.
    Polling,
    /// Carried by requests; a WebSocket is tried.
    Probing,
    /// The WebSocket works; the requests under way are awaited before the move.
    Pausing,
    /// Open, carried by a WebSocket.
    WebSocket,
    /// Our program closed it; what it sent before is still on its way.
    Closing,
}

impl State {
    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Opening => "OPENING",
            Self::Polling => "POLLING",
            Self::Probing => "PROBING",
            Self::Pausing => "PAUSING",
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
    /// The program opens.
    ProgramOpens,
    /// The open packet came in a response.
    OpenByPolling,
    /// The open packet came over the WebSocket.
    OpenByWebSocket,
    /// The server offers an upgrade: a WebSocket is opened to try.
    ProbeBegins,
    /// It said `3probe`.
    ProbeAnswered,
    /// It closed or said something else.
    ProbeFails,
    /// No request is under way any more.
    PollingPaused,
    /// The server sent `1`, or the WebSocket closed.
    PeerCloses,
    /// A request failed or was refused.
    TransportFails,
    /// What came is no packet, or not the one that must come first.
    MalformedArrives,
    /// No ping within the time.
    HeartbeatLost,
    /// More waits to be sent than may wait.
    BufferFull,
    /// The program closes, and nothing waits.
    ProgramCloses,
    /// The program closes while something waits to be sent.
    ProgramClosesBusy,
    /// Nothing waits any more.
    Flushed,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::ProgramOpens => "the program opens",
            Self::OpenByPolling => "the open packet came in a response",
            Self::OpenByWebSocket => "the open packet came over the WebSocket",
            Self::ProbeBegins => "the server offers an upgrade: a WebSocket is tried",
            Self::ProbeAnswered => "3probe arrived: the WebSocket works",
            Self::ProbeFails => "the probe failed: polling goes on",
            Self::PollingPaused => "no request is under way: 5 goes out",
            Self::PeerCloses => "the server closes",
            Self::TransportFails => "a request failed",
            Self::MalformedArrives => "what arrived is no packet that fits here",
            Self::HeartbeatLost => "no ping within pingInterval and pingTimeout",
            Self::BufferFull => "too much waits to be sent",
            Self::ProgramCloses => "the program closes",
            Self::ProgramClosesBusy => "the program closes; what waits goes first",
            Self::Flushed => "nothing waits any more: 1 goes out",
        }
    }

    /// The reason that a session which ends by it is closed with.
    pub(super) const fn reason(self) -> Reason {
        match self {
            Self::TransportFails => Reason::TransportError,
            Self::MalformedArrives => Reason::ParseError,
            Self::HeartbeatLost => Reason::PingTimeout,
            Self::BufferFull => Reason::BufferFull,
            Self::ProgramCloses | Self::ProgramClosesBusy | Self::Flushed => Reason::ForcedClose,
            Self::ProgramOpens
            | Self::OpenByPolling
            | Self::OpenByWebSocket
            | Self::ProbeBegins
            | Self::ProbeAnswered
            | Self::ProbeFails
            | Self::PollingPaused
            | Self::PeerCloses => Reason::TransportClose,
        }
    }
}

impl State {
    /// Every edge of the diagram.
    pub const EDGES: &[(Self, Trigger, Self)] = &[
        (Self::Closed, Trigger::ProgramOpens, Self::Opening),
        (Self::Opening, Trigger::OpenByPolling, Self::Polling),
        (Self::Opening, Trigger::OpenByWebSocket, Self::WebSocket),
        (Self::Polling, Trigger::ProbeBegins, Self::Probing),
        (Self::Probing, Trigger::ProbeAnswered, Self::Pausing),
        (Self::Probing, Trigger::ProbeFails, Self::Polling),
        (Self::Pausing, Trigger::ProbeFails, Self::Polling),
        (Self::Pausing, Trigger::PollingPaused, Self::WebSocket),
        // The end, state by state.
        (Self::Opening, Trigger::PeerCloses, Self::Closed),
        (Self::Opening, Trigger::TransportFails, Self::Closed),
        (Self::Opening, Trigger::MalformedArrives, Self::Closed),
        (Self::Opening, Trigger::BufferFull, Self::Closed),
        (Self::Opening, Trigger::ProgramCloses, Self::Closed),
        (Self::Polling, Trigger::PeerCloses, Self::Closed),
        (Self::Polling, Trigger::TransportFails, Self::Closed),
        (Self::Polling, Trigger::MalformedArrives, Self::Closed),
        (Self::Polling, Trigger::HeartbeatLost, Self::Closed),
        (Self::Polling, Trigger::BufferFull, Self::Closed),
        (Self::Polling, Trigger::ProgramCloses, Self::Closed),
        (Self::Polling, Trigger::ProgramClosesBusy, Self::Closing),
        (Self::Probing, Trigger::PeerCloses, Self::Closed),
        (Self::Probing, Trigger::TransportFails, Self::Closed),
        (Self::Probing, Trigger::MalformedArrives, Self::Closed),
        (Self::Probing, Trigger::HeartbeatLost, Self::Closed),
        (Self::Probing, Trigger::BufferFull, Self::Closed),
        (Self::Probing, Trigger::ProgramCloses, Self::Closed),
        (Self::Probing, Trigger::ProgramClosesBusy, Self::Closing),
        (Self::Pausing, Trigger::PeerCloses, Self::Closed),
        (Self::Pausing, Trigger::TransportFails, Self::Closed),
        (Self::Pausing, Trigger::MalformedArrives, Self::Closed),
        (Self::Pausing, Trigger::HeartbeatLost, Self::Closed),
        (Self::Pausing, Trigger::BufferFull, Self::Closed),
        (Self::Pausing, Trigger::ProgramCloses, Self::Closed),
        (Self::Pausing, Trigger::ProgramClosesBusy, Self::Closing),
        (Self::WebSocket, Trigger::PeerCloses, Self::Closed),
        (Self::WebSocket, Trigger::MalformedArrives, Self::Closed),
        (Self::WebSocket, Trigger::HeartbeatLost, Self::Closed),
        (Self::WebSocket, Trigger::ProgramCloses, Self::Closed),
        (Self::Closing, Trigger::PeerCloses, Self::Closed),
        (Self::Closing, Trigger::TransportFails, Self::Closed),
        (Self::Closing, Trigger::MalformedArrives, Self::Closed),
        (Self::Closing, Trigger::HeartbeatLost, Self::Closed),
        (Self::Closing, Trigger::BufferFull, Self::Closed),
        (Self::Closing, Trigger::Flushed, Self::Closed),
    ];

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        Self::EDGES.iter().find(|edge| edge.0 == self && edge.1 == on).map(|edge| edge.2)
    }
}
