//! What a server does, by transcript: the stage, and the programs on it.

mod beyond;
mod laws;
mod rows;

use super::super::server::{Config, Indication, Input, Output, Reach, Recovery, Server};
use super::super::state::{State, Trigger};
use super::super::{Ack, Note};
use super::{Arguments, arguments, at, check, message, shown_all, shown_arguments};
use crate::base::{Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::engine_io;
use crate::stack::session::id::SessionId;
use std::collections::BTreeSet;

fn config() -> Config {
    Config {
        namespaces: ["/", "/custom"].map(str::to_owned).to_vec(),
        connect_timeout: Duration::from_millis(1000),
        ..Config::default()
    }
}

/// A server with clients `a`, `b`, …, each over a session of its own. Its program does what the
/// protocol's suite asks for: it says the `auth` and sends back what it gets.
struct Stage {
    server: Server,
    now: Instant,
    sessions: Vec<SessionId>,
    /// Their sids, in the order of their coming: `S0`, `S1`, …
    sockets: Vec<SessionId>,
    pids: Vec<String>,
    echo: bool,
    walked: BTreeSet<(State, Trigger, State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        let server = Server::new(config, Rng::fork(1, "ids"));
        let mut rng = Rng::fork(1, "sessions");
        let sessions = (0..3).map(|_| SessionId::draw(&mut rng)).collect();
        Self {
            server,
            now: at(0),
            sessions,
            sockets: Vec::new(),
            pids: Vec::new(),
            echo: false,
            walked: BTreeSet::new(),
        }
    }

    fn socket(&self, text: &str) -> SessionId {
        self.sockets[text[1..].parse::<usize>().unwrap()]
    }

    fn hide(&self, mut text: String) -> String {
        for (n, socket) in self.sockets.iter().enumerate() {
            text = text.replace(socket.as_str(), &format!("S{n}"));
        }
        for (n, pid) in self.pids.iter().enumerate() {
            text = text.replace(pid.as_str(), &format!("P{n}"));
        }
        text
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut words = rest.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let peer =
            |verb: &str, sessions: &[SessionId]| sessions[usize::from(verb.as_bytes()[0] - b'a')];
        let mut out = Vec::new();
        let input = match verb {
            "accept" => Input::Accept { socket: self.socket(rest) },
            "refuse" => {
                let socket = self.socket(word());
                let (message, data) = (word().to_owned(), serde_json::from_str(word()).ok());
                Input::Refuse { socket, message, data }
            }
            "emit" | "volatile" => {
                let (socket, name) = (self.socket(word()), word().to_owned());
                let (arguments, volatile) = (arguments(word()), verb == "volatile");
                Input::Emit { socket, name, arguments, volatile, ack: None }
            }
            "ask" => {
                let (socket, name) = (self.socket(word()), word().to_owned());
                let timeout = Some(Duration::from_millis(100));
                let ack = Some(Ack { token: 7, timeout });
                let arguments = arguments(word());
                Input::Emit { socket, name, arguments, volatile: false, ack }
            }
            "all" | "room" | "but" => {
                let (room, name) = (word(), word().to_owned());
                let room = match room.strip_prefix('S') {
                    Some(_) => self.socket(room).to_string(),
                    None => room.to_owned(),
                };
                let reach = match verb {
                    "all" => Reach::all("/"),
                    "room" => Reach::all("/").to(&room),
                    _ => Reach::all("/").except(&room),
                };
                Input::Broadcast { reach, name, arguments: arguments(word()), volatile: false }
            }
            "ack" => {
                let (socket, id) = (self.socket(word()), word().parse().unwrap());
                Input::Acknowledge { socket, id, arguments: arguments(word()) }
            }
            "join" => Input::Join { socket: self.socket(word()), room: word().to_owned() },
            "leave" => Input::Leave { socket: self.socket(word()), room: word().to_owned() },
            "kick" | "close" => {
                Input::Disconnect { socket: self.socket(word()), close: verb == "close" }
            }
            "wait" => {
                self.wait(Duration::from_millis(rest.parse().unwrap()), &mut out);
                return self.shown(out);
            }
            _ => {
                let session = peer(verb, &self.sessions);
                let reason = engine_io::Reason::PingTimeout;
                Input::Engine(match rest {
                    "opens" => engine_io::server::Indication::Opened { session },
                    "gone" => engine_io::server::Indication::Closed { session, reason },
                    text => {
                        let mut text = text.to_owned();
                        for (n, pid) in self.pids.iter().enumerate() {
                            text = text.replace(&format!("P{n}"), pid);
                        }
                        let message = message(&text);
                        engine_io::server::Indication::Message { session, message }
                    }
                })
            }
        };
        self.server.handle(self.now, input, &mut out);
        self.shown(out)
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

    fn shown(&mut self, out: Vec<Output>) -> Vec<String> {
        let mut lines = Vec::new();
        for output in out {
            let who = |session| {
                let n = self.sessions.iter().position(|it| *it == session).unwrap();
                char::from(b'a' + n as u8)
            };
            match output {
                Output::EngineSend { session, messages, volatile } => {
                    let messages_shown = shown_all(&messages);
                    let pid =
                        messages_shown.split(r#""pid":""#).nth(1).map(|pid| pid[..20].to_owned());
                    self.pids.extend(pid.filter(|pid| !self.pids.contains(pid)));
                    let volatile = if volatile { " (volatile)" } else { "" };
                    let line = format!("{}: {messages_shown}{volatile}", who(session));
                    lines.push(self.hide(line));
                }
                Output::EngineClose { session } => lines.push(format!("{} closed", who(session))),
                Output::Indicate(indication) => lines.extend(self.told(indication)),
                Output::Note(Note::Socket { from, to, on }) => {
                    self.walked.insert((from, on, to));
                }
                Output::Note(_) => {}
            }
        }
        lines
    }

    fn told(&mut self, indication: Indication) -> Vec<String> {
        if self.echo {
            return self.echoed(indication);
        }
        let line = match indication {
            Indication::Connecting { socket, namespace, auth, .. } => {
                self.sockets.push(socket);
                format!("{socket} asks for {namespace} {auth}")
            }
            Indication::Connected { socket, namespace, recovered, .. } => {
                format!("{socket} in {namespace}{}", if recovered { " again" } else { "" })
            }
            Indication::Event { socket, name, arguments, ack } => {
                let ack = ack.map(|id| format!(" ack {id}")).unwrap_or_default();
                format!("{socket} says {name} {}{ack}", shown_arguments(&arguments))
            }
            Indication::Acknowledged { socket, token, arguments } => {
                format!("{socket} answers {token} {}", shown_arguments(&arguments))
            }
            Indication::AckTimedOut { socket, token } => format!("{socket} too late {token}"),
            Indication::AckLost { socket, token } => format!("{socket} lost {token}"),
            Indication::Disconnected { socket, reason } => format!("{socket} out: {reason}"),
            Indication::Misuse(misuse) => format!("{misuse:?}"),
        };
        vec![self.hide(line)]
    }

    /// The program of the protocol's suite.
    fn echoed(&mut self, indication: Indication) -> Vec<String> {
        let mut out = Vec::new();
        let now = self.now;
        match indication {
            Indication::Connecting { socket, auth, .. } => {
                self.sockets.push(socket);
                self.server.handle(now, Input::Accept { socket }, &mut out);
                let (name, arguments) = ("auth".to_owned(), Arguments::new(vec![auth]));
                let (volatile, ack) = (false, None);
                let input = Input::Emit { socket, name, arguments, volatile, ack };
                self.server.handle(now, input, &mut out);
            }
            Indication::Event { socket, name, arguments, ack } => {
                let input = if let Some(id) = ack {
                    assert_eq!(name, "message-with-ack");
                    Input::Acknowledge { socket, id, arguments }
                } else {
                    let name = format!("{name}-back");
                    Input::Emit { socket, name, arguments, volatile: false, ack: None }
                };
                self.server.handle(now, input, &mut out);
            }
            _ => {}
        }
        self.shown(out)
    }
}

fn run(echo: bool, config: Config, parts: &[&str]) {
    let mut stage = Stage { echo, ..Stage::new(config) };
    check(&parts.concat(), |input| stage.play(input));
}

/// With the suite's program.
fn suite(parts: &[&str]) {
    run(true, config(), parts);
}
