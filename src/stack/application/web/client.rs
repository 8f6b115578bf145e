//! A client: it opens what connections it needs, and does what its visit says.

use super::interface::{Input, News, Output, Protocol};
use super::line::Meter;
use super::visit::{Action, Speaks, Visit, words_of};
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::http::{self, ClientConnection, ClientInput, ClientOutput};
use crate::stack::application::websocket::{self, Connection, Indication};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    visit: Arc<Visit>,
    rng: Rng,
    line: Option<Line>,
    /// The number of the next connection.
    next_connection: u64,
    /// The step to be done next.
    next_step: usize,
    /// When.
    due: Option<Instant>,
    /// A request that waits for its connection to be open.
    waiting: Option<http::Request>,
    done: bool,
}

/// The client's connection.
#[derive(Clone, Debug)]
struct Line {
    meter: Meter,
    open: bool,
    talk: Talk,
    /// The WebSocket's part of the handshake is out: what follows are frames.
    frames: bool,
}

#[derive(Clone, Debug)]
enum Talk {
    Http(Box<ClientConnection>),
    WebSocket(Box<Connection>),
}

/// Something that the connection is still to be given in this step.
#[derive(Debug)]
enum Work {
    Http(ClientInput),
    WebSocket(websocket::Input),
}

impl Client {
    /// A client that has not begun. `rng` is a stream of its own.
    pub const fn new(visit: Arc<Visit>, rng: Rng) -> Self {
        Self {
            visit,
            rng,
            line: None,
            next_connection: 0,
            next_step: 0,
            due: None,
            waiting: None,
            done: false,
        }
    }

    /// Its WebSocket, if it has one.
    pub fn websocket(&self) -> Option<(u64, &Connection)> {
        match self.line.as_ref()? {
            Line { talk: Talk::WebSocket(machine), meter, .. } => Some((meter.connection, machine)),
            Line { talk: Talk::Http(_), .. } => None,
        }
    }

    /// Its HTTP connection, if it has one.
    pub fn http(&self) -> Option<(u64, &ClientConnection)> {
        match self.line.as_ref()? {
            Line { talk: Talk::Http(machine), meter, .. } => Some((meter.connection, machine)),
            Line { talk: Talk::WebSocket(_), .. } => None,
        }
    }

    fn connect(&mut self, out: &mut Vec<Output>) {
        let talk = match &self.visit.speaks {
            Speaks::Http { config, .. } => {
                Talk::Http(Box::new(ClientConnection::new(Rc::new(*config))))
            }
            Speaks::WebSocket { opening, config } => {
                let rng = self.rng.clone();
                // Another connection has other keys.
                self.rng.bits();
                let (config, opening) = (Rc::new(config.clone()), opening.clone());
                Talk::WebSocket(Box::new(Connection::client(config, opening, rng)))
            }
        };
        let connection = self.next_connection;
        self.next_connection += 1;
        let meter = Meter::new(connection);
        self.line = Some(Line { meter, open: false, talk, frames: false });
        out.push(Output::Connect { connection });
    }

    /// The next step is due so long from now on.
    fn go_on(&mut self, now: Instant, out: &mut Vec<Output>) {
        self.due = self.visit.steps.get(self.next_step).map(|step| now + step.after);
        if self.due.is_none() && !std::mem::replace(&mut self.done, true) {
            out.push(Output::Done);
        }
    }

    fn step(&mut self, now: Instant, out: &mut Vec<Output>) {
        let visit = Arc::clone(&self.visit);
        let Some(step) = visit.steps.get(self.next_step) else { return };
        self.next_step += 1;
        self.due = None;
        let connection = self.line.as_ref().map(|line| line.meter.connection);
        let octets = Chunk::from(step.action.call().as_bytes());
        out.push(Output::Tell { connection, news: News::Calls, octets });
        let input = match step.action.clone() {
            Action::Request(request) => return self.ask(now, request, out),
            Action::Send(message) => websocket::Input::Send(message),
            Action::Part { text, octets, last } => {
                websocket::Input::SendFragment { text, octets, last }
            }
            Action::Ping(payload) => websocket::Input::Ping(payload),
            Action::Close { code, reason } => websocket::Input::Close { code, reason },
        };
        self.run(now, Work::WebSocket(input), out);
        self.go_on(now, out);
    }

    /// Sends a request over the connection that there is, or over a new one.
    fn ask(&mut self, now: Instant, mut request: http::Request, out: &mut Vec<Output>) {
        if let Speaks::Http { host, .. } = &self.visit.speaks
            && request.headers.get("Host").is_none()
        {
            request.headers.push("Host", host.clone());
        }
        match &self.line {
            Some(Line { open: true, .. }) => {
                self.run(now, Work::Http(ClientInput::Request(request)), out);
            }
            Some(Line { open: false, .. }) => self.waiting = Some(request),
            None => {
                self.waiting = Some(request);
                self.connect(out);
            }
        }
    }

    /// Gives the connection something, and does what follows from it.
    fn run(&mut self, now: Instant, first: Work, out: &mut Vec<Output>) {
        let mut works = VecDeque::from([first]);
        while let Some(work) = works.pop_front() {
            let Some(line) = &mut self.line else { return };
            match (&mut line.talk, work) {
                (Talk::Http(machine), Work::Http(input)) => {
                    let mut said = Vec::new();
                    machine.handle(now, input, &mut said);
                    self.obey_http(now, said, out);
                }
                (Talk::WebSocket(machine), Work::WebSocket(input)) => {
                    let mut said = Vec::new();
                    machine.handle(now, input, &mut said);
                    self.obey_websocket(now, said, &mut works, out);
                }
                _ => {}
            }
        }
    }

