//! What a program's options make of a server or a client.

use super::calls::Arguments;
use crate::base::{Duration, Instant};
use crate::javascript::Value;
use crate::stack::application::web::{Endpoint, Gathering, Manner, Site, Speaks};
use crate::stack::application::websocket::{self, Opening, Parameters};
use crate::stack::application::{engine_io, http, socket_io};
use crate::stack::session::reconnect;
use serde_json::Value as Json;
use std::sync::Arc;

/// A length of time given in milliseconds.
fn time(options: &Json, key: &str, default: Duration) -> Duration {
    let given = options[key].as_f64().and_then(|ms| Value::Number(ms).moment());
    given.map_or(default, |moment| moment.since(Instant::ZERO))
}

fn texts(options: &Json, key: &str) -> Option<Vec<String>> {
    let list = options[key].as_array()?;
    Some(list.iter().filter_map(|text| Some(text.as_str()?.to_owned())).collect())
}

/// Header fields given as a flat list.
fn headers(options: &Json) -> http::Headers {
    let mut headers = http::Headers::default();
    for pair in texts(options, "headers").unwrap_or_default().chunks_exact(2) {
        headers.push(&*pair[0], &*pair[1]);
    }
    headers
}

fn transport(name: &str) -> Option<engine_io::Transport> {
    match name {
        "polling" => Some(engine_io::Transport::Polling),
        "websocket" => Some(engine_io::Transport::WebSocket),
        _ => None,
    }
}

/// What a server serves.
pub(super) fn site(options: &Json) -> Arc<Site> {
    let endpoint = |options: &Json| {
        let default = websocket::Config::default();
        let config = websocket::Config {
            message_max: options["maxPayload"].as_u64().unwrap_or(100 << 20),
            frame_max: options["maxPayload"].as_u64().unwrap_or(100 << 20),
            deflate: options["perMessageDeflate"].as_bool()?.then(Parameters::default),
            protocols: texts(options, "protocols").unwrap_or_default(),
            ..default
        };
        Some(Endpoint { path: "*".into(), config, manner: Manner::Listen, push: None })
    };
    Arc::new(Site {
        http: http::ServerConfig {
            // As node's `keepAliveTimeout` and `requestTimeout`.
            idle_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(300),
            ..http::ServerConfig::default()
        },
        routes: Vec::new(),
        endpoints: endpoint(&options["webSocket"]).into_iter().collect(),
        gathering: options["socketIo"].is_object().then(|| gathering(&options["socketIo"])),
    })
}

fn gathering(options: &Json) -> Gathering {
    let (engine, sockets) =
        (engine_io::server::Config::default(), socket_io::server::Config::default());
    let transports = texts(options, "transports");
    let recovery = &options["recovery"];
    Gathering {
        path: options["path"].as_str().unwrap_or("/socket.io/").to_owned(),
        engine: engine_io::server::Config {
            ping_interval: time(options, "pingInterval", engine.ping_interval),
            ping_timeout: time(options, "pingTimeout", engine.ping_timeout),
            upgrade_timeout: time(options, "upgradeTimeout", engine.upgrade_timeout),
            max_payload: options["maxHttpBufferSize"]
                .as_u64()
                .map_or(engine.max_payload, |most| u32::try_from(most).unwrap_or(u32::MAX)),
            websocket: transports.is_none_or(|all| all.iter().any(|one| one == "websocket")),
            cors: options["cors"].as_str().map(str::to_owned),
            ..engine
        },
        socket_io: Some(socket_io::server::Config {
            namespaces: texts(options, "namespaces").unwrap_or_else(|| vec!["/".into()]),
            connect_timeout: time(options, "connectTimeout", sockets.connect_timeout),
            recovery: recovery.is_object().then(|| {
                let default = socket_io::server::Recovery::default();
                let duration = time(recovery, "maxDisconnectionDuration", default.duration);
                socket_io::server::Recovery { duration, ..default }
            }),
            ..sockets
        }),
        token: None,
        rules: Vec::new(),
    }
}

/// A client that asks over HTTP.
pub(super) fn http() -> Speaks {
    Speaks::Http { host: String::new(), config: http::ClientConfig::default() }
}

/// A client's WebSocket.
pub(super) fn websocket(arguments: Arguments<'_>) -> Option<Speaks> {
    let options: Json = serde_json::from_str(arguments.text(6).unwrap_or("{}")).ok()?;
    let opening = Opening {
        host: arguments.text(3)?.to_owned(),
        target: arguments.text(4)?.to_owned(),
        origin: options["origin"].as_str().map(str::to_owned),
    };
    let config = websocket::Config {
        protocols: arguments.texts(5).map(str::to_owned).collect(),
        deflate: options["perMessageDeflate"]
            .as_bool()
            .unwrap_or_default()
            .then(Parameters::default),
        headers: headers(&options),
        frame_max: 100 << 20,
        message_max: 100 << 20,
        ..websocket::Config::default()
    };
    Some(Speaks::WebSocket { opening, config })
}

/// A client of Socket.IO.
pub(super) fn socket_io(arguments: Arguments<'_>) -> Option<Speaks> {
    let options: Json = serde_json::from_str(arguments.text(4).unwrap_or("{}")).ok()?;
    let (engine, sockets) =
        (engine_io::client::Config::default(), socket_io::client::Config::default());
    let again = reconnect::Config::default();
    let transports = texts(&options, "transports")
        .map(|all| all.iter().filter_map(|name| transport(name)).collect());
    let attempts = options["reconnectionAttempts"].as_u64();
    let jitter = options["randomizationFactor"].as_f64();
    let jitter = jitter.and_then(|part| Value::Number((part * 1e3).round()).natural());
    let reconnection = reconnect::Config {
        delay: time(&options, "reconnectionDelay", again.delay),
        delay_max: time(&options, "reconnectionDelayMax", again.delay_max),
        jitter_permille: jitter.map_or(again.jitter_permille, |part| part.min(1000) as u32),
        attempts_max: attempts.map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
    };
    Some(Speaks::SocketIo {
        host: arguments.text(3)?.to_owned(),
        path: options["path"].as_str().unwrap_or("/socket.io/").to_owned(),
        query: options["query"].as_str().unwrap_or_default().to_owned(),
        headers: headers(&options),
        engine: engine_io::client::Config {
            transports: transports.unwrap_or_else(|| engine.transports.clone()),
            upgrade: options["upgrade"].as_bool().unwrap_or(true),
            ..engine
        },
        config: socket_io::client::Config {
            reconnection: options["reconnection"].as_bool().unwrap_or(true).then_some(reconnection),
            open_timeout: time(&options, "timeout", sockets.open_timeout),
            ..sockets
        },
        namespace: "/".into(),
        auth: None,
    })
}
