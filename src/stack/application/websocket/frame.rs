//! Frames (RFC 6455 §5.2): the header, octet by octet, and the mask.

use super::Violation;
use crate::stack::Field;
use std::fmt;

/// What a frame is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Opcode {
    /// The message that was begun goes on.
    Continuation,
    /// A message of text begins.
    Text,
    /// A message of octets begins.
    Binary,
    /// The sender will send no more messages.
    Close,
    /// Are you there?
    Ping,
    /// I am.
    Pong,
    /// One of 3–7 and 11–15, which mean nothing.
    Reserved(u8),
}

impl Opcode {
    /// The meaning of the four bits.
    pub const fn from_bits(bits: u8) -> Self {
        match bits & 0xf {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            other => Self::Reserved(other),
        }
    }

    /// The four bits.
    pub const fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
            Self::Reserved(bits) => bits & 0xf,
        }
    }

    /// Whether it is about the connection, not part of a message (§5.5).
    pub const fn is_control(self) -> bool {
        match self {
            Self::Continuation | Self::Text | Self::Binary => false,
            Self::Close | Self::Ping | Self::Pong => true,
            Self::Reserved(bits) => bits & 8 != 0,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Continuation => "Continuation",
            Self::Text => "Text",
            Self::Binary => "Binary",
            Self::Close => "Close",
            Self::Ping => "Ping",
            Self::Pong => "Pong",
            Self::Reserved(_) => "Reserved",
        }
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Octets of the longest header: two, eight of length, four of key.
pub const HEADER_LEN_MAX: usize = 14;

/// The largest payload of a control frame (§5.5), and of the shortest form of a length.
pub const CONTROL_MAX: usize = 125;

/// RSV1: the bit that says, on the first frame of a message, that it is compressed (RFC 7692 §6).
pub const RSV1: u8 = 0b100;

/// The first two octets of a header; they say how long it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Start {
    /// It is the last frame of its message.
    pub fin: bool,
    /// RSV1, RSV2 and RSV3, the first the highest of three bits.
    pub rsv: u8,
    /// What it is.
    pub opcode: Opcode,
    /// Whether a masking key follows.
    pub masked: bool,
    /// The seven bits of length: up to 125 the length, 126 or 127 a longer form follows.
    pub short: u8,
}

impl Start {
    /// Takes the two octets apart.
    pub const fn parse([first, second]: [u8; 2]) -> Self {
        Self {
            fin: first & 0x80 != 0,
            rsv: first >> 4 & 7,
            opcode: Opcode::from_bits(first),
            masked: second & 0x80 != 0,
            short: second & 0x7f,
        }
    }

    /// Octets of the whole header.
    pub const fn header_len(self) -> usize {
        let length = match self.short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        2 + length + if self.masked { 4 } else { 0 }
    }
}

/// A frame's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// It is the last frame of its message.
    pub fin: bool,
    /// RSV1, RSV2 and RSV3, the first the highest of three bits.
    pub rsv: u8,
    /// What it is.
    pub opcode: Opcode,
    /// The key that its payload is masked with; clients mask, servers do not (§5.3).
    pub mask: Option<[u8; 4]>,
    /// Octets of payload.
    pub length: u64,
}

impl Header {
    /// The header that `octets` begin with, and how many octets it has; `None` if it is cut off.
    /// A length in a longer form than needed, or of more than 63 bits, breaks the rules (§5.2).
    #[inline]
    pub fn parse(octets: &[u8]) -> Result<Option<(Self, usize)>, Violation> {
        let Some((start, rest)) = octets.split_first_chunk() else { return Ok(None) };
        let Start { fin, rsv, opcode, masked, short } = Start::parse(*start);
        let (length, rest) = match short {
            126 => {
                let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
                match u16::from_be_bytes(*length) {
                    0..=125 => return Err(Violation::LongForm),
                    length => (u64::from(length), rest),
                }
            }
            127 => {
                let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
                match u64::from_be_bytes(*length) {
                    0..=0xffff => return Err(Violation::LongForm),
                    length if length >> 63 != 0 => return Err(Violation::TopBit),
                    length => (length, rest),
                }
            }
            short => (u64::from(short), rest),
        };
        let (mask, rest) = match rest.split_first_chunk() {
            Some((key, rest)) if masked => (Some(*key), rest),
            None if masked => return Ok(None),
            _ => (None, rest),
        };
        Ok(Some((Self { fin, rsv, opcode, mask, length }, octets.len() - rest.len())))
    }

