//! A network too large to be drawn: a few of its devices in a row, and a table of those that did
//! something last.

use super::network::{self, Picture};
use crate::base::NodeId;
use crate::stack::Layer;
use crate::tui::paint::{cut, fill, put, put_right, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What stands beside the picture of a few devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Crowd {
    /// How the devices of the picture stand.
    pub(in crate::tui) order: Order,
    /// The table: first the device at hand, then those that did something last.
    pub(in crate::tui) rows: Vec<Row>,
    /// How many of the rows did something.
    pub(in crate::tui) acted: usize,
    /// How many devices there are.
    pub(in crate::tui) total: String,
    /// The row that was chosen.
    pub(in crate::tui) cursor: Option<usize>,
}

/// How the devices of the picture stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tui) enum Order {
    /// One after the other, as a packet comes to them.
    Way,
    /// The first above, the others, its neighbours, below.
    Around,
}

/// A device in the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Row {
    /// Which one.
    pub(in crate::tui) node: NodeId,
    /// Its name.
    pub(in crate::tui) name: String,
    /// A letter-wide sign of what it is.
    pub(in crate::tui) sign: char,
    /// The layer whose colour it has.
    pub(in crate::tui) layer: Layer,
    /// Its address, or nothing.
    pub(in crate::tui) address: String,
    /// How many cables it has.
    pub(in crate::tui) links: String,
    /// How many frames are on them.
    pub(in crate::tui) frames: String,
    /// What happened there last.
    pub(in crate::tui) last: String,
    /// Whether that was in the step at hand.
    pub(in crate::tui) fresh: bool,
}

/// The rows that a device takes in the picture: room for packets' names, its own, what is so.
const HEIGHT: u16 = 3;
/// Columns for a cable between two devices.
const CABLE: u16 = 7;
/// The least rows that the table gets.
const TABLE: u16 = 5;

/// Paints both into `area`.
pub(in crate::tui) fn draw(
    picture: &Picture,
    crowd: &Crowd,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let most = area.height.saturating_sub(TABLE).max(HEIGHT).min(area.height);
    let homes = homes(picture, crowd.order, Rect { height: most, ..area });
    let taken = homes.iter().map(|home| home.bottom()).max().unwrap_or(area.y) - area.y;
    let upper = Rect { height: taken.min(area.height), ..area };
    network::paint(picture, &homes, theme, upper, buf);
    // One row stays free where there is height for it.
    let gap = u16::from(area.height - upper.height > TABLE);
    let lower = Rect { y: upper.bottom() + gap, height: area.height - upper.height - gap, ..area };
    draw_table(crowd, theme, lower, buf);
}

/// Where the devices stand: from left to right and, where they turn into the next row, back, so
/// that each is beside the one before.
fn homes(picture: &Picture, order: Order, area: Rect) -> Vec<Rect> {
    let widest = picture.nodes.iter().map(network::columns_of).max().unwrap_or(1);
    let in_row =
        picture.nodes.len() - usize::from(order == Order::Around && !picture.nodes.is_empty());
    let fitting = usize::from(((area.width + CABLE) / (widest + CABLE)).max(1));
    let lines = in_row.div_ceil(fitting).min(usize::from(area.height / HEIGHT).max(1)).max(1);
    let each = in_row.div_ceil(lines).max(1);
    let cell = area.width / each as u16;
    let home = |(number, node)| {
        let columns = network::columns_of(node).min(area.width);
        let (row, place) = match (order, number) {
            (Order::Around, 0) => (0, None),
            (Order::Around, _) => ((number - 1) / each + 1, Some((number - 1) % each)),
            (Order::Way, _) if number / each % 2 == 1 => {
                (number / each, Some(each - 1 - number % each))
            }
            (Order::Way, _) => (number / each, Some(number % each)),
        };
        let x = match place {
            Some(place) => place as u16 * cell + cell.saturating_sub(columns) / 2,
            None => (area.width - columns) / 2,
        };
        // A cable downwards is seen where a row is free.
        let free = u16::from(order == Order::Around && row > 0 && area.height > 2 * HEIGHT);
        let y = (row as u16 * HEIGHT + 1 + free).min(area.height.saturating_sub(2));
        Rect::new(area.x + x, area.y + y, columns, 2.min(area.height))
    };
    picture.nodes.iter().enumerate().map(home).collect()
}

