//! A server: every connection begins with HTTP, and becomes what its request asks for.
//!
//! What is answered is decided in `serve` and `rules`, or by whoever drives it: see `program`.

use super::hub::Hub;
use super::interface::{Input, News, Output, Protocol};
use super::line::Meter;
use super::lines::{Line, Talk};
use super::site::Site;
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::http::{self, ServerConnection, ServerInput, ServerOutput};
use crate::stack::application::websocket::{self, Connection};
use crate::stack::application::{Message, engine_io, socket_io};
use crate::stack::session::id::SessionId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// A server with its connections.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) site: Arc<Site>,
    /// A program decides, not the site.
    pub(super) driven: bool,
    http: Rc<http::ServerConfig>,
    /// The settings of each endpoint's connections.
    pub(super) endpoints: Rc<[Rc<websocket::Config>]>,
    pub(super) lines: BTreeMap<u64, Line>,
    /// When connections want to be called, soonest first.
    pub(super) timers: BTreeSet<(Instant, u64)>,
    pub(super) hub: Option<Box<Hub>>,
    /// The settings of the WebSockets that carry its sessions.
    pub(super) hub_config: Rc<websocket::Config>,
    /// What is to be done once the program has had its say.
    behind: Works,
}

/// Something that is still to be done in this step.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// For a connection that speaks HTTP.
    Http(u64, ServerInput),
    /// For one that is a WebSocket.
    WebSocket(u64, websocket::Input),
    /// For Engine.IO: messages of a session.
    EngineSend {
        /// Which.
        session: SessionId,
        /// What.
        messages: Vec<Message>,
        /// They may be lost.
        volatile: bool,
    },
    /// For Engine.IO: the end of a session.
    EngineClose(SessionId),
    /// The program makes a call, in these words; what comes next is what it becomes.
    Call(Option<u64>, String),
    /// For Socket.IO.
    Sockets(socket_io::server::Input),
    /// A connection is gone.
    Forget(u64),
}

/// What is still to be done in this step, in order.
pub(super) type Works = VecDeque<Work>;

impl Server {
    /// A server without connections that a program drives. Of `site` count how requests are taken,
    /// the paths and settings of the endpoints (without one, a request for a WebSocket is a request
    /// like any other), and how sessions and Socket.IO are kept.
    pub fn driven(site: Arc<Site>, rng: Rng) -> Self {
        Self { driven: true, ..Self::new(site, rng) }
    }

    /// A server without connections that does what `site` says.
    pub fn new(site: Arc<Site>, mut rng: Rng) -> Self {
        let hub = site.gathering.as_ref().map(|gathering| Box::new(Hub::new(gathering, &mut rng)));
        let endpoints = site.endpoints.iter().map(|endpoint| Rc::new(endpoint.config.clone()));
        Self {
            http: Rc::new(site.http),
            endpoints: endpoints.collect(),
            site,
            driven: false,
            lines: BTreeMap::new(),
            timers: BTreeSet::new(),
            hub,
            hub_config: Rc::default(),
            behind: Works::new(),
        }
    }

    /// The connections that are WebSockets, with their states.
    pub fn websockets(&self) -> impl Iterator<Item = (u64, &Connection)> {
        self.lines.iter().filter_map(|(&connection, line)| match &line.talk {
            Talk::WebSocket(machine, _) => Some((connection, &**machine)),
            Talk::Http(_) | Talk::Over => None,
        })
    }

    /// The connections that speak HTTP, with their states.
    pub fn http(&self) -> impl Iterator<Item = (u64, &ServerConnection)> {
        self.lines.iter().filter_map(|(&connection, line)| match &line.talk {
            Talk::Http(machine) => Some((connection, &**machine)),
            Talk::WebSocket(..) | Talk::Over => None,
        })
    }

    /// The sessions of Engine.IO, with their states.
    pub fn sessions(&self) -> Option<&engine_io::Server> {
        self.hub.as_ref().map(|hub| hub.engine())
    }

    /// The clients of Socket.IO, with their states.
    pub fn sockets(&self) -> Option<&socket_io::Server> {
        self.hub.as_ref()?.sockets()
    }

    /// Does what is to be done, and what follows from it.
    fn run(&mut self, now: Instant, mut works: Works, out: &mut Vec<Output>) {
        while let Some(work) = works.pop_front() {
            // What follows from it is done before what stands behind it: so all that becomes of one
            // call of the program is told in a row.
            let mut next = Works::new();
            let before = out.len();
            match work {
                Work::Call(connection, words) => {
                    let octets = Chunk::from(words.as_bytes());
                    out.push(Output::Tell { connection, news: News::Calls, octets });
                }
                Work::Http(connection, input) => {
                    if let Some(Line { talk: Talk::Http(machine), .. }) =
                        self.lines.get_mut(&connection)
                    {
                        let mut said = Vec::new();
                        machine.handle(now, input, &mut said);
                        self.obey_http(now, connection, said, &mut next, out);
                    }
                    self.set_timer(connection);
                }
                Work::WebSocket(connection, input) => {
                    if let Some(Line { talk: Talk::WebSocket(machine, _), .. }) =
                        self.lines.get_mut(&connection)
                    {
                        let mut said = Vec::new();
                        machine.handle(now, input, &mut said);
                        self.obey_websocket(now, connection, said, &mut next, out);
                    }
                    self.set_timer(connection);
                }
                Work::EngineSend { session, messages, volatile } => {
                    let input = engine_io::server::Input::Send { session, messages, volatile };
                    self.run_engine(now, input, &mut next, out);
                }
                Work::EngineClose(session) => {
                    let input = engine_io::server::Input::Close { session };
                    self.run_engine(now, input, &mut next, out);
                }
                Work::Sockets(input) => self.run_sockets(now, input, &mut next, out),
                Work::Forget(connection) => self.forget(connection),
            }
            next.into_iter().rev().for_each(|work| works.push_front(work));
            if !works.is_empty() && out[before..].iter().any(Output::is_indication) {
                works.append(&mut self.behind);
                self.behind = works;
                return out.push(Output::More);
            }
        }
    }

