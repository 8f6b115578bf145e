//! A frame in a few words: its name on an arrow, a line as `tcpdump` writes it.

use super::options::{self, TcpOption};
use super::values;
use crate::base::octets::{u16_at, u32_at};
use crate::stack::Layer;
use crate::stack::data_link::{arp, ethernet};
use crate::stack::network::{icmp, ipv4};
use crate::trace::{Headers, Part, Protocol};
use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// A frame's name and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The layer of the innermost protocol.
    pub layer: Layer,
    /// The innermost protocol; its first letter marks the frame where there is no room for more.
    pub protocol: Protocol,
    /// A short name for the arrow: `SYN, ACK`, `ARP who-has`, `ping`.
    pub name: String,
    /// What it says, as `tcpdump` writes it, with the numbers as they are in the header.
    pub words: String,
}

impl Summary {
    /// One letter for the protocol: `T`, `U`, `I`, `A`, `4`, `E`.
    pub const fn letter(&self) -> char {
        match self.protocol {
            Protocol::Ethernet => 'E',
            Protocol::Arp => 'A',
            Protocol::Ipv4 => '4',
            Protocol::Icmp => 'I',
            Protocol::Udp => 'U',
            Protocol::Tcp => 'T',
        }
    }
}

/// What the two directions of a connection count from, so that numbers can be shown from zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Origin {
    /// The sender's initial sequence number.
    pub seq: Option<u32>,
    /// The receiver's.
    pub ack: Option<u32>,
}

/// A frame in a few words.
pub fn summary(frame: &[u8]) -> Summary {
    let headers = Headers::of(frame);
    let inner = innermost(&headers);
    let protocol = inner.protocol;
    Summary {
        layer: protocol.layer(),
        protocol,
        name: name(frame, &inner),
        words: words(frame, &headers, Origin::default()),
    }
}

/// The TCP segment of a frame in a few words.
pub(super) fn segment(frame: &[u8], origin: Origin) -> String {
    let headers = Headers::of(frame);
    words(frame, &headers, origin)
}

/// The IPv4 packet of a frame in a few words.
pub(super) fn packet(frame: &[u8]) -> String {
    let headers = Headers::of(frame);
    let header = headers.find(Protocol::Ipv4).map_or(&[][..], |part| part.header(frame));
    ipv4::Header::parse(frame.get(ethernet::HEADER_LEN..).unwrap_or_default()).map_or_else(
        |_| "IPv4".to_owned(),
        |(ip, ..)| format!("IP packet {} > {}, ttl {}", ip.source, ip.destination, header[8]),
    )
}

/// The Ethernet frame in a few words.
pub(super) fn frame(frame: &[u8]) -> String {
    ethernet::Header::parse(frame).map_or_else(
        |wrong| wrong.to_string(),
        |header| {
            let octets = frame.len() + 4;
            format!("frame {} > {}, {octets} octets", header.source, header.destination)
        },
    )
}

/// The innermost part that is not quoted.
pub(super) fn innermost(headers: &Headers) -> Part {
    headers.parts().iter().rev().find(|part| !part.quoted).copied().unwrap_or_default()
}

/// The name on the arrow.
pub(super) fn name(frame: &[u8], part: &Part) -> String {
    let header = part.header(frame);
    if header.len() < part.protocol.header_len() {
        return format!("{}, cut short", part.protocol.name());
    }
    match part.protocol {
        Protocol::Ethernet => format!("type {}", ethernet::EtherType(u16_at(header, 12))),
        Protocol::Arp => match u16_at(header, 6) {
            _ if header[14..18] == header[24..28] => "ARP announcement".into(),
            1 => "ARP who-has".into(),
            2 => "ARP is-at".into(),
            _ => "ARP".into(),
        },
        Protocol::Ipv4 if is_fragment(header) => "fragment".into(),
        Protocol::Ipv4 => ipv4::Protocol(header[9]).to_string(),
        Protocol::Icmp => match (header[0], header[1]) {
            (8, _) => "ping".into(),
            (0, _) => "ping reply".into(),
            (3, code) => icmp::UnreachableCode::from_number(code)
                .map_or_else(|| "unreachable".into(), |code| code.to_string()),
            (11, _) => "time exceeded".into(),
            (kind, _) => values::icmp_type(kind).unwrap_or("ICMP").into(),
        },
        Protocol::Udp => "UDP".into(),
        Protocol::Tcp => values::flag_names(header[13]),
    }
}

