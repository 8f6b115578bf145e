//! A client machine of framestep's in front of a real server, for the judges of `.ci/peers` and for
//! whoever wants to see it work:
//!
//! ```sh
//! cargo run --release --example dial -- ws://127.0.0.1:9001/chat --send hello
//! cargo run --release --example dial -- http://127.0.0.1:3000/ --emit 'chat ["hi"]' --ack
//! cargo run --release --example dial -- http://127.0.0.1:8000/ --get
//! ```
//!
//! It prints what the program does and is told. It ends with 0 when all went well, with 1 when an
//! error was told or the time was over, with 2 when it was called wrongly.
#![expect(clippy::print_stderr, reason = "what went wrong")]

mod echo;
#[path = "../shim/mod.rs"]
mod shim;

use clap::{Parser, ValueEnum};
use echo::Echo;
use framestep::base::{Chunk, Duration};
use framestep::stack::application::engine_io::Transport;
use framestep::stack::application::http::{ClientConfig, Method, Request};
use framestep::stack::application::web::{Action, Client, News, Speaks, Step, Visit};
use framestep::stack::application::{Message, engine_io, socket_io, websocket};
use framestep::stack::session::reconnect;
use serde_json::Value;
use shim::{End, Place, Switch, Until};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::process::ExitCode;
use std::sync::Arc;

/// Sends a client machine to a real server of this machine.
#[derive(Parser)]
struct Options {
    /// `ws://host:port/path` for WebSocket, `http://host:port/namespace` for Socket.IO, or for HTTP
    /// with `--get`.
    url: String,
    /// WebSocket: sends a text. It may be given more than once.
    #[arg(long)]
    send: Vec<String>,
    /// WebSocket: sends so many octets.
    #[arg(long)]
    send_octets: Vec<usize>,
    /// WebSocket: sends every message back until the server closes.
    #[arg(long)]
    echo: bool,
    /// WebSocket: whether compression is offered.
    #[arg(long, default_value = "on")]
    deflate: Switch,
    /// WebSocket: what is compressed looks back at no message before it.
    #[arg(long)]
    no_context_takeover: bool,
    /// HTTP: asks for the path.
    #[arg(long)]
    get: bool,
    /// Socket.IO: sends an event, `chat ["hi"]`. It may be given more than once.
    #[arg(long)]
    emit: Vec<String>,
    /// Socket.IO: octets that follow each event's arguments.
    #[arg(long)]
    octets: Option<usize>,
    /// Socket.IO: wants the events acknowledged.
    #[arg(long)]
    ack: bool,
    /// Socket.IO: what the client says of itself, `{"token":"123"}`.
    #[arg(long, value_parser = json)]
    auth: Option<Value>,
    /// Socket.IO: the path.
    #[arg(long, default_value = "/socket.io/")]
    path: String,
    /// Socket.IO: which transports it uses.
    #[arg(long, default_value = "both")]
    transport: Transports,
    /// The time between two steps in milliseconds, and before the connection is closed.
    #[arg(long, default_value_t = 50)]
    pace: u64,
    /// How long all may take in milliseconds.
    #[arg(long, default_value_t = 10_000)]
    timeout: u64,
    /// Prints what the protocols say too.
    #[arg(long)]
    tell: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Transports {
    /// Polling, then WebSocket.
    Both,
    /// Polling alone.
    Polling,
    /// WebSocket alone.
    Websocket,
}

/// A place in the web.
struct Url<'a> {
    scheme: &'a str,
    /// Name and port.
    host: &'a str,
    target: String,
    to: SocketAddr,
}

impl<'a> Url<'a> {
    fn parse(url: &'a str) -> Result<Self, String> {
        let wrong = || format!("{url} is no http or ws URL with a port");
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        if !matches!(scheme, "ws" | "http") {
            return Err(wrong());
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, target) = rest.split_at(end);
        let slash = if target.starts_with('/') { "" } else { "/" };
        let mut addresses = host.to_socket_addrs().map_err(|why| format!("{host}: {why}"))?;
        let to = addresses.next().ok_or_else(wrong)?;
        Ok(Self { scheme, host, target: format!("{slash}{target}"), to })
    }
}

impl Options {
    fn websocket(&self, url: &Url<'_>) -> (websocket::Opening, websocket::Config) {
        let opening =
            websocket::Opening { host: url.host.into(), target: url.target.clone(), origin: None };
        let parameters = websocket::Parameters {
            client_no_context_takeover: self.no_context_takeover,
            ..Default::default()
        };
        let deflate = self.deflate.is_on().then_some(parameters);
        (opening, websocket::Config { deflate, ..Default::default() })
    }

