//! Packets that wait for a way out, within a bound.

use super::packet::{self, Packet};
use crate::base::Chunk;
use std::collections::VecDeque;

/// What a waiting packet costs beside its octets.
const OVERHEAD: usize = 64;

/// A queue that remembers how much it holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    packets: VecDeque<Packet>,
    octets: usize,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.packets.len()
    }

    /// Memory that it holds, in octets.
    pub(super) const fn octets(&self) -> usize {
        self.octets
    }

    pub(super) fn push(&mut self, packet: Packet) {
        self.octets += cost(&packet);
        self.packets.push_back(packet);
    }

    pub(super) fn pop(&mut self) -> Option<Packet> {
        let packet = self.packets.pop_front()?;
        self.octets -= cost(&packet);
        Some(packet)
    }

    /// Takes the first packets as a polling body of at most `octets_max`, but one at least; zero is
    /// no bound. Also says how many they are.
    pub(super) fn take_body(&mut self, octets_max: usize) -> (Chunk, u32) {
        let mut taken = Vec::new();
        let mut len = 0;
        while let Some(next) = self.packets.front() {
            len += next.encoded_len() + usize::from(!taken.is_empty());
            if !taken.is_empty() && octets_max > 0 && len > octets_max {
                break;
            }
            taken.extend(self.pop());
        }
        (packet::body_of(&taken), taken.len() as u32)
    }
}

fn cost(packet: &Packet) -> usize {
    packet.data.octets().len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn a_body_holds_as_many_packets_as_fit_but_one_at_least() {
        let mut queue = Queue::default();
        for text in ["long enough", "ab", "cd", "e"] {
            queue.push(Packet::text(Kind::Message, text));
        }
        let mut taken = Vec::new();
        while !queue.is_empty() {
            let (body, packets) = queue.take_body(7);
            taken.push((String::from_utf8(body.to_vec()).unwrap(), packets));
        }
        let expected = [("4long enough", 1), ("4ab\u{1e}4cd", 2), ("4e", 1)];
        assert_eq!(taken, expected.map(|(body, packets)| (body.to_owned(), packets)));
        assert_eq!(queue.octets(), 0);
    }
}
