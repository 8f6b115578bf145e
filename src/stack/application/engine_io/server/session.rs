//! One session: what comes from its client, what goes to it, and how it ends.

use super::super::queue::Queue;
use super::super::{Kind, Note, Open, Packet, Refusal, Transport, packet};
use super::respond::Exchange;
use super::{Config, Indication, Output, State, Trigger};
use crate::base::{Chunk, Instant};
use crate::stack::application::Message;
use crate::stack::session::heartbeat::{Beat, Heartbeat};
use crate::stack::session::id::SessionId;

/// What a session needs to act: the moment, the settings, where its outputs go.
pub(super) struct Context<'a> {
    pub(super) now: Instant,
    pub(super) config: &'a Config,
    pub(super) out: &'a mut Vec<Output>,
}

impl Context<'_> {
    pub(super) fn note(&mut self, note: Note) {
        self.out.push(Output::Note(note));
    }

    fn socket_send(&mut self, socket: u64, packet: &Packet) {
        self.out.push(Output::SocketSend { socket, message: packet.to_message() });
    }
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    id: SessionId,
    state: State,
    heartbeat: Heartbeat,
    /// Packets without a way out. Empty while a GET waits or a WebSocket carries the session.
    queue: Queue,
    /// The GET that waits.
    poll: Option<Exchange>,
    /// The WebSocket that carries the session or offers to.
    socket: Option<u64>,
    /// When an upgrade, or the wait for a last GET, has taken too long.
    until: Option<Instant>,
}

/// What the server must find the session by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Handles {
    pub(super) exchange: Option<u64>,
    pub(super) socket: Option<u64>,
    pub(super) deadline: Option<Instant>,
}

impl Session {
    pub(super) fn new(id: SessionId, now: Instant, config: &Config) -> Self {
        Self {
            id,
            state: State::Closed,
            heartbeat: Heartbeat::new(now, config.ping_interval, config.ping_timeout),
            queue: Queue::default(),
            poll: None,
            socket: None,
            until: None,
        }
    }

    pub(super) const fn state(&self) -> State {
        self.state
    }

    /// Whether a message would go out at once.
    pub(super) const fn is_writable(&self) -> bool {
        self.poll.is_some() || matches!(self.state, State::WebSocket)
    }

    pub(super) fn handles(&self) -> Handles {
        if self.state == State::Closed {
            return Handles::default();
        }
        let beat = self.heartbeat.deadline().filter(|_| self.state != State::Closing);
        Handles {
            exchange: self.poll.map(|exchange| exchange.number),
            socket: self.socket,
            deadline: beat.into_iter().chain(self.until).min(),
        }
    }

    /// The answer to a GET without an id.
    pub(super) fn open_by_polling(&mut self, exchange: Exchange, cx: &mut Context<'_>) {
        let upgrades: &[_] = if cx.config.websocket { &[Transport::WebSocket] } else { &[] };
        let body = packet::body_of(&[self.open_packet(upgrades, cx.config)]);
        self.enter(Trigger::HandshakeByPolling, cx);
        cx.out.push(exchange.packets(cx.config, body));
        cx.out.push(Output::Indicate(Indication::Opened { session: self.id }));
    }

    /// The first message to a WebSocket without an id.
    pub(super) fn open_by_socket(&mut self, socket: u64, cx: &mut Context<'_>) {
        self.socket = Some(socket);
        self.enter(Trigger::HandshakeByWebSocket, cx);
        cx.socket_send(socket, &self.open_packet(&[], cx.config));
        cx.out.push(Output::Indicate(Indication::Opened { session: self.id }));
    }

    fn open_packet(&self, upgrades: &[Transport], config: &Config) -> Packet {
        let times = (config.ping_interval, config.ping_timeout);
        let open = Open::new(self.id.as_str(), upgrades, times, config.max_payload.into());
        Packet::text(Kind::Open, &open.json())
    }