    pub(super) fn obey_http(
        &mut self,
        now: Instant,
        connection: u64,
        said: Vec<ServerOutput>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            let Some(line) = self.lines.get_mut(&connection) else { return };
            match output {
                ServerOutput::Transmit(octets) => line.meter.send(Protocol::Http, octets, out),
                ServerOutput::Note(note) => line.meter.tell_http(note, out),
                ServerOutput::Close => {
                    line.talk = Talk::Over;
                    out.push(Output::Close { connection });
                }
                ServerOutput::Request(request) => {
                    let behind = match &line.talk {
                        Talk::Http(machine) => machine.waiting(),
                        Talk::WebSocket(..) | Talk::Over => 0,
                    };
                    let first_line = format!("{} {}", request.method, request.target);
                    line.meter.hear_http(&first_line, behind, out);
                    self.asked(now, connection, request, works, out);
                }
                ServerOutput::Upgraded { leftover } if !leftover.is_empty() => {
                    let input = websocket::Input::Received(leftover);
                    works.push_back(Work::WebSocket(connection, input));
                }
                ServerOutput::Upgraded { .. } => {}
            }
        }
    }

    fn obey_websocket(
        &mut self,
        now: Instant,
        connection: u64,
        said: Vec<websocket::Output>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            let Some(line) = self.lines.get_mut(&connection) else { return };
            match output {
                websocket::Output::Transmit(octets) => {
                    let frames = std::mem::replace(&mut line.frames, true);
                    let protocol = if frames { Protocol::WebSocket } else { Protocol::Http };
                    line.meter.send(protocol, octets, out);
                }
                websocket::Output::Note(note) => {
                    line.meter.tell_websocket(websocket::Role::Server, note, out);
                }
                websocket::Output::More => {
                    works.push_back(Work::WebSocket(connection, websocket::Input::Resume));
                }
                websocket::Output::CloseTransport => out.push(Output::Close { connection }),
                websocket::Output::AbortTransport => out.push(Output::Abort { connection }),
                websocket::Output::Indicate(indication) => {
                    self.heard(now, connection, indication, works, out);
                }
            }
        }
    }

    /// A connection's time has come.
    fn call(&mut self, now: Instant, connection: u64, out: &mut Vec<Output>) {
        let mut works = Works::new();
        let Some(line) = self.lines.get_mut(&connection) else { return };
        match &mut line.talk {
            Talk::Http(machine) => {
                let mut said = Vec::new();
                machine.on_deadline(now, &mut said);
                self.obey_http(now, connection, said, &mut works, out);
            }
            Talk::WebSocket(machine, _) => {
                let mut said = Vec::new();
                machine.on_deadline(now, &mut said);
                self.obey_websocket(now, connection, said, &mut works, out);
                self.push(now, connection, &mut works);
            }
            Talk::Over => {}
        }
        self.run(now, works, out);
        self.set_timer(connection);
    }
}

impl Machine for Server {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        let mut works = match input {
            Input::Order(_) => Works::new(),
            _ => std::mem::take(&mut self.behind),
        };
        match input {
            Input::Start | Input::Resume => {}
            Input::Order(order) => self.order(now, order, &mut works, out),
            Input::Opened { connection } => {
                let machine = ServerConnection::new(Rc::clone(&self.http), now);
                let (meter, talk) = (Meter::new(connection), Talk::Http(Box::new(machine)));
                let (timer, frames, push, asked) = Default::default();
                let line = Line { meter, talk, timer, frames, push, asked };
                self.lines.insert(connection, line);
                self.set_timer(connection);
            }
            Input::Received { connection, octets } => self.received(connection, octets, &mut works),
            Input::PeerClosed { connection } => {
                works.push_back(Work::Http(connection, ServerInput::PeerClosed));
                works.push_back(Work::WebSocket(connection, websocket::Input::PeerClosed));
            }
            Input::Lost { connection } => self.lost(now, connection, &mut works, out),
        }
        self.run(now, works, out);
    }

    fn deadline(&self) -> Option<Instant> {
        let hub = self.hub.as_ref().and_then(|hub| hub.deadline());
        self.timers.first().map(|timer| timer.0).into_iter().chain(hub).min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        while let Some(&(at, connection)) = self.timers.first().filter(|timer| timer.0 <= now) {
            self.timers.remove(&(at, connection));
            if let Some(line) = self.lines.get_mut(&connection) {
                line.timer = None;
            }
            self.call(now, connection, out);
        }
        if self.hub.as_ref().and_then(|hub| hub.deadline()).is_some_and(|at| at <= now) {
            let mut works = Works::new();
            self.call_hub(now, &mut works, out);
            self.run(now, works, out);
        }
    }
}
