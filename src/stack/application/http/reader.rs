//! The parser: octets cut anywhere become heads, pieces of bodies and ends.

use super::head::{Framing, read_field};
use super::{Fault, Limits};
use crate::base::Chunk;

pub use super::head::Head;

/// What comes out of the octets, in this order: a head, pieces of its body, an end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part<H> {
    /// A head; its body is empty and follows.
    Head(H),
    /// A piece of the body, never empty.
    Body(Chunk),
    /// The message is complete.
    End,
}

/// Where in a message the reader is.
#[derive(Clone, Debug)]
enum Step<H> {
    /// Before the start line.
    Start,
    /// Among the header lines.
    Fields(H),
    /// In a body of which so many octets are to come.
    Length(u64),
    /// Before the size of a chunk.
    Size,
    /// In a chunk of which so many octets are to come.
    Data(u64),
    /// At the line end behind a chunk.
    DataEnd,
    /// Among the trailers.
    Trailers,
    /// In a body that ends with the connection.
    UntilClose,
}

/// A reader of one message after the other: of requests or of responses.
///
/// It keeps the line that is not complete yet and the head that is not complete yet, within
/// [`Limits`]; bodies it only passes on. After a fault it is of no more use.
#[derive(Clone, Debug)]
pub struct Reader<H> {
    limits: Limits,
    step: Step<H>,
    line: Vec<u8>,
    /// Octets of header lines (or trailers) so far.
    fields_octets: usize,
    /// Octets of the body so far.
    body: u64,
    /// The next response answers a HEAD.
    to_head: bool,
}

impl<H: Head> Reader<H> {
    /// A reader before its first message.
    pub const fn new(limits: Limits) -> Self {
        let line = Vec::new();
        Self { limits, step: Step::Start, line, fields_octets: 0, body: 0, to_head: false }
    }

    /// Says whether the next response answers a HEAD, and so has no body.
    pub const fn answers_head(&mut self, to_head: bool) {
        self.to_head = to_head;
    }

    /// Whether nothing of a message has come yet.
    pub const fn is_between(&self) -> bool {
        matches!(self.step, Step::Start) && self.line.is_empty()
    }

    /// Takes octets from the front of `input` until a part is complete; `None` when all octets are
    /// taken and more are needed. Ask again until it is `None`, even if `input` is empty: an end
    /// may need no octets. What is left behind an end belongs to what comes next.
    pub fn read(&mut self, input: &mut Chunk) -> Result<Option<Part<H>>, Fault> {
        loop {
            match self.step {
                Step::Length(0) => return Ok(Some(self.end())),
                Step::Length(left) => {
                    let Some(piece) = take_front(input, left) else { return Ok(None) };
                    self.step = Step::Length(left - piece.len() as u64);
                    return Ok(Some(Part::Body(piece)));
                }
                Step::Data(0) => self.step = Step::DataEnd,
                Step::Data(left) => {
                    let Some(piece) = take_front(input, left) else { return Ok(None) };
                    self.step = Step::Data(left - piece.len() as u64);
                    return Ok(Some(Part::Body(piece)));
                }
                Step::UntilClose => {
                    let Some(piece) = take_front(input, u64::MAX) else { return Ok(None) };
                    self.count_body(piece.len() as u64)?;
                    return Ok(Some(Part::Body(piece)));
                }
                Step::Start | Step::Fields(_) | Step::Size | Step::DataEnd | Step::Trailers => {
                    if !self.fill_line(input)? {
                        return Ok(None);
                    }
                    // The buffer goes back for the next line, so that it is allocated once.
                    let mut line = std::mem::take(&mut self.line);
                    let part = self.take_line(&line)?;
                    line.clear();
                    self.line = line;
                    if part.is_some() {
                        return Ok(part);
                    }
                }
            }
        }
    }

    /// The connection has ended: that ends a body that lasts so long, or cuts a message off.
    pub fn finish(&mut self) -> Result<Option<Part<H>>, Fault> {
        match self.step {
            Step::UntilClose => Ok(Some(self.end())),
            _ if self.is_between() => Ok(None),
            _ => Err(Fault::Truncated),
        }
    }

