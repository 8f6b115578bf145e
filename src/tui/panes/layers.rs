//! The layers: what each device on the packet's way has of the OSI stack, side by side.
//!
//! At the sender headers are put on from 7 down to 1, at the receiver taken off from 1 up to 7;
//! a switch and a router show only the layers that they have.

use crate::stack::Layer;
use crate::tui::paint::{self, cut, cut_front, fill, put, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Layers {
    /// The devices on the packet's way, the sender first.
    pub(in crate::tui) stacks: Vec<Stack>,
    /// How many devices are on the way, those without a stack here too.
    pub(in crate::tui) whole: usize,
    /// What the packet is wrapped in, from the outside in; the last may be the message.
    pub(in crate::tui) wraps: Vec<Wrap>,
    /// For each layer from 1 to 7 what is said there: `49152 → 80  [SYN]`.
    pub(in crate::tui) facts: [String; 7],
    /// The first bits on the wire.
    pub(in crate::tui) bits: String,
}

/// A header, or what the program sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Wrap {
    /// Its layer.
    pub(in crate::tui) layer: Layer,
    /// Its short name: `TCP`.
    pub(in crate::tui) name: String,
}

/// A device's stack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Stack {
    /// The device's name.
    pub(in crate::tui) name: String,
    /// The highest layer that it has.
    pub(in crate::tui) top: Layer,
    /// Which way the packet goes through it.
    pub(in crate::tui) way: Way,
    /// For each layer from 1 to 7 how far it is there.
    pub(in crate::tui) cells: [Cell; 7],
    /// Whether the step at hand happened here.
    pub(in crate::tui) lit: bool,
}

/// Which way a packet goes through a stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tui) enum Way {
    /// From the program to the wire.
    Down,
    /// From the wire to the program.
    Up,
    /// In by one wire, out by another.
    Through,
}

/// How far the packet is at one layer of one device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) enum Cell {
    /// The device does not have this layer, or the packet does not use it.
    #[default]
    Absent,
    /// It will come here.
    Ahead,
    /// It is here now.
    Active,
    /// It has been here.
    Done,
}

/// How the pane is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Reading {
    /// The application on top; else the wire.
    pub(in crate::tui) top_down: bool,
    /// The OSI model's names; else TCP/IP's.
    pub(in crate::tui) osi: bool,
}

/// Paints the stacks into `area`.
pub(in crate::tui) fn draw(
    layers: &Layers,
    reading: Reading,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    if area.height < 2 || area.width < 16 {
        return;
    }
    if layers.stacks.is_empty() {
        let words = "No packet has been sent yet. Press → to go on.";
        put(buf, area, i32::from(area.x) + 1, i32::from(area.y) + 1, words, theme.dim());
        return;
    }
    let order: Vec<Layer> =
        if reading.top_down { Layer::ALL.into_iter().rev().collect() } else { Layer::ALL.to_vec() };
    let shown = rows_that_fit(&order, layers, area.height - 1);
    // With height to spare the facts stand below each layer, else beside it if there is width.
    let spread = shown.len() as u16 * 2 < area.height;
    let columns = Columns::of(layers, spread, area.width);
    draw_heads(layers, &columns, theme, area, buf);
    let mut y = area.y + 1;
    for layer in shown {
        let row = Rect { y, height: 1, ..area };
        draw_row(layers, layer, reading, &columns, theme, row, buf);
        y += 1;
        if spread {
            let x = i32::from(area.x) + 3;
            let fact = cut(&layers.facts[layer as usize - 1], area.width.saturating_sub(4));
            put(buf, area, x, i32::from(y), &fact, fact_style(layers, layer, theme));
            y += 1;
        }
    }
}

fn is_active(layers: &Layers, layer: Layer) -> bool {
    layers.stacks.iter().any(|stack| stack.cells[layer as usize - 1] == Cell::Active)
}

fn fact_style(layers: &Layers, layer: Layer, theme: &Theme) -> Style {
    if is_active(layers, layer) { theme.strong() } else { theme.dim() }
}

/// How the width is shared out.
struct Columns {
    names: u16,
    facts: u16,
    each: u16,
}

impl Columns {
    fn of(layers: &Layers, spread: bool, width: u16) -> Self {
        let names = if width >= 44 { 16 } else { 3 };
        let stacks = layers.stacks.len().max(1) as u16;
        let rest = width.saturating_sub(names + 1);
        let wanted = (bars_width(&layers.wraps) + 2).max(14);
        let longest = layers.facts.iter().map(|fact| paint::width(fact)).max().unwrap_or(0) + 2;
        let beside = rest.saturating_sub(stacks * wanted.min(11)).min(longest);
        let facts = if spread || beside < 16 { 0 } else { beside };
        Self { names, facts, each: ((rest - facts) / stacks).clamp(6, wanted) }
    }

    fn stack(&self, area: Rect, place: usize) -> Rect {
        let x = area.x + 1 + self.names + self.facts + self.each * place as u16;
        Rect { x, width: self.each.saturating_sub(1), ..area }.intersection(area)
    }
}

