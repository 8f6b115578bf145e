//! A client's connections, and what is still to be done with them in a step.

use super::client::Client;
use super::interface::Output;
use super::line::{Answer, Meter};
use super::session::Order;
use super::visit::Speaks;
use crate::base::{Instant, Rng};
use crate::stack::application::engine_io;
use crate::stack::application::http::{self, ClientConnection, ClientInput};
use crate::stack::application::websocket::{self, Connection, Opening};
use std::collections::VecDeque;
use std::rc::Rc;

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) meter: Meter,
    pub(super) open: bool,
    pub(super) talk: Talk,
    /// The WebSocket's part of the handshake is out: what follows are frames.
    pub(super) frames: bool,
    /// What has come of the answer to it.
    pub(super) answer: Answer,
    /// A request that waits until the connection is open.
    pub(super) waiting: Option<http::Request>,
    /// What it is used for: the number of the request or of the WebSocket, given to it by Engine.IO,
    /// or by the program that drives the client.
    pub(super) purpose: Option<u64>,
}

/// What it speaks.
#[derive(Clone, Debug)]
pub(super) enum Talk {
    /// HTTP.
    Http(Box<ClientConnection>),
    /// WebSocket.
    WebSocket(Box<Connection>),
}

/// Something that is still to be done in this step.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// For a connection that speaks HTTP.
    Http(u64, ClientInput),
    /// For one that is a WebSocket.
    WebSocket(u64, websocket::Input),
    /// For Engine.IO.
    Engine(Order),
    /// For Socket.IO: what Engine.IO says.
    Sockets(engine_io::client::Indication),
    /// A connection is gone.
    Forget(u64),
}

/// What is still to be done in this step, in order.
pub(super) type Works = VecDeque<Work>;

impl Line {
    /// Whether it can take a request now.
    pub(super) fn is_free(&self) -> bool {
        let idle = match &self.talk {
            Talk::Http(machine) => machine.state() == http::ClientState::Idle,
            Talk::WebSocket(_) => false,
        };
        idle && self.open && self.purpose.is_none() && self.waiting.is_none()
    }

    /// Whether it speaks HTTP.
    pub(super) const fn is_http(&self) -> bool {
        matches!(self.talk, Talk::Http(_))
    }
}

impl Client {
    fn connect(
        &mut self,
        talk: Talk,
        waiting: Option<http::Request>,
        purpose: Option<u64>,
        out: &mut Vec<Output>,
    ) -> u64 {
        let connection = self.next_connection;
        self.next_connection += 1;
        let meter = Meter::new(connection);
        let answer = Answer::default();
        let line = Line { meter, open: false, talk, frames: false, answer, waiting, purpose };
        self.lines.insert(connection, line);
        out.push(Output::Connect { connection });
        connection
    }

    /// Opens a WebSocket, and gives its connection's number.
    pub(super) fn open_websocket(
        &mut self,
        opening: Opening,
        config: websocket::Config,
        purpose: Option<u64>,
        out: &mut Vec<Output>,
    ) -> u64 {
        // Another connection has other keys.
        let rng = Rng::fork(self.rng.bits(), "keys");
        let machine = Connection::client(Rc::new(config), opening, rng);
        self.connect(Talk::WebSocket(Box::new(machine)), None, purpose, out)
    }

    /// Sends a request over a free connection, or over a new one.
    pub(super) fn ask(
        &mut self,
        mut request: http::Request,
        purpose: Option<u64>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let (host, config) = match &self.visit.speaks {
            Speaks::Http { host, config } => (host, *config),
            Speaks::SocketIo { host, .. } => (host, http::ClientConfig::default()),
            Speaks::WebSocket { opening, .. } => (&opening.host, http::ClientConfig::default()),
        };
        if request.headers.get("Host").is_none() {
            request.headers.push("Host", host.clone());
        }
        if let Some((&connection, line)) = self.lines.iter_mut().find(|line| line.1.is_free()) {
            line.purpose = purpose;
            works.push_back(Work::Http(connection, ClientInput::Request(request)));
        } else {
            let talk = Talk::Http(Box::new(ClientConnection::new(Rc::new(config))));
            self.connect(talk, Some(request), purpose, out);
        }
    }

    /// Gives a request up.
    pub(super) fn abort(&mut self, exchange: u64, out: &mut Vec<Output>) {
        let of = |line: &(&u64, &Line)| line.1.purpose == Some(exchange) && line.1.is_http();
        if let Some(connection) = self.lines.iter().find(of).map(|line| *line.0) {
            self.lines.remove(&connection);
            out.push(Output::Abort { connection });
        }
    }

    /// A connection is gone.
    pub(super) fn lost(connection: u64, works: &mut Works) {
        works.push_back(Work::WebSocket(connection, websocket::Input::Reset));
        works.push_back(Work::Forget(connection));
    }

    pub(super) fn forget(
        &mut self,
        now: Instant,
        connection: u64,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.remove(&connection).filter(Line::is_http) else { return };
        let asked = match &line.talk {
            Talk::Http(machine) => machine.state() != http::ClientState::Idle,
            Talk::WebSocket(_) => false,
        };
        if line.waiting.is_some() || asked {
            self.failed(now, line.purpose, None, works, out);
        }
    }
}
