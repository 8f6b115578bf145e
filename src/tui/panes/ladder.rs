//! The ladder: a lifeline a device, a row a packet, time downwards.

use crate::stack::Layer;
use crate::tui::paint::{cut, cut_front, put, put_right, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the pane shows: the part of the ladder about the cursor.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Ladder {
    /// The devices, from left to right.
    pub(in crate::tui) columns: Vec<Column>,
    /// The rows around the cursor.
    pub(in crate::tui) rows: Vec<Row>,
    /// The place in `rows` of the one at hand.
    pub(in crate::tui) cursor: usize,
    /// How many rows come before the first and after the last of `rows`.
    pub(in crate::tui) more: (u32, u32),
    /// How many packets between the rows are left out, as they are between others.
    pub(in crate::tui) hidden: u32,
}

/// A lifeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Column {
    /// The device's name.
    pub(in crate::tui) name: String,
    /// The layer whose colour it has.
    pub(in crate::tui) layer: Layer,
    /// Whether the step at hand happened here.
    pub(in crate::tui) lit: bool,
}

/// What became of a packet, as far as the cursor has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tui) enum Fate {
    /// It is known what will be sent, but the cursor has not come there.
    Ahead,
    /// It is on its way, and so much of it (permille) behind it.
    Flying(u16),
    /// It is there.
    Arrived,
    /// It is lost.
    Lost,
}

/// A packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Row {
    /// When it was sent, in milliseconds.
    pub(in crate::tui) time: String,
    /// The places of the columns of sender and receiver.
    pub(in crate::tui) ends: (usize, usize),
    /// Its short name.
    pub(in crate::tui) name: String,
    /// What else is worth saying of it.
    pub(in crate::tui) details: String,
    /// The layer whose colour it has.
    pub(in crate::tui) layer: Layer,
    /// What became of it.
    pub(in crate::tui) fate: Fate,
}

/// Paints the ladder into `area`.
pub(in crate::tui) fn draw(ladder: &Ladder, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height < 2 || area.width < 12 || ladder.columns.is_empty() {
        return;
    }
    let clock = ladder.rows.iter().map(|row| width(&row.time)).max().unwrap_or(0).max(5);
    let lines = lifelines(ladder, clock, area);
    for (column, &x) in ladder.columns.iter().zip(&lines) {
        for y in area.top() + 1..area.bottom() {
            put(buf, area, x, i32::from(y), "│", theme.faint());
        }
        draw_name(column, x, lines.len(), theme, area, buf);
    }
    // What is left out is told in the last row.
    let room = usize::from(area.height - 1 - u16::from(ladder.hidden > 0));
    let first = first_row(ladder, room);
    for (place, row) in ladder.rows.iter().enumerate().skip(first).take(room) {
        let y = i32::from(area.y) + 1 + (place - first) as i32;
        draw_row(row, place == ladder.cursor, &lines, clock, theme, (area, y), buf);
    }
    let below = ladder.rows.len().saturating_sub(first + room) as u32 + ladder.more.1;
    if below > 0 {
        let y = i32::from(area.bottom()) - 1;
        put_right(buf, area, i32::from(area.right()), y, &format!(" ▾ {below} more "), theme.dim());
    }
    if ladder.hidden > 0 {
        let y = i32::from(area.bottom()) - 1;
        let packets = if ladder.hidden == 1 { "packet" } else { "packets" };
        let words = format!(" {} {packets} of others not shown ", ladder.hidden);
        put(buf, area, i32::from(area.left()), y, &words, theme.dim());
    }
}

/// The row at the top: the cursor's row stands two thirds down, once there are so many.
fn first_row(ladder: &Ladder, room: usize) -> usize {
    let most = ladder.rows.len().saturating_sub(room);
    ladder.cursor.saturating_sub(room * 2 / 3).min(most)
}

/// Where the lifelines stand.
fn lifelines(ladder: &Ladder, clock: u16, area: Rect) -> Vec<i32> {
    let half = |column: &Column| i32::from(width(&column.name) + 2) / 2;
    let (Some(first), Some(last)) = (ladder.columns.first(), ladder.columns.last()) else {
        return Vec::new();
    };
    let left = i32::from(area.left()) + i32::from(clock) + 1 + half(first).clamp(1, 6);
    let right = (i32::from(area.right()) - 1 - half(last).clamp(1, 6)).max(left);
    let gaps = (ladder.columns.len() as i32 - 1).max(1);
    (0..ladder.columns.len() as i32).map(|place| left + (right - left) * place / gaps).collect()
}

fn draw_name(column: &Column, x: i32, count: usize, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let room = (area.width / count.max(1) as u16).saturating_sub(3).max(1);
    let text = format!(" {} ", cut_front(&column.name, room));
    let style = if column.lit { theme.pill(column.layer) } else { theme.tint(column.layer) };
    put(buf, area, x - i32::from(width(&text)) / 2, i32::from(area.y), &text, style);
}

