//! What is told about control messages.

use super::{Message, TimeExceededCode, UnreachableCode};
use crate::stack::Telling;
use std::fmt;
use std::net::Ipv4Addr;

/// What is worth telling about a control message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A message goes out.
    Sent {
        /// To whom.
        to: Ipv4Addr,
        /// What it says.
        message: Message,
    },
    /// A message came.
    Received {
        /// From whom.
        from: Ipv4Addr,
        /// What it says.
        message: Message,
    },
    /// An error would have been due, but the rules forbid one about this packet.
    Silent {
        /// Who would have been told.
        to: Ipv4Addr,
    },
    /// An error would have been due, but too many were sent already.
    RateLimited {
        /// Who would have been told.
        to: Ipv4Addr,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent { to, message } => write!(f, "to {to}: {message}"),
            Self::Received { from, message } => write!(f, "from {from}: {message}"),
            Self::Silent { to } => {
                write!(f, "no error to {to}: none may be sent about such a packet")
            }
            Self::RateLimited { to } => write!(f, "no error to {to}: too many sent already"),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        match self {
            Self::Sent { message, .. } | Self::Received { message, .. } => plainly(*message),
            Self::Silent { .. } => {
                Some("It keeps silent: complaints about complaints would never end.".into())
            }
            Self::RateLimited { .. } => {
                Some("It has complained enough for now and keeps silent.".into())
            }
        }
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Sent { message, .. } | Self::Received { message, .. } => match message {
                Message::EchoRequest { .. } | Message::EchoReply { .. } => "RFC 792, echo",
                Message::Unreachable { code: UnreachableCode::FragmentationNeeded, .. } => {
                    "RFC 1191 §4"
                }
                Message::Unreachable { .. } => "RFC 792, destination unreachable",
                Message::TimeExceeded { .. } => "RFC 792, time exceeded",
                Message::ParameterProblem { .. } => "RFC 792, parameter problem",
                Message::Other { .. } => "RFC 1122 §3.2.2",
            },
            Self::Silent { .. } => "RFC 1122 §3.2.2",
            Self::RateLimited { .. } => "RFC 1812 §4.3.2.8",
        }
    }
}

/// A message in everyday words; it fits both who says it and who hears it.
fn plainly(message: Message) -> Option<String> {
    Some(match message {
        Message::EchoRequest { .. } => "Are you there? Please send this back.".into(),
        Message::EchoReply { .. } => "Yes, I am here: this is what you sent.".into(),
        Message::Unreachable { code, next_hop_mtu } => match code {
            UnreachableCode::Net => "I know no way to that network.".into(),
            UnreachableCode::Host => "That computer does not answer.".into(),
            UnreachableCode::Protocol => "I do not know how to read this.".into(),
            UnreachableCode::Port => "No program is listening there.".into(),
            UnreachableCode::FragmentationNeeded => {
                format!(
                    "Too big for the next link; send nothing bigger than {next_hop_mtu} octets."
                )
            }
            _ => return None,
        },
        Message::TimeExceeded { code: TimeExceededCode::InTransit } => {
            "It passed as many stations as it may, and ended here.".into()
        }
        Message::TimeExceeded { code: TimeExceededCode::Reassembly } => {
            "Some pieces of it never came.".into()
        }
        Message::ParameterProblem { .. } => "The label on it makes no sense.".into(),
        Message::Other { .. } => return None,
    })
}
