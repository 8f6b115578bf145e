//! Home: the list of scenarios to pick from.

use super::paint::{cut, put, width, wrap};
use super::panes::chrome;
use super::theme::Theme;
use crate::scenario::Heading;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

/// A scenario of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What it is opened by: `tcp-handshake`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it shows.
    pub about: String,
    /// The part of the course it belongs to; a heading stands where it changes.
    pub track: String,
    /// Further lines about it: its devices, how long it runs.
    pub facts: Vec<(String, String)>,
}

impl Entry {
    /// What is said of the scenario `name` whose file is at `path`:
    /// `10-first-steps/20-tcp-handshake.toml`.
    pub fn of(heading: &Heading, name: &str, path: &str) -> Self {
        let folder = path.split('/').next().unwrap_or_default();
        let track =
            folder.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
        let mut facts = vec![("Devices".to_owned(), heading.devices.join(", "))];
        if let Some(minutes) = heading.minutes {
            facts.push(("Takes".to_owned(), format!("about {minutes} minutes")));
        }
        facts.push(("Name".to_owned(), name.to_owned()));
        Self {
            name: name.to_owned(),
            title: heading.title.clone(),
            about: heading.about.clone(),
            track: track.replace('-', " "),
            facts,
        }
    }
}

/// What the list's reader wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// To go on choosing.
    Stay,
    /// To open the scenario at this place.
    Open(usize),
    /// To leave.
    Leave,
}

/// The screen with the list.
#[derive(Clone, Debug)]
pub struct Home {
    entries: Vec<Entry>,
    selected: usize,
    theme: Theme,
    notice: Option<String>,
}

impl Home {
    /// The list, with the cursor on the first.
    pub const fn new(entries: Vec<Entry>, theme: Theme) -> Self {
        Self { entries, selected: 0, theme, notice: None }
    }

    /// A line to be shown in place of the keys, until a key is pressed.
    pub fn notify(&mut self, words: String) {
        self.notice = Some(words);
    }

    /// What a key does.
    pub fn key(&mut self, event: KeyEvent) -> Choice {
        self.notice = None;
        let last = self.entries.len().saturating_sub(1);
        if event.modifiers.contains(KeyModifiers::CONTROL) && event.code == KeyCode::Char('c') {
            return Choice::Leave;
        }
        self.selected = match event.code {
            KeyCode::Up | KeyCode::Char('k') => self.selected.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => (self.selected + 1).min(last),
            KeyCode::PageUp => self.selected.saturating_sub(10),
            KeyCode::PageDown => (self.selected + 10).min(last),
            KeyCode::Home | KeyCode::Char('g') => 0,
            KeyCode::End | KeyCode::Char('G') => last,
            KeyCode::Enter | KeyCode::Right | KeyCode::Char('l') if !self.entries.is_empty() => {
                return Choice::Open(self.selected);
            }
            KeyCode::Char('T') => {
                self.theme = Theme::of(self.theme.palette().next());
                self.selected
            }
            KeyCode::Esc | KeyCode::Char('q') => return Choice::Leave,
            _ => self.selected,
        };
        Choice::Stay
    }

    /// The theme it is painted in: a walk opened from here has the same.
    pub const fn theme(&self) -> Theme {
        self.theme
    }

