//! The ladder around the frame at hand.

use super::crowd;
use crate::base::{FrameId, NodeId};
use crate::stack::Layer;
use crate::trace::Fact;
use crate::tui::facts;
use crate::tui::moment::network::sign_of;
use crate::tui::panes::ladder::{Column, Fate, Ladder, Row};
use crate::tui::walk::Walk;
use crate::view::{Arrow, Hops, RowKind, RowView};

/// Rows before and after the one at hand: as many as the tallest terminal shows.
const ROWS: usize = 80;
/// In a large network, how many rows before and after are looked through for them.
const LOOK: usize = 4_096;
/// The most lifelines.
const COLUMNS_MAX: usize = 8;

/// The rows around `frame`.
pub(super) fn ladder(walk: &Walk, frame: Option<FrameId>) -> Ladder {
    let trace = walk.trace();
    let model = walk.index().ladder();
    let count = model.len(Hops::Each);
    let at = frame.and_then(|frame| model.row_of_frame(Hops::Each, frame)).unwrap_or(0);
    let crowd = crowd::is_crowd(trace);
    let (places, hidden) = if crowd {
        of_devices(walk, at, &crowd::lifelines(walk, frame))
    } else {
        ((at.saturating_sub(ROWS)..(at + ROWS).min(count)).collect(), 0)
    };
    let (first, end) = (places.first().map_or(at, |p| *p), places.last().map_or(at, |p| p + 1));
    let arrows: Vec<(RowView, Arrow)> = places
        .into_iter()
        .flat_map(|place| model.rows(trace, Hops::Each, place..place + 1))
        .filter_map(|row| match &row.kind {
            RowKind::Arrow(arrow) => Some((row.clone(), arrow.clone())),
            RowKind::Note { .. } => None,
        })
        .collect();
    let nodes = if crowd { crowd::lifelines(walk, frame) } else { lifelines(walk, &arrows) };
    let column = |node: NodeId| nodes.iter().position(|&other| other == node);
    let mut rows = Vec::new();
    let mut cursor = 0;
    for (view, arrow) in &arrows {
        let (Some(from), Some(to)) = (column(arrow.from), column(arrow.to)) else { continue };
        if frame == Some(arrow.frame) {
            cursor = rows.len();
        }
        rows.push(row(walk, view, arrow, (from, to)));
    }
    let lit = walk.beats().get(walk.beat()).map(|beat| beat.node);
    let names = crowd::names(trace, &nodes);
    let columns = nodes.iter().zip(names).map(|(&node, name)| Column {
        name,
        layer: trace
            .legend()
            .nodes
            .get(node.index())
            .map_or(Layer::Application, |node| sign_of(node.kind).1),
        lit: lit == Some(node),
    });
    let more = (first as u32, (count - end) as u32);
    Ladder { columns: columns.collect(), rows, cursor, more, hidden }
}

/// The places of the rows around `at` that lie between these devices, and how many between the
/// first and the last of them do not.
fn of_devices(walk: &Walk, at: usize, nodes: &[NodeId]) -> (Vec<usize>, u32) {
    let (trace, model) = (walk.trace(), walk.index().ladder());
    let among = |place: &usize| {
        let ends = model.ends(trace, *place);
        ends.is_some_and(|(_, from, to)| nodes.contains(&from) && nodes.contains(&to))
    };
    let count = model.len(Hops::Each);
    let before = (at.saturating_sub(LOOK)..at).rev().filter(among).take(ROWS);
    let mut places: Vec<usize> = before.collect();
    places.reverse();
    places.extend((at..(at + LOOK).min(count)).filter(among).take(ROWS));
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else {
        return (places, 0);
    };
    let is_frame = |place: &usize| model.ends(trace, *place).is_some();
    let all = (first..=last).filter(is_frame).count();
    let hidden = (all - places.len()) as u32;
    (places, hidden)
}

/// The devices that have a lifeline: all of them, or where there are too many those that these
/// rows are about.
fn lifelines(walk: &Walk, arrows: &[(RowView, Arrow)]) -> Vec<NodeId> {
    let all = walk.index().ladder().lifelines(walk.trace(), Hops::Each);
    if all.len() <= COLUMNS_MAX {
        return all;
    }
    let busy = |node: &NodeId| arrows.iter().any(|(_, a)| a.from == *node || a.to == *node);
    all.into_iter().filter(busy).take(COLUMNS_MAX).collect()
}

fn row(walk: &Walk, view: &RowView, arrow: &Arrow, ends: (usize, usize)) -> Row {
    let trace = walk.trace();
    let now = trace.records_of_step(walk.step()).end;
    let over = walk.index().end_of(arrow.frame).filter(|&end| end < now);
    let lost = |end: usize| {
        matches!(trace.records().get(end).map(|record| record.fact), Some(Fact::FrameLost { .. }))
    };
    let fate = match over {
        _ if view.record as usize >= now => Fate::Ahead,
        Some(end) if lost(end) => Fate::Lost,
        Some(_) => Fate::Arrived,
        None => Fate::Flying(500),
    };
    Row {
        time: clock(view.at.0),
        ends,
        name: facts::name(walk, arrow.frame),
        details: if arrow.carries.is_empty() {
            facts::short(&arrow.words)
        } else {
            arrow.carries.clone()
        },
        layer: facts::layer(trace, arrow.frame),
        fate,
    }
}

/// Milliseconds to a tenth, from ten seconds on seconds.
fn clock(nanos: u64) -> String {
    let micros = nanos / 1_000;
    if micros < 10_000_000 {
        format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
    } else {
        format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000)
    }
}
