//! Clients over TCP: messages, requests, bulk.

use super::Happening;
use super::filler::{self, Tally};
use crate::base::{Duration, Instant, SocketId};
use crate::node::calls::Desk;
use crate::plan::program::{Plan, Then};
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::Indication;
use crate::trace::ProgramNote;

/// A client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    plan: Plan,
    socket: Option<SocketId>,
    open: bool,
    /// Messages or requests written so far.
    written: usize,
    /// Octets of the current message, or of the bulk, still to be written.
    rest: u64,
    /// Octets of the answer still to come.
    awaited: u64,
    closed: bool,
    /// Octets of filler written so far.
    filled: u64,
    /// Octets read so far.
    read: u64,
    tally: Tally,
}

/// What is said of a connection that is over; `None` for news after which it goes on.
pub(super) const fn ending(indication: Indication) -> Option<ProgramNote> {
    match indication {
        Indication::Closed => Some(ProgramNote::Closed),
        Indication::Reset => Some(ProgramNote::Reset),
        Indication::Refused => Some(ProgramNote::Refused),
        Indication::TimedOut => Some(ProgramNote::TimedOut),
        Indication::Unreachable => Some(ProgramNote::Failed("the network says it is unreachable")),
        Indication::Connected
        | Indication::Readable
        | Indication::Writable
        | Indication::PeerClosed
        | Indication::Misuse(_) => None,
    }
}

impl Client {
    pub(super) const fn new(plan: Plan) -> Self {
        Self {
            plan,
            socket: None,
            open: false,
            written: 0,
            rest: 0,
            awaited: 0,
            closed: false,
            filled: 0,
            read: 0,
            tally: Tally { received: 0, wrong: 0 },
        }
    }

    pub(super) fn starts_at(&self) -> Instant {
        match self.plan {
            Plan::TcpClient { at, .. } | Plan::TcpRequest { at, .. } | Plan::TcpBulk { at, .. } => {
                at
            }
            _ => Instant::ZERO,
        }
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    fn to(&self) -> Endpoint {
        match self.plan {
            Plan::TcpClient { to, .. } | Plan::TcpRequest { to, .. } | Plan::TcpBulk { to, .. } => {
                to
            }
            _ => Endpoint::UNSPECIFIED,
        }
    }

    pub(super) fn on(&mut self, happening: &Happening, desk: &mut Desk<'_, '_>) {
        match *happening {
            Happening::Deadline => match self.socket {
                None if !self.closed => self.socket = desk.connect(self.to(), None),
                None => {}
                Some(socket) => self.next(socket, desk),
            },
            Happening::Tcp { socket, indication } if Some(socket) == self.socket => {
                self.hear(socket, indication, desk);
            }
            Happening::Tcp { .. }
            | Happening::Accepted { .. }
            | Happening::Datagram { .. }
            | Happening::Echo { .. }
            | Happening::Error { .. } => {}
        }
    }

    fn hear(&mut self, socket: SocketId, indication: Indication, desk: &mut Desk<'_, '_>) {
        match indication {
            Indication::Connected => {
                self.open = true;
                desk.say(ProgramNote::Connected(self.to()));
                if let Plan::TcpBulk { octets, .. } = self.plan {
                    self.rest = octets;
                }
                self.next(socket, desk);
            }
            Indication::Readable => {
                let octets = desk.read(socket, usize::MAX);
                let read = octets.len() as u64;
                if desk.host.settings.numbered {
                    self.tally.compare(self.read, &octets);
                }
                self.read += read;
                let answered = self.awaited > 0 && read >= self.awaited;
                self.awaited = self.awaited.saturating_sub(read);
                if answered {
                    self.next(socket, desk);
                }
            }
            Indication::Writable => self.write_rest(socket, desk),
            Indication::PeerClosed => {
                desk.say(ProgramNote::PeerClosed);
                if !self.closed && !matches!(self.plan, Plan::TcpBulk { .. }) && self.rest == 0 {
                    self.closed = true;
                    desk.half_close(socket);
                }
            }
            over => {
                if let Some(note) = ending(over) {
                    desk.say(note);
                    self.socket = None;
                    self.closed = true;
                }
            }
        }
    }

    /// The next message or request, or the end.
    fn next(&mut self, socket: SocketId, desk: &mut Desk<'_, '_>) {
        if !self.open || self.closed {
            return;
        }
        match &self.plan {
            Plan::TcpClient { send, .. } if self.written < send.len() => {
                self.rest = send[self.written].len() as u64;
            }
            Plan::TcpClient { then, .. } => {
                let then = *then;
                return self.finish(socket, then, desk);
            }
            Plan::TcpRequest { times, .. } if self.written >= *times as usize => {
                return self.finish(socket, Then::HalfClose, desk);
            }
            Plan::TcpRequest { request, response, .. } => {
                (self.rest, self.awaited) = (u64::from(*request), u64::from(*response));
            }
            _ => {}
        }
        self.write_rest(socket, desk);
    }

    /// Writes what there is room for of the current message; when it is all written, sees to what
    /// comes next.
    fn write_rest(&mut self, socket: SocketId, desk: &mut Desk<'_, '_>) {
        if self.rest == 0 || self.closed {
            return;
        }
        let written = if let Plan::TcpClient { send, .. } = &self.plan {
            let message = &send[self.written];
            let from = message.len() - (self.rest as usize).min(message.len());
            desk.send(socket, message.slice(from..message.len())) as u64
        } else {
            let written = filler::write(socket, self.filled, self.rest, desk);
            self.filled += written;
            written
        };
        self.rest -= written;
        if self.rest > 0 {
            return;
        }
        self.written += 1;
        match &self.plan {
            Plan::TcpClient { send, every, then_after, .. } => {
                let last = self.written == send.len();
                desk.wake_after(if last { *then_after } else { *every });
            }
            Plan::TcpBulk { .. } => self.finish(socket, Then::HalfClose, desk),
            _ if self.awaited == 0 => desk.wake_after(Duration::ZERO),
            _ => {}
        }
    }

    fn finish(&mut self, socket: SocketId, then: Then, desk: &mut Desk<'_, '_>) {
        if self.closed {
            return;
        }
        self.closed = true;
        match then {
            Then::Close => desk.close(socket),
            Then::HalfClose => desk.half_close(socket),
            Then::Abort => desk.abort(socket),
            Then::Stay => self.closed = false,
        }
    }
}
