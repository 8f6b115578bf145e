//! The network: devices, cables, and packets on their way.

use super::crowd::{self, Crowd};
use crate::stack::Layer;
use crate::tui::paint::{self, Dots, put, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Picture {
    /// The devices.
    pub(in crate::tui) nodes: Vec<Node>,
    /// The cables.
    pub(in crate::tui) links: Vec<Cable>,
    /// Packets on cables.
    pub(in crate::tui) flights: Vec<Flight>,
    /// In a large network, of which only some devices are in the picture: the table of the others.
    pub(in crate::tui) crowd: Option<Crowd>,
}

/// A device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Node {
    /// Its name.
    pub(in crate::tui) name: String,
    /// A letter-wide sign of what it is.
    pub(in crate::tui) sign: char,
    /// The layer whose colour it has: a switch that of the data link, a router that of the network.
    pub(in crate::tui) layer: Layer,
    /// Its address, or nothing.
    pub(in crate::tui) address: String,
    /// What is so with it now: `SYN-SENT`.
    pub(in crate::tui) badge: String,
    /// Whether the step at hand happened here.
    pub(in crate::tui) lit: bool,
    /// Whether the keys for tables are about it.
    pub(in crate::tui) focused: bool,
    /// Where it stands, across and down in permille.
    pub(in crate::tui) at: (u16, u16),
}

/// A cable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Cable {
    /// The places of the devices at its ends.
    pub(in crate::tui) ends: [usize; 2],
    /// Rate and delay.
    pub(in crate::tui) label: String,
    /// Whether it carries anything.
    pub(in crate::tui) up: bool,
}

/// A packet on a cable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Flight {
    /// The cable's place.
    pub(in crate::tui) link: usize,
    /// Whether it goes from the second end to the first.
    pub(in crate::tui) reverse: bool,
    /// How much of the way it has behind it, in permille.
    pub(in crate::tui) progress: u16,
    /// Its short name.
    pub(in crate::tui) name: String,
    /// The layer whose colour it has.
    pub(in crate::tui) layer: Layer,
    /// Whether it is lost, here.
    pub(in crate::tui) lost: bool,
    /// Whether it is the one at hand.
    pub(in crate::tui) lit: bool,
}

/// How devices are drawn, by the room there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// One row, the badge below.
    Pill,
    /// A box of three rows, address and badge below.
    Box,
}

/// Paints the picture into `area`.
pub(in crate::tui) fn draw(picture: &Picture, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.width < 4 || area.height < 2 {
        return;
    }
    if let Some(crowd) = &picture.crowd {
        return crowd::draw(picture, crowd, theme, area, buf);
    }
    let size = size_for(picture, area);
    let places = spread(picture);
    let pairs = picture.nodes.iter().zip(places);
    let homes: Vec<Rect> = pairs.map(|(node, at)| home(node, at, size, area)).collect();
    paint(picture, &homes, theme, area, buf);
}

/// Paints devices at their places, the cables between them and the packets on these.
pub(super) fn paint(
    picture: &Picture,
    homes: &[Rect],
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let size = size_for(picture, area);
    let mut taken: Vec<Rect> = homes.to_vec();
    draw_cables(picture, theme, homes, area, buf);
    draw_trails(picture, theme, homes, area, buf);
    for (node, &home) in picture.nodes.iter().zip(homes) {
        draw_node(node, size, theme, home, area, buf);
    }
    for flight in picture.flights.iter().rev() {
        draw_packet(flight, picture, theme, homes, &mut taken, area, buf);
    }
    draw_labels(picture, theme, homes, &mut taken, area, buf);
}

/// The columns that a device takes.
pub(super) fn columns_of(node: &Node) -> u16 {
    (width(&node.name) + 4).max(width(&node.badge)).max(width(&node.address))
}

