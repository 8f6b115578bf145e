//! What a program orders, carried out.

use super::client::Client;
use super::interface::Output;
use super::lines::Place;
use super::program::Order;
use super::server::{Server, Work, Works};
use super::work;
use crate::base::Instant;
use crate::stack::application::http::ServerInput;
use crate::stack::application::websocket::Config;
use std::rc::Rc;

impl Server {
    /// Does what the program asks for.
    pub(super) fn order(
        &mut self,
        now: Instant,
        order: Order,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        match order {
            Order::Respond { connection, response } => {
                self.answer(connection, ServerInput::Respond(response), works);
            }
            Order::Head { connection, response } => {
                self.answer(connection, ServerInput::Begin(response), works);
            }
            Order::Part { connection, octets } => {
                self.answer(connection, ServerInput::Part(octets), works);
            }
            Order::Finish { connection } => self.answer(connection, ServerInput::Finish, works),
            Order::Refuse { connection, mut response } => {
                response.headers.set("Connection", "close");
                self.answer(connection, ServerInput::Respond(response), works);
            }
            Order::Accept { connection, protocol } => {
                self.accept(now, connection, protocol, works, out);
            }
            Order::WebSocket { connection, input } => {
                works.push_back(Work::WebSocket(connection, input));
            }
            Order::Terminate { connection } if self.lines.contains_key(&connection) => {
                out.push(Output::Abort { connection });
                self.lost(now, connection, works, out);
            }
            Order::SocketIo(input) => works.push_back(Work::Sockets(input)),
            Order::Namespace(name) => {
                if let Some(hub) = &mut self.hub {
                    hub.add_namespace(name);
                }
            }
            Order::Terminate { .. }
            | Order::Request { .. }
            | Order::Abort { .. }
            | Order::SocketIoClient(_) => {}
        }
    }

    /// Answers the request of a connection, or a part of that.
    fn answer(&mut self, connection: u64, input: ServerInput, works: &mut Works) {
        if !self.owes(connection) {
            return;
        }
        if let Some(line) = self.lines.get_mut(&connection) {
            line.asked = None;
        }
        works.push_back(Work::Http(connection, input));
    }

    /// Lets a WebSocket answer the request that asks for it.
    fn accept(
        &mut self,
        now: Instant,
        connection: u64,
        protocol: Option<String>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let asked = self.lines.get_mut(&connection).and_then(|line| line.asked.take());
        let Some((place, request)) = asked else { return };
        let protocols = protocol.into_iter().collect();
        let config = Config { protocols, ..(*self.endpoints[place]).clone() };
        let wanted = (Place::Endpoint(place), Rc::new(config), request);
        self.hand_over(now, connection, wanted, works, out);
    }
}

impl Client {
    /// Does what the program asks for.
    pub(super) fn order(
        &mut self,
        now: Instant,
        order: Order,
        works: &mut work::Works,
        out: &mut Vec<Output>,
    ) {
        match order {
            Order::Request { exchange, request } if self.session.is_none() => {
                self.ask(request, Some(exchange), works, out);
            }
            Order::Abort { exchange } if self.session.is_none() => self.abort(exchange, out),
            Order::WebSocket { connection, input } => {
                works.push_back(work::Work::WebSocket(connection, input));
            }
            Order::Terminate { connection } if self.lines.contains_key(&connection) => {
                out.push(Output::Abort { connection });
                Self::lost(connection, works);
            }
            Order::SocketIoClient(call) => self.call(now, call, works, out),
            _ => {}
        }
    }
}
