//! What RFC 6455 and RFC 7692 promise, from octets: the Autobahn suite's groups as tables, the
//! diagram's edges, the limits, and what holds whatever comes.

mod closing;
mod compression;
mod edges;
mod fragments;
mod framing;
mod laws;
mod limits;
mod opening;
mod text;

use super::*;
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::Message;
use crate::stack::application::http::{Method, Request};
use std::collections::BTreeSet;
use std::rc::Rc;

const NOW: Instant = Instant::ZERO;
const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

fn chunk(octets: impl AsRef<[u8]>) -> Chunk {
    Chunk::from(octets.as_ref())
}

/// A good request.
fn request() -> Request {
    Request::new(Method::Get, "/")
        .with("Host", "bob")
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .with("Sec-WebSocket-Version", "13")
}

fn opening_of_alice() -> Opening {
    Opening { host: "bob".into(), target: "/".into(), origin: None }
}

/// The octets of a frame; a client's are masked.
fn raw(role: Role, start: u8, payload: &[u8]) -> Vec<u8> {
    let mask = (role == Role::Client).then_some(KEY);
    let (fin, rsv, opcode) = (start & 0x80 != 0, start >> 4 & 7, Opcode::from_bits(start));
    let mut octets = Vec::new();
    Header { fin, rsv, opcode, mask, length: payload.len() as u64 }.emit(&mut octets);
    let begin = octets.len();
    octets.extend_from_slice(payload);
    if mask.is_some() {
        frame::mask(&mut octets[begin..], KEY, 0);
    }
    octets
}

/// A frame of a client: its first octet and its payload.
fn frame(start: u8, payload: impl AsRef<[u8]>) -> Vec<u8> {
    raw(Role::Client, start, payload.as_ref())
}

/// A frame in words: `text+ hel` (more follows), `close 1000 why`, `ping 3 octets`.
fn words(header: &Header, payload: &[u8]) -> String {
    let more = if header.fin { "" } else { "+" };
    let name = header.opcode.name().to_lowercase();
    match (header.opcode, payload) {
        (Opcode::Close, [a, b, reason @ ..]) => {
            let code = u16::from_be_bytes([*a, *b]);
            format!("close {code} {}", String::from_utf8_lossy(reason)).trim_end().into()
        }
        (_, long) if long.len() > 40 => format!("{name}{more} of {}", long.len()),
        (_, short) => format!("{name}{more} {}", short.escape_ascii()).trim_end().into(),
    }
}

/// One end, what it has said as words, and which edges it has gone along.
struct End {
    machine: Connection,
    edges: BTreeSet<(State, Trigger, State)>,
    /// Every message is sent back.
    echoes: bool,
    now: Instant,
}

impl End {
    fn new(machine: Connection) -> Self {
        Self { machine, edges: BTreeSet::new(), echoes: false, now: NOW }
    }

    /// A server that is open.
    fn server(config: Config) -> Self {
        let mut end = Self::new(Connection::server_for(Rc::new(config), request()));
        end.order(Input::Open);
        assert_eq!(end.machine.state(), State::Open);
        end
    }

    /// A server that is open and sends everything back.
    fn echo() -> Self {
        Self { echoes: true, ..Self::server(Config::default()) }
    }

    /// A client that is open.
    fn client(config: Config) -> Self {
        let mut end = Self::asking(config);
        let Outcome { wire, .. } = end.run(Input::Open);
        let asked = String::from_utf8(wire).unwrap();
        let key = asked.split("Key: ").nth(1).unwrap().split('\r').next().unwrap();
        end.octets(handshake_answer(key));
        assert_eq!(end.machine.state(), State::Open);
        end
    }

    /// A client that has not asked yet.
    fn asking(config: Config) -> Self {
        let rng = Rng::fork(1, "alice websocket");
        Self::new(Connection::client(Rc::new(config), opening_of_alice(), rng))
    }

    fn run(&mut self, input: Input) -> Outcome {
        let mut out = Vec::new();
        self.machine.handle(self.now, input, &mut out);
        self.settle(out)
    }

