//! What a server does with requests and with the messages of its WebSockets.

use super::interface::{News, Output};
use super::server::{Line, Place, Server, Talk, Work, Works};
use super::site::Manner;
use super::visit::{call_of, words_of};
use crate::base::{Chunk, Instant};
use crate::stack::application::Message;
use crate::stack::application::http::{self, ServerInput};
use crate::stack::application::websocket::{self, Indication};

impl Server {
    /// Answers a request, or lets a WebSocket answer it.
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
        let call = format!("on request {} {}", request.method, request.target);
        line.meter.tell(News::Handles, Chunk::from(call.as_bytes()), out);
        let endpoint = self.site.endpoint(request.path());
        if let Some(place) = endpoint.filter(|_| request.asks_upgrade("websocket")) {
            let wanted = (Place::Endpoint(place), request);
            self.hand_over(now, connection, wanted, works, out);
        } else {
            let response = self.site.answer(&request);
            let call = format!("respond {} {}", response.status.0, response.status.reason());
            works.push_back(Work::Call(Some(connection), call));
            works.push_back(Work::Http(connection, ServerInput::Respond(response)));
        }
    }

    /// What the program behind a WebSocket does when it is told something.
    pub(super) fn heard(
        &mut self,
        now: Instant,
        connection: u64,
        indication: &Indication,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Talk::WebSocket(_, place) = line.talk else { return };
        let Place::Endpoint(place) = place else {
            if matches!(indication, Indication::Closed { .. }) {
                line.talk = Talk::Over;
            }
            return self.hub_heard(now, connection, indication, works, out);
        };
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
