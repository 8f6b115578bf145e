//! A frame as the bits that the medium carries.

/// One bit on the wire, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bit {
    /// Its value.
    pub value: bool,
    /// The octet of the frame that it belongs to; `None` in the preamble, the start delimiter and
    /// the check sequence.
    pub octet: Option<u32>,
}

/// The octets before the frame: seven of preamble and the start frame delimiter (802.3 §3.2.1–2).
const PREAMBLE: [u8; 8] = [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5];

/// Every bit in the order in which it is sent: preamble, delimiter, the frame's octets and its
/// check sequence, each octet with the least significant bit first (802.3 §3.3; the check sequence
/// is reflected so that its first coefficient goes first, §3.2.9).
pub fn wire_bits(frame: &[u8], fcs: u32) -> impl Iterator<Item = Bit> + '_ {
    let framed = frame.iter().enumerate().map(|(place, octet)| (*octet, Some(place as u32)));
    let before = PREAMBLE.into_iter().map(|octet| (octet, None));
    let after = fcs.to_le_bytes().into_iter().map(|octet| (octet, None));
    before.chain(framed).chain(after).flat_map(|(value, octet)| {
        (0..8).map(move |bit| Bit { value: value >> bit & 1 == 1, octet })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_ends_with_two_ones_and_octets_go_lowest_bit_first() {
        let bits: Vec<bool> = wire_bits(&[0x01, 0x80], 0).map(|b| b.value).collect();
        assert_eq!(bits.len(), (8 + 2 + 4) * 8);
        assert_eq!(bits[56..64], [true, false, true, false, true, false, true, true]);
        assert!(bits[64] && !bits[71] && !bits[72] && bits[79]);
    }
}
