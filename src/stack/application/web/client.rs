//! A client: it opens what connections it needs, and does what its visit says, or whoever drives it:
//! see `program`.

use super::interface::{Input, News, Output, Protocol};
use super::program;
use super::session::Session;
use super::visit::{Speaks, Visit, words_of};
use super::work::{Line, Talk, Work, Works};
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::http::{self, ClientConnection, ClientInput, ClientOutput};
use crate::stack::application::websocket::{self, Connection, Indication};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) visit: Arc<Visit>,
    pub(super) rng: Rng,
    pub(super) lines: BTreeMap<u64, Line>,
    /// The number of the next connection.
    pub(super) next_connection: u64,
    /// The step to be done next.
    pub(super) next_step: usize,
    /// When.
    pub(super) due: Option<Instant>,
    pub(super) begun: bool,
    pub(super) done: bool,
    /// Engine.IO and Socket.IO, of a client that speaks them.
    pub(super) session: Option<Box<Session>>,
    /// A program decides, not the visit.
    pub(super) driven: bool,
    /// What is to be done once the program has had its say.
    behind: Works,
}

impl Client {
    /// A client that a program drives. One that speaks WebSocket opens it when it begins; one that
    /// speaks Socket.IO opens its session when it is to join a namespace, whatever `speaks` says of
    /// namespaces.
    pub fn driven(speaks: Speaks, rng: Rng) -> Self {
        let visit = Visit { speaks, steps: Vec::new() };
        Self { driven: true, ..Self::new(Arc::new(visit), rng) }
    }

    /// A client that has not begun. `rng` is a stream of its own.
    pub fn new(visit: Arc<Visit>, mut rng: Rng) -> Self {
        let session = Session::new(&visit.speaks, &mut rng).map(Box::new);
        Self {
            visit,
            rng,
            lines: BTreeMap::new(),
            next_connection: 0,
            next_step: 0,
            due: None,
            begun: false,
            done: false,
            session,
            driven: false,
            behind: Works::new(),
        }
    }

    /// Its WebSockets, with their states.
    pub fn websockets(&self) -> impl Iterator<Item = (u64, &Connection)> {
        self.lines.iter().filter_map(|(&connection, line)| match &line.talk {
            Talk::WebSocket(machine) => Some((connection, &**machine)),
            Talk::Http(_) => None,
        })
    }

    /// Its HTTP connections, with their states.
    pub fn http(&self) -> impl Iterator<Item = (u64, &ClientConnection)> {
        self.lines.iter().filter_map(|(&connection, line)| match &line.talk {
            Talk::Http(machine) => Some((connection, &**machine)),
            Talk::WebSocket(_) => None,
        })
    }

    /// Does what is to be done, and what follows from it.
    fn run(&mut self, now: Instant, mut works: Works, out: &mut Vec<Output>) {
        while let Some(work) = works.pop_front() {
            // What follows from it is done before what stands behind it.
            let mut next = Works::new();
            let before = out.len();
            match work {
                Work::Http(connection, input) => {
                    if let Some(Line { talk: Talk::Http(machine), .. }) =
                        self.lines.get_mut(&connection)
                    {
                        let mut said = Vec::new();
                        machine.handle(now, input, &mut said);
                        self.obey_http(now, connection, said, &mut next, out);
                    }
                }
                Work::WebSocket(connection, input) => {
                    if let Some(Line { talk: Talk::WebSocket(machine), .. }) =
                        self.lines.get_mut(&connection)
                    {
                        let mut said = Vec::new();
                        machine.handle(now, input, &mut said);
                        self.obey_websocket(now, connection, said, &mut next, out);
                    }
                }
                Work::Engine(order) => self.order_engine(now, order, &mut next, out),
                Work::Sockets(indication) => {
                    self.engine_says(now, indication, &mut next, out);
                }
                Work::Forget(connection) => self.forget(now, connection, &mut next, out),
            }
            next.into_iter().rev().for_each(|work| works.push_front(work));
            if !works.is_empty() && out[before..].iter().any(Output::is_indication) {
                works.append(&mut self.behind);
                self.behind = works;
                return out.push(Output::More);
            }
        }
    }

