//! Clients over TCP: messages, requests, bulk.

use super::Happening;
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
    buffer: Vec<u8>,
}

/// What a bulk sender and a request are filled with: the alphabet, over and over.
static FILLER: [u8; 4096] = {
    let mut filler = [0; 4096];
    let mut place = 0;
    while place < filler.len() {
        filler[place] = b'a' + (place % 26) as u8;
        place += 1;
    }
    filler
};

/// Writes up to `octets` of filler, as much as there is room for: one write to the learner, made in
/// pieces of the filler's length.
pub(super) fn write_filler(socket: SocketId, octets: u64, desk: &mut Desk<'_, '_>) -> u64 {
    let piece =
        |rest: u64| &FILLER[..FILLER.len().min(usize::try_from(rest).unwrap_or(usize::MAX))];
    let whole = octets.min(desk.room(socket) as u64);
    desk.say_sent(piece(whole), whole);
    let mut rest = whole;
    while rest > 0 {
        desk.offer(socket, piece(rest));
        rest -= piece(rest).len() as u64;
    }
    whole
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
            buffer: Vec::new(),
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
                let mut buffer = std::mem::take(&mut self.buffer);
                let read = desk.read(socket, usize::MAX, &mut buffer) as u64;
                self.buffer = buffer;
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
        let written = match &self.plan {
            Plan::TcpClient { send, .. } => {
                let message = &send[self.written];
                let from = message.len() - (self.rest as usize).min(message.len());
                desk.send(socket, &message[from..]) as u64
            }
            _ => write_filler(socket, self.rest, desk),
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
