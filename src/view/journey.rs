//! The journey of one message: everything that a program's call became, down to the bits on each
//! link, and up again to the handler at the other end.
//!
//! A message is a call of a program ([`ProgramNote::Calls`]). What the layers made of it was said in
//! the same step, in order; where it lies in a stream of TCP the protocol said too, and by the
//! sequence numbers of the segments that is where the frames are found. At the other end the same
//! place of the same stream is where it came out. Of a program in JavaScript it begins and ends with
//! a line of its source.

use super::code::{Program, Ran, Sources, Spot};
use super::ladder::{End, Ladder, Stream};
use super::{cause, story};
use crate::base::{FrameId, Instant, NodeId, SocketId};
use crate::stack::Layer;
use crate::stack::application::web::{Protocol, Unit};
use crate::trace::{Fact, ProgramNote, Record, Trace, WebNote};
use std::fmt;

/// Which way a part of the journey goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Down the sender's layers.
    Down,
    /// Over a link.
    Across,
    /// Up the receiver's layers.
    Up,
}

/// One part of the journey.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Which way it goes.
    pub way: Way,
    /// The layer.
    pub layer: Layer,
    /// The device.
    pub node: NodeId,
    /// When.
    pub at: Instant,
    /// The record that says it.
    pub record: u32,
    /// What it is there.
    pub text: String,
    /// The line of a program that it is.
    pub line: Option<(Program, Spot)>,
}

/// A message and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Journey {
    /// The parts in order.
    pub parts: Vec<Part>,
    /// The names of the devices, for printing.
    names: Vec<String>,
}

/// The messages of a run: the records of the programs' calls.
pub fn messages(trace: &Trace) -> Vec<u32> {
    let calls = |(number, record): (usize, Record)| {
        let is_call = matches!(record.fact, Fact::Program { note: ProgramNote::Calls(_), .. });
        is_call.then_some(number as u32)
    };
    trace.records().iter().enumerate().filter_map(calls).collect()
}

/// The journey of the message whose call record `call` is. [`Journey::with_sources`] adds the text of
/// the lines of code.
pub fn journey(trace: &Trace, ladder: &Ladder, call: u32) -> Journey {
    let mut walk = Walk { trace, ladder, parts: Vec::new() };
    walk.down(call);
    let names = trace.legend().nodes.iter().map(|node| node.name.clone()).collect();
    Journey { parts: walk.parts, names }
}

struct Walk<'a> {
    trace: &'a Trace,
    ladder: &'a Ladder,
    parts: Vec<Part>,
}

/// A unit that lies in a stream, with what is needed to find it there.
#[derive(Clone, Copy)]
struct Laid {
    unit: Unit,
    socket: SocketId,
    record: u32,
}

