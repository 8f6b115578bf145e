//! What a client does, step by step.

use crate::base::{Chunk, Duration};
use crate::stack::application::http::{self, Request};
use crate::stack::application::websocket::{self, Indication, Opening};
use crate::stack::application::{Message, engine_io, socket_io};
use serde_json::Value;

/// A client's settings: to whom it speaks, and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// Which protocol.
    pub speaks: Speaks,
    /// What it does, one thing after the other.
    pub steps: Vec<Step>,
}

/// Which protocol a client speaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Speaks {
    /// HTTP. Its steps begin at once.
    Http {
        /// The server's name, for `Host`.
        host: String,
        /// How responses are taken.
        config: http::ClientConfig,
    },
    /// Socket.IO. Its steps begin when it is in its namespace for the first time.
    SocketIo {
        /// The server's name, for `Host`.
        host: String,
        /// The path: `/socket.io/`.
        path: String,
        /// What the program adds to the query of each request; may be empty.
        query: String,
        /// Header fields that each request has besides those of its protocol.
        headers: http::Headers,
        /// How the session is had.
        engine: engine_io::client::Config,
        /// How the client keeps it.
        config: socket_io::client::Config,
        /// The namespace that it joins: `/`.
        namespace: String,
        /// What it says of itself there.
        auth: Option<Value>,
    },
    /// WebSocket. Its steps begin when it is open.
    WebSocket {
        /// What it asks for.
        opening: Opening,
        /// How the connection is kept.
        config: websocket::Config,
    },
}

impl Speaks {
    /// What a scenario file calls such a client.
    pub const fn client(&self) -> &'static str {
        match self {
            Self::Http { .. } => "http_client",
            Self::SocketIo { .. } => "socket_io_client",
            Self::WebSocket { .. } => "websocket_client",
        }
    }
}

/// One thing that a client does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// How long after the one before, or after the beginning.
    pub after: Duration,
    /// What.
    pub action: Action,
}

/// What a client does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// HTTP: asks, and goes on when the answer is there.
    Request(Request),
    /// WebSocket: sends a message.
    Send(Message),
    /// WebSocket: sends a part of a message.
    Part {
        /// The message is text.
        text: bool,
        /// The part.
        octets: Chunk,
        /// The message ends with it.
        last: bool,
    },
    /// WebSocket: sends a ping.
    Ping(Chunk),
    /// Socket.IO: sends an event.
    Emit {
        /// In which namespace; `None` for the one that it joined first.
        namespace: Option<String>,
        /// The event's name.
        event: String,
        /// Its arguments.
        arguments: Vec<Value>,
        /// Octets that follow them.
        octets: Vec<Chunk>,
        /// Whether it is to be acknowledged, and how long that may take.
        ack: Option<Option<Duration>>,
        /// It may be lost if it cannot go at once.
        volatile: bool,
    },
    /// Socket.IO: joins a namespace.
    Join {
        /// Which.
        namespace: String,
        /// What it says of itself there.
        auth: Option<Value>,
    },
    /// Socket.IO: leaves a namespace.
    Leave {
        /// Which; `None` for the one that it joined first.
        namespace: Option<String>,
    },
    /// WebSocket: closes.
    Close {
        /// Why, as a number.
        code: Option<u16>,
        /// Why, in words.
        reason: String,
    },
}

/// The call that sends a message, as a program writes it.
pub(super) fn call_of(message: &Message) -> String {
    format!("send({})", value_of(message))
}

fn value_of(message: &Message) -> String {
    match message.as_text() {
        Some(text) => format!("{text:?}"),
        None => format!("{} octets", message.octets().len()),
    }
}

/// What a program's handler is told, as a program has it; `None` of what is no event to a program.
pub(super) fn words_of(indication: &Indication) -> Option<String> {
    Some(match indication {
        Indication::Opened { protocol: None, .. } => "on open".into(),
        Indication::Opened { protocol: Some(protocol), .. } => format!("on open ({protocol})"),
        Indication::Refused(why) => format!("on error: {why}"),
        Indication::Message(message) => format!("on message {}", value_of(message)),
        Indication::Pong(_) => "on pong".into(),
        Indication::Failed(why) => format!("on error: {why}"),
        Indication::Closed { code, reason, .. } if reason.is_empty() => format!("on close {code}"),
        Indication::Closed { code, reason, .. } => format!("on close {code} {reason:?}"),
        Indication::Ping(_) | Indication::Closing { .. } | Indication::Misuse(_) => return None,
    })
}

impl Action {
    /// The call, as a program writes it.
    pub(super) fn call(&self) -> String {
        match self {
            Self::Request(request) => format!("fetch {} {}", request.method, request.target),
            Self::Send(message) => call_of(message),
            Self::Part { octets, last, .. } => {
                let end = if *last { ", the last" } else { "" };
                format!("send a part of {} octets{end}", octets.len())
            }
            Self::Ping(octets) => format!("ping({} octets)", octets.len()),
            Self::Emit { event, arguments, ack, volatile, .. } => {
                let volatile = if *volatile { "volatile." } else { "" };
                let mut words = format!("socket.{volatile}emit({event:?}");
                if !arguments.is_empty() {
                    words.push_str(", ");
                    words.push_str(&super::rules::words_of(arguments));
                }
                words.push_str(if ack.is_some() { ", callback)" } else { ")" });
                words
            }
            Self::Join { namespace, .. } => format!("io({namespace:?})"),
            Self::Leave { .. } => "socket.disconnect()".into(),
            Self::Close { code: None, .. } => "close()".into(),
            Self::Close { code: Some(code), reason } if reason.is_empty() => {
                format!("close({code})")
            }
            Self::Close { code: Some(code), reason } => format!("close({code}, {reason:?})"),
        }
    }
}
