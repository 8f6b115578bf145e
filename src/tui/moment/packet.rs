//! The frame at hand, taken apart.

use crate::base::FrameId;
use crate::tui::panes::packet::{FieldRow, Packet};
use crate::tui::walk::Walk;
use crate::view::dissection::dissect;

/// Fields and octets of a frame.
pub(super) fn packet(walk: &Walk, frame: Option<FrameId>) -> Packet {
    let Some(frame) = frame else { return Packet::default() };
    let octets = walk.trace().frame(frame);
    let mut fields = Vec::new();
    for section in dissect(octets).sections {
        let depth = u16::from(section.quoted);
        fields.push(FieldRow {
            depth,
            name: section.protocol.to_owned(),
            value: section.summary,
            bits: section.header.start * 8..section.header.end * 8,
            layer: section.layer,
            meaning: format!(
                "{}: layer {}, {}.",
                section.protocol,
                section.layer.number(),
                section.layer
            ),
        });
        let layer = section.layer;
        fields.extend(section.fields.into_iter().map(|field| FieldRow {
            depth: depth + 1,
            name: field.name.to_owned(),
            value: if field.inferred { format!("[{}]", field.value) } else { field.value },
            bits: field.bits,
            layer,
            meaning: field.meaning.to_owned(),
        }));
    }
    Packet { fields, octets: octets.to_vec() }
}
