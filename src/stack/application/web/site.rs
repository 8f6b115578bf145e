//! What a server serves.

use crate::base::Duration;
use crate::stack::application::{engine_io, http, socket_io, websocket};

/// A server's settings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Site {
    /// How requests are taken.
    pub http: http::ServerConfig,
    /// What plain requests are answered with; 404 for all others.
    pub routes: Vec<Route>,
    /// Where WebSockets are taken.
    pub endpoints: Vec<Endpoint>,
    /// Engine.IO and Socket.IO.
    pub gathering: Option<Gathering>,
}

/// Where Engine.IO sessions are taken, and what becomes of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gathering {
    /// The path: `/socket.io/`.
    pub path: String,
    /// How sessions are kept.
    pub engine: engine_io::server::Config,
    /// How Socket.IO is spoken over them; `None` sends each message back as it came.
    pub socket_io: Option<socket_io::server::Config>,
    /// Only clients whose `auth` has this `token` are let in; `None` lets in all.
    pub token: Option<String>,
    /// What is done with events.
    pub rules: Vec<Rule>,
}

/// What is done with an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The event's name; `connection` when somebody comes, `*` for every event.
    pub event: String,
    /// What is done.
    pub reaction: Reaction,
    /// The name of the event that is sent; `None` for the same.
    pub emit: Option<String>,
    /// Its arguments, or those of the acknowledgement; `None` for the same.
    pub with: Option<Vec<serde_json::Value>>,
    /// The room that is meant; `None` for the one that the first argument names.
    pub room: Option<String>,
    /// It may be lost where it cannot go at once.
    pub volatile: bool,
}

/// What is done with an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reaction {
    /// Its sender gets an event.
    Reply,
    /// Everybody in the namespace gets one.
    All,
    /// Everybody but its sender.
    Others,
    /// Everybody in a room.
    Room,
    /// Its sender comes into a room.
    Join,
    /// Its sender leaves a room.
    Leave,
    /// It is acknowledged.
    Acknowledge,
    /// Its sender is sent out of the namespace.
    Disconnect,
}

/// What a request for a path is answered with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The path: `/`.
    pub path: String,
    /// The status.
    pub status: http::Status,
    /// The `Content-Type`.
    pub content_type: String,
    /// The body; `None` sends the request's back.
    pub body: Option<String>,
}

/// Where WebSockets are taken, and what becomes of their messages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// The path: `/chat`; `*` for any that has no endpoint of its own.
    pub path: String,
    /// How connections are kept.
    pub config: websocket::Config,
    /// What is done with a message.
    pub manner: Manner,
    /// What is sent unasked.
    pub push: Option<Push>,
}

/// What is done with a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Manner {
    /// It goes back to its sender.
    #[default]
    Echo,
    /// It goes to everybody at the endpoint, its sender too.
    Broadcast,
    /// Nothing.
    Listen,
}

/// Messages that nobody asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Push {
    /// The message, followed by its number.
    pub text: String,
    /// The time between two.
    pub every: Duration,
    /// How many there are.
    pub times: u32,
}

impl Site {
    /// The endpoint for a path.
    pub(super) fn endpoint(&self, path: &str) -> Option<usize> {
        let exact = self.endpoints.iter().position(|endpoint| endpoint.path == path);
        exact.or_else(|| self.endpoints.iter().position(|endpoint| endpoint.path == "*"))
    }

    /// The answer to a plain request.
    pub(super) fn answer(&self, request: &http::Request) -> http::Response {
        let Some(route) = self.routes.iter().find(|route| route.path == request.path()) else {
            return http::Response::text(http::Status::NOT_FOUND, "there is nothing here\n");
        };
        let body = match &route.body {
            Some(text) => crate::base::Chunk::from(text.as_bytes()),
            None => request.body.clone(),
        };
        http::Response::new(route.status).with("Content-Type", &route.content_type).with_body(body)
    }
}
