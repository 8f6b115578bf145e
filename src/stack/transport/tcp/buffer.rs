//! A ring of octets: the send buffer and the receive buffer.

/// Octets by their distance from the first one kept. It holds no memory before the first octet
/// and grows by doubling; its user keeps it within the socket's limit.
#[derive(Clone, Debug, Default)]
pub(super) struct Ring {
    /// Empty, or a power of two long.
    octets: Vec<u8>,
    head: usize,
    len: u32,
}

/// The first piece of memory taken.
const CAPACITY_MIN: usize = 1024;

impl Ring {
    /// How many octets are kept in a row from the first.
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// Puts octets at a distance from the first one, beyond the end too; [`extend`](Self::extend)
    /// makes them part of the row once the gap is filled.
    pub(super) fn write(&mut self, distance: u32, octets: &[u8]) {
        let distance = distance as usize;
        self.reserve(distance + octets.len());
        let at = self.place(distance);
        let first = octets.len().min(self.octets.len() - at);
        self.octets[at..at + first].copy_from_slice(&octets[..first]);
        self.octets[..octets.len() - first].copy_from_slice(&octets[first..]);
    }

    /// Counts `n` octets more, written before, as part of the row.
    pub(super) const fn extend(&mut self, n: u32) {
        self.len += n;
    }

    /// Appends octets.
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.write(self.len, octets);
        self.extend(octets.len() as u32);
    }

    /// Forgets the first `n` octets.
    pub(super) fn consume(&mut self, n: u32) {
        let n = n.min(self.len);
        self.head = self.place(n as usize);
        self.len -= n;
    }

    /// `n` octets at a distance from the first, in two pieces.
    pub(super) fn slices(&self, distance: u32, n: u32) -> (&[u8], &[u8]) {
        if distance >= self.len || n == 0 {
            return (&[], &[]);
        }
        let n = n.min(self.len - distance) as usize;
        let at = self.place(distance as usize);
        let first = n.min(self.octets.len() - at);
        (&self.octets[at..at + first], &self.octets[..n - first])
    }

    /// Forgets all and gives the memory back.
    pub(super) fn release(&mut self) {
        *self = Self::default();
    }

    fn place(&self, distance: usize) -> usize {
        // The length is a power of two; an empty ring has only the place 0.
        (self.head + distance) & self.octets.len().saturating_sub(1)
    }

    /// Makes room for `needed` octets from the first on, keeping all that was written.
    fn reserve(&mut self, needed: usize) {
        let old = self.octets.len();
        if needed <= old {
            return;
        }
        let mut grown = Vec::with_capacity(needed.next_power_of_two().max(CAPACITY_MIN));
        grown.extend_from_slice(&self.octets[self.head..]);
        grown.extend_from_slice(&self.octets[..self.head]);
        grown.resize(grown.capacity().next_power_of_two(), 0);
        self.octets = grown;
        self.head = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_out_as_they_went_in_around_the_end() {
        let mut ring = Ring::default();
        let (mut next_in, mut next_out) = (0u8, 0u8);
        for round in 0..2000u32 {
            let n = (round * 7 % 300) as usize;
            let octets: Vec<u8> = (0..n).map(|i| next_in.wrapping_add(i as u8)).collect();
            next_in = next_in.wrapping_add(n as u8);
            ring.push(&octets);
            let take = ring.len().min(round * 5 % 301);
            let (a, b) = ring.slices(0, take);
            for octet in a.iter().chain(b) {
                assert_eq!(*octet, next_out);
                next_out = next_out.wrapping_add(1);
            }
            ring.consume(take);
        }
    }

    #[test]
    fn a_gap_is_filled_later() {
        let mut ring = Ring::default();
        ring.write(3, b"def");
        assert_eq!(ring.len(), 0);
        ring.write(0, b"abc");
        ring.extend(6);
        assert_eq!(ring.slices(1, 9).0, b"bcdef");
    }
}
