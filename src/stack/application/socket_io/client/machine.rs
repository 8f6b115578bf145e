//! The machine: what happens, and whom it concerns.

use super::super::acks::Acks;
use super::super::state::{State as SocketState, Trigger as SocketTrigger};
use super::super::{Decoder, Misuse, Note, Packet};
use super::{Config, Indication, Input, Output, State, Trigger};
use crate::base::{Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::Message;
use crate::stack::session::reconnect::Backoff;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// A Socket.IO client.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) config: Rc<Config>,
    pub(super) state: State,
    /// When opening has taken too long, or waiting is over.
    pub(super) until: Option<Instant>,
    pub(super) backoff: Backoff,
    pub(super) decoder: Decoder,
    pub(super) sockets: BTreeMap<Rc<str>, Socket>,
    pub(in super::super) acks: Acks<Rc<str>>,
    /// Octets that wait to be sent.
    pub(in super::super) buffered_octets: usize,
}

/// One namespace.
#[derive(Clone, Debug, Default)]
pub(super) struct Socket {
    pub(super) state: SocketState,
    /// The program wants to be in it.
    pub(super) wanted: bool,
    pub(super) auth: Option<Value>,
    pub(super) sid: Option<String>,
    /// The secret by which the server knows it again.
    pub(super) pid: Option<String>,
    /// The offset of the last event that was seen.
    pub(super) offset: Option<String>,
    pub(super) next_id: u64,
    /// Events that wait to be sent.
    pub(super) buffer: VecDeque<Buffered>,
    /// Events that came before CONNECT: those that were missed come first.
    pub(super) early: VecDeque<Packet>,
}

/// An event that waits to be sent.
#[derive(Clone, Debug)]
pub(super) struct Buffered {
    pub(super) id: Option<u64>,
    pub(super) messages: Vec<Message>,
    pub(super) octets: usize,
}

impl Client {
    /// A client that wants nothing yet; luck in its waits comes from `rng`.
    pub fn new(config: impl Into<Rc<Config>>, rng: Rng) -> Self {
        let config = config.into();
        Self {
            state: State::Closed,
            until: None,
            backoff: Backoff::new(config.reconnection.unwrap_or_default(), rng),
            decoder: Decoder::new(config.limits),
            sockets: BTreeMap::new(),
            acks: Acks::new(),
            buffered_octets: 0,
            config,
        }
    }

    /// Where the link is.
    pub const fn state(&self) -> State {
        self.state
    }

    /// The namespaces, with their states and ids.
    pub fn sockets(&self) -> impl Iterator<Item = (&str, SocketState, Option<&str>)> {
        self.sockets.iter().map(|(name, it)| (&**name, it.state, it.sid.as_deref()))
    }

    pub(super) fn enter(&mut self, on: Trigger, out: &mut Vec<Output>) {
        let from = self.state;
        let next = from.next(on);
        debug_assert!(next.is_some(), "no edge from {from} on {on:?}");
        if let Some(to) = next {
            self.state = to;
            self.until = None;
            out.push(Output::Note(Note::Link { from, to, on }));
        }
    }

    pub(super) fn connected(&mut self, namespace: &str) -> Result<&mut Socket, Misuse> {
        let socket = self.sockets.get_mut(namespace);
        socket.filter(|socket| socket.state == SocketState::Connected).ok_or(Misuse::NotConnected)
    }
}

impl Socket {
    pub(super) fn enter(&mut self, on: SocketTrigger, out: &mut Vec<Output>) {
        let from = self.state;
        let next = from.next(on);
        debug_assert!(next.is_some(), "no edge from {from} on {on:?}");
        if let Some(to) = next {
            self.state = to;
            out.push(Output::Note(Note::Socket { from, to, on }));
        }
    }
}

/// A namespace as it is on the wire; one with a comma could not be told from what follows it.
fn named(namespace: &str) -> Result<Rc<str>, Misuse> {
    match namespace {
        _ if namespace.contains(',') => Err(Misuse::NotConnected),
        _ if namespace.starts_with('/') => Ok(Rc::from(namespace)),
        _ => Ok(Rc::from(format!("/{namespace}"))),
    }
}

impl Machine for Client {
    type Input<'a> = Input<'a>;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input<'_>, out: &mut Vec<Output>) {
        let done = match input {
            Input::Engine(indication) => {
                self.engine(now, indication, out);
                Ok(())
            }
            Input::Connect { namespace, auth } => {
                named(namespace).map(|namespace| self.connect(now, &namespace, auth, out))
            }
            Input::Disconnect { namespace } => {
                named(namespace).and_then(|namespace| self.disconnect(&namespace, out))
            }
            Input::Emit { namespace, name, arguments, volatile, ack } => named(namespace)
                .and_then(|place| self.emit(now, &place, (name, arguments), volatile, ack, out)),
            Input::Acknowledge { namespace, id, arguments } => named(namespace)
                .and_then(|namespace| self.acknowledge(namespace, id, arguments, out)),
        };
        if let Err(misuse) = done {
            out.push(Output::Indicate(Indication::Misuse(misuse)));
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.until.into_iter().chain(self.acks.deadline()).min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        while let Some((namespace, id, token)) = self.acks.expire(now) {
            self.forget_buffered(&namespace, id);
            out.push(Output::Note(Note::AckTimedOut { id }));
            let namespace = namespace.to_string();
            out.push(Output::Indicate(Indication::AckTimedOut { namespace, token }));
        }
        while self.until.is_some_and(|until| until <= now) {
            self.due(now, out);
        }
    }
}