impl Walk<'_> {
    fn record(&self, number: u32) -> Option<Record> {
        self.trace.records().get(number as usize)
    }

    fn add(&mut self, way: Way, layer: Layer, record: u32, text: String) {
        if let Some(said) = self.record(record) {
            let line = Ran::of(&said).map(|ran| (ran.program, ran.spot));
            self.parts.push(Part { way, layer, node: said.node, at: said.at, record, text, line });
        }
    }

    fn say(&mut self, way: Way, record: u32) {
        if let (Some(said), Some(told)) =
            (self.record(record), self.ladder.tell_alone(self.trace, record as usize))
        {
            self.add(way, said.layer, record, told.text);
        }
    }

    /// The line of code that does what a record tells, if one does.
    fn say_line(&mut self, way: Way, record: u32) {
        if let Some(ran) = Ran::before(self.trace, record as usize) {
            let text = ran.name(self.trace).to_owned();
            self.add(way, Layer::Application, record - 1, text);
        }
    }

    /// From the call down to the streams.
    fn down(&mut self, call: u32) {
        let Some(first) = self.record(call) else { return };
        self.say_line(Way::Down, call);
        self.say(Way::Down, call);
        let step = self.trace.records_of_step(first.step);
        let mut laid = Vec::new();
        let mut packet = None;
        for number in call + 1..step.end as u32 {
            let Some(record) = self.record(number).filter(|record| record.node == first.node)
            else {
                continue;
            };
            match record.fact {
                // What the program does next is another message.
                Fact::Program { note: ProgramNote::Calls(_) | ProgramNote::Handles(_), .. } => {
                    break;
                }
                Fact::Web { socket, note: WebNote::Unit(unit, excerpt), .. } if unit.sent => {
                    self.say(Way::Down, number);
                    let is_laid = matches!(unit.protocol, Protocol::Http | Protocol::WebSocket);
                    if let Some(socket) = socket.filter(|_| is_laid) {
                        laid.push(Laid { unit, socket, record: number });
                    }
                    if unit.protocol == Protocol::SocketIo {
                        packet = packet.or(Some((number, excerpt)));
                    }
                }
                Fact::Web { .. } if record.layer == Layer::Presentation => {
                    self.say(Way::Down, number);
                }
                _ => {}
            }
        }
        if laid.is_empty()
            && let Some((number, excerpt)) = packet
        {
            let wanted = self.trace.excerpt(excerpt).to_vec();
            laid.extend(self.later(first.node, number, &wanted));
        }
        for laid in laid {
            self.across(first.node, laid);
        }
    }

    /// Where a packet that had to wait went out at last: the next Engine.IO packet that holds it.
    fn later(&mut self, node: NodeId, from: u32, wanted: &[u8]) -> Option<Laid> {
        let mut is_out = false;
        for number in from + 1..self.trace.records().len() as u32 {
            let record = self.record(number).filter(|record| record.node == node);
            let Some(Record {
                fact: Fact::Web { socket, note: WebNote::Unit(unit, excerpt), .. },
                ..
            }) = record
            else {
                continue;
            };
            if !unit.sent {
                continue;
            }
            let octets = self.trace.excerpt(excerpt);
            let len = wanted.len().min(octets.len().saturating_sub(1));
            if unit.protocol == Protocol::EngineIo
                && octets.windows(len.max(1)).any(|part| part == &wanted[..len])
            {
                is_out = true;
                self.say(Way::Down, number);
            } else if is_out && matches!(unit.protocol, Protocol::Http | Protocol::WebSocket) {
                self.say(Way::Down, number);
                return Some(Laid { unit, socket: socket?, record: number });
            }
        }
        None
    }

    /// The segments that carry a unit, over every link; then up at the other end.
    fn across(&mut self, node: NodeId, laid: Laid) {
        let Some(stream) = self.ladder.stream_of(node, laid.socket, laid.record) else {
            return;
        };
        let arrival = self.arrival(stream, laid);
        let until = arrival.unwrap_or_else(|| self.trace.records().len() as u32);
        for frame in self.ladder.segments(self.trace, laid.record, until, stream, laid.unit) {
            self.segment(frame, laid.unit);
        }
        if let Some(arrival) = arrival {
            self.up(arrival);
        }
    }

    /// One segment on its way: the packet and the frame on each link.
    fn segment(&mut self, frame: FrameId, unit: Unit) {
        let (trace, ladder) = (self.trace, self.ladder);
        for (hop, frame) in ladder.journey(frame).into_iter().enumerate() {
            let Some(info) = trace.frame_info(frame) else { continue };
            let octets = trace.frame(frame);
            if hop == 0 {
                let part = ladder.units(trace, frame).into_iter().find(|carried| {
                    carried.unit.place == unit.place && carried.unit.protocol == unit.protocol
                });
                let payload = trace.headers(frame).payload().len();
                let begins = part.is_none_or(|part| part.begins_here);
                let origin = ladder.origin(&octets, info.record);
                let words = super::words::segment(&octets, origin);
                let whole = unit.octets as usize <= payload && begins;
                let text = if whole {
                    format!("TCP segment of {payload} octets holds it: {words}")
                } else {
                    format!("TCP segment of {payload} octets holds a part of it: {words}")
                };
                self.add(Way::Down, Layer::Transport, info.record, text);
            }
            self.add(Way::Down, Layer::Network, info.record, super::words::packet(&octets));
            self.add(Way::Down, Layer::DataLink, info.record, super::words::frame(&octets));
            let legend = trace.legend();
            let link = legend.links.get(info.link.index()).map_or("?", |link| &link.name);
            let bits = (octets.len() + 4) * 8;
            let text = match ladder.end(trace, frame) {
                Some(End::Arrived(at)) => format!("{bits} bits on {link}, there at {at}"),
                Some(End::Lost { reason, .. }) => {
                    format!("{bits} bits on {link}: lost {}", story::reason_words(reason))
                }
                Some(End::Due(at)) => format!("{bits} bits on {link}, due at {at}"),
                None => format!("{bits} bits on {link}"),
            };
            self.add(Way::Across, Layer::Physical, info.record, text);
        }
    }

    /// Where the unit came out: the record of the other end that says that it is whole.
    fn arrival(&self, (from, to): Stream, laid: Laid) -> Option<u32> {
        let place = laid.unit.place;
        (laid.record + 1..self.trace.records().len() as u32).find(|&number| {
            let Some(record) = self.record(number) else { return false };
            let Fact::Web { socket: Some(socket), note: WebNote::Unit(unit, _), .. } = record.fact
            else {
                return false;
            };
            let is_it = !unit.sent && unit.protocol == laid.unit.protocol && unit.place == place;
            is_it && self.ladder.stream_of(record.node, socket, number) == Some((to, from))
        })
    }

    /// Up the layers to the handler.
    fn up(&mut self, arrival: u32) {
        let Some(first) = self.record(arrival) else { return };
        let step = self.trace.records_of_step(first.step);
        // What the layers below did when the last segment came.
        for number in step.start as u32..arrival {
            let Some(record) = self.record(number).filter(|record| record.node == first.node)
            else {
                continue;
            };
            let is_below = record.layer < Layer::Session;
            let reads =
                matches!(record.fact, Fact::Program { note: ProgramNote::Received { .. }, .. });
            if is_below || reads {
                self.say(Way::Up, number);
            }
        }
        self.say(Way::Up, arrival);
        for number in arrival + 1..step.end as u32 {
            let Some(record) = self.record(number).filter(|record| record.node == first.node)
            else {
                continue;
            };
            match record.fact {
                Fact::Program { note: ProgramNote::Handles(_), .. } => {
                    return self.handler(number);
                }
                Fact::Program { note: ProgramNote::Calls(_), .. } => return,
                Fact::Web { note: WebNote::Unit(unit, _), .. } if !unit.sent => {
                    self.say(Way::Up, number);
                }
                Fact::Web { .. } if record.layer == Layer::Presentation => {
                    self.say(Way::Up, number);
                }
                _ => {}
            }
        }
    }

    /// The handler at the end, what woke its program, and its line of code.
    fn handler(&mut self, record: u32) {
        self.say(Way::Up, record);
        let by_a_line = Ran::before(self.trace, record as usize).is_some();
        let woken = cause::of_handler(self.trace, self.ladder, record as usize);
        if let (Some(part), Some(by), true) = (self.parts.last_mut(), woken, by_a_line) {
            part.text.push_str(", woken by ");
            part.text.push_str(&by);
        }
        self.say_line(Way::Up, record);
    }
}

impl Journey {
    /// The same with what stands on the lines of code.
    #[must_use]
    pub fn with_sources(mut self, sources: &Sources) -> Self {
        for part in &mut self.parts {
            let text = part.line.and_then(|(program, spot)| sources.line(program, spot));
            if let Some(text) = text {
                part.text.push_str("  ");
                part.text.push_str(text);
            }
        }
        self
    }
}

impl fmt::Display for Journey {
    /// A line a part: the way, the layer, the device, the time, and what it is there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |node: NodeId| self.names.get(node.index()).map_or("?", String::as_str);
        let wide = self.parts.iter().map(|part| name(part.node).chars().count()).max();
        let wide = wide.unwrap_or(0);
        for part in &self.parts {
            let way = match part.way {
                Way::Down => "↓",
                Way::Across => "→",
                Way::Up => "↑",
            };
            let (number, layer, at) = (part.layer.number(), part.layer.name(), part.at);
            let (name, text) = (name(part.node), &part.text);
            writeln!(
                f,
                "{way} {number} {layer:<12} {name:<wide$}  {:>14}  {text}",
                at.to_string()
            )?;
        }
        Ok(())
    }
}
