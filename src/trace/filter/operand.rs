//! What a field is compared with: a number, an address, a network, a host's name.

use super::lexer::{Kind, Token};
use super::parser::fault;
use super::{Compare, Fault, Test, names};
use crate::stack::Field;
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::network::ipv4::Cidr;
use crate::trace::Legend;
use std::net::Ipv4Addr;

/// A number, decimal or `0x…`.
pub(super) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        None => None,
    }
}

/// The test of `fields` (alike in kind) that the operand makes.
pub(super) fn test(
    name: &str,
    fields: &[&'static Field],
    compare: Compare,
    token: &Token,
    legend: &Legend,
) -> Result<Test, Fault> {
    let (Kind::Word(word) | Kind::Text(word)) = &token.kind else {
        let message = format!("nothing to compare `{name}` with");
        return Err(fault(token.span.clone(), message, "write a value: `ip.ttl == 64`"));
    };
    let bits = fields.first().map_or(0, |field| field.bits);
    let (values, wanted) = match kind(name, bits) {
        Shape::Address => {
            (addresses(word, legend), "an address (`10.0.0.2`, `10.0.0.0/24`) or a host")
        }
        Shape::Mac => (macs(word, legend), "a MAC address (`02:00:00:00:00:01`) or a host"),
        Shape::Number => (numbers(name, word), "a number"),
    };
    let Some(values) = values else {
        let names = legend.nodes.iter().map(|node| node.name.as_str());
        let near = match kind(name, bits) {
            Shape::Number => None,
            Shape::Address | Shape::Mac => names::nearest(word, names),
        };
        let help = near.map_or_else(
            || format!("`{name}` is compared with {wanted}"),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(fault(token.span.clone(), format!("expected {wanted}, found `{word}`"), help));
    };
    let most = u64::MAX >> (64 - u32::from(bits.clamp(1, 64)));
    match (compare, &values[..]) {
        (_, [(_, value)]) if *value > most => {
            let message = format!("`{name}` has {bits} bits: at most {most}");
            Err(fault(token.span.clone(), message, "compare it with a smaller number"))
        }
        (_, [(u64::MAX, value)]) => Ok(Test::Is(compare, *value)),
        (Compare::Equal, _) => Ok(Test::OneOf(values, true)),
        (Compare::NotEqual, _) => Ok(Test::OneOf(values, false)),
        _ => {
            let message = format!("`{word}` stands for several values, which have no order");
            Err(fault(token.span.clone(), message, "compare with `==` or `!=`"))
        }
    }
}

/// How a field's value is written.
enum Shape {
    Address,
    Mac,
    Number,
}

fn kind(name: &str, bits: u16) -> Shape {
    match bits {
        48 => Shape::Mac,
        32 if name.starts_with("ip.") || name.ends_with("proto_ipv4") => Shape::Address,
        _ => Shape::Number,
    }
}

/// Mask and value of each address that the word can mean.
fn addresses(word: &str, legend: &Legend) -> Option<Vec<(u64, u64)>> {
    if let Ok(address) = word.parse::<Ipv4Addr>() {
        return Some(vec![(u64::MAX, address.to_bits().into())]);
    }
    if let Ok(network) = word.parse::<Cidr>() {
        let mask = u64::from(network.mask().to_bits());
        return Some(vec![(mask, u64::from(network.address.to_bits()) & mask)]);
    }
    let node = &legend.nodes[legend.node(word)?.index()];
    let own = node.interfaces.iter().filter_map(|interface| interface.address);
    Some(own.map(|cidr| (u64::MAX, cidr.address.to_bits().into())).collect())
}

fn macs(word: &str, legend: &Legend) -> Option<Vec<(u64, u64)>> {
    let bits = |MacAddress(octets): MacAddress| {
        (u64::MAX, octets.iter().fold(0, |bits, &octet| bits << 8 | u64::from(octet)))
    };
    if let Ok(mac) = word.parse() {
        return Some(vec![bits(mac)]);
    }
    let node = &legend.nodes[legend.node(word)?.index()];
    Some(node.interfaces.iter().map(|interface| bits(interface.mac)).collect())
}

/// A number, or the name of a protocol where its number stands.
fn numbers(name: &str, word: &str) -> Option<Vec<(u64, u64)>> {
    let named = match (name, word.to_lowercase().as_str()) {
        ("ip.proto", "icmp") => Some(1),
        ("ip.proto", "tcp") => Some(6),
        ("ip.proto", "udp") => Some(17),
        ("eth.type", "ip" | "ipv4") => Some(0x0800),
        ("eth.type", "arp") => Some(0x0806),
        _ => None,
    };
    named.or_else(|| number(word)).map(|number| vec![(u64::MAX, number)])
}
