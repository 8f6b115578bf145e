//! The state of one device: TCP's diagram with the edge just taken, the variables, the timers, and
//! the tables.

use crate::stack::Layer;
use crate::stack::transport::tcp::State;
use crate::tui::paint::{cut, put, put_right, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::merge::MergeStrategy;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Status {
    /// The device, and which of how many: `client`.
    pub(in crate::tui) node: String,
    /// Its connection that was moved last.
    pub(in crate::tui) connection: Option<Connection>,
    /// Sockets, neighbours, routes: what the device keeps.
    pub(in crate::tui) tables: Vec<Table>,
}

/// A TCP connection.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Connection {
    /// Its two ends.
    pub(in crate::tui) ends: String,
    /// Its state.
    pub(in crate::tui) state: State,
    /// The edge taken last: from where, to where.
    pub(in crate::tui) edge: Option<(State, State)>,
    /// Whether that was in the step at hand.
    pub(in crate::tui) fresh: bool,
    /// Why, in words.
    pub(in crate::tui) cause: String,
    /// Send variables, then receive variables: the RFC's name and the value.
    pub(in crate::tui) variables: Vec<(&'static str, String)>,
    /// What runs down.
    pub(in crate::tui) timers: Vec<Timer>,
}

/// Something that runs down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Timer {
    /// What it is for.
    pub(in crate::tui) name: &'static str,
    /// How long it still runs.
    pub(in crate::tui) left: String,
    /// The same as a part of a second, in permille: what the bar shows, full for a second or more.
    pub(in crate::tui) part: u16,
}

/// A table of the device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Table {
    /// What it is.
    pub(in crate::tui) title: &'static str,
    /// Its rows; the first has the heads of the columns.
    pub(in crate::tui) rows: Vec<Vec<String>>,
}

/// Where the states stand in the diagram: the middle column and the level, two rows each.
const PLACES: [(State, i32, i32); 11] = [
    (State::Closed, 16, 0),
    (State::Listen, 7, 1),
    (State::SynSent, 26, 1),
    (State::SynReceived, 7, 2),
    (State::Established, 16, 3),
    (State::FinWait1, 9, 4),
    (State::CloseWait, 26, 4),
    (State::FinWait2, 6, 5),
    (State::Closing, 17, 5),
    (State::LastAck, 26, 5),
    (State::TimeWait, 12, 6),
];

/// The edges that are drawn; the others are told in words when they are taken.
const EDGES: [(State, State); 13] = [
    (State::Closed, State::Listen),
    (State::Closed, State::SynSent),
    (State::Listen, State::SynReceived),
    (State::SynReceived, State::Established),
    (State::SynSent, State::Established),
    (State::Established, State::FinWait1),
    (State::Established, State::CloseWait),
    (State::FinWait1, State::FinWait2),
    (State::FinWait1, State::Closing),
    (State::CloseWait, State::LastAck),
    (State::FinWait2, State::TimeWait),
    (State::Closing, State::TimeWait),
    (State::LastAck, State::Closed),
];

/// What the diagram takes.
const DIAGRAM: (u16, u16) = (33, 13);

/// Paints the device's state into `area`.
pub(in crate::tui) fn draw(status: &Status, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height < 2 || area.width < 16 {
        return;
    }
    let area = Rect { x: area.x + 1, width: area.width - 1, ..area };
    let Some(connection) = &status.connection else {
        let y = draw_tables(&status.tables, theme, area, buf);
        if y == i32::from(area.y) {
            let words = format!("{} keeps no state yet.", status.node);
            put(buf, area, i32::from(area.x), y, &words, theme.dim());
        }
        return;
    };
    put(buf, area, i32::from(area.x), i32::from(area.y), &connection.ends, theme.dim());
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let diagram =
        Rect { width: DIAGRAM.0.min(body.width), height: DIAGRAM.1.min(body.height), ..body };
    draw_diagram(connection, theme, diagram, buf);
    let beside = body.width >= DIAGRAM.0 + 20;
    let rest = if beside {
        Rect { x: body.x + DIAGRAM.0 + 1, width: body.width - DIAGRAM.0 - 1, ..body }
    } else {
        let taken = diagram.height.min(body.height);
        Rect { y: body.y + taken, height: body.height - taken, ..body }
    };
    let y = draw_connection(connection, theme, rest, buf);
    let (top, left) = if beside && y < i32::from(diagram.bottom()) && body.height > DIAGRAM.1 + 4 {
        (i32::from(diagram.bottom()), body)
    } else {
        (y, rest)
    };
    let below = Rect { y: (top + 1) as u16, ..left }.intersection(left);
    if i32::from(below.bottom()) - top > 2 {
        let height = (i32::from(left.bottom()) - top - 1).max(0) as u16;
        draw_tables(&status.tables, theme, Rect { height, ..below }, buf);
    }
}

fn place_of(state: State) -> Option<(i32, i32)> {
    PLACES.iter().find(|place| place.0 == state).map(|&(_, x, level)| (x, level * 2))
}

