//! What the protocols of layer 7 say.

use super::{Told, noted};
use crate::stack::application::web::{Protocol, Unit};
use crate::stack::application::websocket;
use crate::trace::{Trace, WebNote};
use crate::view::values;

/// Tells a note.
pub(super) fn told(trace: &Trace, note: &WebNote) -> Told {
    let mut told = match note {
        WebNote::Unit(unit, excerpt) => return unit_told(*unit, trace.excerpt(*excerpt)),
        WebNote::Http(note) => noted(note),
        WebNote::WebSocket(note) => noted(note),
        WebNote::EngineIo(note) => noted(note),
        WebNote::SocketIo(note) => noted(note),
    };
    // Four machines may change their states at one moment: whose is said first.
    told.text = format!("{}: {}", note.protocol().name(), told.text);
    told
}

fn unit_told(unit: Unit, octets: &[u8]) -> Told {
    let (name, kind) = (unit.protocol.name(), unit.protocol.unit());
    let what = match unit.protocol {
        Protocol::Http => first_line(octets),
        Protocol::WebSocket => frame(octets),
        Protocol::EngineIo | Protocol::SocketIo => {
            if octets.is_empty() {
                String::new()
            } else {
                format!(": {}", values::text(octets, 64))
            }
        }
    };
    let verb = if unit.sent { "sends" } else { "has" };
    let octets = unit.octets;
    let text = format!("{name} {verb} a {kind} of {octets} octets{what}");
    let friend = if unit.sent {
        format!("{name} wraps it up: {octets} octets.")
    } else {
        format!("{name} has all {octets} octets of it and unwraps them.")
    };
    let source = match unit.protocol {
        Protocol::Http => "RFC 9112 §2.1",
        Protocol::WebSocket => "RFC 6455 §5.2",
        Protocol::EngineIo => "Engine.IO protocol v4",
        Protocol::SocketIo => "Socket.IO protocol v5",
    };
    Told::new(text, Some(friend), source)
}

fn first_line(octets: &[u8]) -> String {
    let end = octets.iter().position(|octet| *octet == b'\r').unwrap_or(octets.len());
    if end == 0 { String::new() } else { format!(": {}", String::from_utf8_lossy(&octets[..end])) }
}

fn frame(octets: &[u8]) -> String {
    match websocket::Header::parse(octets) {
        Ok(Some((header, _))) => format!(": {}", header.opcode),
        Ok(None) | Err(_) => String::new(),
    }
}
