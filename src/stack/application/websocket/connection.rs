//! One connection: the machine, for both roles, from the moment TCP is open until it is closed.
//!
//! Messages, parts, pings and the closing handshake are here; the opening one is in `opening`.

use super::opening::Handshake;
use super::receive::{Control, Event, Receiver};
use super::send::Sender;
use super::violation::may_be_sent;
use super::{
    Config, Indication, Input, Misuse, Note, Opcode, Opening, Output, Role, State, Trigger,
    Violation,
};
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::http::{Reader, Request};
use std::rc::Rc;

/// A Close frame without a code, for the program (§7.1.5).
const NO_CODE: u16 = 1005;

/// No Close frame at all, for the program (§7.1.5).
const ABNORMAL: u16 = 1006;

/// A WebSocket connection.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) role: Role,
    pub(super) config: Rc<Config>,
    pub(super) state: State,
    pub(super) handshake: Box<Handshake>,
    pub(super) receiver: Receiver,
    pub(super) sender: Sender,
    /// Octets behind a message to which the program has not had its say.
    waiting: Chunk,
    /// What the peer's Close frame said.
    peers_close: Option<(Option<u16>, String)>,
    /// A Close frame of ours is out.
    sent_close: bool,
    /// TCP was told to close.
    closed_transport: bool,
    /// Until when the handshake, the peer's Close or the end of TCP is waited for.
    pub(super) limit: Option<Instant>,
    /// When the next ping is due, or the pong to the last one overdue.
    heartbeat: Option<Instant>,
    awaits_pong: bool,
}

impl Connection {
    /// A client's end. `rng` is a stream of its own: keys and masks come from it.
    pub fn client(config: Rc<Config>, opening: Opening, rng: Rng) -> Self {
        Self::new(Role::Client, config, Handshake::Unasked(opening), Some(rng))
    }

    /// A server's end, which reads the request itself.
    pub fn server(config: Rc<Config>) -> Self {
        let handshake = Handshake::Listening(Reader::new(config.http), None);
        Self::new(Role::Server, config, handshake, None)
    }

    /// A server's end that was given the request, as HTTP's
    /// [`HandOver`](crate::stack::application::http::ServerInput::HandOver) leaves it: first comes
    /// [`Input::Open`], then what was left over as [`Input::Received`].
    pub fn server_for(config: Rc<Config>, request: Request) -> Self {
        Self::new(Role::Server, config, Handshake::Given(request), None)
    }

    fn new(role: Role, config: Rc<Config>, handshake: Handshake, keys: Option<Rng>) -> Self {
        let fragment_max = config.fragment_max;
        Self {
            role,
            state: State::default(),
            handshake: Box::new(handshake),
            receiver: Receiver::new(role, Rc::clone(&config)),
            sender: Sender { keys, fragment_max, deflater: None, within: false, frame: Vec::new() },
            waiting: Chunk::EMPTY,
            peers_close: None,
            sent_close: false,
            closed_transport: false,
            limit: None,
            heartbeat: None,
            awaits_pong: false,
            config,
        }
    }

    /// Where in the diagram it is.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Which end it is.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The only way from one state to another.
    pub(super) fn enter(&mut self, on: Trigger, out: &mut Vec<Output>) {
        let Some(to) = self.state.next(on) else { return };
        out.push(Output::Note(Note::Entered { from: self.state, to, on }));
        self.state = to;
        if to != State::Open {
            self.heartbeat = None;
        }
        if to == State::Closed {
            self.limit = None;
            *self.handshake = Handshake::Over;
            self.receiver = Receiver::new(self.role, Rc::clone(&self.config));
            self.waiting = Chunk::EMPTY;
            let clean = self.sent_close && self.peers_close.is_some();
            let (code, reason) = match self.peers_close.take() {
                Some((code, reason)) => (code.unwrap_or(NO_CODE), reason),
                None => (ABNORMAL, String::new()),
            };
            out.push(Output::Indicate(Indication::Closed { code, reason, clean }));
        }
    }

