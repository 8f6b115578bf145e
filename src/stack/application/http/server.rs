//! A server's end of a connection: the machine.
//!
//! Requests go up one at a time and are answered in their order (RFC 9112 §9.3.2). A request that
//! asks for an upgrade goes up like any other: the program answers as if it were not asked, or
//! with 101, or lets the other protocol's machine answer ([`ServerInput::HandOver`]). What is
//! answered is in `answer`.

use super::answer::Coding;
use super::{
    Fault, Gather, Limits, Method, Note, Part, Reader, Request, Response, ServerState, Status,
    Trigger, Version,
};
use crate::base::{Chunk, Duration, Instant};
use crate::stack::Machine;
use std::rc::Rc;

/// A server's settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServerConfig {
    /// How much is taken.
    pub limits: Limits,
    /// How many octets of further requests may wait while one is answered.
    pub waiting_max: usize,
    /// How long a connection may be without a request; then it is closed.
    pub idle_timeout: Duration,
    /// How long a request may take to arrive; then it is answered with 408.
    pub request_timeout: Duration,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            waiting_max: 64 << 10,
            idle_timeout: Duration::from_secs(60),
            request_timeout: Duration::from_secs(30),
        }
    }
}

/// What can happen to a server's connection.
#[derive(Clone, Debug)]
pub enum ServerInput {
    /// Octets arrived.
    Received(Chunk),
    /// The peer will send no more (TCP FIN).
    PeerClosed,
    /// The program answers the request that it was given. 101 hands the connection over.
    Respond(Response),
    /// The program begins to answer: with the head, and a body that follows in parts.
    Begin(Response),
    /// The next part of the body.
    Part(Chunk),
    /// There was the last part.
    Finish,
    /// Another protocol takes the connection over and answers the request itself.
    HandOver,
}

/// What a server's connection wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ServerOutput {
    /// Send these octets.
    Transmit(Chunk),
    /// A request for the program, whole. It is answered with [`ServerInput::Respond`], or with
    /// [`ServerInput::Begin`] and what follows it.
    Request(Request),
    /// Another protocol has the connection now; this machine is done.
    Upgraded {
        /// What has arrived behind the request already.
        leftover: Chunk,
    },
    /// Close the connection once all is sent.
    Close,
    /// Something worth telling.
    Note(Note),
}

/// What the answer depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Owed {
    /// The request was HEAD: the answer has no body.
    pub(super) to_head: bool,
    /// The connection stays behind the answer.
    pub(super) stays: bool,
    /// HTTP/1.0 asked to stay, and must be told that it may (RFC 9112 §9.3).
    pub(super) told: bool,
    /// The client knows the chunked coding (RFC 9112 §6.1).
    pub(super) takes_chunks: bool,
    /// How the body goes, once an answer in parts has begun.
    pub(super) coding: Coding,
}

/// A server's end of a connection.
#[derive(Clone, Debug)]
pub struct ServerConnection {
    config: Rc<ServerConfig>,
    state: ServerState,
    reader: Reader<Request>,
    /// The request whose body is arriving.
    request: Option<Request>,
    body: Gather,
    pub(super) owed: Owed,
    waiting: Gather,
    peer_closed: bool,
    timer: Option<Instant>,
}

impl ServerConnection {
    /// The end of a connection that was accepted at `now`.
    pub fn new(config: Rc<ServerConfig>, now: Instant) -> Self {
        Self {
            state: ServerState::default(),
            reader: Reader::new(config.limits),
            request: None,
            body: Gather::default(),
            owed: Owed::default(),
            waiting: Gather::default(),
            peer_closed: false,
            timer: Some(now + config.idle_timeout),
            config,
        }
    }

    /// Where in the diagram it is.
    pub const fn state(&self) -> ServerState {
        self.state
    }

    /// How many octets of further requests wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The only way from one state to another.
    pub(super) fn enter(&mut self, on: Trigger, out: &mut Vec<ServerOutput>) {
        let Some(to) = self.state.next(on) else { return };
        out.push(ServerOutput::Note(Note::ServerEntered { from: self.state, to, on }));
        self.state = to;
        if to == ServerState::Closed {
            (self.timer, self.request, self.body, self.waiting) = Default::default();
            out.push(ServerOutput::Close);
        }
    }

    fn receive(&mut self, now: Instant, octets: Chunk, out: &mut Vec<ServerOutput>) {
        match self.state {
            ServerState::Idle | ServerState::Receiving => self.read(now, octets, out),
            state if state.owes() && !octets.is_empty() => self.keep_waiting(octets, out),
            _ => {}
        }
    }