fn draw_diagram(connection: &Connection, theme: &Theme, area: Rect, buf: &mut Buffer) {
    for (from, to) in EDGES {
        draw_edge((from, to), theme.faint(), area, buf);
    }
    if let Some(edge) = connection.edge.filter(|edge| EDGES.contains(edge)) {
        let style = if connection.fresh { theme.accent() } else { theme.text() };
        draw_edge(edge, style, area, buf);
    }
    for (state, x, level) in PLACES {
        let text = format!(" {} ", state.name());
        let came_from = connection.edge.is_some_and(|(from, _)| from == state);
        let style = if state == connection.state {
            theme.pill(Layer::Transport)
        } else if came_from {
            theme.tint(Layer::Transport).patch(theme.strong_line())
        } else {
            theme.dim().patch(Style { fg: None, ..theme.ground() })
        };
        let x = i32::from(area.x) + x - i32::from(width(&text)) / 2;
        put(buf, area, x, i32::from(area.y) + level * 2, &text, style);
    }
}

/// From below one state to above the other: straight down, and across in the row before it.
fn draw_edge((from, to): (State, State), style: Style, area: Rect, buf: &mut Buffer) {
    let (Some((x, top)), Some((to_x, bottom))) = (place_of(from), place_of(to)) else { return };
    if bottom < top {
        // Back to CLOSED: an end of its own rather than a line across everything.
        join(buf, area, (x, top + 1), "│", style);
        let (x, y) = (i32::from(area.x) + x - 4, i32::from(area.y) + top + 2);
        put(buf, area, x, y, "(CLOSED)", style);
        return;
    }
    for y in top + 1..bottom - 1 {
        join(buf, area, (x, y), "│", style);
    }
    let y = bottom - 1;
    let (start, end) = match x.cmp(&to_x) {
        std::cmp::Ordering::Less => ("└", "┐"),
        std::cmp::Ordering::Equal => ("│", "│"),
        std::cmp::Ordering::Greater => ("┘", "┌"),
    };
    join(buf, area, (x, y), start, style);
    for between in x.min(to_x) + 1..x.max(to_x) {
        join(buf, area, (between, y), "─", style);
    }
    join(buf, area, (to_x, y), end, style);
}

/// Draws a line into a cell, joined with the lines that are there.
fn join(buf: &mut Buffer, area: Rect, (x, y): (i32, i32), symbol: &str, style: Style) {
    let (x, y) = (i32::from(area.x) + x, i32::from(area.y) + y);
    let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else { return };
    if !area.contains((x, y).into()) {
        return;
    }
    if let Some(cell) = buf.cell_mut((x, y)) {
        cell.merge_symbol(symbol, MergeStrategy::Exact).set_style(style);
    }
}

fn draw_connection(connection: &Connection, theme: &Theme, area: Rect, buf: &mut Buffer) -> i32 {
    let mut y = i32::from(area.y);
    let x = i32::from(area.x);
    if let Some((from, to)) = connection.edge {
        let after = put(buf, area, x, y, from.name(), theme.text());
        let arrow = if connection.fresh { theme.accent() } else { theme.dim() };
        let long = width(from.name()) + width(to.name()) + 3 > area.width;
        let after = if long {
            y += 1;
            put(buf, area, x, y, "→ ", arrow)
        } else {
            put(buf, area, after, y, " → ", arrow)
        };
        put(buf, area, after, y, to.name(), theme.strong());
        y += 1;
        for line in crate::tui::paint::wrap(&connection.cause, area.width).iter().take(2) {
            put(buf, area, x, y, line, theme.dim());
            y += 1;
        }
        y += 1;
    }
    for timer in &connection.timers {
        let after = put(buf, area, x, y, &format!("{:<15}", timer.name), theme.dim());
        let bar = usize::from(timer.part.min(1000)) * 8 / 1000;
        let after = put(buf, area, after, y, &"━".repeat(bar), theme.accent());
        let after = put(buf, area, after, y, &"─".repeat(8 - bar), theme.faint());
        put(buf, area, after + 1, y, &timer.left, theme.strong());
        y += 1;
    }
    y += i32::from(!connection.timers.is_empty());
    // In two columns where they fit: what is sent on the left, what is received on the right.
    let two = area.width >= 36;
    let rows =
        if two { connection.variables.len().div_ceil(2) } else { connection.variables.len() };
    for (place, (name, value)) in connection.variables.iter().enumerate() {
        let column = if two { (place / rows) as i32 } else { 0 };
        let row = y + (place % rows.max(1)) as i32;
        let each = if two { i32::from(area.width) / 2 } else { 24.min(i32::from(area.width)) };
        let left = x + column * each;
        put(buf, area, left, row, name, theme.dim());
        put_right(buf, area, left + each - 2, row, value, theme.strong());
    }
    y + rows as i32
}

fn draw_tables(tables: &[Table], theme: &Theme, area: Rect, buf: &mut Buffer) -> i32 {
    let mut y = i32::from(area.y);
    for table in tables.iter().filter(|table| table.rows.len() > 1) {
        if y + 2 > i32::from(area.bottom()) {
            break;
        }
        put(buf, area, i32::from(area.x), y, table.title, theme.accent());
        y += 1;
        let columns = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<u16> = (0..columns)
            .map(|column| {
                table
                    .rows
                    .iter()
                    .filter_map(|row| row.get(column))
                    .map(|w| width(w))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for (place, row) in table.rows.iter().enumerate() {
            let mut x = i32::from(area.x) + 1;
            let style = if place == 0 { theme.faint() } else { theme.text() };
            for (word, columns) in row.iter().zip(&widths) {
                put(buf, area, x, y, &cut(word, *columns), style);
                x += i32::from(*columns) + 2;
            }
            y += 1;
            if y >= i32::from(area.bottom()) {
                break;
            }
        }
        y += 1;
    }
    y
}
