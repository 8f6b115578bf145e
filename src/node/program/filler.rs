//! What built-in senders fill their messages with, and how receivers hold it against that.

use crate::base::{Chunk, SocketId};
use crate::node::calls::Desk;

/// The alphabet, over and over, anew with each piece of a write: easy on the eye.
static ALPHABET: [u8; 4096] = {
    let mut filler = [0; 4096];
    let mut place = 0;
    while place < filler.len() {
        filler[place] = b'a' + (place % 26) as u8;
        place += 1;
    }
    filler
};

/// After so many octets a numbered stream begins again. A prime number, so that no two pieces of
/// the usual sizes are alike.
const PERIOD: usize = 32_749;

/// A numbered stream, from any place of its period on.
static NUMBERED: [u8; 2 * PERIOD] = {
    let mut filler = [0; 2 * PERIOD];
    let mut place = 0;
    while place < filler.len() {
        let scrambled = ((place % PERIOD) as u32 + 1).wrapping_mul(0x9e37_79b1);
        filler[place] = (scrambled >> 24) as u8;
        place += 1;
    }
    filler
};

/// What the programs of a host count where their streams are numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Octets that a program has read.
    pub received: u64,
    /// Octets among them that were not what the place in their stream asks for.
    pub wrong: u64,
}

impl Tally {
    /// Holds what was read against a numbered stream, from `place` on.
    pub(super) fn compare(&mut self, place: u64, octets: &[u8]) {
        self.received += octets.len() as u64;
        let mut at = place;
        for piece in octets.chunks(PERIOD) {
            let from = (at % PERIOD as u64) as usize;
            let expected = &NUMBERED[from..from + piece.len()];
            if piece != expected {
                let wrong = piece.iter().zip(expected).filter(|(a, b)| a != b);
                self.wrong += wrong.count() as u64;
            }
            at += piece.len() as u64;
        }
    }
}

/// Octets of a numbered stream from `place` on: as many as are asked for, up to 32,749.
pub fn numbered(place: u64, octets: usize) -> Chunk {
    let from = (place % PERIOD as u64) as usize;
    Chunk::from_static(&NUMBERED).slice(from..from + octets.min(PERIOD))
}

/// The next piece of a stream, of at most `rest` octets.
fn piece(is_numbered: bool, place: u64, rest: u64) -> Chunk {
    let rest = usize::try_from(rest).unwrap_or(usize::MAX);
    if is_numbered { numbered(place, rest) } else { Chunk::from_static(&ALPHABET).slice(0..rest) }
}

/// Writes up to `octets` of filler, as much as there is room for: one write to the learner, made in
/// pieces. `place` is how many the stream has had already.
pub(super) fn write(socket: SocketId, place: u64, octets: u64, desk: &mut Desk<'_, '_>) -> u64 {
    let is_numbered = desk.host.settings.numbered;
    let whole = octets.min(desk.room(socket) as u64);
    let mut done = 0;
    while done < whole {
        let piece = piece(is_numbered, place + done, whole - done);
        if done == 0 {
            desk.say_sent(&piece, whole);
        }
        done += piece.len() as u64;
        desk.offer(socket, piece);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_octet_and_a_shifted_stream_are_seen() {
        let stream: Vec<u8> = (0..5)
            .scan(0, |place, _| {
                let piece = numbered(*place, 20_000);
                *place += piece.len() as u64;
                Some(piece.to_vec())
            })
            .flatten()
            .collect();
        assert_eq!(stream.len(), 100_000);
        let mut tally = Tally::default();
        tally.compare(0, &stream);
        tally.compare(70_001, &stream[70_001..]);
        assert_eq!(tally, Tally { received: 129_999, wrong: 0 });
        let mut damaged = stream.clone();
        damaged[40_000] ^= 1;
        tally.compare(0, &damaged);
        assert_eq!(tally.wrong, 1);
        tally.compare(0, &stream[1..]);
        assert!(tally.wrong > 90_000);
    }
}
