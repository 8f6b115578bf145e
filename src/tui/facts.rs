//! Small questions about records and frames that several panes ask.

use super::panes::layers::Wrap;
use super::panes::story::Line;
use super::walk::Walk;
use crate::base::{FrameId, NodeId};
use crate::stack::Layer;
use crate::stack::application::web;
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::transport::tcp::Note;
use crate::trace::{Fact, Headers, ProgramNote, Protocol, Trace};
use crate::view::{self, Hops, RowKind, dissect_whole, summary};

/// A frame's short name.
pub(super) fn name(walk: &Walk, frame: FrameId) -> String {
    let trace = walk.trace();
    let units = walk.index().ladder().units(trace, frame);
    if let Some(first) = units.first() {
        let more = if units.len() > 1 { format!(" +{}", units.len() - 1) } else { String::new() };
        return first.name(trace) + &more;
    }
    let headers = trace.headers(frame);
    let name = summary(&trace.frame(frame)).name;
    // A data segment is told by what it carries rather than by its flags.
    let carries = headers.payload().len();
    let inner = headers.parts().iter().rev().find(|part| !part.quoted);
    match inner.map(|part| part.protocol) {
        Some(Protocol::Tcp) if carries > 0 => format!("DATA {carries}"),
        Some(Protocol::Udp) => format!("UDP {carries}"),
        _ => name,
    }
}

/// The layer whose colour a frame has: that of its innermost protocol, of the program if it
/// carries a program's octets.
pub(super) fn layer(trace: &Trace, frame: FrameId) -> Layer {
    summary(&trace.frame(frame)).layer
}

/// What a frame is wrapped in, from the outside in.
pub(super) fn wraps(walk: &Walk, frame: FrameId) -> Vec<Wrap> {
    let trace = walk.trace();
    let headers = trace.headers(frame);
    let mut wraps: Vec<Wrap> = headers
        .parts()
        .iter()
        .filter(|part| !part.quoted)
        .map(|part| Wrap {
            layer: part.protocol.layer(),
            name: match part.protocol {
                Protocol::Ethernet => "Eth".to_owned(),
                Protocol::Ipv4 => "IP".to_owned(),
                other => other.name().to_owned(),
            },
        })
        .collect();
    if !headers.payload().is_empty() && headers.parts().iter().all(|part| !part.quoted) {
        let units = walk.index().ladder().units(trace, frame);
        let name = match units.first().map(|unit| unit.unit.protocol) {
            Some(web::Protocol::Http) => "HTTP",
            Some(web::Protocol::WebSocket) => "WS",
            Some(_) | None => "data",
        };
        wraps.push(Wrap { layer: Layer::Application, name: name.to_owned() });
    }
    wraps
}

/// The layers of these, without their names.
pub(super) fn layers_of(octets: &[u8]) -> impl Iterator<Item = Layer> {
    let headers = Headers::of(octets);
    let parts = headers.parts();
    let carries = !headers.payload().is_empty() && parts.iter().all(|part| !part.quoted);
    let layers: Vec<Layer> =
        parts.iter().filter(|part| !part.quoted).map(|part| part.protocol.layer()).collect();
    layers.into_iter().chain(carries.then_some(Layer::Application))
}

/// For each layer from 1 to 7, what the frame says there, short.
pub(super) fn by_layer(walk: &Walk, frame: FrameId) -> [String; 7] {
    let trace = walk.trace();
    let octets = trace.frame(frame);
    let mut facts: [String; 7] = Default::default();
    let wire = octets.len() + 4;
    facts[0] = format!("{} bits and a check sequence", octets.len() * 8);
    let ladder = walk.index().ladder();
    for unit in ladder.units(trace, frame) {
        for (layer, words) in unit.duties(trace) {
            facts[layer as usize - 1] = words;
        }
    }
    let sections = dissect_whole(trace, ladder, frame).sections;
    for section in sections.into_iter().filter(|section| !section.quoted) {
        let place = section.layer as usize - 1;
        let words = if section.protocol == Protocol::Ethernet.name() {
            format!("{}, {wire} octets", neighbours(trace, frame))
        } else if section.protocol == Protocol::Tcp.name() {
            let ends = section.summary.split(": ").next().unwrap_or_default().replace(" > ", " → ");
            format!("{ends}  {}  {}", summary(&octets).name, numbers(walk, frame))
        } else {
            section.summary.replace(" > ", " → ")
        };
        if !facts[place].is_empty() {
            facts[place].push_str(" · ");
        }
        facts[place].push_str(&words);
    }
    facts
}

