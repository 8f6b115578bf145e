//! What the protocols of layer 7 lie where in the streams of TCP: which message or frame a segment
//! carries a part of.
//!
//! The sender says of each unit where in its stream it begins and how long it is; a segment says by
//! its sequence number which part of the stream it carries.

use super::index::{End4, Ladder, Stream};
use crate::base::octets::u32_at;
use crate::base::{FrameId, NodeId, SocketId};
use crate::stack::Layer;
use crate::stack::application::web::{Protocol as WebProtocol, Unit};
use crate::stack::application::websocket;
use crate::stack::transport::Endpoint;
use crate::trace::{Excerpt, Fact, Protocol, Record, Trace, WebNote};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// The units of all streams.
#[derive(Clone, Debug, Default)]
pub(super) struct Units {
    /// The stream that a socket sends, from the record on that said so: a number is used again.
    sockets: BTreeMap<(NodeId, SocketId), Vec<(u32, Stream)>>,
    /// What was sent, in the order of the stream, by the record that said so.
    sent: BTreeMap<Stream, Vec<Sent>>,
}

/// A unit that was sent.
#[derive(Clone, Copy, Debug)]
struct Sent {
    record: u32,
    unit: Unit,
    excerpt: Excerpt,
}

/// A unit of which a segment carries at least a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carried {
    /// The record that says that it was sent.
    pub record: u32,
    /// The unit.
    pub unit: Unit,
    /// Its first octets, as they are on the wire.
    pub excerpt: Excerpt,
    /// Which octets of the segment's payload it has.
    pub here: (usize, usize),
    /// Whether its first octet is among them.
    pub begins_here: bool,
}

impl Units {
    pub(super) fn take(&mut self, number: u32, record: &Record) {
        let end = |end: Endpoint| -> End4 { (end.address.to_bits(), end.port) };
        match record.fact {
            Fact::Tcp { socket: Some(socket), local, remote, .. } => {
                let stream = (end(local), end(remote));
                let known = self.sockets.entry((record.node, socket)).or_default();
                if known.last().is_none_or(|last| last.1 != stream) {
                    known.push((number, stream));
                }
            }
            Fact::Web { socket: Some(socket), note: WebNote::Unit(unit, excerpt), .. }
                if unit.sent
                    && matches!(unit.protocol, WebProtocol::Http | WebProtocol::WebSocket) =>
            {
                if let Some(stream) = self.stream_of(record.node, socket, number) {
                    let sent = Sent { record: number, unit, excerpt };
                    self.sent.entry(stream).or_default().push(sent);
                }
            }
            _ => {}
        }
    }

    /// The stream that a socket sends at the time of a record.
    fn stream_of(&self, node: NodeId, socket: SocketId, record: u32) -> Option<Stream> {
        let known = self.sockets.get(&(node, socket))?;
        let place = known.partition_point(|known| known.0 <= record).checked_sub(1)?;
        Some(known[place].1)
    }

    pub(super) fn truncate(&mut self, record: u32) {
        self.sockets.retain(|_, known| {
            known.truncate(known.partition_point(|known| known.0 < record));
            !known.is_empty()
        });
        self.sent.retain(|_, sent| {
            sent.truncate(sent.partition_point(|sent| sent.record < record));
            !sent.is_empty()
        });
    }

    fn within(&self, stream: Stream, records: Range<u32>, part: Range<u32>) -> Vec<Carried> {
        let Some(sent) = self.sent.get(&stream) else { return Vec::new() };
        let from = sent.partition_point(|sent| sent.record < records.start);
        let to = sent.partition_point(|sent| sent.record < records.end);
        let sent = &sent[from..to];
        // Within one connection the units lie one behind the other.
        let first = sent.partition_point(|sent| sent.unit.place + sent.unit.octets <= part.start);
        let overlaps = |sent: &&Sent| sent.unit.place < part.end;
        let carried = |sent: &Sent| Carried {
            record: sent.record,
            unit: sent.unit,
            excerpt: sent.excerpt,
            here: (
                sent.unit.place.saturating_sub(part.start) as usize,
                (sent.unit.place + sent.unit.octets).min(part.end).saturating_sub(part.start)
                    as usize,
            ),
            begins_here: sent.unit.place >= part.start,
        };
        sent[first..].iter().take_while(overlaps).map(carried).collect()
    }
}

impl Ladder {
    /// The messages and frames of layer 7 of which a TCP segment carries a part.
    pub fn units(&self, trace: &Trace, frame: FrameId) -> Vec<Carried> {
        let found = || {
            let record = trace.frame_info(frame)?.record;
            let (octets, headers) = (trace.frame_head(frame), trace.headers(frame));
            let stream = super::choose::stream(octets, &headers)?;
            let seq = u32_at(headers.find(Protocol::Tcp)?.header(octets), 4);
            let len = headers.payload().len() as u32;
            let (records, isn) = self.epoch(stream, record)?;
            let start = seq.wrapping_sub(isn.wrapping_add(1));
            Some(self.units.within(stream, records, start..start.wrapping_add(len)))
        };
        found().filter(|_| !trace.headers(frame).payload().is_empty()).unwrap_or_default()
    }

    /// The record by which the connection that a segment is of was first told of by its sender.
    pub(in crate::view) fn opened(&self, trace: &Trace, frame: FrameId) -> Option<u32> {
        let info = trace.frame_info(frame)?;
        let stream = super::choose::stream(trace.frame_head(frame), &trace.headers(frame))?;
        let all = (info.from, SocketId(0))..=(info.from, SocketId(u32::MAX));
        let known = self.units.sockets.range(all).flat_map(|(_, known)| known);
        let of_stream = known.filter(|known| known.1 == stream && known.0 <= info.record);
        of_stream.map(|known| known.0).max()
    }

