//! A segment's header: parsed, emitted, described (RFC 9293 §3.1).

use super::{Flags, Options, SeqNumber};
use crate::base::Malformed;
use crate::base::octets::{u16_at, u32_at};
use crate::stack::Field;
use crate::stack::transport::pseudo_header;
use std::fmt;
use std::net::Ipv4Addr;

/// TCP's number in the IP header's protocol field.
pub const PROTOCOL: u8 = 6;

/// Octets of a header without options.
pub const HEADER_LEN: usize = 20;

/// A segment's header without its payload. Plain data: it is copied, never allocated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Header {
    /// The sending program's port.
    pub source_port: u16,
    /// The receiving program's port.
    pub destination_port: u16,
    /// The sequence number of the first octet (of the SYN, if there is one).
    pub seq: SeqNumber,
    /// The next octet expected from the peer; meaningful with ACK.
    pub ack: SeqNumber,
    /// The control bits.
    pub flags: Flags,
    /// The receive window as it stands in the header, not scaled.
    pub window: u16,
    /// Where urgent data ends, counted from `seq`; meaningful with URG.
    pub urgent: u16,
    /// The options that are understood.
    pub options: Options,
}

/// The fixed part of the header, in the order of the RFC's picture.
pub const FIELDS: &[Field] = &[
    Field::new("Source Port", "tcp.srcport", 0, 16, "The port of the program that sent this."),
    Field::new(
        "Destination Port",
        "tcp.dstport",
        16,
        16,
        "The port of the program that it is for.",
    ),
    Field::new("Sequence Number", "tcp.seq_raw", 32, 32, "The number of the first octet in here."),
    Field::new(
        "Acknowledgment Number",
        "tcp.ack_raw",
        64,
        32,
        "With ACK: the next octet that the sender of this expects; all before it arrived.",
    ),
    Field::new(
        "Data Offset",
        "tcp.hdr_len",
        96,
        4,
        "Length of this header in words of four octets.",
    ),
    Field::new("Reserved", "tcp.flags.res", 100, 4, "For the future; sent as zero."),
    Field::new(
        "CWR",
        "tcp.flags.cwr",
        104,
        1,
        "Congestion window reduced: the sender slowed down.",
    ),
    Field::new("ECE", "tcp.flags.ece", 105, 1, "ECN echo: a router marked a packet as congested."),
    Field::new("URG", "tcp.flags.urg", 106, 1, "The urgent pointer counts."),
    Field::new("ACK", "tcp.flags.ack", 107, 1, "The acknowledgment number counts."),
    Field::new("PSH", "tcp.flags.push", 108, 1, "Hand what is here to the program at once."),
    Field::new("RST", "tcp.flags.reset", 109, 1, "The connection is over, here and now."),
    Field::new("SYN", "tcp.flags.syn", 110, 1, "Opens: this is where my numbers begin."),
    Field::new("FIN", "tcp.flags.fin", 111, 1, "Closes: I shall send no more."),
    Field::new(
        "Window",
        "tcp.window_size_value",
        112,
        16,
        "How many more octets may be sent to me.",
    ),
    Field::new("Checksum", "tcp.checksum", 128, 16, "Over addresses, header and payload."),
    Field::new(
        "Urgent Pointer",
        "tcp.urgent_pointer",
        144,
        16,
        "With URG: where urgent data ends.",
    ),
];

const fn malformed(at: usize, expected: &'static str) -> Malformed {
    Malformed { protocol: "TCP", at: at as u16, expected }
}

impl Header {
    /// Reads a segment that IP carried from `source` to `destination`, its checksum included, and
    /// says at which octet the payload begins. Options that are not known are skipped.
    pub fn parse(
        octets: &[u8],
        source: Ipv4Addr,
        destination: Ipv4Addr,
    ) -> Result<(Self, usize), Malformed> {
        Self::parse_apart(octets, &[], Some((source, destination)))
    }

