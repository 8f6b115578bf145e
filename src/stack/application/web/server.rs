//! A server: every connection begins with HTTP, and becomes what its request asks for.

use super::interface::{Input, News, Output, Protocol};
use super::line::Meter;
use super::site::{Manner, Site};
use super::visit::{call_of, words_of};
use crate::base::{Chunk, Instant};
use crate::stack::Machine;
use crate::stack::application::Message;
use crate::stack::application::http::{self, ServerConnection, ServerInput, ServerOutput};
use crate::stack::application::websocket::{self, Connection, Indication};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// A server with its connections.
#[derive(Clone, Debug)]
pub struct Server {
    site: Arc<Site>,
    http: Rc<http::ServerConfig>,
    /// The settings of each endpoint's connections.
    endpoints: Rc<[Rc<websocket::Config>]>,
    lines: BTreeMap<u64, Line>,
    /// When connections want to be called, soonest first.
    timers: BTreeSet<(Instant, u64)>,
}

/// One connection.
#[derive(Clone, Debug)]
struct Line {
    meter: Meter,
    talk: Talk,
    timer: Option<Instant>,
    /// The WebSocket's part of the handshake is out: what follows are frames.
    frames: bool,
    /// The next unasked message: when, and its number.
    push: Option<(Instant, u32)>,
}

/// What a connection has become.
#[derive(Clone, Debug)]
enum Talk {
    Http(Box<ServerConnection>),
    /// A WebSocket at the endpoint of that place.
    WebSocket(Box<Connection>, usize),
    /// Nothing more is heard.
    Over,
}

/// Something that a connection is still to be given in this step.
#[derive(Debug)]
enum Work {
    Http(ServerInput),
    WebSocket(websocket::Input),
}

impl Server {
    /// A server without connections.
    pub fn new(site: Arc<Site>) -> Self {
        let endpoints = site.endpoints.iter().map(|endpoint| Rc::new(endpoint.config.clone()));
        Self {
            http: Rc::new(site.http),
            endpoints: endpoints.collect(),
            site,
            lines: BTreeMap::new(),
            timers: BTreeSet::new(),
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

    /// Does what is to be done, and what follows from it.
    fn run(&mut self, now: Instant, connection: u64, first: Work, out: &mut Vec<Output>) {
        let mut works = VecDeque::from([(connection, first)]);
        while let Some((connection, work)) = works.pop_front() {
            let Some(line) = self.lines.get_mut(&connection) else { continue };
            match (&mut line.talk, work) {
                (Talk::Http(machine), Work::Http(input)) => {
                    let mut said = Vec::new();
                    machine.handle(now, input, &mut said);
                    self.obey_http(now, connection, said, &mut works, out);
                }
                (Talk::WebSocket(machine, _), Work::WebSocket(input)) => {
                    let mut said = Vec::new();
                    machine.handle(now, input, &mut said);
                    self.obey_websocket(now, connection, said, &mut works, out);
                }
                _ => {}
            }
            self.set_timer(connection);
        }
    }

    fn obey_http(
        &mut self,
        now: Instant,
        connection: u64,
        said: Vec<ServerOutput>,
        works: &mut VecDeque<(u64, Work)>,
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
                    works.push_back((
                        connection,
                        Work::WebSocket(websocket::Input::Received(leftover)),
                    ));
                }
                ServerOutput::Upgraded { .. } => {}
            }
        }
    }

    /// Answers a request, or lets a WebSocket answer it.
    fn asked(
        &mut self,
        now: Instant,
        connection: u64,
        request: http::Request,
        works: &mut VecDeque<(u64, Work)>,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let endpoint = self.site.endpoint(request.path());
        let call = format!("on request {} {}", request.method, request.target);
        line.meter.tell(News::Handles, Chunk::from(call.as_bytes()), out);
        match endpoint.filter(|_| request.asks_upgrade("websocket")) {
            Some(place) => {
                let config = Rc::clone(&self.endpoints[place]);
                let machine = Box::new(Connection::server_for(config, request));
                let before = std::mem::replace(&mut line.talk, Talk::WebSocket(machine, place));
                works.push_back((connection, Work::WebSocket(websocket::Input::Open)));
                if let Talk::Http(mut machine) = before {
                    let mut said = Vec::new();
                    machine.handle(now, ServerInput::HandOver, &mut said);
                    self.obey_http(now, connection, said, works, out);
                }
            }
            None => {
                let response = self.site.answer(&request);
                let call = format!("respond {} {}", response.status.0, response.status.reason());
                line.meter.tell(News::Calls, Chunk::from(call.as_bytes()), out);
                works.push_back((connection, Work::Http(ServerInput::Respond(response))));
            }
        }
    }

    fn obey_websocket(
        &mut self,
        now: Instant,
        connection: u64,
        said: Vec<websocket::Output>,
        works: &mut VecDeque<(u64, Work)>,
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
                    works.push_back((connection, Work::WebSocket(websocket::Input::Resume)));
                }
                websocket::Output::CloseTransport => out.push(Output::Close { connection }),
                websocket::Output::AbortTransport => out.push(Output::Abort { connection }),
                websocket::Output::Indicate(indication) => {
                    self.heard(now, connection, &indication, works, out);
                }
            }
        }
    }

    /// What the program behind a WebSocket does when it is told something.
    fn heard(
        &mut self,
        now: Instant,
        connection: u64,
        indication: &Indication,
        works: &mut VecDeque<(u64, Work)>,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Talk::WebSocket(_, place) = line.talk else { return };
        if let Some(words) = words_of(indication) {
            line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
        }
        let endpoint = &self.site.endpoints[place];
        match indication {
            Indication::Opened { .. } => {
                line.push = endpoint.push.as_ref().map(|push| (now + push.every, 1));
            }
            Indication::Closed { .. } => (line.talk, line.push) = (Talk::Over, None),
            Indication::Message(message) => {
                let to: Vec<u64> = match endpoint.manner {
                    Manner::Echo => vec![connection],
                    Manner::Broadcast => self.at_endpoint(place),
                    Manner::Listen => Vec::new(),
                };
                for connection in to {
                    self.send(connection, message.clone(), works, out);
                }
            }
            _ => {}
        }
    }

    /// The open WebSockets at an endpoint.
    fn at_endpoint(&self, place: usize) -> Vec<u64> {
        let is_there = |line: &Line| match &line.talk {
            Talk::WebSocket(machine, at) => {
                *at == place && machine.state() == websocket::State::Open
            }
            Talk::Http(_) | Talk::Over => false,
        };
        self.lines.iter().filter(|line| is_there(line.1)).map(|line| *line.0).collect()
    }

    fn send(
        &self,
        connection: u64,
        message: Message,
        works: &mut VecDeque<(u64, Work)>,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get(&connection) else { return };
        let call = call_of(&message);
        line.meter.tell(News::Calls, Chunk::from(call.as_bytes()), out);
        works.push_back((connection, Work::WebSocket(websocket::Input::Send(message))));
    }

    fn set_timer(&mut self, connection: u64) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let machine = match &line.talk {
            Talk::Http(machine) => machine.deadline(),
            Talk::WebSocket(machine, _) => machine.deadline(),
            Talk::Over => None,
        };
        let timer = machine.into_iter().chain(line.push.map(|push| push.0)).min();
        if timer != line.timer {
            if let Some(at) = line.timer {
                self.timers.remove(&(at, connection));
            }
            self.timers.extend(timer.map(|at| (at, connection)));
            line.timer = timer;
        }
    }

    /// A connection's time has come.
    fn call(&mut self, now: Instant, connection: u64, out: &mut Vec<Output>) {
        let mut works = VecDeque::new();
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
                self.push(now, connection, &mut works, out);
            }
            Talk::Over => {}
        }
        while let Some((connection, work)) = works.pop_front() {
            self.run(now, connection, work, out);
        }
        self.set_timer(connection);
    }

    /// Sends the unasked message that is due.
    fn push(
        &mut self,
        now: Instant,
        connection: u64,
        works: &mut VecDeque<(u64, Work)>,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Talk::WebSocket(_, place) = line.talk else { return };
        let Some(push) = &self.site.endpoints[place].push else { return };
        if let Some((at, number)) = line.push.filter(|push| push.0 <= now) {
            line.push = (number < push.times).then_some((at + push.every, number + 1));
            let message = Message::text(&format!("{} {number}", push.text));
            self.send(connection, message, works, out);
        }
    }
}