/// Boxes where every row and column of devices leaves room for them.
fn size_for(picture: &Picture, area: Rect) -> Size {
    let rows = distinct(picture.nodes.iter().map(|node| node.at.1), 120);
    let columns = distinct(picture.nodes.iter().map(|node| node.at.0), 120);
    let widest = picture.nodes.iter().map(|node| width(&node.name)).max().unwrap_or(0);
    if picture.crowd.is_none() && area.height / rows >= 7 && area.width / columns >= widest + 12 {
        Size::Box
    } else {
        Size::Pill
    }
}

/// The devices' places, drawn apart so that the picture fills the pane, in permille of it.
fn spread(picture: &Picture) -> Vec<(u16, u16)> {
    let stretch = |at: fn(&Node) -> u16, margin: u32| {
        let least = picture.nodes.iter().map(at).min().unwrap_or(0);
        let most = picture.nodes.iter().map(at).max().unwrap_or(0);
        move |node: &Node| match u32::from(most - least) {
            0..60 => 450,
            span => (margin + u32::from(at(node) - least) * (1000 - 2 * margin) / span) as u16,
        }
    };
    let (across, down) = (stretch(|node| node.at.0, 50), stretch(|node| node.at.1, 60));
    picture.nodes.iter().map(|node| (across(node), down(node))).collect()
}

/// How many groups of values there are that lie further than `apart` from each other.
fn distinct(values: impl Iterator<Item = u16>, apart: u16) -> u16 {
    let mut values: Vec<u16> = values.collect();
    values.sort_unstable();
    let steps = values.windows(2).filter(|pair| pair[1] - pair[0] > apart).count();
    steps as u16 + 1
}

/// The rows a device takes, its badge and address included.
fn home(node: &Node, at: (u16, u16), size: Size, area: Rect) -> Rect {
    let (columns, rows) = match size {
        Size::Pill => (width(&node.name) + 4, 2 + u16::from(!node.address.is_empty())),
        Size::Box => (width(&node.name) + 6, 4 + u16::from(!node.address.is_empty())),
    };
    let columns = columns.max(width(&node.address)).max(width(&node.badge)).min(area.width);
    let rows = rows.min(area.height);
    // A row stays free above for the names of packets.
    let room = (area.width - columns, area.height.saturating_sub(rows + 1));
    let part =
        |room: u16, permille: u16| (u32::from(room) * u32::from(permille.min(1000)) / 1000) as u16;
    let top = (area.y + 1).min(area.bottom() - rows);
    Rect::new(area.x + part(room.0, at.0), top + part(room.1, at.1), columns, rows)
}

/// The cell where cables meet a device: the middle of its name.
fn hub(home: Rect, size: Size) -> (i32, i32) {
    let down = u16::from(size == Size::Box);
    (i32::from(home.x + home.width / 2), i32::from(home.y + down.min(home.height - 1)))
}

/// A cell in dots, counted from the area's corner.
fn dots_of(cell: (i32, i32), area: Rect) -> (i32, i32) {
    ((cell.0 - i32::from(area.x)) * 2, (cell.1 - i32::from(area.y)) * 4 + 1)
}

fn draw_cables(picture: &Picture, theme: &Theme, homes: &[Rect], area: Rect, buf: &mut Buffer) {
    let size = size_for(picture, area);
    for up in [true, false] {
        let mut dots = Dots::new(area);
        for link in picture.links.iter().filter(|link| link.up == up) {
            let Some((from, to)) = ends(link, homes, size) else { continue };
            dots.line(dots_of(from, area), dots_of(to, area), !up);
        }
        let style = if up { theme.faint() } else { theme.bad() };
        dots.paint(buf, |_, _| style);
    }
}

type Cell = (i32, i32);

fn ends(link: &Cable, homes: &[Rect], size: Size) -> Option<(Cell, Cell)> {
    let [from, to] = link.ends;
    Some((hub(*homes.get(from)?, size), hub(*homes.get(to)?, size)))
}

