//! Engine.IO and Socket.IO of a client: what its requests and its WebSocket carry.

use super::client::Client;
use super::interface::{News, Output, Protocol};
use super::line::{say, tell, unit};
use super::program::{self, Call};
use super::steps::told;
use super::visit::Speaks;
use super::work::{Work, Works};
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine as _;
use crate::stack::application::engine_io::client as engine;
use crate::stack::application::http::{Method, Request, Response};
use crate::stack::application::socket_io;
use crate::stack::application::socket_io::client as sockets;
use crate::stack::application::websocket::{self, Indication, Opening};
use crate::stack::application::{Message, engine_io};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A session, and who uses it.
#[derive(Clone, Debug)]
pub(super) struct Session {
    engine: engine_io::Client,
    sockets: socket_io::Client,
    /// The connections of Engine.IO's WebSockets.
    webs: BTreeMap<u64, u64>,
    /// The next acknowledgement's token.
    pub(super) next_token: u64,
}

/// What Engine.IO is to do.
#[derive(Clone, Debug)]
pub(super) enum Order {
    /// Open a session.
    Open,
    /// Send messages.
    Send(Vec<Message>, bool),
    /// Close the session.
    Close,
}

impl Session {
    /// The session of a client that speaks Socket.IO.
    pub(super) fn new(speaks: &Speaks, rng: &mut Rng) -> Option<Self> {
        let Speaks::SocketIo { engine, config, .. } = speaks else { return None };
        let own = Rng::fork(rng.bits(), "socket.io");
        Some(Self {
            engine: engine_io::Client::new(engine.clone()),
            sockets: socket_io::Client::new(config.clone(), own),
            webs: BTreeMap::new(),
            next_token: 0,
        })
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.engine.deadline().into_iter().chain(self.sockets.deadline()).min()
    }
}

impl Client {
    /// The Engine.IO session, with its state.
    pub fn engine(&self) -> Option<&engine_io::Client> {
        self.session.as_ref().map(|session| &session.engine)
    }

    /// The Socket.IO client, with its state.
    pub fn sockets(&self) -> Option<&socket_io::Client> {
        self.session.as_ref().map(|session| &session.sockets)
    }

    /// Does what is asked of Socket.IO.
    pub(super) fn call(
        &mut self,
        now: Instant,
        call: Call,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(session) = &mut self.session else { return };
        let (mut said, sockets) = (Vec::new(), &mut session.sockets);
        match call {
            Call::Join { namespace, auth } => {
                let input = sockets::Input::Connect { namespace: &namespace, auth };
                sockets.handle(now, input, &mut said);
            }
            Call::Leave { namespace } => {
                let input = sockets::Input::Disconnect { namespace: &namespace };
                sockets.handle(now, input, &mut said);
            }
            Call::Emit { namespace, name, arguments, volatile, ack } => {
                let (namespace, name) = (&*namespace, &*name);
                let input = sockets::Input::Emit { namespace, name, arguments, volatile, ack };
                sockets.handle(now, input, &mut said);
            }
            Call::Acknowledge { namespace, id, arguments } => {
                let input = sockets::Input::Acknowledge { namespace: &namespace, id, arguments };
                sockets.handle(now, input, &mut said);
            }
        }
        self.obey_sockets(now, said, works, out);
    }

    /// The session's time has come.
    pub(super) fn call_session(&mut self, now: Instant, works: &mut Works, out: &mut Vec<Output>) {
        let Some(session) = &mut self.session else { return };
        let (mut said, mut told) = (Vec::new(), Vec::new());
        session.engine.on_deadline(now, &mut said);
        session.sockets.on_deadline(now, &mut told);
        self.obey_engine(said, works, out);
        self.obey_sockets(now, told, works, out);
    }

    pub(super) fn order_engine(
        &mut self,
        now: Instant,
        order: Order,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let input = match order {
            Order::Open => engine::Input::Open,
            Order::Send(messages, volatile) => engine::Input::Send { messages, volatile },
            Order::Close => engine::Input::Close,
        };
        self.run_engine(now, input, works, out);
    }

    fn run_engine(
        &mut self,
        now: Instant,
        input: engine::Input,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(session) = &mut self.session else { return };
        let mut said = Vec::new();
        session.engine.handle(now, input, &mut said);
        self.obey_engine(said, works, out);
    }

    /// A response to one of Engine.IO's requests.
    pub(super) fn answered(
        &mut self,
        now: Instant,
        exchange: u64,
        response: &Response,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let (status, body) = (response.status.0, response.body.clone());
        if *body != *b"ok" {
            tell(None, unit(Protocol::EngineIo, false, body.len()), body.clone(), out);
        }
        self.run_engine(now, engine::Input::Response { exchange, status, body }, works, out);
    }

    /// There will be no response to one of Engine.IO's requests.
    pub(super) fn not_answered(
        &mut self,
        now: Instant,
        exchange: u64,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        self.run_engine(now, engine::Input::RequestFailed { exchange }, works, out);
    }

