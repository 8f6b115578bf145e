//! What stands around the panes: the head line, borders and the key bar.

use crate::tui::action::{KEYS, Pane};
use crate::tui::paint::{cut, fill, put, put_right, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::widgets::{Block, Widget};

/// What the head line says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Head {
    /// The scenario's title.
    pub(in crate::tui) title: String,
    /// Words on its right, the most important last: grain, step, time.
    pub(in crate::tui) words: Vec<String>,
    /// What is being done, in a pill: `▶ x1`, `paused`.
    pub(in crate::tui) doing: String,
    /// Whether that is playing.
    pub(in crate::tui) playing: bool,
}

/// Paints the head line.
pub(in crate::tui) fn draw_head(head: &Head, theme: &Theme, area: Rect, buf: &mut Buffer) {
    fill(buf, area, theme.raised());
    let y = i32::from(area.y);
    let mut right = i32::from(area.right());
    let doing = format!(" {} ", head.doing);
    let style = if head.playing { theme.accent_pill() } else { theme.strong() };
    right = put_right(buf, area, right, y, &doing, style);
    let name = " framestep ";
    let least = i32::from(area.x) + i32::from(width(name) + width(&head.title).min(30)) + 2;
    for (place, words) in head.words.iter().enumerate().rev() {
        let last = place + 1 == head.words.len();
        let text = format!("{words}  ");
        if right - i32::from(width(&text)) < least {
            break;
        }
        let style = if last { theme.strong() } else { theme.dim() };
        right = put_right(buf, area, right, y, &text, style);
    }
    let x = put(buf, area, i32::from(area.x), y, name, theme.accent_pill());
    let room = (right - x - 2).max(0) as u16;
    put(buf, area, x + 1, y, &cut(&head.title, room), theme.strong());
}

/// Paints a pane's border and title, and returns what is inside of it.
pub(in crate::tui) fn draw_border(
    title: &str,
    focused: bool,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let line = if focused { theme.dim() } else { theme.faint() };
    let block = Block::bordered().border_style(line).merge_borders(MergeStrategy::Exact);
    let inner = block.inner(area);
    block.render(area, buf);
    let top = Rect { height: 1, width: area.width.saturating_sub(2), ..area };
    let style = if focused { theme.accent() } else { theme.dim() };
    put(buf, top, i32::from(area.x) + 2, i32::from(area.y), &format!(" {title} "), style);
    inner
}

/// A pane's title, with the number that goes to it.
pub(in crate::tui) fn title_of(pane: Pane) -> String {
    format!("{} {}", pane.number(), pane.title())
}

/// Paints the key bar: the keys with a word each, as many as there is room for, help at the end.
pub(in crate::tui) fn draw_bar(message: Option<&str>, theme: &Theme, area: Rect, buf: &mut Buffer) {
    fill(buf, area, theme.raised());
    let y = i32::from(area.y);
    if let Some(message) = message {
        put(buf, area, i32::from(area.x) + 1, y, &cut(message, area.width - 1), theme.strong());
        return;
    }
    let shown = |key: &&crate::tui::action::Key| key.bar.is_some() && !key.shown.is_empty();
    let last = |key: &&crate::tui::action::Key| matches!(key.bar, Some("help" | "quit"));
    let long = |key: &crate::tui::action::Key| {
        width(key.shown) + 1 + width(key.bar.unwrap_or_default()) + 2
    };
    let mut room = area.width.saturating_sub(1);
    for key in KEYS.iter().filter(shown).filter(last) {
        room = room.saturating_sub(long(key));
    }
    let mut x = i32::from(area.x) + 1;
    for key in KEYS.iter().filter(shown) {
        if !last(&key) {
            if long(key) > room {
                continue;
            }
            room -= long(key);
        }
        x = put(buf, area, x, y, key.shown, theme.accent());
        x = put(buf, area, x + 1, y, key.bar.unwrap_or_default(), theme.dim()) + 2;
    }
}