    /// Puts the header behind what is in `out`, its length in the shortest form.
    pub fn emit(&self, out: &mut Vec<u8>) {
        let masked = u8::from(self.mask.is_some()) << 7;
        let mut octets = [0; HEADER_LEN_MAX];
        octets[0] = u8::from(self.fin) << 7 | (self.rsv & 7) << 4 | self.opcode.bits();
        let mut len = match (u16::try_from(self.length), self.length) {
            (_, short @ 0..=125) => {
                octets[1] = masked | short as u8;
                2
            }
            (Ok(length), _) => {
                octets[1] = masked | 0x7e;
                octets[2..4].copy_from_slice(&length.to_be_bytes());
                4
            }
            (Err(_), length) => {
                octets[1] = masked | 0x7f;
                octets[2..10].copy_from_slice(&length.to_be_bytes());
                10
            }
        };
        if let Some(key) = self.mask {
            octets[len..len + 4].copy_from_slice(&key);
            len += 4;
        }
        // A copy of a length that is known is no call.
        let end = out.len() + len;
        out.extend_from_slice(&octets);
        out.truncate(end);
    }

    /// The payload as it was meant, from the octets behind the header: unmasked, and cut at the
    /// payload's end if there are more.
    pub fn unmasked(&self, wire: &[u8]) -> Vec<u8> {
        let length = usize::try_from(self.length).unwrap_or(usize::MAX).min(wire.len());
        let mut plain = Vec::new();
        match self.mask {
            Some(key) => append_masked(&mut plain, &wire[..length], key, 0),
            None => plain.extend_from_slice(&wire[..length]),
        }
        plain
    }
}

/// Masks or unmasks (it is the same) octets that lie `at` octets behind the payload's beginning:
/// each is combined with an octet of the key in turn (§5.3). Eight at a time, which the compiler
/// turns into vector code.
pub fn mask(octets: &mut [u8], key: [u8; 4], at: u64) {
    let turned = u32::from_ne_bytes(key);
    let bits = (at % 4) as u32 * 8;
    let turned = if cfg!(target_endian = "big") {
        turned.rotate_left(bits)
    } else {
        turned.rotate_right(bits)
    };
    let wide = u64::from(turned) << 32 | u64::from(turned);
    let (words, rest) = octets.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (octet, key) in rest.iter_mut().zip(wide.to_ne_bytes()) {
        *octet ^= key;
    }
}

/// Puts octets that lie `at` octets behind the payload's beginning behind what is in `out`, masked
/// or unmasked: a block at a time, so that the second look at it finds it in the nearest cache.
pub fn append_masked(out: &mut Vec<u8>, octets: &[u8], key: [u8; 4], mut at: u64) {
    for block in octets.chunks(BLOCK) {
        let begin = out.len();
        out.extend_from_slice(block);
        mask(&mut out[begin..], key, at);
        at += BLOCK as u64;
    }
}

/// Octets that are copied and masked at a time.
const BLOCK: usize = 8192;

const START: [Field; 5] = [
    Field::new("FIN", "websocket.fin", 0, 1, "This is the last (or only) frame of its message."),
    Field::new(
        "RSV1-3",
        "websocket.rsv",
        1,
        3,
        "Kept for extensions: the first one (4) says that the message is compressed.",
    ),
    Field::new(
        "Opcode",
        "websocket.opcode",
        4,
        4,
        "What it is: 0 goes on, 1 text, 2 octets, 8 close, 9 ping, 10 pong.",
    ),
    Field::new(
        "MASK",
        "websocket.mask",
        8,
        1,
        "The payload is masked: clients must, servers must not.",
    ),
    Field::new(
        "Payload length",
        "websocket.payload_length",
        9,
        7,
        "Octets of payload; 126 and 127 say that the length follows in 16 or 64 bits.",
    ),
];

const fn length(filter: &'static str, bits: u16) -> Field {
    let meaning = "Octets of payload, when they are too many for seven bits.";
    Field::new("Extended payload length", filter, 16, bits, meaning)
}

const fn key(bit: u16) -> Field {
    let meaning = "Four random octets that each octet of the payload is combined with.";
    Field::new("Masking-key", "websocket.masking_key", bit, 32, meaning)
}

/// The header of a frame with at most 125 octets.
pub const FIELDS: &[Field] = &[START[0], START[1], START[2], START[3], START[4], key(16)];

/// The header of a frame whose length has 16 bits.
pub const FIELDS_16: &[Field] = &[
    START[0],
    START[1],
    START[2],
    START[3],
    START[4],
    length("websocket.payload_length_ext_16", 16),
    key(32),
];

/// The header of a frame whose length has 64 bits.
pub const FIELDS_64: &[Field] = &[
    START[0],
    START[1],
    START[2],
    START[3],
    START[4],
    length("websocket.payload_length_ext_64", 64),
    key(80),
];

