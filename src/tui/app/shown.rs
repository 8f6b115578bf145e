//! What the screen reads of the walk.

use super::{App, Mode};
use crate::tui::action::{Grain, Pane};
use crate::tui::layout::Wanted;
use crate::tui::moment::Moment;
use crate::tui::panes::chrome::{self, Head};
use crate::tui::panes::layers::Reading;
use crate::tui::panes::timeline::Mark;
use crate::tui::theme::Theme;
use std::fmt::Write as _;
use std::ops::Range;

impl App {
    /// The theme.
    pub(in crate::tui) const fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Which page is open.
    pub(in crate::tui) const fn mode(&self) -> Mode {
        self.mode
    }

    /// Which panes are wanted.
    pub(in crate::tui) const fn wanted(&self) -> Wanted {
        Wanted { focus: self.focus, main: self.main, corner: self.corner, zoomed: self.zoomed }
    }

    /// What the panes show.
    pub(in crate::tui) const fn moment(&self) -> &Moment {
        &self.moment
    }

    /// How the layers are read.
    pub(in crate::tui) const fn reading(&self) -> Reading {
        self.view.reading
    }

    /// The lit field of the packet.
    pub(in crate::tui) fn field(&self) -> usize {
        let last = self.moment.packet.fields.len().saturating_sub(1);
        self.view.field.unwrap_or(self.moment.packet.innermost).min(last)
    }

    /// The first line of the help page.
    pub(in crate::tui) const fn help_scroll(&self) -> usize {
        self.scroll
    }

    /// A line in place of the key bar.
    pub(in crate::tui) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// What the steps of a stretch of the timeline hold.
    pub(in crate::tui) fn mark(&self, steps: Range<u64>) -> Mark {
        self.walk.index().mark(&steps)
    }

    /// The title of a pane.
    pub(in crate::tui) fn title_of(&self, pane: Pane) -> String {
        let title = chrome::title_of(pane);
        match (pane, &self.moment.subject) {
            (Pane::State, _) => format!("{title} · {}", self.moment.status.node),
            (Pane::Layers, Some(subject)) => {
                let layers = &self.moment.layers;
                let of = of_how_many(layers.stacks.len(), layers.whole);
                format!("{title} · {subject}{of}")
            }
            (Pane::Journey, _) if self.moment.journey.message > 0 => {
                let journey = &self.moment.journey;
                format!("{title} · message {} of {}", journey.message, journey.of)
            }
            (Pane::Code, _) => self.title_of_code(title),
            (Pane::Packet, Some(subject)) => format!("{title} · {subject}"),
            (Pane::Ladder, _) => {
                let all = self.walk.trace().legend().nodes.len();
                format!("{title}{}", of_how_many(self.moment.ladder.columns.len(), all))
            }
            (Pane::Story, _) => {
                let who =
                    self.moment.story.lines.get(self.moment.story.cursor).map(|line| &line.who);
                let who = who.map_or_else(String::new, |who| format!(" · {who}"));
                let voice = if self.view.friend { " · as to a friend" } else { "" };
                format!("{title}{who}{voice}")
            }
            _ => title,
        }
    }

    /// `9 Code · server: chat.js (2 of 4) · woken by the WS Text from router`.
    fn title_of_code(&self, mut title: String) -> String {
        let code = &self.moment.code;
        let Some(listing) = &code.listing else { return title };
        let _ = write!(title, " · {}: {}", code.who, listing.name());
        if code.place.1 > 1 {
            let _ = write!(title, " ({} of {})", code.place.0, code.place.1);
        }
        if let Some(woken) = &code.woken {
            let _ = write!(title, " · woken by {woken}");
        }
        title
    }

    /// What the head line says.
    pub(in crate::tui) fn head(&self) -> Head {
        let scale = &self.moment.scale;
        let more = if scale.complete { "" } else { "+" };
        let beat = if self.view.grain == Grain::Layer && self.walk.beats().len() > 1 {
            format!(" beat {}/{}", self.walk.beat() + 1, self.walk.beats().len())
        } else {
            String::new()
        };
        let changed = self.walk.timeline().is_branched();
        Head {
            title: if changed { format!("{} · changed", self.title) } else { self.title.clone() },
            words: vec![
                format!("by {}", self.view.grain.name()),
                format!("step {}/{}{more}{beat}", scale.step, scale.known),
                format!("t = {}", self.shown_time()),
            ],
            doing: self.play.doing(),
            playing: self.play.way().is_some(),
        }
    }
}

/// ` · 3 of 1,001 devices` where not all are shown.
fn of_how_many(shown: usize, all: usize) -> String {
    if shown == 0 || shown >= all {
        return String::new();
    }
    format!(" · {shown} of {} devices", crate::tui::moment::thousands(all))
}