    /// A GET came: answered at once if there is something to say.
    pub(super) fn polled(&mut self, exchange: Exchange, cx: &mut Context<'_>) {
        if self.poll.is_some() {
            self.close(Trigger::Misbehaves, cx);
            cx.out.push(exchange.refuse(cx.config, Refusal::BadRequest));
            return;
        }
        self.poll = Some(exchange);
        match self.state {
            State::Closing => self.close(Trigger::CloseHeard, cx),
            // The client waits for this answer before it moves to its WebSocket.
            State::Probed if self.queue.is_empty() => self.end_poll(Kind::Noop, cx),
            _ if self.queue.is_empty() => cx.note(Note::PollWaits),
            _ => self.flush(cx),
        }
    }

    /// The body of a POST came.
    pub(super) fn posted(&mut self, exchange: Exchange, body: &Chunk, cx: &mut Context<'_>) {
        for packet in packet::packets_of(body) {
            if !self.state.is_open() {
                break;
            }
            let Ok(packet) = packet else {
                self.close(Trigger::MalformedArrives, cx);
                cx.out.push(exchange.refuse(cx.config, Refusal::BadRequest));
                return;
            };
            self.take(packet, cx);
        }
        cx.out.push(exchange.ok(cx.config));
    }

    /// The connection under the waiting GET is gone.
    pub(super) fn poll_lost(&mut self, cx: &mut Context<'_>) {
        self.poll = None;
        self.close(Trigger::TransportLost, cx);
    }

    /// A WebSocket with this session's id opened.
    pub(super) fn offered(&mut self, socket: u64, cx: &mut Context<'_>) {
        if self.state != State::Polling {
            cx.note(Note::SocketTooMany);
            cx.out.push(Output::SocketClose { socket });
            return;
        }
        self.socket = Some(socket);
        self.until = Some(cx.now + cx.config.upgrade_timeout);
        self.enter(Trigger::SocketOffered, cx);
    }

    /// A message came over the WebSocket.
    pub(super) fn heard(&mut self, message: &Message, cx: &mut Context<'_>) {
        let fits = message.octets().len() <= cx.config.max_payload as usize;
        let packet = Packet::from_message(message).ok().filter(|_| fits);
        let Some(socket) = self.socket else { return };
        match (self.state, packet) {
            (State::WebSocket, Some(packet)) => self.take(packet, cx),
            (State::WebSocket, None) => self.close(Trigger::MalformedArrives, cx),
            (State::Probing, Some(packet)) if packet.is(Kind::Ping, "probe") => {
                self.enter(Trigger::ProbeArrives, cx);
                cx.socket_send(socket, &Packet::text(Kind::Pong, "probe"));
                self.end_poll(Kind::Noop, cx);
            }
            (State::Probed, Some(packet)) if packet.is(Kind::Upgrade, "") => {
                self.upgrade(socket, cx);
            }
            _ => self.drop_candidate(cx),
        }
    }

    /// The WebSocket is gone.
    pub(super) fn socket_lost(&mut self, cx: &mut Context<'_>) {
        self.socket = None;
        if self.state == State::WebSocket {
            self.close(Trigger::TransportLost, cx);
        } else {
            self.drop_candidate(cx);
        }
    }

    /// The program sends.
    pub(super) fn send(&mut self, messages: Vec<Message>, volatile: bool, cx: &mut Context<'_>) {
        if !self.state.is_open() {
            cx.note(Note::NotOpen);
        } else if volatile && !self.is_writable() {
            cx.note(Note::VolatileDropped);
        } else {
            self.send_packets(messages.into_iter().map(Packet::message), cx);
        }
    }

    /// The program closes.
    pub(super) fn close_by_program(&mut self, cx: &mut Context<'_>) {
        if !self.state.is_open() {
            cx.note(Note::NotOpen);
        } else if self.is_writable() {
            self.close(Trigger::ProgramCloses, cx);
        } else {
            cx.out.extend(self.socket.take().map(|socket| Output::SocketClose { socket }));
            self.until = Some(cx.now + cx.config.close_timeout);
            self.enter(Trigger::ProgramClosesUnheard, cx);
        }
    }

