//! Events and acknowledgements of the program, and its rooms.

use super::super::packet::RESERVED;
use super::super::{Ack, Arguments, Misuse, Note, Packet};
use super::connect::send;
use super::machine::Server;
use super::{Output, Reach};
use crate::base::Instant;
use crate::stack::application::Message;
use crate::stack::session::id::SessionId;
use std::rc::Rc;

impl Server {
    /// An event for one client that need not be acknowledged.
    pub(super) fn emit(
        &mut self,
        now: Instant,
        socket: SessionId,
        name: &str,
        arguments: Arguments,
        volatile: bool,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        not_reserved(name)?;
        let found = self.connected(socket)?;
        let (session, namespace) = (found.session, Rc::clone(&found.namespace));
        let reach = Reach { namespace, rooms: vec![Rc::from(socket.as_str())], except: Vec::new() };
        let messages = self.encode(now, &reach, name, arguments, volatile);
        out.push(Output::EngineSend { session, messages, volatile });
        Ok(())
    }

    /// An event for one client that is to be acknowledged. It is not kept for recovery: who comes
    /// back could not know whether the first one was acknowledged.
    pub(super) fn ask(
        &mut self,
        now: Instant,
        id: SessionId,
        name: &str,
        arguments: Arguments,
        (volatile, ack): (bool, Ack),
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        not_reserved(name)?;
        self.connected(id)?;
        if self.acks.len() >= self.config.acks_max {
            return Err(Misuse::TooManyAcks);
        }
        let Some(socket) = self.sockets.get_mut(&id) else { return Err(Misuse::NotConnected) };
        let (session, namespace) = (socket.session, Rc::clone(&socket.namespace));
        let number = socket.next_id;
        socket.next_id += 1;
        self.acks.expect(now, id, number, ack);
        let messages = Packet::event(namespace, Some(number), name, arguments).encode();
        out.push(Output::EngineSend { session, messages, volatile });
        Ok(())
    }

    /// An event for many: written once, sent to each.
    pub(super) fn broadcast(
        &mut self,
        now: Instant,
        reach: &Reach,
        name: &str,
        arguments: Arguments,
        volatile: bool,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        not_reserved(name)?;
        let messages = self.encode(now, reach, name, arguments, volatile);
        let reached = self.rooms.reached(reach);
        out.push(Output::Note(Note::Broadcast { sockets: reached.len() as u32 }));
        for socket in reached {
            let Ok(socket) = self.connected(socket) else { continue };
            let (session, messages) = (socket.session, messages.clone());
            out.push(Output::EngineSend { session, messages, volatile });
        }
        Ok(())
    }

    /// The messages of an event; remembered, with its offset, for those who break off.
    fn encode(
        &mut self,
        now: Instant,
        reach: &Reach,
        name: &str,
        mut arguments: Arguments,
        volatile: bool,
    ) -> Vec<Message> {
        let memory = self.memory.as_mut().filter(|_| !volatile);
        if let Some(memory) = &memory {
            arguments.values.push(memory.next_offset().to_string().into());
        }
        let messages = Packet::event(Rc::clone(&reach.namespace), None, name, arguments).encode();
        if let Some(memory) = memory {
            memory.remember(now, reach.clone(), messages.clone());
        }
        messages
    }

    /// The answer to an event.
    pub(super) fn acknowledge(
        &self,
        socket: SessionId,
        id: u64,
        arguments: Arguments,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        let socket = self.connected(socket)?;
        let packet = Packet::ack(Rc::clone(&socket.namespace), id, arguments);
        out.push(send(socket.session, packet));
        Ok(())
    }

    pub(super) fn join(&mut self, socket: SessionId, room: &str) -> Result<(), Misuse> {
        let namespace = Rc::clone(&self.connected(socket)?.namespace);
        let room = Rc::from(room);
        let known = self.rooms.of(socket).any(|joined| *joined == room);
        if !known && self.rooms.of(socket).count() >= self.config.rooms_max {
            return Err(Misuse::TooManyRooms);
        }
        self.rooms.join(&namespace, socket, room);
        Ok(())
    }

    pub(super) fn leave_room(&mut self, socket: SessionId, room: &str) -> Result<(), Misuse> {
        let namespace = Rc::clone(&self.connected(socket)?.namespace);
        self.rooms.leave(&namespace, socket, &Rc::from(room));
        Ok(())
    }
}

/// No event may have a name that both ends use for themselves.
fn not_reserved(name: &str) -> Result<(), Misuse> {
    if RESERVED.contains(&name) { Err(Misuse::ReservedName) } else { Ok(()) }
}