/// The fields of the header that `octets` begin with: one of the three tables, without the key if
/// there is none; empty if not even two octets are there.
pub fn fields_of(octets: &[u8]) -> &'static [Field] {
    let Some(start) = octets.first_chunk().map(|start| Start::parse(*start)) else { return &[] };
    let fields = match start.short {
        126 => FIELDS_16,
        127 => FIELDS_64,
        _ => FIELDS,
    };
    if start.masked { fields } else { &fields[..fields.len() - 1] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(octets: &[u8]) -> Header {
        Header::parse(octets).unwrap().expect("a whole header").0
    }

    #[test]
    fn the_examples_of_rfc_6455_5_7_are_read() {
        let hello = b"\x48\x65\x6c\x6c\x6f";
        let plain = header(b"\x81\x05");
        assert_eq!(
            (plain.fin, plain.opcode, plain.mask, plain.length),
            (true, Opcode::Text, None, 5)
        );
        let masked = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
        assert_eq!(header(masked).mask, Some([0x37, 0xfa, 0x21, 0x3d]));
        assert_eq!(header(masked).unmasked(&masked[6..]), hello);
        let (first, second) = (header(b"\x01\x03"), header(b"\x80\x02"));
        assert_eq!((first.fin, first.opcode, first.length), (false, Opcode::Text, 3));
        assert_eq!((second.fin, second.opcode), (true, Opcode::Continuation));
        assert_eq!(header(b"\x89\x05").opcode, Opcode::Ping);
        let pong = b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
        assert_eq!(
            (header(pong).opcode, header(pong).unmasked(&pong[6..])),
            (Opcode::Pong, hello.into())
        );
        assert_eq!(header(b"\x82\x7e\x01\x00").length, 256);
        assert_eq!(header(b"\x82\x7f\0\0\0\0\0\x01\0\0").length, 65_536);
    }

    #[test]
    fn a_length_has_one_form_only() {
        let table: [(&[u8], Violation); 5] = [
            (b"\x82\x7e\x00\x7d", Violation::LongForm),
            (b"\x82\x7e\x00\x00", Violation::LongForm),
            (b"\x82\x7f\0\0\0\0\0\0\xff\xff", Violation::LongForm),
            (b"\x82\x7f\x80\0\0\0\0\0\0\0", Violation::TopBit),
            (b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff", Violation::TopBit),
        ];
        for (octets, violation) in table {
            assert_eq!(Header::parse(octets), Err(violation));
        }
        assert_eq!(header(b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff").length, u64::MAX >> 1);
    }

    proptest! {
        #[test]
        fn a_header_is_read_as_it_was_written_and_its_fields_agree(
            fin: bool, rsv in 0u8..8, opcode in 0u8..16, mask: Option<[u8; 4]>,
            length in prop_oneof![0u64..200, 65_000u64..66_000, 0..=u64::MAX >> 1],
        ) {
            let written = Header { fin, rsv, opcode: Opcode::from_bits(opcode), mask, length };
            let mut octets = Vec::new();
            written.emit(&mut octets);
            prop_assert_eq!(Header::parse(&octets), Ok(Some((written, octets.len()))));
            for cut in 0..octets.len() {
                prop_assert_eq!(Header::parse(&octets[..cut]), Ok(None));
            }
            let value = |filter: &str| {
                let is_it = |field: &&Field| match field.filter.strip_prefix(filter) {
                    Some(rest) => rest.is_empty() || rest.starts_with("_ext"),
                    None => false,
                };
                fields_of(&octets).iter().rfind(is_it).and_then(|field| field.read(&octets))
            };
            prop_assert_eq!(value("websocket.fin"), Some(u64::from(fin)));
            prop_assert_eq!(value("websocket.rsv"), Some(u64::from(rsv)));
            prop_assert_eq!(value("websocket.opcode"), Some(u64::from(opcode)));
            prop_assert_eq!(value("websocket.mask"), Some(u64::from(mask.is_some())));
            prop_assert_eq!(value("websocket.payload_length"), Some(length));
            let key = mask.map(|key| u64::from(u32::from_be_bytes(key)));
            prop_assert_eq!(value("websocket.masking_key"), key);
            let end = fields_of(&octets).last().map(|field| usize::from(field.bit + field.bits));
            prop_assert_eq!(end, Some(octets.len() * 8));
        }

        #[test]
        fn a_mask_goes_octet_by_octet_wherever_the_payload_is_cut(
            plain in prop::collection::vec(any::<u8>(), 0..70), key: [u8; 4], cut in 0usize..70,
        ) {
            let mut masked = plain.clone();
            let (first, second) = masked.split_at_mut(cut.min(plain.len()));
            mask(first, key, 0);
            mask(second, key, first.len() as u64);
            let textbook: Vec<u8> =
                plain.iter().enumerate().map(|(at, octet)| octet ^ key[at % 4]).collect();
            prop_assert_eq!(masked, textbook);
        }
    }
}
