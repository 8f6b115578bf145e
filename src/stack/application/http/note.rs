//! What a connection tells.

use super::{ClientState, Fault, ServerState, Status, Trigger};
use crate::stack::Telling;
use std::fmt;

/// What is worth telling about a request or its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A server's connection changed its state.
    ServerEntered {
        /// The state before.
        from: ServerState,
        /// The state now.
        to: ServerState,
        /// What led there.
        on: Trigger,
    },
    /// A client's connection changed its state.
    ClientEntered {
        /// The state before.
        from: ClientState,
        /// The state now.
        to: ClientState,
        /// What led there.
        on: Trigger,
    },
    /// What arrived is refused.
    Refused(Fault),
    /// The client asked whether it may send its body, and may.
    Continue,
    /// The next request came before this one is answered; it waits.
    Waits {
        /// Octets that wait in all.
        octets: u32,
    },
    /// Too much waits: what comes is dropped, and the connection ends with this answer.
    TooMuchWaits {
        /// Octets that may wait.
        octets_max: u32,
    },
    /// An answer goes out.
    Answering {
        /// How it went.
        status: Status,
        /// Whether the connection stays behind it.
        stays: bool,
    },
    /// An interim response arrived; the real one follows.
    Interim {
        /// Its status.
        status: Status,
    },
    /// Octets that no request asked for.
    Unasked {
        /// So many.
        octets: u32,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ServerEntered { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::ClientEntered { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::Refused(fault) => write!(f, "{}: {fault}", fault.status()),
            Self::Continue => f.write_str("100 Continue: the body may come"),
            Self::Waits { octets } => {
                write!(f, "pipelined: {octets} octets wait until this request is answered")
            }
            Self::TooMuchWaits { octets_max } => {
                write!(f, "more than {octets_max} octets would wait: this answer is the last")
            }
            Self::Answering { status, stays: true } => {
                write!(f, "{status}; the connection stays open")
            }
            Self::Answering { status, stays: false } => {
                write!(f, "{status}; the connection ends with it")
            }
            Self::Interim { status } => write!(f, "{status}: the answer is still to come"),
            Self::Unasked { octets } => write!(f, "{octets} octets that answer no request"),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match self {
            Self::ServerEntered { on, .. } | Self::ClientEntered { on, .. } => in_plain_words(*on),
            Self::Refused(_) => "It cannot make sense of that, says so, and hangs up.".into(),
            Self::Continue => "Large parcel announced; it says: yes, send it.".into(),
            Self::Waits { .. } => "The next question is here already. One after the other!".into(),
            Self::TooMuchWaits { .. } => "That is too many questions at once.".into(),
            Self::Answering { status, stays } => {
                let mood = match status.0 {
                    200..300 => "Here you are",
                    300..400 => "Look over there",
                    400..500 => "No, something is wrong with your question",
                    500.. => "Sorry, something is wrong on my side",
                    _ => "One moment",
                };
                let end = if *stays { "Anything else?" } else { "And goodbye." };
                format!("{mood}. {end}")
            }
            Self::Interim { .. } => "It has heard us and is still thinking.".into(),
            Self::Unasked { .. } => "An answer to a question that nobody asked.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::ServerEntered { on: Trigger::Upgrade, .. }
            | Self::ClientEntered { on: Trigger::Upgrade, .. } => "RFC 9110 §7.8",
            Self::ServerEntered { .. } | Self::ClientEntered { .. } => "RFC 9112 §9",
            Self::Refused(fault) => fault.source(),
            Self::Continue => "RFC 9110 §10.1.1",
            Self::Waits { .. } | Self::TooMuchWaits { .. } => "RFC 9112 §9.3.2",
            Self::Answering { .. } => "RFC 9112 §9.3",
            Self::Interim { .. } => "RFC 9110 §15.2",
            Self::Unasked { .. } => "RFC 9112 §9.2",
        }
    }
}

fn in_plain_words(on: Trigger) -> String {
    let words = match on {
        Trigger::RequestBegins => "Somebody begins to ask for something.",
        Trigger::RequestComplete => "The question is complete; now it thinks about an answer.",
        Trigger::HeadSent => "The answer begins; the rest comes bit by bit.",
        Trigger::Answered => "Answered. The line stays open for the next question.",
        Trigger::LastAnswered => "Answered, and that was the last one. It hangs up.",
        Trigger::RequestSent => "It asks, and waits for the answer.",
        Trigger::HeadArrives => "The answer begins to arrive.",
        Trigger::ResponseComplete => "The answer is all here. It may ask again.",
        Trigger::LastResponse => "The answer is all here, and that was all.",
        Trigger::Upgrade => "Both agree to go on in another language.",
        Trigger::Malformed => "That makes no sense. It hangs up.",
        Trigger::PeerClosed => "The other side has hung up.",
        Trigger::TimedOut => "It has waited long enough.",
    };
    words.into()
}
