//! What a segment carries of layer 7, taken apart: heads of HTTP line by line, frames of WebSocket
//! field by field, their payload as it is on the wire and as it is read.

use super::dissection::{FieldView, Section};
use super::ladder::Carried;
use super::packets;
use super::values;
use crate::stack::Layer;
use crate::stack::application::web::Protocol;
use crate::stack::application::{http, websocket};
use crate::trace::{Excerpt, Fact, Record, Trace, WebNote};
use std::ops::Range;

/// The sections of what lies in `payload` of the frame; empty if nothing is known of it.
pub(super) fn sections(
    trace: &Trace,
    frame: &[u8],
    payload: &Range<usize>,
    units: &[Carried],
) -> Vec<Section> {
    let all = units.iter().flat_map(|unit| {
        let mut sections = vec![section(trace, frame, payload, unit)];
        sections.extend(session(trace, frame, payload, unit));
        sections
    });
    all.collect()
}

/// The packets of Engine.IO and Socket.IO in a unit, if its sender said that it made it of such.
fn session(trace: &Trace, frame: &[u8], payload: &Range<usize>, carried: &Carried) -> Vec<Section> {
    let is_whole = carried.here.1 - carried.here.0 == carried.unit.octets as usize;
    let Some(sent) = trace.records().get(carried.record as usize).filter(|_| is_whole) else {
        return Vec::new();
    };
    let first =
        trace.records_of_step(sent.step).start.max((carried.record as usize).saturating_sub(LOOK));
    let before = trace.records().slice(first..carried.record as usize);
    let is_packet = |record: &Record| match record.fact {
        Fact::Web { note: WebNote::Unit(unit, _), .. } => {
            unit.sent && unit.protocol == Protocol::EngineIo && record.node == sent.node
        }
        _ => false,
    };
    if !before.iter().any(|record| is_packet(&record)) {
        return Vec::new();
    }
    let start = payload.start + carried.here.0;
    let octets = frame.get(start..payload.start + carried.here.1).unwrap_or(&[]);
    if carried.unit.protocol != Protocol::WebSocket {
        let body = octets.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4);
        return body.map_or_else(Vec::new, |body| packets::sections(&octets[body..], start + body));
    }
    let Ok(Some((header, len))) = websocket::Header::parse(octets) else { return Vec::new() };
    if header.opcode != websocket::Opcode::Text || header.rsv != 0 {
        return Vec::new();
    }
    let mut plain = octets.get(len..).unwrap_or(&[]).to_vec();
    if let Some(key) = header.mask {
        websocket::frame::mask(&mut plain, key, 0);
    }
    packets::sections(&plain, start + len)
}

/// So many records before that of a unit may be those of the packet in it.
const LOOK: usize = 8;

fn section(trace: &Trace, frame: &[u8], payload: &Range<usize>, carried: &Carried) -> Section {
    let range = payload.start + carried.here.0..payload.start + carried.here.1;
    let octets = frame.get(range.clone()).unwrap_or(&[]);
    let (protocol, mut fields) = match carried.unit.protocol {
        Protocol::WebSocket => ("WebSocket", Vec::new()),
        _ => ("HTTP", Vec::new()),
    };
    let mut header = range.clone();
    if carried.begins_here {
        (header, fields) = match carried.unit.protocol {
            Protocol::WebSocket => websocket_fields(octets, range.start),
            _ => http_fields(octets, range.start),
        };
    } else {
        fields.push(rest(octets, &range, "What began in an earlier segment goes on."));
    }
    let going_on = if carried.begins_here { "" } else { "goes on: " };
    let whole = octets.len() as u32 == carried.unit.octets;
    let part = if whole {
        String::new()
    } else {
        let of = carried.unit.octets;
        format!(" ({} of {of} octets here)", octets.len())
    };
    Section {
        layer: Layer::Application,
        protocol,
        header,
        unit: range,
        summary: format!("{going_on}{}{part}", carried.words(trace)),
        quoted: false,
        fields,
    }
}

fn rest(octets: &[u8], range: &Range<usize>, meaning: &'static str) -> FieldView {
    FieldView {
        name: "Data".into(),
        filter: "data",
        value: values::text(octets, Excerpt::MAX),
        bits: range.start * 8..range.end * 8,
        meaning,
        inferred: false,
    }
}

fn http_fields(octets: &[u8], start: usize) -> (Range<usize>, Vec<FieldView>) {
    let parts = http::describe(octets);
    let head = parts.last().map_or(0, |part| part.octets.end);
    let mut fields: Vec<FieldView> = parts
        .into_iter()
        .map(|part| FieldView {
            name: part.name.to_owned().into(),
            filter: "http",
            value: value_of(part.name, octets.get(part.octets.clone()).unwrap_or(&[])),
            bits: (start + part.octets.start) * 8..(start + part.octets.end) * 8,
            meaning: part.meaning,
            inferred: false,
        })
        .collect();
    // The blank line ends the head.
    let body = octets.windows(4).position(|end| end == b"\r\n\r\n").map_or(head, |at| at + 4);
    if body < octets.len() {
        let range = start + body..start + octets.len();
        let mut field = rest(&octets[body..], &range, "The body: what the message is about.");
        field.name = "Body".into();
        fields.push(field);
    }
    (start..start + body.min(octets.len()), fields)
}

/// What stands in a line behind the field's name.
fn value_of(name: &str, line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let value = text.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')).unwrap_or(&text);
    value.trim().to_owned()
}

fn websocket_fields(octets: &[u8], start: usize) -> (Range<usize>, Vec<FieldView>) {
    let mut fields: Vec<FieldView> = websocket::fields_of(octets)
        .iter()
        .filter_map(|field| {
            let raw = field.read(octets)?;
            let first = start * 8 + usize::from(field.bit);
            Some(FieldView {
                name: field.name.into(),
                filter: field.filter,
                value: websocket_value(field.filter, raw),
                bits: first..first + usize::from(field.bits),
                meaning: field.meaning,
                inferred: false,
            })
        })
        .collect();
    let Ok(Some((header, len))) = websocket::Header::parse(octets) else {
        return (start..start + octets.len(), fields);
    };
    let payload = octets.get(len..).unwrap_or(&[]);
    if !payload.is_empty() {
        let range = start + len..start + octets.len();
        let (name, meaning) = if header.mask.is_some() {
            ("Masked payload", "The payload as it is on the wire, mixed with the key.")
        } else {
            ("Payload", "What the message says.")
        };
        let mut field = rest(payload, &range, meaning);
        (field.name, field.filter) = (name.into(), "websocket.payload");
        fields.push(field);
        if let Some(key) = header.mask {
            let mut plain = payload.to_vec();
            websocket::frame::mask(&mut plain, key, 0);
            fields.push(FieldView {
                name: "Payload".into(),
                filter: "websocket.payload",
                value: values::text(&plain, Excerpt::MAX),
                bits: range.start * 8..range.start * 8,
                meaning: "What it says once the key is taken off again.",
                inferred: true,
            });
        }
    }
    (start..start + len, fields)
}

fn websocket_value(filter: &str, raw: u64) -> String {
    match filter {
        "websocket.opcode" => format!("{raw} ({})", websocket::Opcode::from_bits(raw as u8)),
        "websocket.fin" | "websocket.mask" => if raw == 1 { "set" } else { "not set" }.into(),
        "websocket.masking_key" => format!("0x{raw:08x}"),
        "websocket.payload_length" if raw == 126 => "126 (16 bits follow)".into(),
        "websocket.payload_length" if raw == 127 => "127 (64 bits follow)".into(),
        _ => raw.to_string(),
    }
}