/// From where to where a packet is seen on its cable: between the devices, not behind them.
fn track(flight: &Flight, picture: &Picture, homes: &[Rect], size: Size) -> Option<(Cell, Cell)> {
    let link = picture.links.get(flight.link)?;
    let (mut from, mut to) = ends(link, homes, size)?;
    let [mut first, mut second] = link.ends;
    if flight.reverse {
        (from, to, first, second) = (to, from, second, first);
    }
    let outside = |from: Cell, to: Cell, home: Rect| {
        (0..=64).map(|part| along(from, to, part * 1000 / 64)).find(|&(x, y)| {
            let beside = x < i32::from(home.left()) - 1 || x > i32::from(home.right());
            beside || y < i32::from(home.top()) - 1 || y > i32::from(home.bottom())
        })
    };
    let start = outside(from, to, homes[first]).unwrap_or(from);
    let end = outside(to, from, homes[second]).unwrap_or(to);
    Some((start, end))
}

fn along(from: Cell, to: Cell, permille: i32) -> Cell {
    let part = |from: i32, to: i32| from + paint::rounded((to - from) * permille, 1000);
    (part(from.0, to.0), part(from.1, to.1))
}

fn draw_trails(picture: &Picture, theme: &Theme, homes: &[Rect], area: Rect, buf: &mut Buffer) {
    let size = size_for(picture, area);
    for flight in &picture.flights {
        let Some((from, to)) = track(flight, picture, homes, size) else { continue };
        let head = i32::from(flight.progress.min(1000));
        let tail = (head - 300).max(0);
        let mut dots = Dots::new(area);
        let (start, end) = (along(from, to, tail), along(from, to, head));
        dots.line(dots_of(start, area), dots_of(end, area), false);
        let whole = (end.0 - start.0).abs().max((end.1 - start.1).abs()).max(1);
        dots.paint(buf, |x, y| {
            let behind = (i32::from(x) - end.0).abs().max((i32::from(y) - end.1).abs());
            theme.trail(flight.layer, (behind * 255 / whole).clamp(0, 255) as u8)
        });
    }
}

fn draw_node(node: &Node, size: Size, theme: &Theme, home: Rect, area: Rect, buf: &mut Buffer) {
    let (x, mut y) = (i32::from(home.x), i32::from(home.y));
    let style = if node.lit { theme.pill(node.layer) } else { theme.tint(node.layer) };
    let middle = |text: &str| x + (i32::from(home.width) - i32::from(width(text))) / 2;
    match size {
        Size::Pill => {
            let text = format!(" {} {} ", node.sign, node.name);
            put(buf, area, middle(&text), y, &text, style);
            y += 1;
        }
        Size::Box => {
            let line = theme.layer(node.layer);
            let line = if node.lit { line.patch(theme.strong_line()) } else { line };
            let bar = "─".repeat(usize::from(width(&node.name)) + 4);
            let text = format!(" {} {} ", node.sign, node.name);
            let left = middle(&text) - 1;
            put(buf, area, left, y, &format!("╭{bar}╮"), line.patch(ground(theme)));
            put(buf, area, left, y + 1, "│", line.patch(ground(theme)));
            let after = put(buf, area, left + 1, y + 1, &text, style);
            put(buf, area, after, y + 1, "│", line.patch(ground(theme)));
            put(buf, area, left, y + 2, &format!("╰{bar}╯"), line.patch(ground(theme)));
            y += 3;
        }
    }
    let mut below = |text: &str, style: Style| {
        if !text.is_empty() {
            put(buf, area, middle(text), y, text, style.patch(ground(theme)));
            y += 1;
        }
    };
    let badge = if node.lit { theme.strong() } else { theme.text() };
    below(&node.badge, badge);
    below(&node.address, theme.dim());
}

/// Only the ground, so that text hides the cable under it.
fn ground(theme: &Theme) -> Style {
    Style { fg: None, ..theme.ground() }
}

