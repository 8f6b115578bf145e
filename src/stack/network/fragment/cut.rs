//! Cutting at units of eight octets.

use crate::stack::network::ipv4::{HEADER_LEN, Header};
use std::ops::Range;

/// One fragment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Its header, ready to be written.
    pub header: Header,
    /// Which octets of the payload that is being cut it carries.
    pub payload: Range<usize>,
}

/// The fragments of a packet, in order.
#[derive(Clone, Debug)]
pub struct Cut {
    header: Header,
    payload_len: usize,
    room: usize,
    at: usize,
}

/// Cuts a packet's payload so that each fragment fits `mtu` octets. The packet may be a fragment
/// itself. One that fits comes back as a single piece. An MTU below 28 counts as 28, the least that
/// carries anything.
pub fn cut(header: &Header, payload_len: usize, mtu: usize) -> Cut {
    let room = mtu.max(HEADER_LEN + 8) - HEADER_LEN;
    Cut { header: *header, payload_len, room, at: 0 }
}

impl Iterator for Cut {
    type Item = Piece;

    /// Ends early only where a hostile fragment reaches beyond what an offset can say.
    fn next(&mut self) -> Option<Piece> {
        let (start, rest) = (self.at, self.payload_len.checked_sub(self.at)?);
        if rest == 0 && start > 0 {
            return None;
        }
        let is_last = rest <= self.room;
        // All but the last carry whole units of eight octets.
        let len = if is_last { rest } else { self.room & !7 };
        // Behind the end of an empty payload nothing follows.
        self.at = if is_last { self.payload_len.max(1) } else { start + len };
        let offset = usize::from(self.header.fragment_offset) + start;
        let header = Header {
            total_len: u16::try_from(HEADER_LEN + len).ok()?,
            more_fragments: !is_last || self.header.more_fragments,
            fragment_offset: u16::try_from(offset).ok()?,
            ..self.header
        };
        Some(Piece { header, payload: start..start + len })
    }
}
