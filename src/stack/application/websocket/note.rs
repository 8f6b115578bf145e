//! What a connection tells.

use super::{Misuse, Opcode, Refusal, State, Trigger, Violation};
use crate::base::Duration;
use crate::stack::Telling;
use std::fmt;

/// What is worth telling. Small and plain; the sentences are only made when somebody reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The state changed.
    Entered {
        /// The state before.
        from: State,
        /// The state now.
        to: State,
        /// What led there.
        on: Trigger,
    },
    /// A client asks to speak WebSocket.
    Asking,
    /// A server agrees.
    Accepting,
    /// One end does not agree.
    Refused(Refusal),
    /// Messages are compressed.
    Compression {
        /// The server's window.
        server_bits: u8,
        /// The client's window.
        client_bits: u8,
    },
    /// A frame goes out.
    Sent {
        /// What it is.
        opcode: Opcode,
        /// It ends its message.
        fin: bool,
        /// Octets of payload.
        octets: u32,
        /// The key that its payload is masked with.
        mask: Option<[u8; 4]>,
    },
    /// A frame arrived.
    Received {
        /// What it is.
        opcode: Opcode,
        /// It ends its message.
        fin: bool,
        /// Octets of payload.
        octets: u32,
        /// The key that its payload was masked with.
        mask: Option<[u8; 4]>,
    },
    /// A message became smaller.
    Deflated {
        /// Octets before.
        from: u32,
        /// Octets now.
        to: u32,
    },
    /// A message became what it was.
    Inflated {
        /// Octets before.
        from: u32,
        /// Octets now.
        to: u32,
    },
    /// A ping is answered.
    Answering {
        /// Octets that come back.
        octets: u32,
    },
    /// The peer's Close is answered.
    ClosingToo {
        /// With this code; 1005 if it had none.
        code: u16,
    },
    /// The peer broke a rule.
    Failing(Violation),
    /// Octets behind the end are ignored.
    Ignored {
        /// So many.
        octets: u32,
    },
    /// Nothing was heard for long: is the peer there?
    KeepAlive {
        /// So long.
        silence: Duration,
    },
    /// It is not.
    GaveUp,
    /// The program did what it must not.
    Misused(Misuse),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Entered { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::Asking => f.write_str("handshake: GET with Upgrade: websocket"),
            Self::Accepting => f.write_str("handshake: 101, the key is answered"),
            Self::Refused(why) => write!(f, "handshake failed: {why}"),
            Self::Compression { server_bits, client_bits } => write!(
                f,
                "permessage-deflate: windows of {server_bits} (server) and {client_bits} bits"
            ),
            Self::Sent { opcode, fin, octets, mask } => {
                let last = if fin { "" } else { ", more follows" };
                write!(f, "{opcode} frame of {octets} octets sent{last}{}", With(mask))
            }
            Self::Received { opcode, fin, octets, mask } => {
                let last = if fin { "" } else { ", more follows" };
                write!(f, "{opcode} frame of {octets} octets arrived{last}{}", With(mask))
            }
            Self::Deflated { from, to } => write!(f, "compressed: {from} octets to {to}"),
            Self::Inflated { from, to } => write!(f, "inflated: {from} octets to {to}"),
            Self::Answering { octets } => write!(f, "pong with the same {octets} octets"),
            Self::ClosingToo { code } => write!(f, "Close answered, code {code}"),
            Self::Failing(why) => write!(f, "{}: {why}", why.code()),
            Self::Ignored { octets } => write!(f, "{octets} octets behind the end are not read"),
            Self::KeepAlive { silence } => write!(f, "no pong for {silence}: ping"),
            Self::GaveUp => f.write_str("no answer in time: given up"),
            Self::Misused(why) => f.write_str(match why {
                Misuse::NotOpen => "the connection is not open: nothing sent",
                Misuse::WithinMessage => "a message in parts is not complete: nothing sent",
                Misuse::TooLong => "too long for a control frame: nothing sent",
                Misuse::Code => "no code for a Close frame: nothing sent",
            }),
        }
    }
}