/// `Flags [S], seq 0, win 65535, options [mss 1460], length 0` and the like.
pub(super) fn words(frame: &[u8], headers: &Headers, origin: Origin) -> String {
    let part = innermost(headers);
    let header = part.header(frame);
    if header.len() < part.protocol.header_len() {
        return format!("{}, cut short", part.protocol.name());
    }
    let piece = headers.find(Protocol::Ipv4).map_or_else(String::new, |ip| piece(frame, ip));
    match part.protocol {
        Protocol::Ethernet => {
            let kind = ethernet::EtherType(u16_at(header, 12));
            format!("ethertype {kind}, length {}", frame.len())
        }
        Protocol::Arp => arp::Packet::parse(header).map_or_else(
            |wrong| wrong.to_string(),
            |packet| {
                let kind = match packet.operation {
                    arp::Operation::Request => "Request",
                    arp::Operation::Reply => "Reply",
                };
                format!("ARP, {kind} {packet}, length {}", header.len())
            },
        ),
        Protocol::Ipv4 => {
            let protocol = ipv4::Protocol(header[9]);
            format!("{protocol}, length {}{piece}", part.payload().len())
        }
        Protocol::Icmp => icmp_words(frame, &part) + &piece,
        Protocol::Udp => format!("UDP, length {}{piece}", part.payload().len()),
        Protocol::Tcp => tcp_words(header, part.payload().len(), origin) + &piece,
    }
}

/// The part of a packet that a fragment is: ` (frag 7:1480@0+)`.
fn piece(frame: &[u8], ip: &Part) -> String {
    let header = ip.header(frame);
    if header.len() < ipv4::HEADER_LEN || !is_fragment(header) {
        return String::new();
    }
    let offset = (u16_at(header, 6) & 0x1fff) * 8;
    let more = if header[6] & 0x20 == 0 { "" } else { "+" };
    format!(" (frag {}:{}@{offset}{more})", u16_at(header, 4), ip.payload().len())
}

fn is_fragment(header: &[u8]) -> bool {
    u16_at(header, 6) & 0x3fff != 0
}

fn icmp_words(frame: &[u8], part: &Part) -> String {
    let message = frame.get(part.start..part.end).unwrap_or(&[]);
    let (kind, code) = (message[0], message[1]);
    let said = match kind {
        0 | 8 => {
            let (id, seq) = (u16_at(message, 4), u16_at(message, 6));
            let name = values::icmp_type(kind).unwrap_or("echo");
            format!("{name}, id {id}, seq {seq}")
        }
        3 => {
            let quoted = icmp::Quoted::parse(&message[8..]);
            let about = quoted.map_or_else(String::new, |quoted| about(&quoted, code));
            let name = icmp::UnreachableCode::from_number(code)
                .map_or_else(|| format!("unreachable, code {code}"), |code| code.to_string());
            let mtu =
                if code == 4 { format!(" (mtu {})", u16_at(message, 6)) } else { String::new() };
            format!("{about}{name}{mtu}")
        }
        11 => icmp::TimeExceededCode::from_number(code)
            .map_or_else(|| format!("time exceeded, code {code}"), |code| code.to_string()),
        _ => format!("type {kind}, code {code}"),
    };
    format!("ICMP {said}, length {}", message.len())
}

/// Whom an "unreachable" is about: `10.0.0.2 udp port 53 `.
fn about(quoted: &icmp::Quoted, code: u8) -> String {
    match quoted.ports {
        Some((_, port)) if code == 3 => {
            let protocol = quoted.protocol.to_string().to_lowercase();
            format!("{} {protocol} port {port} ", quoted.destination)
        }
        _ => format!("{} ", quoted.destination),
    }
}

fn tcp_words(header: &[u8], len: usize, origin: Origin) -> String {
    let flags = header[13];
    let seq = u32_at(header, 4).wrapping_sub(origin.seq.unwrap_or(0));
    let mut out = format!("Flags [{}]", flag_letters(flags));
    let mut say = |text: std::fmt::Arguments<'_>| {
        out.write_fmt(text).expect("writing to a string does not fail");
    };
    // Like tcpdump: a pure acknowledgement's sequence number says nothing.
    if len > 0 {
        say(format_args!(", seq {seq}:{}", seq.wrapping_add(len as u32)));
    } else if flags & 0x07 != 0 {
        say(format_args!(", seq {seq}"));
    }
    if flags & 0x10 != 0 {
        let ack = u32_at(header, 8).wrapping_sub(origin.ack.unwrap_or(0));
        say(format_args!(", ack {ack}"));
    }
    say(format_args!(", win {}", u16_at(header, 14)));
    if flags & 0x20 != 0 {
        say(format_args!(", urg {}", u16_at(header, 18)));
    }
    let options: Vec<String> = options::walk(header)
        .into_iter()
        .map(|(_, _, option)| option_words(option, origin))
        .collect();
    if !options.is_empty() {
        say(format_args!(", options [{}]", options.join(",")));
    }
    say(format_args!(", length {len}"));
    out
}

