//! From octets to messages (RFC 6455 §5, §6.2): each rule is checked as soon as it can be known,
//! and nothing is kept before its length is known to fit.

use super::deflate::{Window, compressed_max};
use super::frame::{CONTROL_MAX, HEADER_LEN_MAX, Header, RSV1, Start, mask};
use super::violation::may_be_sent;
use super::{Config, Note, Opcode, Output, Role, Violation};
use crate::base::Chunk;
use crate::stack::application::Message;
use crate::stack::application::http::Gather;
use crate::stack::presentation::utf8::Validator;
use std::rc::Rc;
use std::str;

/// What a frame, or the last frame of a message, amounts to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Event {
    /// A whole message.
    Message(Message),
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
            let (header, mut taken) = match self.frame.take() {
                Some(frame) => frame,
                None => match self.read_header(input)? {
                    Some(header) => (header, 0),
                    None => return Ok(None),
                },
            };
            let left = usize::try_from(header.length - taken).unwrap_or(usize::MAX);
            let piece = input.slice(0..left);
            input.advance(left);
            if !piece.is_empty() {
                let at = taken;
                taken += piece.len() as u64;
                self.take_payload(&header, piece, at)?;
            }
            if taken < header.length {
                self.frame = Some((header, taken));
                return Ok(None);
            }
            tell_of(&header, out);
            let event = if header.opcode.is_control() {
                Some(self.end_of_control(header.opcode)?)
            } else if header.fin {
                self.end_of_message(out)?
            } else {
                None
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// The next header, once it is whole.
    fn read_header(&mut self, input: &mut Chunk) -> Result<Option<Header>, Violation> {
        if !self.fill_head(2, input) {
            return Ok(None);
        }
        let start = Start::parse([self.head[0], self.head[1]]);
        self.check_start(start)?;
        if !self.fill_head(start.header_len(), input) {
            return Ok(None);
        }
        let Some((header, _)) = Header::parse(&self.head[..self.head_len])? else {
            return Ok(None);
        };
        self.head_len = 0;
        self.begin(&header)?;
        Ok(Some(header))
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
    fn take_payload(&mut self, header: &Header, piece: Chunk, at: u64) -> Result<(), Violation> {
        let control = header.opcode.is_control();
        let gather = if control { &mut self.control } else { &mut self.body };
        let mut check = |octets: &[u8]| match &mut self.message {
            Some(message) if !control && message.text && !message.compressed => {
                message.utf8.take(octets).map_err(|_| Violation::NotText)
            }
            _ => Ok(()),
        };
        match header.mask {
            None => {
                check(&piece)?;
                gather.push(piece);
                Ok(())
            }
            Some(key) => {
                let buffer = gather.copy_of_all();
                let begin = buffer.len();
                buffer.extend_from_slice(&piece);
                mask(&mut buffer[begin..], key, at);
                check(&buffer[begin..])
            }
        }
    }

    fn end_of_control(&mut self, opcode: Opcode) -> Result<Event, Violation> {
        let payload = self.control.take();
        match opcode {
            Opcode::Ping => return Ok(Event::Ping(payload)),
            Opcode::Pong => return Ok(Event::Pong(payload)),
            _ => {}
        }
        let Some((code, reason)) = payload.split_first_chunk() else {
            return if payload.is_empty() {
                Ok(Event::Close(None, String::new()))
            } else {
                Err(Violation::HalfCode)
            };
        };
        let code = u16::from_be_bytes(*code);
        if !may_be_sent(code) {
            return Err(Violation::Code(code));
        }
        let reason = str::from_utf8(reason).map_err(|_| Violation::NotText)?;
        Ok(Event::Close(Some(code), reason.to_owned()))
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
        Ok(Some(Event::Message(message)))
    }
}

/// Says that a frame has arrived.
fn tell_of(header: &Header, out: &mut Vec<Output>) {
    let octets = u32::try_from(header.length).unwrap_or(u32::MAX);
    let Header { opcode, fin, .. } = *header;
    out.push(Output::Note(Note::Received { opcode, fin, octets }));
    if let Some(key) = header.mask.filter(|_| octets > 0) {
        out.push(Output::Note(Note::Unmasked { key }));
    }
}
