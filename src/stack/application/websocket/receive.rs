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
    /// The payloads of the next whole frames, unmasked ahead.
    ahead: Chunk,
    /// Where they are put together; empty but then, kept for its memory.
    unmasked: Gather,
}

/// So many octets of small payloads are unmasked at a time. They share one piece of memory: it
/// is asked for once for many messages, and is small enough for one of them to keep it alive.
const AHEAD_MAX: usize = 4096;

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
            ahead: Chunk::EMPTY,
            unmasked: Gather::default(),
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
            let (header, at) = match self.frame.take() {
                Some(begun) => begun,
                None => match self.read_header(input)? {
                    Some(header) => (header, 0),
                    None => return Ok(None),
                },
            };
            let Header { opcode, fin, mask, length, .. } = header;
            let here = usize::try_from(length - at).unwrap_or(usize::MAX).min(input.len());
            if here > 0 {
                self.take_payload(&header, input, here, at)?;
                input.advance(here);
            }
            let at = at + here as u64;
            if at < length {
                self.frame = Some((header, at));
                return Ok(None);
            }
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

    /// Begins the next frame once its header is whole.
    fn read_header(&mut self, input: &mut Chunk) -> Result<Option<Header>, Violation> {
        // Most headers lie in one piece and are read where they lie.
        let in_place =
            if self.head_len == 0 { input.first_chunk::<HEADER_LEN_MAX>() } else { None };
        let (header, len) = if let Some(octets) = in_place {
            self.check_start(Start::parse([octets[0], octets[1]]))?;
            let Some(parsed) = Header::parse(octets)? else { return Ok(None) };
            parsed
        } else {
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
            (header, 0)
        };
        input.advance(len);
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

    /// The next `here` octets of a payload, the first `at` octets behind its beginning: shared if
    /// they are not masked or came whole, else unmasked into one buffer. Text is checked as it
    /// comes.
    fn take_payload(
        &mut self,
        header: &Header,
        input: &Chunk,
        here: usize,
        at: u64,
    ) -> Result<(), Violation> {
        let whole = here as u64 == header.length;
        if whole && header.mask.is_some() && self.ahead.is_empty() {
            self.unmask_ahead(header, input);
        }
        let control = header.opcode.is_control();
        let gather = if control { &mut self.control } else { &mut self.body };
        let mut check = |octets: &[u8]| match &mut self.message {
            Some(message) if !control && message.text && !message.compressed => {
                message.utf8.take(octets).map_err(|_| Violation::NotText)
            }
            _ => Ok(()),
        };
        if let Some(key) = header.mask.filter(|_| !whole) {
            let buffer = gather.copy_of_all();
            let begin = buffer.len();
            append_masked(buffer, &input[..here], key, at);
            return check(&buffer[begin..]);
        }
        let payload = match header.mask {
            Some(_) => self.ahead.split_front(here),
            None => input.slice(0..here),
        };
        check(&payload)?;
        gather.push(payload);
        Ok(())
    }

    /// Unmasks the payload at the front of `input`, and those of the whole frames behind it while
    /// they are small.
    fn unmask_ahead(&mut self, first: &Header, input: &[u8]) {
        let buffer = self.unmasked.copy_of_all();
        let (mut header, mut rest) = (*first, input);
        while let (Some(key), Ok(length)) = (header.mask, usize::try_from(header.length)) {
            let Some((payload, behind)) = rest.split_at_checked(length) else { break };
            if !buffer.is_empty() && buffer.len() + length > AHEAD_MAX {
                break;
            }
            append_masked(buffer, payload, key, 0);
            let Ok(Some((next, len))) = Header::parse(behind) else { break };
            (header, rest) = (next, &behind[len..]);
        }
        self.ahead = self.unmasked.take();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages in frames of such sizes that arrive in one piece.
    fn messages(sizes: &[usize]) -> Vec<Chunk> {
        let mut wire = Vec::new();
        for size in sizes {
            let (opcode, mask) = (Opcode::Binary, Some([1, 2, 3, 4]));
            Header { fin: true, rsv: 0, opcode, mask, length: *size as u64 }.emit(&mut wire);
            append_masked(&mut wire, &vec![*size as u8; *size], [1, 2, 3, 4], 0);
        }
        let mut receiver = Receiver::new(Role::Server, Rc::new(Config::default()));
        let (mut input, mut out) = (Chunk::from(&wire[..]), Vec::new());
        while receiver.read(&mut input, &mut out) == Ok(Some(Event::Message)) {}
        assert!(input.is_empty() && receiver.ahead.is_empty());
        let message = |output| match output {
            Output::Indicate(Indication::Message(message)) => Some(message.octets().clone()),
            _ => None,
        };
        out.into_iter().filter_map(message).collect()
    }

    #[test]
    fn small_messages_of_one_piece_share_memory_and_a_large_one_does_not() {
        let sizes = [7, 0, 9, AHEAD_MAX, 5, 6];
        let messages = messages(&sizes);
        for (message, size) in messages.iter().zip(sizes) {
            assert_eq!(**message, vec![size as u8; size]);
        }
        let joins = |a: usize, b: usize| messages[a].clone().join(&messages[b]);
        assert!(joins(0, 2) && joins(4, 5));
        assert!(!joins(2, 3) && !joins(3, 4));
    }
}
