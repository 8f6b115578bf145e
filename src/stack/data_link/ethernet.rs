//! Ethernet II frames (IEEE 802.3 §3): parsed, written in place, padded, checked.
//!
//! Read RFC 894 first: it is one page and says how IP rides here. A frame in this program is held
//! without its preamble and without its FCS; [`WIRE_OVERHEAD`] is the link time that these and the
//! gap take, and [`fcs`] computes the check sequence where somebody wants to see or test it.
//!
//! Left out: VLAN tags (802.1Q), frames with a length instead of a type (their "type" is below
//! [`EtherType::FIRST`] and is told as unknown), half duplex and collisions.

use crate::base::Malformed;
use crate::stack::{Field, Telling};
use std::fmt;
use std::str::FromStr;

/// Octets of the header: two addresses and a type.
pub const HEADER_LEN: usize = 14;
/// The shortest frame without its FCS; shorter ones are padded (64 with the FCS).
pub const MIN: usize = 60;
/// The longest payload.
pub const MTU: usize = 1500;
/// Octets of link time beside the frame: preamble 7, start delimiter 1, FCS 4, gap 12
/// (802.3 §3.1, §4.4.2).
pub const WIRE_OVERHEAD: usize = 7 + 1 + 4 + 12;

/// The address of an interface on its link.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct MacAddress(pub [u8; 6]);

impl MacAddress {
    /// Everybody on the link.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// A group of stations, the broadcast address included: the first octet's lowest bit, which is
    /// the first bit on the wire.
    pub const fn is_multicast(self) -> bool {
        self.0[0] & 1 == 1
    }
}

/// `02:00:00:00:00:01`
impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.0.map(|octet| format!("{octet:02x}"));
        f.pad(&pairs.join(":"))
    }
}

/// Six pairs of hexadecimal digits with `:` or `-` between them.
impl FromStr for MacAddress {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no MAC address; write six pairs of hexadecimal digits: \"02:00:00:00:00:01\""
            )
        };
        let mut octets = [0; 6];
        let mut pairs = text.trim().split([':', '-']);
        for octet in &mut octets {
            let pair = pairs.next().ok_or_else(wrong)?;
            // `from_str_radix` alone would take "+1".
            if pair.len() != 2 || !pair.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(wrong());
            }
            *octet = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        if pairs.next().is_some() { Err(wrong()) } else { Ok(Self(octets)) }
    }
}

/// What the payload is: the number says which parser reads on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EtherType(pub u16);

impl EtherType {
    /// An IPv4 packet (RFC 894).
    pub const IPV4: Self = Self(0x0800);
    /// An ARP packet (RFC 826).
    pub const ARP: Self = Self(0x0806);
    /// The first number that is a type; what is below is a length (802.3 §3.2.6).
    pub const FIRST: Self = Self(0x0600);
}

/// `IPv4`, `ARP`, or the number: `0x86dd`.
impl fmt::Display for EtherType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::IPV4 => f.pad("IPv4"),
            Self::ARP => f.pad("ARP"),
            Self(number) => f.pad(&format!("0x{number:04x}")),
        }
    }
}

/// A frame's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Whom the frame is for.
    pub destination: MacAddress,
    /// Who put it on this link.
    pub source: MacAddress,
    /// What it carries.
    pub ether_type: EtherType,
}

impl Header {
    /// Reads the header at the front of a frame; the payload begins at [`HEADER_LEN`].
    pub fn parse(frame: &[u8]) -> Result<Self, Malformed> {
        let Some(&[d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, t0, t1]) =
            frame.first_chunk::<HEADER_LEN>()
        else {
            let at = frame.len() as u16;
            return Err(Malformed { protocol: "Ethernet", at, expected: "a header of 14 octets" });
        };
        Ok(Self {
            destination: MacAddress([d0, d1, d2, d3, d4, d5]),
            source: MacAddress([s0, s1, s2, s3, s4, s5]),
            ether_type: EtherType(u16::from_be_bytes([t0, t1])),
        })
    }

    /// Writes the header into the first 14 octets of `frame`, the head room that its maker left.
    pub fn write(&self, frame: &mut [u8]) {
        frame[..6].copy_from_slice(&self.destination.0);
        frame[6..12].copy_from_slice(&self.source.0);
        frame[12..HEADER_LEN].copy_from_slice(&self.ether_type.0.to_be_bytes());
    }
}

/// `02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ARP`
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} > {}, {}", self.source, self.destination, self.ether_type)
    }
}

/// The header's fields.
pub const FIELDS: &[Field] = &[
    Field {
        name: "Destination Address",
        filter: "eth.dst",
        bit: 0,
        bits: 48,
        meaning: "The interface on this link that shall take the frame.",
    },
    Field {
        name: "Source Address",
        filter: "eth.src",
        bit: 48,
        bits: 48,
        meaning: "The interface that put the frame on this link.",
    },
    Field {
        name: "Type",
        filter: "eth.type",
        bit: 96,
        bits: 16,
        meaning: "Which protocol's unit the frame carries.",
    },
];

/// Fills a short frame with zeros up to [`MIN`] (802.3 §3.2.8). The receiver tells the filling from
/// the payload by the length that the payload itself carries.
pub fn pad(frame: &mut Vec<u8>) {
    if frame.len() < MIN {
        frame.resize(MIN, 0);
    }
}

/// The frame check sequence over the whole frame (802.3 §3.2.9). On the wire its least significant
/// octet comes first: `fcs(frame).to_le_bytes()`.
pub fn fcs(frame: &[u8]) -> u32 {
    crc32fast::hash(frame)
}

/// What is worth telling about a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The frame is for another interface; this one lets it pass.
    NotForMe {
        /// Whom it is for.
        destination: MacAddress,
    },
    /// Nobody here understands what the frame carries: dropped.
    UnknownEtherType(EtherType),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotForMe { destination } => {
                write!(f, "frame is for {destination}, not for this interface")
            }
            Self::UnknownEtherType(ether_type) => {
                write!(f, "no protocol here for type {ether_type}: frame dropped")
            }
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match self {
            Self::NotForMe { .. } => "This one is for somebody else on the same cable.".into(),
            Self::UnknownEtherType(_) => {
                "It says it carries something that nobody here can read.".into()
            }
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::NotForMe { .. } => "IEEE 802.3 §3.2.3",
            Self::UnknownEtherType(_) => "IEEE 802.3 §3.2.6",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sequence_is_the_crc_32_of_its_standard_check_text() {
        assert_eq!(fcs(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_frame_with_its_check_sequence_leaves_the_known_residue() {
        let mut frame = vec![7; 60];
        let check = fcs(&frame).to_le_bytes();
        frame.extend(check);
        assert_eq!(fcs(&frame), 0x2144_df1c);
    }

    #[test]
    fn only_six_pairs_of_digits_are_a_mac_address() {
        let mac = MacAddress([2, 0, 0xab, 0, 0, 0x1f]);
        assert_eq!("02:00:ab:00:00:1f".parse(), Ok(mac));
        assert_eq!("02-00-AB-00-00-1F".parse(), Ok(mac));
        assert_eq!(mac.to_string(), "02:00:ab:00:00:1f");
        for text in
            ["", "02:00:ab:00:00", "02:00:ab:00:00:1f:00", "2:0:ab:0:0:1f", "+2:00:ab:00:00:1f"]
        {
            assert!(text.parse::<MacAddress>().is_err(), "{text}");
        }
    }
}
