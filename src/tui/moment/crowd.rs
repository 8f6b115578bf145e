//! A network too large to be drawn: the way of the packet at hand (or the surroundings of one
//! device) as a picture, and a table of the devices that did something last.
//!
//! What it costs depends on what is shown: the records just before the cursor, the cables of the
//! devices in the picture.

use super::layers;
use super::network::{address_of, badge_of, sign_of};
use crate::base::{FrameId, LinkId, NodeId};
use crate::stack::Layer;
use crate::trace::{Fact, NodeKind, Protocol, Trace};
use crate::tui::app::View;
use crate::tui::panes::crowd::{Crowd, Order, Row};
use crate::tui::panes::network::{Cable, Node, Picture};
use crate::tui::walk::Walk;
use crate::view;
use std::collections::BTreeSet;

/// From how many devices on the network is shown so.
const CROWD: usize = 33;
/// The most devices in the picture.
const PICTURE_MAX: usize = 8;
/// The most rows of the table.
const ROWS_MAX: usize = 60;
/// How many frames after one are looked through for the one that waits for it.
const LOOK_AHEAD: u32 = 2_048;
/// How many records before the cursor are looked through for them.
const LOOK_BACK: usize = 4_096;

/// The frame at hand or, before there is one, the first that will be sent.
pub(super) fn at_hand(walk: &Walk, frame: Option<FrameId>) -> Option<FrameId> {
    frame.or_else(|| (walk.trace().frame_count() > 0).then_some(FrameId(0)))
}

/// Whether there are too many devices to draw all.
pub(super) fn is_crowd(trace: &Trace) -> bool {
    trace.legend().nodes.len() >= CROWD
}

/// The picture, and which cables are in it.
pub(super) fn picture(walk: &Walk, view: &View, frame: Option<FrameId>) -> (Picture, Vec<LinkId>) {
    let lit = walk.beats().get(walk.beat()).map(|beat| beat.node);
    let rows = rows(walk, lit);
    let (order, scene) = match (view.centre, at_hand(walk, frame)) {
        (Some(centre), _) => (Order::Around, around(walk, centre)),
        (None, Some(frame)) => (Order::Way, way(walk, frame)),
        (None, None) => {
            (Order::Way, Scene::of(rows.first().map(|row| row.0).into_iter().collect()))
        }
    };
    let nodes = scene.stops.iter().map(|stop| match *stop {
        Stop::Device(id) => device(walk, id, lit == Some(id), view.node == Some(id)),
        Stop::Skipped(count) => Node {
            name: format!("{count} more"),
            sign: '⋯',
            layer: Layer::Physical,
            address: String::new(),
            badge: String::new(),
            lit: false,
            focused: false,
            at: (0, 0),
        },
    });
    let cable = |&(ends, link): &([usize; 2], Option<LinkId>)| Cable {
        ends,
        // Beneath the cable stands what is so with the devices.
        label: String::new(),
        up: link.is_none_or(|link| walk.timeline().world().is_up(link)),
    };
    let picture = Picture {
        nodes: nodes.collect(),
        links: scene.cables.iter().map(cable).collect(),
        flights: Vec::new(),
        crowd: Some(crowd(walk, view, order, &rows)),
    };
    // A gap's cable has no number: no packet is on it.
    let links = scene.cables.iter().map(|cable| cable.1.unwrap_or(LinkId(u32::MAX))).collect();
    (picture, links)
}

fn device(walk: &Walk, id: NodeId, lit: bool, focused: bool) -> Node {
    let legend = &walk.trace().legend().nodes[id.index()];
    let (sign, layer) = sign_of(legend.kind);
    let badge = match legend.kind {
        NodeKind::Host => match badge_of(walk, id) {
            state if state.is_empty() => address_of(legend),
            state => state,
        },
        _ => format!("{} links", thousands(legend.interfaces.len())),
    };
    let (name, address) = (legend.name.clone(), String::new());
    Node { name, sign, layer, address, badge, lit, focused, at: legend.position }
}

/// What is in the picture: devices or gaps, and the cables between their places.
#[derive(Default)]
struct Scene {
    stops: Vec<Stop>,
    cables: Vec<([usize; 2], Option<LinkId>)>,
}

#[derive(Clone, Copy)]
enum Stop {
    Device(NodeId),
    /// So many devices on the way are left out.
    Skipped(usize),
}

