//! What a cache tells.

use crate::stack::Telling;
use crate::stack::data_link::ethernet::MacAddress;
use std::fmt;
use std::net::Ipv4Addr;

/// What is worth telling about finding a neighbour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A request goes to everybody.
    Asking {
        /// Whom it looks for.
        ip: Ipv4Addr,
        /// Which request this is, from 1.
        tries: u32,
        /// How many there will be.
        tries_max: u32,
    },
    /// Somebody asks for us and gets an answer.
    Answering {
        /// Who asked.
        ip: Ipv4Addr,
    },
    /// We tell everybody where we are.
    Announcing {
        /// Our address.
        ip: Ipv4Addr,
    },
    /// A neighbour is known from now on.
    Learned {
        /// The neighbour.
        ip: Ipv4Addr,
        /// Where it is.
        mac: MacAddress,
    },
    /// A known neighbour has another hardware address now.
    Changed {
        /// The neighbour.
        ip: Ipv4Addr,
        /// Where it was.
        old: MacAddress,
        /// Where it is.
        new: MacAddress,
    },
    /// An answer is too old to be believed, or had to make room.
    Forgot {
        /// The neighbour.
        ip: Ipv4Addr,
    },
    /// Nobody answered.
    GaveUp {
        /// Whom we looked for.
        ip: Ipv4Addr,
        /// How many requests were sent.
        tries: u32,
    },
    /// Too many frames wait for one answer: the oldest is dropped.
    QueueFull {
        /// Whose answer.
        ip: Ipv4Addr,
        /// How many may wait.
        waiting_max: u32,
    },
    /// Another station says that it has our address.
    Conflict {
        /// Our address.
        ip: Ipv4Addr,
        /// Who else claims it.
        mac: MacAddress,
    },
    /// A packet whose sender cannot be a single station.
    Ignored {
        /// The impossible hardware address.
        sender_mac: MacAddress,
        /// The address that it claims.
        sender_ip: Ipv4Addr,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asking { ip, tries, tries_max } => {
                write!(f, "who has {ip}? request {tries} of {tries_max}")
            }
            Self::Answering { ip } => write!(f, "{ip} asks for this address: reply"),
            Self::Announcing { ip } => write!(f, "announcing {ip}"),
            Self::Learned { ip, mac } => write!(f, "{ip} is at {mac}: added"),
            Self::Changed { ip, old, new } => write!(f, "{ip} moved from {old} to {new}"),
            Self::Forgot { ip } => write!(f, "entry for {ip} is too old: removed"),
            Self::GaveUp { ip, tries } => write!(f, "no answer from {ip} after {tries} requests"),
            Self::QueueFull { ip, waiting_max } => {
                write!(f, "{waiting_max} frames wait for {ip} already: the oldest is dropped")
            }
            Self::Conflict { ip, mac } => write!(f, "address conflict: {mac} also claims {ip}"),
            Self::Ignored { sender_mac, sender_ip } => {
                write!(f, "{sender_ip} cannot be at {sender_mac}: ignored")
            }
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match self {
            Self::Asking { ip, tries: 1, .. } => {
                format!("It calls out to everybody on this link: who is {ip}?")
            }
            Self::Asking { ip, .. } => format!("No answer yet. Once more: who is {ip}?"),
            Self::Answering { .. } => "That is me! It answers only the one who asked.".into(),
            Self::Announcing { .. } => "It tells everybody where it is, unasked.".into(),
            Self::Learned { ip, .. } => {
                format!("Now it knows which neighbour {ip} is, and writes it down.")
            }
            Self::Changed { ip, .. } => format!("{ip} is a different machine now; noted."),
            Self::Forgot { ip } => {
                format!("What it knew of {ip} is old; next time it will ask again.")
            }
            Self::GaveUp { ip, .. } => format!("Nobody here is {ip}. It gives up."),
            Self::QueueFull { .. } => "Too much is waiting for the answer; some must go.".into(),
            Self::Conflict { ip, .. } => {
                format!("Two machines say that they are {ip}. That cannot go well.")
            }
            Self::Ignored { .. } => "That claim cannot be true; it is ignored.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Asking { tries: 1, .. } => "RFC 826, packet generation",
            Self::Answering { .. } | Self::Learned { .. } | Self::Changed { .. } => {
                "RFC 826, packet reception"
            }
            Self::Announcing { .. } => "RFC 5227 §3",
            Self::Asking { .. } | Self::Forgot { .. } | Self::GaveUp { .. } => "RFC 1122 §2.3.2.1",
            Self::QueueFull { .. } => "RFC 1122 §2.3.2.2",
            Self::Conflict { .. } => "RFC 5227 §2.4",
            Self::Ignored { .. } => "RFC 1812 §3.3.2",
        }
    }
}
