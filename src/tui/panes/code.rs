//! The code: the source of a program, the line that runs, how often lines ran, what they printed, and
//! the lines that a person has marked.

use crate::trace::Level;
use crate::tui::paint::{cut, fill, put, width};
use crate::tui::theme::Theme;
use crate::view::code::{Kind, Listing, tokens};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::collections::BTreeMap;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Code {
    /// The file; `None` where no program has a source.
    pub(in crate::tui) listing: Option<Listing>,
    /// The host that runs it.
    pub(in crate::tui) who: String,
    /// Its place among all files, from 1, and how many there are.
    pub(in crate::tui) place: (usize, usize),
    /// The line that ran last, and whether that was just now.
    pub(in crate::tui) running: Option<(u32, bool)>,
    /// The line that a person has gone to.
    pub(in crate::tui) cursor: Option<u32>,
    /// What there is to say of lines.
    pub(in crate::tui) notes: BTreeMap<u32, Note>,
    /// What woke the program for what it does now: `the WS Text from router`.
    pub(in crate::tui) woken: Option<String>,
    /// The end of its console, the oldest line first.
    pub(in crate::tui) console: Vec<(Level, String)>,
}

/// What there is to say of a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Note {
    /// How often it ran.
    pub(in crate::tui) runs: usize,
    /// Whether it ran just now.
    pub(in crate::tui) fresh: bool,
    /// Whether it is marked; and whether it runs anywhere in what is known of the run.
    pub(in crate::tui) marked: Option<bool>,
    /// What it printed last.
    pub(in crate::tui) said: Option<String>,
    /// The fault that ended the program there.
    pub(in crate::tui) fault: Option<String>,
}

impl Code {
    /// The line to be looked at.
    pub(in crate::tui) fn line(&self) -> u32 {
        self.cursor.or_else(|| self.running.map(|running| running.0)).unwrap_or(1)
    }
}

/// The most lines of the console.
pub(in crate::tui) const CONSOLE_MAX: usize = 3;
/// Columns for how often a line ran.
const COUNT: u16 = 4;

/// Paints the source into `area` around the line to be looked at, and the end of the console below.
pub(in crate::tui) fn draw(code: &Code, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 16 {
        return;
    }
    let Some(listing) = &code.listing else {
        let words = "No host here runs a program in JavaScript.";
        let (x, y) = (i32::from(area.x) + 1, i32::from(area.y) + 1);
        put(buf, area, x, y, &cut(words, area.width - 2), theme.dim());
        return;
    };
    let console = if area.height < 9 { 0 } else { code.console.len() as u16 };
    let foot = console + u16::from(console > 0);
    let body = Rect { height: area.height - foot, ..area };
    draw_source(code, listing.text(), theme, body, buf);
    draw_console(code, theme, Rect { y: body.bottom(), height: foot, ..area }, buf);
}

fn draw_console(code: &Code, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let left = i32::from(area.x) + 1;
    let rule = format!("console {}", "─".repeat(usize::from(area.width)));
    put(buf, area, left, i32::from(area.y), &cut(&rule, area.width - 1), theme.faint());
    for (place, (level, text)) in code.console.iter().enumerate() {
        let style = match level {
            Level::Error => theme.bad(),
            Level::Warn => theme.accent(),
            _ => theme.text(),
        };
        let y = i32::from(area.y) + 1 + place as i32;
        put(buf, area, left, y, &cut(text, area.width - 2), style);
    }
}

