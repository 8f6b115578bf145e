//! The frame at hand, taken apart.

use crate::base::FrameId;
use crate::tui::panes::packet::{FieldRow, Packet};
use crate::tui::walk::Walk;
use crate::view::{cause, dissect_whole};

/// Fields and octets of a frame.
pub(super) fn packet(walk: &Walk, frame: Option<FrameId>) -> Packet {
    let Some(frame) = frame else { return Packet::default() };
    let octets = walk.trace().frame(frame);
    let mut fields = Vec::new();
    let mut innermost = 0;
    for section in dissect_whole(walk.trace(), walk.index().ladder(), frame).sections {
        let depth = u16::from(section.quoted);
        if !section.quoted && section.protocol != "Data" {
            innermost = fields.len();
        }
        fields.push(FieldRow {
            depth,
            name: section.protocol.to_owned(),
            value: section.summary,
            bits: section.header.start * 8..section.header.end * 8,
            layer: section.layer,
            meaning: meaning(section.protocol, section.quoted).to_owned(),
        });
        let layer = section.layer;
        fields.extend(section.fields.into_iter().map(|field| FieldRow {
            depth: depth + 1,
            name: field.name.into_owned(),
            value: if field.inferred { format!("[{}]", field.value) } else { field.value },
            bits: field.bits,
            layer,
            meaning: field.meaning.to_owned(),
        }));
    }
    let cause = cause::of_frame(walk.trace(), walk.index().ladder(), frame);
    Packet { fields, innermost, octets: octets.to_vec(), cause }
}

/// What a whole header is for.
fn meaning(protocol: &str, quoted: bool) -> &'static str {
    match protocol {
        _ if quoted => {
            "Quoted from the packet that the error is about, so that its sender knows which."
        }
        "Ethernet II" => "Layer 2: from one neighbour to the next, over one cable.",
        "ARP" => "Layer 2: asks which hardware address belongs to an IP address.",
        "IPv4" => "Layer 3: from network to network, to the host with the address.",
        "ICMP" => "Layer 3: errors and questions of the network itself.",
        "UDP" => "Layer 4: to the right program, once, without a receipt.",
        "HTTP" => "Layer 7: a request or its answer, in lines of text.",
        "Engine.IO" => "Layer 7: a packet of a session, whatever carries it.",
        "Socket.IO" => "Layer 7: an event with a name, or what keeps such a conversation.",
        "WebSocket" => "Layer 7: one frame of a conversation that either side may begin.",
        "TCP" => "Layer 4: to the right program, in order, with receipts.",
        _ => "Layer 7: what the programs say to each other.",
    }
}