    /// Appends to the line what belongs to it; true when it is complete, its end taken off.
    fn fill_line(&mut self, input: &mut Chunk) -> Result<bool, Fault> {
        let limit = match self.step {
            Step::Fields(_) | Step::Trailers => {
                self.limits.fields_octets_max.saturating_sub(self.fields_octets)
            }
            _ => self.limits.line_max,
        };
        // The line's end is two octets more; one beyond that shows that it is too long.
        let room = (limit + 3).saturating_sub(self.line.len());
        let seen = &input[..input.len().min(room)];
        let feed = seen.iter().position(|octet| *octet == b'\n');
        let taken = feed.map_or(seen.len(), |at| at + 1);
        self.line.extend_from_slice(&seen[..taken]);
        input.advance(taken);
        let has_end = feed.is_some();
        if self.line.len() > limit + 1 + usize::from(has_end) {
            return Err(self.too_long());
        }
        if !has_end {
            return Ok(false);
        }
        self.line.pop();
        if self.line.pop_if(|octet| *octet == b'\r').is_none() {
            return Err(Fault::BareLineFeed);
        }
        if self.line.contains(&b'\r') {
            return Err(Fault::BareCarriageReturn);
        }
        Ok(true)
    }

    const fn too_long(&self) -> Fault {
        match self.step {
            Step::Start => Fault::LineTooLong,
            Step::Fields(_) | Step::Trailers => Fault::FieldsTooLarge,
            _ => Fault::Chunk,
        }
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<Part<H>>, Fault> {
        match &mut self.step {
            // Empty lines before a message are skipped (RFC 9112 §2.2), but not without end.
            Step::Start if line.is_empty() => self.count_fields(line)?,
            Step::Start => {
                self.step = Step::Fields(H::start(line)?);
                self.fields_octets = 0;
            }
            Step::Fields(_) if line.is_empty() => return self.end_of_head().map(Some),
            Step::Fields(head) => {
                read_field(line, head.headers(), &self.limits)?;
                self.count_fields(line)?;
            }
            Step::Size => {
                let size = size_of(line)?;
                self.count_body(size)?;
                self.fields_octets = 0;
                self.step = if size == 0 { Step::Trailers } else { Step::Data(size) };
            }
            Step::DataEnd if line.is_empty() => self.step = Step::Size,
            Step::DataEnd => return Err(Fault::Chunk),
            Step::Trailers if line.is_empty() => return Ok(Some(self.end())),
            Step::Trailers => self.count_fields(line)?,
            Step::Length(_) | Step::Data(_) | Step::UntilClose => {}
        }
        Ok(None)
    }

    fn end_of_head(&mut self) -> Result<Part<H>, Fault> {
        let Step::Fields(head) = std::mem::replace(&mut self.step, Step::Start) else {
            return Err(Fault::FieldLine);
        };
        self.step = match head.framing(self.to_head)? {
            Framing::None => Step::Length(0),
            Framing::Length(length) => {
                self.count_body(length)?;
                Step::Length(length)
            }
            Framing::Chunked => Step::Size,
            Framing::UntilClose => Step::UntilClose,
        };
        Ok(Part::Head(head))
    }

    fn end(&mut self) -> Part<H> {
        (self.step, self.fields_octets, self.body) = (Step::Start, 0, 0);
        Part::End
    }

    const fn count_fields(&mut self, line: &[u8]) -> Result<(), Fault> {
        self.fields_octets += line.len() + 2;
        if self.fields_octets > self.limits.fields_octets_max {
            return Err(Fault::FieldsTooLarge);
        }
        Ok(())
    }

    fn count_body(&mut self, more: u64) -> Result<(), Fault> {
        self.body = self.body.saturating_add(more);
        if self.body > self.limits.body_max { Err(Fault::BodyTooLarge) } else { Ok(()) }
    }
}

/// The first octets of `input`, at most `n`; `None` if it has none.
fn take_front(input: &mut Chunk, n: u64) -> Option<Chunk> {
    if input.is_empty() {
        return None;
    }
    let taken = usize::try_from(n).unwrap_or(usize::MAX).min(input.len());
    let piece = input.slice(0..taken);
    input.advance(taken);
    Some(piece)
}

/// A chunk's size: hexadecimal digits, behind which an extension may stand (RFC 9112 §7.1.1).
fn size_of(line: &[u8]) -> Result<u64, Fault> {
    let end = line.iter().position(|octet| *octet == b';').unwrap_or(line.len());
    let digits = line[..end].trim_ascii_end();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(Fault::Chunk);
    }
    // What is larger than 64 bits is larger than every limit.
    let text = std::str::from_utf8(digits).map_err(|_| Fault::Chunk)?;
    Ok(u64::from_str_radix(text, 16).unwrap_or(u64::MAX))
}
