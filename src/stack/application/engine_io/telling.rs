//! The sentences of the notes: in the field's words, to a friend, and with their source.

use super::{Note, client, server};
use crate::stack::Telling;
use std::fmt;

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Server { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::Client { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::Refused(why) => {
                write!(f, "refused with {}: code {}, {}", why.status(), why as u8, why.message())
            }
            Self::TooLarge { octets, octets_max } => {
                write!(f, "413: {octets} octets are more than maxPayload {octets_max}")
            }
            Self::PollWaits => f.write_str("long poll: GET waits for packets"),
            Self::Polled { packets } => write!(f, "GET answered with {packets} packets"),
            Self::Posted { packets } => write!(f, "POST with {packets} packets"),
            Self::Queued { packets } => write!(f, "no writable transport: {packets} packets wait"),
            Self::Flushed { packets } => write!(f, "{packets} packets flushed over WebSocket"),
            Self::PingSent => f.write_str("ping: a pong is due within pingTimeout"),
            Self::PongSent => f.write_str("pong answers the ping"),
            Self::VolatileDropped => {
                f.write_str("volatile packet discarded: transport not writable")
            }
            Self::NotOpen => f.write_str("packet discarded: session not open"),
            Self::SocketTooMany => f.write_str("one more WebSocket for this session: closed"),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match *self {
            Self::Server { to, .. } => server(to).into(),
            Self::Client { to, .. } => client(to).into(),
            Self::Refused(why) => format!("Not like this: {}.", why.message().to_lowercase()),
            Self::TooLarge { .. } => "That parcel is larger than I said I would take.".into(),
            Self::PollWaits => {
                "You asked for news. There is none yet, so I keep your question until there is."
                    .into()
            }
            Self::Polled { .. } => {
                "There is news, so I answer the question that was waiting.".into()
            }
            Self::Posted { .. } => "What I have to say goes out in one letter.".into(),
            Self::Queued { .. } => "Nobody is at the door right now; it waits on the shelf.".into(),
            Self::Flushed { .. } => {
                "The new line is up: everything from the shelf goes over it.".into()
            }
            Self::PingSent => "Still there?".into(),
            Self::PongSent => "Still here!".into(),
            Self::VolatileDropped => {
                "That was only good for this very moment, and the moment is gone.".into()
            }
            Self::NotOpen => "There is nobody to say that to any more.".into(),
            Self::SocketTooMany => "We talk over a line already; I hang up the second one.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Server { .. } | Self::Client { .. } => {
                "Engine.IO protocol v4, Handshake and Upgrade"
            }
            Self::Refused(_) => "Engine.IO protocol v4, Handshake; error codes of engine.io",
            Self::TooLarge { .. } => "Engine.IO protocol v4, maxPayload; RFC 9110 §15.5.14",
            Self::PollWaits | Self::Polled { .. } | Self::Posted { .. } | Self::Queued { .. } => {
                "Engine.IO protocol v4, HTTP long-polling"
            }
            Self::Flushed { .. } | Self::SocketTooMany => "Engine.IO protocol v4, Upgrade",
            Self::PingSent | Self::PongSent => "Engine.IO protocol v4, Heartbeat",
            Self::VolatileDropped => "Socket.IO documentation, Volatile events",
            Self::NotOpen => "Engine.IO protocol v4, Packets",
        }
    }
}

const fn server(to: server::State) -> &'static str {
    match to {
        server::State::Closed => "That was it; this conversation is over.",
        server::State::Polling => "We talk by letters: you ask, I answer when there is news.",
        server::State::Probing => "You offer a direct line. Let us see whether it works.",
        server::State::Probed => "The direct line works. Say when you have moved over.",
        server::State::WebSocket => "From now on we talk over the direct line.",
        server::State::Closing => "I want to stop; I tell you as soon as you ask for news.",
    }
}

const fn client(to: client::State) -> &'static str {
    match to {
        client::State::Closed => "That was it; this conversation is over.",
        client::State::Opening => "Hello? I would like to talk.",
        client::State::Polling => "We talk by letters: I ask for news again and again.",
        client::State::Probing => "I try whether a direct line works too.",
        client::State::Pausing => "It works. I wait for my last letters to be answered.",
        client::State::WebSocket => "From now on we talk over the direct line.",
        client::State::Closing => "I want to stop, but first my last letters must go out.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Refusal;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_note_is_small_and_is_told_in_its_own_words() {
        let (server, client) = (server::State::Polling, client::State::Polling);
        let notes = [
            Note::Server { from: server, to: server, on: server::Trigger::PeerCloses },
            Note::Client { from: client, to: client, on: client::Trigger::PeerCloses },
            Note::Refused(Refusal::Forbidden),
            Note::TooLarge { octets: 2, octets_max: 1 },
            Note::PollWaits,
            Note::Polled { packets: 1 },
            Note::Posted { packets: 1 },
            Note::Queued { packets: 1 },
            Note::Flushed { packets: 1 },
            Note::PingSent,
            Note::PongSent,
            Note::VolatileDropped,
            Note::NotOpen,
            Note::SocketTooMany,
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
