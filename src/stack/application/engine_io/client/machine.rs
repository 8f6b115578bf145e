//! The machine: what happens, and to which part of the session.

use super::super::queue::Queue;
use super::super::{Kind, Note, Open, Packet, Transport, packet};
use super::{Config, Indication, Input, Output, State, Trigger};
use crate::base::{Chunk, Instant};
use crate::stack::Machine;
use crate::stack::application::Message;
use crate::stack::session::heartbeat::Watch;
use std::rc::Rc;

/// An Engine.IO client.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) config: Rc<Config>,
    pub(super) state: State,
    pub(super) open: Option<Open>,
    pub(super) watch: Option<Watch>,
    /// Packets that wait for a way out.
    pub(in super::super) queue: Queue,
    /// The GET under way.
    pub(in super::super) poll: Option<u64>,
    /// The POST under way.
    pub(in super::super) post: Option<u64>,
    /// The WebSocket that carries the session or is tried.
    pub(in super::super) socket: Option<u64>,
    /// How many exchanges and sockets there were.
    pub(in super::super) numbers: u64,
}

impl Client {
    /// A client without a session.
    pub fn new(config: impl Into<Rc<Config>>) -> Self {
        Self {
            config: config.into(),
            state: State::Closed,
            open: None,
            watch: None,
            queue: Queue::default(),
            poll: None,
            post: None,
            socket: None,
            numbers: 0,
        }
    }

    /// Where the session is.
    pub const fn state(&self) -> State {
        self.state
    }