    fn receive(&mut self, now: Instant, octets: Chunk, out: &mut Vec<Output>) {
        if self.waiting.is_empty() {
            self.waiting = octets;
        } else if !octets.is_empty() {
            self.waiting = Chunk::from(&[&self.waiting[..], &octets].concat()[..]);
        }
        self.read(now, out);
    }

    /// Reads what waits, up to the end of the next message.
    fn read(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.state == State::Connecting {
            let mut octets = std::mem::take(&mut self.waiting);
            self.shake(now, &mut octets, out);
            self.waiting = octets;
        }
        while matches!(self.state, State::Open | State::CloseSent) {
            match self.receiver.read(&mut self.waiting, out) {
                Ok(Some(Event::Message)) if self.waiting.is_empty() => return,
                Ok(Some(Event::Message)) => return out.push(Output::More),
                Ok(Some(Event::Control(control))) => self.take(now, control, out),
                Ok(None) => return,
                Err(violation) => self.fail(now, violation, out),
            }
        }
        let ignored = std::mem::take(&mut self.waiting);
        if !ignored.is_empty() {
            // What comes after the end is not even looked at (§5.5.1, §7.1.7).
            out.push(Output::Note(Note::Ignored { octets: ignored.len() as u32 }));
        }
    }

    fn take(&mut self, now: Instant, control: Control, out: &mut Vec<Output>) {
        match control {
            Control::Ping(payload) => {
                out.push(Output::Note(Note::Answering { octets: payload.len() as u32 }));
                // What came in a control frame fits into one.
                let _ = self.sender.control(Opcode::Pong, &payload, out);
                out.push(Output::Indicate(Indication::Ping(payload)));
            }
            Control::Pong(payload) => {
                self.restart_heartbeat(now);
                out.push(Output::Indicate(Indication::Pong(payload)));
            }
            Control::Close(code, reason) => self.take_close(now, code, reason, out),
        }
    }

    /// The peer closes: its frame is answered once, with the same code, if ours is not out (§5.5.1).
    fn take_close(
        &mut self,
        now: Instant,
        code: Option<u16>,
        reason: String,
        out: &mut Vec<Output>,
    ) {
        let shown = code.unwrap_or(NO_CODE);
        out.push(Output::Indicate(Indication::Closing { code: shown, reason: reason.clone() }));
        self.peers_close = Some((code, reason));
        if !self.sent_close {
            out.push(Output::Note(Note::ClosingToo { code: shown }));
            self.send_close(code, "", out);
        }
        self.enter(Trigger::CloseArrives, out);
        match self.role {
            // The server closes TCP first, so that it and not the client waits in TIME-WAIT
            // (§7.1.1).
            Role::Server => self.close_transport(now, out),
            Role::Client => self.limit = Some(now + self.config.close_timeout),
        }
    }

    /// The peer broke a rule: a Close frame says which, and nothing more is heard (§7.1.7).
    fn fail(&mut self, now: Instant, violation: Violation, out: &mut Vec<Output>) {
        out.push(Output::Note(Note::Failing(violation)));
        out.push(Output::Indicate(Indication::Failed(violation)));
        if !self.sent_close {
            self.send_close(Some(violation.code()), &violation.to_string(), out);
        }
        self.enter(Trigger::Violation, out);
        self.close_transport(now, out);
    }

    fn send_close(&mut self, code: Option<u16>, reason: &str, out: &mut Vec<Output>) {
        let mut payload = Vec::new();
        if let Some(code) = code {
            payload.extend_from_slice(&code.to_be_bytes());
            payload.extend_from_slice(reason.as_bytes());
        }
        self.sent_close = true;
        // A program's reason was measured, and our own are short.
        let _ = self.sender.control(Opcode::Close, &payload, out);
    }

    /// Closes TCP, and gives the peer a while to do so as well.
    pub(super) fn close_transport(&mut self, now: Instant, out: &mut Vec<Output>) {
        if !std::mem::replace(&mut self.closed_transport, true) {
            out.push(Output::CloseTransport);
            self.limit = Some(now + self.config.close_timeout);
        }
    }

