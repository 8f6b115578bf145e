//! Packets of Engine.IO and Socket.IO, taken apart where they lie: in the payload of a WebSocket frame or
//! in the body of an HTTP message. Their octets may be masked on the wire; the fields are those of the
//! text that they carry.

use super::dissection::{FieldView, Section};
use super::values;
use crate::stack::Layer;
use crate::stack::application::{engine_io, socket_io};
use crate::trace::Excerpt;
use std::ops::Range;

/// What joins packets in a body (the protocol's record separator).
const SEPARATOR: u8 = 0x1e;

/// The sections of the packets in `plain`, whose first octet is octet `start` of the frame.
pub(super) fn sections(plain: &[u8], start: usize) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut at = 0;
    for packet in plain.split(|octet| *octet == SEPARATOR) {
        sections.extend(engine(packet, start + at));
        at += packet.len() + 1;
    }
    sections
}

fn field(
    name: &'static str,
    filter: &'static str,
    value: String,
    octets: Range<usize>,
    meaning: &'static str,
) -> FieldView {
    let bits = octets.start * 8..octets.end * 8;
    FieldView { name: name.into(), filter, value, bits, meaning, inferred: false }
}

fn section(
    protocol: &'static str,
    unit: Range<usize>,
    header: usize,
    summary: String,
    fields: Vec<FieldView>,
) -> Section {
    let header = unit.start..unit.start + header;
    Section { layer: Layer::Application, protocol, header, unit, summary, quoted: false, fields }
}

/// An Engine.IO packet: a digit, and what it carries.
fn engine(packet: &[u8], start: usize) -> Vec<Section> {
    let Some(kind) = packet.first().and_then(|digit| {
        engine_io::Kind::ALL.into_iter().find(|kind| b'0' + *kind as u8 == *digit)
    }) else {
        return Vec::new();
    };
    let (rest, end) = (&packet[1..], start + packet.len());
    let digit = char::from(packet[0]);
    let mut fields = vec![field(
        "Type",
        "engineio.type",
        format!("{digit} ({})", kind.name()),
        start..start + 1,
        "What the packet is for: open, close, ping, pong, message, upgrade or noop.",
    )];
    let mut sections = Vec::new();
    if kind == engine_io::Kind::Message {
        sections.extend(socket(rest, start + 1));
    }
    if sections.is_empty() && !rest.is_empty() {
        let value = values::text(rest, Excerpt::MAX);
        let meaning = "What it carries; of an open packet the session's id and its times.";
        fields.push(field("Data", "engineio.data", value, start + 1..end, meaning));
    }
    let summary = format!("{} packet", kind.name());
    sections.insert(0, section("Engine.IO", start..end, 1, summary, fields));
    sections
}

/// A Socket.IO packet: `type [attachments "-"] [namespace ","] [ack id] [JSON]`.
fn socket(packet: &[u8], start: usize) -> Option<Section> {
    let (kind, attached) = socket_io::Kind::of_digit(*packet.first()?)?;
    let end = start + packet.len();
    let mut fields = vec![field(
        "Type",
        "socketio.type",
        format!("{} ({})", char::from(packet[0]), kind.name()),
        start..start + 1,
        "What it is: CONNECT, DISCONNECT, EVENT, ACK or CONNECT_ERROR.",
    )];
    let text = |range: &Range<usize>| String::from_utf8_lossy(&packet[range.clone()]).into_owned();
    let shift = |range: &Range<usize>| range.start + start..range.end + start;
    let mut at = 1;
    let digits = |at: usize| packet[at..].iter().take_while(|c| c.is_ascii_digit()).count();
    if attached {
        let count = at..at + digits(at);
        at = (count.end + 1).min(packet.len());
        let meaning = "How many binary messages follow that belong to it.";
        fields.push(field(
            "Attachments",
            "socketio.attachments",
            text(&count),
            shift(&count),
            meaning,
        ));
    }
    if packet.get(at) == Some(&b'/') {
        let len = packet[at..].iter().position(|c| *c == b',').unwrap_or(packet.len() - at);
        let namespace = at..at + len;
        at = (namespace.end + 1).min(packet.len());
        let meaning = "One of the conversations that share the connection; `/` is left out.";
        let shifted = shift(&namespace);
        fields.push(field("Namespace", "socketio.namespace", text(&namespace), shifted, meaning));
    }
    let id = at..at + digits(at);
    if !id.is_empty() {
        at = id.end;
        let meaning = "The number by which this event is, or was asked to be, acknowledged.";
        fields.push(field("Acknowledgement id", "socketio.id", text(&id), shift(&id), meaning));
    }
    if at < packet.len() {
        let value = values::text(&packet[at..], Excerpt::MAX);
        let meaning = "JSON: the event's name and its arguments, or what the type asks for.";
        fields.push(field("Data", "socketio.data", value, start + at..end, meaning));
    }
    let summary = format!("{} {}", kind.name(), String::from_utf8_lossy(&packet[at..]));
    Some(section("Socket.IO", start..end, at, summary.trim_end().to_owned(), fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let sections = sections(text.as_bytes(), 0);
        let fields = sections.iter().flat_map(|section| &section.fields);
        fields
            .map(|field| {
                let range = field.octets();
                format!("{} {} = {}", field.filter, &text[range], field.value)
            })
            .collect()
    }

    #[test]
    fn every_part_of_a_packet_is_a_field_at_its_octets() {
        assert_eq!(
            told("451-/admin,17[\"save\",{\"_placeholder\":true,\"num\":0}]")[..5],
            [
                "engineio.type 4 = 4 (message)",
                "socketio.type 5 = 5 (EVENT)",
                "socketio.attachments 1 = 1",
                "socketio.namespace /admin = /admin",
                "socketio.id 17 = 17",
            ]
        );
        assert_eq!(
            told("2probe"),
            ["engineio.type 2 = 2 (ping)", "engineio.data probe = \"probe\""]
        );
        assert_eq!(told("40\u{1e}2").len(), 3, "two packets in one body");
        for text in ["", "x", "4", "45", "45-", "4/", "4\u{1e}\u{1e}", "99999"] {
            told(text);
        }
    }
}
