//! Randomness from one seed, forked by name.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng as _, SeedableRng as _};

/// A name under a seed, to which more can be added: what a stream is forked from, kept small for
/// whoever may never need the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fork {
    seed: u64,
    hash: u64,
}

impl Fork {
    /// No name yet.
    pub const fn new(seed: u64) -> Self {
        Self { seed, hash: 0xcbf2_9ce4_8422_2325 }
    }

    /// The name with more behind it.
    #[must_use]
    pub fn named(self, more: &str) -> Self {
        // FNV-1a spreads the name, SplitMix64 (inside `seed_from_u64`) spreads the sum.
        let hash = more.bytes().fold(self.hash, |hash, octet| {
            (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self { hash, ..self }
    }

    /// The stream that belongs to the name.
    pub fn rng(self) -> Rng {
        Rng(Xoshiro256PlusPlus::seed_from_u64(self.seed ^ self.hash))
    }
}

/// A stream of random numbers that is the same on every machine.
///
/// Whoever needs luck owns a stream of its own, forked from the scenario's seed and a name
/// (`"link client-server loss"`), so that no draw of one shifts the luck of another.
/// The values follow from `rand`'s named generator and the few integer operations below; the test
/// at the foot of this file pins them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// The stream that belongs to `name` under `seed`.
    pub fn fork(seed: u64, name: &str) -> Self {
        Fork::new(seed).named(name).rng()
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, each about equally likely; zero when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// True `parts_per_million` times in a million. No luck is drawn for never.
    pub fn chance(&mut self, parts_per_million: u32) -> bool {
        parts_per_million > 0 && self.below(1_000_000) < u64::from(parts_per_million)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_for_ever() {
        let mut rng = Rng::fork(42, "link a-b loss");
        let drawn = [rng.bits(), rng.bits(), rng.below(1000)];
        assert_eq!(drawn, PINNED);
        assert_ne!(Rng::fork(42, "link a-c loss").bits(), PINNED[0]);
    }

    const PINNED: [u64; 3] = [2_052_474_860_811_174_600, 3_106_389_522_311_827_250, 196];
}
