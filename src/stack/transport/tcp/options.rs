//! The options of a segment (RFC 9293 §3.2, RFC 7323, RFC 2018).

use super::SeqNumber;
use crate::base::Malformed;
use crate::base::octets::u32_at;
use std::fmt;

const END: u8 = 0;
const NO_OPERATION: u8 = 1;
const MSS: u8 = 2;
const WINDOW_SCALE: u8 = 3;
const SACK_PERMITTED: u8 = 4;
const SACK: u8 = 5;
const TIMESTAMPS: u8 = 8;

/// The largest shift that a window scale option may ask for (RFC 7323 §2.3).
pub const WINDOW_SCALE_MAX: u8 = 14;

/// The options that are understood; others are skipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Maximum segment size (RFC 9293 §3.7.1).
    pub mss: Option<u16>,
    /// Window scale shift (RFC 7323 §2).
    pub window_scale: Option<u8>,
    /// SACK permitted (RFC 2018 §2).
    pub sack_permitted: bool,
    /// SACK blocks (RFC 2018 §3).
    pub sack: SackBlocks,
    /// Timestamp value and echo reply (RFC 7323 §3).
    pub timestamps: Option<(u32, u32)>,
}

/// Up to four SACK blocks, each from its first sequence number to the one after its last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SackBlocks {
    blocks: [(SeqNumber, SeqNumber); 4],
    count: u8,
}

impl SackBlocks {
    /// The blocks, in the order in which they stand in the option.
    pub fn as_slice(&self) -> &[(SeqNumber, SeqNumber)] {
        &self.blocks[..usize::from(self.count)]
    }

    /// Adds a block; `false` if there is no room for it.
    pub fn push(&mut self, first: SeqNumber, end: SeqNumber) -> bool {
        let Some(place) = self.blocks.get_mut(usize::from(self.count)) else { return false };
        *place = (first, end);
        self.count += 1;
        true
    }

    /// Octets of the option with its padding; none without a block.
    pub fn len(&self) -> usize {
        if self.count == 0 { 0 } else { 4 + 8 * usize::from(self.count) }
    }

    /// Whether there is no block.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl Options {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Octets that `emit` takes: a multiple of four, at most 40 for what a
    /// connection asks for (three SACK blocks with timestamps, four without).
    pub fn len(&self) -> usize {
        let timestamps = match (self.timestamps, self.sack_permitted) {
            (Some(_), _) => 12,
            (None, true) => 4,
            (None, false) => 0,
        };
        let scale = if self.window_scale.is_some() { 4 } else { 0 };
        let mss = if self.mss.is_some() { 4 } else { 0 };
        mss + timestamps + scale + self.sack.len()
    }

    pub(super) fn parse(octets: &[u8]) -> Result<Self, Malformed> {
        let mut options = Self::default();
        let mut at = 0;
        let wrong = |at: usize, expected| {
            let at = (super::segment::HEADER_LEN + at) as u16;
            Malformed { protocol: "TCP", at, expected }
        };
        while let Some(kind) = octets.get(at) {
            let length = match *kind {
                END => break,
                NO_OPERATION => {
                    at += 1;
                    continue;
                }
                _ => usize::from(
                    *octets.get(at + 1).ok_or_else(|| wrong(at, "a length after the kind"))?,
                ),
            };
            if length < 2 {
                return Err(wrong(at + 1, "an option length of at least 2"));
            }
            let Some(body) = octets.get(at + 2..at + length) else {
                return Err(wrong(at + 1, "an option that ends within the header"));
            };
            if !options.take(*kind, body) {
                return Err(wrong(at + 1, "the length that this kind of option has"));
            }
            at += length;
        }
        Ok(options)
    }

    /// Takes one option; `false` if its length is not that of its kind.
    fn take(&mut self, kind: u8, body: &[u8]) -> bool {
        match (kind, body) {
            (MSS, [high, low]) => self.mss = Some(u16::from_be_bytes([*high, *low])),
            (WINDOW_SCALE, [shift]) => self.window_scale = Some(*shift),
            (SACK_PERMITTED, []) => self.sack_permitted = true,
            (TIMESTAMPS, body) if body.len() == 8 => {
                self.timestamps = Some((u32_at(body, 0), u32_at(body, 4)));
            }
            (SACK, body) if !body.is_empty() && body.len().is_multiple_of(8) => {
                for block in body.chunks_exact(8) {
                    let ends = (SeqNumber(u32_at(block, 0)), SeqNumber(u32_at(block, 4)));
                    // A fifth cannot fit into 40 octets of options.
                    let _ = self.sack.push(ends.0, ends.1);
                }
            }
            (MSS | WINDOW_SCALE | SACK_PERMITTED | TIMESTAMPS | SACK, _) => return false,
            _ => {}
        }
        true
    }

    /// Appends the options, laid out as most stacks do: 32-bit numbers on 32-bit borders.
    pub(super) fn emit(&self, out: &mut Vec<u8>) {
        if let Some(mss) = self.mss {
            out.extend_from_slice(&[MSS, 4]);
            out.extend_from_slice(&mss.to_be_bytes());
        }
        match (self.timestamps, self.sack_permitted) {
            (Some(_), true) => out.extend_from_slice(&[SACK_PERMITTED, 2]),
            (Some(_), false) => out.extend_from_slice(&[NO_OPERATION, NO_OPERATION]),
            (None, true) => {
                out.extend_from_slice(&[NO_OPERATION, NO_OPERATION, SACK_PERMITTED, 2]);
            }
            (None, false) => {}
        }
        if let Some((value, echo)) = self.timestamps {
            out.extend_from_slice(&[TIMESTAMPS, 10]);
            out.extend_from_slice(&value.to_be_bytes());
            out.extend_from_slice(&echo.to_be_bytes());
        }
        if let Some(shift) = self.window_scale {
            out.extend_from_slice(&[NO_OPERATION, WINDOW_SCALE, 3, shift]);
        }
        if !self.sack.is_empty() {
            out.extend_from_slice(&[NO_OPERATION, NO_OPERATION, SACK, self.sack.len() as u8 - 2]);
            for (first, end) in self.sack.as_slice() {
                out.extend_from_slice(&first.0.to_be_bytes());
                out.extend_from_slice(&end.0.to_be_bytes());
            }
        }
    }
}

/// `mss 1460,sackOK,TS val 1 ecr 0,wscale 7`: tcpdump's notation.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.mss.map(|mss| format!("mss {mss}")));
        if self.sack_permitted {
            words.push("sackOK".into());
        }
        words.extend(self.timestamps.map(|(value, echo)| format!("TS val {value} ecr {echo}")));
        words.extend(self.window_scale.map(|shift| format!("wscale {shift}")));
        if !self.sack.is_empty() {
            let blocks = self.sack.as_slice().iter().map(|(a, b)| format!("{{{a}:{b}}}"));
            words.push(format!("sack {} {}", self.sack.count, blocks.collect::<String>()));
        }
        f.pad(&words.join(","))
    }
}
