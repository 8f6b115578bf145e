//! The header (RFC 791 §3.1).

use crate::base::Malformed;
use crate::base::octets::{Checksum, u16_at, u32_at};
use crate::stack::Field;
use std::fmt;
use std::net::Ipv4Addr;

/// Octets of a header without options, the only kind that is sent here.
pub const HEADER_LEN: usize = 20;

/// What a packet carries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Protocol(pub u8);

impl Protocol {
    /// Control messages (RFC 792).
    pub const ICMP: Self = Self(1);
    /// Streams (RFC 9293).
    pub const TCP: Self = Self(6);
    /// Datagrams (RFC 768).
    pub const UDP: Self = Self(17);
}

/// `TCP`, or for one without a name here its number: `protocol 89`.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ICMP => f.pad("ICMP"),
            Self::TCP => f.pad("TCP"),
            Self::UDP => f.pad("UDP"),
            Self(number) => f.pad(&format!("protocol {number}")),
        }
    }
}

/// A packet's header. Version, header length and checksum are checked and written, not kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Six bits of differentiated services (RFC 2474), two of congestion notification (RFC 3168).
    pub dscp_ecn: u8,
    /// Octets of the packet, header and payload.
    pub total_len: u16,
    /// The same for all fragments of one packet.
    pub identification: u16,
    /// Do not cut this packet; complain instead.
    pub dont_fragment: bool,
    /// This fragment is not the last.
    pub more_fragments: bool,
    /// Where this fragment's payload belongs, in octets: a multiple of 8, at most 65528.
    pub fragment_offset: u16,
    /// How many more routers it may pass.
    pub ttl: u8,
    /// Who reads the payload.
    pub protocol: Protocol,
    /// Who sent it.
    pub source: Ipv4Addr,
    /// Who shall get it.
    pub destination: Ipv4Addr,
}

impl Header {
    /// Reads and checks a header: version, lengths, checksum (RFC 1812 §5.2.2). Gives it with its
    /// length in octets, options included, and the end of the packet, behind which only the
    /// frame's padding is left: the payload is `packet[header_len..end]`.
    pub fn parse(packet: &[u8]) -> Result<(Self, usize, usize), Malformed> {
        Self::parse_front(packet, packet.len(), true)
    }

    /// As [`parse`](Self::parse), of a packet of `len` octets whose header is at the front of
    /// `packet`, with any part of the rest. A caller who knows that nothing has changed since the
    /// header was written need not have it verified.
    pub fn parse_front(
        packet: &[u8],
        len: usize,
        verify: bool,
    ) -> Result<(Self, usize, usize), Malformed> {
        let wrong = |at, expected| Err(Malformed { protocol: "IPv4", at, expected });
        if packet.len() < HEADER_LEN {
            return wrong(packet.len() as u16, "a header of 20 octets");
        }
        if packet[0] >> 4 != 4 {
            return wrong(0, "version 4");
        }
        let header_len = usize::from(packet[0] & 0xf) * 4;
        if header_len < HEADER_LEN || header_len > packet.len() {
            return wrong(0, "a header length of 5 words or more that is there");
        }
        let end = usize::from(u16_at(packet, 2));
        if end < header_len || end > len {
            return wrong(2, "a total length that holds the header and is there");
        }
        if verify && !Checksum::new().add(&packet[..header_len]).is_valid() {
            return wrong(10, "a checksum that fits the header");
        }
        let flags = u16_at(packet, 6);
        let header = Self {
            dscp_ecn: packet[1],
            total_len: end as u16,
            identification: u16_at(packet, 4),
            dont_fragment: flags & 0x4000 != 0,
            more_fragments: flags & 0x2000 != 0,
            fragment_offset: (flags & 0x1fff) * 8,
            ttl: packet[8],
            protocol: Protocol(packet[9]),
            source: Ipv4Addr::from_bits(u32_at(packet, 12)),
            destination: Ipv4Addr::from_bits(u32_at(packet, 16)),
        };
        Ok((header, header_len, end))
    }

    /// Writes the header, checksum included, into the first 20 octets of `packet`.
    pub fn write(&self, packet: &mut [u8]) {
        let flags = (u16::from(self.dont_fragment) << 14)
            | (u16::from(self.more_fragments) << 13)
            | (self.fragment_offset / 8);
        packet[0] = 0x45;
        packet[1] = self.dscp_ecn;
        packet[2..4].copy_from_slice(&self.total_len.to_be_bytes());
        packet[4..6].copy_from_slice(&self.identification.to_be_bytes());
        packet[6..8].copy_from_slice(&flags.to_be_bytes());
        packet[8] = self.ttl;
        packet[9] = self.protocol.0;
        packet[10..12].fill(0);
        packet[12..16].copy_from_slice(&self.source.octets());
        packet[16..HEADER_LEN].copy_from_slice(&self.destination.octets());
        let checksum = Checksum::new().add(&packet[..HEADER_LEN]).finish();
        packet[10..12].copy_from_slice(&checksum.to_be_bytes());
    }

