//! The state diagram of RFC 9293 §3.3.2, as data.

use std::fmt;

/// One of the eleven states.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// No connection.
    #[default]
    Closed,
    /// Waiting for anybody's SYN.
    Listen,
    /// Our SYN is out.
    SynSent,
    /// Both SYNs are known; ours is not acknowledged yet.
    SynReceived,
    /// Data flows both ways.
    Established,
    /// Our FIN is out, not acknowledged.
    FinWait1,
    /// Our FIN is acknowledged; the peer may still send.
    FinWait2,
    /// The peer has sent its FIN; our program has not closed yet.
    CloseWait,
    /// Both FINs crossed; ours is not acknowledged yet.
    Closing,
    /// The peer closed first and our FIN waits for its acknowledgement.
    LastAck,
    /// All done; waiting until old segments have died out.
    TimeWait,
}

impl State {
    /// The RFC's name, in capitals with hyphens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Listen => "LISTEN",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What moves a connection from one state to another: the label of an edge. Where the RFC's text
/// asks for more than the arrival of a segment, that condition is a trigger of its own, so that
/// the table of edges is the whole truth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Trigger {
    /// A program asked to listen.
    PassiveOpen,
    /// A program asked to connect.
    ActiveOpen,
    /// A program sent on a socket that listened, which makes it connect.
    Send,
    /// A SYN without ACK arrived.
    SynArrives,
    /// A SYN with an acceptable ACK arrived.
    SynAckArrives,
    /// Our SYN was acknowledged.
    AckOfSyn,
    /// A program closed its direction.
    Close,
    /// The peer's FIN arrived and all before it is here.
    FinArrives,
    /// Our FIN was acknowledged.
    AckOfFin,
    /// A RST ended a connection that a listener had begun.
    ResetAfterPassiveOpen,
    /// A RST ended a connection that we were opening.
    ResetAfterActiveOpen,
    /// A valid RST arrived.
    ResetArrives,
    /// A program aborted.
    Abort,
    /// Data arrived for a program that is gone.
    DataAfterRelease,
    /// Too many retransmissions, too long, or no answer to keep-alives.
    GaveUp,
    /// The network said, while opening, that the peer cannot be reached.
    HardError,
    /// Twice the maximum segment lifetime has passed.
    TimeWaitOver,
    /// The peer never closed, and our program is gone.
    OrphanTimeout,
}

impl Trigger {
    /// The cause as the screen tells it.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::PassiveOpen => "the program listens",
            Self::ActiveOpen => "the program connects: a SYN goes out",
            Self::Send => "the program sends although it only listened: a SYN goes out",
            Self::SynArrives => "the peer's SYN arrived: SYN and ACK answer it",
            Self::SynAckArrives => "the peer's SYN with an ACK of ours arrived: an ACK answers it",
            Self::AckOfSyn => "our SYN was acknowledged",
            Self::Close => "the program closes: a FIN follows what is queued",
            Self::FinArrives => "the peer's FIN arrived: an ACK answers it",
            Self::AckOfFin => "our FIN was acknowledged",
            Self::ResetAfterPassiveOpen => "a RST arrived before the handshake was over: listen on",
            Self::ResetAfterActiveOpen => "a RST answered our SYN: refused",
            Self::ResetArrives => "a RST arrived",
            Self::Abort => "the program aborts",
            Self::DataAfterRelease => "data arrived for a program that is gone: a RST answers it",
            Self::GaveUp => "no answer for too long",
            Self::HardError => "the network says that the peer cannot be reached",
            Self::TimeWaitOver => "twice the maximum segment lifetime has passed",
            Self::OrphanTimeout => "the peer never closed and the program is gone",
        }
    }
}

