//! The machine: finds the session that an input is for, or refuses it.

use super::super::handshake::VERSION;
use super::super::{Note, Query, Refusal, Transport};
use super::respond::Exchange;
use super::session::{Context, Handles, Session};
use super::{Config, Input, Output, State};
use crate::base::{Chunk, Instant, Rng};
use crate::stack::Machine;
use crate::stack::session::id::SessionId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// An Engine.IO server.
#[derive(Clone, Debug)]
pub struct Server {
    config: Rc<Config>,
    rng: Rng,
    sessions: BTreeMap<SessionId, Session>,
    /// Who waits with that GET.
    polls: BTreeMap<u64, SessionId>,
    /// Whose WebSocket that is.
    sockets: BTreeMap<u64, SessionId>,
    /// One entry for each session, as each has a deadline.
    timers: BTreeSet<(Instant, SessionId)>,
}

impl Server {
    /// A server without sessions; ids come from `rng`.
    pub fn new(config: impl Into<Rc<Config>>, rng: Rng) -> Self {
        Self {
            config: config.into(),
            rng,
            sessions: BTreeMap::new(),
            polls: BTreeMap::new(),
            sockets: BTreeMap::new(),
            timers: BTreeSet::new(),
        }
    }

    /// The sessions that there are, with their states, in the order of their ids.
    pub fn sessions(&self) -> impl Iterator<Item = (SessionId, State)> {
        self.sessions.iter().map(|(id, session)| (*id, session.state()))
    }

    /// Whether a message to that session would go out at once.
    pub fn is_writable(&self, session: SessionId) -> bool {
        self.sessions.get(&session).is_some_and(Session::is_writable)
    }

