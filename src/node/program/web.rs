//! Servers and clients of the web: the host's TCP connections given to a machine that knows nothing
//! of hosts.
//!
//! What a connection cannot take at once waits here, in order, and goes when there is room. While much
//! waits for a peer, nothing more is read from it: its window closes, and it has to wait. Who gets
//! messages of others and does not read them is cut off when too much waits.

use super::Happening;
use crate::base::{Chunk, FxHashMap, Instant, Rng, SocketId};
use crate::node::calls::Desk;
use crate::node::inspect::Conversation;
use crate::plan::program::Plan;
use crate::stack::Machine;
use crate::stack::application::web::{Client, Input, News, Output, Protocol, Server};
use crate::stack::application::{engine_io, socket_io};
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::Indication;
use crate::trace::{Fact, ProgramNote, WebNote};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

/// A server or a client.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    side: Side,
    started: bool,
    lines: BTreeMap<u64, Line>,
    /// The lines' numbers.
    numbers: FxHashMap<SocketId, u64>,
    /// The number of the next connection that is accepted.
    next: u64,
}

#[derive(Clone, Debug)]
enum Side {
    Server { machine: Box<Server>, port: u16 },
    Client { machine: Box<Client>, to: Endpoint, at: Instant },
}

/// Octets that may wait for a peer while more is read from it.
const READS_WHILE: usize = 1 << 20;

/// Octets that may wait for a peer at all.
const WAITING_MAX: usize = 16 << 20;

/// One connection.
#[derive(Clone, Debug)]
struct Line {
    socket: SocketId,
    /// What waits for room.
    waiting: VecDeque<Chunk>,
    /// Octets of that.
    octets: usize,
    /// It is to be closed behind that.
    closes: bool,
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
        let (lines, numbers) = (BTreeMap::new(), FxHashMap::default());
        Some(Self { side, started: false, lines, numbers, next: 0 })
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
                self.add(connection, socket);
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
        let made = |protocol, state: &dyn fmt::Display, about: &dyn fmt::Display| Conversation {
            protocol,
            state: state.to_string(),
            about: about.to_string(),
        };
        let socket = |connection: u64| {
            let line = self.lines.get(&connection);
            line.map_or_else(|| "closed".to_owned(), |line| format!("socket {}", line.socket.0))
        };
        let mut all = Vec::new();
        match &self.side {
            Side::Server { machine, .. } => {
                let http =
                    machine.http().map(|(c, http)| made(Protocol::Http, &http.state(), &socket(c)));
                all.extend(http);
                all.extend(machine.websockets().map(|(c, websocket)| {
                    made(Protocol::WebSocket, &websocket.state(), &socket(c))
                }));
                let sessions = machine.sessions().into_iter().flat_map(engine_io::Server::sessions);
                all.extend(sessions.map(|(id, state)| made(Protocol::EngineIo, &state, &id)));
                let sockets = machine.sockets().into_iter().flat_map(socket_io::Server::sockets);
                all.extend(sockets.map(|(id, namespace, state)| {
                    made(Protocol::SocketIo, &state, &format!("{namespace} {id}"))
                }));
            }
            Side::Client { machine, .. } => {
                let http =
                    machine.http().map(|(c, http)| made(Protocol::Http, &http.state(), &socket(c)));
                all.extend(http);
                all.extend(machine.websockets().map(|(c, websocket)| {
                    made(Protocol::WebSocket, &websocket.state(), &socket(c))
                }));
                all.extend(machine.engine().map(|engine| {
                    let open = engine.open_packet();
                    let sid = open.map_or_else(String::new, |open| open.sid.clone());
                    made(Protocol::EngineIo, &engine.state(), &sid)
                }));
                let sockets = machine.sockets().into_iter().flat_map(socket_io::Client::sockets);
                all.extend(sockets.map(|(namespace, state, sid)| {
                    let sid = sid.unwrap_or_default();
                    made(Protocol::SocketIo, &state, &format!("{namespace} {sid}"))
                }));
            }
        }
        all
    }

    fn add(&mut self, connection: u64, socket: SocketId) {
        self.numbers.insert(socket, connection);
        let line = Line { socket, waiting: VecDeque::new(), octets: 0, closes: false };
        self.lines.insert(connection, line);
    }

    fn hear(&mut self, socket: SocketId, indication: Indication, desk: &mut Desk<'_, '_>) {
        let Some(&connection) = self.numbers.get(&socket) else { return };
        match indication {
            Indication::Connected => {
                desk.say_connected(socket);
                self.give(Input::Opened { connection }, desk);
            }
            Indication::Readable => self.read(connection, socket, desk),
            Indication::Writable => {
                self.write(connection, desk);
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
        if let Some(line) = self.lines.remove(&connection) {
            self.numbers.remove(&line.socket);
        }
        self.give(Input::Lost { connection }, desk);
    }

    fn read(&mut self, connection: u64, socket: SocketId, desk: &mut Desk<'_, '_>) {
        if self.lines.get(&connection).is_some_and(|line| line.octets > READS_WHILE) {
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
                    let Some(line) = self.lines.get_mut(&connection) else { continue };
                    line.octets += octets.len();
                    line.waiting.push_back(octets);
                    self.write(connection, desk);
                    if self.lines.get(&connection).is_some_and(|line| line.octets > WAITING_MAX) {
                        desk.say(ProgramNote::Failed(
                            "too much waits for a peer that does not read",
                        ));
                        self.cut(connection, desk);
                    }
                }
                Output::Close { connection } => {
                    if let Some(line) = self.lines.get_mut(&connection) {
                        line.closes = true;
                    }
                    self.write(connection, desk);
                }
                Output::Abort { connection } => self.forget(connection, desk),
                Output::Tell { connection, news, octets } => {
                    let line = connection.and_then(|connection| self.lines.get(&connection));
                    tell(line.map(|line| line.socket), news, &octets, desk);
                }
                Output::Done => desk.say(ProgramNote::Done),
                // It does what the scenario says; nobody drives it.
                Output::Indicate(_) | Output::More => {}
            }
        }
    }

    /// Aborts a connection.
    fn forget(&mut self, connection: u64, desk: &mut Desk<'_, '_>) {
        if let Some(line) = self.lines.remove(&connection) {
            self.numbers.remove(&line.socket);
            desk.abort(line.socket);
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
            Some(socket) => self.add(connection, socket),
            None => self.give(Input::Lost { connection }, desk),
        }
    }

    /// Writes what waits, as far as there is room, and closes behind it if that is asked.
    fn write(&mut self, connection: u64, desk: &mut Desk<'_, '_>) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        while let Some(mut octets) = line.waiting.pop_front() {
            let written = desk.send(line.socket, octets.clone());
            line.octets -= written;
            if written < octets.len() {
                octets.advance(written);
                return line.waiting.push_front(octets);
            }
        }
        if std::mem::take(&mut line.closes) {
            desk.half_close(line.socket);
        }
    }
}

/// Tells the learner.
fn tell(socket: Option<SocketId>, news: News, octets: &Chunk, desk: &mut Desk<'_, '_>) {
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
