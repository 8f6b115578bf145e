//! One connection: whose octets they are, and where in the two streams everything stands. And how it
//! is told.

use super::interface::{News, Output, Protocol, Unit};
use crate::base::Chunk;
use crate::stack::application::http;
use crate::stack::application::websocket::{self, Role};

/// What is counted of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    /// Its number.
    pub(super) connection: u64,
    /// Octets sent so far.
    sent: u32,
    /// Octets received so far.
    received: u32,
    /// Octets of what arrived whole so far.
    heard: u32,
}

impl Meter {
    /// A new connection.
    pub(super) const fn new(connection: u64) -> Self {
        Self { connection, sent: 0, received: 0, heard: 0 }
    }

    /// So many octets arrived.
    pub(super) const fn receives(&mut self, octets: usize) {
        self.received = self.received.wrapping_add(octets as u32);
    }

    /// Tells of it.
    pub(super) fn tell(&self, news: News, octets: Chunk, out: &mut Vec<Output>) {
        out.push(Output::Tell { connection: Some(self.connection), news, octets });
    }

    /// Sends a unit.
    pub(super) fn send(&mut self, protocol: Protocol, octets: Chunk, out: &mut Vec<Output>) {
        let unit = Unit { protocol, sent: true, place: self.sent, octets: octets.len() as u32 };
        self.sent = self.sent.wrapping_add(unit.octets);
        self.tell(News::Unit(unit), octets.clone(), out);
        out.push(Output::Transmit { connection: self.connection, octets });
    }

    /// A unit of so many octets arrived.
    fn hear(&mut self, protocol: Protocol, octets: u32, text: Chunk, out: &mut Vec<Output>) {
        let unit = Unit { protocol, sent: false, place: self.heard, octets };
        self.heard = self.heard.wrapping_add(octets);
        self.tell(News::Unit(unit), text, out);
    }

    /// An HTTP message arrived; `behind` are the octets that are no part of it any more.
    pub(super) fn hear_http(&mut self, first_line: &str, behind: usize, out: &mut Vec<Output>) {
        let octets = self.received.wrapping_sub(behind as u32).wrapping_sub(self.heard);
        self.hear(Protocol::Http, octets, Chunk::from(first_line.as_bytes()), out);
    }

    /// What HTTP says.
    pub(super) fn tell_http(&self, note: http::Note, out: &mut Vec<Output>) {
        self.tell(News::Http(note), Chunk::EMPTY, out);
    }

    /// What WebSocket says. A frame that arrived is a unit too: with the shortest form of its
    /// length (RFC 6455 §5.2), and masked if `role` is the server's.
    pub(super) fn tell_websocket(
        &mut self,
        role: Role,
        note: websocket::Note,
        out: &mut Vec<Output>,
    ) {
        if let websocket::Note::Received { octets, .. } = note {
            let length = match octets {
                0..126 => 0,
                126..0x1_0000 => 2,
                _ => 8,
            };
            let mask = if role == Role::Server { 4 } else { 0 };
            self.hear(Protocol::WebSocket, 2 + length + mask + octets, Chunk::EMPTY, out);
        }
        self.tell(News::WebSocket(note), Chunk::EMPTY, out);
    }
}

/// What is told of a packet that is no part of a stream itself.
pub(super) const fn unit(protocol: Protocol, sent: bool, octets: usize) -> News {
    News::Unit(Unit { protocol, sent, place: 0, octets: octets as u32 })
}

/// Tells of something, about a connection if it is about one.
pub(super) fn tell(connection: Option<u64>, news: News, octets: Chunk, out: &mut Vec<Output>) {
    out.push(Output::Tell { connection, news, octets });
}

/// Tells of a call of the program, or of a handler.
pub(super) fn say(news: News, words: &str, out: &mut Vec<Output>) {
    tell(None, news, Chunk::from(words.as_bytes()), out);
}

/// The response to a WebSocket's request, as far as it has come. The WebSocket reads and limits it
/// itself; here is only found out where it ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer(Vec<u8>);

impl Answer {
    /// Takes octets. Once the head is whole, gives the words of its first line behind the version,
    /// and how many octets follow the response.
    pub(super) fn take(&mut self, octets: &[u8]) -> Option<(String, usize)> {
        let from = self.0.len().saturating_sub(3);
        self.0.extend_from_slice(octets);
        let end = from + self.0[from..].windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let text = String::from_utf8_lossy(&self.0[..end]);
        let first_line = text.lines().next().unwrap_or_default();
        let words = first_line.split_once(' ').map_or(first_line, |line| line.1).to_owned();
        // Frames follow 101 alone; behind any other head there is a body.
        let behind = if words.starts_with("101 ") { self.0.len() - end } else { 0 };
        self.0.clear();
        Some((words, behind))
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn the_end_of_the_answer_is_found_wherever_it_is_cut() {
        let octets = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\0";
        let end = octets.len() - 2;
        for cut in 0..octets.len() {
            let mut answer = Answer::default();
            let first = answer.take(&octets[..cut]);
            let whole = first.or_else(|| answer.take(&octets[cut..]));
            let (words, behind) = whole.expect("whole");
            assert_eq!(words, "101 Switching Protocols");
            assert_eq!(behind, if cut < end { 2 } else { cut - end });
        }
    }
}
