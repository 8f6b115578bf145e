//! What a server does, by transcript: the stage.

mod beyond;
mod laws;
mod rows;

use super::super::Note;
use super::super::server::{Config, Indication, Input, Output, Server, State, Trigger};
use super::{at, check, message, millis, shown, shown_body};
use crate::base::{Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::session::id::SessionId;

/// The timing of the protocol's own test suite.
fn config() -> Config {
    Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        cors: Some("*".to_owned()),
        ..Config::default()
    }
}

/// A server, and the names of a transcript: `{new}` and `{ws}` are the queries of a new session,
/// `{poll}` and `{up}` those of the last one that opened.
struct Stage {
    server: Server,
    now: Instant,
    sid: Option<SessionId>,
    exchanges: u64,
    sockets: u64,
    /// The state changes of the last input.
    walked: Vec<(State, Trigger, State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        let server = Server::new(config, Rng::fork(1, "ids"));
        Self { server, now: at(0), sid: None, exchanges: 0, sockets: 0, walked: Vec::new() }
    }

    fn query(&self, text: &str) -> String {
        let sid = self.sid.map(|sid| sid.to_string()).unwrap_or_default();
        text.replace("{new}", "EIO=4&transport=polling")
            .replace("{ws}", "EIO=4&transport=websocket")
            .replace("{poll}", &format!("EIO=4&transport=polling&sid={sid}"))
            .replace("{up}", &format!("EIO=4&transport=websocket&sid={sid}"))
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut out = Vec::new();
        let session = self.sid;
        let number = |text: &str| text[2..].parse().unwrap();
        match verb {
            "GET" | "POST" | "PUT" | "OPTIONS" => {
                let (query, body) = rest.split_once(' ').unwrap_or((rest, ""));
                self.exchanges += 1;
                let input = Input::Request {
                    exchange: self.exchanges,
                    method: verb,
                    query: &self.query(query),
                    origin: None,
                    requested_headers: None,
                    body: message(body).octets().clone(),
                };
                self.server.handle(self.now, input, &mut out);
            }
            "lost" => {
                let exchange = rest.parse().unwrap();
                self.server.handle(self.now, Input::ExchangeClosed { exchange }, &mut out);
            }
            "WS" => {
                self.sockets += 1;
                let query = &self.query(rest);
                let input = Input::SocketOpened { socket: self.sockets, query };
                self.server.handle(self.now, input, &mut out);
            }
            "send" | "volatile" => {
                let messages = rest.split(' ').map(message).collect();
                let volatile = verb == "volatile";
                let input = Input::Send { session: session.unwrap(), messages, volatile };
                self.server.handle(self.now, input, &mut out);
            }
            "close" => {
                self.server.handle(self.now, Input::Close { session: session.unwrap() }, &mut out);
            }
            "wait" => self.wait(millis(rest), &mut out),
            socket if rest == "gone" => {
                let input = Input::SocketClosed { socket: number(socket) };
                self.server.handle(self.now, input, &mut out);
            }
            socket => {
                let input = Input::SocketMessage { socket: number(socket), message: message(rest) };
                self.server.handle(self.now, input, &mut out);
            }
        }
        self.walked = out
            .iter()
            .filter_map(|output| match output {
                Output::Note(Note::Server { from, to, on }) => Some((*from, *on, *to)),
                _ => None,
            })
            .collect();
        out.iter().filter_map(|output| self.show(output)).collect()
    }

    fn wait(&mut self, time: Duration, out: &mut Vec<Output>) {
        let until = self.now + time;
        while let Some(deadline) = self.server.deadline().filter(|deadline| *deadline <= until) {
            let said = out.len();
            self.server.on_deadline(Instant(deadline.0 - 1), out);
            assert_eq!(out.len(), said, "nothing before the deadline");
            self.server.on_deadline(deadline, out);
            assert!(self.server.deadline().is_none_or(|next| next > deadline));
        }
        self.now = until;
    }

    fn show(&mut self, output: &Output) -> Option<String> {
        let hide = |text: String, sid: Option<SessionId>| match sid {
            Some(sid) => text.replace(sid.as_str(), "SID"),
            None => text,
        };
        Some(match output {
            Output::Respond { exchange, status, body, .. } => {
                // The answer to a handshake comes before the word of it.
                let sid = self.server.sessions().map(|(id, _)| id).last();
                hide(format!("{exchange}={status} {}", shown_body(body)).trim().to_owned(), sid)
            }
            Output::Accept { socket } => format!("ws{socket} accepted"),
            Output::Refuse { socket, status, body } => {
                format!("ws{socket}={status} {}", shown_body(body))
            }
            Output::SocketSend { socket, message } => {
                let sid = self.server.sessions().map(|(id, _)| id).last();
                hide(format!("ws{socket}: {}", shown(message)), sid)
            }
            Output::SocketClose { socket } => format!("ws{socket} closed"),
            Output::Indicate(Indication::Opened { session }) => {
                self.sid = Some(*session);
                "opened".to_owned()
            }
            Output::Indicate(Indication::Message { message, .. }) => {
                format!("got {}", shown(message))
            }
            Output::Indicate(Indication::Upgraded { .. }) => "upgraded".to_owned(),
            Output::Indicate(Indication::Closed { reason, .. }) => format!("over: {reason}"),
            Output::Note(_) => return None,
        })
    }
}

const OPEN: &str = r#"
    > GET {new}
    1=200 0{"sid":"SID","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}
    opened
"#;

const OPEN_SOCKET: &str = r#"
    > WS {ws}
    ws1 accepted
    ws1: 0{"sid":"SID","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}
    opened
"#;

const UPGRADE: &str = "
    > WS {up}
    ws1 accepted
    > ws1 2probe
    ws1: 3probe
    > ws1 5
    upgraded
";

fn run(parts: &[&str]) {
    run_with(config(), parts);
}

fn run_with(config: Config, parts: &[&str]) {
    let mut stage = Stage::new(config);
    check(&parts.concat(), |input| stage.play(input));
}
