//! The stacks on the way of the frame at hand.

use super::crowd;
use crate::base::{FrameId, NodeId};
use crate::stack::Layer;
use crate::trace::{Fact, Trace};
use crate::tui::action::Grain;
use crate::tui::beats::{self, Kind};
use crate::tui::facts;
use crate::tui::panes::layers::{Cell, Layers, Stack, Way};
use crate::tui::walk::Walk;
use crate::view::cause;

/// The most stacks that are shown.
const STACKS_MAX: usize = 6;

/// The stacks from the packet's origin to where it ends.
pub(super) fn layers(walk: &Walk, grain: Grain, frame: Option<FrameId>) -> Layers {
    let trace = walk.trace();
    let Some(frame) = frame else { return Layers::default() };
    let whole = chain(walk, frame, usize::MAX).len() + 1;
    let chain = chain(walk, frame, STACKS_MAX - 1);
    let at = chain.iter().position(|&hop| hop == frame).unwrap_or(0);
    let nodes = devices(trace, &chain);
    let place = place(walk, grain, frame);
    let units = walk.index().ladder().units(trace, frame);
    let duties = units.iter().flat_map(|unit| unit.duties(trace));
    let duties: Vec<Layer> = duties.map(|duty| duty.0).collect();
    let lit = walk.beats().get(walk.beat()).map(|beat| beat.node);
    let names = crowd::names(trace, &nodes);
    let stacks = nodes.iter().zip(names).enumerate().map(|(number, (&node, name))| {
        let first = number == 0;
        let way = if first {
            Way::Down
        } else if number + 1 == nodes.len() {
            Way::Up
        } else {
            Way::Through
        };
        let mut used = used(trace, &chain, number, node);
        if used.contains(&Layer::Application) {
            used.extend(&duties);
        }
        let mut cells = [Cell::Absent; 7];
        for layer in Layer::ALL {
            if used.contains(&layer) {
                cells[layer as usize - 1] = cell(number, at, layer, place, way);
            }
        }
        let kind = trace.legend().nodes.get(node.index()).map(|node| node.kind);
        Stack {
            name,
            top: kind.map_or(Layer::Application, beats::top_of),
            way,
            cells,
            lit: lit == Some(node),
        }
    });
    let octets = trace.frame(frame);
    let bits =
        octets.iter().take(8).flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1));
    let bits = bits.map(|bit| if bit == 1 { '1' } else { '0' }).collect();
    let mut facts = facts::by_layer(walk, frame);
    if let Some(cause) = cause::of_frame(trace, walk.index().ladder(), frame) {
        let said = std::mem::take(&mut facts[6]);
        facts[6] = if said.is_empty() { cause } else { format!("{cause} · {said}") };
    }
    Layers { stacks: stacks.collect(), whole, wraps: facts::wraps(walk, frame), facts, bits }
}

/// How far the frame at hand is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The sender is putting on this layer.
    Down(Layer),
    /// It is on the cable.
    OnTheWay,
    /// The receiver is taking off this layer.
    Up(Layer),
    /// It is where it was sent to, all has been taken off, and this layer speaks.
    Over(Option<Layer>),
}

fn place(walk: &Walk, grain: Grain, frame: FrameId) -> Place {
    let trace = walk.trace();
    let ended = walk.index().end_of(frame);
    let beat = walk.beats().get(walk.beat()).filter(|_| grain == Grain::Layer);
    let upto = beat.map_or_else(|| walk.beats().len(), |_| walk.beat() + 1);
    let (passed, coming) = walk.beats().split_at(upto.min(walk.beats().len()));
    if let Some(beat) = beat.filter(|beat| beat.kind == Kind::Said) {
        // A note between: it is said where the frame has come to, or before it goes down.
        let is = |kind: Kind| kind == Kind::PutOn(frame) || kind == Kind::TakenOff(frame);
        let over = passed.iter().any(|beat| beat.kind == Kind::TakenOff(frame));
        let to_come = coming.iter().any(|beat| is(beat.kind));
        if beat.layer > Layer::Physical && over && !to_come {
            return Place::Over(Some(beat.layer));
        }
        if beat.layer > Layer::Physical && to_come && !passed.iter().any(|beat| is(beat.kind)) {
            return Place::Down(beat.layer);
        }
    }
    let found = passed.iter().rev().find_map(|beat| match beat.kind {
        Kind::PutOn(id) if id == frame => Some(Place::Down(beat.layer)),
        Kind::TakenOff(id) if id == frame => Some(Place::Up(beat.layer)),
        Kind::Said => match trace.records().get(beat.record)?.fact {
            Fact::FrameSent { frame: id, .. } if id == frame => Some(Place::OnTheWay),
            Fact::FrameArrived { frame: id, .. } if id == frame => Some(Place::Up(Layer::Physical)),
            _ => None,
        },
        _ => None,
    });
    found.unwrap_or_else(|| {
        // Not in this step: is it still on the cable?
        let end = trace.records_of_step(walk.step()).end;
        match ended.filter(|&record| record < end) {
            Some(_) => Place::Over(None),
            None => Place::OnTheWay,
        }
    })
}