/// A row of the source: a line of it, or the fault beneath one.
enum Row<'a> {
    Line(u32, Vec<(Kind, &'a str)>),
    Fault(&'a str),
}

fn draw_source(code: &Code, text: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let lines = split(text);
    let last = lines.len() as u32;
    let mut rows = Vec::new();
    let mut middle = 0;
    for (number, line) in (1..).zip(lines) {
        if number == code.line() {
            middle = rows.len();
        }
        rows.push(Row::Line(number, line));
        let fault = code.notes.get(&number).and_then(|note| note.fault.as_deref());
        rows.extend(fault.map(Row::Fault));
    }
    let room = usize::from(area.height);
    let first = middle.saturating_sub(room / 2).min(rows.len().saturating_sub(room));
    let digits = last.to_string().len() as u16;
    for (place, row) in rows.iter().skip(first).take(room).enumerate() {
        let row_area = Rect { y: area.y + place as u16, height: 1, ..area };
        match row {
            Row::Line(number, pieces) => {
                let left = draw_gutter(code, *number, digits, theme, row_area, buf);
                draw_line(code, *number, pieces, left, theme, row_area, buf);
            }
            Row::Fault(text) => {
                let x = i32::from(area.x + COUNT + digits + 5);
                let room = area.width.saturating_sub(COUNT + digits + 6);
                put(buf, row_area, x, i32::from(row_area.y), &cut(text, room), theme.bad());
            }
        }
    }
}

/// The text's pieces line by line.
fn split(text: &str) -> Vec<Vec<(Kind, &str)>> {
    let mut lines = vec![Vec::new()];
    for (kind, range) in tokens(text) {
        for (place, piece) in text[range].split('\n').enumerate() {
            if place > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push((kind, piece.trim_end_matches('\r')));
            }
        }
    }
    if lines.len() > 1
        && lines.last().is_some_and(|line| line.iter().all(|piece| piece.1.is_empty()))
    {
        lines.pop();
    }
    lines
}

fn is_lit(code: &Code, number: u32) -> bool {
    code.running == Some((number, true))
}

/// `●  12×  7 ▶`: the mark, how often, the number, whether it runs. Returns the column after it.
fn draw_gutter(
    code: &Code,
    number: u32,
    digits: u16,
    theme: &Theme,
    row: Rect,
    buf: &mut Buffer,
) -> i32 {
    let (x, y) = (i32::from(row.x), i32::from(row.y));
    let note = code.notes.get(&number);
    match note.and_then(|note| note.marked) {
        Some(true) => put(buf, row, x, y, "●", theme.bad()),
        Some(false) => put(buf, row, x, y, "○", theme.bad()),
        None => x,
    };
    let runs = note.map_or(0, |note| note.runs);
    let count = match runs {
        0 => String::new(),
        1..=999 => format!("{runs}×"),
        _ => format!("{}k×", (runs / 1000).min(99)),
    };
    let style = if note.is_some_and(|note| note.fresh) { theme.accent() } else { theme.dim() };
    let at = x + 1 + i32::from(COUNT - width(&count).min(COUNT));
    put(buf, row, at, y, &count, style);
    let at = x + i32::from(COUNT) + 2;
    let number_text = format!("{number:>wide$}", wide = usize::from(digits));
    let style = if code.cursor == Some(number) { theme.accent_pill() } else { theme.faint() };
    let after = put(buf, row, at, y, &number_text, style);
    match code.running {
        Some((line, true)) if line == number => put(buf, row, after + 1, y, "▶", theme.accent()),
        Some((line, false)) if line == number => put(buf, row, after + 1, y, "▷", theme.dim()),
        _ => after,
    };
    after + 3
}

fn draw_line(
    code: &Code,
    number: u32,
    pieces: &[(Kind, &str)],
    left: i32,
    theme: &Theme,
    row: Rect,
    buf: &mut Buffer,
) {
    let y = i32::from(row.y);
    let room = (i32::from(row.right()) - left).max(0) as u16;
    let right = Rect { x: left as u16, width: room, ..row };
    let note = code.notes.get(&number);
    let said = note.and_then(|note| note.said.as_deref());
    let said = said.map(|said| format!("  // {said}")).unwrap_or_default();
    let text: Vec<(Kind, String)> =
        pieces.iter().map(|(kind, piece)| (*kind, piece.replace('\t', "  "))).collect();
    let long = text.iter().map(|piece| u32::from(width(&piece.1))).sum::<u32>();
    // Both must be seen: what was printed has the room that is left, but half of it if it needs that.
    let left_over = room.saturating_sub(long.min(u32::from(room)) as u16);
    let for_said = width(&said).min(left_over.max(room / 2));
    let body = Rect { width: room - for_said, ..right };
    let base = if is_lit(code, number) { theme.selected() } else { Style::new() };
    if is_lit(code, number) {
        fill(buf, right, base);
    }
    let is_fault = note.is_some_and(|note| note.fault.is_some());
    let mut x = left;
    for (kind, piece) in &text {
        let style = if is_fault { theme.bad() } else { theme.code(*kind) };
        x = put(
            buf,
            body,
            x,
            y,
            piece,
            Style { bg: base.bg, ..style }.add_modifier(base.add_modifier),
        );
    }
    if x > i32::from(body.right()) {
        x = i32::from(body.right());
        put(buf, body, x - 1, y, "…", theme.dim());
    }
    let style = Style { bg: base.bg, ..theme.dim() }.add_modifier(base.add_modifier);
    put(buf, right, x, y, &cut(&said, for_said), style);
}
