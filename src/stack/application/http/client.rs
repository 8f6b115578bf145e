//! A client's end of a connection: the machine. One request at a time.

use super::{
    ClientState, Fault, Gather, Limits, Method, Note, Part, Reader, Request, Response, Status,
    Trigger,
};
use crate::base::{Chunk, Duration, Instant};
use crate::stack::Machine;
use std::fmt;
use std::rc::Rc;

/// A client's settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientConfig {
    /// How much is taken.
    pub limits: Limits,
    /// How long a response may take, from the request to its last octet.
    pub response_timeout: Duration,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self { limits: Limits::default(), response_timeout: Duration::from_secs(60) }
    }
}

/// What can happen to a client's connection.
#[derive(Clone, Debug)]
pub enum ClientInput {
    /// The program asks.
    Request(Request),
    /// Octets arrived.
    Received(Chunk),
    /// The peer will send no more (TCP FIN).
    PeerClosed,
}

/// Why there is no response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// What came is no good HTTP.
    Malformed(Fault),
    /// The peer closed without an answer.
    Closed,
    /// It did not come in time.
    TimedOut,
    /// The program asked while an answer was due, or after the end. Nothing was sent.
    NotIdle,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(fault) => fault.fmt(f),
            Self::Closed => f.pad("the server closed without an answer"),
            Self::TimedOut => f.pad("no answer came in time"),
            Self::NotIdle => f.pad("the connection was not free for a request"),
        }
    }
}

/// What a client's connection wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClientOutput {
    /// Send these octets.
    Transmit(Chunk),
    /// The response, whole.
    Response(Response),
    /// The server agreed to speak another protocol; this machine is done.
    Upgraded {
        /// Its answer: 101.
        response: Response,
        /// What has arrived behind it already.
        leftover: Chunk,
    },
    /// There will be no response.
    Failed(Failure),
    /// Close the connection.
    Close,
    /// Something worth telling.
    Note(Note),
}

/// A client's end of a connection.
#[derive(Clone, Debug)]
pub struct ClientConnection {
    config: Rc<ClientConfig>,
    state: ClientState,
    reader: Reader<Response>,
    /// The response whose body is arriving.
    response: Option<Response>,
    body: Gather,
    /// The connection stays behind this response.
    stays: bool,
    timer: Option<Instant>,
}

impl ClientConnection {
    /// The end of a connection that is open.
    pub fn new(config: Rc<ClientConfig>) -> Self {
        Self {
            state: ClientState::default(),
            reader: Reader::new(config.limits),
            response: None,
            body: Gather::default(),
            stays: true,
            timer: None,
            config,
        }
    }

    /// Where in the diagram it is.
    pub const fn state(&self) -> ClientState {
        self.state
    }

    /// The only way from one state to another.
    fn enter(&mut self, on: Trigger, out: &mut Vec<ClientOutput>) {
        let Some(to) = self.state.next(on) else { return };
        out.push(ClientOutput::Note(Note::ClientEntered { from: self.state, to, on }));
        self.state = to;
        if to == ClientState::Closed {
            (self.timer, self.response, self.body) = Default::default();
            out.push(ClientOutput::Close);
        }
    }

    fn send(&mut self, now: Instant, request: &Request, out: &mut Vec<ClientOutput>) {
        if self.state != ClientState::Idle {
            return out.push(ClientOutput::Failed(Failure::NotIdle));
        }
        self.reader.answers_head(request.method == Method::Head);
        self.stays = request.version.persists(&request.headers);
        out.push(ClientOutput::Transmit(request.emit()));
        self.timer = Some(now + self.config.response_timeout);
        self.enter(Trigger::RequestSent, out);
    }

    fn receive(&mut self, mut octets: Chunk, out: &mut Vec<ClientOutput>) {
        match self.state {
            ClientState::Waiting | ClientState::Receiving => {}
            ClientState::Idle if !octets.is_empty() => return self.refuse_unasked(&octets, out),
            ClientState::Idle | ClientState::Closed | ClientState::Upgraded => return,
        }
        loop {
            match self.reader.read(&mut octets) {
                Ok(None) => return,
                Ok(Some(Part::Head(head))) if head.status == Status::SWITCHING_PROTOCOLS => {
                    return self.upgrade(head, octets, out);
                }
                Ok(Some(Part::Head(head))) => self.take_head(head, out),
                Ok(Some(Part::Body(piece))) => self.body.push(piece),
                Ok(Some(Part::End)) if self.response.is_some() => {
                    self.complete(out);
                    break;
                }
                // The end of an interim response.
                Ok(Some(Part::End)) => {}
                Err(fault) => return self.fail(Failure::Malformed(fault), out),
            }
        }
        if !octets.is_empty() && self.state == ClientState::Idle {
            self.refuse_unasked(&octets, out);
        }
    }

    fn take_head(&mut self, head: Response, out: &mut Vec<ClientOutput>) {
        if head.status.is_interim() {
            return out.push(ClientOutput::Note(Note::Interim { status: head.status }));
        }
        self.stays &= head.version.persists(&head.headers);
        self.response = Some(head);
        self.enter(Trigger::HeadArrives, out);
    }

    fn complete(&mut self, out: &mut Vec<ClientOutput>) {
        self.timer = None;
        if let Some(mut response) = self.response.take() {
            response.body = self.body.take();
            out.push(ClientOutput::Response(response));
        }
        self.enter(if self.stays { Trigger::ResponseComplete } else { Trigger::LastResponse }, out);
    }

    fn upgrade(&mut self, response: Response, leftover: Chunk, out: &mut Vec<ClientOutput>) {
        self.timer = None;
        self.enter(Trigger::Upgrade, out);
        out.push(ClientOutput::Upgraded { response, leftover });
    }

    /// What no request asked for cannot be an answer to the next one (RFC 9112 §9.2).
    fn refuse_unasked(&mut self, octets: &Chunk, out: &mut Vec<ClientOutput>) {
        out.push(ClientOutput::Note(Note::Unasked { octets: octets.len() as u32 }));
        self.enter(Trigger::Malformed, out);
    }

    fn fail(&mut self, failure: Failure, out: &mut Vec<ClientOutput>) {
        out.push(ClientOutput::Failed(failure));
        let on = match failure {
            Failure::Malformed(fault) => {
                out.push(ClientOutput::Note(Note::Refused(fault)));
                Trigger::Malformed
            }
            Failure::TimedOut => Trigger::TimedOut,
            Failure::Closed | Failure::NotIdle => Trigger::PeerClosed,
        };
        self.enter(on, out);
    }

    fn peer_closed(&mut self, out: &mut Vec<ClientOutput>) {
        match self.reader.finish() {
            Ok(Some(_)) => {
                self.stays = false;
                self.complete(out);
            }
            Err(_) if self.state == ClientState::Receiving => self.fail(Failure::Closed, out),
            _ if self.state == ClientState::Waiting => self.fail(Failure::Closed, out),
            _ => self.enter(Trigger::PeerClosed, out),
        }
    }
}

impl Machine for ClientConnection {
    type Input<'a> = ClientInput;
    type Output = ClientOutput;

    fn handle(&mut self, now: Instant, input: ClientInput, out: &mut Vec<ClientOutput>) {
        match input {
            ClientInput::Request(request) => self.send(now, &request, out),
            ClientInput::Received(octets) => self.receive(octets, out),
            ClientInput::PeerClosed => self.peer_closed(out),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timer
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<ClientOutput>) {
        if self.timer.is_some_and(|timer| timer <= now) {
            self.fail(Failure::TimedOut, out);
        }
    }
}
