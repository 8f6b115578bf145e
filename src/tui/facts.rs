//! Small questions about records and frames that several panes ask.

use super::panes::layers::Wrap;
use super::panes::story::Line;
use crate::base::{FrameId, NodeId};
use crate::stack::Layer;
use crate::trace::{Fact, Headers, Protocol, Trace};
use crate::view::{self, dissect, summary};

/// A frame's short name.
pub fn name(trace: &Trace, frame: FrameId) -> String {
    let octets = trace.frame(frame);
    let headers = Headers::of(octets);
    let name = summary(octets).name;
    // A data segment is told by what it carries rather than by its flags.
    let carries = headers.payload().len();
    let inner = headers.parts().iter().rev().find(|part| !part.quoted);
    match inner.map(|part| part.protocol) {
        Some(Protocol::Tcp) if carries > 0 => format!("{carries} octets"),
        Some(Protocol::Udp) => format!("UDP {carries}"),
        _ => name,
    }
}

/// The layer whose colour a frame has: that of its innermost protocol, of the program if it
/// carries a program's octets.
pub fn layer(trace: &Trace, frame: FrameId) -> Layer {
    summary(trace.frame(frame)).layer
}

/// What a frame is wrapped in, from the outside in.
pub fn wraps(octets: &[u8]) -> Vec<Wrap> {
    let headers = Headers::of(octets);
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
        wraps.push(Wrap { layer: Layer::Application, name: "data".to_owned() });
    }
    wraps
}

/// For each layer from 1 to 7, what the frame says there, short.
pub fn by_layer(trace: &Trace, frame: FrameId) -> [String; 7] {
    let octets = trace.frame(frame);
    let mut facts: [String; 7] = Default::default();
    let wire = octets.len() + 4;
    facts[0] = format!("{} bits and a check sequence", octets.len() * 8);
    for section in dissect(octets).sections.into_iter().filter(|section| !section.quoted) {
        let place = section.layer as usize - 1;
        let words = if section.protocol == Protocol::Ethernet.name() {
            format!("{}, {wire} octets", neighbours(trace, frame))
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

/// Between which neighbours a frame goes: `client → server`.
fn neighbours(trace: &Trace, frame: FrameId) -> String {
    let legend = trace.legend();
    let Some(info) = trace.frame_info(frame) else { return String::new() };
    let destination = trace.frame(frame).get(..6).unwrap_or(&[]);
    let to = if destination.iter().all(|&octet| octet == 0xff) {
        "everybody"
    } else {
        let owner = legend
            .nodes
            .iter()
            .find(|node| node.interfaces.iter().any(|interface| interface.mac.0 == *destination));
        owner.map_or("?", |node| &node.name)
    };
    let source = trace.frame(frame).get(6..12).unwrap_or(&[]);
    let from = legend
        .nodes
        .iter()
        .find(|node| node.interfaces.iter().any(|interface| interface.mac.0 == *source));
    let from = from.map_or_else(|| legend.name(info.from), |node| &node.name);
    format!("{from} → {to}")
}

/// Whether a frame's IP packet goes to (or comes from) an address of this device.
pub fn is_end_of(trace: &Trace, frame: FrameId, node: NodeId) -> bool {
    let octets = trace.frame(frame);
    let headers = Headers::of(octets);
    let Some(ip) = headers.find(Protocol::Ipv4) else { return false };
    let Some(&[a, b, c, d, e, f, g, h]) = octets.get(ip.start + 12..ip.start + 20) else {
        return false;
    };
    let own = |octets: [u8; 4]| trace.legend().node_of_address(octets.into()) == Some(node);
    own([a, b, c, d]) || own([e, f, g, h])
}

/// What is told of a record.
pub fn told(trace: &Trace, record: usize) -> Option<Line> {
    let record = trace.records().get(record)?;
    let told = view::tell(record, trace);
    Some(Line {
        layer: record.layer,
        who: trace.legend().name(record.node).to_owned(),
        text: told.text,
        friend: told.friend,
        source: told.source.to_owned(),
    })
}
