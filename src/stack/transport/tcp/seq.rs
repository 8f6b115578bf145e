//! Sequence numbers, whose arithmetic wraps (RFC 9293 §3.4).

use crate::base::Instant;
use crate::stack::transport::Endpoint;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A sequence number. Comparison is by the shorter way around the circle of 2^32 (RFC 9293 §3.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SeqNumber(pub u32);

impl SeqNumber {
    /// How far this is behind `earlier`, around the circle: octets from `earlier` up to here.
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// The later of the two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    /// The earlier of the two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
}

impl PartialOrd for SeqNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(0i32.cmp(&other.0.wrapping_sub(self.0).cast_signed()))
    }
}

impl Add<u32> for SeqNumber {
    type Output = Self;
    fn add(self, octets: u32) -> Self {
        Self(self.0.wrapping_add(octets))
    }
}

impl AddAssign<u32> for SeqNumber {
    fn add_assign(&mut self, octets: u32) {
        *self = *self + octets;
    }
}

impl Sub<u32> for SeqNumber {
    type Output = Self;
    fn sub(self, octets: u32) -> Self {
        Self(self.0.wrapping_sub(octets))
    }
}

impl fmt::Display for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The first sequence number of a connection: a clock that ticks every 4 µs, moved by a hash of
/// both ends under a secret (RFC 6528 §3). Old segments of the same two ends stay behind, and
/// nobody who does not know the secret can guess it.
pub fn initial_sequence_number(
    now: Instant,
    secret: u64,
    local: Endpoint,
    remote: Endpoint,
) -> SeqNumber {
    let ends =
        [local, remote].map(|end| u64::from(end.address.to_bits()) << 16 | u64::from(end.port));
    // A keyed mix of multiplications and shifts; the run's secret is not worth a cipher.
    let hash = ends.iter().fold(secret, |hash, end| {
        let mixed = (hash ^ end).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
    });
    SeqNumber((now.0 / 4_000) as u32) + (hash >> 32) as u32
}