    /// Paints the screen.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) {
        let theme = &self.theme;
        buf.set_style(area, theme.ground());
        if super::screen::too_small(theme, area, buf) {
            return;
        }
        let head = chrome::Head {
            title: "Step the network, frame by frame.".to_owned(),
            words: vec![format!("{} scenarios", self.entries.len())],
            doing: String::new(),
            playing: false,
        };
        chrome::draw_head(&head, theme, Rect { height: 1, ..area }, buf);
        let body = Rect { y: area.y + 1, height: area.height - 2, ..area };
        let wide = body.width >= 72;
        let left = if wide { (body.width * 45 / 100).min(56) } else { body.width - 1 };
        let list = Rect { width: left + 1, ..body };
        if wide {
            let right = Rect { x: body.x + left, width: body.width - left, ..body };
            let inner = chrome::draw_border("What it shows", false, theme, right, buf);
            self.draw_entry(inner, buf);
        }
        let inner = chrome::draw_border("Scenarios", true, theme, list, buf);
        self.draw_list(inner, buf);
        self.draw_bar(Rect { y: area.bottom() - 1, height: 1, ..area }, buf);
    }

    fn draw_list(&self, area: Rect, buf: &mut Buffer) {
        let theme = &self.theme;
        let mut lines: Vec<Option<usize>> = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let before = place.checked_sub(1).map(|before| &self.entries[before].track);
            if before != Some(&entry.track) && !entry.track.is_empty() {
                lines.push(None);
            }
            lines.push(Some(place));
        }
        let at = lines.iter().position(|line| *line == Some(self.selected)).unwrap_or(0);
        let room = usize::from(area.height);
        let first = at.saturating_sub(room * 2 / 3).min(lines.len().saturating_sub(room));
        for (row, line) in lines.iter().skip(first).take(room).enumerate() {
            let y = i32::from(area.y) + row as i32;
            let x = i32::from(area.x) + 1;
            let Some(place) = *line else {
                let next = lines.get(first + row + 1).copied().flatten().unwrap_or(0);
                put(buf, area, x, y, &self.entries[next].track, theme.dim());
                continue;
            };
            let entry = &self.entries[place];
            let lit = place == self.selected;
            let text = cut(&entry.title, area.width.saturating_sub(5));
            if lit {
                let row = Rect { y: y as u16, height: 1, ..area };
                super::paint::fill(buf, row, theme.selected());
                put(buf, area, x, y, "▸", theme.accent());
                put(buf, area, x + 2, y, &text, theme.selected());
            } else {
                put(buf, area, x + 2, y, &text, theme.text());
            }
        }
        if self.entries.is_empty() {
            put(buf, area, i32::from(area.x) + 1, i32::from(area.y), "no scenarios", theme.dim());
        }
    }

    fn draw_entry(&self, area: Rect, buf: &mut Buffer) {
        let theme = &self.theme;
        let Some(entry) = self.entries.get(self.selected) else { return };
        let x = i32::from(area.x) + 1;
        let mut y = i32::from(area.y);
        let columns = area.width.saturating_sub(2);
        for line in wrap(&entry.title, columns) {
            put(buf, area, x, y, &line, theme.strong());
            y += 1;
        }
        y += 1;
        for line in wrap(&entry.about, columns) {
            put(buf, area, x, y, &line, theme.text());
            y += 1;
        }
        y += 1;
        let names = entry.facts.iter().map(|(name, _)| width(name)).max().unwrap_or(0) + 2;
        for (name, words) in &entry.facts {
            put(buf, area, x, y, name, theme.dim());
            for line in wrap(words, columns.saturating_sub(names)) {
                put(buf, area, x + i32::from(names), y, &line, theme.text());
                y += 1;
            }
        }
        y += 1;
        let after = put(buf, area, x, y, "Enter", theme.accent());
        put(buf, area, after, y, " opens it", theme.dim());
    }

    fn draw_bar(&self, area: Rect, buf: &mut Buffer) {
        let theme = &self.theme;
        super::paint::fill(buf, area, theme.raised());
        let y = i32::from(area.y);
        let mut x = i32::from(area.x) + 1;
        if let Some(notice) = &self.notice {
            put(buf, area, x, y, &cut(notice, area.width.saturating_sub(2)), theme.bad());
            return;
        }
        for (keys, words) in [("↑ ↓", "choose"), ("Enter", "open"), ("q", "quit")] {
            x = put(buf, area, x, y, keys, theme.accent());
            x = put(buf, area, x + 1, y, words, theme.dim()) + 2;
        }
    }
}