/// What a segment's header says besides its flags, as `tcpdump` would, counted from the
/// connection's beginning.
fn numbers(walk: &Walk, frame: FrameId) -> String {
    let ladder = walk.index().ladder();
    let Some(place) = ladder.row_of_frame(Hops::Each, frame) else { return String::new() };
    let rows = ladder.rows(walk.trace(), Hops::Each, place..place + 1);
    match rows.first().map(|row| &row.kind) {
        Some(RowKind::Arrow(arrow)) => short(&arrow.words),
        _ => String::new(),
    }
}

/// What `tcpdump` would write, without what the name says already.
pub(super) fn short(words: &str) -> String {
    let words = match words.strip_prefix("Flags [").and_then(|rest| rest.split_once("], ")) {
        Some((_, rest)) => rest,
        None => words,
    };
    let words = words.split(", options [").next().unwrap_or(words);
    words.split(", length ").next().unwrap_or(words).to_owned()
}

/// Between which neighbours a frame goes: `client → server`.
fn neighbours(trace: &Trace, frame: FrameId) -> String {
    let legend = trace.legend();
    let Some(info) = trace.frame_info(frame) else { return String::new() };
    let octets = trace.frame_head(frame);
    let owner = |at: usize| {
        let mac: Option<&[u8; 6]> = octets.get(at..at + 6).and_then(|six| six.try_into().ok());
        mac.and_then(|six| legend.node_of_mac(MacAddress(*six)))
    };
    let to = if octets.iter().take(6).all(|&octet| octet == 0xff) {
        "everybody"
    } else {
        owner(0).map_or("?", |node| legend.name(node))
    };
    let from = legend.name(owner(6).unwrap_or(info.from));
    format!("{from} → {to}")
}

/// Whether a frame's IP packet goes to (or comes from) an address of this device.
pub(super) fn is_end_of(trace: &Trace, frame: FrameId, node: NodeId) -> bool {
    let (octets, headers) = (trace.frame_head(frame), trace.headers(frame));
    let Some(ip) = headers.find(Protocol::Ipv4) else { return false };
    let own = |at: usize| {
        let address: Option<&[u8; 4]> =
            octets.get(at..at + 4).and_then(|four| four.try_into().ok());
        address.is_some_and(|&four| trace.legend().node_of_address(four.into()) == Some(node))
    };
    own(ip.start + 12) || own(ip.start + 16)
}

/// The device that a frame is for in the end: the one with the IP address in it, or the one that is
/// asked for its hardware address.
pub(super) fn destination(trace: &Trace, frame: FrameId) -> Option<NodeId> {
    let octets = trace.frame_head(frame);
    let headers = trace.headers(frame);
    let at = |protocol, offset: usize| Some(headers.find(protocol)?.start + offset);
    let at = at(Protocol::Ipv4, 16).or_else(|| at(Protocol::Arp, 24))?;
    let four: &[u8; 4] = octets.get(at..at + 4)?.try_into().ok()?;
    trace.legend().node_of_address((*four).into())
}

/// Whether a fact is what a step is about: a change of state, a loss, a program's fault.
pub(super) const fn is_weighty(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::FrameLost { .. }
            | Fact::Tcp { note: Note::Entered { .. }, .. }
            | Fact::Program { note: ProgramNote::Crashes(_), .. }
    )
}

/// What is told of a record.
pub(super) fn told(trace: &Trace, record: usize) -> Option<Line> {
    let told = view::tell_with_line(trace, record)?;
    let record = trace.records().get(record)?;
    Some(Line {
        layer: record.layer,
        who: trace.legend().name(record.node).to_owned(),
        text: told.text,
        friend: told.friend,
        source: told.source.to_owned(),
        weighty: is_weighty(&record.fact),
    })
}
