//! What the machines decide, as plain data; `telling` has the sentences.

use super::{Violation, client, state};
use crate::base::Duration;

/// A decision worth telling. Small and plain; the sentences are only made when somebody reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// An end of a namespace changed its state.
    Socket {
        /// The state before.
        from: state::State,
        /// The state now.
        to: state::State,
        /// What led there.
        on: state::Trigger,
    },
    /// A client's link to its server changed its state.
    Link {
        /// The state before.
        from: client::State,
        /// The state now.
        to: client::State,
        /// What led there.
        on: client::Trigger,
    },
    /// The peer broke a rule.
    Violation(Violation),
    /// A client asked for a namespace that there is not.
    UnknownNamespace,
    /// A client joined no namespace in time.
    ConnectTimedOut,
    /// A packet waits for its attachments.
    AttachmentsDue {
        /// So many.
        count: u32,
    },
    /// An acknowledgement that nobody waits for (any more).
    UnknownAck {
        /// Its id.
        id: u64,
    },
    /// No acknowledgement came in time.
    AckTimedOut {
        /// Its id.
        id: u64,
    },
    /// An event went to more than one.
    Broadcast {
        /// To so many.
        sockets: u32,
    },
    /// An event waits until there is a connection again.
    Buffered {
        /// So many wait.
        packets: u32,
    },
    /// What waited goes out.
    Flushed {
        /// So many packets.
        packets: u32,
    },
    /// An event that may be lost was dropped: there was no connection.
    VolatileDropped,
    /// An event that came before its CONNECT was dropped: too many did.
    EarlyDropped,
    /// A connection was taken up again where it broke off.
    Recovered {
        /// So many packets were missed, and follow.
        missed: u32,
    },
    /// A connection could not be taken up again: a new one begins.
    NotRecovered,
    /// The next try is later.
    Waits {
        /// Which try it will be, from 1.
        attempt: u32,
        /// How much later.
        wait: Duration,
    },
    /// There were enough tries.
    GaveUp {
        /// So many.
        attempts: u32,
    },
}
