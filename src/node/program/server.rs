//! Servers over TCP: echo, sink, and fixed-size answers. Any number of connections at once.

use super::Happening;
use super::filler::{self, Tally};
use crate::base::{Duration, FxHashMap, Instant, SocketId};
use crate::node::calls::Desk;
use crate::plan::program::Plan;
use crate::stack::transport::tcp::Indication;
use crate::trace::ProgramNote;
use std::collections::BTreeSet;

/// A server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    plan: Plan,
    started: bool,
    sessions: FxHashMap<SocketId, Session>,
    /// When slow readers read next, soonest first.
    reads: BTreeSet<(Instant, SocketId)>,
    tally: Tally,
}

/// One connection.
#[derive(Clone, Copy, Debug, Default)]
struct Session {
    /// A sink that has not begun to read, or waits between two reads.
    pausing: bool,
    /// Octets of the request that is coming in.
    requested: u64,
    /// Octets of answers still to be written.
    owed: u64,
    /// Octets of filler written so far.
    filled: u64,
    /// Octets read so far.
    read: u64,
    peer_closed: bool,
    closed: bool,
}

impl Server {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            plan,
            started: false,
            sessions: FxHashMap::default(),
            reads: BTreeSet::new(),
            tally: Tally::default(),
        }
    }

    pub(super) fn on(&mut self, happening: &Happening, desk: &mut Desk<'_, '_>) {
        match *happening {
            Happening::Deadline if !self.started => {
                self.started = true;
                let (port, backlog) = match self.plan {
                    Plan::TcpEcho { port, backlog } => (port, backlog),
                    Plan::TcpSink { port, .. } | Plan::TcpRespond { port, .. } => (port, 128),
                    _ => return,
                };
                desk.listen(port, backlog);
            }
            Happening::Deadline => self.slow_reads(desk),
            Happening::Accepted { socket, remote } => {
                desk.say(ProgramNote::Accepted(remote));
                let mut session = Session::default();
                if let Plan::TcpSink { read_after, .. } = self.plan
                    && read_after > Duration::ZERO
                {
                    session.pausing = true;
                    self.read_later(desk.now() + read_after, socket, desk);
                }
                self.sessions.insert(socket, session);
                self.serve(socket, desk);
            }
            Happening::Tcp { socket, indication } => self.hear(socket, indication, desk),
            Happening::Datagram { .. } | Happening::Echo { .. } | Happening::Error { .. } => {}
        }
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    fn hear(&mut self, socket: SocketId, indication: Indication, desk: &mut Desk<'_, '_>) {
        let Some(session) = self.sessions.get_mut(&socket) else { return };
        match indication {
            Indication::Readable | Indication::Writable => self.serve(socket, desk),
            Indication::PeerClosed => {
                session.peer_closed = true;
                desk.say(ProgramNote::PeerClosed);
                self.serve(socket, desk);
            }
            over => {
                if let Some(note) = super::client::ending(over) {
                    desk.say(note);
                    self.sessions.remove(&socket);
                    self.reads.retain(|read| read.1 != socket);
                }
            }
        }
    }

    fn read_later(&mut self, at: Instant, socket: SocketId, desk: &mut Desk<'_, '_>) {
        self.reads.insert((at, socket));
        if let Some(&(first, _)) = self.reads.first() {
            desk.wake_at(first);
        }
    }

    fn slow_reads(&mut self, desk: &mut Desk<'_, '_>) {
        while let Some(&(at, socket)) = self.reads.first().filter(|read| read.0 <= desk.now()) {
            self.reads.remove(&(at, socket));
            if let Some(session) = self.sessions.get_mut(&socket) {
                session.pausing = false;
                self.serve(socket, desk);
            }
        }
        if let Some(&(first, _)) = self.reads.first() {
            desk.wake_at(first);
        }
    }

    /// Reads what there is, writes what is due, closes when all is done.
    fn serve(&mut self, socket: SocketId, desk: &mut Desk<'_, '_>) {
        let Some(mut session) = self.sessions.get(&socket).copied() else { return };
        if session.closed {
            return;
        }
        match self.plan {
            Plan::TcpRespond { request, response, .. } => {
                session.requested += self.take(&mut session.read, socket, usize::MAX, desk);
                let whole = session.requested / u64::from(request.max(1));
                session.requested %= u64::from(request.max(1));
                session.owed += whole * u64::from(response);
                let written = filler::write(socket, session.filled, session.owed, desk);
                session.filled += written;
                session.owed -= written;
            }
            Plan::TcpSink { read_octets, read_every, .. } if !session.pausing => {
                let most = if read_octets == 0 { usize::MAX } else { read_octets as usize };
                while self.take(&mut session.read, socket, most, desk) > 0 {
                    if read_every > Duration::ZERO {
                        session.pausing = true;
                        self.read_later(desk.now() + read_every, socket, desk);
                        break;
                    }
                }
            }
            // What cannot be written is not read: the sender's window closes, and nothing piles up.
            Plan::TcpEcho { .. } => loop {
                let most = desk.room(socket);
                let octets = desk.read(socket, most);
                if octets.is_empty() {
                    break;
                }
                desk.send(socket, octets);
            },
            _ => {}
        }
        let done = session.peer_closed && desk.readable(socket) == 0 && session.owed == 0;
        let closes = !matches!(self.plan, Plan::TcpSink { closes: false, .. });
        if done && closes {
            session.closed = true;
        }
        self.sessions.insert(socket, session);
        if session.closed {
            desk.half_close(socket);
        }
    }

    /// Reads and throws away; `place` is how many octets the stream has had already.
    fn take(
        &mut self,
        place: &mut u64,
        socket: SocketId,
        most: usize,
        desk: &mut Desk<'_, '_>,
    ) -> u64 {
        let octets = desk.read(socket, most);
        if desk.host.settings.numbered {
            self.tally.compare(*place, &octets);
        }
        *place += octets.len() as u64;
        octets.len() as u64
    }
}
