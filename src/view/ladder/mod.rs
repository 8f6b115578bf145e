//! The run as a ladder: a lifeline for each device, an arrow for each frame, notes beside them.
//!
//! A [`Ladder`] is an index over a trace. It is extended as the trace grows and cut where the trace
//! branches, so a window of rows costs the same in a run of ten records and of a million.

mod choose;
mod index;
mod rows;
mod text;
mod units;

pub use index::Ladder;
pub(super) use index::Stream;
pub(super) use rows::destination_of;
pub use text::{Text, packet_line};
pub use units::Carried;

use crate::base::{FrameId, Instant, LinkId, NodeId};
use crate::stack::Layer;
use crate::trace::{FrameLoss, Protocol};

/// How packets that cross several links are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Hops {
    /// A row for each link.
    #[default]
    Each,
    /// A row for the whole way, from the device that made the packet to the one that took it.
    Joined,
}

/// A row to draw.
#[derive(Clone, PartialEq, Debug)]
pub struct RowView {
    /// Its number in this kind of ladder.
    pub place: usize,
    /// The record that it begins with.
    pub record: u32,
    /// When that was.
    pub at: Instant,
    /// What it shows.
    pub kind: RowKind,
}

/// What a row shows.
#[derive(Clone, PartialEq, Debug)]
pub enum RowKind {
    /// A frame on its way.
    Arrow(Arrow),
    /// Something worth telling at one device.
    Note {
        /// Where.
        node: NodeId,
        /// At which layer.
        layer: Layer,
        /// What, in the field's words.
        text: String,
    },
}

/// A frame on its way.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrow {
    /// The frame; of a joined row the one by which the journey began.
    pub frame: FrameId,
    /// Who sends it.
    pub from: NodeId,
    /// Who gets it, or would.
    pub to: NodeId,
    /// The link that it is sent on; of a joined row the first.
    pub link: LinkId,
    /// When its first bit is on the medium.
    pub starts: Instant,
    /// What became of it.
    pub end: End,
    /// Its innermost protocol.
    pub protocol: Protocol,
    /// Its name: `SYN, ACK`.
    pub name: String,
    /// What it says, as `tcpdump` would write it, numbers counted from the connection's beginning.
    pub words: String,
    /// What it carries of layer 7, in words; empty where nothing is known of that.
    pub carries: String,
    /// How many links it has crossed or tried to.
    pub links: u32,
    /// Whether it passes on a frame that came.
    pub is_forwarded: bool,
    /// Whether the link made it, as a second copy of the frame before.
    pub is_copy: bool,
}

/// What became of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It is on its way, due then.
    Due(Instant),
    /// It arrived.
    Arrived(Instant),
    /// It did not.
    Lost {
        /// When that was known.
        at: Instant,
        /// Why.
        reason: FrameLoss,
    },
}
