//! The walk as a program: what is on the screen, and what an action changes of it. No drawing.

mod code;
mod moves;
mod shown;

use crate::base::NodeId;
use crate::plan::Command;
use crate::scenario::Scenario;
use crate::tui::action::{Action, Grain, Pane, Way};
use crate::tui::moment::{self, Moment};
use crate::tui::panes::layers::Reading;
use crate::tui::play::{Due, Play};
use crate::tui::theme::Theme;
use crate::tui::walk::Walk;
use code::Chosen;
use std::time::Duration;

/// Which page is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tui) enum Mode {
    /// The panes.
    Walking,
    /// The page of keys.
    Help,
}

/// What becomes of the screen after an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// It stays.
    Stay,
    /// It is left for the one before it.
    Leave,
    /// The program ends.
    Quit,
    /// The program is put to sleep.
    Suspend,
}

/// What a person has set about the view.
#[derive(Clone, Debug)]
pub(in crate::tui) struct View {
    pub(in crate::tui) grain: Grain,
    pub(in crate::tui) friend: bool,
    pub(in crate::tui) reading: Reading,
    /// The field of the packet that is lit; `None` is the innermost header.
    pub(in crate::tui) field: Option<usize>,
    /// The device that the state pane is about; `None` follows what happens.
    pub(in crate::tui) node: Option<NodeId>,
    /// In a large network, the device whose surroundings are shown; `None` is the way of the packet
    /// at hand.
    pub(in crate::tui) centre: Option<NodeId>,
    /// The message whose journey is shown, by the record of its call; `None` is the last one.
    pub(in crate::tui) message: Option<u32>,
    /// The part of its journey that is at hand; `None` follows the cursor.
    pub(in crate::tui) part: Option<usize>,
    /// What is chosen in the code.
    pub(in crate::tui) code: Chosen,
}

impl View {
    /// Goes back to what happens after a look at something else.
    const fn follow(&mut self) {
        self.node = None;
        self.centre = None;
        self.message = None;
        self.part = None;
        (self.code.file, self.code.line) = (None, None);
    }
}

/// The walk through one scenario.
#[derive(Clone, Debug)]
pub struct App {
    title: String,
    walk: Walk,
    view: View,
    play: Play,
    mode: Mode,
    focus: Pane,
    main: Pane,
    corner: Pane,
    zoomed: bool,
    scroll: usize,
    theme: Theme,
    message: Option<String>,
    moment: Moment,
}

impl App {
    /// Opens a scenario at its beginning.
    pub fn new(scenario: &Scenario, theme: Theme, animated: bool) -> Self {
        let walk = Walk::new(&scenario.blueprint);
        let view = View {
            grain: Grain::default(),
            friend: false,
            reading: Reading { top_down: true, osi: true },
            field: None,
            node: None,
            centre: None,
            message: None,
            part: None,
            code: Chosen::default(),
        };
        let moment = moment::of(&walk, &view, walk.now());
        Self {
            title: scenario.title.clone(),
            walk,
            view,
            play: Play::new(animated),
            mode: Mode::Walking,
            focus: Pane::Network,
            main: Pane::Network,
            corner: Pane::Packet,
            zoomed: false,
            scroll: 0,
            theme,
            message: None,
            moment,
        }
    }

    /// Does what a person wants.
    pub fn update(&mut self, action: Action) -> Flow {
        self.message = None;
        self.play.land();
        match action {
            Action::Leave => return Flow::Leave,
            Action::Quit => return Flow::Quit,
            Action::Suspend => return Flow::Suspend,
            Action::Help => {
                self.mode = if self.mode == Mode::Help { Mode::Walking } else { Mode::Help };
                self.scroll = 0;
            }
            Action::Close if self.mode == Mode::Help => self.mode = Mode::Walking,
            Action::Close => {
                self.zoomed = false;
                self.view.centre = None;
            }
            Action::Move(way) if self.mode == Mode::Help => self.scroll_by(way, 1),
            Action::Page(way) if self.mode == Mode::Help => self.scroll_by(way, 10),
            Action::Pane(pane) => self.show(pane),
            Action::NextPane => self.show_beside(1),
            Action::PreviousPane => self.show_beside(Pane::ALL.len() - 1),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::Move(way) => self.move_in_pane(way, 1),
            Action::Page(way) => self.move_in_pane(way, 10),
            Action::Enter => self.enter(),
            Action::Friend => self.view.friend = !self.view.friend,
            Action::Order => self.view.reading.top_down = !self.view.reading.top_down,
            Action::Names => self.view.reading.osi = !self.view.reading.osi,
            Action::Palette => {
                self.theme = Theme::of(self.theme.palette().next());
                self.message = Some(format!("colours: {}", self.theme.palette().name()));
            }
            Action::Faster => self.play.faster(),
            Action::Slower => self.play.slower(),
            Action::Play => self.play.toggle(Way::On),
            Action::Reverse => self.play.toggle(Way::Back),
            Action::Grain => {
                self.view.grain = self.view.grain.next();
                if self.view.grain != Grain::Layer {
                    self.walk.finish_beats();
                }
                self.message = Some(format!("a step is now one {}", self.view.grain.name()));
            }
            Action::Step(way) => {
                self.step(self.view.grain, way);
            }
            Action::Packet(way) => {
                self.step(Grain::Packet, way);
            }
            Action::Start => self.jump(Walk::start),
            Action::End => self.jump(Walk::end),
            Action::Mark => self.mark_line(),
            Action::Marked(way) => self.go_marked(way),
            Action::File => self.next_file(),
            Action::Drop => self.drop_frame(),
            Action::Cut => self.cut_link(),
            Action::Undo => self.undo(),
        }
        self.refresh();
        Flow::Stay
    }