    /// As [`parse`](Self::parse), with the end of the payload in `rest`. The checksum is held
    /// against the octets if the addresses are given, which are part of it; without them the caller
    /// knows that nothing has changed since it was made.
    pub fn parse_apart(
        octets: &[u8],
        rest: &[u8],
        ends: Option<(Ipv4Addr, Ipv4Addr)>,
    ) -> Result<(Self, usize), Malformed> {
        if octets.len() < HEADER_LEN {
            return Err(malformed(octets.len(), "at least 20 octets of header"));
        }
        let offset = usize::from(octets[12] >> 4) * 4;
        if offset < HEADER_LEN {
            return Err(malformed(12, "a data offset of at least 5"));
        }
        if offset > octets.len() {
            return Err(malformed(12, "a data offset that lies within the segment"));
        }
        let Ok(length) = u16::try_from(octets.len() + rest.len()) else {
            return Err(malformed(0, "a segment that fits into an IP packet"));
        };
        if let Some((source, destination)) = ends {
            let sum = pseudo_header(source, destination, PROTOCOL, length).add(octets).add(rest);
            if !sum.is_valid() {
                return Err(malformed(16, "a checksum that fits the octets"));
            }
        }
        let header = Self {
            source_port: u16_at(octets, 0),
            destination_port: u16_at(octets, 2),
            seq: SeqNumber(u32_at(octets, 4)),
            ack: SeqNumber(u32_at(octets, 8)),
            flags: Flags(octets[13]),
            window: u16_at(octets, 14),
            urgent: u16_at(octets, 18),
            options: Options::parse(&octets[HEADER_LEN..offset])?,
        };
        Ok((header, offset))
    }

    /// Octets that [`emit`](Self::emit) puts before the payload.
    pub fn octets(&self) -> usize {
        HEADER_LEN + self.options.len()
    }

    /// Appends the header with the right checksum; `payload` is to follow it.
    pub fn emit(&self, source: Ipv4Addr, destination: Ipv4Addr, payload: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.source_port.to_be_bytes());
        out.extend_from_slice(&self.destination_port.to_be_bytes());
        out.extend_from_slice(&self.seq.0.to_be_bytes());
        out.extend_from_slice(&self.ack.0.to_be_bytes());
        out.extend_from_slice(&[((self.octets() / 4) << 4) as u8, self.flags.0]);
        out.extend_from_slice(&self.window.to_be_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&self.urgent.to_be_bytes());
        self.options.emit(out);
        let length = (out.len() - start + payload.len()) as u16;
        let sum = pseudo_header(source, destination, PROTOCOL, length);
        let sum = sum.add(&out[start..]).add(payload).finish();
        out[start + 16..start + 18].copy_from_slice(&sum.to_be_bytes());
    }
}

/// `Flags [S.], seq 1, ack 2, win 65535, options [mss 1460]`: tcpdump's notation.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags [{}], seq {}", self.flags, self.seq)?;
        if self.flags.contains(Flags::ACK) {
            write!(f, ", ack {}", self.ack)?;
        }
        write!(f, ", win {}", self.window)?;
        if self.flags.contains(Flags::URG) {
            write!(f, ", urg {}", self.urgent)?;
        }
        if !self.options.is_empty() {
            write!(f, ", options [{}]", self.options)?;
        }
        Ok(())
    }
}

/// The RST that answers a segment for which there is no connection, or `None` if that segment is
/// a RST itself (RFC 9293 §3.10.7.1). `payload_len` is the length of the segment's payload.
pub fn reset_for(header: &Header, payload_len: u32) -> Option<Header> {
    if header.flags.contains(Flags::RST) {
        return None;
    }
    let reset = Header {
        source_port: header.destination_port,
        destination_port: header.source_port,
        ..Header::default()
    };
    Some(if header.flags.contains(Flags::ACK) {
        Header { seq: header.ack, flags: Flags::RST, ..reset }
    } else {
        let ack = header.seq + payload_len + header.flags.sequence_len();
        Header { ack, flags: Flags::RST | Flags::ACK, ..reset }
    })
}
