//! Putting together what arrives in pieces.

use crate::base::Chunk;

/// So many octets of memory are kept when the buffer has been emptied.
const KEPT_MAX: usize = 1 << 16;

/// Octets that come piece by piece. As long as they lie in one piece of memory they are not copied.
#[derive(Clone, Debug, Default)]
pub(in crate::stack::application) struct Gather {
    /// All of it, while it lies in one piece; else nothing.
    whole: Chunk,
    /// All of it, once it had to be copied together.
    copied: Vec<u8>,
}

impl Gather {
    /// How many octets there are.
    pub(in crate::stack::application) fn len(&self) -> usize {
        self.whole.len() + self.copied.len()
    }

    /// Puts `piece` behind what is there.
    #[inline]
    pub(in crate::stack::application) fn push(&mut self, piece: Chunk) {
        if piece.is_empty() {
            return;
        }
        if self.len() == 0 {
            self.whole = piece;
        } else if self.whole.is_empty() || !self.whole.join(&piece) {
            self.copy_of_all().extend_from_slice(&piece);
        }
    }

    /// All octets as a buffer, to which more can be appended.
    pub(in crate::stack::application) fn copy_of_all(&mut self) -> &mut Vec<u8> {
        self.copied.extend_from_slice(&self.whole);
        self.whole = Chunk::EMPTY;
        &mut self.copied
    }

    /// Gives all octets away in one piece.
    #[inline]
    pub(in crate::stack::application) fn take(&mut self) -> Chunk {
        if self.copied.is_empty() { std::mem::take(&mut self.whole) } else { self.take_copied() }
    }

    fn take_copied(&mut self) -> Chunk {
        let all = Chunk::from(&self.copied[..]);
        self.copied.clear();
        self.copied.shrink_to(KEPT_MAX);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_piece_is_not_copied_and_more_are_put_together() {
        let memory = Chunk::from(&b"abcdef"[..]);
        let mut gather = Gather::default();
        gather.push(memory.slice(0..2));
        gather.push(Chunk::EMPTY);
        gather.push(memory.slice(2..4));
        assert!(std::ptr::eq(gather.take().as_ptr(), memory.as_ptr()));
        gather.push(memory.slice(0..2));
        gather.push(memory.slice(4..6));
        gather.push(memory.slice(1..2));
        assert_eq!(gather.len(), 5);
        assert_eq!(&*gather.take(), b"abefb");
        assert_eq!((gather.len(), &*gather.take()), (0, &b""[..]));
    }
}
