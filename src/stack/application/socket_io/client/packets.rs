//! What the server says.

use super::super::state::{State as SocketState, Trigger as SocketTrigger};
use super::super::{Kind, Note, Packet, Reason, Violation};
use super::machine::{Client, Socket};
use super::{Indication, Output};
use crate::base::Instant;
use crate::stack::application::Message;
use serde_json::Value;
use std::rc::Rc;

impl Client {
    /// A message came.
    pub(super) fn heard(&mut self, now: Instant, message: &Message, out: &mut Vec<Output>) {
        let packet = match self.decoder.add(message) {
            Ok(Some(packet)) => packet,
            Ok(None) => {
                let count = self.decoder.due() as u32;
                out.push(Output::Note(Note::AttachmentsDue { count }));
                return;
            }
            Err(violation) => return self.violated(now, violation, out),
        };
        // Of a namespace that we have left already.
        let Some(socket) = self.sockets.get_mut(&packet.namespace) else { return };
        match (socket.state, packet.kind) {
            (SocketState::Away, _) => {}
            (SocketState::Connecting, Kind::Connect) => {
                if let Err(violation) = self.let_in(&packet, out) {
                    self.violated(now, violation, out);
                }
            }
            (SocketState::Connecting, Kind::ConnectError) => self.refused(packet, out),
            (SocketState::Connecting, Kind::Event) => {
                if socket.early.len() < self.config.buffer_max {
                    socket.early.push_back(packet);
                } else {
                    out.push(Output::Note(Note::EarlyDropped));
                }
            }
            (SocketState::Connected, Kind::Event) => event(socket, packet, out),
            (SocketState::Connected, Kind::Ack) => self.acknowledged(packet, out),
            (SocketState::Connected, Kind::Disconnect) => {
                socket.wanted = false;
                let (on, reason) = (SocketTrigger::Leaves, Reason::ServerNamespace);
                self.left(&packet.namespace, on, reason, out);
                self.close_if_unwanted(out);
            }
            (SocketState::Connecting | SocketState::Connected, _) => {
                self.violated(now, Violation::InvalidState, out);
            }
        }
    }

    /// The server let us into a namespace.
    fn let_in(&mut self, packet: &Packet, out: &mut Vec<Output>) -> Result<(), Violation> {
        let text = |key| packet.data.as_ref()?.get(key)?.as_str();
        let sid = text("sid").ok_or(Violation::BadPayload)?.to_owned();
        let pid = text("pid").map(str::to_owned);
        let Some(socket) = self.sockets.get_mut(&packet.namespace) else { return Ok(()) };
        socket.enter(SocketTrigger::Accepted, out);
        if !socket.wanted {
            self.leave(&packet.namespace, out);
            return Ok(());
        }
        let recovered = pid.is_some() && socket.pid == pid;
        if !recovered {
            socket.offset = None;
        }
        (socket.pid, socket.sid) = (pid, Some(sid.clone()));
        let namespace = packet.namespace.to_string();
        out.push(Output::Indicate(Indication::Connected { namespace, sid, recovered }));
        while let Some(early) = socket.early.pop_front() {
            event(socket, early, out);
        }
        let packets = socket.buffer.len() as u32;
        if packets > 0 {
            out.push(Output::Note(Note::Flushed { packets }));
        }
        for buffered in socket.buffer.drain(..) {
            self.buffered_octets -= buffered.octets;
            out.push(Output::EngineSend { messages: buffered.messages, volatile: false });
        }
        Ok(())
    }

    /// The server does not let us in; it need not be asked again.
    fn refused(&mut self, packet: Packet, out: &mut Vec<Output>) {
        let Some(socket) = self.sockets.get_mut(&packet.namespace) else { return };
        socket.enter(SocketTrigger::Refused, out);
        socket.wanted = false;
        socket.early.clear();
        let namespace = packet.namespace.to_string();
        let (message, data) = match packet.data {
            Some(Value::String(message)) => (message, None),
            Some(Value::Object(mut error)) => {
                let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
                (message.to_owned(), error.remove("data"))
            }
            _ => (String::new(), None),
        };
        out.push(Output::Indicate(Indication::ConnectError { namespace, message, data }));
        self.close_if_unwanted(out);
    }

    fn acknowledged(&mut self, packet: Packet, out: &mut Vec<Output>) {
        let Some(id) = packet.id else { return };
        let Some(token) = self.acks.take(Rc::clone(&packet.namespace), id) else {
            return out.push(Output::Note(Note::UnknownAck { id }));
        };
        let namespace = packet.namespace.to_string();
        let arguments = packet.into_arguments();
        out.push(Output::Indicate(Indication::Acknowledged { namespace, token, arguments }));
    }

    /// The server broke a rule: the session ends, and another may follow.
    fn violated(&mut self, now: Instant, violation: Violation, out: &mut Vec<Output>) {
        out.push(Output::Note(Note::Violation(violation)));
        out.push(Output::EngineClose);
        self.lost(now, Reason::Violation(violation), out);
    }
}

/// An event for the program. Where the server recovers connections, a last argument of text is
/// the event's offset; the program gets it too, as no mark tells it from an argument.
fn event(socket: &mut Socket, packet: Packet, out: &mut Vec<Output>) {
    let (namespace, ack) = (packet.namespace.to_string(), packet.id);
    let Ok((name, arguments)) = packet.into_event() else { return };
    if let (Some(_), Some(Value::String(offset))) = (&socket.pid, arguments.values.last()) {
        socket.offset = Some(offset.clone());
    }
    out.push(Output::Indicate(Indication::Event { namespace, name, arguments, ack }));
}
