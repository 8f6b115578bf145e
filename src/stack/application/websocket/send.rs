//! From messages to octets (RFC 6455 §5, §6.1).

use super::deflate::Window;
use super::frame::{CONTROL_MAX, HEADER_LEN_MAX, Header, RSV1, append_masked};
use super::{Misuse, Note, Opcode, Output};
use crate::base::{Chunk, Rng};
use crate::stack::application::Message;
use std::iter;

/// So many octets of memory are kept between frames; a message of 64 KiB and its header fit.
const KEPT_MAX: usize = 1 << 17;

/// The sending half of a connection.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    /// Where masking keys come from; a server has none, and does not mask.
    pub(super) keys: Option<Rng>,
    /// Messages go in fragments of at most so many octets.
    pub(super) fragment_max: Option<usize>,
    /// Compresses messages, if that was agreed upon.
    pub(super) deflater: Option<Window>,
    /// The program is in the middle of a message that it sends in parts.
    pub(super) within: bool,
    /// The frame that is being written; empty between frames, kept for its memory.
    pub(super) frame: Vec<u8>,
}

impl Sender {
    /// A whole message.
    pub(super) fn message(
        &mut self,
        message: &Message,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        if self.within {
            return Err(Misuse::WithinMessage);
        }
        let text = matches!(message, Message::Text(_));
        self.part(text, message.octets(), true, out);
        Ok(())
    }

    /// The next part of a message.
    pub(super) fn part(&mut self, text: bool, octets: &[u8], last: bool, out: &mut Vec<Output>) {
        let begins = !std::mem::replace(&mut self.within, !last);
        let opcode = match (begins, text) {
            (false, _) => Opcode::Continuation,
            (true, true) => Opcode::Text,
            (true, false) => Opcode::Binary,
        };
        let Some(deflater) = &mut self.deflater else {
            return self.frames(opcode, 0, octets, last, out);
        };
        let compressed = deflater.deflate(octets, last);
        let (from, to) = (octets.len() as u32, compressed.len() as u32);
        out.push(Output::Note(Note::Deflated { from, to }));
        self.frames(opcode, if begins { RSV1 } else { 0 }, &compressed, last, out);
    }

    /// A control frame.
    pub(super) fn control(
        &mut self,
        opcode: Opcode,
        payload: &[u8],
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        if payload.len() > CONTROL_MAX {
            return Err(Misuse::TooLong);
        }
        self.frame((opcode, 0, true), payload, out);
        Ok(())
    }

    /// Cuts what is to be sent into frames; only the first has the opcode and the bits.
    fn frames(
        &mut self,
        opcode: Opcode,
        rsv: u8,
        octets: &[u8],
        last: bool,
        out: &mut Vec<Output>,
    ) {
        let most = self.fragment_max.map_or(usize::MAX, |most| most.max(1));
        let (mut opcode, mut rsv, mut rest) = (opcode, rsv, octets);
        loop {
            let (piece, behind) = rest.split_at(rest.len().min(most));
            self.frame((opcode, rsv, last && behind.is_empty()), piece, out);
            if behind.is_empty() {
                return;
            }
            (opcode, rsv, rest) = (Opcode::Continuation, 0, behind);
        }
    }

    fn frame(
        &mut self,
        (opcode, rsv, fin): (Opcode, u8, bool),
        payload: &[u8],
        out: &mut Vec<Output>,
    ) {
        let mask = self.keys.as_mut().map(|rng| (rng.bits() as u32).to_be_bytes());
        let header = Header { fin, rsv, opcode, mask, length: payload.len() as u64 };
        let frame = &mut self.frame;
        frame.reserve(HEADER_LEN_MAX + payload.len());
        header.emit(frame);
        match mask {
            Some(key) => append_masked(frame, payload, key, 0),
            None => frame.extend_from_slice(payload),
        }
        // Made where they are to lie: pushed, they would be made elsewhere first and copied.
        let octets = payload.len() as u32;
        out.extend(iter::once_with(|| Output::Note(Note::Sent { opcode, fin, octets, mask })));
        out.extend(iter::once_with(|| Output::Transmit(Chunk::from(&frame[..]))));
        frame.clear();
        frame.shrink_to(KEPT_MAX);
    }
}
