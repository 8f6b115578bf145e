//! A row of the index, made ready to draw.

use super::index::{Ladder, NONE};
use super::{Arrow, End, Hops, RowKind, RowView};
use crate::base::octets::u32_at;
use crate::base::{FrameId, NodeId};
use crate::trace::{Fact, FrameInfo, Headers, Protocol, Record, Trace};
use crate::view::words;
use std::fmt::Write as _;
use std::net::Ipv4Addr;

/// Frames of a journey that are looked at to find its end; a storm in a looped network makes more.
const JOURNEY_MAX: usize = 256;

impl Ladder {
    pub(super) fn view(&self, trace: &Trace, hops: Hops, place: usize) -> Option<RowView> {
        let row = match hops {
            Hops::Each => *self.rows.get(place)?,
            Hops::Joined => *self.rows.get(*self.joined.get(place)? as usize)?,
        };
        let record = trace.records().get(row.record as usize)?;
        let kind = if row.frame == NONE {
            let text = self.tell(trace, row.record as usize)?.text;
            RowKind::Note { node: record.node, layer: record.layer, text }
        } else {
            RowKind::Arrow(self.arrow(trace, hops, FrameId(row.frame), &record)?)
        };
        Some(RowView { place, record: row.record, at: record.at, kind })
    }

    fn arrow(&self, trace: &Trace, hops: Hops, frame: FrameId, record: &Record) -> Option<Arrow> {
        let info = trace.frame_info(frame)?;
        let is_copy = matches!(record.fact, Fact::FrameDuplicated { .. });
        let octets = &*trace.frame(frame);
        let headers = Headers::of(octets);
        let part = words::innermost(&headers);
        let (last, to, links) = match hops {
            Hops::Each => (frame, receiver(trace, &info)?, 1),
            Hops::Joined => {
                self.last_of_journey(trace, frame, destination(trace, octets, &headers))?
            }
        };
        let units = self.units(trace, frame);
        let mut name = words::name(octets, &part);
        let mut carries = String::new();
        if let Some(first) = units.first() {
            name = first.name(trace);
            if units.len() > 1 {
                let _ = write!(name, " +{}", units.len() - 1);
            }
            let said: Vec<String> = units.iter().take(3).map(|unit| unit.words(trace)).collect();
            carries = said.join(" | ");
        }
        Some(Arrow {
            frame,
            from: info.from,
            to,
            link: info.link,
            starts: match record.fact {
                Fact::FrameSent { starts, .. } | Fact::FrameDuplicated { starts, .. } => starts,
                _ => record.at,
            },
            end: self.end(trace, last)?,
            protocol: part.protocol,
            name,
            words: words::words(octets, &headers, self.origin(octets, info.record)),
            carries,
            links,
            is_forwarded: info.parent.is_some() && !is_copy,
            is_copy,
        })
    }

    /// The frame by which a journey ended, the device where it did or should have, and its links.
    fn last_of_journey(
        &self,
        trace: &Trace,
        root: FrameId,
        wanted: Option<NodeId>,
    ) -> Option<(FrameId, NodeId, u32)> {
        let mut best: Option<(u8, FrameId, NodeId)> = None;
        for frame in self.chain(root.0).take(JOURNEY_MAX) {
            let info = trace.frame_info(frame)?;
            let to = receiver(trace, &info)?;
            let is_lost = matches!(self.end(trace, frame), Some(End::Lost { .. }));
            let rank = if Some(to) == wanted { 2 } else { u8::from(is_lost) };
            if best.is_none_or(|(known, ..)| rank >= known) {
                best = Some((rank, frame, if is_lost { wanted.unwrap_or(to) } else { to }));
            }
        }
        let (_, last, to) = best?;
        let mut links = 1;
        let mut at = last;
        while let Some(parent) = trace.frame_info(at).and_then(|info| info.parent)
            && parent < at
        {
            let crosses = |frame| trace.frame_info(frame).map(|info| info.link);
            links += u32::from(crosses(parent) != crosses(at));
            at = parent;
        }
        Some((last, to, links))
    }
}

/// The device at the other end of the frame's link.
fn receiver(trace: &Trace, info: &FrameInfo) -> Option<NodeId> {
    trace.legend().peer(info.from, info.interface).map(|(node, _)| node)
}

/// The device that a frame's packet is for.
pub(in crate::view) fn destination_of(trace: &Trace, frame: FrameId) -> Option<NodeId> {
    destination(trace, trace.frame_head(frame), &trace.headers(frame))
}

/// The device that has the address that the packet is for.
pub(super) fn destination(trace: &Trace, octets: &[u8], headers: &Headers) -> Option<NodeId> {
    let target = |protocol, at| {
        let header = headers.find(protocol)?.header(octets);
        (header.len() >= at + 4).then(|| Ipv4Addr::from_bits(u32_at(header, at)))
    };
    let address = target(Protocol::Ipv4, 16).or_else(|| target(Protocol::Arp, 24))?;
    trace.legend().node_of_address(address)
}
