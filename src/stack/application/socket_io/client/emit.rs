//! What the program says: events at once or when there is a connection, and acknowledgements.

use super::super::packet::RESERVED;
use super::super::state::State as SocketState;
use super::super::{Ack, Arguments, Misuse, Note, Packet};
use super::Output;
use super::machine::{Buffered, Client};
use crate::base::Instant;
use std::rc::Rc;

impl Client {
    /// An event.
    pub(super) fn emit(
        &mut self,
        now: Instant,
        namespace: &Rc<str>,
        (name, arguments): (&str, Arguments),
        volatile: bool,
        ack: Option<Ack>,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        if RESERVED.contains(&name) {
            return Err(Misuse::ReservedName);
        }
        if ack.is_some() && self.acks.len() >= self.config.acks_max {
            return Err(Misuse::TooManyAcks);
        }
        let socket = self.sockets.get_mut(namespace).ok_or(Misuse::NotConnected)?;
        let is_connected = socket.state == SocketState::Connected;
        if volatile && !is_connected {
            out.push(Output::Note(Note::VolatileDropped));
            return Ok(());
        }
        let id = ack.map(|_| socket.next_id);
        let messages = Packet::event(Rc::clone(namespace), id, name, arguments).encode();
        if is_connected {
            out.push(Output::EngineSend { messages, volatile });
        } else {
            let octets = messages.iter().map(|message| message.octets().len()).sum();
            let octets_all = self.buffered_octets + octets;
            if socket.buffer.len() >= self.config.buffer_max
                || octets_all > self.config.buffer_octets_max
            {
                return Err(Misuse::BufferFull);
            }
            self.buffered_octets = octets_all;
            socket.buffer.push_back(Buffered { id, messages, octets });
            out.push(Output::Note(Note::Buffered { packets: socket.buffer.len() as u32 }));
        }
        if let Some((id, ack)) = id.zip(ack) {
            socket.next_id += 1;
            self.acks.expect(now, Rc::clone(namespace), id, ack);
        }
        Ok(())
    }

    /// The answer to an event.
    pub(super) fn acknowledge(
        &mut self,
        namespace: Rc<str>,
        id: u64,
        arguments: Arguments,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        self.connected(&namespace)?;
        let messages = Packet::ack(namespace, id, arguments).encode();
        out.push(Output::EngineSend { messages, volatile: false });
        Ok(())
    }

    /// Nobody waits for its acknowledgement any more, so it need not be sent either.
    pub(super) fn forget_buffered(&mut self, namespace: &Rc<str>, id: u64) {
        let Some(socket) = self.sockets.get_mut(namespace) else { return };
        if let Some(at) = socket.buffer.iter().position(|buffered| buffered.id == Some(id)) {
            self.buffered_octets -= socket.buffer.remove(at).map_or(0, |buffered| buffered.octets);
        }
    }
}
