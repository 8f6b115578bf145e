//! The timeline: the whole run in one line, silence left out, with a mark for what matters.

use crate::tui::paint::{put, put_right, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What the pane shows. Steps, not seconds, are spread over the width: so silence takes no room.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Scale {
    /// The step at hand.
    pub(in crate::tui) step: u64,
    /// The last step that is known.
    pub(in crate::tui) known: u64,
    /// Whether that is the end of the run.
    pub(in crate::tui) complete: bool,
    /// When the step at hand happened.
    pub(in crate::tui) now: String,
    /// When the last known step happens.
    pub(in crate::tui) end: String,
}

/// What a stretch of the run holds that is worth a mark, the weightiest counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(in crate::tui) enum Mark {
    /// Nothing.
    #[default]
    None,
    /// A packet was sent or arrived.
    Packet,
    /// A connection changed its state.
    State,
    /// A packet was lost.
    Loss,
}

/// Paints the timeline into `area`; `mark` tells what the steps of a range hold.
pub(in crate::tui) fn draw(
    scale: &Scale,
    mark: impl Fn(std::ops::Range<u64>) -> Mark,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    if area.width < 12 || area.height == 0 {
        return;
    }
    let y = i32::from(area.y);
    let open = if scale.complete { "" } else { "…" };
    let end = format!(" {}{open} ", scale.end);
    let now = format!(" {} ", scale.now);
    let reserved = width(&end) + if area.height == 1 { width(&now) } else { 0 } + 1;
    if area.width < reserved + 8 {
        put(buf, area, i32::from(area.x), y, &now, theme.strong());
        return;
    }
    let mut left = i32::from(area.x) + 1;
    if area.height == 1 {
        left = put(buf, area, i32::from(area.x), y, &now, theme.strong());
    }
    let length = (i32::from(area.right()) - i32::from(width(&end)) - left).max(1);
    put_right(buf, area, i32::from(area.right()), y, &end, theme.dim());
    let columns = length as u64;
    let steps = scale.known + 1;
    let column_of = |step: u64| {
        (u128::from(step) * u128::from(columns - 1) / u128::from(scale.known.max(1))) as u64
    };
    let here = column_of(scale.step);
    for column in 0..columns {
        // The steps whose column this is: from the first that falls on it to the next one's first.
        let first = (u128::from(column) * u128::from(scale.known.max(1)))
            .div_ceil(u128::from((columns - 1).max(1))) as u64;
        let next = (u128::from(column + 1) * u128::from(scale.known.max(1)))
            .div_ceil(u128::from((columns - 1).max(1))) as u64;
        let held = if first < next { mark(first..next.min(steps)) } else { Mark::None };
        let past = column <= here;
        let line = if past { "━" } else { "─" };
        let (glyph, style) = match held {
            Mark::Loss => ("✗", theme.bad()),
            Mark::State => ("◆", if past { theme.good() } else { theme.dim() }),
            Mark::Packet => {
                (if past { "┻" } else { "┴" }, if past { theme.text() } else { theme.faint() })
            }
            Mark::None => (line, if past { theme.text() } else { theme.faint() }),
        };
        put(buf, area, left + column as i32, y, glyph, style);
    }
    put(buf, area, left + here as i32, y, "●", theme.accent());
    if area.height >= 2 {
        let x = left + here as i32 - i32::from(width(&now)) / 2;
        let most = i32::from(area.right()) - i32::from(width(&now));
        put(
            buf,
            area,
            x.clamp(i32::from(area.x), most.max(i32::from(area.x))),
            y + 1,
            &now,
            theme.strong(),
        );
    }
}
