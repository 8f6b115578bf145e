//! Putting text, lines and dots into a buffer; everything is clipped to the area it is given.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns `text` takes, to be compared with a width on the screen.
pub(super) fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Writes `text` from (`x`, `y`) on, as far as `area` reaches, and returns the column after it.
///
/// A style's missing ground leaves the one that is there; its modifiers replace those there. A
/// control character shows as a dot: what a program sent may be anything.
pub(super) fn put(buf: &mut Buffer, area: Rect, x: i32, y: i32, text: &str, style: Style) -> i32 {
    let area = area.intersection(buf.area);
    let inside = |x: i32| x >= i32::from(area.left()) && x < i32::from(area.right());
    let row = y >= i32::from(area.top()) && y < i32::from(area.bottom());
    let mut x = x;
    for letter in text.chars() {
        let letter = if letter.is_control() { '·' } else { letter };
        let columns = letter.width().unwrap_or(0) as i32;
        if columns == 0 {
            continue;
        }
        if row && inside(x) && inside(x + columns - 1) {
            for column in x..x + columns {
                let cell = &mut buf[(column as u16, y as u16)];
                if column == x {
                    cell.set_char(letter);
                } else {
                    cell.set_symbol(" ");
                }
                restyle(cell, style);
            }
        }
        x += columns;
    }
    x
}

fn restyle(cell: &mut ratatui::buffer::Cell, style: Style) {
    if let Some(color) = style.fg {
        cell.fg = color;
    }
    if let Some(color) = style.bg {
        cell.bg = color;
    }
    cell.modifier = style.add_modifier;
}

/// Writes `text` so that it ends before column `end`; what does not fit is cut off at the front.
pub(super) fn put_right(
    buf: &mut Buffer,
    area: Rect,
    end: i32,
    y: i32,
    text: &str,
    style: Style,
) -> i32 {
    let start = end - i32::from(width(text));
    put(buf, area, start, y, text, style);
    start
}

/// Fills `area` with blanks in `style`.
pub(super) fn fill(buf: &mut Buffer, area: Rect, style: Style) {
    for position in area.intersection(buf.area).positions() {
        let cell = &mut buf[position];
        cell.set_symbol(" ");
        restyle(cell, style);
    }
}

/// The beginning of `text` that fits into `columns`, with `…` where something is missing.
pub(super) fn cut(text: &str, columns: u16) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut left = usize::from(columns.saturating_sub(1));
    for letter in text.chars() {
        let columns = letter.width().unwrap_or(0);
        if columns > left {
            break;
        }
        left -= columns;
        out.push(letter);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// The end of `text` that fits into `columns`, with `…` before it where something is missing: what
/// tells names of one network apart stands at their ends.
pub(super) fn cut_front(text: &str, columns: u16) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut left = usize::from(columns.saturating_sub(1));
    let mut begin = text.len();
    for (at, letter) in text.char_indices().rev() {
        let columns = letter.width().unwrap_or(0);
        if columns > left {
            break;
        }
        left -= columns;
        begin = at;
    }
    if columns > 0 { format!("…{}", &text[begin..]) } else { String::new() }
}

/// `text` in lines of at most `columns`, broken between words; a longer word is cut hard.
pub(super) fn wrap(text: &str, columns: u16) -> Vec<String> {
    let mut lines = Vec::new();
    let columns = columns.max(1);
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && width(&line) + 1 + width(word) > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&cut(word, columns));
        }
        lines.push(line);
    }
    lines
}

/// A picture in braille dots, two across and four down in each cell.
pub(super) struct Dots {
    area: Rect,
    cells: Vec<u8>,
}

/// The bits of a braille cell by row and column.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Dots {
    /// An empty picture over `area`.
    pub(super) fn new(area: Rect) -> Self {
        Self { area, cells: vec![0; area.area() as usize] }
    }

    /// Sets the dot at dot coordinates counted from the area's corner.
    pub(super) fn set(&mut self, x: i32, y: i32) {
        let (column, row) = (x.div_euclid(2), y.div_euclid(4));
        if column < 0 || row < 0 {
            return;
        }
        if column >= i32::from(self.area.width) || row >= i32::from(self.area.height) {
            return;
        }
        let place = row as usize * usize::from(self.area.width) + column as usize;
        self.cells[place] |= BITS[y.rem_euclid(4) as usize][x.rem_euclid(2) as usize];
    }

    /// A straight line of dots, two dots thick so that it can be seen; `gap` leaves every other
    /// pair of dots out.
    pub(super) fn line(&mut self, from: (i32, i32), to: (i32, i32), gap: bool) {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let count = across.abs().max(down.abs()).max(1);
        let flat = across.abs() >= down.abs();
        for place in 0..=count {
            if gap && place / 3 % 2 == 1 {
                continue;
            }
            let x = from.0 + rounded(across * place, count);
            let y = from.1 + rounded(down * place, count);
            self.set(x, y);
            if flat { self.set(x, y + 1) } else { self.set(x + 1, y) }
        }
    }

    /// Paints the dots over what is there.
    pub(super) fn paint(&self, buf: &mut Buffer, style: impl Fn(u16, u16) -> Style) {
        let columns = usize::from(self.area.width).max(1);
        for (place, &bits) in self.cells.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            let x = self.area.x + (place % columns) as u16;
            let y = self.area.y + (place / columns) as u16;
            let letter = char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' ');
            let mut text = [0; 4];
            let text = letter.encode_utf8(&mut text);
            put(buf, self.area, i32::from(x), i32::from(y), text, style(x, y));
        }
    }
}

/// `a / b` to the nearest whole number.
pub(super) fn rounded(a: i32, b: i32) -> i32 {
    (2 * a + b * a.signum()) / (2 * b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_words_and_cut_with_an_ellipsis() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("extraordinary", 5), ["extr…"]);
        assert_eq!(cut("naïve", 5), "naïve");
        assert_eq!(cut("文字文字", 5), "文字…");
        assert_eq!(cut_front("f-pod0-edge1", 6), "…edge1");
        assert_eq!((cut_front("文字文字", 4), cut_front("h0", 2)), ("…字".into(), "h0".into()));
    }

    #[test]
    fn text_outside_of_the_area_is_not_drawn() {
        let area = Rect::new(0, 0, 3, 1);
        let mut buf = Buffer::empty(area);
        assert_eq!(put(&mut buf, area, -1, 0, "abcdef", Style::new()), 5);
        put(&mut buf, area, 0, 7, "zzz", Style::new());
        assert_eq!(buf, Buffer::with_lines(["bcd"]));
    }
}
