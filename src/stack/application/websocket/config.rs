//! What can be set about a connection.

use super::Parameters;
use crate::base::Duration;
use crate::stack::application::http::{Headers, Limits};

/// A connection's settings, for both roles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Octets of payload that a frame of the peer may have.
    pub frame_max: u64,
    /// Octets that a message of the peer may have, after inflating too.
    pub message_max: u64,
    /// Messages are sent in fragments of at most so many octets; `None` sends each as one frame.
    pub fragment_max: Option<usize>,
    /// How long the handshake may take.
    pub handshake_timeout: Duration,
    /// How long the peer may take to answer a Close, and then to close TCP.
    pub close_timeout: Duration,
    /// Ping the peer after so long without a pong; `None` is off.
    pub ping_interval: Option<Duration>,
    /// How long the peer may take to answer such a ping.
    pub pong_timeout: Duration,
    /// Subprotocols that are spoken here: what a client offers, best first, and what a server takes.
    pub protocols: Vec<String>,
    /// Origins that a server takes, as written; empty takes all.
    pub origins: Vec<String>,
    /// Compression: what is offered, or taken when it is offered; `None` is off.
    pub deflate: Option<Parameters>,
    /// Header fields that a client's request has besides those of the handshake.
    pub headers: Headers,
    /// How much of a handshake is taken.
    pub http: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            frame_max: 16 << 20,
            message_max: 64 << 20,
            fragment_max: None,
            handshake_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(10),
            ping_interval: None,
            pong_timeout: Duration::from_secs(20),
            protocols: Vec::new(),
            origins: Vec::new(),
            deflate: None,
            headers: Headers::new(),
            http: Limits::default(),
        }
    }
}

/// What a client asks for when it opens a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// The server's name, with its port if it is not 80: `bob:8080`.
    pub host: String,
    /// Path and query: `/chat`.
    pub target: String,
    /// The web page that asks, if there is one.
    pub origin: Option<String>,
}