impl Scene {
    fn of(nodes: Vec<NodeId>) -> Self {
        Self { stops: nodes.into_iter().map(Stop::Device).collect(), cables: Vec::new() }
    }
}

/// A frame or, where it asks a neighbour for its hardware address, the one that waits for that: the
/// next other frame on the same cable.
fn asked_for(trace: &Trace, frame: FrameId) -> FrameId {
    let is_question = |frame: FrameId| trace.headers(frame).find(Protocol::Arp).is_some();
    let link = trace.frame_info(frame).map(|info| info.link);
    if !is_question(frame) {
        return frame;
    }
    let known = trace.frame_count();
    let next = (frame.0 + 1..known.min(frame.0.saturating_add(LOOK_AHEAD))).map(FrameId);
    let on_cable = |next: &FrameId| trace.frame_info(*next).map(|info| info.link) == link;
    next.filter(on_cable).find(|next| !is_question(*next)).unwrap_or(frame)
}

/// The devices on the way of a packet, with a gap where there are too many.
fn way(walk: &Walk, frame: FrameId) -> Scene {
    let trace = walk.trace();
    let link = |frame: FrameId| trace.frame_info(frame).map(|info| info.link);
    let chain = layers::chain(walk, asked_for(trace, frame), usize::MAX);
    let nodes = layers::devices(trace, &chain);
    let at = chain.iter().position(|&hop| link(hop) == link(frame)).unwrap_or(0);
    let last = nodes.len().saturating_sub(1);
    let mut kept: Vec<usize> = (0..nodes.len()).collect();
    if nodes.len() > PICTURE_MAX {
        // Both ends, and between them the part at hand.
        let first = at.saturating_sub(1).clamp(1, last - 4);
        kept = [0].into_iter().chain(first..first + 4).chain([last]).collect();
    }
    let mut scene = Scene::default();
    for (number, &place) in kept.iter().enumerate() {
        let before = number.checked_sub(1).map(|before| kept[before]);
        let skipped = before.map_or(0, |before| place - before - 1);
        if skipped > 0 {
            scene.stops.push(Stop::Skipped(skipped));
            let gap = scene.stops.len() - 1;
            scene.cables.push(([gap - 1, gap], None));
        }
        scene.stops.push(Stop::Device(nodes[place]));
        let own = scene.stops.len() - 1;
        if own > 0 {
            let hop = if skipped > 0 { None } else { chain.get(place - 1) };
            let link = hop.and_then(|&hop| link(hop));
            let ends = link.map(|link| trace.legend().links[link.index()].ends);
            // Cables run from their first end to their second, as packets on them are told.
            let turned = ends.is_some_and(|ends| ends[0].0 == nodes[place]);
            scene.cables.push((if turned { [own, own - 1] } else { [own - 1, own] }, link));
        }
    }
    scene
}

/// A device and its neighbours: those that did something last, then the first ones.
fn around(walk: &Walk, centre: NodeId) -> Scene {
    let legend = walk.trace().legend();
    let interfaces = &legend.nodes[centre.index()].interfaces;
    let ends = |link: LinkId| legend.links[link.index()].ends.map(|end| end.0);
    let beyond = |link: LinkId| ends(link).into_iter().find(|node| *node != centre);
    let mut links: Vec<LinkId> = Vec::new();
    let recent = recent(walk).into_iter().filter_map(|(node, _)| {
        let shared = legend.nodes[node.index()].interfaces.iter().take(ROWS_MAX);
        shared.map(|i| i.link).find(|&link| node != centre && ends(link).contains(&centre))
    });
    for link in recent.chain(interfaces.iter().take(PICTURE_MAX).map(|i| i.link)) {
        if links.len() + 1 < PICTURE_MAX && !links.contains(&link) {
            links.push(link);
        }
    }
    let mut scene = Scene::of(vec![centre]);
    for link in links {
        if let Some(node) = beyond(link) {
            scene.stops.push(Stop::Device(node));
            let own = scene.stops.len() - 1;
            let turned = ends(link)[0] != centre;
            scene.cables.push((if turned { [own, 0] } else { [0, own] }, Some(link)));
        }
    }
    scene
}