fn option_words(option: TcpOption<'_>, origin: Origin) -> String {
    match option {
        TcpOption::End => "eol".into(),
        TcpOption::Nop => "nop".into(),
        TcpOption::Mss(mss) => format!("mss {mss}"),
        TcpOption::WindowScale(shift) => format!("wscale {shift}"),
        TcpOption::SackPermitted => "sackOK".into(),
        TcpOption::Sack(octets) => {
            let from = origin.ack.unwrap_or(0);
            let blocks: Vec<String> = options::sack_blocks(octets)
                .map(|(a, b)| format!("{{{}:{}}}", a.wrapping_sub(from), b.wrapping_sub(from)))
                .collect();
            format!("sack {} {}", blocks.len(), blocks.join(""))
        }
        TcpOption::Timestamps(value, echo) => format!("TS val {value} ecr {echo}"),
        TcpOption::Unknown(kind) => format!("unknown-{kind}"),
        TcpOption::Broken => "bad".into(),
    }
}

/// The control bits in tcpdump's letters: `S.` for SYN and ACK, `none` for none.
pub(super) fn flag_letters(flags: u8) -> String {
    const LETTERS: [(u8, char); 8] = [
        (0x02, 'S'),
        (0x01, 'F'),
        (0x08, 'P'),
        (0x04, 'R'),
        (0x20, 'U'),
        (0x40, 'E'),
        (0x80, 'W'),
        (0x10, '.'),
    ];
    let set: String = LETTERS.iter().filter(|l| flags & l.0 != 0).map(|l| l.1).collect();
    if set.is_empty() { "none".into() } else { set }
}

/// The packet's two ends: `10.0.0.1.49152 > 10.0.0.2.80: `; nothing for what has no addresses.
pub(super) fn ends(frame: &[u8], headers: &Headers) -> String {
    let Some(ip) = headers.find(Protocol::Ipv4).map(|part| part.header(frame)) else {
        return String::new();
    };
    if ip.len() < ipv4::HEADER_LEN {
        return String::new();
    }
    let address = |at| Ipv4Addr::from_bits(u32_at(ip, at));
    let ports = [Protocol::Udp, Protocol::Tcp]
        .iter()
        .find_map(|&protocol| headers.find(protocol))
        .map(|part| part.header(frame))
        .filter(|header| header.len() >= 4);
    let port = |at| ports.map_or_else(String::new, |header| format!(".{}", u16_at(header, at)));
    format!("{}{} > {}{}: ", address(12), port(0), address(16), port(2))
}

/// A header in one line, for the tree.
pub(super) fn section_line(frame: &[u8], part: &Part) -> String {
    let header = part.header(frame);
    if header.len() < part.protocol.header_len() {
        return format!("{} octets of {}", header.len(), part.protocol.header_len());
    }
    match part.protocol {
        Protocol::Ethernet => {
            ethernet::Header::parse(header).map_or_else(|e| e.to_string(), |h| h.to_string())
        }
        Protocol::Arp => {
            arp::Packet::parse(header).map_or_else(|e| e.to_string(), |p| p.to_string())
        }
        Protocol::Ipv4 => {
            let address = |at| Ipv4Addr::from_bits(u32_at(header, at));
            let protocol = ipv4::Protocol(header[9]);
            let (from, to, piece) = (address(12), address(16), piece(frame, part));
            let total = u16_at(header, 2);
            format!("{from} > {to}: {protocol}, ttl {}, length {total}{piece}", header[8])
        }
        Protocol::Icmp => icmp_words(frame, part).trim_start_matches("ICMP ").to_owned(),
        Protocol::Udp => {
            let (from, to) = (u16_at(header, 0), u16_at(header, 2));
            format!("{from} > {to}: length {}", u16_at(header, 4))
        }
        Protocol::Tcp => {
            let (from, to) = (u16_at(header, 0), u16_at(header, 2));
            let len = part.payload().len();
            format!("{from} > {to}: {}", tcp_words(header, len, Origin::default()))
        }
    }
}
