//! UDP: single messages from program to program (RFC 768).
//!
//! Read RFC 768 first (three pages), then RFC 1122 §4.1 for what a host owes. A datagram keeps its
//! borders: what was sent as one message arrives as one or not at all. There is no state and so no
//! machine; which program has a port is the host's business.
//!
//! Left out: switching the checksum off when sending, and UDP-Lite.

use super::{Endpoint, pseudo_header};
use crate::base::Malformed;
use crate::base::octets::u16_at;
use crate::stack::{Field, Telling};
use std::fmt;
use std::net::Ipv4Addr;

/// Octets of the header.
pub const HEADER_LEN: usize = 8;
/// The most octets of a message: what the largest IPv4 packet has room for.
pub const MAX_PAYLOAD: usize = 65_535 - 20 - HEADER_LEN;
/// UDP's number in the IPv4 header.
const PROTOCOL: u8 = 17;

/// A datagram's header; its checksum is checked and written, not kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// The sending program's port; zero if no answer is wanted.
    pub source_port: u16,
    /// The receiving program's port.
    pub destination_port: u16,
    /// Octets of header and message.
    pub length: u16,
}

/// A message that no datagram can carry ([`MAX_PAYLOAD`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong {
    /// Its octets.
    pub octets: usize,
}

impl Header {
    /// Reads a datagram's header and checks its checksum, unless it carries none. The message is
    /// [`payload`](Self::payload).
    pub fn parse(
        octets: &[u8],
        source: Ipv4Addr,
        destination: Ipv4Addr,
    ) -> Result<Self, Malformed> {
        Self::parse_apart(octets, &[], Some((source, destination)))
    }

    /// As [`parse`](Self::parse), with the end of the message in `rest`. The checksum is held
    /// against the octets if the addresses are given, which are part of it; without them the caller
    /// knows that nothing has changed since it was made.
    pub fn parse_apart(
        octets: &[u8],
        rest: &[u8],
        ends: Option<(Ipv4Addr, Ipv4Addr)>,
    ) -> Result<Self, Malformed> {
        let wrong = |at, expected| Err(Malformed { protocol: "UDP", at, expected });
        if octets.len() < HEADER_LEN {
            return wrong(octets.len() as u16, "a header of 8 octets");
        }
        let length = u16_at(octets, 4);
        let end = usize::from(length);
        if end < HEADER_LEN || end > octets.len() + rest.len() {
            return wrong(4, "a length that holds the header and is there");
        }
        if let Some((source, destination)) = ends.filter(|_| carries_checksum(octets)) {
            let (front, back) = (octets.len().min(end), end.saturating_sub(octets.len()));
            let sum = pseudo_header(source, destination, PROTOCOL, length);
            if !sum.add(&octets[..front]).add(&rest[..back]).is_valid() {
                return wrong(6, "a checksum that fits the datagram");
            }
        }
        Ok(Self { source_port: u16_at(octets, 0), destination_port: u16_at(octets, 2), length })
    }

    /// The message in the octets that this header was parsed from.
    pub fn payload<'a>(&self, octets: &'a [u8]) -> &'a [u8] {
        &octets[HEADER_LEN..usize::from(self.length)]
    }
}

/// `40000 > 53: length 28`, as `tcpdump` counts: the message without the header.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source_port, destination_port, length } = self;
        let octets = usize::from(*length).saturating_sub(HEADER_LEN);
        write!(f, "{source_port} > {destination_port}: length {octets}")
    }
}

/// Whether the datagram's sender put a checksum in; zero means that it did not (RFC 768). The
/// octets are at least a header.
pub fn carries_checksum(octets: &[u8]) -> bool {
    u16_at(octets, 6) != 0
}

/// Appends the header of a datagram from `source` to `destination`; `payload` is to follow it.
/// Nothing is appended if it is refused.
pub fn emit(
    source: Endpoint,
    destination: Endpoint,
    payload: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), TooLong> {
    if payload.len() > MAX_PAYLOAD {
        return Err(TooLong { octets: payload.len() });
    }
    let length = (HEADER_LEN + payload.len()) as u16;
    let checksum = pseudo_header(source.address, destination.address, PROTOCOL, length)
        .add_word(source.port)
        .add_word(destination.port)
        .add_word(length)
        .add(payload)
        .finish();
    // Zero would say "no checksum"; its other form in one's complement says the same sum.
    let checksum = if checksum == 0 { 0xffff } else { checksum };
    for word in [source.port, destination.port, length, checksum] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    Ok(())
}

/// The header's fields.
pub const FIELDS: &[Field] = &[
    Field::new(
        "Source Port",
        "udp.srcport",
        0,
        16,
        "The sending program; zero if no answer is wanted.",
    ),
    Field::new(
        "Destination Port",
        "udp.dstport",
        16,
        16,
        "The program that shall get the message.",
    ),
    Field::new("Length", "udp.length", 32, 16, "Octets of header and message together."),
    Field::new(
        "Checksum",
        "udp.checksum",
        48,
        16,
        "Shows whether it is damaged; zero if nobody looked.",
    ),
];

/// What is worth telling about a datagram.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A message goes out.
    Sent {
        /// To which program.
        to: Endpoint,
        /// Its octets.
        octets: u16,
    },
    /// A message is given to the program at a port.
    Delivered {
        /// From which program.
        from: Endpoint,
        /// To which port here.
        port: u16,
        /// Its octets.
        octets: u16,
    },
    /// No program has the port: the sender is told by ICMP.
    PortUnreachable {
        /// The port.
        port: u16,
    },
    /// The sender put no checksum in; damage would go unseen.
    ChecksumAbsent,
    /// The message is longer than any datagram: the program gets an error.
    Refused {
        /// Its octets.
        octets: u64,
    },
    /// An earlier datagram did not arrive, and the program that sent it is told.
    PeerUnreachable {
        /// Where it should have gone.
        peer: Endpoint,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent { to, octets } => write!(f, "message of {octets} octets to {to}"),
            Self::Delivered { from, port, octets } => {
                write!(f, "message of {octets} octets from {from} to the program at port {port}")
            }
            Self::PortUnreachable { port } => write!(f, "no program has port {port}: refused"),
            Self::ChecksumAbsent => write!(f, "datagram without a checksum: taken unchecked"),
            Self::Refused { octets } => {
                write!(f, "message of {octets} octets is longer than {MAX_PAYLOAD}: refused")
            }
            Self::PeerUnreachable { peer } => write!(f, "{peer} cannot be reached: program told"),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match self {
            Self::Sent { .. } => "A message is sent. Nobody promises that it arrives.".into(),
            Self::Delivered { .. } => "The message is handed to its program, in one piece.".into(),
            Self::PortUnreachable { .. } => {
                "No program is waiting there. The sender is told so.".into()
            }
            Self::ChecksumAbsent => {
                "The sender left out the check number; we have to trust it.".into()
            }
            Self::Refused { .. } => "Too long for one message; it was not sent.".into(),
            Self::PeerUnreachable { .. } => {
                "Word came back that an earlier message did not arrive.".into()
            }
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Sent { .. } | Self::Delivered { .. } | Self::Refused { .. } => "RFC 768",
            Self::PortUnreachable { .. } => "RFC 1122 §4.1.3.1",
            Self::ChecksumAbsent => "RFC 1122 §4.1.3.4",
            Self::PeerUnreachable { .. } => "RFC 1122 §4.1.3.3",
        }
    }
}
