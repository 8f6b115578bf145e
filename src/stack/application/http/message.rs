//! Requests and responses, and the octets that carry them.

use super::{Headers, Status};
use crate::base::Chunk;
use std::fmt;
use std::io::Write as _;

/// A chunk of the chunked coding carries at most so many octets, when we write it.
const CHUNK_MAX: usize = 4096;

/// What a request asks for (RFC 9110 §9). Names are told apart by case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Method {
    /// Show it.
    Get,
    /// As GET, without the body.
    Head,
    /// Take this.
    Post,
    /// Put this in its place.
    Put,
    /// Remove it.
    Delete,
    /// Open a tunnel.
    Connect,
    /// What can be done with it?
    Options,
    /// Send back what arrived.
    Trace,
    /// Change it so (RFC 5789).
    Patch,
    /// A method that is not in the table of RFC 9110.
    Other(String),
}

impl Method {
    /// The method of that name; the caller has checked that it is a token.
    pub fn named(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "DELETE" => Self::Delete,
            "CONNECT" => Self::Connect,
            "OPTIONS" => Self::Options,
            "TRACE" => Self::Trace,
            "PATCH" => Self::Patch,
            other => Self::Other(other.into()),
        }
    }

    /// Its name on the wire.
    pub fn name(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
            Self::Patch => "PATCH",
            Self::Other(name) => name,
        }
    }

    /// Whether a request with this method says how long its body is even if it is empty
    /// (RFC 9110 §8.6).
    const fn states_length(&self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The version of a message (RFC 9112 §2.3). A higher minor one is read as 1.1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Version {
    /// HTTP/1.0: one request a connection, if nothing else is agreed.
    Http10,
    /// HTTP/1.1: the connection stays.
    #[default]
    Http11,
}

impl Version {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
        }
    }

    /// Whether the connection stays open behind a message of this version with these headers
    /// (RFC 9112 §9.3).
    pub(super) fn persists(self, headers: &Headers) -> bool {
        match self {
            _ if headers.has_token("Connection", "close") => false,
            Self::Http11 => true,
            Self::Http10 => headers.has_token("Connection", "keep-alive"),
        }
    }
}

/// A request (RFC 9112 §3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// What is asked for.
    pub method: Method,
    /// Of what: path and query, as written (`/chat?room=1`).
    pub target: String,
    /// In which version.
    pub version: Version,
    /// Its header fields.
    pub headers: Headers,
    /// What comes along.
    pub body: Chunk,
}

impl Request {
    /// A request of HTTP/1.1 without headers and body.
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        let (version, headers, body) = Default::default();
        Self { method, target: target.into(), version, headers, body }
    }

    /// The same with one more header field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn with_body(mut self, body: Chunk) -> Self {
        self.body = body;
        self
    }

    /// The target before its question mark.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |parts| parts.0)
    }

    /// The value of a name in the target's query, as written; empty if it has none.
    pub fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.target.split_once('?')?.1.split('&');
        let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.find(|pair| pair.0 == name).map(|pair| pair.1)
    }

    /// Whether it asks to speak `protocol` from here on (RFC 9110 §7.8).
    pub fn asks_upgrade(&self, protocol: &str) -> bool {
        self.version >= Version::Http11
            && self.headers.has_token("Connection", "upgrade")
            && self.headers.has_token("Upgrade", protocol)
    }

    /// Its octets. A body goes in the chunked coding where the headers say so; otherwise its
    /// length is said in front, if the headers do not already.
    pub fn emit(&self) -> Chunk {
        let mut out = Vec::with_capacity(256 + self.body.len());
        // Writing to a vector cannot fail.
        let _ = write!(out, "{} {} {}\r\n", self.method, self.target, self.version.name());
        let length = !self.body.is_empty() || self.method.states_length();
        emit_rest(&mut out, &self.headers, &self.body, length, true);
        Chunk::from(&out[..])
    }
}

/// A response (RFC 9112 §4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// How it went.
    pub status: Status,
    /// In which version.
    pub version: Version,
    /// Its header fields.
    pub headers: Headers,
    /// What was asked for.
    pub body: Chunk,
}

impl Response {
    /// A response of HTTP/1.1 without headers and body.
    pub fn new(status: Status) -> Self {
        let (version, headers, body) = Default::default();
        Self { status, version, headers, body }
    }

    /// A response whose body is a line of text.
    pub fn text(status: Status, text: &str) -> Self {
        Self::new(status)
            .with("Content-Type", "text/plain; charset=UTF-8")
            .with_body(Chunk::from(text.as_bytes()))
    }

    /// The same with one more header field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push(name, value);
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn with_body(mut self, body: Chunk) -> Self {
        self.body = body;
        self
    }

    /// Its octets, as an answer to HEAD without the body (RFC 9110 §9.3.2). How the body goes is
    /// as for [`Request::emit`]; a status that has none goes without.
    pub fn emit(&self, to_head: bool) -> Chunk {
        let has_body = self.status.has_body();
        self.emit_with(has_body, has_body && !to_head)
    }

    /// The octets of its head, with what its headers say of the body and no more.
    pub(super) fn emit_head(&self) -> Chunk {
        self.emit_with(false, false)
    }

    fn emit_with(&self, length: bool, with_body: bool) -> Chunk {
        let mut out = Vec::with_capacity(256 + self.body.len());
        let (version, status) = (self.version.name(), self.status);
        // Writing to a vector cannot fail.
        let _ = write!(out, "{version} {:03} {}\r\n", status.0, status.reason());
        emit_rest(&mut out, &self.headers, &self.body, length, with_body);
        Chunk::from(&out[..])
    }
}

/// Writes the headers, with the body's length if it is to be said (`length`) and is not, and the
/// body, if it goes along.
fn emit_rest(out: &mut Vec<u8>, headers: &Headers, body: &Chunk, length: bool, with_body: bool) {
    for (name, value) in headers.iter() {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    let chunked = headers.has_token("Transfer-Encoding", "chunked");
    if length && !chunked && headers.get("Content-Length").is_none() {
        let _ = write!(out, "Content-Length: {}\r\n", body.len());
    }
    out.extend_from_slice(b"\r\n");
    match (with_body, chunked) {
        (false, _) => {}
        (true, false) => out.extend_from_slice(body),
        (true, true) => {
            for piece in body.chunks(CHUNK_MAX) {
                emit_chunk(out, piece);
            }
            out.extend_from_slice(LAST_CHUNK);
        }
    }
}

/// The end of a body in the chunked coding: a chunk of nothing, and no trailers.
pub(super) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Writes a chunk of the chunked coding (RFC 9112 §7.1).
pub(super) fn emit_chunk(out: &mut Vec<u8>, octets: &[u8]) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{:x}\r\n", octets.len());
    out.extend_from_slice(octets);
    out.extend_from_slice(b"\r\n");
}