    /// Whether this is a piece of a packet, not a whole one.
    pub fn is_fragment(&self) -> bool {
        self.more_fragments || self.fragment_offset > 0
    }
}

/// `10.0.0.1 > 10.0.1.2: TCP, ttl 64, length 60`, and where it is so `id 7, offset 1480+`.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, destination, protocol, ttl, total_len, .. } = self;
        write!(f, "{source} > {destination}: {protocol}, ttl {ttl}, length {total_len}")?;
        if self.is_fragment() {
            let more = if self.more_fragments { "+" } else { "" };
            write!(f, ", id {}, offset {}{more}", self.identification, self.fragment_offset)?;
        }
        Ok(())
    }
}

/// Takes one from the TTL of a packet whose header was parsed, and mends the checksum. Gives the
/// new TTL; `None`, and the packet as it was, when none would be left (RFC 1812 §5.3.1).
pub fn decrement_ttl(packet: &mut [u8]) -> Option<u8> {
    let ttl = packet[8].checked_sub(1).filter(|&ttl| ttl > 0)?;
    let old = u16_at(packet, 8);
    packet[8] = ttl;
    mend_checksum(packet, old, u16_at(packet, 8));
    Some(ttl)
}

/// Marks a packet whose header was parsed as having met congestion, if its ends understand the mark
/// (ECT or CE is set: RFC 3168 §5); `false`, and the packet as it was, if they do not.
pub fn set_congestion_experienced(packet: &mut [u8]) -> bool {
    let ecn = packet[1] & 0b11;
    if ecn == 0 {
        return false;
    }
    let old = u16_at(packet, 0);
    packet[1] |= 0b11;
    mend_checksum(packet, old, u16_at(packet, 0));
    true
}

/// Puts the change of one header word into the checksum: HC' = ~(~HC + ~m + m') (RFC 1624 §3).
fn mend_checksum(packet: &mut [u8], old: u16, new: u16) {
    let sum = Checksum::new().add_word(!u16_at(packet, 10)).add_word(!old).add_word(new);
    packet[10..12].copy_from_slice(&sum.finish().to_be_bytes());
}

/// The header's fields, in the words of RFC 791, RFC 2474 and RFC 3168.
pub const FIELDS: &[Field] = &[
    Field::new("Version", "ip.version", 0, 4, "4: which IP this is."),
    Field::new("IHL", "ip.hdr_len", 4, 4, "The header's length in words of 4 octets."),
    Field::new(
        "DSCP",
        "ip.dsfield.dscp",
        8,
        6,
        "How routers shall treat the packet; 0 is as usual.",
    ),
    Field::new("ECN", "ip.dsfield.ecn", 14, 2, "Whether a router on the way was congested."),
    Field::new("Total Length", "ip.len", 16, 16, "Octets of header and payload together."),
    Field::new("Identification", "ip.id", 32, 16, "The same in all fragments of one packet."),
    Field::new("Reserved", "ip.flags.rb", 48, 1, "Must be zero."),
    Field::new("Don't Fragment", "ip.flags.df", 49, 1, "Routers must not cut this packet."),
    Field::new("More Fragments", "ip.flags.mf", 50, 1, "More fragments follow this one."),
    Field::new("Fragment Offset", "ip.frag_offset", 51, 13, "Its place, in units of 8 octets."),
    Field::new("Time to Live", "ip.ttl", 64, 8, "How many more routers it may pass."),
    Field::new("Protocol", "ip.proto", 72, 8, "Who reads the payload."),
    Field::new("Header Checksum", "ip.checksum", 80, 16, "Shows whether the header is damaged."),
    Field::new("Source Address", "ip.src", 96, 32, "Who sent the packet."),
    Field::new("Destination Address", "ip.dst", 128, 32, "Who shall get the packet."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_rfc_1624_comes_out() {
        // §4: the checksum is 0xdd2f, a word changes from 0x5555 to 0x3285, and the new one is 0.
        let mut packet = [0u8; 20];
        packet[10..12].copy_from_slice(&[0xdd, 0x2f]);
        mend_checksum(&mut packet, 0x5555, 0x3285);
        assert_eq!(packet[10..12], [0, 0]);
    }

    #[test]
    fn the_last_hop_is_not_taken_below_one() {
        for ttl in [0, 1] {
            let mut packet = [0; 20];
            packet[8] = ttl;
            let before = packet;
            assert_eq!(decrement_ttl(&mut packet), None);
            assert_eq!(packet, before);
        }
    }
}
