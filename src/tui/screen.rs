//! The page of the walk. It only reads.

use super::action::Pane;
use super::app::{App, Mode};
use super::layout::{LEAST, plan};
use super::paint::{put, width};
use super::panes::{
    chrome, code, help, journey, ladder, layers, network, packet, state, story, timeline,
};
use super::theme::Theme;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Paints the whole screen.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    draw_into(app, area, frame.buffer_mut());
}

/// Says so where the terminal is too small for anything else.
pub(super) fn too_small(theme: &Theme, area: Rect, buf: &mut Buffer) -> bool {
    if area.width >= LEAST.0 && area.height >= LEAST.1 {
        return false;
    }
    let words = "make me larger";
    let x = i32::from(area.x) + ((i32::from(area.width) - i32::from(width(words))) / 2).max(0);
    let y = i32::from(area.y) + i32::from(area.height.saturating_sub(1) / 2);
    put(buf, area, x, y, words, theme.strong());
    let size = format!("{}x{} at least", LEAST.0, LEAST.1);
    let x = i32::from(area.x) + ((i32::from(area.width) - i32::from(width(&size))) / 2).max(0);
    put(buf, area, x, y + 1, &size, theme.dim());
    true
}

fn draw_into(app: &App, area: Rect, buf: &mut Buffer) {
    let theme = app.theme();
    buf.set_style(area, theme.ground());
    if too_small(theme, area, buf) {
        return;
    }
    let Some(plan) = plan(area, app.wanted()) else { return };
    chrome::draw_head(&app.head(), theme, plan.head, buf);
    if app.mode() == Mode::Help {
        let body = Rect { y: plan.head.bottom(), height: area.height - 2, ..area };
        let inner = chrome::draw_border("Keys", true, theme, body, buf);
        help::draw(app.help_scroll(), theme, inner, buf);
    } else {
        // The focused pane last: where borders are shared, its line is the one to be seen.
        for focused in [false, true] {
            for &(pane, rect) in &plan.panes {
                if (pane == app.wanted().focus) == focused {
                    let title = app.title_of(pane);
                    let inner = chrome::draw_border(&title, focused, theme, rect, buf);
                    draw_pane(app, pane, inner, buf);
                }
            }
        }
        if let Some(rect) = plan.timeline {
            draw_pane(app, Pane::Timeline, rect, buf);
        }
    }
    chrome::draw_bar(app.message(), theme, plan.bar, buf);
}

fn draw_pane(app: &App, pane: Pane, area: Rect, buf: &mut Buffer) {
    let (theme, moment) = (app.theme(), app.moment());
    match pane {
        Pane::Network => network::draw(&moment.picture, theme, area, buf),
        Pane::Ladder => ladder::draw(&moment.ladder, theme, area, buf),
        Pane::Layers => layers::draw(&moment.layers, app.reading(), theme, area, buf),
        Pane::Packet => packet::draw(&moment.packet, app.field(), theme, area, buf),
        Pane::State => state::draw(&moment.status, theme, area, buf),
        Pane::Journey => journey::draw(&moment.journey, theme, area, buf),
        Pane::Code => code::draw(&moment.code, theme, area, buf),
        Pane::Story => story::draw(&moment.story, theme, area, buf),
        Pane::Timeline => {
            timeline::draw(&moment.scale, |steps| app.mark(steps), theme, area, buf);
        }
    }
}