    /// Time has reached the deadline.
    pub(super) fn on_deadline(&mut self, cx: &mut Context<'_>) {
        if self.until.is_some_and(|until| until <= cx.now) {
            match self.state {
                State::Closing => self.close(Trigger::CloseTimesOut, cx),
                _ => self.drop_candidate(cx),
            }
        }
        while self.state.is_open() {
            match self.heartbeat.on_deadline(cx.now) {
                None => break,
                Some(Beat::Lost) => self.close(Trigger::HeartbeatLost, cx),
                Some(Beat::Ping) => {
                    cx.note(Note::PingSent);
                    self.send_packets([Packet::bare(Kind::Ping)], cx);
                }
            }
        }
    }

    /// A packet over the transport that carries the session.
    fn take(&mut self, packet: Packet, cx: &mut Context<'_>) {
        match packet.kind {
            Kind::Message => {
                let (session, message) = (self.id, packet.data);
                cx.out.push(Output::Indicate(Indication::Message { session, message }));
            }
            Kind::Pong => self.heartbeat.answered(cx.now),
            Kind::Close => self.close(Trigger::PeerCloses, cx),
            // Since version 4 it is the server that pings.
            Kind::Ping => self.close(Trigger::Misbehaves, cx),
            Kind::Open | Kind::Upgrade | Kind::Noop => {}
        }
    }

    fn send_packets(&mut self, packets: impl IntoIterator<Item = Packet>, cx: &mut Context<'_>) {
        if let (State::WebSocket, Some(socket)) = (self.state, self.socket) {
            packets.into_iter().for_each(|packet| cx.socket_send(socket, &packet));
            return;
        }
        packets.into_iter().for_each(|packet| self.queue.push(packet));
        if self.queue.octets() > cx.config.queue_octets_max {
            self.close(Trigger::BufferFull, cx);
        } else if self.poll.is_some() {
            self.flush(cx);
        } else {
            cx.note(Note::Queued { packets: self.queue.len() as u32 });
        }
    }

    /// All that waits goes with the waiting GET.
    fn flush(&mut self, cx: &mut Context<'_>) {
        let Some(exchange) = self.poll.take() else { return };
        let (body, packets) = self.queue.take_body(0);
        cx.note(Note::Polled { packets });
        cx.out.push(exchange.packets(cx.config, body));
    }

    /// A waiting GET is answered by one more packet.
    fn end_poll(&mut self, kind: Kind, cx: &mut Context<'_>) {
        if self.poll.is_some() {
            self.queue.push(Packet::bare(kind));
            self.flush(cx);
        }
    }

    fn upgrade(&mut self, socket: u64, cx: &mut Context<'_>) {
        self.until = None;
        self.end_poll(Kind::Noop, cx);
        self.enter(Trigger::UpgradeArrives, cx);
        cx.out.push(Output::Indicate(Indication::Upgraded { session: self.id }));
        if !self.queue.is_empty() {
            cx.note(Note::Flushed { packets: self.queue.len() as u32 });
        }
        while let Some(packet) = self.queue.pop() {
            cx.socket_send(socket, &packet);
        }
    }

    fn drop_candidate(&mut self, cx: &mut Context<'_>) {
        self.until = None;
        cx.out.extend(self.socket.take().map(|socket| Output::SocketClose { socket }));
        self.enter(Trigger::ProbeFails, cx);
    }

    /// The end: whoever waits is told, by `6` if the client asked for it and by `1` if not.
    fn close(&mut self, on: Trigger, cx: &mut Context<'_>) {
        self.enter(on, cx);
        self.end_poll(if on == Trigger::PeerCloses { Kind::Noop } else { Kind::Close }, cx);
        cx.out.extend(self.socket.take().map(|socket| Output::SocketClose { socket }));
        let closed = Indication::Closed { session: self.id, reason: on.reason() };
        cx.out.push(Output::Indicate(closed));
    }

    fn enter(&mut self, on: Trigger, cx: &mut Context<'_>) {
        let from = self.state;
        let next = from.next(on);
        debug_assert!(next.is_some(), "no edge from {from} on {on:?}");
        if let Some(to) = next {
            self.state = to;
            cx.note(Note::Server { from, to, on });
        }
    }
}
