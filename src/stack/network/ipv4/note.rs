//! What a host or a router tells about a packet.

use super::Protocol;
use crate::base::InterfaceId;
use crate::stack::Telling;
use std::fmt;
use std::net::Ipv4Addr;

/// What is worth telling about a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The table says where the packet goes next.
    Routed {
        /// Where it shall end.
        destination: Ipv4Addr,
        /// The neighbour that gets it; the destination itself when that is on the link.
        next_hop: Ipv4Addr,
        /// Through which interface.
        interface: InterfaceId,
    },
    /// The packet is for this node; its payload goes up.
    Delivered {
        /// Who reads the payload.
        protocol: Protocol,
    },
    /// A router passes the packet on.
    Forwarded {
        /// How many more routers it may pass now.
        ttl: u8,
    },
    /// No hop is left: the router drops the packet and says so to its source.
    TtlExpired {
        /// Where it should have gone.
        destination: Ipv4Addr,
    },
    /// No entry of the table covers the destination.
    NoRoute {
        /// Where it should have gone.
        destination: Ipv4Addr,
    },
    /// The packet was too big for the link and was cut.
    Fragmented {
        /// Octets of the whole packet.
        total_len: u16,
        /// The most octets that the link takes in one packet.
        mtu: u16,
        /// How many packets it became.
        pieces: u16,
    },
    /// A fragment is kept until the rest has come.
    FragmentKept {
        /// The packet that it belongs to.
        identification: u16,
        /// Where its payload belongs, in octets.
        offset: u16,
        /// Octets of its payload.
        octets: u16,
    },
    /// The last missing fragment came; the packet is whole again.
    Reassembled {
        /// The packet.
        identification: u16,
        /// Octets of its payload.
        octets: u16,
    },
    /// Some fragment did not come in time; the others are dropped.
    ReassemblyTimedOut {
        /// The packet.
        identification: u16,
        /// Whether its first fragment had come, so that its source can be told.
        first_came: bool,
    },
    /// A fragment overlaps another one or ends beyond any packet's end: all of them are dropped.
    FragmentRefused {
        /// The packet.
        identification: u16,
        /// Where the bad fragment's payload would belong, in octets.
        offset: u16,
    },
    /// Too many fragments wait already: the fragment, or the packet that waited longest, is dropped.
    ReassemblyFull {
        /// The packet that is given up.
        identification: u16,
    },
    /// A host got a packet for another address and drops it, as it is no router.
    NotForMe {
        /// Whom it is for.
        destination: Ipv4Addr,
    },
    /// The packet is too big for the link and must not be cut: dropped, and its source is told.
    FragmentationNeeded {
        /// Octets of the packet.
        total_len: u16,
        /// The most octets that the link takes in one packet.
        mtu: u16,
    },
    /// The way to a destination takes smaller packets than was thought.
    PathMtuLowered {
        /// Whose way.
        destination: Ipv4Addr,
        /// The most octets that it takes in one packet.
        mtu: u16,
    },
    /// Nobody in this node reads such a payload.
    UnknownProtocol(Protocol),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Routed { destination, next_hop, interface } if destination == next_hop => {
                write!(f, "{destination} is on the link of {interface}: straight there")
            }
            Self::Routed { destination, next_hop, interface } => {
                write!(f, "{destination} is reached through {next_hop} on {interface}")
            }
            Self::Delivered { protocol } => write!(f, "for this node: up to {protocol}"),
            Self::Forwarded { ttl } => write!(f, "forwarded, TTL now {ttl}"),
            Self::TtlExpired { destination } => {
                write!(f, "TTL used up on the way to {destination}: dropped")
            }
            Self::NoRoute { destination } => write!(f, "no route to {destination}: dropped"),
            Self::Fragmented { total_len, mtu, pieces } => {
                write!(f, "{total_len} octets do not fit MTU {mtu}: cut into {pieces}")
            }
            Self::FragmentKept { identification, offset, octets } => {
                write!(f, "fragment of packet {identification} kept: {octets} octets at {offset}")
            }
            Self::Reassembled { identification, octets } => {
                write!(f, "packet {identification} is whole again: {octets} octets of payload")
            }
            Self::ReassemblyTimedOut { identification, first_came } => {
                let first = if first_came { "" } else { ", the first among the missing" };
                write!(f, "fragments of packet {identification} did not all come in time{first}")
            }
            Self::FragmentRefused { identification, offset } => {
                write!(f, "fragment of packet {identification} at {offset} cannot be: all dropped")
            }
            Self::ReassemblyFull { identification } => {
                write!(f, "too many fragments wait: packet {identification} given up")
            }
            Self::NotForMe { destination } => {
                write!(f, "packet is for {destination} and this node is no router: dropped")
            }
            Self::FragmentationNeeded { total_len, mtu } => {
                write!(f, "{total_len} octets do not fit MTU {mtu} and must not be cut: dropped")
            }
            Self::PathMtuLowered { destination, mtu } => {
                write!(f, "path MTU to {destination} is now {mtu}")
            }
            Self::UnknownProtocol(protocol) => {
                write!(f, "nobody here reads {protocol}: packet dropped")
            }
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match *self {
            Self::Routed { destination, next_hop, .. } if destination == next_hop => {
                "The receiver is on this very link: it goes straight there.".into()
            }
            Self::Routed { next_hop, .. } => {
                format!("The receiver is elsewhere: it goes to the next router, {next_hop}.")
            }
            Self::Delivered { .. } => "It has arrived: this is its address.".into(),
            Self::Forwarded { ttl } => {
                format!("Passed on to the next station; after {ttl} more it would be thrown away.")
            }
            Self::TtlExpired { .. } => {
                "It has passed as many stations as it may: thrown away, so that nothing circles for ever."
                    .into()
            }
            Self::NoRoute { .. } => "This station knows no way there. Thrown away.".into(),
            Self::Fragmented { pieces, .. } => {
                format!("Too big for the next link: cut into {pieces} pieces.")
            }
            Self::FragmentKept { .. } => {
                "A piece of something bigger: it waits for the other pieces.".into()
            }
            Self::Reassembled { .. } => "The last piece came: all put together again.".into(),
            Self::ReassemblyTimedOut { .. } => {
                "A piece never came, so the others are useless. Thrown away.".into()
            }
            Self::FragmentRefused { .. } => {
                "Two pieces claim the same place, as no honest sender would cut them. Thrown away."
                    .into()
            }
            Self::ReassemblyFull { .. } => "Too many pieces are waiting; some must go.".into(),
            Self::NotForMe { .. } => "Not for this address, and this is no post office.".into(),
            Self::FragmentationNeeded { mtu, .. } => format!(
                "Too big for the next link and marked \"do not cut\": thrown away, and the sender is told that {mtu} would fit."
            ),
            Self::PathMtuLowered { mtu, .. } => {
                format!("A link on the way is narrow: nothing bigger than {mtu} octets from now on.")
            }
            Self::UnknownProtocol(_) => "Nobody here knows how to read it.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Routed { .. } => "RFC 1122 §3.3.1",
            Self::Delivered { .. } | Self::Reassembled { .. } => "RFC 791 §3.2",
            Self::Forwarded { .. } | Self::TtlExpired { .. } => "RFC 1812 §5.3.1",
            Self::NoRoute { .. } => "RFC 1812 §5.2.7.1",
            Self::Fragmented { .. } | Self::FragmentKept { .. } => "RFC 791 §2.3",
            Self::ReassemblyTimedOut { .. } | Self::ReassemblyFull { .. } => "RFC 1122 §3.3.2",
            Self::FragmentRefused { .. } => "RFC 5722 §4",
            Self::NotForMe { .. } => "RFC 1122 §3.2.1.3",
            Self::FragmentationNeeded { .. } => "RFC 1191 §4",
            Self::PathMtuLowered { .. } => "RFC 1191 §6",
            Self::UnknownProtocol(_) => "RFC 1122 §3.2.2.1",
        }
    }
}
