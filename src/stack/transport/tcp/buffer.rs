//! The send buffer and the receive buffer: pieces of the stream, shared, never copied.

use crate::base::Chunk;
use std::collections::VecDeque;

/// Octets by their distance from the first one kept, as pieces in the order of the stream. Beyond
/// the row there may be more pieces, with gaps between them. It holds no memory before the first
/// octet; its user keeps it within the socket's limit.
#[derive(Clone, Debug, Default)]
pub(super) struct Rope {
    /// Each with its place in the stream. They do not overlap.
    pieces: VecDeque<(u64, Chunk)>,
    /// The first octet's place in the stream.
    start: u64,
    len: u32,
}

/// Pieces shorter than this are put together, so that a program that writes octet by octet does
/// not pay for a piece each time.
const SHORT: usize = 512;

impl Rope {
    /// How many octets are kept in a row from the first.
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// Puts octets at a distance from the first one, beyond the end too; none may be there yet.
    /// [`extend`](Self::extend) makes them part of the row once the gap is filled.
    pub(super) fn write(&mut self, distance: u32, octets: Chunk) {
        let place = self.start + u64::from(distance);
        let at = self.pieces.partition_point(|piece| piece.0 < place);
        if let Some((before, piece)) = at.checked_sub(1).and_then(|at| self.pieces.get_mut(at))
            && *before + piece.len() as u64 == place
        {
            if piece.join(&octets) {
                return;
            }
            if piece.len() < SHORT && octets.len() < SHORT {
                *piece = Chunk::from(&[&**piece, &*octets].concat()[..]);
                return;
            }
        }
        self.pieces.insert(at, (place, octets));
    }

    /// Counts `n` octets more, written before, as part of the row.
    pub(super) const fn extend(&mut self, n: u32) {
        self.len += n;
    }

    /// Appends octets.
    pub(super) fn push(&mut self, octets: Chunk) {
        let n = octets.len() as u32;
        if n > 0 {
            self.write(self.len, octets);
            self.extend(n);
        }
    }

    /// Forgets the first `n` octets.
    pub(super) fn consume(&mut self, n: u32) {
        let n = n.min(self.len);
        self.start += u64::from(n);
        self.len -= n;
        while let Some((place, piece)) = self.pieces.front_mut() {
            let gone = usize::try_from(self.start.saturating_sub(*place)).unwrap_or(usize::MAX);
            if gone < piece.len() {
                piece.advance(gone);
                *place += gone as u64;
                return;
            }
            self.pieces.pop_front();
        }
    }

    /// `n` octets at a distance from the first: shared where one piece has them all, else a copy.
    pub(super) fn get(&self, distance: u32, n: u32) -> Chunk {
        let n = n.min(self.len.saturating_sub(distance)) as usize;
        let place = self.start + u64::from(distance);
        let at = self.pieces.partition_point(|(first, piece)| first + piece.len() as u64 <= place);
        let Some((first, piece)) = self.pieces.get(at).filter(|_| n > 0) else {
            return Chunk::EMPTY;
        };
        let from = place.saturating_sub(*first) as usize;
        if from + n <= piece.len() {
            return piece.slice(from..from + n);
        }
        let mut copy = Vec::with_capacity(n);
        for (_, piece) in self.pieces.range(at..) {
            let from = if copy.is_empty() { from } else { 0 };
            copy.extend_from_slice(&piece[from..piece.len().min(from + n - copy.len())]);
            if copy.len() == n {
                break;
            }
        }
        Chunk::from(&copy[..])
    }

    /// Forgets all and gives the memory back.
    pub(super) fn release(&mut self) {
        *self = Self::default();
    }

    /// About how many octets of memory it keeps.
    pub(super) fn weight(&self) -> u64 {
        self.pieces.iter().map(|(_, piece)| 40 + piece.weight()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_out_as_they_went_in() {
        let mut rope = Rope::default();
        let (mut next_in, mut next_out) = (0u8, 0u8);
        for round in 0..2000u32 {
            let n = (round * 7 % 900) as usize;
            let octets: Vec<u8> = (0..n).map(|i| next_in.wrapping_add(i as u8)).collect();
            next_in = next_in.wrapping_add(n as u8);
            rope.push(Chunk::from(&octets[..]));
            let take = rope.len().min(round * 5 % 901);
            let row = rope.get(0, rope.len());
            assert_eq!(row.len(), rope.len() as usize);
            for from in [0, take / 2] {
                let part = rope.get(from, take - from);
                assert_eq!(*part, row[from as usize..take as usize]);
            }
            for octet in &row[..take as usize] {
                assert_eq!(*octet, next_out);
                next_out = next_out.wrapping_add(1);
            }
            rope.consume(take);
        }
    }

    #[test]
    fn a_gap_is_filled_later() {
        let mut rope = Rope::default();
        rope.write(3, Chunk::from(&b"def"[..]));
        assert_eq!(rope.len(), 0);
        rope.write(0, Chunk::from(&b"abc"[..]));
        rope.extend(6);
        assert_eq!(*rope.get(1, 9), *b"bcdef");
    }

    #[test]
    fn writing_octet_by_octet_makes_few_pieces() {
        let mut rope = Rope::default();
        for octet in 0..10_000u32 {
            rope.push(Chunk::from(&[octet as u8][..]));
        }
        assert!(rope.pieces.len() <= 10_000 / SHORT + 1, "{}", rope.pieces.len());
    }
}
