//! A segment's header: parsed, emitted, described (RFC 9293 §3.1).

use super::SeqNumber;

/// The control bits, as they lie in the header's fourteenth octet: CWR ECE URG ACK PSH RST SYN FIN.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(pub u8);

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
}
