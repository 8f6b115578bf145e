//! Engine.IO and Socket.IO on a server: requests and WebSockets become sessions, sessions become
//! events. What a program does with them is said by `rules`, or by the program itself.

use super::interface::{News, Output, Protocol};
use super::line::{say, tell, unit};
use super::lines::Place;
use super::program::{Indication, Opened};
use super::server::{Server, Work, Works};
use super::site::Gathering;
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine as _;
use crate::stack::application::engine_io::server as engine;
use crate::stack::application::http::{Request, Response, ServerInput, Status};
use crate::stack::application::socket_io::{self, server as sockets};
use crate::stack::application::{Message, engine_io, websocket};
use crate::stack::session::id::SessionId;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The sessions of a server.
#[derive(Clone, Debug)]
pub(super) struct Hub {
    engine: engine_io::Server,
    /// Without it every message goes back to its sender.
    sockets: Option<socket_io::Server>,
    /// The connections whose requests wait for an answer.
    exchanges: BTreeMap<u64, u64>,
    next_exchange: u64,
    /// The last request, without its body, and its connection.
    asking: Option<Opened>,
    /// How the sessions were opened, if a program may ask.
    openings: BTreeMap<SessionId, Opened>,
    /// The namespace of each client that is let in, and what it said of itself.
    pub(super) members: BTreeMap<SessionId, (String, Value)>,
}

impl Hub {
    pub(super) fn new(gathering: &Gathering, rng: &mut Rng) -> Self {
        let mut luck = |name| Rng::fork(rng.bits(), name);
        let sockets = &gathering.socket_io;
        Self {
            engine: engine_io::Server::new(gathering.engine.clone(), luck("engine.io")),
            sockets: sockets
                .as_ref()
                .map(|config| socket_io::Server::new(config.clone(), luck("socket.io"))),
            exchanges: BTreeMap::new(),
            next_exchange: 0,
            asking: None,
            openings: BTreeMap::new(),
            members: BTreeMap::new(),
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let sockets = self.sockets.as_ref().and_then(socket_io::Server::deadline);
        self.engine.deadline().into_iter().chain(sockets).min()
    }

    /// The sessions, by their states.
    pub(super) const fn engine(&self) -> &engine_io::Server {
        &self.engine
    }

    /// The clients in namespaces.
    pub(super) const fn sockets(&self) -> Option<&socket_io::Server> {
        self.sockets.as_ref()
    }

    /// There is one more namespace.
    pub(super) fn add_namespace(&mut self, name: String) {
        if let Some(sockets) = &mut self.sockets {
            sockets.add_namespace(name);
        }
    }

    /// Whether a request of that connection waits for an answer of Engine.IO.
    pub(super) fn owes(&self, connection: u64) -> bool {
        self.exchanges.values().any(|waits| *waits == connection)
    }

    /// What a program is told, with what it may want to know of how it began.
    fn indication(&self, indication: sockets::Indication) -> Indication {
        let opening = match &indication {
            sockets::Indication::Connecting { session, .. } => self.openings.get(session).cloned(),
            _ => None,
        };
        Indication::SocketIo { indication, opening }
    }
}

impl Server {
    pub(super) fn gathering(&self) -> Option<&Gathering> {
        self.site.gathering.as_ref()
    }

    /// A request for the hub's path.
    pub(super) fn hub_asked(
        &mut self,
        now: Instant,
        connection: u64,
        mut request: Request,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(hub) = &mut self.hub else { return };
        let body = std::mem::take(&mut request.body);
        let request = Rc::new(request);
        hub.asking = Some(Opened { connection, request: Rc::clone(&request) });
        let query = request.target.split_once('?').map_or("", |target| target.1);
        if request.asks_upgrade("websocket") {
            let input = engine::Input::SocketOpened { socket: connection, query };
            return self.run_engine(now, input, works, out);
        }
        let exchange = hub.next_exchange;
        hub.next_exchange += 1;
        hub.exchanges.insert(exchange, connection);
        let input = engine::Input::Request {
            exchange,
            method: request.method.name(),
            query,
            origin: request.headers.get("Origin"),
            requested_headers: request.headers.get("Access-Control-Request-Headers"),
            body: body.clone(),
        };
        if !body.is_empty() {
            let news = unit(Protocol::EngineIo, false, body.len());
            tell(Some(connection), news, body, out);
        }
        self.run_engine(now, input, works, out);
    }

    /// A connection under waiting requests is gone.
    pub(super) fn hub_lost(
        &mut self,
        now: Instant,
        connection: u64,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(hub) = &mut self.hub else { return };
        let of = |exchange: &(&u64, &u64)| *exchange.1 == connection;
        let gone: Vec<u64> = hub.exchanges.iter().filter(of).map(|exchange| *exchange.0).collect();
        for exchange in gone {
            if let Some(hub) = &mut self.hub {
                hub.exchanges.remove(&exchange);
            }
            self.run_engine(now, engine::Input::ExchangeClosed { exchange }, works, out);
        }
    }

    /// A WebSocket of the hub's says something.
    pub(super) fn hub_heard(
        &mut self,
        now: Instant,
        socket: u64,
        indication: &websocket::Indication,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        match indication {
            websocket::Indication::Message(message) => {
                let news = unit(Protocol::EngineIo, false, message.octets().len());
                tell(Some(socket), news, message.octets().clone(), out);
                let message = message.clone();
                self.run_engine(now, engine::Input::SocketMessage { socket, message }, works, out);
            }
            websocket::Indication::Closed { .. } => {
                self.run_engine(now, engine::Input::SocketClosed { socket }, works, out);
            }
            _ => {}
        }
    }

