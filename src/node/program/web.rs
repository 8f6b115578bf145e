//! Servers and clients of the web: the host's TCP connections given to a machine that knows nothing
//! of hosts. Who gets messages of others and does not read them is cut off when too much waits.

use super::lines::{Lines, WAITING_MAX};
use super::{Happening, conversations};
use crate::base::{Chunk, Instant, Rng, SocketId};
use crate::node::calls::Desk;
use crate::node::inspect::Conversation;
use crate::plan::program::Plan;
use crate::stack::Machine;
use crate::stack::application::web::{Client, Input, News, Output, Server};
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::Indication;
use crate::trace::{Fact, ProgramNote, WebNote};
use std::sync::Arc;

/// A server or a client.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    side: Side,
    started: bool,
    lines: Lines<u64>,
    /// The number of the next connection that is accepted.
    next: u64,
}

#[derive(Clone, Debug)]
enum Side {
    Server { machine: Box<Server>, port: u16 },
    Client { machine: Box<Client>, to: Endpoint, at: Instant },
}

impl Web {
    /// A program that has not started; `None` for a plan that is no such thing. `rng` is a stream
    /// of its own.
    pub(super) fn new(plan: &Plan, rng: Rng) -> Option<Self> {
        let side = match plan {
            Plan::WebServer { port, site } => {
                Side::Server { machine: Box::new(Server::new(Arc::clone(site), rng)), port: *port }
            }
            Plan::WebClient { to, at, visit } => {
                let machine = Box::new(Client::new(Arc::clone(visit), rng));
                Side::Client { machine, to: *to, at: *at }
            }
            _ => return None,
        };
        Some(Self { side, started: false, lines: Lines::default(), next: 0 })
    }

    pub(super) const fn starts_at(&self) -> Instant {
        match self.side {
            Side::Server { .. } => Instant::ZERO,
            Side::Client { at, .. } => at,
        }
    }

    pub(super) fn on(&mut self, happening: &Happening, desk: &mut Desk<'_, '_>) {
        match *happening {
            Happening::Deadline if !self.started => {
                self.started = true;
                if let Side::Server { port, .. } = self.side {
                    desk.listen(port, 128);
                }
                self.give(Input::Start, desk);
            }
            Happening::Deadline => {
                let mut out = Vec::new();
                match &mut self.side {
                    Side::Server { machine, .. } => machine.on_deadline(desk.now(), &mut out),
                    Side::Client { machine, .. } => machine.on_deadline(desk.now(), &mut out),
                }
                self.obey(out, desk);
            }
            Happening::Accepted { socket, remote } => {
                desk.say(ProgramNote::Accepted(remote));
                let connection = self.next;
                self.next += 1;
                self.lines.add(connection, socket);
                self.give(Input::Opened { connection }, desk);
                self.read(connection, socket, desk);
            }
            Happening::Tcp { socket, indication } => self.hear(socket, indication, desk),
            Happening::Datagram { .. } | Happening::Echo { .. } | Happening::Error { .. } => {}
        }
        let deadline = match &self.side {
            Side::Server { machine, .. } => machine.deadline(),
            Side::Client { machine, .. } => machine.deadline(),
        };
        if let Some(at) = deadline {
            desk.wake_at(at);
        }
    }

    /// The conversations that it has, from HTTP up.
    pub(super) fn conversations(&self) -> Vec<Conversation> {
        let socket = |connection| self.lines.socket(connection);
        match &self.side {
            Side::Server { machine, .. } => conversations::of_server(machine, socket),
            Side::Client { machine, .. } => conversations::of_client(machine, socket),
        }
    }

    fn hear(&mut self, socket: SocketId, indication: Indication, desk: &mut Desk<'_, '_>) {
        let Some(connection) = self.lines.key(socket) else { return };
        match indication {
            Indication::Connected => {
                desk.say_connected(socket);
                self.give(Input::Opened { connection }, desk);
            }
            Indication::Readable => self.read(connection, socket, desk),
            Indication::Writable => {
                self.lines.write(connection, desk);
                self.read(connection, socket, desk);
            }
            Indication::PeerClosed => {
                desk.say(ProgramNote::PeerClosed);
                self.give(Input::PeerClosed { connection }, desk);
            }
            over => {
                if let Some(note) = super::client::ending(over) {
                    desk.say(note);
                    self.lose(connection, desk);
                }
            }
        }
    }

