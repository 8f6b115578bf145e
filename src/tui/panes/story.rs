//! The story: what just happened, why, where that is written, and what comes next.

use crate::stack::Layer;
use crate::tui::paint::{put, put_right, width, wrap};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What the pane shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::tui) struct Story {
    /// What is told of this step, in order.
    pub(in crate::tui) lines: Vec<Line>,
    /// How many more there are than are put into words.
    pub(in crate::tui) more: usize,
    /// The place in `lines` of the one at hand; those after it are still to come.
    pub(in crate::tui) cursor: usize,
    /// Whether all of the step is at hand, and none of its sentences more than another.
    pub(in crate::tui) whole: bool,
    /// The next step, named before it happens.
    pub(in crate::tui) next: String,
    /// Whether the friend's voice is wanted.
    pub(in crate::tui) friend: bool,
}

/// One sentence of the story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) struct Line {
    /// The layer it happened at.
    pub(in crate::tui) layer: Layer,
    /// Where.
    pub(in crate::tui) who: String,
    /// In the field's words.
    pub(in crate::tui) text: String,
    /// To a friend who is not technical.
    pub(in crate::tui) friend: Option<String>,
    /// Where the rule stands.
    pub(in crate::tui) source: String,
    /// Whether it is told before others where there is not room for all.
    pub(in crate::tui) weighty: bool,
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
pub(in crate::tui) fn draw(story: &Story, theme: &Theme, area: Rect, buf: &mut Buffer) {
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
    let told = if story.whole {
        &story.lines[..]
    } else {
        &story.lines[..story.lines.len().min(story.cursor + 1)]
    };
    let texts: Vec<Vec<String>> = told
        .iter()
        .map(|line| wrap(story.words(line), area.width.saturating_sub(INDENT + 1).max(8)))
        .collect();
    let shown = if story.whole {
        weightiest(told, &texts, area.height)
    } else {
        (first_that_fits(&texts, area.height)..told.len()).collect()
    };
    let mut y = i32::from(area.y);
    let left_out = told.len() - shown.len() + story.more;
    for place in shown {
        let (line, texts) = (&told[place], &texts[place]);
        let now = place == story.cursor && !story.whole;
        if y >= i32::from(area.bottom()) {
            break;
        }
        if now {
            put(buf, area, i32::from(area.x), y, "▸", theme.accent());
        }
        let lit = now || story.whole && place == 0;
        let pill = if lit { theme.pill(line.layer) } else { theme.tint(line.layer) };
        put(buf, area, i32::from(area.x) + 1, y, &format!(" {} ", line.layer.number()), pill);
        let style = if lit {
            theme.strong()
        } else if story.whole {
            theme.text()
        } else {
            theme.dim()
        };
        for (number, words) in texts.iter().enumerate() {
            let x = i32::from(area.x + INDENT);
            let after = put(buf, area, x, y, words, style);
            if number + 1 == texts.len() {
                draw_source(line, after, y, theme, area, buf);
            }
            y += 1;
        }
    }
    if left_out > 0 && story.whole {
        let more = format!(" + {left_out} ");
        let y = i32::from(area.bottom()) - 1;
        put_right(buf, area, i32::from(area.right()), y, &more, theme.dim());
    }
}

/// Columns before a sentence: the mark and the layer.
const INDENT: u16 = 5;

/// Of a whole step the places of its cause and of as many of the others as there is room for, what
/// the higher layers say before what the lower ones do.
fn weightiest(lines: &[Line], texts: &[Vec<String>], rows: u16) -> Vec<usize> {
    let mut places: Vec<usize> = (0..lines.len()).collect();
    places.sort_by_key(|&place| {
        (place > 0, !lines[place].weighty, std::cmp::Reverse(lines[place].layer), place)
    });
    let mut left = usize::from(rows);
    let mut kept: Vec<usize> = Vec::new();
    for place in places {
        if texts[place].len() <= left || kept.is_empty() {
            left = left.saturating_sub(texts[place].len());
            kept.push(place);
        }
    }
    kept.sort_unstable();
    kept
}

/// Of the sentences up to the one at hand, the first from which on all fit.
fn first_that_fits(texts: &[Vec<String>], rows: u16) -> usize {
    let mut left = usize::from(rows);
    let fits = |lines: &&Vec<String>| {
        let fits = lines.len() <= left;
        left = left.saturating_sub(lines.len());
        fits
    };
    let count = texts.iter().rev().take_while(fits).count().max(1);
    texts.len().saturating_sub(count)
}

/// Where the rule stands, if there is room for it at the end of the line.
fn draw_source(line: &Line, x: i32, y: i32, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let source = format!("  {}", line.source);
    if !line.source.is_empty() && x + i32::from(width(&source)) <= i32::from(area.right()) {
        put(buf, area, x, y, &source, theme.faint());
    }
}