/// All layers, or without those that no device uses where there is no room for them.
fn rows_that_fit(order: &[Layer], layers: &Layers, rows: u16) -> Vec<Layer> {
    if order.len() <= usize::from(rows) {
        return order.to_vec();
    }
    let used = |layer: &Layer| {
        layers.stacks.iter().any(|stack| stack.cells[*layer as usize - 1] != Cell::Absent)
    };
    order.iter().copied().filter(used).take(usize::from(rows)).collect()
}

fn bars_width(wraps: &[Wrap]) -> u16 {
    wraps.iter().map(|wrap| width(&wrap.name) + 2).sum()
}

fn draw_heads(layers: &Layers, columns: &Columns, theme: &Theme, area: Rect, buf: &mut Buffer) {
    for (place, stack) in layers.stacks.iter().enumerate() {
        let room = columns.stack(Rect { height: 1, ..area }, place);
        let way = match stack.way {
            Way::Down => "▾",
            Way::Up => "▴",
            Way::Through => "▸",
        };
        let style = if stack.lit { theme.strong() } else { theme.dim() };
        let name = cut_front(&stack.name, room.width.saturating_sub(3));
        let after = put(buf, room, i32::from(room.x) + 1, i32::from(room.y), &name, style);
        let style = if stack.lit { theme.accent() } else { theme.dim() };
        put(buf, room, after + 1, i32::from(room.y), way, style);
    }
}

fn draw_row(
    layers: &Layers,
    layer: Layer,
    reading: Reading,
    columns: &Columns,
    theme: &Theme,
    row: Rect,
    buf: &mut Buffer,
) {
    let place = layer as usize - 1;
    let active = is_active(layers, layer);
    let used = layers.stacks.iter().any(|stack| stack.cells[place] != Cell::Absent);
    let y = i32::from(row.y);
    let x = i32::from(row.x) + 1;
    let name = if reading.osi { layer.name() } else { layer.tcp_ip_name() };
    let text = format!("{} {name}", layer.number());
    let text = if columns.names < 8 { layer.number().to_string() } else { text };
    let style = if active {
        theme.pill(layer)
    } else if used {
        theme.layer(layer)
    } else {
        theme.faint()
    };
    let text = if active { format!("{text:<14}") } else { text };
    put(buf, row, x, y, &cut(&text, columns.names.saturating_sub(1)), style);
    if columns.facts > 0 {
        let style = fact_style(layers, layer, theme);
        let fact = cut(&layers.facts[place], columns.facts.saturating_sub(2));
        put(buf, row, x + i32::from(columns.names), y, &fact, style);
    }
    for (number, stack) in layers.stacks.iter().enumerate() {
        draw_cell(stack, layer, layers, theme, columns.stack(row, number), buf);
    }
}

/// One layer of one device: the packet as it is there, its headers as coloured blocks.
fn draw_cell(
    stack: &Stack,
    layer: Layer,
    layers: &Layers,
    theme: &Theme,
    room: Rect,
    buf: &mut Buffer,
) {
    let cell = stack.cells[layer as usize - 1];
    if layer > stack.top {
        return;
    }
    let y = i32::from(room.y);
    let x = i32::from(room.x);
    match cell {
        Cell::Absent => {
            put(buf, room, x + 1, y, "·", theme.faint());
        }
        Cell::Ahead => {
            fill(buf, room, theme.ground());
            put(buf, room, x + 1, y, "┄┄┄", theme.faint());
        }
        Cell::Active | Cell::Done => {
            draw_blocks(cell == Cell::Active, layer, layers, theme, room, buf);
        }
    }
}

fn draw_blocks(
    active: bool,
    layer: Layer,
    layers: &Layers,
    theme: &Theme,
    room: Rect,
    buf: &mut Buffer,
) {
    let y = i32::from(room.y);
    let mut x = i32::from(room.x);
    let end = i32::from(room.right());
    if layer == Layer::Physical {
        let style = if active { theme.pill(layer) } else { theme.tint(layer) };
        let bits = layers.bits.get(..usize::from(room.width).saturating_sub(2));
        fill(buf, room, style);
        put(buf, room, x + 1, y, bits.unwrap_or(&layers.bits), style);
        return;
    }
    for wrap in &layers.wraps {
        // At this layer only its own header and what is inside of it are seen.
        if wrap.layer < layer {
            continue;
        }
        let own = wrap.layer == layer;
        let style = match (active, own) {
            (true, true) => theme.pill(wrap.layer),
            _ => theme.tint(wrap.layer),
        };
        let text = if own || x + i32::from(width(&wrap.name)) + 2 <= end {
            format!(" {} ", wrap.name)
        } else {
            " ".to_owned()
        };
        let text = cut(&text, (end - x).max(0) as u16);
        x = put(buf, room, x, y, &text, style);
        x = mark_edge(buf, room, x, y, theme);
    }
}

/// Without grounds of their own, blocks are kept apart by a bar.
fn mark_edge(buf: &mut Buffer, room: Rect, x: i32, y: i32, theme: &Theme) -> i32 {
    if theme.tint(Layer::Network).bg.is_some() || x >= i32::from(room.right()) {
        return x;
    }
    put(buf, room, x, y, "│", Style { bg: None, ..theme.faint() })
}
