//! The machine: what Engine.IO says and what the program calls, and whom it concerns.

use super::super::acks::Acks;
use super::super::state::{State, Trigger};
use super::super::{Decoder, Kind, Misuse, Note, Packet, Reason, Violation};
use super::recovery::{Broken, Memory};
use super::rooms::Rooms;
use super::{Config, Indication, Input, Output};
use crate::base::{Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::{Message, engine_io};
use crate::stack::session::id::SessionId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A Socket.IO server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) config: Rc<Config>,
    pub(super) rng: Rng,
    pub(super) peers: BTreeMap<SessionId, Peer>,
    pub(super) sockets: BTreeMap<SessionId, Socket>,
    pub(super) rooms: Rooms,
    pub(super) acks: Acks<SessionId>,
    /// When the peers that are in no namespace have taken too long.
    pub(super) timers: BTreeSet<(Instant, SessionId)>,
    pub(super) memory: Option<Memory>,
}

/// An Engine.IO session.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) decoder: Decoder,
    pub(super) sockets: BTreeMap<Rc<str>, SessionId>,
    pub(super) until: Option<Instant>,
}

/// A client in a namespace.
#[derive(Clone, Debug)]
pub(super) struct Socket {
    pub(super) session: SessionId,
    pub(super) namespace: Rc<str>,
    pub(super) state: State,
    /// The secret by which it can come back.
    pub(super) pid: Option<SessionId>,
    pub(super) next_id: u64,
}

impl Server {
    /// A server without clients; ids come from `rng`.
    pub fn new(config: impl Into<Rc<Config>>, rng: Rng) -> Self {
        let config = config.into();
        Self {
            memory: config.recovery.map(Memory::new),
            config,
            rng,
            peers: BTreeMap::new(),
            sockets: BTreeMap::new(),
            rooms: Rooms::default(),
            acks: Acks::new(),
            timers: BTreeSet::new(),
        }
    }

    /// There is one more namespace from now on; nothing happens if there was.
    pub fn add_namespace(&mut self, name: String) {
        if !self.config.namespaces.contains(&name) {
            Rc::make_mut(&mut self.config).namespaces.push(name);
        }
    }

    /// The clients in a namespace or about to be, with their states, in the order of their ids.
    pub fn sockets(&self) -> impl Iterator<Item = (SessionId, &str, State)> {
        self.sockets.iter().map(|(id, socket)| (*id, &*socket.namespace, socket.state))
    }

    /// The rooms that a client is in, without that of its own id.
    pub fn rooms(&self, socket: SessionId) -> impl Iterator<Item = &str> {
        self.rooms.of(socket).map(|room| &**room)
    }

    fn heard(
        &mut self,
        now: Instant,
        session: SessionId,
        message: &Message,
        out: &mut Vec<Output>,
    ) {
        let Some(peer) = self.peers.get_mut(&session) else { return };
        let packet = match peer.decoder.add(message) {
            Ok(Some(packet)) => packet,
            Ok(None) => {
                let count = peer.decoder.due() as u32;
                out.push(Output::Note(Note::AttachmentsDue { count }));
                return;
            }
            Err(violation) => return self.violated(session, violation, out),
        };
        let known = peer.sockets.get(&packet.namespace).copied();
        let state = known.and_then(|socket| self.sockets.get(&socket)).map(|socket| socket.state);
        match (known, packet.kind) {
            (None, Kind::Connect) => self.connect(now, session, packet, out),
            (Some(socket), kind) if state == Some(State::Connected) => match kind {
                Kind::Event => event(socket, packet, out),
                Kind::Ack => self.acknowledged(socket, packet, out),
                Kind::Disconnect => {
                    self.leave(socket, Trigger::Leaves, Reason::ClientNamespace, out);
                }
                Kind::Connect | Kind::ConnectError => {
                    self.violated(session, Violation::InvalidState, out);
                }
            },
            _ => self.violated(session, Violation::InvalidState, out),
        }
    }

    fn acknowledged(&mut self, socket: SessionId, packet: Packet, out: &mut Vec<Output>) {
        let Some(id) = packet.id else { return };
        let Some(token) = self.acks.take(socket, id) else {
            return out.push(Output::Note(Note::UnknownAck { id }));
        };
        let arguments = packet.into_arguments();
        out.push(Output::Indicate(Indication::Acknowledged { socket, token, arguments }));
    }

    /// The peer broke a rule: all is over.
    fn violated(&mut self, session: SessionId, violation: Violation, out: &mut Vec<Output>) {
        out.push(Output::Note(Note::Violation(violation)));
        self.forget(session, Reason::Violation(violation), out);
        out.push(Output::EngineClose { session });
    }

    /// A session is over, and with it all its connections.
    pub(super) fn forget(&mut self, session: SessionId, reason: Reason, out: &mut Vec<Output>) {
        let Some(peer) = self.peers.remove(&session) else { return };
        peer.until.map(|until| self.timers.remove(&(until, session)));
        for socket in peer.sockets.into_values() {
            self.leave(socket, Trigger::Lost, reason, out);
        }
    }