fn draw_row(
    row: &Row,
    lit: bool,
    lines: &[i32],
    clock: u16,
    theme: &Theme,
    (area, y): (Rect, i32),
    buf: &mut Buffer,
) {
    let (Some(&from), Some(&to)) = (lines.get(row.ends.0), lines.get(row.ends.1)) else { return };
    let ahead = row.fate == Fate::Ahead;
    let time = if lit {
        theme.strong()
    } else if ahead {
        theme.faint()
    } else {
        theme.dim()
    };
    if lit {
        put(buf, area, i32::from(area.left()), y, "▸", theme.accent());
    }
    put_right(buf, area, i32::from(area.left()) + i32::from(clock) + 1, y, &row.time, time);
    let line = match (row.fate, lit) {
        (Fate::Ahead, _) => theme.faint(),
        (Fate::Lost, _) => theme.bad(),
        (_, true) => theme.layer(row.layer).patch(theme.strong_line()),
        _ => theme.layer(row.layer),
    };
    let (left, right) = (from.min(to) + 1, from.max(to) - 1);
    if left > right {
        return;
    }
    let ltr = from < to;
    draw_arrow(row.fate, (left, right), ltr, (line, theme.faint()), lit, (area, y), buf);
    let pill = match (row.fate, lit) {
        (Fate::Ahead, _) => theme.faint(),
        (Fate::Lost, _) => theme.bad_pill(),
        (_, true) => theme.pill(row.layer),
        _ => theme.tint(row.layer),
    };
    let words = if lit {
        theme.strong()
    } else if ahead {
        theme.faint()
    } else {
        theme.dim()
    };
    draw_words(row, (left, right), ltr, (pill, words), theme, (area, y), buf);
}

/// The arrow: whole for what arrived, up to where it is for what flies, with a cross for the lost.
fn draw_arrow(
    fate: Fate,
    (left, right): (i32, i32),
    ltr: bool,
    (style, faint): (Style, Style),
    lit: bool,
    (area, y): (Rect, i32),
    buf: &mut Buffer,
) {
    let length = right - left + 1;
    let done = match fate {
        Fate::Ahead | Fate::Arrived => length,
        Fate::Flying(part) => (length * i32::from(part) / 1000).clamp(1, length),
        Fate::Lost => length / 2 + 1,
    };
    let stroke = match (fate, lit) {
        (Fate::Ahead, _) => "┄",
        (_, true) => "━",
        _ => "─",
    };
    let head = match (fate, ltr) {
        (Fate::Lost, _) => "✗",
        (_, true) => "▶",
        (_, false) => "◀",
    };
    let flies = matches!(fate, Fate::Flying(_));
    for place in 0..length {
        let x = if ltr { left + place } else { right - place };
        if place < done {
            put(buf, area, x, y, if place == done - 1 { head } else { stroke }, style);
        } else if flies {
            put(buf, area, x, y, "┄", faint);
        }
    }
}

/// The name, and the details if there is room for them, near the sender's end.
fn draw_words(
    row: &Row,
    (left, right): (i32, i32),
    ltr: bool,
    (pill, words): (Style, Style),
    theme: &Theme,
    (area, y): (Rect, i32),
    buf: &mut Buffer,
) {
    let length = (right - left + 1) as u16;
    let ground = Style { fg: None, ..theme.ground() };
    let name = format!(" {} ", row.name);
    let tight = width(&name) + 3 > length;
    let half = row.fate == Fate::Lost || matches!(row.fate, Fate::Flying(_));
    let room = if tight {
        (i32::from(area.right()) - right - 2).max(0) as u16
    } else if row.fate == Fate::Lost {
        length / 2
    } else {
        length.saturating_sub(4)
    };
    let details = cut(&row.details, room.saturating_sub(width(&name) + 4));
    let details = if row.details.is_empty() || width(&details) < 6 {
        String::new()
    } else {
        format!(" {details} ")
    };
    let columns = width(&name) + width(&details);
    let inset = if half { 1 } else { 3.min(i32::from(length.saturating_sub(columns)) / 2) };
    // Where the arrow is too short for its name, the name stands beside it.
    let x = match (tight, ltr) {
        (true, _) if right + 2 + i32::from(width(&name)) <= i32::from(area.right()) => right + 2,
        (true, _) => left - 1 - i32::from(columns),
        (false, true) => left + inset,
        (false, false) => right + 1 - inset - i32::from(columns),
    };
    let after = put(buf, area, x, y, &name, pill.patch(fallback(ground, pill)));
    put(buf, area, after, y, &details, words.patch(ground));
}

/// The ground for a style that has none of its own.
fn fallback(ground: Style, style: Style) -> Style {
    if style.bg.is_some() { Style::new() } else { ground }
}
