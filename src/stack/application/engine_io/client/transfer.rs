//! The traffic: the GET that always waits, the POST that carries what there is, the move to a
//! WebSocket, and the end.

use super::super::queue::Queue;
use super::super::{Kind, Note, Packet, Transport, handshake, packet};
use super::{Client, Indication, Output, State, Trigger};
use crate::base::Chunk;
use crate::stack::application::Message;

impl Client {
    /// Does what the state calls for, now that something has ended or begun to wait.
    pub(super) fn go_on(&mut self, out: &mut Vec<Output>) {
        match self.state {
            // No new request, so that nothing is under way twice when the session moves.
            State::Pausing if self.poll.is_none() && self.post.is_none() => self.upgrade(out),
            State::Closing if self.queue.is_empty() && self.post.is_none() => {
                self.say_close(out);
                self.end(Trigger::Flushed, out);
            }
            State::Polling | State::Probing | State::Closing => {
                self.post_queue(out);
                self.poll_again(out);
            }
            State::WebSocket => self.flush(out),
            State::Closed | State::Opening | State::Pausing => {}
        }
    }

    /// The program's messages.
    pub(super) fn send_messages(
        &mut self,
        messages: Vec<Message>,
        volatile: bool,
        out: &mut Vec<Output>,
    ) {
        if matches!(self.state, State::Closed | State::Closing) {
            out.push(Output::Note(Note::NotOpen));
        } else if volatile && !self.is_writable() {
            out.push(Output::Note(Note::VolatileDropped));
        } else {
            self.send(messages.into_iter().map(Packet::message), out);
        }
    }

    /// Sends packets, now or later.
    pub(super) fn send(
        &mut self,
        packets: impl IntoIterator<Item = Packet>,
        out: &mut Vec<Output>,
    ) {
        packets.into_iter().for_each(|packet| self.queue.push(packet));
        let waits = self.state != State::WebSocket;
        if waits && self.queue.octets() > self.config.queue_octets_max {
            self.end(Trigger::BufferFull, out);
            return;
        }
        if waits && !self.is_writable() {
            out.push(Output::Note(Note::Queued { packets: self.queue.len() as u32 }));
        }
        match self.state {
            State::WebSocket => self.flush(out),
            State::Polling | State::Probing | State::Closing => self.post_queue(out),
            State::Closed | State::Opening | State::Pausing => {}
        }
    }

    /// Asks for news, or for a session.
    pub(super) fn ask(&mut self, out: &mut Vec<Output>) {
        self.poll = Some(self.request("GET", Chunk::EMPTY, out));
    }

    pub(super) fn open_socket(&mut self, out: &mut Vec<Output>) {
        let socket = self.number();
        self.socket = Some(socket);
        let query = self.query(Transport::WebSocket);
        out.push(Output::OpenSocket { socket, query });
    }

    pub(super) fn probe_failed(&mut self, out: &mut Vec<Output>) {
        out.extend(self.socket.take().map(|socket| Output::SocketClose { socket }));
        self.enter(Trigger::ProbeFails, out);
        self.go_on(out);
    }

    /// Tells the server, over polling, that the session is over.
    pub(super) fn say_close(&mut self, out: &mut Vec<Output>) {
        self.request("POST", packet::body_of(&[Packet::bare(Kind::Close)]), out);
        // The server answers it by a noop; that need not be heard.
        self.poll = None;
    }

    /// The session is over; nothing of it is kept.
    pub(super) fn end(&mut self, on: Trigger, out: &mut Vec<Output>) {
        self.enter(on, out);
        self.release(out);
        out.push(Output::Indicate(Indication::Closed(on.reason())));
    }

    /// Lets go of all that is under way.
    pub(super) fn release(&mut self, out: &mut Vec<Output>) {
        let exchanges = [self.poll.take(), self.post.take()];
        out.extend(exchanges.into_iter().flatten().map(|exchange| Output::Abort { exchange }));
        out.extend(self.socket.take().map(|socket| Output::SocketClose { socket }));
        self.queue = Queue::default();
        (self.open, self.watch) = (None, None);
    }

    fn poll_again(&mut self, out: &mut Vec<Output>) {
        if self.poll.is_none() {
            self.ask(out);
        }
    }

    fn post_queue(&mut self, out: &mut Vec<Output>) {
        if self.post.is_some() || self.queue.is_empty() {
            return;
        }
        let octets_max = self.open.as_ref().map_or(0, |open| open.max_payload);
        let (body, packets) = self.queue.take_body(usize::try_from(octets_max).unwrap_or(0));
        out.push(Output::Note(Note::Posted { packets }));
        self.post = Some(self.request("POST", body, out));
    }

    fn upgrade(&mut self, out: &mut Vec<Output>) {
        let Some(socket) = self.socket else { return };
        self.enter(Trigger::PollingPaused, out);
        let message = Packet::bare(Kind::Upgrade).to_message();
        out.push(Output::SocketSend { socket, message });
        out.push(Output::Indicate(Indication::Upgraded));
        if !self.queue.is_empty() {
            out.push(Output::Note(Note::Flushed { packets: self.queue.len() as u32 }));
        }
        self.flush(out);
    }

    /// All that waits goes over the WebSocket.
    fn flush(&mut self, out: &mut Vec<Output>) {
        let Some(socket) = self.socket else { return };
        while let Some(packet) = self.queue.pop() {
            out.push(Output::SocketSend { socket, message: packet.to_message() });
        }
    }

    fn request(&mut self, method: &'static str, body: Chunk, out: &mut Vec<Output>) -> u64 {
        let exchange = self.number();
        let query = self.query(Transport::Polling);
        out.push(Output::Request { exchange, method, query, body });
        exchange
    }

    fn query(&self, transport: Transport) -> String {
        handshake::query(transport, self.open.as_ref().map(|open| open.sid.as_str()))
    }

    const fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }
}
