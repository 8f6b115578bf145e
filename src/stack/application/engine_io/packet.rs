//! The packet: one digit that says what it is, and what it carries.

use crate::base::{Chunk, Malformed};
use crate::stack::application::Message;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::fmt;
use std::str;

/// What stands between two packets of a polling body (U+001E, "record separator").
pub const SEPARATOR: u8 = 0x1e;

/// Base64 as peers write it; the padding may be missing, as Node.js does not ask for it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a packet is; its value is its digit on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// The server opens the session and says how it is kept.
    Open = 0,
    /// This side ends the session.
    Close = 1,
    /// Are you there? (With `probe`: does this WebSocket work?)
    Ping = 2,
    /// I am here.
    Pong = 3,
    /// A message of the program's.
    Message = 4,
    /// From now on over this WebSocket.
    Upgrade = 5,
    /// Nothing: it only ends a waiting request.
    Noop = 6,
}

impl Kind {
    /// All seven, by their digits.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Close, Self::Ping, Self::Pong, Self::Message, Self::Upgrade, Self::Noop];

    /// The protocol's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
            Self::Ping => "ping",
            Self::Pong => "pong",
            Self::Message => "message",
            Self::Upgrade => "upgrade",
            Self::Noop => "noop",
        }
    }

    const fn digit(self) -> u8 {
        b'0' + self as u8
    }
}

/// A packet. Only a [`Kind::Message`] carries octets; all others carry text, mostly none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packet {
    /// What it is.
    pub kind: Kind,
    /// What it carries.
    pub data: Message,
}

impl Packet {
    /// A packet that carries nothing.
    pub const fn bare(kind: Kind) -> Self {
        Self { kind, data: Message::Text(Chunk::EMPTY) }
    }

    /// A packet with a text.
    pub fn text(kind: Kind, text: &str) -> Self {
        Self { kind, data: Message::text(text) }
    }

    /// A message of the program's.
    pub const fn message(data: Message) -> Self {
        Self { kind: Kind::Message, data }
    }

    /// Whether it is of that kind and carries exactly that text.
    pub fn is(&self, kind: Kind, text: &str) -> bool {
        self.kind == kind && self.data.as_text() == Some(text)
    }

    /// The packet in a WebSocket message: a binary one is the program's octets, bare; a text begins
    /// with the digit. The packet shares the message's memory.
    pub fn from_message(message: &Message) -> Result<Self, Malformed> {
        match message {
            Message::Binary(_) => Ok(Self::message(message.clone())),
            Message::Text(text) => Self::from_text(text, 0),
        }
    }

    /// The packet as a WebSocket message.
    pub fn to_message(&self) -> Message {
        match &self.data {
            Message::Binary(_) => self.data.clone(),
            Message::Text(text) => {
                let mut octets = Vec::with_capacity(1 + text.len());
                octets.push(self.kind.digit());
                octets.extend_from_slice(text);
                Message::Text(Chunk::from(&octets[..]))
            }
        }
    }

    /// Octets that it takes in a polling body, without a separator.
    pub const fn encoded_len(&self) -> usize {
        match &self.data {
            Message::Text(text) => 1 + text.len(),
            Message::Binary(octets) => 1 + octets.len().div_ceil(3) * 4,
        }
    }

    fn from_text(text: &Chunk, at: usize) -> Result<Self, Malformed> {
        let digit = text.first().copied();
        let kind = Kind::ALL.into_iter().find(|kind| Some(kind.digit()) == digit);
        let Some(kind) = kind else { return Err(wrong(at, "a packet type, 0 to 6")) };
        Ok(Self { kind, data: Message::Text(text.slice(1..text.len())) })
    }

    fn append_to(&self, body: &mut Vec<u8>) {
        match &self.data {
            Message::Text(text) => {
                body.push(self.kind.digit());
                body.extend_from_slice(text);
            }
            Message::Binary(octets) => {
                body.push(b'b');
                body.extend_from_slice(BASE64.encode(&octets[..]).as_bytes());
            }
        }
    }
}

/// `message, 5 octets of text`; what it carries is in the octets.
impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match &self.data {
            Message::Text(text) if text.is_empty() => Ok(()),
            Message::Text(text) => write!(f, ", {} octets of text", text.len()),
            Message::Binary(octets) => write!(f, ", {} octets", octets.len()),
        }
    }
}

/// Packets as the body of a polling request or response.
pub fn body_of<'a>(packets: impl IntoIterator<Item = &'a Packet>) -> Chunk {
    let mut body = Vec::new();
    for (n, packet) in packets.into_iter().enumerate() {
        if n > 0 {
            body.push(SEPARATOR);
        }
        packet.append_to(&mut body);
    }
    Chunk::from(&body[..])
}

