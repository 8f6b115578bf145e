//! Ranges of sequence numbers: which octets beyond the first hole are there.

use super::SeqNumber;

/// From its first number to the one after its last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The first number in it.
    pub first: SeqNumber,
    /// The first number after it.
    pub end: SeqNumber,
}

impl Range {
    /// How many numbers are in it.
    pub const fn len(&self) -> u32 {
        self.end.since(self.first)
    }

    /// Whether it holds nothing.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Sorted ranges that neither overlap nor touch, all within one window (so that the circular
/// order of sequence numbers is an order). Found by halving; kept short by a limit, since the
/// peer decides how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranges(Vec<Range>);

/// More holes than this are not remembered. Both users may forget (RFC 2018 §8: SACK is advice).
const RANGES_MAX: usize = 1024;

impl Ranges {
    /// All of them, in order.
    pub(super) fn as_slice(&self) -> &[Range] {
        &self.0
    }

    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether [`insert`](Self::insert) would take `added`.
    pub(super) fn takes(&self, added: Range) -> bool {
        let from = self.0.partition_point(|r| r.end < added.first);
        self.0.len() < RANGES_MAX || self.0.get(from).is_some_and(|r| r.first <= added.end)
    }

    /// Adds `added`, joined with what it overlaps or touches; gives the joined range, or `None`
    /// if there are too many already.
    pub(super) fn insert(&mut self, added: Range) -> Option<Range> {
        let from = self.0.partition_point(|r| r.end < added.first);
        let to = from + self.0[from..].partition_point(|r| r.first <= added.end);
        if from == to {
            if !self.takes(added) {
                return None;
            }
            self.0.insert(from, added);
            return Some(added);
        }
        let joined = Range {
            first: self.0[from].first.min(added.first),
            end: self.0[to - 1].end.max(added.end),
        };
        self.0[from] = joined;
        self.0.drain(from + 1..to);
        Some(joined)
    }

    /// How many numbers of `part` are in the ranges.
    pub(super) fn covered(&self, part: Range) -> u32 {
        let from = self.0.partition_point(|r| r.end <= part.first);
        self.0[from..]
            .iter()
            .take_while(|r| r.first < part.end)
            .map(|r| r.end.min(part.end).since(r.first.max(part.first)))
            .sum()
    }

    /// The part of `part` that comes first and is in no range; `None` when all of it is covered.
    pub(super) fn hole(&self, part: Range) -> Option<Range> {
        let mut at = self.0.partition_point(|r| r.end <= part.first);
        let mut first = part.first;
        while let Some(range) = self.0.get(at).filter(|r| r.first <= first) {
            first = range.end;
            at += 1;
        }
        let end = self.0.get(at).map_or(part.end, |r| r.first.min(part.end));
        (first < end).then_some(Range { first, end })
    }

    /// The range in which `seq` lies.
    pub(super) fn around(&self, seq: SeqNumber) -> Option<Range> {
        let at = self.0.partition_point(|r| r.end <= seq);
        self.0.get(at).copied().filter(|r| r.first <= seq)
    }

    /// Forgets all numbers before `seq`; how many were in ranges.
    pub(super) fn forget_before(&mut self, seq: SeqNumber) -> u32 {
        let whole = self.0.partition_point(|r| r.end <= seq);
        let mut forgotten: u32 = self.0.drain(..whole).map(|r| r.len()).sum();
        if let Some(range) = self.0.first_mut().filter(|r| r.first < seq) {
            forgotten += seq.since(range.first);
            range.first = seq;
        }
        forgotten
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.0 = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u32, end: u32) -> Range {
        Range { first: SeqNumber(first), end: SeqNumber(end) }
    }

    #[test]
    fn ranges_agree_with_a_set_of_numbers() {
        let mut rng = crate::base::Rng::fork(7, "ranges");
        // The base lies before the wrap, so that it is crossed.
        let base = u32::MAX - 40;
        for _ in 0..200 {
            let (mut ranges, mut set) = (Ranges::default(), [false; 100]);
            for _ in 0..12 {
                let first = rng.below(95) as u32;
                let len = 1 + rng.below(5) as u32;
                let added =
                    range(base.wrapping_add(first), base.wrapping_add(first).wrapping_add(len));
                ranges.insert(added);
                (first..first + len).for_each(|n| set[n as usize] = true);
            }
            let part = range(base.wrapping_add(20), base.wrapping_add(80));
            assert_eq!(
                ranges.covered(part),
                set[20..80].iter().map(|s| u32::from(*s)).sum::<u32>()
            );
            let hole = ranges.hole(part).map(|h| h.first.0.wrapping_sub(base));
            assert_eq!(hole, (20..80).find(|n| !set[*n as usize]));
            let gone = ranges.forget_before(SeqNumber(base.wrapping_add(50)));
            assert_eq!(gone, set[..50].iter().map(|s| u32::from(*s)).sum::<u32>());
            assert!(ranges.as_slice().windows(2).all(|w| w[0].end < w[1].first));
        }
    }
}
