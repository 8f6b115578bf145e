//! What becomes of the events of Socket.IO at a server that nobody drives: rules say it.

use super::interface::{News, Output};
use super::line::say;
use super::server::{Server, Work, Works};
use super::site::{Reaction, Rule};
use crate::stack::application::socket_io::Arguments;
use crate::stack::application::socket_io::server::{self as sockets, Reach};
use crate::stack::session::id::SessionId;
use serde_json::Value;

/// Arguments as a program writes them.
pub(super) fn words_of(arguments: &[Value]) -> String {
    arguments.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

impl Server {
    /// What the program does when Socket.IO tells it something.
    pub(super) fn socket_says(
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
