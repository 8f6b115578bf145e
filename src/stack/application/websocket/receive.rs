//! From octets to messages (RFC 6455 §5, §6.2): each rule is checked as soon as it can be known,
//! and nothing is kept before its length is known to fit.

use super::deflate::{Window, compressed_max};
use super::frame::{CONTROL_MAX, HEADER_LEN_MAX, Header, RSV1, Start, append_masked};
use super::violation::may_be_sent;
use super::{Config, Indication, Note, Opcode, Output, Role, Violation};
use crate::base::Chunk;
use crate::stack::application::Message;
use crate::stack::application::http::Gather;
use crate::stack::presentation::utf8::Validator;
use std::rc::Rc;
use std::str;

/// What a frame, or the last frame of a message, amounts to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Event {
    /// A whole message, which has been handed up.
    Message,
    /// A control frame.
    Control(Control),
}

/// A control frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Control {
    /// A ping.
    Ping(Chunk),
    /// A pong.
    Pong(Chunk),
    /// A Close frame, with its code, if it has one, and its reason.
    Close(Option<u16>, String),
}

/// The receiving half of a connection.
#[derive(Clone, Debug)]
pub(super) struct Receiver {
    /// Whose half it is.
    role: Role,
    config: Rc<Config>,
    /// Inflates messages, if compression was agreed upon.
    pub(super) inflater: Option<Window>,
    /// The beginning of a header.
    head: [u8; HEADER_LEN_MAX],
    head_len: usize,
    /// The frame whose payload is arriving, and how much of it is here.
    frame: Option<(Header, u64)>,
    /// The message whose frames are arriving.
    message: Option<Begun>,
    /// Its payload so far.
    body: Gather,
    /// The payload of a control frame so far.
    control: Gather,
}

/// What is known of a message that is not complete.
#[derive(Clone, Copy, Debug)]
struct Begun {
    text: bool,
    compressed: bool,
    utf8: Validator,
}

impl Receiver {
    /// A receiver before the first frame.
    pub(super) fn new(role: Role, config: Rc<Config>) -> Self {
        Self {
            role,
            config,
            inflater: None,
            head: [0; HEADER_LEN_MAX],
            head_len: 0,
            frame: None,
            message: None,
            body: Gather::default(),
            control: Gather::default(),
        }
    }