    /// Lets a session act, and keeps the ways to find it true.
    fn touch(
        &mut self,
        now: Instant,
        id: SessionId,
        out: &mut Vec<Output>,
        act: impl FnOnce(&mut Session, &mut Context<'_>),
    ) {
        let Some(session) = self.sessions.get_mut(&id) else {
            out.push(Output::Note(Note::NotOpen));
            return;
        };
        let before = session.handles();
        act(session, &mut Context { now, config: &self.config, out });
        let (after, over) = (session.handles(), session.state() == State::Closed);
        self.index(id, before, after);
        if over {
            self.sessions.remove(&id);
        }
    }

    fn index(&mut self, id: SessionId, before: Handles, after: Handles) {
        before.exchange.map(|exchange| self.polls.remove(&exchange));
        after.exchange.map(|exchange| self.polls.insert(exchange, id));
        before.socket.map(|socket| self.sockets.remove(&socket));
        after.socket.map(|socket| self.sockets.insert(socket, id));
        before.deadline.map(|deadline| self.timers.remove(&(deadline, id)));
        after.deadline.map(|deadline| self.timers.insert((deadline, id)));
    }

    fn begin(
        &mut self,
        now: Instant,
        out: &mut Vec<Output>,
        open: impl FnOnce(&mut Session, &mut Context<'_>),
    ) {
        let id = SessionId::draw(&mut self.rng);
        let mut session = Session::new(id, now, &self.config);
        open(&mut session, &mut Context { now, config: &self.config, out });
        self.index(id, Handles::default(), session.handles());
        self.sessions.insert(id, session);
    }

    /// The session that a query names, if it names one; what is wrong with the query. The order is
    /// that of the reference: transport, id, then the version.
    fn find(&self, query: Query<'_>) -> Result<Option<(SessionId, Transport)>, Refusal> {
        let transport = query.transport.ok_or(Refusal::TransportUnknown)?;
        if transport == Transport::WebSocket && !self.config.websocket {
            return Err(Refusal::TransportUnknown);
        }
        let Some(sid) = query.sid else { return Ok(None) };
        let id = SessionId::read(sid).filter(|id| self.sessions.contains_key(id));
        let id = id.ok_or(Refusal::SessionUnknown)?;
        if query.version == Some(VERSION) {
            Ok(Some((id, transport)))
        } else {
            Err(Refusal::BadRequest)
        }
    }

    /// Whether a new session may begin.
    fn admits(&self, query: Query<'_>) -> Result<(), Refusal> {
        if query.version != Some(VERSION) {
            return Err(Refusal::UnsupportedVersion);
        }
        let room = self.sessions.len() < self.config.sessions_max;
        if room { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    fn request(
        &mut self,
        now: Instant,
        exchange: Exchange,
        (method, query): (&str, Query<'_>),
        body: &Chunk,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let Some((id, transport)) = self.find(query)? else {
            if method != "GET" {
                return Err(Refusal::BadHandshakeMethod);
            }
            if query.transport == Some(Transport::WebSocket) {
                return Err(Refusal::BadRequest);
            }
            self.admits(query)?;
            self.begin(now, out, |session, cx| session.open_by_polling(exchange, cx));
            return Ok(());
        };
        let carried = self.sessions.get(&id).map(Session::state);
        if transport != Transport::Polling || carried == Some(State::WebSocket) {
            return Err(Refusal::BadRequest);
        }
        let octets_max = self.config.max_payload;
        match method {
            "GET" => self.touch(now, id, out, |session, cx| session.polled(exchange, cx)),
            "POST" if body.len() > octets_max as usize => {
                let octets = body.len() as u32;
                out.push(Output::Note(Note::TooLarge { octets, octets_max }));
                out.push(exchange.too_large(&self.config));
            }
            "POST" => self.touch(now, id, out, |session, cx| session.posted(exchange, body, cx)),
            _ => return Err(Refusal::BadRequest),
        }
        Ok(())
    }

    fn socket_opened(
        &mut self,
        now: Instant,
        socket: u64,
        query: Query<'_>,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let found = self.find(query)?;
        if query.transport != Some(Transport::WebSocket) {
            return Err(Refusal::BadRequest);
        }
        if let Some((id, _)) = found {
            out.push(Output::Accept { socket });
            self.touch(now, id, out, |session, cx| session.offered(socket, cx));
        } else {
            self.admits(query)?;
            out.push(Output::Accept { socket });
            self.begin(now, out, |session, cx| session.open_by_socket(socket, cx));
        }
        Ok(())
    }
}

impl Machine for Server {
    type Input<'a> = Input<'a>;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input<'_>, out: &mut Vec<Output>) {
        match input {
            Input::Request { exchange, method, query, origin, requested_headers, body } => {
                let exchange = Exchange { number: exchange, has_origin: origin.is_some() };
                if method == "OPTIONS" && self.config.cors.is_some() {
                    out.push(exchange.preflight(&self.config, requested_headers));
                    return;
                }
                let request = (method, Query::read(query));
                if let Err(why) = self.request(now, exchange, request, &body, out) {
                    out.push(Output::Note(Note::Refused(why)));
                    out.push(exchange.refuse(&self.config, why));
                }
            }
            Input::ExchangeClosed { exchange } => {
                if let Some(&id) = self.polls.get(&exchange) {
                    self.touch(now, id, out, Session::poll_lost);
                }
            }
            Input::SocketOpened { socket, query } => {
                if let Err(why) = self.socket_opened(now, socket, Query::read(query), out) {
                    out.push(Output::Note(Note::Refused(why)));
                    let body = Chunk::from(why.json().as_bytes());
                    out.push(Output::Refuse { socket, status: why.status(), body });
                }
            }
            Input::SocketMessage { socket, message } => {
                if let Some(&id) = self.sockets.get(&socket) {
                    self.touch(now, id, out, |session, cx| session.heard(&message, cx));
                }
            }
            Input::SocketClosed { socket } => {
                if let Some(&id) = self.sockets.get(&socket) {
                    self.touch(now, id, out, Session::socket_lost);
                }
            }
            Input::Send { session, messages, volatile } => {
                self.touch(now, session, out, |session, cx| session.send(messages, volatile, cx));
            }
            Input::Close { session } => self.touch(now, session, out, Session::close_by_program),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|timer| timer.0)
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        while let Some(&(at, id)) = self.timers.first() {
            if at > now {
                return;
            }
            self.touch(now, id, out, Session::on_deadline);
        }
    }
}
