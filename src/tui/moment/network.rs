//! The network as it is at the cursor.

use super::crowd;
use crate::base::{FrameId, Instant, LinkId, NodeId};
use crate::node::SocketKind;
use crate::stack::Layer;
use crate::trace::{Fact, NodeKind};
use crate::tui::app::View;
use crate::tui::facts;
use crate::tui::panes::network::{Cable, Flight, Node, Picture};
use crate::tui::walk::Walk;

/// More cables than this between few devices lie upon each other.
const LINKS_MAX: usize = 256;
/// More packets at once are not looked at.
const FLIGHTS_MAX: usize = 64;

/// A packet on a cable, and when it is where.
#[derive(Clone, Debug)]
pub(super) struct Flying {
    flight: Flight,
    starts: Instant,
    arrives: Instant,
}

impl Flying {
    /// The packet at `time`; `None` before its first bit is on the cable.
    pub(super) fn at(&self, time: Instant) -> Option<Flight> {
        if self.starts == self.arrives {
            return Some(self.flight.clone());
        }
        if time < self.starts && !self.flight.lit {
            return None;
        }
        let whole = u128::from(self.arrives.since(self.starts).0.max(1));
        let done = u128::from(time.since(self.starts).0).min(whole);
        Some(Flight { progress: (done * 1000 / whole) as u16, ..self.flight.clone() })
    }

    /// Whether it will be somewhere else later.
    pub(super) fn moves(&self) -> bool {
        self.starts != self.arrives
    }
}

/// Devices and cables, and which cables these are.
pub(super) fn picture(
    walk: &Walk,
    view: &View,
    focused: Option<NodeId>,
    frame: Option<FrameId>,
) -> (Picture, Vec<LinkId>) {
    if crowd::is_crowd(walk.trace()) {
        return crowd::picture(walk, view, frame);
    }
    let legend = walk.trace().legend();
    let world = walk.timeline().world();
    let lit = walk.beats().get(walk.beat()).map(|beat| beat.node);
    let nodes = legend.nodes.iter().enumerate().map(|(place, node)| {
        let id = NodeId(place as u32);
        let (sign, layer) = sign_of(node.kind);
        Node {
            name: node.name.clone(),
            sign,
            layer,
            address: address_of(node),
            badge: badge_of(walk, id),
            lit: lit == Some(id),
            focused: view.node.is_some() && focused == Some(id),
            at: node.position,
        }
    });
    let links: Vec<LinkId> = (0..legend.links.len() as u32).map(LinkId).take(LINKS_MAX).collect();
    let cables = legend.links.iter().zip(&links).map(|(link, &id)| Cable {
        ends: link.ends.map(|(node, _)| node.index()),
        label: link.label.clone(),
        up: world.is_up(id),
    });
    let (nodes, cables) = (nodes.collect(), cables.collect());
    (Picture { nodes, links: cables, flights: Vec::new(), crowd: None }, links)
}

/// A device's sign and the layer whose colour it has.
pub(super) const fn sign_of(kind: NodeKind) -> (char, Layer) {
    match kind {
        NodeKind::Host => ('●', Layer::Application),
        NodeKind::Router => ('◆', Layer::Network),
        NodeKind::Switch => ('▪', Layer::DataLink),
    }
}

pub(super) fn address_of(node: &crate::trace::NodeLegend) -> String {
    let mut addresses = node.interfaces.iter().filter_map(|interface| interface.address);
    match (addresses.next(), node.kind) {
        (Some(first), NodeKind::Host) => first.address.to_string(),
        _ => String::new(),
    }
}

/// What is so with a device, in a word: its connection's state, or that it listens.
pub(super) fn badge_of(walk: &Walk, node: NodeId) -> String {
    let inspection = walk.timeline().world().inspect(node);
    if let Some(connection) = super::state::connection(walk, node, &inspection) {
        return connection.state.name().to_owned();
    }
    let listens = |kind: &SocketKind| matches!(kind, SocketKind::TcpListener { .. });
    if inspection.sockets.iter().any(|socket| listens(&socket.kind)) {
        return "LISTEN".to_owned();
    }
    inspection
        .sockets
        .iter()
        .find(|socket| socket.kind == SocketKind::Udp)
        .map_or_else(String::new, |socket| format!("UDP {}", socket.local.port))
}

/// What is on these cables at the cursor, and the frame at hand where it has just arrived or been
/// lost.
pub(super) fn flying(walk: &Walk, at_hand: Option<FrameId>, links: &[LinkId]) -> Vec<Flying> {
    let known = walk.trace().legend().links.len();
    let world = walk.timeline().world();
    let mut all = Vec::new();
    for (place, &link) in links.iter().enumerate().filter(|(_, link)| link.index() < known) {
        for (way, direction) in world.link_view(link).directions.iter().enumerate() {
            for flight in direction.frames.iter().take(FLIGHTS_MAX) {
                let seen = seen(walk, flight.frame, place, way == 1, at_hand);
                all.push(Flying { flight: seen, starts: flight.starts, arrives: flight.arrives });
            }
        }
    }
    let info = at_hand.and_then(|frame| walk.trace().frame_info(frame));
    let place = info.and_then(|info| links.iter().position(|&link| link == info.link));
    if let (Some(frame), Some(place)) = (at_hand, place)
        && !all.iter().any(|f| f.flight.lit && f.flight.link == place)
        && let Some(over) = just_over(walk, frame, place)
    {
        all.push(over);
    }
    all
}

fn seen(
    walk: &Walk,
    frame: FrameId,
    link: usize,
    reverse: bool,
    at_hand: Option<FrameId>,
) -> Flight {
    let trace = walk.trace();
    Flight {
        link,
        reverse,
        progress: 0,
        name: facts::name(walk, frame),
        layer: facts::layer(trace, frame),
        lost: false,
        lit: at_hand == Some(frame),
    }
}

/// A frame whose way ended in the step at hand.
fn just_over(walk: &Walk, frame: FrameId, place: usize) -> Option<Flying> {
    let trace = walk.trace();
    let info = trace.frame_info(frame)?;
    let end = walk.index().end_of(frame)?;
    if !trace.records_of_step(walk.step()).contains(&end) {
        return None;
    }
    let ends = trace.legend().links.get(info.link.index())?.ends;
    let reverse = ends[0] != (info.from, info.interface);
    let lost = matches!(trace.records().get(end)?.fact, Fact::FrameLost { .. });
    // Lost before it left: at the sender; lost on its way: half of it.
    let progress = match lost {
        true if info.record as usize == end => 0,
        true => 500,
        false => 1000,
    };
    let flight = Flight { progress, lost, ..seen(walk, frame, place, reverse, Some(frame)) };
    Some(Flying { flight, starts: Instant::ZERO, arrives: Instant::ZERO })
}
