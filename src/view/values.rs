//! A field's bits as words.

use crate::stack::Field;
use crate::stack::data_link::ethernet::{EtherType, MacAddress};
use crate::stack::network::icmp::{TimeExceededCode, UnreachableCode};
use crate::stack::network::ipv4;
use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// What the field `filter` of `bits` bits says with the value `raw`.
pub(super) fn value(filter: &str, bits: u16, raw: u64, header: &[u8]) -> String {
    match filter {
        "eth.dst" | "eth.src" | "arp.src.hw_mac" | "arp.dst.hw_mac" => mac(raw).to_string(),
        "ip.src" | "ip.dst" | "arp.src.proto_ipv4" | "arp.dst.proto_ipv4" => {
            Ipv4Addr::from_bits(raw as u32).to_string()
        }
        "eth.type" | "arp.proto.type" => match EtherType(raw as u16) {
            known @ (EtherType::IPV4 | EtherType::ARP) => format!("0x{raw:04x} ({known})"),
            _ => format!("0x{raw:04x}"),
        },
        "arp.hw.type" if raw == 1 => "1 (Ethernet)".into(),
        "arp.opcode" => match raw {
            1 => "1 (request)".into(),
            2 => "2 (reply)".into(),
            _ => raw.to_string(),
        },
        "ip.proto" => match ipv4::Protocol(raw as u8) {
            known @ (ipv4::Protocol::ICMP | ipv4::Protocol::UDP | ipv4::Protocol::TCP) => {
                format!("{raw} ({known})")
            }
            _ => raw.to_string(),
        },
        "ip.hdr_len" | "tcp.hdr_len" => format!("{raw} ({} octets)", raw * 4),
        "ip.frag_offset" if raw > 0 => format!("{raw} ({} octets)", raw * 8),
        "ip.dsfield.ecn" => {
            let word = ["not ECN-capable", "ECT(1)", "ECT(0)", "congestion experienced"];
            format!("{raw} ({})", word[(raw & 3) as usize])
        }
        "icmp.type" | "icmp.code" => icmp(filter, raw, header),
        "tcp.flags" => format!("0x{raw:02x} ({})", flag_names(raw as u8)),
        _ if filter.ends_with(".checksum") => format!("0x{raw:04x}"),
        "ip.id" => format!("0x{raw:04x} ({raw})"),
        _ if bits == 1 => if raw == 1 { "set" } else { "not set" }.into(),
        _ => raw.to_string(),
    }
}

/// A field's name, filter name and meaning. The last two of ICMP's are for echoes; errors have
/// something else in their place (RFC 792, RFC 1191 §4).
pub(super) fn named(field: &Field, header: &[u8]) -> (&'static str, &'static str, &'static str) {
    match (field.filter, header) {
        ("icmp.seq", [3, 4, ..]) => {
            ("Next-Hop MTU", "icmp.mtu", "The most octets of a packet that the next link takes.")
        }
        ("icmp.ident" | "icmp.seq", [3 | 11, ..]) => {
            ("Unused", "icmp.unused", "Zero in this kind of message.")
        }
        _ => (field.name, field.filter, field.meaning),
    }
}

/// The name of an ICMP type, or of a code of the header's type, behind its number.
fn icmp(filter: &str, raw: u64, header: &[u8]) -> String {
    let number = raw as u8;
    let name = match (filter, header.first()) {
        ("icmp.type", _) => icmp_type(number).map(str::to_owned),
        (_, Some(3)) => UnreachableCode::from_number(number).map(|code| code.to_string()),
        (_, Some(11)) => TimeExceededCode::from_number(number).map(|code| code.to_string()),
        _ => None,
    };
    name.map_or_else(|| raw.to_string(), |name| format!("{raw} ({name})"))
}

/// The name of an ICMP type.
pub(super) const fn icmp_type(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "echo reply",
        3 => "destination unreachable",
        4 => "source quench",
        5 => "redirect",
        8 => "echo request",
        11 => "time exceeded",
        12 => "parameter problem",
        _ => return None,
    })
}

/// The control bits that are set, in the order in which people say them: `SYN, ACK`.
pub(super) fn flag_names(flags: u8) -> String {
    const NAMES: [(u8, &str); 8] = [
        (0x02, "SYN"),
        (0x01, "FIN"),
        (0x04, "RST"),
        (0x08, "PSH"),
        (0x10, "ACK"),
        (0x20, "URG"),
        (0x40, "ECE"),
        (0x80, "CWR"),
    ];
    let set: Vec<&str> = NAMES.iter().filter(|n| flags & n.0 != 0).map(|n| n.1).collect();
    if set.is_empty() { "no flags".into() } else { set.join(", ") }
}

/// The 48 low bits as an address.
fn mac(raw: u64) -> MacAddress {
    let [_, _, octets @ ..] = raw.to_be_bytes();
    MacAddress(octets)
}

/// At most `most` octets as text in quotes; what is no printable ASCII becomes a dot.
pub(super) fn text(octets: &[u8], most: usize) -> String {
    let mut out = String::from("\"");
    for &octet in octets.iter().take(most) {
        match octet {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'"' => out.push_str("\\\""),
            0x20..=0x7e => out.push(char::from(octet)),
            _ => out.push('.'),
        }
    }
    let more = octets.len().saturating_sub(most);
    if more > 0 {
        write!(out, "…\" and {more} more").expect("writing to a string does not fail");
    } else {
        out.push('"');
    }
    out
}