    fn socket_io(&self, url: &Url<'_>) -> Speaks {
        let transports = match self.transport {
            Transports::Both => vec![Transport::Polling, Transport::WebSocket],
            Transports::Polling => vec![Transport::Polling],
            Transports::Websocket => vec![Transport::WebSocket],
        };
        let quickly = reconnect::Config {
            delay: Duration::from_millis(100),
            delay_max: Duration::from_millis(400),
            ..Default::default()
        };
        Speaks::SocketIo {
            host: url.host.into(),
            path: self.path.clone(),
            query: String::new(),
            headers: framestep::stack::application::http::Headers::default(),
            engine: engine_io::client::Config { transports, ..Default::default() },
            config: socket_io::client::Config { reconnection: Some(quickly), ..Default::default() },
            namespace: url.target.clone(),
            auth: self.auth.clone(),
        }
    }

    /// An event as it is written: its name, and its arguments as JSON.
    fn event(&self, text: &str) -> Result<Action, String> {
        let (event, arguments) = text.split_once(' ').unwrap_or((text, "[]"));
        let Value::Array(arguments) = json(arguments)? else {
            return Err(format!("{arguments} is no list"));
        };
        Ok(Action::Emit {
            namespace: None,
            event: event.into(),
            arguments,
            octets: self.octets.map(filled).into_iter().collect(),
            ack: self.ack.then_some(None),
            volatile: false,
        })
    }

    fn visit(&self, url: &Url<'_>) -> Result<Visit, String> {
        let (speaks, mut actions) = if url.scheme == "ws" {
            let (opening, config) = self.websocket(url);
            let texts = self.send.iter().map(|text| Message::text(text));
            let octets = self.send_octets.iter().map(|&n| Message::Binary(filled(n)));
            let actions = texts.chain(octets).map(Action::Send).collect();
            (Speaks::WebSocket { opening, config }, actions)
        } else if self.get {
            let request = Request::new(Method::Get, url.target.clone());
            let request = request.with("Connection", "close");
            let speaks = Speaks::Http { host: url.host.into(), config: ClientConfig::default() };
            (speaks, vec![Action::Request(request)])
        } else {
            let events: Result<Vec<Action>, String> =
                self.emit.iter().map(|event| self.event(event)).collect();
            (self.socket_io(url), events?)
        };
        match &speaks {
            Speaks::WebSocket { .. } => {
                actions.push(Action::Close { code: Some(1000), reason: String::new() });
            }
            Speaks::SocketIo { .. } => actions.push(Action::Leave { namespace: None }),
            Speaks::Http { .. } => {}
        }
        let after = Duration::from_millis(self.pace);
        let steps = actions.into_iter().map(|action| Step { after, action }).collect();
        Ok(Visit { speaks, steps })
    }

    /// Whether all went well.
    fn dial(&self) -> Result<bool, String> {
        let url = Url::parse(&self.url)?;
        let over = Some(std::time::Duration::from_millis(self.timeout));
        let until = Until { done: true, over, ..Default::default() };
        let mut well = true;
        let mut tell = |connection: Option<u64>, news: News, octets: &Chunk| {
            if matches!(news, News::Handles) {
                well &= !is_error(&String::from_utf8_lossy(octets));
            }
            if self.tell || matches!(news, News::Handles | News::Calls) {
                shim::print(connection, news, octets);
            }
        };
        let place = Place { peer: Some(url.to), ..Default::default() };
        let end = if self.echo {
            let (opening, config) = self.websocket(&url);
            shim::run(Echo::new(opening, config, shim::luck()), &place, until, &mut tell)
        } else {
            let client = Client::new(Arc::new(self.visit(&url)?), shim::luck());
            shim::run(client, &place, until, &mut tell)
        };
        let end = end.map_err(|why| why.to_string())?;
        if end == End::TimedOut {
            eprintln!("dial: the time is over");
        }
        Ok(well && end == End::Done)
    }
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|why| format!("{text}: {why}"))
}

/// So many octets.
fn filled(n: usize) -> Chunk {
    let octets: Vec<u8> = (0..=u8::MAX).cycle().take(n).collect();
    Chunk::from(&octets[..])
}

/// Whether a handler was told of something bad.
fn is_error(words: &str) -> bool {
    ["on error", "on close 1006", "callback(error)", "socket.on(\"connect_error\")"]
        .iter()
        .any(|bad| words.starts_with(bad))
}

fn main() -> ExitCode {
    match Options::parse().dial() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(wrong) => {
            eprintln!("dial: {wrong}");
            ExitCode::from(2)
        }
    }
}
