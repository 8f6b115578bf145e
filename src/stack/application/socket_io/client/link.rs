//! The link: opening it, losing it, waiting, and opening it again.

use super::super::state::{State as SocketState, Trigger as SocketTrigger};
use super::super::{Decoder, Kind, Misuse, Note, Packet, Reason};
use super::machine::Client;
use super::{Indication, Output, State, Trigger};
use crate::base::Instant;
use crate::stack::application::engine_io;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Client {
    /// The program wants to be in a namespace.
    pub(super) fn connect(
        &mut self,
        now: Instant,
        namespace: &Rc<str>,
        auth: Option<Value>,
        out: &mut Vec<Output>,
    ) {
        let socket = self.sockets.entry(Rc::clone(namespace)).or_default();
        if socket.wanted {
            return;
        }
        (socket.wanted, socket.auth) = (true, auth);
        match self.state {
            State::Closed => {
                self.backoff.reset();
                self.open(now, Trigger::Wanted, out);
            }
            // One that is still being answered was wanted before, and is so again.
            State::Open if socket.state == SocketState::Away => self.ask_in(namespace, out),
            State::Open | State::Opening | State::Waiting => {}
        }
    }

    /// The program leaves a namespace.
    pub(super) fn disconnect(
        &mut self,
        namespace: &Rc<str>,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        let socket = self.sockets.get_mut(namespace).filter(|socket| socket.wanted);
        let socket = socket.ok_or(Misuse::NotConnected)?;
        socket.wanted = false;
        // While the server has not answered, DISCONNECT would break its rules: it follows the answer.
        if socket.state == SocketState::Connected {
            self.leave(namespace, out);
        }
        self.close_if_unwanted(out);
        Ok(())
    }

    /// Leaves a namespace that we are in.
    pub(super) fn leave(&mut self, namespace: &Rc<str>, out: &mut Vec<Output>) {
        let packet = Packet::new(Kind::Disconnect, Rc::clone(namespace), None);
        out.push(Output::EngineSend { messages: packet.encode(), volatile: false });
        self.left(namespace, SocketTrigger::Leaves, Reason::ClientNamespace, out);
    }

    /// The Engine.IO client says something.
    pub(super) fn engine(
        &mut self,
        now: Instant,
        indication: engine_io::client::Indication,
        out: &mut Vec<Output>,
    ) {
        use engine_io::client::Indication as Engine;
        match (indication, self.state) {
            (Engine::Opened { .. }, State::Opening) => self.opened(out),
            (Engine::Message(message), State::Open) => self.heard(now, &message, out),
            (Engine::Closed(reason), State::Opening | State::Open) => {
                self.lost(now, Reason::Engine(reason), out);
            }
            // Of a session that does not matter any more, or of its upgrade.
            (
                Engine::Opened { .. }
                | Engine::Message(_)
                | Engine::Closed(_)
                | Engine::Upgrading
                | Engine::Upgraded,
                _,
            ) => {}
        }
    }

    fn open(&mut self, now: Instant, on: Trigger, out: &mut Vec<Output>) {
        self.enter(on, out);
        self.until = Some(now + self.config.open_timeout);
        out.push(Output::EngineOpen);
    }

    fn opened(&mut self, out: &mut Vec<Output>) {
        self.enter(Trigger::Opened, out);
        self.backoff.reset();
        self.decoder = Decoder::new(self.config.limits);
        let wanted = self.sockets.iter().filter(|(_, socket)| socket.wanted);
        let wanted: Vec<Rc<str>> = wanted.map(|(namespace, _)| Rc::clone(namespace)).collect();
        for namespace in wanted {
            self.ask_in(&namespace, out);
        }
    }

    /// Sends CONNECT, with what the program says of itself and what the server may know it by.
    fn ask_in(&mut self, namespace: &Rc<str>, out: &mut Vec<Output>) {
        let Some(socket) = self.sockets.get_mut(namespace) else { return };
        socket.enter(SocketTrigger::Connect, out);
        let mut data = socket.auth.clone();
        if let Some(pid) = &socket.pid {
            let mut known = Map::new();
            known.insert("pid".into(), pid.as_str().into());
            known.extend(socket.offset.as_ref().map(|it| ("offset".into(), it.as_str().into())));
            if let Some(Value::Object(auth)) = data.take() {
                known.extend(auth);
            }
            data = Some(Value::Object(known));
        }
        let packet = Packet::new(Kind::Connect, Rc::clone(namespace), data);
        out.push(Output::EngineSend { messages: packet.encode(), volatile: false });
    }

    /// The time for opening, or for waiting, is over.
    pub(super) fn due(&mut self, now: Instant, out: &mut Vec<Output>) {
        match self.state {
            State::Waiting => self.open(now, Trigger::WaitOver, out),
            State::Opening => {
                out.push(Output::EngineClose);
                self.lost(now, Reason::Engine(engine_io::Reason::TransportError), out);
            }
            State::Closed | State::Open => self.until = None,
        }
    }

    /// The session is over, or did not come about.
    pub(super) fn lost(&mut self, now: Instant, reason: Reason, out: &mut Vec<Output>) {
        let was_open = self.state == State::Open;
        let namespaces: Vec<Rc<str>> = self.sockets.keys().cloned().collect();
        for namespace in namespaces {
            let Some(socket) = self.sockets.get(&namespace) else { continue };
            if socket.state != SocketState::Away {
                self.left(&namespace, SocketTrigger::Lost, reason, out);
            } else if socket.wanted && !was_open {
                let (namespace, message) = (namespace.to_string(), reason.to_string());
                let data = None;
                let error = Indication::ConnectError { namespace, message, data };
                out.push(Output::Indicate(error));
            }
        }
        let next = self.config.reconnection.and_then(|_| self.backoff.next_wait());
        let Some(wait) = next else {
            self.enter(Trigger::GivesUp, out);
            self.sockets.values_mut().for_each(|socket| socket.wanted = false);
            if self.config.reconnection.is_some() {
                out.push(Output::Note(Note::GaveUp { attempts: self.backoff.attempts() }));
                out.push(Output::Indicate(Indication::ReconnectFailed));
            }
            return;
        };
        self.enter(Trigger::Broken, out);
        self.until = Some(now + wait);
        let attempt = self.backoff.attempts();
        out.push(Output::Note(Note::Waits { attempt, wait }));
        out.push(Output::Indicate(Indication::Reconnecting { attempt, wait }));
    }

    /// A namespace is over. What waits to be sent stays; acknowledgements of what was sent cannot
    /// come any more.
    pub(super) fn left(
        &mut self,
        namespace: &Rc<str>,
        on: SocketTrigger,
        reason: Reason,
        out: &mut Vec<Output>,
    ) {
        let Some(socket) = self.sockets.get_mut(namespace) else { return };
        let was_connected = socket.state == SocketState::Connected;
        socket.enter(on, out);
        socket.sid = None;
        socket.early.clear();
        let waits: BTreeSet<u64> = socket.buffer.iter().filter_map(|it| it.id).collect();
        let lost = self.acks.lose(namespace, |id| waits.contains(&id));
        let name = || namespace.to_string();
        out.extend(
            lost.into_iter()
                .map(|token| Output::Indicate(Indication::AckLost { namespace: name(), token })),
        );
        if was_connected {
            let disconnected = Indication::Disconnected { namespace: name(), reason };
            out.push(Output::Indicate(disconnected));
        }
    }

    /// Without a namespace that is wanted there is no use for a session.
    pub(super) fn close_if_unwanted(&mut self, out: &mut Vec<Output>) {
        if self.state == State::Closed || self.sockets.values().any(|socket| socket.wanted) {
            return;
        }
        if self.state != State::Waiting {
            out.push(Output::EngineClose);
        }
        self.enter(Trigger::Unwanted, out);
        let asked = self.sockets.iter().filter(|(_, it)| it.state != SocketState::Away);
        let asked: Vec<Rc<str>> = asked.map(|(namespace, _)| Rc::clone(namespace)).collect();
        for namespace in asked {
            self.left(&namespace, SocketTrigger::Leaves, Reason::ClientNamespace, out);
        }
    }
}
