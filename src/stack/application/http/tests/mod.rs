//! The rows of RFC 9112 and RFC 9110 that this protocol promises, from octets.

mod answer;
mod client;
mod laws;
mod reading;
mod server;

use super::*;
use crate::base::{Chunk, Duration, Instant};
use crate::stack::Machine;

const NOW: Instant = Instant::ZERO;
const GET: &str = "GET / HTTP/1.1\r\nHost: b\r\n\r\n";
const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

fn chunk(octets: impl AsRef<[u8]>) -> Chunk {
    Chunk::from(octets.as_ref())
}