fn draw_table(crowd: &Crowd, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    let x = i32::from(area.x);
    let y = i32::from(area.y);
    let words = match crowd.acted {
        0 => format!("{} devices, nothing has happened yet", crowd.total),
        acted => format!("{} devices, {acted} acted lately", crowd.total),
    };
    let after = put(buf, area, x + 1, y, &words, theme.dim());
    let keys = match crowd.cursor {
        None => "↑↓ choose one ",
        Some(_) => "Enter: what is around it ",
    };
    if after + 2 + i32::from(width(keys)) <= i32::from(area.right()) {
        put_right(buf, area, i32::from(area.right()), y, keys, theme.accent());
    }
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let columns = Columns::of(crowd, body);
    columns.draw_heads(theme, body, buf);
    let room = usize::from(body.height - 1);
    let most = crowd.rows.len().saturating_sub(room);
    let first = crowd.cursor.unwrap_or(0).saturating_sub(room.saturating_sub(1)).min(most);
    for (place, row) in crowd.rows.iter().enumerate().skip(first).take(room) {
        let y = body.y + 1 + (place - first) as u16;
        let chosen = crowd.cursor == Some(place);
        columns.draw_row(row, chosen, theme, Rect { y, height: 1, ..body }, buf);
    }
}

/// Where the columns of the table begin; those for which there is no room are left out.
struct Columns {
    address: Option<u16>,
    links: Option<u16>,
    frames: u16,
    last: u16,
}

impl Columns {
    fn of(crowd: &Crowd, area: Rect) -> Self {
        let widest = |text: fn(&Row) -> &str, least: u16| {
            crowd.rows.iter().map(|row| width(text(row))).max().unwrap_or(0).max(least)
        };
        let mut next = 5 + widest(|row| &row.name, 6).min(24);
        let mut column = |columns: u16, wanted: bool| {
            let start = next;
            next += if wanted { columns + 2 } else { 0 };
            wanted.then_some(start)
        };
        let address = column(widest(|row| &row.address, 7), area.width >= 72);
        let links = column(widest(|row| &row.links, 5), area.width >= 50);
        let frames = column(widest(|row| &row.frames, 6), true).unwrap_or(0);
        Self { address, links, frames, last: next }
    }

    fn draw_heads(&self, theme: &Theme, area: Rect, buf: &mut Buffer) {
        let heads = [
            (Some(3), "device"),
            (self.address, "address"),
            (self.links, "links"),
            (Some(self.frames), "frames"),
            (Some(self.last), "what it did last"),
        ];
        for (x, words) in heads.into_iter().filter_map(|(x, words)| Some((x?, words))) {
            put(buf, area, i32::from(area.x + x), i32::from(area.y), words, theme.faint());
        }
    }

    fn draw_row(&self, row: &Row, chosen: bool, theme: &Theme, area: Rect, buf: &mut Buffer) {
        let y = i32::from(area.y);
        let ground = if chosen { theme.selected() } else { theme.ground() };
        fill(buf, area, ground);
        let on = |style: ratatui::style::Style| {
            style.patch(ratatui::style::Style { fg: None, ..ground })
        };
        if chosen {
            put(buf, area, i32::from(area.x), y, "▸", on(theme.accent()));
        }
        let x = i32::from(area.x) + 1;
        put(buf, area, x, y, &row.sign.to_string(), on(theme.layer(row.layer)));
        let style = if row.fresh { theme.strong() } else { theme.text() };
        put(buf, area, x + 2, y, &cut(&row.name, 24), on(style));
        let at = |column: u16| i32::from(area.x + column);
        if let Some(column) = self.address {
            put(buf, area, at(column), y, &row.address, on(theme.dim()));
        }
        if let Some(column) = self.links {
            put_right(buf, area, at(column) + 5, y, &row.links, on(theme.dim()));
        }
        let frames = if row.frames == "0" { theme.faint() } else { style };
        put_right(buf, area, at(self.frames) + 6, y, &row.frames, on(frames));
        let style = if row.fresh { theme.strong() } else { theme.dim() };
        let room = area.width.saturating_sub(self.last);
        put(buf, area, at(self.last), y, &cut(&row.last, room), on(style));
    }
}