    /// Takes octets from the front of `input` until something is complete; `None` when all are
    /// taken and more are needed.
    pub(super) fn read(
        &mut self,
        input: &mut Chunk,
        out: &mut Vec<Output>,
    ) -> Result<Option<Event>, Violation> {
        loop {
            if self.frame.is_none() && !self.read_header(input)? {
                return Ok(None);
            }
            let Some((header, taken)) = &mut self.frame else { return Ok(None) };
            let (opcode, fin, mask) = (header.opcode, header.fin, header.mask);
            let (length, at) = (header.length, *taken);
            let here = usize::try_from(length - at).unwrap_or(usize::MAX).min(input.len());
            *taken += here as u64;
            if here > 0 {
                self.take_payload(opcode, mask, &input.slice(0..here), at)?;
                input.advance(here);
            }
            if at + (here as u64) < length {
                return Ok(None);
            }
            self.frame = None;
            let octets = u32::try_from(length).unwrap_or(u32::MAX);
            out.push(Output::Note(Note::Received { opcode, fin, octets, mask }));
            let event = if opcode.is_control() {
                Some(Event::Control(self.end_of_control(opcode)?))
            } else if fin {
                self.end_of_message(out)?
            } else {
                None
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// Begins the next frame once its header is whole; false if it is not.
    fn read_header(&mut self, input: &mut Chunk) -> Result<bool, Violation> {
        // Most headers lie in one piece and are read where they lie.
        let in_place = self.head_len == 0 && input.len() >= HEADER_LEN_MAX;
        if !in_place && !self.fill_head(2, input) {
            return Ok(false);
        }
        let octets = if in_place { &input[..HEADER_LEN_MAX] } else { &self.head };
        let start = Start::parse([octets[0], octets[1]]);
        self.check_start(start)?;
        if !in_place && !self.fill_head(start.header_len(), input) {
            return Ok(false);
        }
        let octets = if in_place { &input[..HEADER_LEN_MAX] } else { &self.head[..self.head_len] };
        let Some((header, len)) = Header::parse(octets)? else { return Ok(false) };
        if in_place {
            input.advance(len);
        }
        self.head_len = 0;
        self.begin(&header)?;
        self.frame = Some((header, 0));
        Ok(true)
    }

    /// Takes octets until the header has `wanted` of them.
    fn fill_head(&mut self, wanted: usize, input: &mut Chunk) -> bool {
        let taken = wanted.saturating_sub(self.head_len).min(input.len());
        let end = self.head_len + taken;
        self.head[self.head_len..end].copy_from_slice(&input[..taken]);
        self.head_len = end;
        input.advance(taken);
        end >= wanted
    }

    /// What the first two octets give away.
    fn check_start(&self, start: Start) -> Result<(), Violation> {
        let begins = matches!(start.opcode, Opcode::Text | Opcode::Binary);
        let allowed = if begins && self.inflater.is_some() { RSV1 } else { 0 };
        match start.opcode {
            _ if start.rsv & !allowed != 0 => Err(Violation::ReservedBit),
            Opcode::Reserved(_) => Err(Violation::ReservedOpcode),
            _ if start.masked && self.role == Role::Client => Err(Violation::Masked),
            _ if !start.masked && self.role == Role::Server => Err(Violation::NotMasked),
            Opcode::Continuation if self.message.is_none() => Err(Violation::LoneContinuation),
            _ if begins && self.message.is_some() => Err(Violation::Nested),
            control if control.is_control() && !start.fin => Err(Violation::FragmentedControl),
            control if control.is_control() && usize::from(start.short) > CONTROL_MAX => {
                Err(Violation::LongControl)
            }
            _ => Ok(()),
        }
    }

    /// A frame begins: does it fit, and does a message begin with it?
    fn begin(&mut self, header: &Header) -> Result<(), Violation> {
        if header.opcode.is_control() {
            return Ok(());
        }
        let compressed = header.rsv & RSV1 != 0;
        if header.opcode != Opcode::Continuation {
            let text = header.opcode == Opcode::Text;
            self.message = Some(Begun { text, compressed, utf8: Validator::new() });
        }
        let compressed = self.message.is_some_and(|message| message.compressed);
        let max = self.config.message_max;
        let max = if compressed { compressed_max(max) } else { max };
        if header.length > self.config.frame_max {
            return Err(Violation::LargeFrame);
        }
        if header.length.saturating_add(self.body.len() as u64) > max {
            return Err(Violation::LargeMessage);
        }
        Ok(())
    }

    /// A piece of a payload, `at` octets behind its beginning: unmasked into one buffer, or shared
    /// if it is not masked. Text is checked as it comes.
    fn take_payload(
        &mut self,
        opcode: Opcode,
        mask: Option<[u8; 4]>,
        piece: &Chunk,
        at: u64,
    ) -> Result<(), Violation> {
        let control = opcode.is_control();
        let gather = if control { &mut self.control } else { &mut self.body };
        let mut check = |octets: &[u8]| match &mut self.message {
            Some(message) if !control && message.text && !message.compressed => {
                message.utf8.take(octets).map_err(|_| Violation::NotText)
            }
            _ => Ok(()),
        };
        match mask {
            None => {
                check(piece)?;
                gather.push(piece.clone());
                Ok(())
            }
            Some(key) => {
                let buffer = gather.copy_of_all();
                let begin = buffer.len();
                append_masked(buffer, piece, key, at);
                check(&buffer[begin..])
            }
        }
    }

    fn end_of_control(&mut self, opcode: Opcode) -> Result<Control, Violation> {
        let payload = self.control.take();
        match opcode {
            Opcode::Ping => return Ok(Control::Ping(payload)),
            Opcode::Pong => return Ok(Control::Pong(payload)),
            _ => {}
        }
        let Some((code, reason)) = payload.split_first_chunk() else {
            return if payload.is_empty() {
                Ok(Control::Close(None, String::new()))
            } else {
                Err(Violation::HalfCode)
            };
        };
        let code = u16::from_be_bytes(*code);
        if !may_be_sent(code) {
            return Err(Violation::Code(code));
        }
        let reason = str::from_utf8(reason).map_err(|_| Violation::NotText)?;
        Ok(Control::Close(Some(code), reason.to_owned()))
    }

    fn end_of_message(&mut self, out: &mut Vec<Output>) -> Result<Option<Event>, Violation> {
        let Some(begun) = self.message.take() else { return Ok(None) };
        let mut octets = self.body.take();
        if let Some(inflater) = self.inflater.as_mut().filter(|_| begun.compressed) {
            let from = octets.len() as u32;
            octets = inflater.inflate(&octets, self.config.message_max)?;
            out.push(Output::Note(Note::Inflated { from, to: octets.len() as u32 }));
            if begun.text && str::from_utf8(&octets).is_err() {
                return Err(Violation::NotText);
            }
        }
        if !begun.utf8.is_complete() {
            return Err(Violation::NotText);
        }
        let message = if begun.text { Message::Text(octets) } else { Message::Binary(octets) };
        out.push(Output::Indicate(Indication::Message(message)));
        Ok(Some(Event::Message))
    }
}
