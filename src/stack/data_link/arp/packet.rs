//! The packet: 28 octets that ask or answer.

use crate::base::Malformed;
use crate::base::octets::u16_at;
use crate::stack::Field;
use crate::stack::data_link::ethernet::{EtherType, MacAddress};
use std::fmt;
use std::net::Ipv4Addr;

/// Octets of a packet for Ethernet and IPv4.
pub const PACKET_LEN: usize = 28;

/// Whether a packet asks or answers; the value is the number on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u16)]
pub enum Operation {
    /// Who has the target address?
    Request = 1,
    /// The sender has the sender address.
    Reply = 2,
}

/// A question or an answer. Both say who is asking or answering, so both teach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet {
    /// Question or answer.
    pub operation: Operation,
    /// The sender's hardware address.
    pub sender_mac: MacAddress,
    /// The sender's protocol address; 0.0.0.0 from a host that has none yet.
    pub sender_ip: Ipv4Addr,
    /// Whom the packet is for; zeros in a question, which does not know.
    pub target_mac: MacAddress,
    /// The address that is asked about, or whom the answer is for.
    pub target_ip: Ipv4Addr,
}

impl Packet {
    /// Reads a packet; what follows it (the frame's padding) is ignored.
    pub fn parse(octets: &[u8]) -> Result<Self, Malformed> {
        let wrong = |at, expected| Err(Malformed { protocol: "ARP", at, expected });
        let Some(octets) = octets.first_chunk::<PACKET_LEN>() else {
            return wrong(octets.len() as u16, "a packet of 28 octets");
        };
        if u16_at(octets, 0) != 1 {
            return wrong(0, "hardware type 1 (Ethernet)");
        }
        if u16_at(octets, 2) != EtherType::IPV4.0 {
            return wrong(2, "protocol type 0x0800 (IPv4)");
        }
        if octets[4..6] != [6, 4] {
            return wrong(4, "address lengths 6 and 4");
        }
        let operation = match u16_at(octets, 6) {
            1 => Operation::Request,
            2 => Operation::Reply,
            _ => return wrong(6, "operation 1 (request) or 2 (reply)"),
        };
        let mac = |at: usize| MacAddress(std::array::from_fn(|i| octets[at + i]));
        let ip = |at: usize| Ipv4Addr::from_octets(std::array::from_fn(|i| octets[at + i]));
        Ok(Self {
            operation,
            sender_mac: mac(8),
            sender_ip: ip(14),
            target_mac: mac(18),
            target_ip: ip(24),
        })
    }

    /// Appends the packet's octets.
    pub fn emit(&self, out: &mut Vec<u8>) {
        out.extend([0, 1]);
        out.extend(EtherType::IPV4.0.to_be_bytes());
        out.extend([6, 4]);
        out.extend((self.operation as u16).to_be_bytes());
        out.extend(self.sender_mac.0);
        out.extend(self.sender_ip.octets());
        out.extend(self.target_mac.0);
        out.extend(self.target_ip.octets());
    }

    /// Whom the packet's frame is for: a question goes to everybody, an answer to who asked.
    pub const fn frame_destination(&self) -> MacAddress {
        match self.operation {
            Operation::Request => MacAddress::BROADCAST,
            Operation::Reply => self.target_mac,
        }
    }

    /// Whether a host speaks of its own address to tell the others (RFC 5227 §3).
    pub fn is_gratuitous(&self) -> bool {
        self.sender_ip == self.target_ip
    }
}

/// As `tcpdump` writes it: `who-has 10.0.0.2 tell 10.0.0.1`,
/// `10.0.0.2 is-at 02:00:00:00:00:02`, `announcement 10.0.0.2 is-at 02:00:00:00:00:02`.
impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_gratuitous() {
            return write!(f, "announcement {} is-at {}", self.sender_ip, self.sender_mac);
        }
        match self.operation {
            Operation::Request => write!(f, "who-has {} tell {}", self.target_ip, self.sender_ip),
            Operation::Reply => write!(f, "{} is-at {}", self.sender_ip, self.sender_mac),
        }
    }
}

/// The packet's fields, in the words of RFC 826.
pub const FIELDS: &[Field] = &[
    Field::new("Hardware Type", "arp.hw.type", 0, 16, "The kind of link: 1 is Ethernet."),
    Field::new("Protocol Type", "arp.proto.type", 16, 16, "Whose addresses are asked about: IPv4."),
    Field::new("Hardware Length", "arp.hw.size", 32, 8, "Octets of a hardware address."),
    Field::new("Protocol Length", "arp.proto.size", 40, 8, "Octets of a protocol address."),
    Field::new("Operation", "arp.opcode", 48, 16, "1 asks, 2 answers."),
    Field::new(
        "Sender Hardware Address",
        "arp.src.hw_mac",
        64,
        48,
        "Where the sender is on this link.",
    ),
    Field::new(
        "Sender Protocol Address",
        "arp.src.proto_ipv4",
        112,
        32,
        "The sender's IP address.",
    ),
    Field::new(
        "Target Hardware Address",
        "arp.dst.hw_mac",
        144,
        48,
        "Unknown, so zero, in a question.",
    ),
    Field::new(
        "Target Protocol Address",
        "arp.dst.proto_ipv4",
        192,
        32,
        "The address asked about.",
    ),
];
