//! HTTP/1.1: a request, an answer, and the same connection again (RFC 9110, RFC 9112).
//!
//! Read [`message`] for what is said, [`reader`] for how octets become that again, [`state`] for
//! the two diagrams, then [`ServerConnection`] and [`ClientConnection`], the machines.
//!
//! | file | what | RFC |
//! |---|---|---|
//! | `status`, `headers`, `message` | request and response, and their octets | 9110 §6, §9, §15; 9112 §2–4, §6 |
//! | `limits`, `fault` | how much is taken, what is refused and with which status | 9112 §3, §11 |
//! | `head`, `reader`, `gather` | the parser: octets cut anywhere | 9112 §2–7 |
//! | `state`, `server`, `answer`, `client` | the diagrams and the two machines | 9112 §7, §9; 9110 §7.8 |
//! | `note` | what is worth telling | |
//! | `describe` | a head taken apart for the eye | |
//!
//! Lines end with CRLF; a bare LF or CR is refused. RFC 9112 §2.2 allows to take a bare LF for the
//! end of a line, but two readers on one way that disagree about it can be made to see different
//! requests (§11.2), and no client of today sends one.
//!
//! Left out, and what a student would notice: no `Date` (a run has no calendar), no CONNECT
//! tunnels, no transfer coding but chunked, no proxies, no ranges, no caches. Trailers and chunk
//! extensions are read and dropped. The client has one request on its way at a time.

mod answer;
mod client;
mod describe;
mod fault;
mod gather;
mod head;
mod headers;
mod limits;
pub mod message;
mod note;
pub mod reader;
mod server;
pub mod state;
mod status;
#[cfg(test)]
mod tests;

pub use client::{ClientConfig, ClientConnection, ClientInput, ClientOutput, Failure};
pub use describe::{Described, describe};
pub use fault::Fault;
pub(super) use gather::Gather;
pub use headers::Headers;
pub use limits::Limits;
pub use message::{Method, Request, Response, Version};
pub use note::Note;
pub use reader::{Part, Reader};
pub use server::{ServerConfig, ServerConnection, ServerInput, ServerOutput};
pub use state::{ClientState, ServerState, Trigger};
pub use status::Status;