fn draw_packet(
    flight: &Flight,
    picture: &Picture,
    theme: &Theme,
    homes: &[Rect],
    taken: &mut Vec<Rect>,
    area: Rect,
    buf: &mut Buffer,
) {
    let size = size_for(picture, area);
    let Some((from, to)) = track(flight, picture, homes, size) else { return };
    let (x, y) = along(from, to, i32::from(flight.progress.min(1000)));
    let (mark, style) = if flight.lost {
        ("✗", theme.bad())
    } else {
        ("●", theme.layer(flight.layer).patch(theme.strong_line()))
    };
    put(buf, area, x, y, mark, style);
    let text = if flight.lost {
        format!(" ✗ {} ", flight.name)
    } else if to.0 < from.0 {
        format!(" ◂ {} ", flight.name)
    } else {
        format!(" {} ▸ ", flight.name)
    };
    let style = match (flight.lost, flight.lit) {
        (true, _) => theme.bad_pill(),
        (false, true) => theme.pill(flight.layer),
        (false, false) => theme.tint(flight.layer),
    };
    let columns = width(&text).min(area.width);
    if let Some(place) = free_place((x, y), columns, taken, area) {
        put(buf, area, i32::from(place.x), i32::from(place.y), &text, style);
        taken.push(Rect { x: place.x.saturating_sub(1), width: columns + 2, ..place });
    }
}

/// Room for a label of so many columns near a cell: above it or below it, its middle there or one
/// of its ends.
fn free_place((x, y): Cell, columns: u16, taken: &[Rect], area: Rect) -> Option<Rect> {
    let half = i32::from(columns) / 2;
    let places = [y - 1, y + 1, y - 2, y + 2]
        .into_iter()
        .flat_map(|row| [x - half, x - 1, x - i32::from(columns) + 2].map(|left| (left, row)));
    places
        .filter_map(|(left, row)| {
            let most = i32::from(area.right() - columns);
            let left = left.clamp(i32::from(area.left()), most);
            Some(Rect::new(left as u16, u16::try_from(row).ok()?, columns, 1))
        })
        .find(|&place| {
            area.intersection(place) == place && !taken.iter().any(|other| other.intersects(place))
        })
}

fn draw_labels(
    picture: &Picture,
    theme: &Theme,
    homes: &[Rect],
    taken: &mut Vec<Rect>,
    area: Rect,
    buf: &mut Buffer,
) {
    let size = size_for(picture, area);
    for link in &picture.links {
        let Some((from, to)) = ends(link, homes, size) else { continue };
        let (x, y) = along(from, to, 500);
        let (text, style) =
            if link.up { (link.label.as_str(), theme.dim()) } else { ("✗ cut", theme.bad()) };
        // Where the cable is short, the delay alone.
        let space = (to.0 - from.0).unsigned_abs();
        let text = match text.rsplit_once(" · ") {
            Some((_, delay)) if space < u32::from(width(text)) + 8 && from.1 == to.1 => delay,
            _ => text,
        };
        let columns = width(text);
        // On a steep cable a label stands beside it.
        let flat = (to.0 - from.0).abs() >= (to.1 - from.1).abs() * 3;
        let places = if flat {
            [(x - i32::from(columns) / 2, y + 1), (x - i32::from(columns) / 2, y + 2)]
        } else {
            [(x + 3, y), (x - i32::from(columns) - 2, y)]
        };
        let free = places.into_iter().find_map(|(x, y)| {
            let place = Rect::new(u16::try_from(x).ok()?, u16::try_from(y).ok()?, columns, 1);
            let inside = area.intersection(place) == place;
            let clear = !taken.iter().any(|other| other.intersects(place));
            (inside && clear).then_some(place)
        });
        if let Some(place) = free {
            put(buf, area, i32::from(place.x), i32::from(place.y), text, style);
            taken.push(place);
        }
    }
}