    /// The stream that a socket sends at the time of a record.
    pub(in crate::view) fn stream_of(
        &self,
        node: NodeId,
        socket: SocketId,
        record: u32,
    ) -> Option<Stream> {
        self.units.stream_of(node, socket, record)
    }

    /// The segments that carry a part of a unit, sent between two records; of each the frame by
    /// which its journey began.
    pub(in crate::view) fn segments(
        &self,
        trace: &Trace,
        from: u32,
        until: u32,
        stream: Stream,
        unit: Unit,
    ) -> Vec<FrameId> {
        let (start, octets) = (unit.place, unit.octets);
        let carries = |frame: FrameId| {
            let carried = self.units(trace, frame);
            carried.iter().any(|other| other.unit.place == start && other.unit.octets == octets)
        };
        let is_of_stream = |frame: FrameId| {
            let (octets, headers) = (trace.frame_head(frame), trace.headers(frame));
            super::choose::stream(octets, &headers) == Some(stream)
        };
        let place = |record: u32| self.rows.partition_point(|row| row.record < record);
        let rows = self.rows[place(from)..place(until)].iter();
        let frames = rows.map(|row| FrameId(row.frame));
        let is_first =
            |frame: &FrameId| trace.frame_info(*frame).is_some_and(|info| info.parent.is_none());
        frames.filter(is_first).filter(|frame| is_of_stream(*frame) && carries(*frame)).collect()
    }
}

impl Carried {
    /// A few words for an arrow: `GET /chat`, `200 OK`, `WS Text`.
    pub fn name(&self, trace: &Trace) -> String {
        let octets = trace.excerpt(self.excerpt);
        let name = match self.unit.protocol {
            WebProtocol::WebSocket => match websocket::Header::parse(octets) {
                Ok(Some((header, _))) => format!("WS {}", header.opcode),
                Ok(None) | Err(_) => "WS".into(),
            },
            _ => http_name(octets),
        };
        if self.begins_here { name } else { format!("…{name}") }
    }

    /// What layers 5 and 6 do for it, in a few words each: a heartbeat keeps the conversation, a
    /// mask or compression changes the form of the data.
    pub fn duties(&self, trace: &Trace) -> Vec<(Layer, String)> {
        let octets = trace.excerpt(self.excerpt);
        let mut duties = Vec::new();
        if self.unit.protocol != WebProtocol::WebSocket || !self.begins_here {
            return duties;
        }
        let Ok(Some((header, len))) = websocket::Header::parse(octets) else { return duties };
        if let Some(key) = header.mask {
            let key = u32::from_be_bytes(key);
            duties.push((Layer::Presentation, format!("the payload is masked with {key:08x}")));
        }
        if header.rsv & 4 != 0 {
            duties.push((Layer::Presentation, "the message is compressed".into()));
        }
        // Engine.IO's own heartbeat is a text of one digit.
        let mut beat = octets.get(len..).unwrap_or_default().to_vec();
        if let Some(key) = header.mask {
            websocket::frame::mask(&mut beat, key, 0);
        }
        let is_beat = header.opcode == websocket::Opcode::Text && (beat == b"2" || beat == b"3");
        if is_beat || matches!(header.opcode, websocket::Opcode::Ping | websocket::Opcode::Pong) {
            duties.push((Layer::Session, "a heartbeat: is the other end there?".into()));
        }
        duties
    }

    /// What it says: the first line, or the frame and what its text is once it is unmasked.
    pub fn words(&self, trace: &Trace) -> String {
        let octets = trace.excerpt(self.excerpt);
        match self.unit.protocol {
            WebProtocol::WebSocket => frame_words(octets),
            _ => first_line(octets),
        }
    }
}

fn first_line(octets: &[u8]) -> String {
    let end = octets.iter().position(|octet| *octet == b'\r').unwrap_or(octets.len());
    String::from_utf8_lossy(&octets[..end]).into_owned()
}

/// `GET /chat` without the version, `101 Switching Protocols` without it.
fn http_name(octets: &[u8]) -> String {
    let line = first_line(octets);
    let short = line.strip_prefix("HTTP/1.1 ").or_else(|| line.split_once(" HTTP/").map(|l| l.0));
    let short = short.unwrap_or(&line);
    let path = short.split_once('?').map_or(short, |parts| parts.0);
    path.chars().take(24).collect()
}

/// `WebSocket Text, 2 octets, masked: "hi"`.
fn frame_words(octets: &[u8]) -> String {
    let Ok(Some((header, len))) = websocket::Header::parse(octets) else {
        return "WebSocket".to_owned();
    };
    let mut payload = octets.get(len..).unwrap_or_default().to_vec();
    if let Some(key) = header.mask {
        websocket::frame::mask(&mut payload, key, 0);
    }
    let masked = if header.mask.is_some() { ", masked" } else { "" };
    let more = if header.fin { "" } else { ", more follows" };
    let mut words = format!("WebSocket {}, {} octets{masked}{more}", header.opcode, header.length);
    let is_plain = header.rsv == 0 && header.opcode != websocket::Opcode::Close;
    if is_plain && !payload.is_empty() {
        let cut = (payload.len() as u64) < header.length;
        words.push_str(": ");
        words.push_str(&crate::view::values::text(&payload, Excerpt::MAX));
        words.push_str(if cut { "…" } else { "" });
    }
    if header.opcode == websocket::Opcode::Close && payload.len() >= 2 {
        let code = u16::from_be_bytes([payload[0], payload[1]]);
        let _ = write!(words, ": code {code} {}", String::from_utf8_lossy(&payload[2..]));
    }
    words.trim_end().to_owned()
}