    /// Time goes on by so many milliseconds, and the deadline is looked at.
    fn wait(&mut self, millis: u64) -> String {
        self.now += Duration::from_millis(millis);
        let mut out = Vec::new();
        self.machine.on_deadline(self.now, &mut out);
        self.settle(out).said.join(", ")
    }

    fn settle(&mut self, mut out: Vec<Output>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut at = 0;
        while let Some(output) = out.get(at).cloned() {
            at += 1;
            match output {
                Output::Transmit(octets) => outcome.transmit(&octets),
                Output::Indicate(Indication::Message(message)) if self.echoes => {
                    self.machine.handle(self.now, Input::Send(message), &mut out);
                }
                Output::Indicate(indication) => outcome.indicate(indication),
                Output::More => self.machine.handle(self.now, Input::Resume, &mut out),
                Output::CloseTransport => outcome.said.push("fin".into()),
                Output::AbortTransport => outcome.said.push("rst".into()),
                Output::Note(Note::Entered { from, to, on }) => {
                    self.edges.insert((from, on, to));
                }
                Output::Note(_) => {}
            }
        }
        outcome
    }

    /// What it says to an input.
    fn order(&mut self, input: Input) -> String {
        self.run(input).said.join(", ")
    }

    fn octets(&mut self, octets: impl AsRef<[u8]>) -> String {
        self.order(Input::Received(chunk(octets)))
    }

    fn close(&mut self, code: Option<u16>, reason: &str) -> String {
        self.order(Input::Close { code, reason: reason.into() })
    }

    /// What it says to octets that come in pieces.
    fn pieces(&mut self, octets: &[u8], piece: usize) -> String {
        let said = octets.chunks(piece).map(|piece| self.octets(piece));
        said.filter(|said| !said.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// The octets of a good answer.
fn handshake_answer(key: &str) -> String {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        handshake::accept(key)
    )
}

/// What an end says to one input.
#[derive(Default)]
struct Outcome {
    /// In words.
    said: Vec<String>,
    /// The octets that it sends.
    wire: Vec<u8>,
    /// The messages that it hands up.
    messages: Vec<Message>,
}

impl Outcome {
    fn transmit(&mut self, octets: &[u8]) {
        self.wire.extend_from_slice(octets);
        if octets.starts_with(b"HTTP/1.1 ") {
            return self.said.push(format!("http {}", octets[9..12].escape_ascii()));
        }
        match Header::parse(octets) {
            _ if octets.starts_with(b"GET ") => self.said.push("get".into()),
            Ok(Some((header, len))) => {
                self.said.push(words(&header, &header.unmasked(&octets[len..])));
            }
            other => panic!("{other:?}"),
        }
    }

    fn indicate(&mut self, indication: Indication) {
        let said = match indication {
            Indication::Message(message) => {
                self.messages.push(message.clone());
                match message.as_text() {
                    Some(text) => format!("got {text}"),
                    None => format!("got {} octets", message.octets().len()),
                }
            }
            Indication::Opened { compressed, .. } if compressed => "opened compressed".into(),
            Indication::Opened { .. } => "opened".into(),
            Indication::Pong(payload) => {
                format!("ponged {}", payload.escape_ascii()).trim_end().into()
            }
            Indication::Closed { code, reason, clean } => {
                let how = if clean { "clean" } else { "not clean" };
                format!("closed {code} {reason} {how}").replace("  ", " ")
            }
            Indication::Misuse(misuse) => format!("{misuse:?}"),
            Indication::Refused(refusal) => format!("refused: {refusal}"),
            // Each goes with something else that is said.
            Indication::Ping(_) | Indication::Closing { .. } | Indication::Failed(_) => return,
        };
        self.said.push(said);
    }
}

/// What an echo server says, in words, to frames however they are cut.
fn echoes(frames: &[Vec<u8>], said: &str) {
    let octets = frames.concat();
    for piece in [octets.len().max(1), 1, 2, 7, 997] {
        assert_eq!(End::echo().pieces(&octets, piece), said, "in pieces of {piece}");
    }
}