impl Machine for Server {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        let both = |http, websocket| (Work::Http(http), Work::WebSocket(websocket));
        let (connection, works) = match input {
            Input::Start => return,
            Input::Opened { connection } => {
                let machine = ServerConnection::new(Rc::clone(&self.http), now);
                let (meter, talk) = (Meter::new(connection), Talk::Http(Box::new(machine)));
                let line = Line { meter, talk, timer: None, frames: false, push: None };
                self.lines.insert(connection, line);
                return self.set_timer(connection);
            }
            Input::Received { connection, octets } => {
                if let Some(line) = self.lines.get_mut(&connection) {
                    line.meter.receives(octets.len());
                }
                let again = octets.clone();
                let received = websocket::Input::Received(again);
                (connection, both(ServerInput::Received(octets), received))
            }
            Input::PeerClosed { connection } => {
                (connection, both(ServerInput::PeerClosed, websocket::Input::PeerClosed))
            }
            Input::Lost { connection } => {
                self.run(now, connection, Work::WebSocket(websocket::Input::Reset), out);
                if let Some(line) = self.lines.remove(&connection)
                    && let Some(at) = line.timer
                {
                    self.timers.remove(&(at, connection));
                }
                return;
            }
        };
        let is_http =
            self.lines.get(&connection).is_some_and(|line| matches!(line.talk, Talk::Http(_)));
        self.run(now, connection, if is_http { works.0 } else { works.1 }, out);
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|timer| timer.0)
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        while let Some(&(at, connection)) = self.timers.first().filter(|timer| timer.0 <= now) {
            self.timers.remove(&(at, connection));
            if let Some(line) = self.lines.get_mut(&connection) {
                line.timer = None;
            }
            self.call(now, connection, out);
        }
    }
}
