//! Small questions about records and frames that several panes ask.

use super::panes::layers::Wrap;
use crate::base::{FrameId, NodeId};
use crate::stack::Layer;
use crate::stack::transport::tcp::State;
use crate::trace::{Fact, Headers, Protocol, Trace};
use crate::view::dissection::dissect;
use crate::view::words::summary;

/// The edge of the state diagram that a fact says was taken, and why.
pub fn state_change(_fact: &Fact) -> Option<(State, State, String)> {
    None
}

/// A frame's short name.
pub fn name(trace: &Trace, frame: FrameId) -> String {
    let octets = trace.frame(frame);
    let headers = Headers::of(octets);
    let name = summary(octets).name;
    // A data segment is told by what it carries rather than by its flags.
    let carries = headers.payload().len();
    match headers.parts().last().map(|part| part.protocol) {
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

/// For each layer from 1 to 7, what the frame says there.
pub fn by_layer(octets: &[u8]) -> [String; 7] {
    let mut facts: [String; 7] = Default::default();
    facts[0] = format!("{} octets on the wire", octets.len() + 4);
    for section in dissect(octets).sections.into_iter().filter(|section| !section.quoted) {
        let place = section.layer as usize - 1;
        if !facts[place].is_empty() {
            facts[place].push_str(" · ");
        }
        facts[place].push_str(&section.summary);
    }
    facts
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

/// What else a frame says, short: numbers of a TCP segment, lengths.
pub fn details(trace: &Trace, frame: FrameId) -> String {
    summary(trace.frame(frame)).words
}

/// What is told of a record.
pub fn told(trace: &Trace, record: usize) -> super::panes::story::Line {
    let record = trace.records()[record];
    super::panes::story::Line {
        layer: record.layer,
        who: trace.legend().name(record.node).to_owned(),
        text: format!("{:?}", record.fact),
        friend: None,
        source: String::new(),
    }
}