    /// What the server said when the session opened.
    pub const fn open_packet(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    /// Whether a message would go out at once.
    pub const fn is_writable(&self) -> bool {
        match self.state {
            State::WebSocket => true,
            State::Polling | State::Probing => self.post.is_none(),
            State::Closed | State::Opening | State::Pausing | State::Closing => false,
        }
    }

    fn begin(&mut self, out: &mut Vec<Output>) {
        self.release(out);
        self.state = State::Closed;
        self.enter(Trigger::ProgramOpens, out);
        match self.config.transports.first() {
            Some(Transport::Polling) => self.ask(out),
            Some(Transport::WebSocket) => self.open_socket(out),
            None => self.end(Trigger::TransportFails, out),
        }
    }

    fn response(
        &mut self,
        now: Instant,
        exchange: u64,
        answer: Option<(u16, &Chunk)>,
        out: &mut Vec<Output>,
    ) {
        let (polled, posted) = (self.poll == Some(exchange), self.post == Some(exchange));
        if !polled && !posted {
            return;
        }
        let (poll, post) = (&mut self.poll, &mut self.post);
        *(if polled { poll } else { post }) = None;
        match answer {
            Some((200, body)) if polled => self.polled(now, body, out),
            Some((200, _)) => self.go_on(out),
            _ => self.end(Trigger::TransportFails, out),
        }
    }

    fn polled(&mut self, now: Instant, body: &Chunk, out: &mut Vec<Output>) {
        for packet in packet::packets_of(body) {
            match packet {
                Ok(packet) => self.take(now, packet, out),
                Err(_) => self.end(Trigger::MalformedArrives, out),
            }
            if self.state == State::Closed {
                return;
            }
        }
        self.go_on(out);
    }

    /// A packet over the transport that carries the session.
    fn take(&mut self, now: Instant, packet: Packet, out: &mut Vec<Output>) {
        if self.state == State::Opening {
            match packet.kind {
                Kind::Open => self.opened(now, &packet, out),
                Kind::Close => self.end(Trigger::PeerCloses, out),
                _ => self.end(Trigger::MalformedArrives, out),
            }
            return;
        }
        match packet.kind {
            Kind::Message => out.push(Output::Indicate(Indication::Message(packet.data))),
            Kind::Ping => {
                self.watch.iter_mut().for_each(|watch| watch.asked(now));
                out.push(Output::Note(Note::PongSent));
                self.send([Packet::bare(Kind::Pong)], out);
            }
            Kind::Close => self.end(Trigger::PeerCloses, out),
            Kind::Open | Kind::Pong | Kind::Upgrade | Kind::Noop => {}
        }
    }

    fn opened(&mut self, now: Instant, packet: &Packet, out: &mut Vec<Output>) {
        let json = packet.data.as_text().unwrap_or_default();
        let Ok(open) = Open::read(json) else { return self.end(Trigger::MalformedArrives, out) };
        self.watch = Some(Watch::new(now, open.ping_interval(), open.ping_timeout()));
        let sid = open.sid.clone();
        let offered = open.upgrades.iter().any(|name| name == Transport::WebSocket.name());
        let upgrade = offered
            && self.config.upgrade
            && self.config.transports.contains(&Transport::WebSocket);
        self.open = Some(open);
        if self.socket.is_some() {
            self.enter(Trigger::OpenByWebSocket, out);
            let transport = Transport::WebSocket;
            out.push(Output::Indicate(Indication::Opened { sid, transport }));
            self.go_on(out);
            return;
        }
        self.enter(Trigger::OpenByPolling, out);
        let transport = Transport::Polling;
        out.push(Output::Indicate(Indication::Opened { sid, transport }));
        if upgrade {
            self.enter(Trigger::ProbeBegins, out);
            self.open_socket(out);
        }
    }

    fn heard(&mut self, now: Instant, message: &Message, out: &mut Vec<Output>) {
        let packet = Packet::from_message(message);
        match (self.state, packet) {
            (State::Opening | State::WebSocket, Ok(packet)) => self.take(now, packet, out),
            (State::Opening | State::WebSocket, Err(_)) => self.end(Trigger::MalformedArrives, out),
            (State::Probing, Ok(packet)) if packet.is(Kind::Pong, "probe") => {
                self.enter(Trigger::ProbeAnswered, out);
                out.push(Output::Indicate(Indication::Upgrading));
                self.go_on(out);
            }
            _ => self.probe_failed(out),
        }
    }

    fn socket_opened(&self, socket: u64, out: &mut Vec<Output>) {
        if self.state == State::Probing {
            let message = Packet::text(Kind::Ping, "probe").to_message();
            out.push(Output::SocketSend { socket, message });
        }
    }

    fn socket_closed(&mut self, out: &mut Vec<Output>) {
        self.socket = None;
        match self.state {
            State::Opening => self.end(Trigger::TransportFails, out),
            State::WebSocket => self.end(Trigger::PeerCloses, out),
            _ => self.probe_failed(out),
        }
    }

    fn close(&mut self, out: &mut Vec<Output>) {
        match self.state {
            State::Closed | State::Closing => out.push(Output::Note(Note::NotOpen)),
            State::Opening | State::WebSocket => self.end(Trigger::ProgramCloses, out),
            State::Polling | State::Probing | State::Pausing => {
                if self.queue.is_empty() && self.post.is_none() {
                    self.say_close(out);
                    self.end(Trigger::ProgramCloses, out);
                    return;
                }
                out.extend(self.socket.take().map(|socket| Output::SocketClose { socket }));
                self.enter(Trigger::ProgramClosesBusy, out);
                self.go_on(out);
            }
        }
    }

    pub(super) fn enter(&mut self, on: Trigger, out: &mut Vec<Output>) {
        let from = self.state;
        let next = from.next(on);
        debug_assert!(next.is_some(), "no edge from {from} on {on:?}");
        if let Some(to) = next {
            self.state = to;
            out.push(Output::Note(Note::Client { from, to, on }));
        }
    }
}

impl Machine for Client {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Open => self.begin(out),
            Input::Response { exchange, status, body } => {
                self.response(now, exchange, Some((status, &body)), out);
            }
            Input::RequestFailed { exchange } => self.response(now, exchange, None, out),
            Input::SocketOpened { socket } if self.socket == Some(socket) => {
                self.socket_opened(socket, out);
            }
            Input::SocketMessage { socket, message } if self.socket == Some(socket) => {
                self.heard(now, &message, out);
            }
            Input::SocketClosed { socket } if self.socket == Some(socket) => {
                self.socket_closed(out);
            }
            // Of a WebSocket that does not matter any more.
            Input::SocketOpened { .. }
            | Input::SocketMessage { .. }
            | Input::SocketClosed { .. } => {}
            Input::Send { messages, volatile } => self.send_messages(messages, volatile, out),
            Input::Close => self.close(out),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.watch.map(|watch| watch.deadline())
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.end(Trigger::HeartbeatLost, out);
        }
    }
}