    pub(super) fn run_engine(
        &mut self,
        now: Instant,
        input: engine::Input<'_>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(hub) = &mut self.hub else { return };
        let mut said = Vec::new();
        hub.engine.handle(now, input, &mut said);
        self.obey_engine(now, said, works, out);
    }

    /// The hub's time has come.
    pub(super) fn call_hub(&mut self, now: Instant, works: &mut Works, out: &mut Vec<Output>) {
        let Some(hub) = &mut self.hub else { return };
        let (mut said, mut told) = (Vec::new(), Vec::new());
        hub.engine.on_deadline(now, &mut said);
        if let Some(sockets) = &mut hub.sockets {
            sockets.on_deadline(now, &mut told);
        }
        self.obey_engine(now, said, works, out);
        self.obey_sockets(told, works, out);
    }

    fn obey_engine(
        &mut self,
        now: Instant,
        said: Vec<engine::Output>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            let Some(hub) = &mut self.hub else { return };
            match output {
                engine::Output::Respond { exchange, status, headers, body } => {
                    let Some(connection) = hub.exchanges.remove(&exchange) else { continue };
                    if status == 200 && *body != *b"ok" {
                        let news = unit(Protocol::EngineIo, true, body.len());
                        tell(Some(connection), news, body.clone(), out);
                    }
                    let mut response = Response::new(Status(status)).with_body(body);
                    for (name, value) in headers {
                        response.headers.push(name, value);
                    }
                    works.push_back(Work::Http(connection, ServerInput::Respond(response)));
                }
                engine::Output::Accept { socket } => {
                    if let Some(asking) = hub.asking.clone() {
                        let request = Rc::unwrap_or_clone(asking.request);
                        let config = Rc::clone(&self.hub_config);
                        self.hand_over(now, socket, (Place::Hub, config, request), works, out);
                    }
                }
                engine::Output::Refuse { socket, status, body } => {
                    let response = Response::new(Status(status))
                        .with("Content-Type", "application/json")
                        .with("Connection", "close")
                        .with_body(body);
                    works.push_back(Work::Http(socket, ServerInput::Respond(response)));
                }
                engine::Output::SocketSend { socket, message } => {
                    let news = unit(Protocol::EngineIo, true, message.octets().len());
                    tell(Some(socket), news, message.octets().clone(), out);
                    works.push_back(Work::WebSocket(socket, websocket::Input::Send(message)));
                }
                engine::Output::SocketClose { socket } => {
                    let close = websocket::Input::Close { code: Some(1000), reason: String::new() };
                    works.push_back(Work::WebSocket(socket, close));
                }
                engine::Output::Note(note) => {
                    tell(None, News::EngineIo(note), Chunk::EMPTY, out);
                }
                engine::Output::Indicate(indication) => {
                    if let (true, engine::Indication::Opened { session }, Some(asking)) =
                        (self.driven, &indication, &hub.asking)
                    {
                        hub.openings.insert(*session, asking.clone());
                    }
                    let speaks_socket_io = hub.sockets.is_some();
                    engine_says(speaks_socket_io, indication, works, out);
                }
            }
        }
    }

    pub(super) fn run_sockets(
        &mut self,
        now: Instant,
        input: sockets::Input,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(sockets) = self.hub.as_mut().and_then(|hub| hub.sockets.as_mut()) else { return };
        let over = match &input {
            sockets::Input::Engine(engine::Indication::Closed { session, .. }) => Some(*session),
            _ => None,
        };
        let mut said = Vec::new();
        sockets.handle(now, input, &mut said);
        self.obey_sockets(said, works, out);
        if let (Some(session), Some(hub)) = (over, &mut self.hub) {
            hub.openings.remove(&session);
        }
    }

    fn obey_sockets(
        &mut self,
        said: Vec<sockets::Output>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            match output {
                sockets::Output::EngineSend { session, messages, volatile } => {
                    for message in &messages {
                        let news = unit(Protocol::SocketIo, true, message.octets().len());
                        tell(None, news, message.octets().clone(), out);
                    }
                    works.push_back(Work::EngineSend { session, messages, volatile });
                }
                sockets::Output::EngineClose { session } => {
                    works.push_back(Work::EngineClose(session));
                }
                sockets::Output::Note(note) => {
                    tell(None, News::SocketIo(note), Chunk::EMPTY, out);
                }
                sockets::Output::Indicate(indication) => match &self.hub {
                    Some(hub) if self.driven => {
                        out.push(Output::Indicate(hub.indication(indication)));
                    }
                    _ => self.socket_says(indication, works, out),
                },
            }
        }
    }
}

/// An Engine.IO session says something: Socket.IO hears it, or the program that sends all back.
fn engine_says(
    speaks_socket_io: bool,
    indication: engine::Indication,
    works: &mut Works,
    out: &mut Vec<Output>,
) {
    match indication {
        engine::Indication::Message { session, message } if !speaks_socket_io => {
            say(News::Handles, "on message", out);
            let messages = vec![message];
            works.push_back(Work::EngineSend { session, messages, volatile: false });
        }
        indication => {
            if let engine::Indication::Message { message, .. } = &indication {
                told(message, out);
            }
            works.push_back(Work::Sockets(sockets::Input::Engine(indication)));
        }
    }
}

fn told(message: &Message, out: &mut Vec<Output>) {
    let news = unit(Protocol::SocketIo, false, message.octets().len());
    tell(None, news, message.octets().clone(), out);
}
