//! The page of keys, made of their table.

use crate::tui::action::KEYS;
use crate::tui::paint::{cut, put, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Paints the table into `area`, in two columns where it is wide, from line `scroll` on.
pub(in crate::tui) fn draw(scroll: usize, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let lines: Vec<_> = KEYS.iter().filter(|key| !key.words.is_empty()).collect();
    let two = area.width >= 96;
    let rows = if two { lines.len().div_ceil(2) } else { lines.len() };
    let scroll = scroll.min(rows.saturating_sub(usize::from(area.height)));
    let each = if two { area.width / 2 } else { area.width };
    let keys = lines.iter().map(|key| width(key.shown)).max().unwrap_or(0);
    for (place, key) in lines.iter().enumerate() {
        let (column, row) = (place / rows, place % rows);
        let Some(y) = row.checked_sub(scroll).filter(|y| *y < usize::from(area.height)) else {
            continue;
        };
        let x = i32::from(area.x) + 1 + column as i32 * i32::from(each);
        let y = i32::from(area.y) + y as i32;
        put(buf, area, x, y, key.shown, theme.accent());
        let room = each.saturating_sub(keys + 4);
        put(buf, area, x + i32::from(keys) + 2, y, &cut(key.words, room), theme.text());
    }
}