    /// Engine.IO's WebSocket says something.
    pub(super) fn socket_says(
        &mut self,
        now: Instant,
        (connection, socket): (u64, u64),
        indication: Indication,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        match indication {
            Indication::Opened { .. } => {
                self.run_engine(now, engine::Input::SocketOpened { socket }, works, out);
            }
            Indication::Message(message) => {
                let octets = message.octets().clone();
                let news = unit(Protocol::EngineIo, false, octets.len());
                tell(Some(connection), news, octets, out);
                let input = engine::Input::SocketMessage { socket, message };
                self.run_engine(now, input, works, out);
            }
            Indication::Closed { .. } => {
                if let Some(session) = &mut self.session {
                    session.webs.remove(&socket);
                }
                self.run_engine(now, engine::Input::SocketClosed { socket }, works, out);
            }
            _ => {}
        }
    }

    fn obey_engine(&mut self, said: Vec<engine::Output>, works: &mut Works, out: &mut Vec<Output>) {
        let visit = Arc::clone(&self.visit);
        let Speaks::SocketIo { host, path, query: more, headers, .. } = &visit.speaks else {
            return;
        };
        let target = |query: &str| {
            let separator = if more.is_empty() { "" } else { "&" };
            format!("{path}?{query}{separator}{more}")
        };
        for output in said {
            let Some(session) = &mut self.session else { return };
            match output {
                engine::Output::Request { exchange, method, query, body } => {
                    let mut request = Request::new(Method::named(method), target(&query));
                    request.headers = headers.clone();
                    if !body.is_empty() {
                        let news = unit(Protocol::EngineIo, true, body.len());
                        tell(None, news, body.clone(), out);
                        request = request.with("Content-Type", "text/plain; charset=UTF-8");
                    }
                    self.ask(request.with_body(body), Some(exchange), works, out);
                }
                engine::Output::OpenSocket { socket, query } => {
                    let target = target(&query);
                    let opening = Opening { host: host.clone(), target, origin: None };
                    let headers = headers.clone();
                    let config = websocket::Config { headers, ..websocket::Config::default() };
                    let connection = self.open_websocket(opening, config, Some(socket), out);
                    if let Some(session) = &mut self.session {
                        session.webs.insert(socket, connection);
                    }
                }
                engine::Output::SocketSend { socket, message } => {
                    let Some(&connection) = session.webs.get(&socket) else { continue };
                    let octets = message.octets().clone();
                    let news = unit(Protocol::EngineIo, true, octets.len());
                    tell(Some(connection), news, octets, out);
                    works.push_back(Work::WebSocket(connection, websocket::Input::Send(message)));
                }
                engine::Output::SocketClose { socket } => {
                    let Some(&connection) = session.webs.get(&socket) else { continue };
                    let close = websocket::Input::Close { code: Some(1000), reason: String::new() };
                    works.push_back(Work::WebSocket(connection, close));
                }
                engine::Output::Abort { exchange } => self.abort(exchange, out),
                engine::Output::Note(note) => {
                    tell(None, News::EngineIo(note), Chunk::EMPTY, out);
                }
                engine::Output::Indicate(indication) => {
                    if let Some(transport) = carrier(&indication).filter(|_| self.driven) {
                        out.push(Output::Indicate(program::Indication::Transport(transport)));
                    }
                    if let engine::Indication::Message(message) = &indication {
                        let octets = message.octets().clone();
                        tell(None, unit(Protocol::SocketIo, false, octets.len()), octets, out);
                    }
                    works.push_back(Work::Sockets(indication));
                }
            }
        }
    }

    /// Engine.IO says something.
    pub(super) fn engine_says(
        &mut self,
        now: Instant,
        indication: engine::Indication,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let Some(session) = &mut self.session else { return };
        let mut said = Vec::new();
        session.sockets.handle(now, sockets::Input::Engine(indication), &mut said);
        self.obey_sockets(now, said, works, out);
    }

    fn obey_sockets(
        &mut self,
        now: Instant,
        said: Vec<sockets::Output>,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        for output in said {
            match output {
                sockets::Output::EngineOpen => works.push_back(Work::Engine(Order::Open)),
                sockets::Output::EngineSend { messages, volatile } => {
                    for message in &messages {
                        let octets = message.octets().clone();
                        tell(None, unit(Protocol::SocketIo, true, octets.len()), octets, out);
                    }
                    works.push_back(Work::Engine(Order::Send(messages, volatile)));
                }
                sockets::Output::EngineClose => works.push_back(Work::Engine(Order::Close)),
                sockets::Output::Note(note) => {
                    tell(None, News::SocketIo(note), Chunk::EMPTY, out);
                }
                sockets::Output::Indicate(indication) if self.driven => {
                    out.push(Output::Indicate(program::Indication::SocketIoClient(indication)));
                }
                sockets::Output::Indicate(indication) => {
                    if let Some(words) = told(&indication) {
                        say(News::Handles, &words, out);
                    }
                    if matches!(indication, sockets::Indication::Connected { .. }) {
                        self.begin(now, out);
                    }
                }
            }
        }
    }
}

/// What carries the session from now on, if it changes.
const fn carrier(indication: &engine::Indication) -> Option<engine_io::Transport> {
    match indication {
        engine::Indication::Opened { transport, .. } => Some(*transport),
        engine::Indication::Upgraded => Some(engine_io::Transport::WebSocket),
        _ => None,
    }
}
