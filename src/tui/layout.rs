//! Which pane stands where, by the size of the terminal.
//!
//! ```text
//!  80x24                       120x40                      200x60
//! ┌ one main pane ─────┐      ┌ network ─┬ ladder ──┐     ┌ network ┬ ladder ┬ state ┐
//! │                    │      ├ layers ──┼ packet ──┤     ├ layers ─┼ packet ┤       │
//! ├ story ─────────────┤      ├ story ───┴──────────┤     ├ story ──┴────────┴───────┤
//! └────────────────────┘      └─────────────────────┘     └──────────────────────────┘
//!  timeline, keys              timeline, keys              timeline, keys
//! ```
//!
//! Neighbours share a border, so their rectangles overlap by one row or column.

use super::action::Pane;
use ratatui::layout::Rect;

/// The least that anything is drawn in.
pub(super) const LEAST: (u16, u16) = (40, 12);

/// Which of the panes are wanted where there is not room for all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    /// The one that the keys go to.
    pub(super) focus: Pane,
    /// The one shown where there is room for one.
    pub(super) main: Pane,
    /// The one shown at the lower right: packet, state, journey or code.
    pub(super) corner: Pane,
    /// The focused one alone.
    pub(super) zoomed: bool,
}

/// Where everything stands. Borders included for panes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Plan {
    /// The line at the top.
    pub(super) head: Rect,
    /// The panes.
    pub(super) panes: Vec<(Pane, Rect)>,
    /// The timeline where it is a line of its own.
    pub(super) timeline: Option<Rect>,
    /// The keys at the bottom.
    pub(super) bar: Rect,
}

/// Divides up a terminal; `None` where it is too small.
pub(super) fn plan(area: Rect, wanted: Wanted) -> Option<Plan> {
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return None;
    }
    let row = |y: u16| Rect { y, height: 1, ..area };
    let bottom = area.bottom();
    let body = Rect { y: area.y + 1, height: area.height - 3, ..area };
    let panes = if wanted.zoomed {
        vec![(wanted.focus, body)]
    } else if area.width >= 160 && area.height >= 44 {
        large(body, wanted)
    } else if area.width >= 100 && area.height >= 32 {
        medium(body, wanted)
    } else {
        small(body, wanted)
    };
    let shown = panes.iter().any(|(pane, _)| *pane == Pane::Timeline);
    let timeline = (!shown).then(|| row(bottom - 2));
    Some(Plan { head: row(area.y), panes, timeline, bar: row(bottom - 1) })
}

/// The story's rows: as many as leave the panes their due.
fn with_story(body: Rect, rows: u16) -> (Rect, (Pane, Rect)) {
    let above = Rect { height: body.height + 1 - rows, ..body };
    let story = Rect { y: above.bottom() - 1, height: rows, ..body };
    (above, (Pane::Story, story))
}

fn small(body: Rect, wanted: Wanted) -> Vec<(Pane, Rect)> {
    let rows = if body.height >= 20 { 6 } else { 4 };
    let (above, story) = with_story(body, rows);
    vec![(wanted.main, above), story]
}

fn medium(body: Rect, wanted: Wanted) -> Vec<(Pane, Rect)> {
    let (above, story) = with_story(body, if body.height >= 36 { 7 } else { 6 });
    let (left, right) = columns(above, above.width / 2);
    let ([network, layers], [ladder, corner]) = (rows(left), rows(right));
    vec![
        (Pane::Network, network),
        (Pane::Ladder, ladder),
        (Pane::Layers, layers),
        (wanted.corner, corner),
        story,
    ]
}

fn large(body: Rect, wanted: Wanted) -> Vec<(Pane, Rect)> {
    let (above, story) = with_story(body, 9);
    let (left, rest) = columns(above, above.width * 34 / 100);
    let (middle, right) = columns(rest, rest.width * 57 / 100);
    let ([network, layers], [ladder, packet]) = (rows(left), rows(middle));
    vec![
        (Pane::Network, network),
        (Pane::Ladder, ladder),
        (Pane::Layers, layers),
        (Pane::Packet, packet),
        (if wanted.corner == Pane::Packet { Pane::State } else { wanted.corner }, right),
        story,
    ]
}

fn columns(area: Rect, left: u16) -> (Rect, Rect) {
    let first = Rect { width: left + 1, ..area };
    (first, Rect { x: area.x + left, width: area.width - left, ..area })
}

fn rows(area: Rect) -> [Rect; 2] {
    let upper = area.height * 48 / 100;
    let first = Rect { height: upper + 1, ..area };
    [first, Rect { y: area.y + upper, height: area.height - upper, ..area }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_divided_without_leaving_it() {
        for (width, height) in (0..220).step_by(7).flat_map(|w| (0..70).map(move |h| (w, h))) {
            let area = Rect::new(0, 0, width, height);
            for zoomed in [false, true] {
                let wanted =
                    Wanted { focus: Pane::State, main: Pane::Ladder, corner: Pane::State, zoomed };
                let Some(plan) = plan(area, wanted) else { continue };
                for (pane, rect) in plan.panes {
                    assert_eq!(area.intersection(rect), rect, "{pane:?} at {width}x{height}");
                    assert!(rect.height >= 4 && rect.width >= 12, "{pane:?} at {width}x{height}");
                }
            }
        }
    }
}
