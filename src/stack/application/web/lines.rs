//! A server's connections: what they have become, and how they change and end.

use super::interface::Output;
use super::line::Meter;
use super::program::Indication;
use super::server::{Server, Work, Works};
use crate::base::{Chunk, Instant};
use crate::stack::Machine as _;
use crate::stack::application::http::{self, ServerConnection, ServerInput};
use crate::stack::application::websocket::{self, Connection};
use std::rc::Rc;

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) meter: Meter,
    pub(super) talk: Talk,
    pub(super) timer: Option<Instant>,
    /// The WebSocket's part of the handshake is out: what follows are frames.
    pub(super) frames: bool,
    /// The next unasked message: when, and its number.
    pub(super) push: Option<(Instant, u32)>,
    /// The request for a WebSocket that a program decides about, and at which endpoint.
    pub(super) asked: Option<(usize, http::Request)>,
}

/// What a connection has become.
#[derive(Clone, Debug)]
pub(super) enum Talk {
    /// HTTP.
    Http(Box<ServerConnection>),
    /// A WebSocket, and what it is for.
    WebSocket(Box<Connection>, Place),
    /// Nothing more is heard.
    Over,
}

/// What a WebSocket is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// The endpoint of that place.
    Endpoint(usize),
    /// A session of Engine.IO.
    Hub,
    /// Nothing: its handshake is no good, and is refused.
    Nowhere,
}

impl Server {
    /// Its timer is that of what it has become.
    pub(super) fn set_timer(&mut self, connection: u64) {
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

    /// Octets arrived.
    pub(super) fn received(&mut self, connection: u64, octets: Chunk, works: &mut Works) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        line.meter.receives(octets.len());
        works.push_back(match line.talk {
            Talk::Http(_) => Work::Http(connection, ServerInput::Received(octets)),
            Talk::WebSocket(..) | Talk::Over => {
                Work::WebSocket(connection, websocket::Input::Received(octets))
            }
        });
    }

    /// A connection is gone, and with it what was under way.
    pub(super) fn lost(
        &mut self,
        now: Instant,
        connection: u64,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        if self.driven && self.owes(connection) {
            out.push(Output::Indicate(Indication::Gone { connection }));
        }
        works.push_back(Work::WebSocket(connection, websocket::Input::Reset));
        self.hub_lost(now, connection, works, out);
        works.push_back(Work::Forget(connection));
    }

    /// Whether the program owes a connection an answer.
    pub(super) fn owes(&self, connection: u64) -> bool {
        let is_asked = |line: &Line| match &line.talk {
            Talk::Http(machine) => machine.state().owes(),
            Talk::WebSocket(..) | Talk::Over => false,
        };
        self.lines.get(&connection).is_some_and(is_asked)
            && !self.hub.as_ref().is_some_and(|hub| hub.owes(connection))
    }

    pub(super) fn forget(&mut self, connection: u64) {
        if let Some(line) = self.lines.remove(&connection)
            && let Some(at) = line.timer
        {
            self.timers.remove(&(at, connection));
        }
    }

    /// A WebSocket takes a connection over, and answers its request.
    pub(super) fn hand_over(
        &mut self,
        now: Instant,
        connection: u64,
        (place, config, request): (Place, Rc<websocket::Config>, http::Request),
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let machine = Box::new(Connection::server_for(config, request));
        let before = std::mem::replace(&mut line.talk, Talk::WebSocket(machine, place));
        works.push_back(Work::WebSocket(connection, websocket::Input::Open));
        if let Talk::Http(mut machine) = before {
            let mut said = Vec::new();
            machine.handle(now, ServerInput::HandOver, &mut said);
            self.obey_http(now, connection, said, works, out);
        }
    }
}
