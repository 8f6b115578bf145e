//! What a server does with requests and with the messages of its WebSockets, if no program outside
//! decides it.

use super::interface::{News, Output};
use super::lines::{Line, Place, Talk};
use super::program;
use super::server::{Server, Work, Works};
use super::site::Manner;
use super::visit::{call_of, words_of};
use crate::base::{Chunk, Instant};
use crate::stack::application::Message;
use crate::stack::application::http::{self, ServerInput};
use crate::stack::application::websocket::{self, Indication, handshake};
use std::rc::Rc;

impl Server {
    /// Answers a request, or lets a WebSocket or the program answer it.
    pub(super) fn asked(
        &mut self,
        now: Instant,
        connection: u64,
        request: http::Request,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        if self.site.gathering.as_ref().is_some_and(|hub| hub.path == request.path()) {
            return self.hub_asked(now, connection, request, works, out);
        }
        let endpoint = self.site.endpoint(request.path());
        let endpoint = endpoint.filter(|_| request.asks_upgrade("websocket"));
        if self.driven {
            return self.ask_program(now, connection, (endpoint, request), works, out);
        }
        let call = format!("on request {} {}", request.method, request.target);
        line.meter.tell(News::Handles, Chunk::from(call.as_bytes()), out);
        if let Some(place) = endpoint {
            let wanted = (Place::Endpoint(place), Rc::clone(&self.endpoints[place]), request);
            self.hand_over(now, connection, wanted, works, out);
        } else {
            let response = self.site.answer(&request);
            let call = format!("respond {} {}", response.status.0, response.status.reason());
            works.push_back(Work::Call(Some(connection), call));
            works.push_back(Work::Http(connection, ServerInput::Respond(response)));
        }
    }

    /// A request for the program that drives the server, and at which endpoint it asks for a
    /// WebSocket, if it does.
    fn ask_program(
        &mut self,
        now: Instant,
        connection: u64,
        (endpoint, request): (Option<usize>, http::Request),
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(place) = endpoint else {
            return out
                .push(Output::Indicate(program::Indication::Request { connection, request }));
        };
        let config = &self.endpoints[place];
        if handshake::answer(&request, config).is_err() {
            let wanted = (Place::Nowhere, Rc::clone(config), request);
            return self.hand_over(now, connection, wanted, works, out);
        }
        if let Some(line) = self.lines.get_mut(&connection) {
            line.asked = Some((place, request.clone()));
        }
        out.push(Output::Indicate(program::Indication::Upgrade { connection, request }));
    }

    /// What the program behind a WebSocket does when it is told something.
    pub(super) fn heard(
        &mut self,
        now: Instant,
        connection: u64,
        indication: Indication,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Talk::WebSocket(_, place) = line.talk else { return };
        if matches!(indication, Indication::Closed { .. }) {
            (line.talk, line.push) = (Talk::Over, None);
        }
        match place {
            Place::Hub => self.hub_heard(now, connection, &indication, works, out),
            Place::Endpoint(_) if self.driven => {
                let told = program::Indication::WebSocket { connection, indication };
                out.push(Output::Indicate(told));
            }
            Place::Endpoint(place) => {
                self.react_to(now, connection, (place, &indication), works, out);
            }
            // The program never knew of it.
            Place::Nowhere => {}
        }
    }

    /// What is done at an endpoint when its WebSocket says something.
    fn react_to(
        &mut self,
        now: Instant,
        connection: u64,
        (place, indication): (usize, &Indication),
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        if let Some(words) = words_of(indication) {
            line.meter.tell(News::Handles, Chunk::from(words.as_bytes()), out);
        }
        let endpoint = &self.site.endpoints[place];
        match indication {
            Indication::Opened { .. } => {
                line.push = endpoint.push.as_ref().map(|push| (now + push.every, 1));
            }
            Indication::Message(message) => {
                let to: Vec<u64> = match endpoint.manner {
                    Manner::Echo => vec![connection],
                    Manner::Broadcast => self.at_endpoint(place),
                    Manner::Listen => Vec::new(),
                };
                for connection in to {
                    Self::send(connection, message.clone(), works);
                }
            }
            _ => {}
        }
    }

    /// The open WebSockets at an endpoint.
    fn at_endpoint(&self, place: usize) -> Vec<u64> {
        let is_there = |line: &Line| match &line.talk {
            Talk::WebSocket(machine, at) => {
                *at == Place::Endpoint(place) && machine.state() == websocket::State::Open
            }
            Talk::Http(_) | Talk::Over => false,
        };
        self.lines.iter().filter(|line| is_there(line.1)).map(|line| *line.0).collect()
    }

    fn send(connection: u64, message: Message, works: &mut Works) {
        works.push_back(Work::Call(Some(connection), call_of(&message)));
        works.push_back(Work::WebSocket(connection, websocket::Input::Send(message)));
    }

    /// Sends the unasked message that is due.
    pub(super) fn push(&mut self, now: Instant, connection: u64, works: &mut Works) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Talk::WebSocket(_, Place::Endpoint(place)) = line.talk else { return };
        let Some(push) = &self.site.endpoints[place].push else { return };
        if let Some((at, number)) = line.push.filter(|push| push.0 <= now) {
            line.push = (number < push.times).then_some((at + push.every, number + 1));
            let message = Message::text(&format!("{} {number}", push.text));
            Self::send(connection, message, works);
        }
    }
}