/// What a payload is masked with, if it is.
struct With(Option<[u8; 4]>);

impl fmt::Display for With {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => write!(f, ", masked with {:08x}", u32::from_be_bytes(key)),
            None => Ok(()),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match self {
            Self::Entered { on, .. } => in_plain_words(*on).into(),
            Self::Asking => "It asks politely, in HTTP, to talk freely from now on.".into(),
            Self::Accepting => {
                "Agreed! To prove that it understood, it answers the riddle in the question.".into()
            }
            Self::Refused(_) => "They do not come to an agreement.".into(),
            Self::Compression { .. } => "They agree to squeeze what they send.".into(),
            Self::Sent { opcode, mask: None, .. } => told("It sends", *opcode, "."),
            Self::Sent { opcode, mask: Some(_), .. } => told(
                "It sends",
                *opcode,
                ", scrambled with a key that goes along. That is no secret; it keeps machines in \
                 between from taking it for something else.",
            ),
            Self::Received { opcode, mask: None, .. } => told("Here comes", *opcode, "."),
            Self::Received { opcode, mask: Some(_), .. } => {
                told("Here comes", *opcode, ", and with the key that came along it is unscrambled.")
            }
            Self::Deflated { .. } => "Squeezed, it is smaller on its way.".into(),
            Self::Inflated { .. } => "Unsqueezed, it is what it was.".into(),
            Self::Answering { .. } => "Are you there? Yes! And it repeats what it heard.".into(),
            Self::ClosingToo { .. } => "Goodbye to you, too.".into(),
            Self::Failing(_) => "That is against the rules. It says why, and hangs up.".into(),
            Self::Ignored { .. } => "They have said goodbye; what still comes is not read.".into(),
            Self::KeepAlive { .. } => "So quiet. Are you still there?".into(),
            Self::GaveUp => "No answer. It hangs up.".into(),
            Self::Misused(_) => "The program asked for something that cannot be done.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Entered { .. } => "RFC 6455 §4.1, §7.1",
            Self::Asking => "RFC 6455 §4.1",
            Self::Accepting => "RFC 6455 §4.2.2",
            Self::Refused(why) => why.source(),
            Self::Compression { .. } => "RFC 7692 §7.1",
            Self::Sent { .. } | Self::Misused(_) => "RFC 6455 §6.1",
            Self::Received { .. } => "RFC 6455 §6.2",
            Self::Deflated { .. } => "RFC 7692 §7.2.1",
            Self::Inflated { .. } => "RFC 7692 §7.2.2",
            Self::Answering { .. } => "RFC 6455 §5.5.3",
            Self::ClosingToo { .. } | Self::Ignored { .. } => "RFC 6455 §5.5.1",
            Self::Failing(why) => why.source(),
            Self::KeepAlive { .. } => "RFC 6455 §5.5.2",
            Self::GaveUp => "RFC 6455 §7.1.7",
        }
    }
}

fn told(verb: &str, opcode: Opcode, end: &str) -> String {
    let what = match opcode {
        Opcode::Continuation => "the next part of the message",
        Opcode::Text => "text",
        Opcode::Binary => "data",
        Opcode::Close => "a goodbye",
        Opcode::Ping => "an \"are you there?\"",
        Opcode::Pong => "an \"I am here\"",
        Opcode::Reserved(_) => "something that means nothing",
    };
    format!("{verb} {what}{end}")
}

const fn in_plain_words(on: Trigger) -> &'static str {
    match on {
        Trigger::HandshakeDone => "Now both can talk whenever they like.",
        Trigger::HandshakeFailed => "There will be no conversation.",
        Trigger::Close => "It says goodbye and waits for the answer.",
        Trigger::CloseArrives => "The other side says goodbye.",
        Trigger::Violation => "The other side broke the rules.",
        Trigger::TransportEnds => "The line is down.",
        Trigger::TimedOut => "It has waited long enough.",
    }
}