/// The devices of the last records, each with its last one, the latest first.
fn recent(walk: &Walk) -> Vec<(NodeId, usize)> {
    let trace = walk.trace();
    let end = trace.records_of_step(walk.step()).end;
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for number in (end.saturating_sub(LOOK_BACK)..end).rev() {
        let Some(record) = trace.records().get(number) else { continue };
        let node = record.node;
        // The run's own beginning and end are said at no device.
        let of_the_run = matches!(record.fact, Fact::Started | Fact::Ended | Fact::LimitReached(_));
        if !of_the_run && seen.insert(node) {
            found.push((node, number));
            if found.len() == ROWS_MAX {
                break;
            }
        }
    }
    found
}

/// The devices of the table with the record that is told of each: the one at hand, those that did
/// something last, then the others in their order as far as there are rows.
fn rows(walk: &Walk, lit: Option<NodeId>) -> Vec<(NodeId, Option<usize>)> {
    let mut rows: Vec<(NodeId, Option<usize>)> =
        recent(walk).into_iter().map(|(node, record)| (node, Some(record))).collect();
    if let Some(place) = lit.and_then(|lit| rows.iter().position(|row| row.0 == lit)) {
        rows[..=place].rotate_right(1);
    }
    let known: BTreeSet<NodeId> = rows.iter().map(|row| row.0).collect();
    let count = walk.trace().legend().nodes.len() as u32;
    let others = (0..count).map(NodeId).filter(|node| !known.contains(node));
    rows.extend(others.take(ROWS_MAX - known.len()).map(|node| (node, None)));
    rows
}

fn crowd(walk: &Walk, view: &View, order: Order, rows: &[(NodeId, Option<usize>)]) -> Crowd {
    let trace = walk.trace();
    let legend = trace.legend();
    let row = |&(node, record): &(NodeId, Option<usize>)| {
        let plan = &legend.nodes[node.index()];
        let (sign, layer) = sign_of(plan.kind);
        let last = record.and_then(|record| trace.records().get(record));
        Row {
            node,
            name: plan.name.clone(),
            sign,
            layer,
            address: address_of(plan),
            links: thousands(plan.interfaces.len()),
            frames: thousands(frames_on(walk, node)),
            last: last.as_ref().map_or_else(String::new, |record| view::tell(record, trace).text),
            fresh: last.is_some_and(|record| record.step == walk.step()),
        }
    };
    Crowd {
        order,
        rows: rows.iter().map(row).collect(),
        acted: rows.iter().filter(|row| row.1.is_some()).count(),
        total: thousands(legend.nodes.len()),
        cursor: rows.iter().position(|row| view.node == Some(row.0)),
    }
}

/// How many frames are on the cables of a device, both ways.
fn frames_on(walk: &Walk, node: NodeId) -> usize {
    let world = walk.timeline().world();
    let interfaces = &walk.trace().legend().nodes[node.index()].interfaces;
    interfaces.iter().map(|interface| world.frames_on(interface.link)).sum()
}

/// The names of devices that stand side by side in few columns: in a large network without what they
/// all begin with, `f-` for instance.
pub(super) fn names(trace: &Trace, nodes: &[NodeId]) -> Vec<String> {
    let names: Vec<&str> = nodes.iter().map(|&node| trace.legend().name(node)).collect();
    let network = names.first().and_then(|name| name.split_once('-')).map(|(network, _)| network);
    let prefix = network.filter(|_| is_crowd(trace)).map(|network| format!("{network}-"));
    let all: Option<Vec<&str>> =
        prefix.and_then(|prefix| names.iter().map(|name| name.strip_prefix(&prefix)).collect());
    all.unwrap_or(names).into_iter().map(str::to_owned).collect()
}

/// A number with its thousands set apart: `1,280`.
pub(in crate::tui) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The devices that have a lifeline while this frame is at hand: those on its way.
pub(super) fn lifelines(walk: &Walk, frame: Option<FrameId>) -> Vec<NodeId> {
    let Some(frame) = at_hand(walk, frame) else { return Vec::new() };
    let scene = way(walk, frame);
    let devices = scene.stops.into_iter().filter_map(|stop| match stop {
        Stop::Device(node) => Some(node),
        Stop::Skipped(_) => None,
    });
    let mut nodes: Vec<NodeId> = devices.collect();
    // The same way round for a question and its answer.
    if nodes.first() > nodes.last() {
        nodes.reverse();
    }
    nodes
}
