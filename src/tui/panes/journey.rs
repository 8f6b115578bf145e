//! The journey of one message: a list from the program's call down to the bits, over the links, and
//! up to the handler.

use crate::stack::Layer;
use crate::tui::paint::{cut, put, width};
use crate::tui::theme::Theme;
use crate::view::journey::Way;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Journey {
    /// The message's number, from 1; zero without a message.
    pub(in crate::tui) message: usize,
    /// Of so many that are known.
    pub(in crate::tui) of: usize,
    /// The record of its call.
    pub(in crate::tui) call: u32,
    /// Its parts.
    pub(in crate::tui) rows: Vec<Row>,
    /// The place of the one at hand.
    pub(in crate::tui) cursor: usize,
}

/// A part of the journey.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Row {
    /// Which way it goes.
    pub(in crate::tui) way: Way,
    /// The layer.
    pub(in crate::tui) layer: Layer,
    /// The device.
    pub(in crate::tui) who: String,
    /// When, short.
    pub(in crate::tui) time: String,
    /// What it is there.
    pub(in crate::tui) text: String,
    /// The record that says it.
    pub(in crate::tui) record: u32,
    /// It is still to come.
    pub(in crate::tui) ahead: bool,
}

/// Paints the list into `area`: a row a part, with the layer's number in its colour.
pub(in crate::tui) fn draw(journey: &Journey, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 16 {
        return;
    }
    let left = i32::from(area.x) + 1;
    if journey.rows.is_empty() {
        let words = "No program has sent a message of layer 7 yet. Press → to go on.";
        put(buf, area, left, i32::from(area.y) + 1, &cut(words, area.width - 2), theme.dim());
        return;
    }
    let room = usize::from(area.height);
    let most = journey.rows.len().saturating_sub(room);
    let first = journey.cursor.saturating_sub(room / 2).min(most);
    let names = journey.rows.iter().map(|row| width(&row.who)).max().unwrap_or(0).min(12);
    for (line, (place, row)) in journey.rows.iter().enumerate().skip(first).take(room).enumerate() {
        let y = i32::from(area.y) + line as i32;
        let lit = place == journey.cursor;
        let base = if row.ahead && !lit { theme.dim() } else { theme.text() };
        let style = if lit { base.add_modifier(Modifier::REVERSED) } else { base };
        let way = match row.way {
            Way::Down => "↓",
            Way::Across => "→",
            Way::Up => "↑",
        };
        let mark = format!("{way}{} ", row.layer.number());
        let colour = if row.ahead && !lit { theme.dim() } else { theme.layer(row.layer) };
        let x = put(buf, area, left, y, &mark, colour);
        let who = format!("{:<wide$} ", cut(&row.who, names), wide = usize::from(names));
        let x = put(buf, area, x, y, &who, colour);
        let used = (x - i32::from(area.x)).max(0) as u16;
        let text = cut(&row.text, area.width.saturating_sub(used + 1));
        put(buf, area, x, y, &text, style);
    }
}
