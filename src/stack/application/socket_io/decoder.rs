//! From messages back to packets: a text, then the attachments that it announced.

use super::packet::{ID_MAX, MAIN, RESERVED};
use super::{Kind, Packet};
use crate::stack::application::Message;
use serde_json::Value;
use std::fmt;
use std::rc::Rc;

/// How much of a packet is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Attachments of a packet: 10, as in the npm package socket.io-parser.
    pub attachments_max: usize,
    /// Octets of a packet's attachments together.
    pub attachment_octets_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { attachments_max: 10, attachment_octets_max: 10_000_000 }
    }
}

/// A rule of the protocol that the peer broke; the connection ends by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Violation {
    /// A type that is not 0 to 6.
    UnknownType,
    /// The number of attachments is no number above zero, or `-` is missing.
    AttachmentCount,
    /// More attachments, or octets in them, than are taken.
    TooManyAttachments,
    /// An id beyond 2⁵³ - 1, or none where one belongs.
    BadId,
    /// What should be JSON is not.
    NotJson,
    /// A payload that this type of packet does not have.
    BadPayload,
    /// The payload of an event or acknowledgement is no array.
    NoArray,
    /// An event without a name, or whose name is no string.
    NoName,
    /// An event named as one of the reserved events.
    ReservedName,
    /// A placeholder for an attachment that was not announced.
    BadPlaceholder,
    /// Octets that nobody announced.
    UnexpectedBinary,
    /// Text while an attachment is due.
    UnexpectedText,
    /// A packet that does not fit the state: an event before CONNECT, a second CONNECT.
    InvalidState,
}

impl Violation {
    /// What is wrong.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownType => "unknown packet type",
            Self::AttachmentCount => "illegal number of attachments",
            Self::TooManyAttachments => "too many attachments",
            Self::BadId => "illegal acknowledgement id",
            Self::NotJson => "payload is not JSON",
            Self::BadPayload => "payload does not fit the packet type",
            Self::NoArray => "payload is not an array",
            Self::NoName => "event without a name",
            Self::ReservedName => "reserved event name",
            Self::BadPlaceholder => "placeholder without an attachment",
            Self::UnexpectedBinary => "binary that nobody announced",
            Self::UnexpectedText => "text while an attachment is due",
            Self::InvalidState => "packet does not fit the state",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::error::Error for Violation {}

/// Joins messages to packets.
#[derive(Clone, Debug)]
pub struct Decoder {
    limits: Limits,
    /// A packet whose attachments are on their way: how many, and how many octets came.
    pending: Option<(Packet, usize, usize)>,
}

impl Decoder {
    /// Nothing is on its way.
    pub const fn new(limits: Limits) -> Self {
        Self { limits, pending: None }
    }

    /// How many attachments are still due.
    pub fn due(&self) -> usize {
        self.pending.as_ref().map_or(0, |(packet, count, _)| count - packet.attachments.len())
    }

    /// Takes a message; gives the packet that is whole with it. After a violation nothing more
    /// should be read.
    pub fn add(&mut self, message: &Message) -> Result<Option<Packet>, Violation> {
        match (message, self.pending.take()) {
            (Message::Text(_), Some(_)) => Err(Violation::UnexpectedText),
            (Message::Text(_), None) => {
                let text = message.as_text().unwrap_or_default();
                let (packet, count) = parse(text, self.limits)?;
                if count == 0 {
                    return Ok(Some(packet));
                }
                self.pending = Some((packet, count, 0));
                Ok(None)
            }
            (Message::Binary(_), None) => Err(Violation::UnexpectedBinary),
            (Message::Binary(octets), Some((mut packet, count, so_far))) => {
                let octets_all = so_far + octets.len();
                if octets_all > self.limits.attachment_octets_max {
                    return Err(Violation::TooManyAttachments);
                }
                packet.attachments.push(octets.clone());
                if packet.attachments.len() == count {
                    return Ok(Some(packet));
                }
                self.pending = Some((packet, count, octets_all));
                Ok(None)
            }
        }
    }
}

/// A packet's text, and how many attachments follow it.
fn parse(text: &str, limits: Limits) -> Result<(Packet, usize), Violation> {
    let digit = text.bytes().next().ok_or(Violation::UnknownType)?;
    let (kind, is_binary) = Kind::of_digit(digit).ok_or(Violation::UnknownType)?;
    let mut rest = &text[1..];
    let mut count = 0;
    if is_binary {
        let (number, after) = rest.split_once('-').ok_or(Violation::AttachmentCount)?;
        count = number_of(number).filter(|count| *count > 0).ok_or(Violation::AttachmentCount)?;
        rest = after;
        if count > limits.attachments_max as u64 {
            return Err(Violation::TooManyAttachments);
        }
    }
    let mut namespace = MAIN;
    if rest.starts_with('/') {
        (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
    }
    let json = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[..rest.len() - json.len()];
    let id = match digits {
        "" => None,
        _ => Some(number_of(digits).filter(|id| *id <= ID_MAX).ok_or(Violation::BadId)?),
    };
    let data = match json {
        "" => None,
        // Deep nesting is refused here too, so that nobody's stack is at risk later.
        _ => Some(serde_json::from_str(json).map_err(|_| Violation::NotJson)?),
    };
    check(kind, id, data.as_ref())?;
    if is_binary && !data.as_ref().is_none_or(|data| placeholders_fit(data, count)) {
        return Err(Violation::BadPlaceholder);
    }
    let namespace = Rc::from(namespace);
    Ok((Packet { kind, namespace, id, data, attachments: Vec::new() }, count as usize))
}

fn number_of(digits: &str) -> Option<u64> {
    digits.bytes().all(|octet| octet.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Whether the payload is one that the kind may have.
fn check(kind: Kind, id: Option<u64>, data: Option<&Value>) -> Result<(), Violation> {
    match (kind, data) {
        (Kind::Connect, None | Some(Value::Object(_)))
        | (Kind::ConnectError, Some(Value::Object(_) | Value::String(_)))
        | (Kind::Disconnect, None) => Ok(()),
        (Kind::Connect | Kind::ConnectError | Kind::Disconnect, _) => Err(Violation::BadPayload),
        (Kind::Event, Some(Value::Array(values))) => match values.first() {
            Some(Value::String(name)) if RESERVED.contains(&name.as_str()) => {
                Err(Violation::ReservedName)
            }
            Some(Value::String(_)) => Ok(()),
            _ => Err(Violation::NoName),
        },
        (Kind::Ack, Some(Value::Array(_))) if id.is_some() => Ok(()),
        (Kind::Ack, Some(Value::Array(_))) => Err(Violation::BadId),
        (Kind::Event | Kind::Ack, _) => Err(Violation::NoArray),
    }
}

/// Whether every placeholder stands for one of `count` attachments.
fn placeholders_fit(value: &Value, count: u64) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|value| placeholders_fit(value, count)),
        Value::Object(object) if object.get("_placeholder") == Some(&Value::Bool(true)) => {
            object.get("num").and_then(Value::as_u64).is_some_and(|num| num < count)
        }
        Value::Object(object) => object.values().all(|value| placeholders_fit(value, count)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}
