//! A list of timed actions.

use super::Happening;
use crate::base::{Instant, SocketId};
use crate::node::calls::Desk;
use crate::plan::program::Action;
use crate::stack::transport::tcp::Indication;
use crate::trace::ProgramNote;

/// Follows its list.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    actions: Vec<(Instant, Action)>,
    next: usize,
    socket: Option<SocketId>,
    port: Option<u16>,
}

impl Script {
    pub(super) const fn new(actions: Vec<(Instant, Action)>) -> Self {
        Self { actions, next: 0, socket: None, port: None }
    }

    pub(super) fn starts_at(&self) -> Instant {
        self.actions.first().map_or(Instant::ZERO, |(at, _)| *at)
    }

    pub(super) fn on(&mut self, happening: Happening, desk: &mut Desk<'_, '_>) {
        match happening {
            Happening::Deadline => self.go_on(desk),
            Happening::Accepted { socket, remote } => {
                desk.say(ProgramNote::Accepted(remote));
                self.socket = Some(socket);
            }
            Happening::Tcp { socket, indication } => self.hear(socket, indication, desk),
            Happening::Datagram { from, data, .. } => {
                let excerpt = desk.context.trace.keep(&data);
                desk.say(ProgramNote::ReceivedFrom { from, octets: data.len() as u32, excerpt });
            }
            Happening::Error { peer, .. } => desk.say(ProgramNote::Unreachable(peer.address)),
            Happening::Echo { .. } => {}
        }
    }

    fn hear(&mut self, socket: SocketId, indication: Indication, desk: &mut Desk<'_, '_>) {
        match indication {
            Indication::Connected => desk.say_connected(socket),
            Indication::Readable => {
                desk.read(socket, usize::MAX);
            }
            Indication::PeerClosed => desk.say(ProgramNote::PeerClosed),
            over => {
                if let Some(note) = super::client::ending(over) {
                    desk.say(note);
                    self.socket = self.socket.filter(|own| *own != socket);
                }
            }
        }
    }

    fn go_on(&mut self, desk: &mut Desk<'_, '_>) {
        while let Some((at, action)) = self.actions.get(self.next) {
            if *at > desk.now() {
                return desk.wake_at(*at);
            }
            self.next += 1;
            match (action, self.socket) {
                (Action::Listen { port }, _) => {
                    desk.listen(*port, 128);
                }
                (Action::Connect { to, from }, _) => self.socket = desk.connect(*to, *from),
                (Action::SendTo { to, data }, _) => {
                    if self.port.is_none() {
                        self.port = desk.bind(None);
                    }
                    if let Some(port) = self.port {
                        desk.send_to(port, *to, data.clone(), None, true);
                    }
                }
                (Action::Send(data), Some(socket)) => {
                    let sent = desk.send(socket, data.clone());
                    if sent < data.len() {
                        desk.say(ProgramNote::Failed("the send buffer is full"));
                    }
                }
                (Action::HalfClose, Some(socket)) => desk.half_close(socket),
                (Action::Close, Some(socket)) => desk.close(socket),
                (Action::Abort, Some(socket)) => desk.abort(socket),
                (Action::Send(_) | Action::HalfClose | Action::Close | Action::Abort, None) => {
                    desk.say(ProgramNote::Failed("there is no connection"));
                }
            }
        }
    }
}
