//! What a program can ask of its host: the sockets' interface, timers, and what it tells the
//! learner. A [`Desk`] is a program's only way to the host, and through it to the world.

use super::program::NetworkError;
use super::sockets::Kind;
use super::{Context, Host};
use crate::base::{Chunk, Duration, Instant, SocketId};
use crate::stack::Layer;
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::{Connection, Input};
use crate::trace::{Fact, ProgramNote};
use std::net::Ipv4Addr;

/// Where a program makes its calls.
pub(super) struct Desk<'a, 'b> {
    pub(super) host: &'a mut Host,
    pub(super) context: &'a mut Context<'b>,
    /// The calling program's place.
    pub(super) program: u16,
}

impl Desk<'_, '_> {
    /// The simulated time.
    pub(super) const fn now(&self) -> Instant {
        self.context.now
    }

    /// Tells the learner.
    pub(super) fn say(&mut self, note: ProgramNote) {
        let program = self.program;
        self.context.say(Layer::Application, Fact::Program { program, note });
    }

    /// Tells the learner that a connection is open.
    pub(super) fn say_connected(&mut self, id: SocketId) {
        if let Some(remote) = self.host.sockets.get(id).map(|socket| socket.remote) {
            self.say(ProgramNote::Connected(remote));
        }
    }

    /// Asks to be called after so long; a later request replaces an earlier one.
    pub(super) fn wake_after(&mut self, wait: Duration) {
        self.wake_at(self.context.now + wait);
    }

    /// Asks to be called then.
    pub(super) fn wake_at(&mut self, at: Instant) {
        self.host.call_program(self.program, at);
    }

    /// Listens for TCP connections.
    pub(super) fn listen(&mut self, port: u16, backlog: u16) -> Option<SocketId> {
        let local = Endpoint::new(Ipv4Addr::UNSPECIFIED, port);
        let kind = Kind::Listener { backlog, waiting: 0 };
        let opened = self.host.sockets.add(self.program, local, Endpoint::UNSPECIFIED, kind);
        self.say(match opened {
            Some(_) => ProgramNote::Listens(port),
            None => ProgramNote::Failed("the port is taken"),
        });
        opened
    }

    /// A port on which nobody listens.
    pub(super) fn free_listening_port(&mut self) -> Option<u16> {
        let sockets = &mut self.host.sockets;
        (0..=u16::MAX).find_map(|_| {
            let port = sockets.free_port(Ipv4Addr::UNSPECIFIED, None)?;
            sockets.listener(port).is_none().then_some(port)
        })
    }

    /// Listens no more. Connections that were not accepted yet stay as they are.
    pub(super) fn release(&mut self, listener: SocketId) {
        self.host.sockets.remove(listener);
    }

    /// This end of a connection.
    pub(super) fn local(&self, id: SocketId) -> Endpoint {
        self.host.sockets.get(id).map_or(Endpoint::UNSPECIFIED, |socket| socket.local)
    }

    /// The other end of a connection.
    pub(super) fn remote(&self, id: SocketId) -> Endpoint {
        self.host.sockets.get(id).map_or(Endpoint::UNSPECIFIED, |socket| socket.remote)
    }

    /// Opens a TCP connection; what becomes of it the program is told later.
    pub(super) fn connect(&mut self, to: Endpoint, from: Option<u16>) -> Option<SocketId> {
        self.say(ProgramNote::Connects(to));
        let Some(address) = self.host.source_for(to.address) else {
            self.say(ProgramNote::Unreachable(to.address));
            return None;
        };
        let port = from.or_else(|| self.host.sockets.free_port(address, Some(to)));
        let opened = port.and_then(|port| {
            let local = Endpoint::new(address, port);
            self.host.new_connection(self.program, local, to, None, self.context)
        });
        match opened {
            Some(id) => self.host.run_connection(id, Input::Connect, self.context),
            None => self.say(ProgramNote::Failed("no port is free for this connection")),
        }
        opened
    }

    /// Writes as much as there is room for, and says how much that was. All of it is offered: a
    /// connection that cannot take everything will tell when there is room again.
    pub(super) fn send(&mut self, id: SocketId, data: Chunk) -> usize {
        let room = self.room(id).min(data.len());
        self.say_sent(&data[..room], room as u64);
        if !data.is_empty() {
            self.offer(id, data);
        }
        room
    }

