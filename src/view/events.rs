//! Records as lines: for reading, and as JSON for programs.

use super::code::Ran;
use super::{Ladder, Told, words};
use crate::stack::application::web;
use crate::trace::filter::frame_of;
use crate::trace::{Fact, Record, Trace, WebNote};
use serde_json::{Map, Value, json};
use std::fmt::{self, Write as _};

/// A record as a line: `   40.128 ms  server  4 transport  LISTEN → SYN-RECEIVED: …`. That a line
/// of a program runs has none of its own: what the line does begins with it,
/// `client.js:12  socket.emit("chat", "hi")`.
pub fn line(ladder: &Ladder, trace: &Trace, number: usize, friend: bool) -> Option<String> {
    let record = trace.records().get(number)?;
    if Ran::of(&record).is_some() {
        return None;
    }
    let told = ladder.tell(trace, number)?;
    let node = trace.legend().name(record.node);
    let layer = record.layer;
    Some(format!(
        "{:>12} {:>6} {node:<12} {} {layer:<12} {}",
        record.at.to_string(),
        record.step,
        layer.number(),
        told.voice(friend)
    ))
}

/// A record as a JSON object. The keys are the same for every record, and `null` where a key says
/// nothing; times are nanoseconds, octets hexadecimal digits. Every record has an object, so that
/// their numbers have no gaps. `place` is the line of a program in JavaScript that does what the object
/// tells of: `{"file": "client.js", "line": 12, "column": 10}`. That it runs (`"runs"`) is the object
/// before, with the same place.
pub fn json(ladder: &Ladder, trace: &Trace, number: usize) -> Option<Value> {
    let Told { text, friend, source } = ladder.tell(trace, number)?;
    let record = trace.records().get(number)?;
    let (fact, detail) = fact(&record);
    let ran = Ran::of(&record).or_else(|| Ran::before(trace, number));
    let place = ran
        .map(|ran| json!({ "file": ran.file(trace), "line": ran.spot.line, "column": ran.column }));
    Some(json!({
        "record": number,
        "step": record.step,
        "time": record.at.0,
        "node": trace.legend().name(record.node),
        "layer": record.layer.number(),
        "layer_name": record.layer.name(),
        "fact": fact,
        "kind": detail,
        "text": text,
        "friend": friend,
        "source": source,
        "frame": frame(trace, &record),
        "connection": connection(&record.fact),
        "place": place,
    }))
}

/// The protocol (or room) that says it, and the name of what it says.
fn fact(record: &Record) -> (&'static str, String) {
    match &record.fact {
        Fact::Started => ("run", "started".into()),
        Fact::Ended => ("run", "ended".into()),
        Fact::FrameSent { .. } => ("frame", "sent".into()),
        Fact::FrameDuplicated { .. } => ("frame", "duplicated".into()),
        Fact::FrameArrived { .. } => ("frame", "arrived".into()),
        Fact::FrameLost { .. } => ("frame", "lost".into()),
        Fact::Malformed { .. } => ("frame", "malformed".into()),
        Fact::Ethernet(note) => ("ethernet", kind(note)),
        Fact::Arp(note) => ("arp", kind(note)),
        Fact::Bridge(note) => ("bridge", kind(note)),
        Fact::Ip(note) => ("ip", kind(note)),
        Fact::Icmp(note) => ("icmp", kind(note)),
        Fact::Udp { note, .. } => ("udp", kind(note)),
        Fact::Tcp { note, .. } => ("tcp", kind(note)),
        Fact::Program { note, .. } => ("program", kind(note)),
        Fact::Web { note, .. } => match note {
            WebNote::Unit(unit, _) => {
                (protocol(unit.protocol), if unit.sent { "sent" } else { "received" }.into())
            }
            WebNote::Http(note) => ("http", kind(note)),
            WebNote::WebSocket(note) => ("websocket", kind(note)),
            WebNote::EngineIo(note) => ("engine.io", kind(note)),
            WebNote::SocketIo(note) => ("socket.io", kind(note)),
        },
        Fact::LinkChanged { up, .. } => ("link", if *up { "up" } else { "down" }.into()),
        Fact::LimitReached(limit) => ("limit", kind(limit)),
    }
}

const fn protocol(protocol: web::Protocol) -> &'static str {
    match protocol {
        web::Protocol::Http => "http",
        web::Protocol::WebSocket => "websocket",
        web::Protocol::EngineIo => "engine.io",
        web::Protocol::SocketIo => "socket.io",
    }
}

/// A variant's name in small letters with underscores: `fast_retransmit`.
fn kind(note: &impl fmt::Debug) -> String {
    let debug = format!("{note:?}");
    let name = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn frame(trace: &Trace, record: &Record) -> Value {
    let Some(frame) = frame_of(&record.fact) else { return Value::Null };
    let octets = trace.frame(frame);
    let summary = words::summary(&octets);
    let mut out = Map::new();
    out.insert("number".into(), json!(frame.0));
    out.insert("name".into(), json!(summary.name));
    out.insert("protocol".into(), json!(summary.protocol.filter()));
    out.insert("words".into(), json!(summary.words));
    let info = trace.frame_info(frame);
    let legend = trace.legend();
    let to = info.and_then(|info| legend.peer(info.from, info.interface));
    let link = info.and_then(|info| legend.links.get(info.link.index()));
    out.insert("from".into(), json!(info.map(|info| legend.name(info.from))));
    out.insert("to".into(), json!(to.map(|(node, _)| legend.name(node))));
    out.insert("link".into(), json!(link.map(|link| &link.name)));
    out.insert("parent".into(), json!(info.and_then(|info| info.parent).map(|frame| frame.0)));
    let (starts, arrives) = match record.fact {
        Fact::FrameSent { starts, arrives, .. } | Fact::FrameDuplicated { starts, arrives, .. } => {
            (Some(starts.0), Some(arrives.0))
        }
        _ => (None, None),
    };
    out.insert("starts".into(), json!(starts));
    out.insert("arrives".into(), json!(arrives));
    let lost = match record.fact {
        Fact::FrameLost { reason, .. } => Some(super::story::reason_words(reason)),
        _ => None,
    };
    out.insert("lost".into(), json!(lost));
    let hex = octets.iter().fold(String::new(), |mut hex, octet| {
        write!(hex, "{octet:02x}").expect("writing to a string does not fail");
        hex
    });
    out.insert("octets".into(), json!(hex));
    Value::Object(out)
}

fn connection(fact: &Fact) -> Value {
    match fact {
        Fact::Tcp { local, remote, socket, .. } => json!({
            "local": local.to_string(),
            "remote": remote.to_string(),
            "socket": socket.map(|socket| socket.0),
        }),
        _ => Value::Null,
    }
}
