//! The ladder around the frame at hand.

use crate::base::{FrameId, NodeId};
use crate::trace::{Fact, Trace};
use crate::tui::facts;
use crate::tui::moment::network::sign_of;
use crate::tui::panes::ladder::{Column, Fate, Ladder, Row};
use crate::tui::walk::Walk;

/// Rows before and after the one at hand: as many as the tallest terminal shows.
const ROWS: u32 = 80;
/// The most lifelines.
const COLUMNS_MAX: usize = 8;

/// The rows around `frame`.
pub(super) fn ladder(walk: &Walk, frame: Option<FrameId>) -> Ladder {
    let trace = walk.trace();
    let count = trace.frame_count();
    let at = frame.map_or(0, |frame| frame.0);
    let first = at.saturating_sub(ROWS);
    let end = (at + ROWS).min(count);
    let frames: Vec<FrameId> = (first..end).map(FrameId).collect();
    let nodes = lifelines(trace, &frames);
    let column = |node: NodeId| nodes.iter().position(|&other| other == node);
    let mut rows = Vec::new();
    let mut cursor = 0;
    for &id in &frames {
        let Some((from, to)) = ends(trace, id) else { continue };
        let (Some(from), Some(to)) = (column(from), column(to)) else { continue };
        if frame == Some(id) {
            cursor = rows.len();
        }
        rows.push(row(walk, id, (from, to)));
    }
    let lit = walk.beats().get(walk.beat()).map(|beat| beat.node);
    let columns = nodes.iter().map(|&node| Column {
        name: trace.legend().name(node).to_owned(),
        layer: trace.legend().nodes.get(node.index()).map_or(crate::stack::Layer::Application, |n| {
            sign_of(n.kind).1
        }),
        lit: lit == Some(node),
    });
    Ladder { columns: columns.collect(), rows, cursor, more: (first, count - end) }
}

/// The devices that these frames go between, in the order of the picture from left to right.
fn lifelines(trace: &Trace, frames: &[FrameId]) -> Vec<NodeId> {
    let legend = trace.legend();
    let mut nodes: Vec<NodeId> = Vec::new();
    for (from, to) in frames.iter().filter_map(|&frame| ends(trace, frame)) {
        for node in [from, to] {
            if nodes.len() < COLUMNS_MAX && !nodes.contains(&node) {
                nodes.push(node);
            }
        }
    }
    if nodes.is_empty() {
        nodes = (0..legend.nodes.len().min(COLUMNS_MAX) as u32).map(NodeId).collect();
    }
    nodes.sort_by_key(|node| (legend.nodes.get(node.index()).map(|n| n.position.0), *node));
    nodes
}

fn ends(trace: &Trace, frame: FrameId) -> Option<(NodeId, NodeId)> {
    let info = trace.frame_info(frame)?;
    Some((info.from, trace.legend().peer(info.from, info.interface)?.0))
}

fn row(walk: &Walk, frame: FrameId, ends: (usize, usize)) -> Row {
    let trace = walk.trace();
    let now = trace.records_of_step(walk.step()).end;
    let sent = trace.frame_info(frame).map_or(0, |info| info.record as usize);
    let record = trace.records().get(sent);
    let over = walk.index().end_of(frame).filter(|&end| end < now);
    let lost = |end: usize| {
        matches!(trace.records().get(end).map(|record| record.fact), Some(Fact::FrameLost { .. }))
    };
    let fate = match over {
        _ if sent >= now => Fate::Ahead,
        Some(end) if lost(end) => Fate::Lost,
        Some(_) => Fate::Arrived,
        None => Fate::Flying(500),
    };
    Row {
        time: record.map_or_else(String::new, |record| clock(record.at.0)),
        ends,
        name: facts::name(trace, frame),
        details: facts::details(trace, frame),
        layer: facts::layer(trace, frame),
        fate,
    }
}

/// Milliseconds with one or three digits after the point, by how large they are.
fn clock(nanos: u64) -> String {
    let micros = nanos / 1_000;
    if micros < 10_000_000 {
        format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
    } else {
        format!("{} s", micros / 1_000_000)
    }
}