    /// What the program asks for; an error is what it did wrong.
    fn order(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) -> Result<(), Misuse> {
        match input {
            Input::Close { code, reason } => return self.close(now, code, &reason, out),
            _ if self.state != State::Open => return Err(Misuse::NotOpen),
            Input::Send(message) => self.sender.message(&message, out)?,
            Input::SendFragment { text, octets, last } => {
                self.sender.part(text, &octets, last, out);
            }
            Input::Ping(payload) => self.sender.control(Opcode::Ping, &payload, out)?,
            Input::Pong(payload) => self.sender.control(Opcode::Pong, &payload, out)?,
            Input::Open | Input::Received(_) | Input::Resume | Input::PeerClosed | Input::Reset => {
            }
        }
        Ok(())
    }

    /// The program closes. What it had begun to send in parts stays incomplete.
    fn close(
        &mut self,
        now: Instant,
        code: Option<u16>,
        reason: &str,
        out: &mut Vec<Output>,
    ) -> Result<(), Misuse> {
        if code.map_or(!reason.is_empty(), |code| !may_be_sent(code)) {
            return Err(Misuse::Code);
        }
        if reason.len() > REASON_MAX {
            return Err(Misuse::TooLong);
        }
        match self.state {
            State::Connecting => {
                self.enter(Trigger::Close, out);
                self.close_transport(now, out);
            }
            State::Open => {
                self.send_close(code, reason, out);
                self.enter(Trigger::Close, out);
                self.limit = Some(now + self.config.close_timeout);
            }
            // Who closes twice means it once.
            State::CloseSent | State::Closing | State::Closed => {}
        }
        Ok(())
    }

    /// The next ping is due after a whole interval.
    pub(super) fn restart_heartbeat(&mut self, now: Instant) {
        if self.state == State::Open {
            self.awaits_pong = false;
            let interval = self.config.ping_interval;
            self.heartbeat = interval.map(|interval| now + interval.max(Duration(1)));
        }
    }

    fn beat(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.awaits_pong {
            return self.give_up(out);
        }
        let silence = self.config.ping_interval.unwrap_or_default();
        out.push(Output::Note(Note::KeepAlive { silence }));
        // An empty ping fits.
        let _ = self.sender.control(Opcode::Ping, &[], out);
        self.awaits_pong = true;
        self.heartbeat = Some(now + self.config.pong_timeout.max(Duration(1)));
    }

    /// Nothing came in time. A client that waited only for the end of TCP ends it in order.
    fn give_up(&mut self, out: &mut Vec<Output>) {
        out.push(Output::Note(Note::GaveUp));
        let in_order = self.state == State::Closing && !self.closed_transport;
        out.push(if in_order { Output::CloseTransport } else { Output::AbortTransport });
        self.enter(Trigger::TimedOut, out);
    }
}

/// The longest reason: a control frame less the code (§5.5.1).
const REASON_MAX: usize = super::frame::CONTROL_MAX - 2;

impl Machine for Connection {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Open => self.open(now, out),
            Input::Received(octets) => self.receive(now, octets, out),
            Input::Resume => self.read(now, out),
            Input::PeerClosed if self.state != State::Closed => {
                self.close_transport(now, out);
                self.enter(Trigger::TransportEnds, out);
            }
            Input::Reset => self.enter(Trigger::TransportEnds, out),
            Input::PeerClosed => {}
            order => {
                if let Err(misuse) = self.order(now, order, out) {
                    out.push(Output::Note(Note::Misused(misuse)));
                    out.push(Output::Indicate(Indication::Misuse(misuse)));
                }
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        [self.limit, self.heartbeat].into_iter().flatten().min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        if self.limit.is_some_and(|limit| limit <= now) {
            self.give_up(out);
        }
        if self.heartbeat.is_some_and(|heartbeat| heartbeat <= now) {
            self.beat(now, out);
        }
    }
}