    fn lose(&mut self, connection: u64, desk: &mut Desk<'_, '_>) {
        self.lines.remove(connection);
        self.give(Input::Lost { connection }, desk);
    }

    fn read(&mut self, connection: u64, socket: SocketId, desk: &mut Desk<'_, '_>) {
        if !self.lines.reads(connection) {
            return;
        }
        let octets = desk.read(socket, usize::MAX);
        if !octets.is_empty() {
            self.give(Input::Received { connection, octets }, desk);
        }
    }

    /// Gives the machine something, and does what follows from it.
    fn give(&mut self, input: Input, desk: &mut Desk<'_, '_>) {
        let mut out = Vec::new();
        match &mut self.side {
            Side::Server { machine, .. } => machine.handle(desk.now(), input, &mut out),
            Side::Client { machine, .. } => machine.handle(desk.now(), input, &mut out),
        }
        self.obey(out, desk);
    }

    fn obey(&mut self, out: Vec<Output>, desk: &mut Desk<'_, '_>) {
        for output in out {
            match output {
                Output::Connect { connection } => self.connect(connection, desk),
                Output::Transmit { connection, octets } => {
                    self.lines.send(connection, octets, desk);
                    if self.lines.waiting(connection) > WAITING_MAX {
                        desk.say(ProgramNote::Failed(
                            "too much waits for a peer that does not read",
                        ));
                        self.cut(connection, desk);
                    }
                }
                Output::Close { connection } => self.lines.close(connection, desk),
                Output::Abort { connection } => self.forget(connection, desk),
                Output::Tell { connection, news, octets } => {
                    let socket = connection.and_then(|connection| self.lines.socket(connection));
                    tell(socket, news, &octets, desk);
                }
                Output::Done => desk.say(ProgramNote::Done),
                // It does what the scenario says; nobody drives it.
                Output::Indicate(_) | Output::More => {}
            }
        }
    }

    /// Aborts a connection.
    fn forget(&mut self, connection: u64, desk: &mut Desk<'_, '_>) {
        if let Some(socket) = self.lines.remove(connection) {
            desk.abort(socket);
        }
    }

    /// Aborts a connection, and tells the machine.
    fn cut(&mut self, connection: u64, desk: &mut Desk<'_, '_>) {
        self.forget(connection, desk);
        self.give(Input::Lost { connection }, desk);
    }

    fn connect(&mut self, connection: u64, desk: &mut Desk<'_, '_>) {
        let Side::Client { to, .. } = self.side else { return };
        match desk.connect(to, None) {
            Some(socket) => self.lines.add(connection, socket),
            None => self.give(Input::Lost { connection }, desk),
        }
    }
}

/// Tells the learner.
pub(super) fn tell(socket: Option<SocketId>, news: News, octets: &Chunk, desk: &mut Desk<'_, '_>) {
    let layer = news.layer();
    let mut excerpt = || desk.context.trace.keep(octets);
    let note = match news {
        News::Calls => {
            let excerpt = excerpt();
            return desk.say(ProgramNote::Calls(excerpt));
        }
        News::Handles => {
            let excerpt = excerpt();
            return desk.say(ProgramNote::Handles(excerpt));
        }
        News::Unit(unit) => WebNote::Unit(unit, excerpt()),
        News::Http(note) => WebNote::Http(note),
        News::WebSocket(note) => WebNote::WebSocket(note),
        News::EngineIo(note) => WebNote::EngineIo(note),
        News::SocketIo(note) => WebNote::SocketIo(note),
    };
    let program = desk.program;
    desk.context.say(layer, Fact::Web { program, socket, note });
}
