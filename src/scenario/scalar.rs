//! Single values: what a text must look like to be a time, a rate, an address.

use super::diagnostic::{closest, suggest};
use super::format::Kind;
use super::value::Node;
use crate::base::time::{Duration, Unscaled, scaled};
use crate::stack::network::ipv4::Cidr;
use std::net::Ipv4Addr;

/// Message and help.
pub(super) type Wrong = (String, String);

const TIME_UNITS: &[&str] = &["ns", "us", "ms", "s", "min"];
const RATE_UNITS: &[&str] = &["bit/s", "kbit/s", "Mbit/s", "Gbit/s"];
const SIZE_UNITS: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1_000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
];
/// What people write for a unit.
const ALIASES: &[(&str, &str)] = &[
    ("msec", "ms"),
    ("msecs", "ms"),
    ("millis", "ms"),
    ("milliseconds", "ms"),
    ("usec", "us"),
    ("microseconds", "us"),
    ("nanoseconds", "ns"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("m", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("bps", "bit/s"),
    ("kbps", "kbit/s"),
    ("kb/s", "kbit/s"),
    ("kbit", "kbit/s"),
    ("mbps", "Mbit/s"),
    ("mb/s", "Mbit/s"),
    ("mbit", "Mbit/s"),
    ("gbps", "Gbit/s"),
    ("gb/s", "Gbit/s"),
    ("gbit", "Gbit/s"),
    ("byte", "B"),
    ("bytes", "B"),
    ("octets", "B"),
    ("k", "KiB"),
    ("kb", "KiB"),
    ("mb", "MiB"),
    ("gb", "GiB"),
];

/// Reads `text` as the kind that is wanted.
pub(super) fn read(kind: &Kind, text: &str) -> Result<Node, Wrong> {
    match kind {
        Kind::Name => name(text),
        Kind::Time { min, max } => time(text, *min, *max),
        Kind::Rate => rate(text),
        Kind::Size { min, max } => size(text, *min, *max),
        Kind::Chance => chance(text),
        Kind::Address => address(text),
        Kind::Network => network(text),
        Kind::Mac => text.parse().map(Node::Mac).map_err(|_| {
            (
                format!("`{text}` is not a hardware address"),
                "write six pairs of hexadecimal digits: `\"02:00:00:00:00:0a\"`".into(),
            )
        }),
        Kind::Endpoint => endpoint(text),
        Kind::Word(words) => {
            let known = words.iter().map(|w| w.0);
            if known.clone().any(|w| w == text) {
                return Ok(plain(text));
            }
            Err((format!("`{text}` is not {}", kind.words()), suggest(text, "it may be", known)))
        }
        _ => Ok(plain(text)),
    }
}

fn plain(text: &str) -> Node {
    Node::Text { text: text.into(), at: None }
}

/// The number and the unit; `None` when it does not begin with a digit.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], text[end..].trim()))
}

/// What to do about a value with a unit that could not be read.
fn unit_help(text: &str, units: &[&str], example: &str) -> String {
    let all = units.join(", ");
    let general = format!("write a number and its unit, `\"{example}\"` for instance ({all})");
    if text.trim_start().starts_with('-') {
        return format!("it cannot be negative; {general}");
    }
    let Some((number, unit)) = split(text) else { return general };
    if matches!(scaled(number, 1), Err(Unscaled::NotANumber)) {
        return general;
    }
    let lower = unit.to_lowercase();
    let alias = ALIASES.iter().find(|a| a.0 == lower && units.contains(&a.1)).map(|a| a.1);
    match alias.or_else(|| closest(unit, units.iter().copied())) {
        Some(near) if near != unit => format!("did you mean `\"{number}{near}\"`?"),
        _ => general,
    }
}

fn time(text: &str, min: Duration, max: Duration) -> Result<Node, Wrong> {
    let too_long =
        || (format!("`{text}` is too long"), format!("the longest that may stand here is {max}"));
    let Ok(time) = text.parse::<Duration>() else {
        if split(text).is_some_and(|(n, unit)| {
            TIME_UNITS.contains(&unit) && matches!(scaled(n, 1), Err(Unscaled::TooLarge))
        }) {
            return Err(too_long());
        }
        return Err((
            format!("`{text}` is not a length of time"),
            unit_help(text, TIME_UNITS, "20ms"),
        ));
    };
    if time < min {
        return Err((
            format!("`{text}` is too short"),
            format!("the shortest that may stand here is {min}"),
        ));
    }
    if time > max {
        return Err(too_long());
    }
    Ok(Node::Time(time))
}

fn rate(text: &str) -> Result<Node, Wrong> {
    text.parse().map(Node::Rate).map_err(|_| {
        if split(text)
            .is_some_and(|(n, u)| RATE_UNITS.contains(&u) && n.trim_matches(['0', '.']).is_empty())
        {
            return (
                format!("`{text}` is no rate: nothing would ever arrive"),
                "to cut the link write `up = false`".into(),
            );
        }
        (format!("`{text}` is not a rate"), unit_help(text, RATE_UNITS, "10Mbit/s"))
    })
}

fn size(text: &str, min: u64, max: u64) -> Result<Node, Wrong> {
    let units: Vec<&str> = SIZE_UNITS.iter().map(|u| u.0).collect();
    let octets = split(text).and_then(|(number, unit)| {
        let unit = SIZE_UNITS.iter().find(|u| u.0 == unit)?.1;
        match scaled(number, unit) {
            Ok(octets) => Some(octets),
            Err(Unscaled::TooLarge) => Some(u64::MAX),
            Err(Unscaled::NotANumber) => None,
        }
    });
    match octets {
        None => {
            Err((format!("`{text}` is not a number of octets"), unit_help(text, &units, "64KiB")))
        }
        Some(octets) if octets < min || octets > max => Err((
            format!("`{text}` is out of range"),
            format!("it may be from {min} to {max} octets"),
        )),
        Some(octets) => Ok(Node::Size(octets)),
    }
}

/// A chance that is more than nothing but less than can be kept.
fn too_small(text: &str) -> Wrong {
    (format!("`{text}` is too small to matter"), "the smallest chance is `\"0.0001%\"`".into())
}

fn is_nothing(number: &str) -> bool {
    !number.contains(|c: char| ('1'..='9').contains(&c))
}

fn chance(text: &str) -> Result<Node, Wrong> {
    const WHOLE: u64 = 1_000_000;
    let wrong = |help: &str| (format!("`{text}` is not a percentage"), help.to_owned());
    let example = "write a number from 0 to 100 and the sign: `\"5%\"`";
    let Some(number) = text.trim().strip_suffix('%').map(str::trim) else {
        return Err(wrong(&match split(text) {
            Some((number, "")) => format!("did you mean `\"{number}%\"`?"),
            _ => example.into(),
        }));
    };
    match scaled(number, WHOLE / 100) {
        Ok(0) if !is_nothing(number) => Err(too_small(text)),
        Ok(millionths @ 0..=WHOLE) => Ok(Node::Chance(millionths as u32)),
        Ok(_) | Err(Unscaled::TooLarge) => Err((
            format!("`{text}` is more than everything"),
            "a chance is at most `\"100%\"`".into(),
        )),
        Err(Unscaled::NotANumber) if number.starts_with('-') => {
            Err(wrong("a chance cannot be negative: `\"0%\"` is never"))
        }
        Err(Unscaled::NotANumber) => Err(wrong(example)),
    }
}

/// A number from 0 to 1, as an assignment may give a chance.
pub(super) fn fraction(text: &str) -> Result<Node, Wrong> {
    match scaled(text, 1_000_000) {
        Ok(0) if !is_nothing(text) => Err(too_small(text)),
        Ok(millionths @ 0..=1_000_000) => Ok(Node::Chance(millionths as u32)),
        _ => Err((
            format!("`{text}` is not a chance"),
            "a number without a sign is a fraction from 0 to 1: `0.1` is `10%`".into(),
        )),
    }
}

fn name(text: &str) -> Result<Node, Wrong> {
    const MOST: usize = 64;
    let letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain_name = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if letter && plain_name && text.len() <= MOST {
        return Ok(plain(text));
    }
    if text.is_empty() {
        return Err(("a name cannot be empty".into(), "give it one: `\"client\"`".into()));
    }
    let help = "a name begins with a letter and has letters, digits, `-` and `_`, at most 64";
    Err((format!("`{text}` cannot be a name"), help.into()))
}

fn cidr(text: &str, what: &str, example: &str) -> Result<Cidr, Wrong> {
    text.parse().map_err(|_| {
        let help = match text.trim().parse::<Ipv4Addr>() {
            Ok(address) => format!("add the length of its network's prefix: `\"{address}/24\"`"),
            Err(_) if text.contains("::") => "only IPv4 is simulated".into(),
            Err(_) => {
                format!("write four numbers from 0 to 255 and a prefix length: `\"{example}\"`")
            }
        };
        (format!("`{text}` is not {what}"), help)
    })
}

fn address(text: &str) -> Result<Node, Wrong> {
    let cidr = cidr(text, "an address with its prefix length", "10.0.0.1/24")?;
    let refused = |why: &str, help: &str| Err((format!("`{text}` {why}"), help.to_owned()));
    if !(8..=31).contains(&cidr.prefix_len) {
        return refused(
            "has a prefix that no interface can have",
            "it may be /8 to /31; /24 is usual",
        );
    }
    let special = cidr.address.is_loopback()
        || cidr.address.is_multicast()
        || cidr.address.octets()[0] == 0
        || cidr.address.octets()[0] >= 240;
    if special {
        return refused(
            "is no address that a device can have",
            "use one of 10.0.0.0/8 or 192.168.0.0/16",
        );
    }
    if cidr.prefix_len < 31 && cidr.address == cidr.network().address {
        return refused(
            "is the address of the network itself",
            "give the device one of the addresses after it",
        );
    }
    if cidr.broadcast() == Some(cidr.address) {
        return refused(
            "is the address of everybody in its network",
            "give the device one of the addresses before it",
        );
    }
    Ok(Node::Address(cidr))
}

fn network(text: &str) -> Result<Node, Wrong> {
    if text == "default" {
        return Ok(Node::Address(Cidr::ALL));
    }
    let cidr = cidr(text, "a network", "10.0.1.0/24")?;
    if cidr.network() != cidr {
        return Err((
            format!("`{text}` has bits behind its prefix"),
            format!("did you mean `\"{}\"`?", cidr.network()),
        ));
    }
    Ok(Node::Address(cidr))
}

fn endpoint(text: &str) -> Result<Node, Wrong> {
    let wrong = |help: String| Err((format!("`{text}` is not a host and a port"), help));
    let Some((host, port)) = text.rsplit_once(':') else {
        let host = if text.is_empty() { "server" } else { text };
        return wrong(format!("add the port: `\"{host}:7000\"`"));
    };
    if host.is_empty() {
        return wrong(format!("name the host before the colon: `\"server:{port}\"`"));
    }
    if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
        return wrong(format!("a port is a number from 1 to 65535: `\"{host}:7000\"`"));
    }
    match port.parse::<u16>() {
        Ok(1..) => Ok(plain(text)),
        _ => Err((format!("`{port}` is not a port"), "a port is a number from 1 to 65535".into())),
    }
}
