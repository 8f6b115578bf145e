//! Octets that many hold and nobody changes.
//!
//! A payload is written once, by the program that sends it. The send buffer, every frame on every
//! link, the receive buffer, the trace and all snapshots hold parts of that one piece of memory.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// A part of some octets that never change. A clone shares them.
///
/// Not `bytes::Bytes`: here static octets can be told from shared ones, so that neighbours join
/// again ([`Self::join`]) and a snapshot's weight does not count what costs nothing.
#[derive(Clone)]
pub struct Chunk {
    source: Source,
    start: u32,
    len: u32,
}

#[derive(Clone)]
enum Source {
    Static(&'static [u8]),
    Shared(Arc<[u8]>),
}

impl Chunk {
    /// No octets.
    pub const EMPTY: Self = Self { source: Source::Static(&[]), start: 0, len: 0 };

    /// Octets of the program itself; the first 4 GiB of them.
    pub const fn from_static(octets: &'static [u8]) -> Self {
        Self { source: Source::Static(octets), start: 0, len: octets.len() as u32 }
    }

    /// How many octets there are.
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A part of it, by distances from its first octet. What lies outside is left out.
    #[must_use]
    pub fn slice(&self, part: Range<usize>) -> Self {
        let end = part.end.min(self.len());
        let start = part.start.min(end);
        let source = self.source.clone();
        Self { source, start: self.start + start as u32, len: (end - start) as u32 }
    }

    /// Gives the first `n` octets away, and the memory with them if none are left.
    #[must_use]
    pub fn split_front(&mut self, n: usize) -> Self {
        if n >= self.len() {
            return std::mem::take(self);
        }
        let front = self.slice(0..n);
        self.advance(n);
        front
    }

    /// Forgets the first `n` octets.
    pub fn advance(&mut self, n: usize) {
        let n = n.min(self.len()) as u32;
        self.start += n;
        self.len -= n;
    }

    /// Forgets all but the first `n` octets.
    pub fn truncate(&mut self, n: usize) {
        self.len = self.len.min(u32::try_from(n).unwrap_or(u32::MAX));
    }

    /// Takes in the octets of `next`, if they lie right behind these in the same memory.
    pub fn join(&mut self, next: &Self) -> bool {
        let same = match (&self.source, &next.source) {
            (Source::Static(a), Source::Static(b)) => std::ptr::eq(*a, *b),
            (Source::Shared(a), Source::Shared(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        let joins = same && self.start + self.len == next.start;
        if joins {
            self.len += next.len;
        }
        joins
    }

    /// Octets of memory that it keeps from being given back.
    pub fn weight(&self) -> u64 {
        match &self.source {
            Source::Static(_) => 0,
            Source::Shared(_) => self.len.into(),
        }
    }
}

/// A copy; of the first 4 GiB.
impl From<&[u8]> for Chunk {
    fn from(octets: &[u8]) -> Self {
        if octets.is_empty() {
            return Self::EMPTY;
        }
        let len = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        Self { source: Source::Shared(Arc::from(octets)), start: 0, len }
    }
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let whole = match &self.source {
            Source::Static(octets) => octets,
            Source::Shared(octets) => &octets[..],
        };
        &whole[self.start as usize..(self.start + self.len) as usize]
    }
}

impl Default for Chunk {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl PartialEq for Chunk {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (&**self, &**other);
        std::ptr::eq(own, others) || own == others
    }
}

impl Eq for Chunk {}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The octets of a frame: a head that is written for it alone, with all headers, and behind it a
/// payload that it shares. A short payload is in the head as well.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Octets {
    /// The first octets.
    pub head: Vec<u8>,
    /// The rest.
    pub tail: Chunk,
}

impl Octets {
    /// How many octets there are.
    pub const fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all but the first `n` octets.
    pub fn truncate(&mut self, n: usize) {
        self.tail.truncate(n.saturating_sub(self.head.len()));
        self.head.truncate(n);
    }

    /// All octets in one piece, for the few who need them so; the tail is empty then.
    pub fn joined(&mut self) -> &mut Vec<u8> {
        let tail = std::mem::take(&mut self.tail);
        self.head.extend_from_slice(&tail);
        &mut self.head
    }
}

impl From<Vec<u8>> for Octets {
    fn from(head: Vec<u8>) -> Self {
        Self { head, tail: Chunk::EMPTY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_memory_join_and_strangers_do_not() {
        let whole = Chunk::from(&b"abcdef"[..]);
        let (mut first, second) = (whole.slice(0..2), whole.slice(2..9));
        assert!(first.join(&second));
        assert_eq!(&*first, b"abcdef");
        assert!(!first.join(&second));
        assert!(!whole.slice(0..2).join(&Chunk::from(&b"cdef"[..])));
    }

    #[test]
    fn the_front_is_given_away_and_an_emptied_chunk_keeps_no_memory() {
        let mut chunk = Chunk::from(&b"abcdef"[..]);
        assert_eq!(&*chunk.split_front(2), b"ab");
        assert_eq!(&*chunk, b"cdef");
        assert_eq!(&*chunk.split_front(9), b"cdef");
        assert!(matches!(chunk.source, Source::Static(&[])));
    }

    #[test]
    fn a_frame_is_cut_in_its_head_or_in_its_tail() {
        let frame = Octets { head: b"head".to_vec(), tail: Chunk::from_static(b"tail") };
        for n in 0..9 {
            let mut cut = frame.clone();
            cut.truncate(n);
            assert_eq!(cut.len(), n.min(8));
            assert_eq!(cut.joined(), &b"headtail"[..n.min(8)]);
        }
    }
}
