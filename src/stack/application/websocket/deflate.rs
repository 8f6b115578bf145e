//! Compressing and inflating messages (RFC 7692 §7.2).
//!
//! A message ends with a flush to an octet's boundary, so all that a compressor or an inflater
//! carries on to the next message is what it has seen last: the window. It is kept here as plain
//! octets and given to a fresh stream as its dictionary. So the state can be cloned, and nothing is
//! held between messages but the window.

use super::Violation;
use crate::base::Chunk;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// The end of each flush: an empty block without its first octet (RFC 7692 §7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// Room that is made for output at a time, at least.
const STEP: usize = 4096;

/// The last octets of one direction.
#[derive(Clone, Debug)]
pub(super) struct Window {
    seen: Chunk,
    /// It holds 2 to this many octets: 8–15.
    bits: u8,
    /// It is forgotten after each message.
    forgets: bool,
}

impl Window {
    /// The window of a direction in which nothing was sent yet.
    pub(super) const fn new(bits: u8, forgets: bool) -> Self {
        Self { seen: Chunk::EMPTY, bits, forgets }
    }

    /// Compresses the next part of a message; what it ends with is taken off the `last` part only.
    pub(super) fn deflate(&mut self, octets: &[u8], last: bool) -> Vec<u8> {
        // Eight is never agreed upon for compressing; zlib would take nine for it.
        let mut stream =
            Compress::new_with_window_bits(Compression::default(), false, self.bits.max(9));
        let mut out = Vec::with_capacity(octets.len() / 2 + STEP);
        // A raw stream takes every dictionary, and compressing fails only without room.
        let _ = stream.set_dictionary(&self.seen);
        let mut rest = octets;
        loop {
            let before = stream.total_in();
            let done = stream.compress_vec(rest, &mut out, FlushCompress::Sync);
            rest = &rest[(stream.total_in() - before) as usize..];
            if done.is_err() || rest.is_empty() && out.len() < out.capacity() {
                break;
            }
            out.reserve(STEP);
        }
        if last && out.ends_with(&TAIL) {
            out.truncate(out.len() - TAIL.len());
        }
        self.remember(octets);
        if last && self.forgets {
            self.seen = Chunk::EMPTY;
        }
        out
    }

    /// Inflates a whole message of at most `max` octets; the limit holds while it inflates.
    pub(super) fn inflate(&mut self, octets: &[u8], max: u64) -> Result<Chunk, Violation> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let mut stream = self.inflater(&self.seen);
        let mut out = Vec::new();
        for mut rest in [octets, &TAIL] {
            loop {
                if out.len() == out.capacity() {
                    // One octet beyond the limit shows that it is passed.
                    let room = (max - out.len()).saturating_add(1);
                    out.reserve_exact(room.min(out.len().max(STEP)));
                }
                let before = stream.total_in();
                let status = stream
                    .decompress_vec(rest, &mut out, FlushDecompress::Sync)
                    .map_err(|_| Violation::NotDeflate)?;
                rest = &rest[(stream.total_in() - before) as usize..];
                if out.len() > max {
                    return Err(Violation::LargeMessage);
                }
                if status == Status::StreamEnd {
                    // A last block may be in the middle (§7.2.3.5); the window goes on behind it.
                    let mut window = self.clone();
                    window.remember(&out);
                    stream = self.inflater(&window.seen);
                }
                if rest.is_empty() && out.len() < out.capacity() {
                    break;
                }
            }
        }
        self.remember(&out);
        if self.forgets {
            self.seen = Chunk::EMPTY;
        }
        Ok(Chunk::from(&out[..]))
    }

    fn inflater(&self, dictionary: &[u8]) -> Decompress {
        // A larger window than was agreed upon reads all that a smaller one wrote.
        let mut stream = Decompress::new_with_window_bits(false, self.bits.max(9));
        // A raw stream takes every dictionary.
        let _ = stream.set_dictionary(dictionary);
        stream
    }

    /// Keeps the last octets of what was seen.
    fn remember(&mut self, octets: &[u8]) {
        let size = 1 << self.bits;
        let kept = size - octets.len().min(size);
        let old = &self.seen[self.seen.len() - self.seen.len().min(kept)..];
        self.seen =
            Chunk::from(&[old, &octets[octets.len() - octets.len().min(size)..]].concat()[..]);
    }
}