    /// Lets so much time pass on the wall's clock.
    pub fn tick(&mut self, passed: Duration) {
        match self.play.pass(passed) {
            Due::Nothing => return self.refresh_flights(),
            Due::Landing => self.play.land(),
            Due::Step(way) => {
                if !self.step(self.view.grain, way) || self.marked_runs() {
                    self.play.stop();
                }
                self.play.rest();
            }
        }
        self.refresh();
    }

    /// Looks a little further ahead in the run.
    pub fn look_ahead(&mut self, took_long: bool) {
        self.walk.look_ahead(took_long);
        self.moment.scale = moment::scale(&self.walk);
    }

    /// Whether something moves, so that the screen is to be drawn again soon.
    pub const fn is_moving(&self) -> bool {
        self.play.is_moving()
    }

    /// Whether part of the run is still unknown.
    pub const fn is_curious(&self) -> bool {
        !self.walk.is_explored()
    }

    /// One step: first the flight that leads to it, if there is one to be seen, then what it says.
    /// `false` at either end of the run.
    fn step(&mut self, grain: Grain, way: Way) -> bool {
        let from = self.walk.now();
        let was_flying = self.moment.has_flights();
        if !self.walk.go(grain, way) {
            let words = match way {
                Way::Back => "this is the beginning",
                Way::On => "the run is over: Home goes back to its start",
            };
            self.message = Some(words.to_owned());
            return false;
        }
        self.view.follow();
        let to = self.walk.now();
        match way {
            // What was before is shown until the packets have flown.
            Way::On if was_flying => self.play.fly(from, to, true),
            Way::On => {}
            Way::Back => {
                self.moment = moment::of(&self.walk, &self.view, from);
                if self.moment.has_flights() {
                    self.play.fly(from, to, false);
                }
            }
        }
        true
    }

    fn jump(&mut self, to: fn(&mut Walk) -> bool) {
        self.play.stop();
        self.view.follow();
        to(&mut self.walk);
    }

    fn refresh(&mut self) {
        if self.play.is_holding() {
            self.refresh_flights();
            return;
        }
        self.moment = moment::of(&self.walk, &self.view, self.shown_time());
    }

    fn refresh_flights(&mut self) {
        let time = self.shown_time();
        self.moment.fly(time);
    }

    fn shown_time(&self) -> crate::base::Instant {
        self.play.shown_time().unwrap_or_else(|| self.walk.now())
    }

    fn show(&mut self, pane: Pane) {
        self.focus = pane;
        match pane {
            Pane::Story | Pane::Timeline => {}
            Pane::Packet | Pane::State | Pane::Journey | Pane::Code => {
                (self.main, self.corner) = (pane, pane);
            }
            _ => self.main = pane,
        }
        self.mode = Mode::Walking;
    }

    fn show_beside(&mut self, by: usize) {
        let place = (self.focus as usize + by) % Pane::ALL.len();
        self.show(Pane::ALL[place]);
    }

    fn scroll_by(&mut self, way: Way, by: usize) {
        self.scroll = match way {
            Way::Back => self.scroll.saturating_sub(by),
            Way::On => (self.scroll + by).min(crate::tui::action::KEYS.len()),
        };
    }

    fn drop_frame(&mut self) {
        let Some(frame) = self.walk.frame_under_way(self.view.grain) else {
            self.message =
                Some("no frame is on its way here: step to where one is sent".to_owned());
            return;
        };
        let name = crate::tui::facts::name(&self.walk, frame);
        self.walk.command(Command::Drop(frame));
        self.message =
            Some(format!("the {name} is lost on its way: → shows what comes of it, u undoes it"));
    }

    fn cut_link(&mut self) {
        let frame = self.walk.frame(self.view.grain);
        let link = frame.and_then(|frame| self.walk.link_of(frame)).unwrap_or_default();
        let Some(legend) = self.walk.trace().legend().links.get(link.index()) else { return };
        let name = legend.name.clone();
        let up = self.walk.timeline().world().link_view(link).up;
        let command = if up { Command::Cut(link) } else { Command::Mend(link) };
        self.walk.command(command);
        let done = if up { "cut: c mends it" } else { "mended" };
        self.message = Some(format!("{name} is {done}, u undoes it"));
    }

    fn undo(&mut self) {
        let undone = self.walk.undo();
        self.message =
            Some(if undone { "as it was" } else { "nothing has been changed" }.to_owned());
    }
}
