//! The beats of a step: what the finest grain goes through.
//!
//! A step of the simulation is one event, in which a frame may be taken off layer by layer, rules
//! applied, and another frame put on layer by layer. Its records say what was decided; between
//! them stand the headers that were put on and taken off, which follow from the frame itself. This
//! is reading, not simulating: the world stays where it is.

use super::facts;
use crate::base::{FrameId, NodeId};
use crate::stack::Layer;
use crate::trace::{Fact, NodeKind, ProgramNote, Trace};

/// One beat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Beat {
    /// The record that it tells of, or that it leads to.
    pub(super) record: usize,
    /// Where.
    pub(super) node: NodeId,
    /// At which layer.
    pub(super) layer: Layer,
    /// What.
    pub(super) kind: Kind,
}

/// What a beat is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A record.
    Said,
    /// A header of the frame is put on.
    PutOn(FrameId),
    /// A header of the frame is taken off.
    TakenOff(FrameId),
}

/// The highest layer that a device of this kind has.
pub(super) const fn top_of(kind: NodeKind) -> Layer {
    match kind {
        NodeKind::Host => Layer::Application,
        NodeKind::Router => Layer::Network,
        NodeKind::Switch => Layer::DataLink,
    }
}

/// The layers of a frame that a device touches, from the wire up, above the physical.
pub(super) fn layers_at(trace: &Trace, frame: FrameId, node: NodeId) -> Vec<Layer> {
    let kind = trace.legend().nodes.get(node.index()).map_or(NodeKind::Host, |node| node.kind);
    // A packet to the router itself goes further up.
    let own = kind == NodeKind::Router && facts::is_end_of(trace, frame, node);
    let top = if own { Layer::Application } else { top_of(kind) };
    facts::layers_of(&trace.frame(frame)).filter(|&layer| layer <= top).fold(
        Vec::new(),
        |mut layers, layer| {
            if layers.last() != Some(&layer) {
                layers.push(layer);
            }
            layers
        },
    )
}

/// The beats of a step, in order. There is at least one where the step has a record.
pub(super) fn of_step(trace: &Trace, step: u64) -> Vec<Beat> {
    let mut beats = Vec::new();
    // What is still to be taken off, from the wire up.
    let mut rising: Vec<Layer> = Vec::new();
    let mut risen: Option<(usize, NodeId, FrameId)> = None;
    for number in trace.records_of_step(step) {
        let Some(record) = trace.records().get(number) else { break };
        let said =
            Beat { record: number, node: record.node, layer: record.layer, kind: Kind::Said };
        let sent = matches!(record.fact, Fact::FrameSent { .. } | Fact::FrameLost { .. });
        if let Some((from, node, frame)) = risen {
            // Up to the layer that speaks now; all the way before something new goes out.
            let upto = if sent { Layer::Application } else { record.layer };
            while rising.first().is_some_and(|&layer| layer <= upto) {
                let layer = rising.remove(0);
                beats.push(Beat { record: from, node, layer, kind: Kind::TakenOff(frame) });
            }
        }
        match record.fact {
            Fact::FrameSent { frame, .. } => {
                let layers = layers_at(trace, frame, record.node);
                beats.extend(layers.into_iter().rev().map(|layer| Beat {
                    layer,
                    kind: Kind::PutOn(frame),
                    ..said
                }));
                beats.push(Beat { layer: Layer::Physical, ..said });
            }
            Fact::FrameArrived { frame, .. } => {
                beats.push(Beat { layer: Layer::Physical, ..said });
                rising = layers_at(trace, frame, record.node);
                risen = Some((number, record.node, frame));
            }
            Fact::Malformed { .. } => {
                rising.clear();
                beats.push(said);
            }
            // What the line does says it.
            Fact::Program { note: ProgramNote::Runs { .. }, .. } => {}
            _ => beats.push(said),
        }
    }
    if let Some((from, node, frame)) = risen {
        beats.extend(rising.into_iter().map(|layer| Beat {
            record: from,
            node,
            layer,
            kind: Kind::TakenOff(frame),
        }));
    }
    beats
}