    fn obey_http(
        &mut self,
        now: Instant,
        connection: u64,
        said: Vec<ClientOutput>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            let Some(line) = self.lines.get_mut(&connection) else { return };
            match output {
                ClientOutput::Transmit(octets) => line.meter.send(Protocol::Http, octets, out),
                ClientOutput::Note(note) => line.meter.tell_http(note, out),
                ClientOutput::Response(response) | ClientOutput::Upgraded { response, .. } => {
                    let status = response.status;
                    let words = format!("{} {}", status.0, status.reason());
                    line.meter.hear_http(&words, 0, out);
                    match line.purpose.take() {
                        Some(exchange) if self.driven && self.session.is_none() => {
                            let told = program::Indication::Response { exchange, response };
                            out.push(Output::Indicate(told));
                        }
                        Some(exchange) => self.answered(now, exchange, &response, works, out),
                        None => {
                            let octets = response.body.len();
                            let words = format!("on response {words}, {octets} octets");
                            line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
                            self.go_on(now, out);
                        }
                    }
                }
                ClientOutput::Failed(why) => {
                    let purpose = line.purpose.take();
                    self.failed(now, purpose, Some(why), works, out);
                }
                ClientOutput::Close => {
                    self.lines.remove(&connection);
                    out.push(Output::Close { connection });
                }
            }
        }
    }

    /// There will be no response; without a failure, because the connection was lost.
    pub(super) fn failed(
        &mut self,
        now: Instant,
        purpose: Option<u64>,
        why: Option<http::Failure>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        match purpose {
            Some(exchange) if self.driven && self.session.is_none() => {
                out.push(Output::Indicate(program::Indication::Failed { exchange, why }));
            }
            Some(exchange) => self.not_answered(now, exchange, works, out),
            None => {
                let lost = || "the connection was lost".to_owned();
                let words = format!("on error: {}", why.map_or_else(lost, |why| why.to_string()));
                let octets = Chunk::from(words.as_bytes());
                out.push(Output::Tell { connection: None, news: News::Handles, octets });
                self.go_on(now, out);
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
                    line.meter.tell_websocket(websocket::Role::Client, note, out);
                }
                websocket::Output::More => {
                    works.push_back(Work::WebSocket(connection, websocket::Input::Resume));
                }
                websocket::Output::CloseTransport => out.push(Output::Close { connection }),
                websocket::Output::AbortTransport => out.push(Output::Abort { connection }),
                websocket::Output::Indicate(indication) => match line.purpose {
                    Some(socket) => {
                        self.socket_says(now, (connection, socket), indication, works, out);
                    }
                    None if self.driven => {
                        let told = program::Indication::WebSocket { connection, indication };
                        out.push(Output::Indicate(told));
                    }
                    None => self.heard(now, connection, &indication, out),
                },
            }
        }
    }

    /// What the program behind a WebSocket of its own is told.
    fn heard(
        &mut self,
        now: Instant,
        connection: u64,
        indication: &Indication,
        out: &mut Vec<Output>,
    ) {
        if let (Some(words), Some(line)) = (words_of(indication), self.lines.get(&connection)) {
            line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
        }
        match indication {
            Indication::Opened { .. } => self.begin(now, out),
            Indication::Closed { .. } => {
                self.next_step = self.visit.steps.len();
                self.go_on(now, out);
            }
            _ => {}
        }
    }

    fn opened(&mut self, connection: u64, works: &mut Works) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        line.open = true;
        works.push_back(match line.waiting.take() {
            Some(request) => Work::Http(connection, ClientInput::Request(request)),
            None => Work::WebSocket(connection, websocket::Input::Open),
        });
    }
}

impl Machine for Client {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        let mut works = match input {
            Input::Order(_) => Works::new(),
            _ => std::mem::take(&mut self.behind),
        };
        match input {
            Input::Resume => {}
            Input::Order(order) => self.order(now, order, &mut works, out),
            Input::Start => self.start(now, &mut works, out),
            Input::Opened { connection } => self.opened(connection, &mut works),
            Input::Received { connection, octets } => {
                let Some(line) = self.lines.get_mut(&connection) else { return };
                line.meter.receives(octets.len());
                works.push_back(match &line.talk {
                    Talk::Http(_) => Work::Http(connection, ClientInput::Received(octets)),
                    Talk::WebSocket(machine) => {
                        if machine.state() == websocket::State::Connecting
                            && let Some((words, behind)) = line.answer.take(&octets)
                        {
                            line.meter.hear_http(&words, behind, out);
                        }
                        Work::WebSocket(connection, websocket::Input::Received(octets))
                    }
                });
            }
            Input::PeerClosed { connection } => {
                works.push_back(Work::Http(connection, ClientInput::PeerClosed));
                works.push_back(Work::WebSocket(connection, websocket::Input::PeerClosed));
            }
            Input::Lost { connection } => Self::lost(connection, &mut works),
        }
        self.run(now, works, out);
    }

    fn deadline(&self) -> Option<Instant> {
        let machine = |line: &Line| match &line.talk {
            Talk::Http(machine) => machine.deadline(),
            Talk::WebSocket(machine) => machine.deadline(),
        };
        let lines = self.lines.values().filter_map(machine);
        let session = self.session.as_ref().and_then(|session| session.deadline());
        lines.chain(self.due).chain(session).min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mut works = Works::new();
        let lines: Vec<u64> = self.lines.keys().copied().collect();
        for connection in lines {
            let Some(line) = self.lines.get_mut(&connection) else { continue };
            match &mut line.talk {
                Talk::Http(machine) => {
                    let mut said = Vec::new();
                    machine.on_deadline(now, &mut said);
                    self.obey_http(now, connection, said, &mut works, out);
                }
                Talk::WebSocket(machine) => {
                    let mut said = Vec::new();
                    machine.on_deadline(now, &mut said);
                    self.obey_websocket(now, connection, said, &mut works, out);
                }
            }
        }
        self.call_session(now, &mut works, out);
        self.run(now, works, out);
        if self.due.is_some_and(|due| due <= now) {
            let mut works = Works::new();
            let waits = self.step(now, &mut works, out);
            self.run(now, works, out);
            if !waits {
                self.go_on(now, out);
            }
        }
    }
}
