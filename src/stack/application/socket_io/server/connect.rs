//! Into a namespace and out of it.

use super::super::packet::MAIN;
use super::super::state::{State, Trigger};
use super::super::{Kind, Misuse, Note, Packet, Reason};
use super::machine::{Server, Socket};
use super::{Indication, Output};
use crate::base::Instant;
use crate::stack::application::Message;
use crate::stack::session::id::SessionId;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::rc::Rc;

impl Server {
    /// A client asks for a namespace.
    pub(super) fn connect(
        &mut self,
        now: Instant,
        session: SessionId,
        packet: Packet,
        out: &mut Vec<Output>,
    ) {
        let namespace = packet.namespace;
        if !self.config.namespaces.iter().any(|name| **name == *namespace) {
            out.push(Output::Note(Note::UnknownNamespace));
            let data = json!({"message": "Invalid namespace"});
            let error = Packet::new(Kind::ConnectError, namespace, Some(data));
            out.push(send(session, error));
            return;
        }
        let auth = packet.data.unwrap_or_else(|| Value::Object(Map::new()));
        let restored = self.restore(now, &namespace, &auth, out);
        let id = match &restored {
            Some(restored) => restored.socket,
            None => SessionId::draw(&mut self.rng),
        };
        let fresh = self.memory.as_ref().map(|_| SessionId::draw(&mut self.rng));
        let pid = restored.as_ref().map(|restored| restored.pid).or(fresh);
        let place = Rc::clone(&namespace);
        let mut socket = Socket { session, namespace: place, state: State::Away, pid, next_id: 0 };
        socket.enter(Trigger::Connect, out);
        self.sockets.insert(id, socket);
        if let Some(peer) = self.peers.get_mut(&session) {
            peer.sockets.insert(Rc::clone(&namespace), id);
        }
        if restored.is_some() {
            // Who was let in once is not asked about again.
            self.admit(id, restored, out);
            return;
        }
        let (socket, namespace) = (id, namespace.to_string());
        out.push(Output::Indicate(Indication::Connecting { socket, session, namespace, auth }));
    }

    /// What a client left behind, if it asks for that and it is still here.
    fn restore(
        &mut self,
        now: Instant,
        namespace: &str,
        auth: &Value,
        out: &mut Vec<Output>,
    ) -> Option<Restored> {
        let memory = self.memory.as_mut()?;
        let pid = SessionId::read(auth.get("pid")?.as_str()?)?;
        let offset = auth.get("offset").and_then(Value::as_str);
        let found = offset.and_then(|offset| memory.restore(now, namespace, pid, offset));
        let found = found.filter(|(broken, _)| !self.sockets.contains_key(&broken.socket));
        let Some((broken, missed)) = found else {
            out.push(Output::Note(Note::NotRecovered));
            return None;
        };
        Some(Restored { socket: broken.socket, pid, rooms: broken.rooms, missed })
    }

    /// The program lets a client in.
    pub(super) fn accept(
        &mut self,
        socket: SessionId,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        self.connecting(socket)?;
        self.admit(socket, None, out);
        Ok(())
    }

    fn admit(&mut self, id: SessionId, restored: Option<Restored>, out: &mut Vec<Output>) {
        let Some(socket) = self.sockets.get_mut(&id) else { return };
        socket.enter(Trigger::Accepted, out);
        let (session, namespace) = (socket.session, Rc::clone(&socket.namespace));
        let mut data = json!({"sid": id.as_str()});
        if let Some(pid) = socket.pid {
            data["pid"] = pid.as_str().into();
        }
        if let Some(peer) = self.peers.get_mut(&session) {
            peer.until.take().map(|until| self.timers.remove(&(until, session)));
        }
        out.push(send(session, Packet::new(Kind::Connect, Rc::clone(&namespace), Some(data))));
        let recovered = restored.is_some();
        let (rooms, missed) = restored.map(|it| (it.rooms, it.missed)).unwrap_or_default();
        self.rooms.enter(&namespace, id, rooms);
        if recovered {
            out.push(Output::Note(Note::Recovered { missed: missed.len() as u32 }));
        }
        for messages in missed {
            out.push(Output::EngineSend { session, messages, volatile: false });
        }
        let namespace = namespace.to_string();
        let connected = Indication::Connected { socket: id, session, namespace, recovered };
        out.push(Output::Indicate(connected));
    }

    /// The program does not let a client in.
    pub(super) fn refuse(
        &mut self,
        id: SessionId,
        message: &str,
        data: Option<Value>,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        self.connecting(id)?;
        let Some(mut socket) = self.sockets.remove(&id) else { return Ok(()) };
        socket.enter(Trigger::Refused, out);
        if let Some(peer) = self.peers.get_mut(&socket.session) {
            peer.sockets.remove(&socket.namespace);
        }
        let mut error = json!({"message": message});
        if let Some(data) = data {
            error["data"] = data;
        }
        let packet = Packet::new(Kind::ConnectError, socket.namespace, Some(error));
        out.push(send(socket.session, packet));
        Ok(())
    }

    /// The program sends a client out.
    pub(super) fn disconnect(
        &mut self,
        id: SessionId,
        close: bool,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        let session = self.connected(id)?.session;
        let sockets: Vec<SessionId> = match self.peers.get(&session) {
            Some(peer) if close => peer.sockets.values().copied().collect(),
            _ => vec![id],
        };
        for id in sockets {
            if let Ok(socket) = self.connected(id) {
                let namespace = Rc::clone(&socket.namespace);
                out.push(send(session, Packet::new(Kind::Disconnect, namespace, None)));
            }
            self.leave(id, Trigger::Leaves, Reason::ServerNamespace, out);
        }
        if close {
            self.forget(session, Reason::ServerNamespace, out);
            out.push(Output::EngineClose { session });
        }
        Ok(())
    }

    fn connecting(&self, socket: SessionId) -> Result<(), Misuse> {
        let found = self.sockets.get(&socket).filter(|socket| socket.state == State::Connecting);
        found.map(|_| ()).ok_or(Misuse::NotConnected)
    }
}

/// A connection that is taken up again.
struct Restored {
    socket: SessionId,
    pid: SessionId,
    rooms: BTreeSet<Rc<str>>,
    missed: Vec<Vec<Message>>,
}

/// A packet for a session.
pub(super) fn send(session: SessionId, packet: Packet) -> Output {
    debug_assert!(packet.namespace.starts_with(MAIN));
    Output::EngineSend { session, messages: packet.encode(), volatile: false }
}
