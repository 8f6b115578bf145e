//! Why: the line of a program that caused a packet, and the packet that woke a program.

use super::code::Ran;
use super::ladder::Carried;
use super::{Hops, Ladder, RowKind};
use crate::base::FrameId;
use crate::base::octets::{u16_at, u32_at};
use crate::stack::application::web::{Protocol as Protocol7, Unit};
use crate::stack::transport::Endpoint;
use crate::trace::{Fact, ProgramNote, Protocol, Record, Trace, WebNote};
use std::net::Ipv4Addr;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const ACK: u8 = 0x10;

/// The most records that are looked back through for what had to wait.
const LOOK_BACK: usize = 50_000;

/// `client.js:12  socket.emit("chat", "hi")`: what caused a frame, and how many more lines did
/// where it carries the octets of several. `None` where no line did: an ACK, a pong.
pub fn of_frame(trace: &Trace, ladder: &Ladder, frame: FrameId) -> Option<String> {
    let records = records_of_frame(trace, ladder, frame);
    let first = *records.first()?;
    let text = ladder.tell(trace, first as usize)?.text;
    let more = records.len() - 1;
    Some(if more == 0 { text } else { format!("{text} +{more}") })
}

/// What woke the program whose handler's record `record` is: `the WS Text from router`, `a timer`.
pub fn of_handler(trace: &Trace, ladder: &Ladder, record: usize) -> Option<String> {
    let step = trace.records().get(record)?.step;
    let first = trace.records().get(trace.records_of_step(step).start)?;
    let Fact::FrameArrived { frame, .. } = first.fact else { return Some("a timer".to_owned()) };
    let place = ladder.row_of_frame(Hops::Each, frame)?;
    let row = ladder.rows(trace, Hops::Each, place..place + 1).pop()?;
    let RowKind::Arrow(arrow) = row.kind else { return None };
    Some(format!("the {} from {}", arrow.name, trace.legend().name(arrow.from)))
}

/// The records of the lines that caused a frame, in the order of its octets.
fn records_of_frame(trace: &Trace, ladder: &Ladder, frame: FrameId) -> Vec<u32> {
    let parent = |frame: &FrameId| trace.frame_info(*frame)?.parent.filter(|other| other < frame);
    let root = std::iter::successors(Some(frame), parent).last().unwrap_or(frame);
    let Some(info) = trace.frame_info(root) else { return Vec::new() };
    let opened = || ladder.opened(trace, root).and_then(|asked| line_before(trace, asked));
    let units = ladder.units(trace, root);
    if !units.is_empty() {
        let of_unit = |unit: &Carried| {
            let line = line_before(trace, unit.record).or_else(|| line_of_waiting(trace, unit));
            // What a client says first, it wanted to say when it asked for the connection.
            line.or_else(|| opened().filter(|_| unit.unit.place == 0))
        };
        let mut records: Vec<u32> = units.iter().filter_map(of_unit).collect();
        records.dedup();
        return records;
    }
    let (octets, headers) = (trace.frame_head(root), trace.headers(root));
    let found = if let Some(tcp) = headers.find(Protocol::Tcp) {
        let flags = tcp.header(octets).get(13).copied().unwrap_or_default();
        match flags & (SYN | FIN | RST | ACK) {
            SYN => opened(),
            ACK if headers.payload().is_empty() => None,
            _ => line_before(trace, info.record),
        }
    } else {
        headers
            .find(Protocol::Udp)
            .and_then(|_| line_before(trace, info.record).or_else(|| line_of_datagram(trace, root)))
    };
    found.into_iter().collect()
}

/// The call, or the fault, that what record number `record` tells comes from, in the same step.
fn line_before(trace: &Trace, record: u32) -> Option<u32> {
    let step = trace.records().get(record as usize)?.step;
    let start = trace.records_of_step(step).start;
    let said = trace.records().slice(start..record as usize).iter().enumerate().rev();
    for (place, record) in said {
        match record.fact {
            // What follows these without a call, the protocols do by themselves.
            Fact::FrameArrived { .. }
            | Fact::Program { note: ProgramNote::Handles(_), .. }
            | Fact::Web { note: WebNote::Unit(Unit { sent: false, .. }, _), .. } => return None,
            Fact::Program { note: ProgramNote::Calls(_) | ProgramNote::Crashes(_), .. } => {
                let number = start + place;
                return Ran::before(trace, number).map(|_| number as u32);
            }
            _ => {}
        }
    }
    None
}

/// The call of a packet of Socket.IO that had to wait for a poll: in the answer to it lies a packet
/// of Engine.IO, and in that the packet.
fn line_of_waiting(trace: &Trace, unit: &Carried) -> Option<u32> {
    let own = trace.records().get(unit.record as usize)?;
    let start = trace.records_of_step(own.step).start;
    let sent = |record: &Record, wanted: Protocol7| match record.fact {
        Fact::Web { note: WebNote::Unit(unit, excerpt), .. }
            if record.node == own.node && unit.sent && unit.protocol == wanted =>
        {
            Some(trace.excerpt(excerpt))
        }
        _ => None,
    };
    let here = trace.records().slice(start..unit.record as usize);
    let wrapped = here.iter().rev().find_map(|record| sent(&record, Protocol7::EngineIo))?;
    let from = start.saturating_sub(LOOK_BACK);
    let before = trace.records().slice(from..start).iter().enumerate().rev();
    let lies_there = |record: &Record| {
        let Some(packet) = sent(record, Protocol7::SocketIo) else { return false };
        let len = packet.len().min(wrapped.len().saturating_sub(1));
        len > 0 && wrapped.windows(len).any(|part| part == &packet[..len])
    };
    let (place, _) = before.into_iter().find(|(_, record)| lies_there(record))?;
    line_before(trace, (from + place) as u32)
}

/// The call of a datagram that had to wait for ARP.
fn line_of_datagram(trace: &Trace, frame: FrameId) -> Option<u32> {
    let info = trace.frame_info(frame)?;
    let (octets, headers) = (trace.frame(frame), trace.headers(frame));
    let ip = headers.find(Protocol::Ipv4)?.header(&octets);
    let udp = headers.find(Protocol::Udp)?;
    let port = u16_at(udp.header(&octets).get(..4)?, 2);
    let to = Endpoint::new(Ipv4Addr::from_bits(u32_at(ip, 16)), port);
    let message = octets.get(udp.payload())?;
    let from = (info.record as usize).saturating_sub(LOOK_BACK);
    let before = trace.records().slice(from..info.record as usize).iter().enumerate().rev();
    let is_it = |record: &Record| match record.fact {
        Fact::Program { note: ProgramNote::SentTo { to: other, excerpt, .. }, .. } => {
            record.node == info.from && other == to && message.starts_with(trace.excerpt(excerpt))
        }
        _ => false,
    };
    let (place, _) = before.into_iter().find(|(_, record)| is_it(record))?;
    line_before(trace, (from + place) as u32)
}
