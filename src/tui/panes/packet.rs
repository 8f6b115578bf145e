//! The packet: its fields as a tree, its octets, and what the field under the cursor is for.

use crate::stack::Layer;
use crate::tui::paint::{cut, put, width, wrap};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::Range;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Packet {
    /// Headers and their fields, in the order of the octets.
    pub(in crate::tui) fields: Vec<FieldRow>,
    /// The place in `fields` of the innermost header.
    pub(in crate::tui) innermost: usize,
    /// The frame's octets.
    pub(in crate::tui) octets: Vec<u8>,
    /// The line of a program that caused it: `client.js:12  socket.emit("chat", "hi")`.
    pub(in crate::tui) cause: Option<String>,
}

/// A header or one of its fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct FieldRow {
    /// 0 for a header, 1 for its field, 2 for a part of a field.
    pub(in crate::tui) depth: u16,
    /// The name in the RFC's words.
    pub(in crate::tui) name: String,
    /// The value, readable.
    pub(in crate::tui) value: String,
    /// Which bits of the frame it is.
    pub(in crate::tui) bits: Range<usize>,
    /// The layer it belongs to.
    pub(in crate::tui) layer: Layer,
    /// One sentence: what it is for.
    pub(in crate::tui) meaning: String,
}

/// Paints the packet into `area`, with the field of that number lit.
pub(in crate::tui) fn draw(
    packet: &Packet,
    selected: usize,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    if area.height < 2 || area.width < 16 {
        return;
    }
    let Some(field) = packet.fields.get(selected).or_else(|| packet.fields.last()) else {
        let words = "No packet has been sent yet. Press → to go on.";
        put(buf, area, i32::from(area.x) + 1, i32::from(area.y) + 1, words, theme.dim());
        return;
    };
    let mut area = area;
    if let Some(cause) = &packet.cause {
        let after =
            put(buf, area, i32::from(area.x) + 1, i32::from(area.y), "sent by ", theme.dim());
        let room = area.width.saturating_sub(10);
        put(buf, area, after, i32::from(area.y), &cut(cause, room), theme.strong());
        area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    }
    let meaning = wrap(&field.meaning, area.width.saturating_sub(2));
    let said =
        (meaning.len() as u16).min(if area.height >= 14 { 3 } else { 2 }).min(area.height / 3);
    // Side by side where there is width for it, else one above the other.
    let side = area.width >= 76 + 34;
    let lines = octet_lines(packet, if side { area.width - 38 } else { area.width });
    let room = area.height.saturating_sub(said + 1);
    let (tree, hex) = if side {
        let tree = Rect { width: 36, height: room, ..area };
        (tree, Rect { x: area.x + 38, width: area.width - 38, height: room, ..area })
    } else {
        let rows = lines.min(room / 2).max(room.min(2));
        let tree = Rect { height: room.saturating_sub(rows + 1), ..area };
        (tree, Rect { y: tree.bottom() + 1, height: rows, ..area })
    };
    draw_tree(packet, selected, theme, tree, buf);
    draw_octets(packet, &field.bits, theme, hex, buf);
    let y = i32::from(area.bottom()) - i32::from(said);
    for (place, line) in meaning.iter().take(usize::from(said)).enumerate() {
        put(buf, area, i32::from(area.x) + 1, y + place as i32, line, theme.text());
    }
}

fn draw_tree(packet: &Packet, selected: usize, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.height);
    let selected = selected.min(packet.fields.len().saturating_sub(1));
    let most = packet.fields.len().saturating_sub(room);
    let first = selected.saturating_sub(room / 2).min(most);
    let names = packet
        .fields
        .iter()
        .map(|field| width(&field.name) + field.depth * 2 + 3)
        .max()
        .unwrap_or(0)
        .min(area.width / 2);
    for (place, field) in packet.fields.iter().enumerate().skip(first).take(room) {
        let y = i32::from(area.y) + (place - first) as i32;
        let x = i32::from(area.x) + 1 + i32::from(field.depth) * 2;
        let lit = place == selected;
        let name =
            if field.depth == 0 { format!("▾ {}", field.name) } else { field.name.clone() };
        let style = match (lit, field.depth) {
            (true, _) => theme.pill(field.layer),
            (false, 0) => theme.layer(field.layer).patch(theme.strong_line()),
            _ => theme.dim(),
        };
        if lit {
            put(buf, area, i32::from(area.x), y, "▸", theme.accent());
        }
        let room = area.width.saturating_sub(2 + field.depth * 2);
        let after = put(buf, area, x, y, &cut(&name, room), style);
        let x = after.max(i32::from(area.x) + i32::from(names)) + 1;
        let value = if lit { theme.strong() } else { theme.text() };
        let room = (i32::from(area.right()) - x).max(0) as u16;
        put(buf, area, x, y, &cut(&field.value, room), value);
    }
}

/// How many octets stand in a line of that many columns.
fn per_line(columns: u16) -> usize {
    if columns >= 76 {
        16
    } else if columns >= 56 {
        // 16 without the letters beside them.
        16
    } else {
        8
    }
}

fn octet_lines(packet: &Packet, columns: u16) -> u16 {
    packet.octets.len().div_ceil(per_line(columns)).min(usize::from(u16::MAX)) as u16
}

fn draw_octets(packet: &Packet, bits: &Range<usize>, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let each = per_line(area.width);
    let letters = area.width >= 8 + each as u16 * 4;
    let lit = bits.start / 8..bits.end.div_ceil(8).max(bits.start / 8 + 1);
    let room = usize::from(area.height);
    let lines = packet.octets.len().div_ceil(each);
    let first = (lit.start / each).saturating_sub(room / 2).min(lines.saturating_sub(room));
    for (place, line) in packet.octets.chunks(each).enumerate().skip(first).take(room) {
        let y = i32::from(area.y) + (place - first) as i32;
        let start = place * each;
        let left = i32::from(area.x) + 1;
        put(buf, area, left, y, &format!("{start:04x}"), theme.faint());
        for (column, octet) in line.iter().enumerate() {
            let at = start + column;
            let own = layer_at(packet, at);
            let style = match (lit.contains(&at), own) {
                (true, Some(layer)) => theme.pill(layer),
                (true, None) => theme.accent_pill(),
                (false, Some(layer)) => theme.layer(layer),
                (false, None) => theme.dim(),
            };
            let gap = i32::from(column >= 8 && each == 16);
            let x = left + 6 + column as i32 * 3 + gap;
            put(buf, area, x, y, &format!("{octet:02x}"), style);
            // One joined block, not a row of islands.
            if lit.contains(&at) && lit.contains(&(at + 1)) && column + 1 < line.len() {
                let blanks = if column == 7 && each == 16 { "  " } else { " " };
                put(buf, area, x + 2, y, blanks, style);
            }
            if letters {
                let letter = if octet.is_ascii_graphic() { char::from(*octet) } else { '·' };
                let style = if lit.contains(&at) { style } else { faded(letter, style, theme) };
                let x = left + 8 + each as i32 * 3 + column as i32;
                put(buf, area, x, y, letter.encode_utf8(&mut [0; 4]), style);
            }
        }
    }
}

fn faded(letter: char, style: Style, theme: &Theme) -> Style {
    if letter == '·' { theme.faint() } else { style }
}

/// The layer of the header that an octet belongs to.
fn layer_at(packet: &Packet, octet: usize) -> Option<Layer> {
    packet
        .fields
        .iter()
        .filter(|field| field.depth == 0)
        .find(|field| field.bits.contains(&(octet * 8)))
        .map(|field| field.layer)
}