/// Octets that a compressed message of at most `max` may have on its way: deflate stores what does
/// not compress with five octets for each block, and each fragment ends with a flush.
pub(super) const fn compressed_max(max: u64) -> u64 {
    max.saturating_add(max / 64).saturating_add(64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inflate(window: &mut Window, octets: &[u8]) -> Vec<u8> {
        window.inflate(octets, 1 << 20).unwrap().to_vec()
    }

    #[test]
    fn the_examples_of_rfc_7692_7_2_3_are_read() {
        let hello = b"Hello";
        let table: [&[u8]; 4] = [
            b"\xf2\x48\xcd\xc9\xc9\x07\x00",
            b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",
            b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
            b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
        ];
        for octets in table {
            assert_eq!(inflate(&mut Window::new(15, false), octets), hello, "{octets:x?}");
        }
        let mut window = Window::new(15, false);
        assert_eq!(inflate(&mut window, table[0]), hello);
        assert_eq!(inflate(&mut window, b"\xf2\x00\x11\x00\x00"), hello, "from the window");
        let mut sender = Window::new(15, false);
        assert_eq!(sender.deflate(hello, true), table[0]);
        assert_eq!(sender.deflate(hello, true), b"\xf2\x00\x11\x00\x00");
        assert_eq!(Window::new(15, true).deflate(b"", true), b"\x00");
    }

    #[test]
    fn a_window_that_goes_stays_until_the_message_is_over() {
        let mut sender = Window::new(15, true);
        let part = b"the same again, and ";
        let sizes = [false, true, true].map(|last| sender.deflate(part, last).len());
        assert!(sizes[1] < sizes[0] / 2 && sizes[2] > sizes[0] / 2, "{sizes:?}");
    }

    #[test]
    fn a_bomb_is_defused_while_it_inflates() {
        let bomb = Window::new(15, false).deflate(&vec![0; 10 << 20], true);
        assert!(bomb.len() < 20_000);
        let mut window = Window::new(15, false);
        assert_eq!(window.inflate(&bomb, 100_000), Err(Violation::LargeMessage));
        assert_eq!(window.inflate(&bomb, (10 << 20) - 1), Err(Violation::LargeMessage));
        assert_eq!(window.inflate(&bomb, 10 << 20).map(|out| out.len()), Ok(10 << 20));
    }

    #[test]
    fn what_does_not_inflate_is_refused() {
        let mut window = Window::new(15, false);
        assert_eq!(window.inflate(b"\xff\xff\xff", 100), Err(Violation::NotDeflate));
        assert_eq!(window.inflate(b"\xf2\x00\x11\x00\x00", 100), Err(Violation::NotDeflate));
    }

    proptest! {
        #[test]
        fn what_one_end_compresses_the_other_inflates_message_after_message(
            messages in prop::collection::vec(
                (prop::collection::vec(0u8..4, 0..3000), prop::collection::vec(0usize..3000, 0..3)),
                1..8,
            ),
            bits in 9u8..=15,
            forgets: bool,
        ) {
            let (mut sender, mut receiver) = (Window::new(bits, forgets), Window::new(bits, forgets));
            // An ordinary inflater that runs on through all messages is the judge.
            let mut judge = Decompress::new(false);
            for (message, cuts) in messages {
                let (mut compressed, mut rest) = (Vec::new(), &message[..]);
                for cut in cuts {
                    let (piece, after) = rest.split_at(cut.min(rest.len()));
                    compressed.extend(sender.deflate(piece, false));
                    rest = after;
                }
                compressed.extend(sender.deflate(rest, true));
                prop_assert_eq!(&inflate(&mut receiver, &compressed), &message);
                let mut judged = Vec::with_capacity(message.len() + 1);
                for piece in [&compressed[..], &TAIL] {
                    judge.decompress_vec(piece, &mut judged, FlushDecompress::Sync).unwrap();
                }
                prop_assert_eq!(judged, message);
            }
        }

        #[test]
        fn what_an_ordinary_compressor_sends_is_read(
            // An empty message is the octet 0 by rule (§7.2.3.6); zlib alone would write nothing.
            messages in prop::collection::vec(prop::collection::vec(0u8..4, 1..3000), 1..8),
            bits in 9u8..=15,
        ) {
            let mut compressor = Compress::new_with_window_bits(Compression::best(), false, bits);
            let mut receiver = Window::new(bits, false);
            for message in messages {
                let mut out = Vec::with_capacity(10_000);
                compressor.compress_vec(&message, &mut out, FlushCompress::Sync).unwrap();
                out.truncate(out.len() - TAIL.len());
                prop_assert_eq!(&inflate(&mut receiver, &out), &message);
            }
        }

        #[test]
        fn arbitrary_octets_never_pass_the_limit(
            octets in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Ok(out) = Window::new(15, false).inflate(&octets, 1000) {
                prop_assert!(out.len() <= 1000);
            }
        }
    }
}
