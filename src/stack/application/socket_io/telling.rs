//! The sentences of the notes: in the field's words, to a friend, and with their source.

use super::{Note, client, state};
use crate::stack::Telling;
use std::fmt;

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Socket { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::Link { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::Violation(violation) => write!(f, "protocol violation: {violation}"),
            Self::UnknownNamespace => f.write_str("CONNECT_ERROR: invalid namespace"),
            Self::ConnectTimedOut => f.write_str("connect timeout: no namespace joined"),
            Self::AttachmentsDue { count } => write!(f, "packet waits for {count} attachments"),
            Self::UnknownAck { id } => write!(f, "ACK {id} matches no event: ignored"),
            Self::AckTimedOut { id } => write!(f, "acknowledgement {id} has timed out"),
            Self::Broadcast { sockets } => write!(f, "broadcast to {sockets} sockets"),
            Self::Buffered { packets } => write!(f, "not connected: {packets} packets buffered"),
            Self::Flushed { packets } => write!(f, "send buffer: {packets} packets flushed"),
            Self::VolatileDropped => f.write_str("volatile packet discarded: not connected"),
            Self::EarlyDropped => f.write_str("event before CONNECT dropped: receive buffer full"),
            Self::Recovered { missed } => {
                write!(f, "connection state recovered, {missed} missed packets follow")
            }
            Self::NotRecovered => f.write_str("connection state not recovered: a fresh session"),
            Self::Waits { attempt, wait } => write!(f, "reconnection attempt {attempt} in {wait}"),
            Self::GaveUp { attempts } => write!(f, "reconnection failed after {attempts} attempts"),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match *self {
            Self::Socket { to, .. } => socket(to).into(),
            Self::Link { to, .. } => link(to).into(),
            Self::Violation(violation) => {
                format!("That is against the rules ({violation}), so I hang up.")
            }
            Self::UnknownNamespace => "There is no such room in this house.".into(),
            Self::ConnectTimedOut => {
                "You rang, but you never said where you want to go. Goodbye.".into()
            }
            Self::AttachmentsDue { .. } => {
                "The letter says that parcels follow; I wait for them.".into()
            }
            Self::UnknownAck { .. } => "An answer to something that I did not ask.".into(),
            Self::AckTimedOut { .. } => "No answer. I do not wait any longer.".into(),
            Self::Broadcast { sockets } => format!("One shout, heard by {sockets}."),
            Self::Buffered { .. } => "Nobody is on the line; I keep it until somebody is.".into(),
            Self::Flushed { .. } => "The line is back: here is all that I had kept.".into(),
            Self::VolatileDropped => {
                "That was only good for this very moment, and the moment is gone.".into()
            }
            Self::EarlyDropped => "Too much came before we were introduced.".into(),
            Self::Recovered { missed } => {
                format!("Welcome back! You missed {missed} things; here they are.")
            }
            Self::NotRecovered => "I do not remember you any more; let us begin anew.".into(),
            Self::Waits { wait, .. } => {
                format!(
                    "I try again in {wait}. If everybody came back at once, nobody would get in."
                )
            }
            Self::GaveUp { attempts } => format!("I tried {attempts} times. It is no use."),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Socket { .. } | Self::UnknownNamespace | Self::ConnectTimedOut => {
                "Socket.IO protocol v5, Connection to a namespace"
            }
            Self::Link { .. } | Self::Waits { .. } | Self::GaveUp { .. } => {
                "Socket.IO documentation, Client: reconnection"
            }
            Self::Violation(_) | Self::AttachmentsDue { .. } => {
                "Socket.IO protocol v5, Packet encoding"
            }
            Self::UnknownAck { .. } => "Socket.IO protocol v5, Acknowledgement",
            Self::AckTimedOut { .. } => "Socket.IO documentation, Emitting events: with timeout",
            Self::Broadcast { .. } => "Socket.IO documentation, Rooms",
            Self::Buffered { .. } | Self::Flushed { .. } | Self::EarlyDropped => {
                "Socket.IO documentation, Offline behavior"
            }
            Self::VolatileDropped => "Socket.IO documentation, Volatile events",
            Self::Recovered { .. } | Self::NotRecovered => {
                "Socket.IO documentation, Connection state recovery"
            }
        }
    }
}

const fn socket(to: state::State) -> &'static str {
    match to {
        state::State::Away => "No longer in this room.",
        state::State::Connecting => "May I come in?",
        state::State::Connected => "Come in! This is the name by which I know you here.",
    }
}

const fn link(to: client::State) -> &'static str {
    match to {
        client::State::Closed => "The line is down, and that is all right.",
        client::State::Opening => "I call the server.",
        client::State::Open => "The server is on the line.",
        client::State::Waiting => "The line broke. I take a breath before I call again.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Violation;
    use super::*;
    use crate::base::Duration;
    use std::collections::BTreeSet;

    #[test]
    fn every_note_is_small_and_is_told_in_its_own_words() {
        let (end, link) = (state::State::Connected, client::State::Open);
        let notes = [
            Note::Socket { from: end, to: end, on: state::Trigger::Lost },
            Note::Link { from: link, to: link, on: client::Trigger::Broken },
            Note::Violation(Violation::NotJson),
            Note::UnknownNamespace,
            Note::ConnectTimedOut,
            Note::AttachmentsDue { count: 1 },
            Note::UnknownAck { id: 1 },
            Note::AckTimedOut { id: 1 },
            Note::Broadcast { sockets: 2 },
            Note::Buffered { packets: 1 },
            Note::Flushed { packets: 1 },
            Note::VolatileDropped,
            Note::EarlyDropped,
            Note::Recovered { missed: 1 },
            Note::NotRecovered,
            Note::Waits { attempt: 1, wait: Duration::from_secs(1) },
            Note::GaveUp { attempts: 1 },
        ];
        assert!(size_of::<Note>() <= 16);
        let words: BTreeSet<String> = notes.iter().map(Note::to_string).collect();
        assert_eq!(words.len(), notes.len());
        for note in notes {
            assert!(note.friend().is_some_and(|words| words.ends_with(['.', '?', '!'])), "{note}");
            assert!(note.source().contains(".IO "), "{note}");
        }
    }
}
