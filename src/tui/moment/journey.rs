//! The message at hand: everything that it becomes on its way.

use crate::base::Instant;
use crate::tui::app::View;
use crate::tui::panes::journey::{Journey, Row};
use crate::tui::walk::Walk;
use crate::view;

/// The journey of the message that was chosen, or else of the last one that a program sent.
pub(super) fn journey(walk: &Walk, view: &View) -> Journey {
    let trace = walk.trace();
    let now = trace.records_of_step(walk.step()).end;
    let calls = walk.index().calls();
    let chosen = view.message.filter(|call| calls.contains(call));
    let last = calls.partition_point(|&call| (call as usize) < now).checked_sub(1);
    let Some(call) = chosen.or_else(|| last.map(|place| calls[place])) else {
        return Journey::default();
    };
    let number = calls.partition_point(|&known| known < call);
    let journey = view::journey(trace, walk.index().ladder(), call);
    let parts = journey.with_sources(walk.sources()).parts;
    let rows: Vec<Row> = parts
        .into_iter()
        .map(|part| Row {
            way: part.way,
            layer: part.layer,
            who: trace.legend().name(part.node).to_owned(),
            time: clock(part.at),
            text: part.text,
            record: part.record,
            ahead: part.record as usize >= now,
        })
        .collect();
    let reached = rows.iter().rposition(|row| !row.ahead).unwrap_or(0);
    let cursor = view.part.filter(|part| *part < rows.len()).unwrap_or(reached);
    Journey { message: number + 1, of: calls.len(), call, rows, cursor }
}

fn clock(at: Instant) -> String {
    super::short(at)
}
