//! The story: what just happened, why, where that is written, and what comes next.

use crate::stack::Layer;
use crate::tui::paint::{put, width, wrap};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Story {
    /// What is told of this step, in order.
    pub lines: Vec<Line>,
    /// The place in `lines` of the one at hand; those after it are still to come.
    pub cursor: usize,
    /// Whether all of the step is at hand, and none of its sentences more than another.
    pub whole: bool,
    /// The next step, named before it happens.
    pub next: String,
    /// Whether the friend's voice is wanted.
    pub friend: bool,
}

/// One sentence of the story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The layer it happened at.
    pub layer: Layer,
    /// Where.
    pub who: String,
    /// In the field's words.
    pub text: String,
    /// To a friend who is not technical.
    pub friend: Option<String>,
    /// Where the rule stands.
    pub source: String,
}

impl Story {
    fn words<'a>(&self, line: &'a Line) -> &'a str {
        match &line.friend {
            Some(friend) if self.friend => friend,
            _ => &line.text,
        }
    }
}

/// Paints the story into `area`: the sentence at hand at its place, `next:` in the last row.
pub fn draw(story: &Story, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 10 {
        return;
    }
    let has_next = !story.next.is_empty() && area.height >= 2;
    let body = Rect { height: area.height - u16::from(has_next), ..area };
    draw_lines(story, theme, body, buf);
    if has_next {
        let y = i32::from(area.bottom()) - 1;
        let after = put(buf, area, i32::from(area.x) + 1, y, "next ", theme.accent());
        put(buf, area, after, y, &story.next, theme.dim());
    }
}

fn draw_lines(story: &Story, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let told = &story.lines[..story.lines.len().min(story.cursor + 1)];
    // From the sentence at hand backwards, as many as there is room for.
    let mut blocks = Vec::new();
    let mut rows = 0;
    for (place, line) in told.iter().enumerate().rev() {
        let head = width(&line.who) + 3;
        let lines = wrap(story.words(line), area.width.saturating_sub(2 + head).max(8));
        let count = lines.len() as u16;
        if rows + count > area.height && !blocks.is_empty() {
            break;
        }
        rows += count;
        blocks.push((place, head, lines));
    }
    let mut y = i32::from(area.y);
    for (place, head, lines) in blocks.into_iter().rev() {
        let line = &told[place];
        let now = place == story.cursor;
        let x = i32::from(area.x) + 1;
        let mark = if now { theme.accent() } else { theme.faint() };
        put(buf, area, i32::from(area.x), y, if now { "▸" } else { " " }, mark);
        let pill = if now { theme.pill(line.layer) } else { theme.tint(line.layer) };
        put(buf, area, x, y, &format!(" {} ", line.who), pill);
        let style = if now { theme.text() } else { theme.dim() };
        let last = lines.len().saturating_sub(1);
        for (number, words) in lines.iter().enumerate() {
            let after = put(buf, area, x + i32::from(head), y, words, style);
            if number == last && !line.source.is_empty() && (!story.friend || line.friend.is_none()) {
                let source = format!("  {}", line.source);
                if after + i32::from(width(&source)) <= i32::from(area.right()) {
                    put(buf, area, after, y, &source, theme.faint());
                }
            }
            y += 1;
        }
    }
}
