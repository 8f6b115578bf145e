//! Reading octets that may be anything, and the Internet checksum.

use std::fmt;

/// Octets that do not parse: which protocol's parser met them, where, and what it expected there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Malformed {
    /// The protocol whose unit was being read.
    pub protocol: &'static str,
    /// The octet at which it went wrong, counted from the beginning of that unit.
    pub at: u16,
    /// What would have been right there.
    pub expected: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed {} at octet {}: expected {}", self.protocol, self.at, self.expected)
    }
}

impl std::error::Error for Malformed {}

/// The big-endian 16 bits at `at`. The caller has checked the length.
pub fn u16_at(octets: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([octets[at], octets[at + 1]])
}

/// The big-endian 32 bits at `at`. The caller has checked the length.
pub fn u32_at(octets: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]])
}

/// The running one's-complement sum of RFC 1071, over pieces of any length.
///
/// Only the last piece may have an odd number of octets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checksum(u64);

impl Checksum {
    /// A sum of nothing.
    pub const fn new() -> Self {
        Self(0)
    }

    /// Adds octets, as big-endian 16-bit words, an odd last one padded with zero.
    ///
    /// Words of 64 bits are added in two halves, four sums side by side (RFC 1071 §2 (B) and (C):
    /// the sum does not care about word size or byte order), which the compiler turns into vector
    /// code.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a sum of octets, not of two sums")]
    pub fn add(mut self, octets: &[u8]) -> Self {
        let halves = |word: u64| (word >> 32) + (word & 0xffff_ffff);
        let (blocks, rest) = octets.as_chunks::<32>();
        let mut sums = [0u64; 4];
        for block in blocks {
            for (sum, word) in sums.iter_mut().zip(block.as_chunks::<8>().0) {
                *sum += halves(u64::from_ne_bytes(*word));
            }
        }
        let mut sum = sums.into_iter().map(halves).sum();
        let (words, rest) = rest.as_chunks::<4>();
        for word in words {
            sum += u64::from(u32::from_ne_bytes(*word));
        }
        let mut last = [0u8; 4];
        last[..rest.len()].copy_from_slice(rest);
        sum += u64::from(u32::from_ne_bytes(last));
        // One's complement in the machine's own byte order, turned around once.
        let folded = fold(sum);
        self.0 += u64::from(u16::from_be_bytes(folded.to_ne_bytes()));
        self
    }

    /// Adds one 16-bit word.
    #[must_use]
    pub const fn add_word(self, word: u16) -> Self {
        Self(self.0 + word as u64)
    }

    /// The sum as the header carries it: complemented.
    pub fn finish(self) -> u16 {
        !fold(self.0)
    }

    /// Whether what was added, its own checksum field included, is undamaged (RFC 1071 §1).
    pub fn is_valid(self) -> bool {
        fold(self.0) == 0xffff
    }
}

/// Adds the carries back in until 16 bits are left.
fn fold(mut sum: u64) -> u16 {
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_1071_comes_out() {
        let octets = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(Checksum::new().add(&octets).finish(), !0xddf2);
    }

    #[test]
    fn pieces_and_odd_ends_give_the_textbook_sum() {
        let octets: Vec<u8> = (0..=254u8).chain(3..=200).collect();
        let textbook = |octets: &[u8]| {
            let sum: u64 = octets
                .chunks(2)
                .map(|c| u64::from(u16::from_be_bytes([c[0], *c.get(1).unwrap_or(&0)])))
                .sum();
            !fold(sum)
        };
        for n in 0..octets.len() {
            assert_eq!(Checksum::new().add(&octets[..n]).finish(), textbook(&octets[..n]));
            let even = n / 2 * 2;
            let halves = Checksum::new().add(&octets[..even]).add(&octets[even..n]);
            assert_eq!(halves.finish(), textbook(&octets[..n]));
        }
    }
}