    /// Tells the learner of a write of so many octets that begins like `data`.
    pub(super) fn say_sent(&mut self, data: &[u8], octets: u64) {
        if octets > 0 {
            let excerpt = self.context.trace.keep(data);
            self.say(ProgramNote::Sent { octets, excerpt });
        }
    }

    /// Writes without a word: a part of a write that was told as a whole.
    pub(super) fn offer(&mut self, id: SocketId, data: Chunk) {
        self.host.run_connection(id, Input::Send(data), self.context);
    }

    /// How many octets can be written now.
    pub(super) fn room(&self, id: SocketId) -> usize {
        self.host.sockets.machine(id).map_or(0, |machine| machine.send_space() as usize)
    }

    /// Reads up to `most` octets.
    pub(super) fn read(&mut self, id: SocketId, most: usize) -> Chunk {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let machine = self.host.sockets.machine(id);
        let read = machine.map_or(Chunk::EMPTY, |machine| machine.received(most));
        if !read.is_empty() {
            let excerpt = self.context.trace.keep(&read);
            self.say(ProgramNote::Received { octets: read.len() as u64, excerpt });
            self.host.run_connection(id, Input::Read(read.len() as u32), self.context);
        }
        read
    }

    /// How many octets wait to be read.
    pub(super) fn readable(&self, id: SocketId) -> usize {
        self.host.sockets.machine(id).map_or(0, Connection::readable) as usize
    }

    /// Turns Nagle's algorithm off for a connection (`TCP_NODELAY`).
    pub(super) fn no_delay(&mut self, id: SocketId) {
        if let Some(machine) = self.host.sockets.machine_mut(id) {
            machine.set_nagle(false);
        }
    }

    /// Sends no more; reading goes on.
    pub(super) fn half_close(&mut self, id: SocketId) {
        self.say(ProgramNote::Closes);
        self.host.run_connection(id, Input::Close, self.context);
    }

    /// Closes for good.
    pub(super) fn close(&mut self, id: SocketId) {
        self.say(ProgramNote::Closes);
        self.host.run_connection(id, Input::Release, self.context);
    }

    /// Aborts.
    pub(super) fn abort(&mut self, id: SocketId) {
        self.say(ProgramNote::Aborts);
        self.host.run_connection(id, Input::Abort, self.context);
    }

    /// Opens a socket for datagrams, on a port of its own choice if none is given.
    pub(super) fn bind(&mut self, port: Option<u16>) -> Option<u16> {
        let port = port.or_else(|| self.host.sockets.free_port(Ipv4Addr::UNSPECIFIED, None))?;
        let local = Endpoint::new(Ipv4Addr::UNSPECIFIED, port);
        let added =
            self.host.sockets.add(self.program, local, Endpoint::UNSPECIFIED, Kind::Datagram);
        if added.is_none() {
            self.say(ProgramNote::Failed("the port is taken"));
        }
        added.map(|_| port)
    }

    /// Takes no more datagrams on a port.
    pub(super) fn unbind(&mut self, port: u16) {
        if let Some((id, _)) = self.host.sockets.datagram_socket(port) {
            self.host.sockets.remove(id);
        }
    }

    /// Sends a datagram.
    pub(super) fn send_to(
        &mut self,
        port: u16,
        to: Endpoint,
        data: Chunk,
        ttl: Option<u8>,
        may_fragment: bool,
    ) {
        let excerpt = self.context.trace.keep(&data);
        self.say(ProgramNote::SentTo { to, octets: data.len() as u32, excerpt });
        let options = (ttl, may_fragment);
        let sent = self.host.send_datagram(port, to, data, options, self.context);
        self.say_failure(sent, to.address);
    }

    /// Sends an ICMP echo request.
    pub(super) fn ping(
        &mut self,
        to: Ipv4Addr,
        seq: u16,
        octets: u16,
        options: (Option<u8>, bool),
    ) {
        self.say(ProgramNote::Pings { to, seq });
        let sent = self.host.send_echo(self.program, to, seq, octets, options, self.context);
        self.say_failure(sent, to);
    }

    fn say_failure(&mut self, sent: Result<(), NetworkError>, to: Ipv4Addr) {
        match sent {
            Ok(()) => {}
            Err(NetworkError::TooBig) => {
                self.say(ProgramNote::Failed("the message is too long to be sent"));
            }
            Err(_) => self.say(ProgramNote::Unreachable(to)),
        }
    }
}
