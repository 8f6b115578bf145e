//! Engine.IO and Socket.IO on a server: requests and WebSockets become sessions, sessions become
//! events, and rules say what a program does with them.

use super::interface::{News, Output, Protocol};
use super::line::{say, tell, unit};
use super::server::{Place, Server, Work, Works};
use super::site::{Gathering, Reaction, Rule};
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine as _;
use crate::stack::application::engine_io::server as engine;
use crate::stack::application::http::{Request, Response, ServerInput, Status};
use crate::stack::application::socket_io::server::{self as sockets, Reach};
use crate::stack::application::socket_io::{self, Arguments};
use crate::stack::application::{Message, engine_io, websocket};
use crate::stack::session::id::SessionId;
use serde_json::Value;
use std::collections::BTreeMap;

/// The sessions of a server.
#[derive(Clone, Debug)]
pub(super) struct Hub {
    engine: engine_io::Server,
    /// Without it every message goes back to its sender.
    sockets: Option<socket_io::Server>,
    /// The connections whose requests wait for an answer.
    exchanges: BTreeMap<u64, u64>,
    next_exchange: u64,
    /// The request that asks for a WebSocket, while it is decided.
    upgrade: Option<Request>,
    /// The namespace of each client that is let in, and what it said of itself.
    members: BTreeMap<SessionId, (String, Value)>,
}

/// Arguments as a program writes them.
pub(super) fn words_of(arguments: &[Value]) -> String {
    arguments.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
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
            upgrade: None,
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
}

impl Server {
    fn gathering(&self) -> Option<&Gathering> {
        self.site.gathering.as_ref()
    }

    /// A request for the hub's path.
    pub(super) fn hub_asked(
        &mut self,
        now: Instant,
        connection: u64,
        request: Request,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(hub) = &mut self.hub else { return };
        let query = request.target.split_once('?').map_or("", |target| target.1).to_owned();
        if request.asks_upgrade("websocket") {
            hub.upgrade = Some(request);
            let input = engine::Input::SocketOpened { socket: connection, query: &query };
            return self.run_engine(now, input, works, out);
        }
        let exchange = hub.next_exchange;
        hub.next_exchange += 1;
        hub.exchanges.insert(exchange, connection);
        let input = engine::Input::Request {
            exchange,
            method: request.method.name(),
            query: &query,
            origin: request.headers.get("Origin"),
            requested_headers: request.headers.get("Access-Control-Request-Headers"),
            body: request.body.clone(),
        };
        if !request.body.is_empty() {
            let news = unit(Protocol::EngineIo, false, request.body.len());
            tell(Some(connection), news, request.body.clone(), out);
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
                    if let Some(request) = hub.upgrade.take() {
                        self.hand_over(now, socket, (Place::Hub, request), works, out);
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
        let mut said = Vec::new();
        sockets.handle(now, input, &mut said);
        self.obey_sockets(said, works, out);
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
                sockets::Output::Indicate(indication) => self.socket_says(indication, works, out),
            }
        }
    }

    /// What the program does when Socket.IO tells it something.
    fn socket_says(
        &mut self,
        indication: sockets::Indication,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        match indication {
            sockets::Indication::Connecting { socket, namespace, auth, .. } => {
                let wanted = self.gathering().and_then(|gathering| gathering.token.as_ref());
                let input = match wanted {
                    Some(token) if auth["token"] != **token => {
                        let call = "next(new Error(\"not authorized\"))".to_owned();
                        works.push_back(Work::Call(None, call));
                        let message = "not authorized".to_owned();
                        sockets::Input::Refuse { socket, message, data: None }
                    }
                    Some(_) | None => sockets::Input::Accept { socket },
                };
                if let Some(hub) = &mut self.hub {
                    hub.members.insert(socket, (namespace, auth));
                }
                works.push_back(Work::Sockets(input));
            }
            sockets::Indication::Connected { socket, namespace, .. } => {
                say(News::Handles, &format!("io.on(\"connection\") in {namespace}"), out);
                let auth = self.hub.as_ref().and_then(|hub| hub.members.get(&socket));
                let auth = auth.map_or(Value::Null, |member| member.1.clone());
                self.react(socket, "connection", &Arguments::new(vec![auth]), None, works);
            }
            sockets::Indication::Event { socket, name, arguments, ack } => {
                let words = format!("socket.on({name:?}) {}", words_of(&arguments.values));
                say(News::Handles, words.trim_end(), out);
                self.react(socket, &name, &arguments, ack, works);
            }
            sockets::Indication::Acknowledged { arguments, .. } => {
                let words = format!("callback({})", words_of(&arguments.values));
                say(News::Handles, &words, out);
            }
            sockets::Indication::AckTimedOut { .. } | sockets::Indication::AckLost { .. } => {
                say(News::Handles, "callback(error): no answer", out);
            }
            sockets::Indication::Disconnected { socket, reason } => {
                say(News::Handles, &format!("socket.on(\"disconnect\") {reason}"), out);
                if let Some(hub) = &mut self.hub {
                    hub.members.remove(&socket);
                }
            }
            sockets::Indication::Misuse(_) => {}
        }
    }

    /// Does what the rules say to an event.
    fn react(
        &self,
        socket: SessionId,
        event: &str,
        arguments: &Arguments,
        ack: Option<u64>,
        works: &mut Works,
    ) {
        let (Some(gathering), Some(hub)) = (self.gathering(), &self.hub) else { return };
        let Some((namespace, _)) = hub.members.get(&socket) else { return };
        let meant =
            |rule: &&Rule| rule.event == event || rule.event == "*" && event != "connection";
        for rule in gathering.rules.iter().filter(meant) {
            let arguments = match &rule.with {
                Some(values) => Arguments::new(values.clone()),
                None => arguments.clone(),
            };
            let name = rule.emit.clone().unwrap_or_else(|| event.to_owned());
            let shown = words_of(&arguments.values);
            let first = arguments.values.first().and_then(Value::as_str);
            let room = rule.room.as_deref().or(first).unwrap_or_default().to_owned();
            let everybody = Reach::all(namespace);
            let to = |reach| sockets::Input::Broadcast {
                reach,
                name: name.clone(),
                arguments: arguments.clone(),
                volatile: rule.volatile,
            };
            let (call, input) = match rule.reaction {
                Reaction::Reply => (
                    format!("socket.emit({name:?}, {shown})"),
                    sockets::Input::Emit {
                        socket,
                        name: name.clone(),
                        arguments: arguments.clone(),
                        volatile: rule.volatile,
                        ack: None,
                    },
                ),
                Reaction::All => (format!("io.emit({name:?}, {shown})"), to(everybody)),
                Reaction::Others => (
                    format!("socket.broadcast.emit({name:?}, {shown})"),
                    to(everybody.except(socket.as_str())),
                ),
                Reaction::Room => {
                    (format!("io.to({room:?}).emit({name:?}, {shown})"), to(everybody.to(&room)))
                }
                Reaction::Join => {
                    (format!("socket.join({room:?})"), sockets::Input::Join { socket, room })
                }
                Reaction::Leave => {
                    (format!("socket.leave({room:?})"), sockets::Input::Leave { socket, room })
                }
                Reaction::Acknowledge => {
                    let Some(id) = ack else { continue };
                    let call = format!("callback({shown})");
                    (call, sockets::Input::Acknowledge { socket, id, arguments })
                }
                Reaction::Disconnect => (
                    "socket.disconnect()".to_owned(),
                    sockets::Input::Disconnect { socket, close: false },
                ),
            };
            works.push_back(Work::Call(None, call));
            works.push_back(Work::Sockets(input));
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
