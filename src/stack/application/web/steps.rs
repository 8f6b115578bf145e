//! What a client does of itself: it begins, and goes through its steps.

use super::client::Client;
use super::interface::{News, Output};
use super::program::Call;
use super::rules::words_of;
use super::visit::{Action, Speaks};
use super::work::{Work, Works};
use crate::base::{Chunk, Instant};
use crate::stack::application::socket_io::{Ack, Arguments, client as sockets};
use crate::stack::application::websocket;
use std::sync::Arc;

impl Client {
    /// The program begins: it opens what its steps need.
    pub(super) fn start(&mut self, now: Instant, works: &mut Works, out: &mut Vec<Output>) {
        let visit = Arc::clone(&self.visit);
        match &visit.speaks {
            Speaks::WebSocket { opening, config } if self.driven => {
                self.open_websocket(opening.clone(), config.clone(), None, out);
            }
            _ if self.driven => {}
            Speaks::Http { .. } => self.begin(now, out),
            Speaks::WebSocket { opening, config } => {
                let words = format!("new WebSocket(\"ws://{}{}\")", opening.host, opening.target);
                let octets = Chunk::from(words.as_bytes());
                out.push(Output::Tell { connection: None, news: News::Calls, octets });
                self.open_websocket(opening.clone(), config.clone(), None, out);
            }
            Speaks::SocketIo { host, namespace, auth, .. } => {
                let words = format!("io(\"http://{host}{namespace}\")");
                let octets = Chunk::from(words.as_bytes());
                out.push(Output::Tell { connection: None, news: News::Calls, octets });
                let join = Action::Join { namespace: namespace.clone(), auth: auth.clone() };
                self.act(now, join, works, out);
            }
        }
    }

    /// The steps begin.
    pub(super) fn begin(&mut self, now: Instant, out: &mut Vec<Output>) {
        if !std::mem::replace(&mut self.begun, true) {
            self.go_on(now, out);
        }
    }

    /// The next step is due so long from now on.
    pub(super) fn go_on(&mut self, now: Instant, out: &mut Vec<Output>) {
        self.due = self.visit.steps.get(self.next_step).map(|step| now + step.after);
        // A client without steps is never done: it listens.
        let is_over = self.due.is_none() && self.next_step > 0;
        if is_over && !std::mem::replace(&mut self.done, true) {
            out.push(Output::Done);
        }
    }

    /// Does the step that is due, and says whether the next one waits for an answer to it.
    pub(super) fn step(&mut self, now: Instant, works: &mut Works, out: &mut Vec<Output>) -> bool {
        let visit = Arc::clone(&self.visit);
        let Some(step) = visit.steps.get(self.next_step) else { return false };
        self.next_step += 1;
        self.due = None;
        let connection = self.lines.keys().next().copied();
        let octets = Chunk::from(step.action.call().as_bytes());
        out.push(Output::Tell { connection, news: News::Calls, octets });
        let input = match step.action.clone() {
            Action::Request(request) => {
                self.ask(request, None, works, out);
                return true;
            }
            Action::Send(message) => websocket::Input::Send(message),
            Action::Part { text, octets, last } => {
                websocket::Input::SendFragment { text, octets, last }
            }
            Action::Ping(payload) => websocket::Input::Ping(payload),
            Action::Close { code, reason } => websocket::Input::Close { code, reason },
            action @ (Action::Emit { .. } | Action::Join { .. } | Action::Leave { .. }) => {
                self.act(now, action, works, out);
                return false;
            }
        };
        if let Some(connection) = connection {
            works.push_back(Work::WebSocket(connection, input));
        }
        false
    }

    /// Does what a step asks of Socket.IO.
    pub(super) fn act(
        &mut self,
        now: Instant,
        action: Action,
        works: &mut Works,
        out: &mut Vec<Output>,
    ) {
        let visit = Arc::clone(&self.visit);
        let Speaks::SocketIo { namespace: first, .. } = &visit.speaks else { return };
        let Some(session) = &mut self.session else { return };
        let call = match action {
            Action::Emit { namespace, event: name, arguments, octets, ack, volatile } => {
                let arguments =
                    octets.into_iter().fold(Arguments::new(arguments), Arguments::with_octets);
                let ack = ack.map(|timeout| Ack { token: session.next_token, timeout });
                session.next_token += u64::from(ack.is_some());
                let namespace = namespace.unwrap_or_else(|| first.clone());
                Call::Emit { namespace, name, arguments, volatile, ack }
            }
            Action::Join { namespace, auth } => Call::Join { namespace, auth },
            Action::Leave { namespace } => {
                Call::Leave { namespace: namespace.unwrap_or_else(|| first.clone()) }
            }
            Action::Request(_)
            | Action::Send(_)
            | Action::Part { .. }
            | Action::Ping(_)
            | Action::Close { .. } => return,
        };
        self.call(now, call, works, out);
    }
}

/// What the program is told, as a program has it.
pub(super) fn told(indication: &sockets::Indication) -> Option<String> {
    Some(match indication {
        sockets::Indication::Connected { recovered: true, .. } => {
            "socket.on(\"connect\"), recovered".into()
        }
        sockets::Indication::Connected { .. } => "socket.on(\"connect\")".into(),
        sockets::Indication::ConnectError { message, .. } => {
            format!("socket.on(\"connect_error\") {message}")
        }
        sockets::Indication::Event { name, arguments, .. } => {
            let words = format!("socket.on({name:?}) {}", words_of(&arguments.values));
            words.trim_end().into()
        }
        sockets::Indication::Acknowledged { arguments, .. } => {
            format!("callback({})", words_of(&arguments.values))
        }
        sockets::Indication::AckTimedOut { .. } => "callback(error): no answer in time".into(),
        sockets::Indication::AckLost { .. } => "callback(error): the connection is gone".into(),
        sockets::Indication::Disconnected { reason, .. } => {
            format!("socket.on(\"disconnect\") {reason}")
        }
        sockets::Indication::Reconnecting { attempt, wait } => {
            format!("socket.io.on(\"reconnect_attempt\") {attempt}, after {wait}")
        }
        sockets::Indication::ReconnectFailed => "socket.io.on(\"reconnect_failed\")".into(),
        sockets::Indication::Misuse(_) => return None,
    })
}
