//! What a client does, by transcript: the stage.

mod laws;
mod transcripts;

use super::super::client::{Client, Config, Indication, Input, Output, State, Trigger};
use super::super::{Ack, Note, state};
use super::{arguments, at, message, shown_all, shown_arguments};
use crate::base::{Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::engine_io::{self, Transport};
use crate::stack::session::reconnect;
use std::collections::BTreeSet;

/// Without luck, so that waits are 1, 2, 4, 5 s.
fn config() -> Config {
    let reconnection = reconnect::Config { jitter_permille: 0, ..reconnect::Config::default() };
    Config { reconnection: Some(reconnection), ..Config::default() }
}

struct Stage {
    client: Client,
    now: Instant,
    links: BTreeSet<(State, Trigger, State)>,
    ends: BTreeSet<(state::State, state::Trigger, state::State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        let client = Client::new(config, Rng::fork(1, "luck"));
        Self { client, now: at(0), links: BTreeSet::new(), ends: BTreeSet::new() }
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut words = rest.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let mut out = Vec::new();
        let input = match verb {
            "connect" => {
                Input::Connect { namespace: word(), auth: serde_json::from_str(word()).ok() }
            }
            "disconnect" => Input::Disconnect { namespace: word() },
            "emit" | "volatile" | "ask" | "want" => {
                let timeout = (verb == "ask").then_some(Duration::from_millis(100));
                let asks = matches!(verb, "ask" | "want");
                let ack = asks.then_some(Ack { token: 7, timeout });
                let (namespace, name) = (word(), word());
                let (arguments, volatile) = (arguments(word()), verb == "volatile");
                Input::Emit { namespace, name, arguments, volatile, ack }
            }
            "ack" => {
                let (namespace, id) = (word(), word().parse().unwrap());
                Input::Acknowledge { namespace, id, arguments: arguments(word()) }
            }
            "wait" => {
                self.wait(Duration::from_millis(rest.parse().unwrap()), &mut out);
                return self.shown(out);
            }
            "opened" => Input::Engine(engine_io::client::Indication::Opened {
                sid: "x".to_owned(),
                transport: Transport::Polling,
            }),
            "gone" => {
                let reason = engine_io::Reason::TransportClose;
                Input::Engine(engine_io::client::Indication::Closed(reason))
            }
            _ => Input::Engine(engine_io::client::Indication::Message(message(rest))),
        };
        self.client.handle(self.now, input, &mut out);
        self.shown(out)
    }

    fn wait(&mut self, time: Duration, out: &mut Vec<Output>) {
        let until = self.now + time;
        while let Some(deadline) = self.client.deadline().filter(|deadline| *deadline <= until) {
            let said = out.len();
            self.client.on_deadline(Instant(deadline.0 - 1), out);
            assert_eq!(out.len(), said, "nothing before the deadline");
            self.client.on_deadline(deadline, out);
            assert!(self.client.deadline().is_none_or(|next| next > deadline));
        }
        self.now = until;
    }

    fn shown(&mut self, out: Vec<Output>) -> Vec<String> {
        let mut lines = Vec::new();
        for output in out {
            lines.push(match output {
                Output::EngineOpen => "opens".to_owned(),
                Output::EngineClose => "closes".to_owned(),
                Output::EngineSend { messages, volatile } => {
                    format!("{}{}", shown_all(&messages), if volatile { " (volatile)" } else { "" })
                }
                Output::Indicate(indication) => told(indication),
                Output::Note(Note::Link { from, to, on }) => {
                    self.links.insert((from, on, to));
                    continue;
                }
                Output::Note(Note::Socket { from, to, on }) => {
                    self.ends.insert((from, on, to));
                    continue;
                }
                Output::Note(_) => continue,
            });
        }
        lines
    }
}

fn told(indication: Indication) -> String {
    match indication {
        Indication::Connected { namespace, sid, recovered } => {
            format!("in {namespace} as {sid}{}", if recovered { " again" } else { "" })
        }
        Indication::ConnectError { namespace, message, data } => {
            let data = data.map(|data| format!(" {data}")).unwrap_or_default();
            format!("not in {namespace}: {message}{data}")
        }
        Indication::Event { namespace, name, arguments, ack } => {
            let ack = ack.map(|id| format!(" ack {id}")).unwrap_or_default();
            format!("{namespace} says {name} {}{ack}", shown_arguments(&arguments))
        }
        Indication::Acknowledged { namespace, token, arguments } => {
            format!("{namespace} answers {token} {}", shown_arguments(&arguments))
        }
        Indication::AckTimedOut { namespace, token } => format!("{namespace} too late {token}"),
        Indication::AckLost { namespace, token } => format!("{namespace} lost {token}"),
        Indication::Disconnected { namespace, reason } => format!("out of {namespace}: {reason}"),
        Indication::Reconnecting { attempt, wait } => format!("try {attempt} in {wait}"),
        Indication::ReconnectFailed => "gave up".to_owned(),
        Indication::Misuse(misuse) => format!("{misuse:?}"),
    }
}