    /// Reads until a request is whole; what is behind it waits.
    fn read(&mut self, now: Instant, mut octets: Chunk, out: &mut Vec<ServerOutput>) {
        loop {
            let part = self.reader.read(&mut octets);
            let begun = !self.reader.is_between() || part.is_err();
            if self.state == ServerState::Idle && begun {
                self.timer = Some(now + self.config.request_timeout);
                self.enter(Trigger::RequestBegins, out);
            }
            match part {
                Ok(None) => return,
                Ok(Some(Part::Head(head))) => self.take_head(head, &octets, out),
                Ok(Some(Part::Body(piece))) => self.body.push(piece),
                Ok(Some(Part::End)) => break,
                Err(fault) => return self.refuse(fault, out),
            }
        }
        self.timer = None;
        self.enter(Trigger::RequestComplete, out);
        if let Some(mut request) = self.request.take() {
            request.body = self.body.take();
            out.push(ServerOutput::Request(request));
        }
        if !octets.is_empty() {
            self.keep_waiting(octets, out);
        }
    }

    fn take_head(&mut self, head: Request, behind: &Chunk, out: &mut Vec<ServerOutput>) {
        let stays = head.version.persists(&head.headers);
        let told = stays && head.headers.has_token("Connection", "keep-alive");
        let (to_head, takes_chunks) =
            (head.method == Method::Head, head.version >= Version::Http11);
        self.owed = Owed { to_head, stays, told, takes_chunks, coding: Coding::default() };
        let expects = head.headers.has_token("Expect", "100-continue");
        if expects && !self.reader.is_between() && behind.is_empty() {
            out.push(ServerOutput::Note(Note::Continue));
            out.push(ServerOutput::Transmit(Response::new(Status::CONTINUE).emit(false)));
        }
        self.request = Some(head);
    }

    /// What comes before it is due is kept, within the limit.
    fn keep_waiting(&mut self, octets: Chunk, out: &mut Vec<ServerOutput>) {
        if !self.owed.stays {
            return;
        }
        if self.waiting.len() + octets.len() > self.config.waiting_max {
            self.owed.stays = false;
            self.waiting = Gather::default();
            let octets_max = self.config.waiting_max as u32;
            return out.push(ServerOutput::Note(Note::TooMuchWaits { octets_max }));
        }
        self.waiting.push(octets);
        out.push(ServerOutput::Note(Note::Waits { octets: self.waiting.len() as u32 }));
    }

    /// Answers what is no good HTTP, and closes: where the next request begins is not known.
    fn refuse(&mut self, fault: Fault, out: &mut Vec<ServerOutput>) {
        out.push(ServerOutput::Note(Note::Refused(fault)));
        Self::send_last(fault.status(), &fault.to_string(), out);
        let cut = fault == Fault::Truncated;
        self.enter(if cut { Trigger::PeerClosed } else { Trigger::Malformed }, out);
    }

    fn send_last(status: Status, text: &str, out: &mut Vec<ServerOutput>) {
        out.push(ServerOutput::Note(Note::Answering { status, stays: false }));
        let response = Response::text(status, text).with("Connection", "close");
        out.push(ServerOutput::Transmit(response.emit(false)));
    }

    /// The answer is out, and the connection stays: what waits behind the request is read.
    pub(super) fn go_on(&mut self, now: Instant, out: &mut Vec<ServerOutput>) {
        self.timer = Some(now + self.config.idle_timeout);
        self.enter(Trigger::Answered, out);
        let waiting = self.waiting.take();
        self.read(now, waiting, out);
        if self.peer_closed {
            self.peer_closed(out);
        }
    }

    pub(super) fn hand_over(&mut self, out: &mut Vec<ServerOutput>) {
        self.enter(Trigger::Upgrade, out);
        if self.state == ServerState::Upgraded {
            out.push(ServerOutput::Upgraded { leftover: self.waiting.take() });
        }
    }

    fn peer_closed(&mut self, out: &mut Vec<ServerOutput>) {
        self.peer_closed = true;
        match self.state {
            // Who has asked may close its side and still hear the answers (RFC 9112 §9.6).
            state if state.owes() => self.owed.stays &= self.waiting.len() > 0,
            ServerState::Receiving => self.refuse(Fault::Truncated, out),
            _ => self.enter(Trigger::PeerClosed, out),
        }
    }
}

impl Machine for ServerConnection {
    type Input<'a> = ServerInput;
    type Output = ServerOutput;

    fn handle(&mut self, now: Instant, input: ServerInput, out: &mut Vec<ServerOutput>) {
        match input {
            ServerInput::Received(octets) => self.receive(now, octets, out),
            ServerInput::PeerClosed => self.peer_closed(out),
            ServerInput::Respond(response) => self.respond(now, response, out),
            ServerInput::Begin(response) => self.begin(response, out),
            ServerInput::Part(octets) => self.part(octets, out),
            ServerInput::Finish => self.finish(now, out),
            ServerInput::HandOver => self.hand_over(out),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timer
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<ServerOutput>) {
        if self.timer.is_none_or(|timer| timer > now) {
            return;
        }
        if self.state == ServerState::Receiving {
            Self::send_last(Status::REQUEST_TIMEOUT, "the request took too long", out);
        }
        self.enter(Trigger::TimedOut, out);
    }
}