/// The packets of a polling body, one by one; the first fault ends them. Texts share the body's
/// memory, so a body of many small packets costs no more than itself.
pub fn packets_of(body: &Chunk) -> impl Iterator<Item = Result<Packet, Malformed>> {
    let fault = str::from_utf8(body).err().map(|fault| wrong(fault.valid_up_to(), "UTF-8"));
    let body = body.clone();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next.take()?;
        if let Some(fault) = fault {
            return Some(Err(fault));
        }
        let end = body[start..].iter().position(|octet| *octet == SEPARATOR).map(|n| start + n);
        let packet = packet_of(&body.slice(start..end.unwrap_or(body.len())), start);
        next = end.map(|end| end + 1).filter(|_| packet.is_ok());
        Some(packet)
    })
}

fn packet_of(text: &Chunk, at: usize) -> Result<Packet, Malformed> {
    let Some(encoded) = text.strip_prefix(b"b") else { return Packet::from_text(text, at) };
    let octets = BASE64.decode(encoded).map_err(|_| wrong(at + 1, "base64"))?;
    Ok(Packet::message(Message::Binary(Chunk::from(&octets[..]))))
}

fn wrong(at: usize, expected: &'static str) -> Malformed {
    Malformed { protocol: "Engine.IO", at: u16::try_from(at).unwrap_or(u16::MAX), expected }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &str) -> Vec<Result<Packet, Malformed>> {
        packets_of(&Chunk::from(body.as_bytes())).collect()
    }

    /// Made with the npm package `engine.io-parser` 5.2.
    #[test]
    fn packets_are_written_as_the_reference_writes_them() {
        let binary = Packet::message(Message::Binary(Chunk::from_static(&[1, 2, 3, 4])));
        let rows = [
            (Packet::bare(Kind::Ping), "2"),
            (Packet::text(Kind::Pong, "probe"), "3probe"),
            (Packet::text(Kind::Message, "hello €"), "4hello €"),
            (Packet::bare(Kind::Close), "1"),
            (Packet::bare(Kind::Upgrade), "5"),
            (Packet::bare(Kind::Noop), "6"),
        ];
        for (packet, text) in &rows {
            assert_eq!(packet.to_message(), Message::text(text));
            assert_eq!(Packet::from_message(&Message::text(text)).as_ref(), Ok(packet));
            assert_eq!(packet.encoded_len(), text.len());
        }
        assert_eq!(binary.to_message(), binary.data);
        let all = [&rows[2].0, &rows[3].0, &binary, &rows[0].0];
        let body = body_of(all);
        assert_eq!(str::from_utf8(&body).unwrap(), "4hello €\u{1e}1\u{1e}bAQIDBA==\u{1e}2");
        let back: Vec<Packet> = packets_of(&body).map(Result::unwrap).collect();
        assert_eq!(back, all.map(Clone::clone));
    }

    #[test]
    fn a_body_is_read_up_to_its_first_fault() {
        let rows = [
            ("", 1, "a packet type, 0 to 6"),
            ("abc", 1, "a packet type, 0 to 6"),
            ("4a\u{1e}\u{1e}4b", 2, "a packet type, 0 to 6"),
            ("4a\u{1e}7\u{1e}4b", 2, "a packet type, 0 to 6"),
            ("4a\u{1e}", 2, "a packet type, 0 to 6"),
            ("b!", 1, "base64"),
        ];
        for (body, packets, expected) in rows {
            let read = read(body);
            assert_eq!(read.len(), packets, "{body:?}");
            assert_eq!(read.last().unwrap().as_ref().unwrap_err().expected, expected);
        }
        let not_text: Vec<_> = packets_of(&Chunk::from_static(b"4a\x1e4\xff")).collect();
        assert_eq!(not_text, [Err(wrong(4, "UTF-8"))]);
        assert_eq!(read("bAQ").len(), read("bAQ==").len());
    }

    #[test]
    fn a_text_over_websocket_is_no_base64() {
        assert!(Packet::from_message(&Message::text("bAQ==")).is_err());
        assert!(Packet::from_message(&Message::text("")).is_err());
    }

    prop_compose! {
        fn any_packet()(kind in 0usize..7, text in "[^\u{1e}]{0,9}", octets: Vec<u8>, binary: bool) -> Packet {
            if binary {
                Packet::message(Message::Binary(Chunk::from(&octets[..])))
            } else {
                Packet::text(Kind::ALL[kind], &text)
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(packets in prop::collection::vec(any_packet(), 1..6)) {
            let body = body_of(&packets);
            let len: usize = packets.iter().map(Packet::encoded_len).sum();
            prop_assert_eq!(body.len(), len + packets.len() - 1);
            let back: Result<Vec<Packet>, _> = packets_of(&body).collect();
            prop_assert_eq!(back.as_ref(), Ok(&packets));
            for packet in packets {
                prop_assert_eq!(Packet::from_message(&packet.to_message()), Ok(packet));
            }
        }

        #[test]
        fn arbitrary_octets_never_panic(octets: Vec<u8>) {
            let chunk = Chunk::from(&octets[..]);
            prop_assert!(packets_of(&chunk).count() <= octets.len() + 1);
        }
    }
}
