//! A server machine of framestep's behind a real port of this machine, for the judges of
//! `.ci/peers` and for whoever wants to see it work:
//!
//! ```sh
//! cargo run --release --example serve -- websocket-echo --port 9001 --tell
//! ```
//!
//! It prints the address on which it listens, and ends on SIGTERM or SIGINT.
#![expect(clippy::print_stderr, reason = "what went wrong")]

mod shim;

use clap::{Parser, ValueEnum};
use framestep::base::{Chunk, Duration};
use framestep::stack::application::web::{
    Endpoint, Gathering, Manner, News, Reaction, Route, Rule, Server, Site,
};
use framestep::stack::application::{engine_io, http, socket_io, websocket};
use shim::{Place, Switch, Until};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

/// Puts a server machine behind a real loopback port.
#[derive(Parser)]
struct Options {
    /// What is served.
    what: What,
    /// The port; 0 for any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Whether WebSockets are compressed when the client offers it.
    #[arg(long, default_value = "on")]
    deflate: Switch,
    /// Socket.IO: connections that broke can be taken up again; every event has an offset then.
    #[arg(long)]
    recovery: bool,
    /// Ends when standard input is closed too.
    #[arg(long)]
    until_stdin_closes: bool,
    /// Prints what the program does and is told.
    #[arg(long)]
    tell: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Any path takes WebSockets, and sends every message back.
    WebsocketEcho,
    /// `/engine.io/` sends every message back.
    EngineIo,
    /// `/socket.io/` answers `message` and `message-with-ack`.
    SocketIo,
    /// `/` and `/missing` say something, `/echo` sends the body back.
    Http,
}

fn site(options: &Options) -> Site {
    match options.what {
        What::WebsocketEcho => {
            let deflate = options.deflate.is_on().then(websocket::Parameters::default);
            let config = websocket::Config { deflate, ..Default::default() };
            let endpoint = Endpoint { path: "*".into(), config, manner: Manner::Echo, push: None };
            Site { endpoints: vec![endpoint], ..Default::default() }
        }
        What::EngineIo => gather("/engine.io/", None),
        What::SocketIo => {
            let config = socket_io::server::Config {
                namespaces: vec!["/".into(), "/custom".into()],
                connect_timeout: Duration::from_millis(1000),
                recovery: options.recovery.then(socket_io::server::Recovery::default),
                ..Default::default()
            };
            gather("/socket.io/", Some(config))
        }
        What::Http => {
            let route = |path: &str, status, body: Option<&str>| Route {
                path: path.into(),
                status,
                content_type: "text/plain; charset=utf-8".into(),
                body: body.map(str::to_owned),
            };
            let routes = vec![
                route("/", http::Status::OK, Some("hello\n")),
                route("/missing", http::Status::NOT_FOUND, Some("gone\n")),
                route("/echo", http::Status::OK, None),
            ];
            Site { routes, ..Default::default() }
        }
    }
}

/// The server that the protocols' own suites expect.
fn gather(path: &str, socket_io: Option<socket_io::server::Config>) -> Site {
    let rule = |event: &str, reaction, emit: Option<&str>| Rule {
        event: event.into(),
        reaction,
        emit: emit.map(str::to_owned),
        with: None,
        room: None,
        volatile: false,
    };
    let engine = engine_io::server::Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        cors: Some("*".into()),
        ..Default::default()
    };
    let rules = vec![
        rule("connection", Reaction::Reply, Some("auth")),
        rule("message", Reaction::Reply, Some("message-back")),
        rule("message-with-ack", Reaction::Acknowledge, None),
        // For a look at rooms: join one, then speak to it.
        rule("join", Reaction::Join, None),
        rule("to-room", Reaction::Room, Some("from-room")),
        rule("to-others", Reaction::Others, Some("from-other")),
        rule("leave-me", Reaction::Disconnect, None),
    ];
    let path = path.to_owned();
    let gathering = Gathering { path, engine, socket_io, token: None, rules };
    Site { gathering: Some(gathering), ..Default::default() }
}

fn serve(options: &Options) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    let machine = Server::new(Arc::new(site(options)), shim::luck());
    let place = Place { listener: Some(listener), ..Default::default() };
    let until = Until { stdin_closes: options.until_stdin_closes, ..Default::default() };
    let mut tell = |connection: Option<u64>, news: News, octets: &Chunk| {
        if options.tell {
            shim::print(connection, news, octets);
        }
    };
    shim::run(machine, &place, until, &mut tell)?;
    Ok(())
}

fn main() -> ExitCode {
    match serve(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("serve: {wrong}");
            ExitCode::FAILURE
        }
    }
}