    fn obey_http(&mut self, now: Instant, said: Vec<ClientOutput>, out: &mut Vec<Output>) {
        for output in said {
            let Some(line) = &mut self.line else { return };
            match output {
                ClientOutput::Transmit(octets) => line.meter.send(Protocol::Http, octets, out),
                ClientOutput::Note(note) => line.meter.tell_http(note, out),
                ClientOutput::Response(response) | ClientOutput::Upgraded { response, .. } => {
                    let status = response.status;
                    let words = format!("{} {}", status.0, status.reason());
                    line.meter.hear_http(&words, 0, out);
                    let words = format!("on response {words}, {} octets", response.body.len());
                    line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
                    self.go_on(now, out);
                }
                ClientOutput::Failed(why) => {
                    let words = format!("on error: {why}");
                    line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
                    self.go_on(now, out);
                }
                ClientOutput::Close => {
                    let connection = line.meter.connection;
                    out.push(Output::Close { connection });
                    self.line = None;
                }
            }
        }
    }

    fn obey_websocket(
        &mut self,
        now: Instant,
        said: Vec<websocket::Output>,
        works: &mut VecDeque<Work>,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            let Some(line) = &mut self.line else { return };
            let connection = line.meter.connection;
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
                    works.push_back(Work::WebSocket(websocket::Input::Resume))
                }
                websocket::Output::CloseTransport => out.push(Output::Close { connection }),
                websocket::Output::AbortTransport => out.push(Output::Abort { connection }),
                websocket::Output::Indicate(indication) => {
                    if let Some(words) = words_of(&indication) {
                        line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
                    }
                    match indication {
                        Indication::Opened { .. } => self.go_on(now, out),
                        Indication::Closed { .. } => {
                            self.due = None;
                            self.next_step = self.visit.steps.len();
                            self.go_on(now, out);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    fn is_current(&self, connection: u64) -> bool {
        self.line.as_ref().is_some_and(|line| line.meter.connection == connection)
    }

    fn is_http(&self) -> bool {
        matches!(self.line, Some(Line { talk: Talk::Http(_), .. }))
    }

    fn opened(&mut self, now: Instant, out: &mut Vec<Output>) {
        if let Some(line) = &mut self.line {
            line.open = true;
        }
        self.run(now, Work::WebSocket(websocket::Input::Open), out);
        if let Some(request) = self.waiting.take() {
            self.run(now, Work::Http(ClientInput::Request(request)), out);
        }
    }

    fn lost(&mut self, now: Instant, out: &mut Vec<Output>) {
        self.run(now, Work::WebSocket(websocket::Input::Reset), out);
        let Some(line) = self.line.take_if(|line| matches!(line.talk, Talk::Http(_))) else {
            return;
        };
        let asked = match line.talk {
            Talk::Http(machine) => machine.state() != http::ClientState::Idle,
            Talk::WebSocket(_) => false,
        };
        if self.waiting.take().is_some() || asked {
            let words = "on error: the connection was lost";
            line.meter.tell(News::Handles, Chunk::from_static(words.as_bytes()), out);
            self.go_on(now, out);
        }
    }
}

impl Machine for Client {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Start => match &self.visit.speaks {
                Speaks::Http { .. } => self.go_on(now, out),
                Speaks::WebSocket { .. } => {
                    let words = b"new WebSocket";
                    let octets = Chunk::from_static(words);
                    out.push(Output::Tell { connection: None, news: News::Calls, octets });
                    self.connect(out);
                }
            },
            Input::Opened { connection } if self.is_current(connection) => self.opened(now, out),
            Input::Received { connection, octets } if self.is_current(connection) => {
                if let Some(line) = &mut self.line {
                    line.meter.receives(octets.len());
                }
                let work = if self.is_http() {
                    Work::Http(ClientInput::Received(octets))
                } else {
                    Work::WebSocket(websocket::Input::Received(octets))
                };
                self.run(now, work, out);
            }
            Input::PeerClosed { connection } if self.is_current(connection) => {
                let work = if self.is_http() {
                    Work::Http(ClientInput::PeerClosed)
                } else {
                    Work::WebSocket(websocket::Input::PeerClosed)
                };
                self.run(now, work, out);
            }
            Input::Lost { connection } if self.is_current(connection) => self.lost(now, out),
            Input::Opened { .. }
            | Input::Received { .. }
            | Input::PeerClosed { .. }
            | Input::Lost { .. } => {}
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let machine = self.line.as_ref().and_then(|line| match &line.talk {
            Talk::Http(machine) => machine.deadline(),
            Talk::WebSocket(machine) => machine.deadline(),
        });
        machine.into_iter().chain(self.due).min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        let mut works = VecDeque::new();
        if let Some(line) = &mut self.line {
            match &mut line.talk {
                Talk::Http(machine) => {
                    let mut said = Vec::new();
                    machine.on_deadline(now, &mut said);
                    self.obey_http(now, said, out);
                }
                Talk::WebSocket(machine) => {
                    let mut said = Vec::new();
                    machine.on_deadline(now, &mut said);
                    self.obey_websocket(now, said, &mut works, out);
                }
            }
        }
        while let Some(work) = works.pop_front() {
            self.run(now, work, out);
        }
        if self.due.is_some_and(|due| due <= now) {
            self.step(now, out);
        }
    }
}