/// One cell: device `number` of the way, the frame at hand being the one from device `at` to the
/// next.
fn cell(number: usize, at: usize, layer: Layer, place: Place, way: Way) -> Cell {
    let by = |passed: bool, here: bool| match (here, passed) {
        (true, _) => Cell::Active,
        (_, true) => Cell::Done,
        _ => Cell::Ahead,
    };
    match number {
        _ if number < at => Cell::Done,
        _ if number == at => match place {
            // Going down through a device that took it up: above stands what was taken off.
            Place::Down(now) => match by(layer > now, layer == now) {
                Cell::Ahead if way == Way::Through => Cell::Done,
                cell => cell,
            },
            Place::OnTheWay => by(true, layer == Layer::Physical),
            Place::Up(_) | Place::Over(_) => Cell::Done,
        },
        _ if number == at + 1 => match place {
            Place::Up(now) => by(layer < now, layer == now),
            Place::Over(now) => by(true, now == Some(layer)),
            _ => Cell::Ahead,
        },
        _ => Cell::Ahead,
    }
}

/// The layers that a device on the way uses for this packet.
fn used(trace: &Trace, chain: &[FrameId], number: usize, node: NodeId) -> Vec<Layer> {
    let frame = chain.get(number).or_else(|| chain.last()).copied().unwrap_or_default();
    let mut layers = beats::layers_at(trace, frame, node);
    layers.push(Layer::Physical);
    layers
}

/// The frame, those whose forwarding led to it, and those that forward it, in order; `most` of
/// them.
pub(super) fn chain(walk: &Walk, frame: FrameId, most: usize) -> Vec<FrameId> {
    let trace = walk.trace();
    let parent = |frame: FrameId| trace.frame_info(frame).and_then(|info| info.parent);
    let mut chain: Vec<FrameId> =
        std::iter::successors(Some(frame), |&hop| parent(hop)).take(most).collect();
    chain.reverse();
    // Of what a switch sent to everybody, the way to whom it was for, or else the longest.
    let journey = walk.index().ladder().journey(frame);
    let follows = |end: &FrameId| {
        *end > frame
            && std::iter::successors(Some(*end), |&hop| parent(hop)).any(|hop| hop == frame)
    };
    let wanted = facts::destination(trace, frame);
    let arrives = |end: &FrameId| wanted.is_some() && receiver(trace, *end) == wanted;
    let mut ends = journey.iter().rev().copied();
    let mut last = ends.clone().filter(arrives).find(follows).or_else(|| ends.find(follows));
    let mut onward = Vec::new();
    while let Some(hop) = last.filter(|&hop| hop != frame) {
        onward.push(hop);
        last = parent(hop);
    }
    chain.extend(onward.into_iter().rev());
    chain.truncate(most);
    chain
}

/// The devices that a chain of frames goes through.
pub(super) fn devices(trace: &Trace, chain: &[FrameId]) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> =
        chain.iter().filter_map(|&frame| trace.frame_info(frame)).map(|info| info.from).collect();
    nodes.extend(chain.last().and_then(|&frame| receiver(trace, frame)));
    nodes
}

/// The device at the other end of a frame's cable.
fn receiver(trace: &Trace, frame: FrameId) -> Option<NodeId> {
    let info = trace.frame_info(frame)?;
    trace.legend().peer(info.from, info.interface).map(|end| end.0)
}
