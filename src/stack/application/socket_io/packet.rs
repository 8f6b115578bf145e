//! The packet as text: `type [attachments "-"] [namespace ","] [ack id] [JSON]`, and its binary
//! attachments behind it.

use super::Violation;
use crate::base::Chunk;
use crate::stack::application::Message;
use serde_json::{Value, json};
use std::fmt;
use std::rc::Rc;

/// The namespace that everybody knows, and that is left out on the wire.
pub const MAIN: &str = "/";

/// The largest id of an acknowledgement: the largest integer that JavaScript counts to, 2⁵³ - 1.
pub const ID_MAX: u64 = (1 << 53) - 1;

/// Names that no event may have: both ends use them for themselves.
pub const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// What a packet is; its value is its digit on the wire. An event or acknowledgement with
/// attachments has the digit 5 or 6 instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// The client joins a namespace; the server says that it has.
    Connect = 0,
    /// One side leaves a namespace.
    Disconnect = 1,
    /// An event: its name and arguments.
    Event = 2,
    /// The answer to an event that asked for one.
    Ack = 3,
    /// The server does not let the client in.
    ConnectError = 4,
}

impl Kind {
    /// The kind of a digit, and whether it announces attachments.
    pub const fn of_digit(digit: u8) -> Option<(Self, bool)> {
        match digit {
            b'0' => Some((Self::Connect, false)),
            b'1' => Some((Self::Disconnect, false)),
            b'2' => Some((Self::Event, false)),
            b'3' => Some((Self::Ack, false)),
            b'4' => Some((Self::ConnectError, false)),
            b'5' => Some((Self::Event, true)),
            b'6' => Some((Self::Ack, true)),
            _ => None,
        }
    }

    /// The protocol's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Disconnect => "DISCONNECT",
            Self::Event => "EVENT",
            Self::Ack => "ACK",
            Self::ConnectError => "CONNECT_ERROR",
        }
    }
}

/// A packet. Octets stand in `data` as placeholders, `{"_placeholder":true,"num":0}`, and in
/// `attachments` by that number: so a value is plain JSON as it is on the wire, no type of our own
/// wraps `serde_json`'s, and who passes arguments on need not look into them.
#[derive(Clone, PartialEq, Debug)]
pub struct Packet {
    /// What it is.
    pub kind: Kind,
    /// Where it belongs.
    pub namespace: Rc<str>,
    /// The id by which it is, or was asked to be, acknowledged.
    pub id: Option<u64>,
    /// Its JSON.
    pub data: Option<Value>,
    /// Its octets.
    pub attachments: Vec<Chunk>,
}

impl Packet {
    /// A packet without attachments.
    pub const fn new(kind: Kind, namespace: Rc<str>, data: Option<Value>) -> Self {
        Self { kind, namespace, id: None, data, attachments: Vec::new() }
    }

    /// An event.
    pub fn event(namespace: Rc<str>, id: Option<u64>, name: &str, arguments: Arguments) -> Self {
        let mut values = vec![Value::from(name)];
        values.extend(arguments.values);
        let (kind, data) = (Kind::Event, Some(Value::Array(values)));
        Self { kind, namespace, id, data, attachments: arguments.attachments }
    }

    /// An acknowledgement.
    pub fn ack(namespace: Rc<str>, id: u64, arguments: Arguments) -> Self {
        let data = Some(Value::Array(arguments.values));
        Self { kind: Kind::Ack, namespace, id: Some(id), data, attachments: arguments.attachments }
    }

    /// Its messages: one of text, then its attachments, with nothing between.
    pub fn encode(self) -> Vec<Message> {
        let mut text = String::new();
        let written = self.write(&mut text);
        debug_assert!(written.is_ok(), "writing to a string does not fail");
        let mut messages = vec![Message::text(&text)];
        messages.extend(self.attachments.into_iter().map(Message::Binary));
        messages
    }

    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let count = self.attachments.len();
        if count == 0 {
            write!(out, "{}", self.kind as u8)?;
        } else {
            write!(out, "{}{count}-", self.kind as u8 + 3)?;
        }
        if &*self.namespace != MAIN {
            write!(out, "{},", self.namespace)?;
        }
        if let Some(id) = self.id {
            write!(out, "{id}")?;
        }
        self.data.as_ref().map_or(Ok(()), |data| write!(out, "{data}"))
    }

    /// The event's name and arguments; the decoder has seen to it that they are there.
    pub(super) fn into_event(self) -> Result<(String, Arguments), Violation> {
        let attachments = self.attachments;
        let Some(Value::Array(mut values)) = self.data else { return Err(Violation::NoArray) };
        if values.is_empty() {
            return Err(Violation::NoName);
        }
        let rest = values.split_off(1);
        match values.pop() {
            Some(Value::String(name)) => Ok((name, Arguments { values: rest, attachments })),
            _ => Err(Violation::NoName),
        }
    }

    /// The acknowledgement's arguments.
    pub(super) fn into_arguments(self) -> Arguments {
        let values = match self.data {
            Some(Value::Array(values)) => values,
            _ => Vec::new(),
        };
        Arguments { values, attachments: self.attachments }
    }
}

/// The text on the wire.
impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// What an event or an acknowledgement carries.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Arguments {
    /// The arguments, with placeholders for octets.
    pub values: Vec<Value>,
    /// The octets, by the placeholders' numbers.
    pub attachments: Vec<Chunk>,
}

impl Arguments {
    /// Arguments without octets.
    pub const fn new(values: Vec<Value>) -> Self {
        Self { values, attachments: Vec::new() }
    }

    /// With one more argument: octets.
    #[must_use]
    pub fn with_octets(mut self, octets: Chunk) -> Self {
        self.values.push(json!({"_placeholder": true, "num": self.attachments.len()}));
        self.attachments.push(octets);
        self
    }
}
