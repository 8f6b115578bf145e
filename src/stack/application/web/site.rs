//! What a server serves.

use crate::base::Duration;
use crate::stack::application::{http, websocket};

/// A server's settings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Site {
    /// How requests are taken.
    pub http: http::ServerConfig,
    /// What plain requests are answered with; 404 for all others.
    pub routes: Vec<Route>,
    /// Where WebSockets are taken.
    pub endpoints: Vec<Endpoint>,
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
