//! What a client does, by transcript: the stage.

mod laws;
mod transcripts;

use super::super::client::{Client, Config, Indication, Input, Output, State, Trigger};
use super::super::{Note, Transport};
use super::{at, check, message, millis, shown, shown_body};
use crate::base::{Duration, Instant};
use crate::stack::Machine;

struct Stage {
    client: Client,
    now: Instant,
    walked: Vec<(State, Trigger, State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        Self { client: Client::new(config), now: at(0), walked: Vec::new() }
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut out = Vec::new();
        let whole = message(rest);
        let number = |text: &str| text.trim_start_matches("ws").parse().unwrap();
        let input = match (verb, rest) {
            ("open", _) => Input::Open,
            ("close", _) => Input::Close,
            ("send" | "volatile", _) => {
                let messages = rest.split(' ').map(message).collect();
                Input::Send { messages, volatile: verb == "volatile" }
            }
            ("wait", _) => {
                self.wait(millis(rest), &mut out);
                return self.shown(&out);
            }
            ("lost", _) => Input::RequestFailed { exchange: number(rest) },
            (_, "up") => Input::SocketOpened { socket: number(verb) },
            (_, "gone") => Input::SocketClosed { socket: number(verb) },
            _ => match verb.split_once('=') {
                Some((exchange, status)) => Input::Response {
                    exchange: number(exchange),
                    status: status.parse().unwrap(),
                    body: whole.octets().clone(),
                },
                None => Input::SocketMessage { socket: number(verb), message: whole },
            },
        };
        self.client.handle(self.now, input, &mut out);
        self.shown(&out)
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

    fn shown(&mut self, out: &[Output]) -> Vec<String> {
        self.walked.clear();
        let mut lines = Vec::new();
        for output in out {
            lines.push(match output {
                Output::Request { exchange, method, query, body } => {
                    format!("{exchange}: {method} {query} {}", shown_body(body)).trim().to_owned()
                }
                Output::OpenSocket { socket, query } => format!("ws{socket}: open {query}"),
                Output::SocketSend { socket, message } => format!("ws{socket}: {}", shown(message)),
                Output::SocketClose { socket } => format!("ws{socket}: close"),
                Output::Abort { exchange } => format!("{exchange}: abort"),
                Output::Indicate(Indication::Opened { sid, transport }) => {
                    format!("opened {sid} by {}", transport.name())
                }
                Output::Indicate(Indication::Message(message)) => format!("got {}", shown(message)),
                Output::Indicate(Indication::Upgrading) => "upgrading".to_owned(),
                Output::Indicate(Indication::Upgraded) => "upgraded".to_owned(),
                Output::Indicate(Indication::Closed(reason)) => format!("over: {reason}"),
                Output::Note(Note::Client { from, to, on }) => {
                    self.walked.push((*from, *on, *to));
                    continue;
                }
                Output::Note(_) => continue,
            });
        }
        lines
    }
}

const OPEN: &str = r#"
    > open
    1: GET EIO=4&transport=polling
    > 1=200 0{"sid":"x","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200}
    opened x by polling
    ws2: open EIO=4&transport=websocket&sid=x
    3: GET EIO=4&transport=polling&sid=x
"#;

const OPEN_POLLING: &str = r#"
    > open
    1: GET EIO=4&transport=polling
    > 1=200 0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":10}
    opened x by polling
    2: GET EIO=4&transport=polling&sid=x
"#;

const OPEN_SOCKET: &str = r#"
    > open
    ws1: open EIO=4&transport=websocket
    > ws1 up
    > ws1 0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200}
    opened x by websocket
"#;

fn run(parts: &[&str]) {
    run_with(Config::default(), parts);
}

fn run_with(config: Config, parts: &[&str]) {
    let mut stage = Stage::new(config);
    check(&parts.concat(), |input| stage.play(input));
}

fn websocket_only() -> Config {
    Config { transports: vec![Transport::WebSocket], ..Config::default() }
}