    /// A connection is over.
    pub(super) fn leave(
        &mut self,
        id: SessionId,
        on: Trigger,
        reason: Reason,
        out: &mut Vec<Output>,
    ) {
        let Some(mut socket) = self.sockets.remove(&id) else { return };
        socket.enter(on, out);
        if let Some(peer) = self.peers.get_mut(&socket.session) {
            peer.sockets.remove(&socket.namespace);
        }
        self.rooms.exit(&socket.namespace, id);
        for token in self.acks.lose(&id, |_| false) {
            out.push(Output::Indicate(Indication::AckLost { socket: id, token }));
        }
        out.push(Output::Indicate(Indication::Disconnected { socket: id, reason }));
    }

    /// Engine.IO says that a session is over: its connections may be taken up again.
    fn engine_closed(
        &mut self,
        now: Instant,
        session: SessionId,
        reason: engine_io::Reason,
        out: &mut Vec<Output>,
    ) {
        let sockets = self.peers.get(&session).into_iter().flat_map(|peer| peer.sockets.values());
        if let Some(memory) = &mut self.memory {
            for id in sockets {
                let Some(socket) = self.sockets.get(id) else { continue };
                if let (State::Connected, Some(pid)) = (socket.state, socket.pid) {
                    let namespace = Rc::clone(&socket.namespace);
                    let rooms = self.rooms.exit(&namespace, *id);
                    memory.keep(now, pid, Broken { socket: *id, namespace, rooms });
                }
            }
        }
        self.forget(session, Reason::Engine(reason), out);
    }

    fn engine(
        &mut self,
        now: Instant,
        indication: engine_io::server::Indication,
        out: &mut Vec<Output>,
    ) {
        use engine_io::server::Indication as Engine;
        match indication {
            Engine::Opened { session } if !self.peers.contains_key(&session) => {
                let until = Some(now + self.config.connect_timeout);
                self.timers.extend(until.map(|until| (until, session)));
                let (decoder, sockets) = (Decoder::new(self.config.limits), BTreeMap::new());
                self.peers.insert(session, Peer { decoder, sockets, until });
            }
            Engine::Message { session, message } => self.heard(now, session, &message, out),
            Engine::Closed { session, reason } => self.engine_closed(now, session, reason, out),
            Engine::Opened { .. } | Engine::Upgraded { .. } => {}
        }
    }
}

fn event(socket: SessionId, packet: Packet, out: &mut Vec<Output>) {
    let ack = packet.id;
    if let Ok((name, arguments)) = packet.into_event() {
        out.push(Output::Indicate(Indication::Event { socket, name, arguments, ack }));
    }
}

impl Socket {
    pub(super) fn enter(&mut self, on: Trigger, out: &mut Vec<Output>) {
        let from = self.state;
        let next = from.next(on);
        debug_assert!(next.is_some(), "no edge from {from} on {on:?}");
        if let Some(to) = next {
            self.state = to;
            out.push(Output::Note(Note::Socket { from, to, on }));
        }
    }
}

impl Machine for Server {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        let done = match input {
            Input::Engine(indication) => {
                self.engine(now, indication, out);
                Ok(())
            }
            Input::Accept { socket } => self.accept(socket, out),
            Input::Refuse { socket, message, data } => self.refuse(socket, &message, data, out),
            Input::Emit { socket, name, arguments, volatile, ack } => match ack {
                Some(ack) => self.ask(now, socket, &name, arguments, (volatile, ack), out),
                None => self.emit(now, socket, &name, arguments, volatile, out),
            },
            Input::Broadcast { reach, name, arguments, volatile } => {
                self.broadcast(now, &reach, &name, arguments, volatile, out)
            }
            Input::Acknowledge { socket, id, arguments } => {
                self.acknowledge(socket, id, arguments, out)
            }
            Input::Join { socket, room } => self.join(socket, &room),
            Input::Leave { socket, room } => self.leave_room(socket, &room),
            Input::Disconnect { socket, close } => self.disconnect(socket, close, out),
        };
        if let Err(misuse) = done {
            out.push(Output::Indicate(Indication::Misuse(misuse)));
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|timer| timer.0).into_iter().chain(self.acks.deadline()).min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        while let Some((socket, id, token)) = self.acks.expire(now) {
            out.push(Output::Note(Note::AckTimedOut { id }));
            out.push(Output::Indicate(Indication::AckTimedOut { socket, token }));
        }
        while let Some(&(until, session)) = self.timers.first() {
            if until > now {
                return;
            }
            out.push(Output::Note(Note::ConnectTimedOut));
            let reason = Reason::Engine(engine_io::Reason::ForcedClose);
            self.forget(session, reason, out);
            out.push(Output::EngineClose { session });
        }
    }
}

impl Server {
    /// A client that is in its namespace.
    pub(super) fn connected(&self, socket: SessionId) -> Result<&Socket, Misuse> {
        let found = self.sockets.get(&socket).filter(|socket| socket.state == State::Connected);
        found.ok_or(Misuse::NotConnected)
    }
}