impl State {
    /// Every edge of the diagram. The first part is RFC 9293 figure 5; the second is what its
    /// text adds (§3.10.5 ABORT, §3.10.7.4 RST, §3.8.3 giving up), state by state.
    pub const EDGES: &[(Self, Trigger, Self)] = &[
        (Self::Closed, Trigger::PassiveOpen, Self::Listen),
        (Self::Closed, Trigger::ActiveOpen, Self::SynSent),
        (Self::Listen, Trigger::ActiveOpen, Self::SynSent),
        (Self::Listen, Trigger::Send, Self::SynSent),
        (Self::Listen, Trigger::SynArrives, Self::SynReceived),
        (Self::Listen, Trigger::Close, Self::Closed),
        (Self::SynSent, Trigger::SynArrives, Self::SynReceived),
        (Self::SynSent, Trigger::SynAckArrives, Self::Established),
        (Self::SynSent, Trigger::Close, Self::Closed),
        (Self::SynReceived, Trigger::AckOfSyn, Self::Established),
        (Self::SynReceived, Trigger::Close, Self::FinWait1),
        (Self::SynReceived, Trigger::ResetAfterPassiveOpen, Self::Listen),
        (Self::Established, Trigger::Close, Self::FinWait1),
        (Self::Established, Trigger::FinArrives, Self::CloseWait),
        (Self::FinWait1, Trigger::AckOfFin, Self::FinWait2),
        (Self::FinWait1, Trigger::FinArrives, Self::Closing),
        (Self::FinWait2, Trigger::FinArrives, Self::TimeWait),
        (Self::CloseWait, Trigger::Close, Self::LastAck),
        (Self::Closing, Trigger::AckOfFin, Self::TimeWait),
        (Self::LastAck, Trigger::AckOfFin, Self::Closed),
        (Self::TimeWait, Trigger::TimeWaitOver, Self::Closed),
        // What the text adds.
        (Self::Listen, Trigger::Abort, Self::Closed),
        (Self::SynSent, Trigger::ResetAfterActiveOpen, Self::Closed),
        (Self::SynSent, Trigger::Abort, Self::Closed),
        (Self::SynSent, Trigger::GaveUp, Self::Closed),
        (Self::SynSent, Trigger::HardError, Self::Closed),
        (Self::SynReceived, Trigger::ResetAfterActiveOpen, Self::Closed),
        (Self::SynReceived, Trigger::Abort, Self::Closed),
        (Self::SynReceived, Trigger::GaveUp, Self::Closed),
        (Self::SynReceived, Trigger::HardError, Self::Closed),
        (Self::Established, Trigger::ResetArrives, Self::Closed),
        (Self::Established, Trigger::Abort, Self::Closed),
        (Self::Established, Trigger::GaveUp, Self::Closed),
        (Self::FinWait1, Trigger::ResetArrives, Self::Closed),
        (Self::FinWait1, Trigger::Abort, Self::Closed),
        (Self::FinWait1, Trigger::DataAfterRelease, Self::Closed),
        (Self::FinWait1, Trigger::GaveUp, Self::Closed),
        (Self::FinWait2, Trigger::ResetArrives, Self::Closed),
        (Self::FinWait2, Trigger::Abort, Self::Closed),
        (Self::FinWait2, Trigger::DataAfterRelease, Self::Closed),
        (Self::FinWait2, Trigger::GaveUp, Self::Closed),
        (Self::FinWait2, Trigger::OrphanTimeout, Self::Closed),
        (Self::CloseWait, Trigger::ResetArrives, Self::Closed),
        (Self::CloseWait, Trigger::Abort, Self::Closed),
        (Self::CloseWait, Trigger::GaveUp, Self::Closed),
        (Self::Closing, Trigger::ResetArrives, Self::Closed),
        (Self::Closing, Trigger::Abort, Self::Closed),
        (Self::Closing, Trigger::GaveUp, Self::Closed),
        (Self::LastAck, Trigger::ResetArrives, Self::Closed),
        (Self::LastAck, Trigger::Abort, Self::Closed),
        (Self::LastAck, Trigger::GaveUp, Self::Closed),
        (Self::TimeWait, Trigger::ResetArrives, Self::Closed),
        (Self::TimeWait, Trigger::Abort, Self::Closed),
    ];

    /// Where `on` leads from here; `None` if the diagram has no such edge.
    pub fn next(self, on: Trigger) -> Option<Self> {
        Self::EDGES.iter().find(|edge| edge.0 == self && edge.1 == on).map(|edge| edge.2)
    }

    /// Whether both sides know both initial sequence numbers (RFC 9293 §3.5, the synchronised
    /// states): ESTABLISHED and all after it but CLOSED.
    pub const fn is_synchronised(self) -> bool {
        !matches!(self, Self::Closed | Self::Listen | Self::SynSent | Self::SynReceived)
    }

    /// Whether the peer may still send data that we want.
    pub const fn receives(self) -> bool {
        matches!(self, Self::Established | Self::FinWait1 | Self::FinWait2)
    }
}
