//! Between the screens and a terminal: taking it over, giving it back in every case, and the loop.
//!
//! The terminal is given back on leaving, on an error, before a panic's message (also where a panic
//! aborts: hooks run first), on SIGTERM, SIGHUP and SIGINT, when the terminal is gone, and around
//! being put to sleep.

use super::action::action_of;
use super::app::{App, Flow};
use super::home::{Choice, Home};
use super::screen;
use super::watchdog::Watchdog;
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// While something moves, so long between two pictures: thirty a second.
const FRAME: Duration = Duration::from_millis(33);
/// The longest wait before signals are looked at.
const WAIT: Duration = Duration::from_millis(100);
/// How long a look ahead in the run may take before it is made shorter.
const LOOK: Duration = Duration::from_millis(4);

/// How a screen was left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leave {
    /// By the key for it: back to where it was opened from.
    Back,
    /// The program is to end.
    Quit,
    /// By a signal of this number.
    Signal(i32),
}

/// The wall's clock. The only place in the whole program that has one.
#[expect(clippy::disallowed_methods, reason = "pictures are paced by the wall's clock")]
fn clock() -> std::time::Instant {
    std::time::Instant::now()
}

type Out = CrosstermBackend<BufWriter<Stdout>>;

/// A terminal that is taken over as long as this lives.
pub struct Session {
    terminal: Terminal<Out>,
    signals: Arc<AtomicUsize>,
    watchdog: Watchdog,
}

impl Session {
    /// Takes over the terminal.
    pub fn open() -> io::Result<Self> {
        let signals = Arc::new(AtomicUsize::new(0));
        for signal in [SIGTERM, SIGHUP, SIGINT] {
            let number = usize::try_from(signal).unwrap_or(0);
            signal_hook::flag::register_usize(signal, Arc::clone(&signals), number)?;
        }
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            before(info);
        }));
        let out = BufWriter::with_capacity(64 << 10, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(out))?;
        take_over()?;
        Ok(Self { terminal, signals, watchdog: Watchdog::new() })
    }

    /// Walks through a run until it is left.
    pub fn walk(&mut self, app: &mut App) -> io::Result<Leave> {
        let mut drawn = clock();
        let mut took_long = false;
        self.draw(|frame| screen::draw(app, frame))?;
        loop {
            if let Some(signal) = self.signal() {
                return Ok(Leave::Signal(signal));
            }
            let wait = if app.is_moving() {
                FRAME.saturating_sub(drawn.elapsed())
            } else if app.is_curious() {
                Duration::ZERO
            } else {
                WAIT
            };
            let mut changed = false;
            // All keys that wait, then one picture.
            let mut next = self.event(wait)?;
            while let Some(event) = next {
                let (flow, seen) = on_event(app, &event);
                changed |= seen;
                match flow {
                    Flow::Stay => {}
                    Flow::Leave => return Ok(Leave::Back),
                    Flow::Quit => return Ok(Leave::Quit),
                    Flow::Suspend => self.sleep()?,
                }
                next = self.event(Duration::ZERO)?;
            }
            if app.is_moving() {
                let passed = drawn.elapsed();
                if passed >= FRAME {
                    drawn = clock();
                    app.tick(passed);
                    changed = true;
                }
            } else if app.is_curious() && !changed {
                let began = clock();
                app.look_ahead(took_long);
                took_long = began.elapsed() > LOOK;
                changed = drawn.elapsed() >= FRAME * 4 || !app.is_curious();
            }
            if changed {
                if !app.is_moving() {
                    drawn = clock();
                }
                self.draw(|frame| screen::draw(app, frame))?;
            }
        }
    }

    /// Shows the list until something is chosen.
    pub fn choose(&mut self, home: &mut Home) -> io::Result<Result<usize, Leave>> {
        let mut changed = true;
        loop {
            if changed {
                self.draw(|frame| {
                    let area = frame.area();
                    home.draw(area, frame.buffer_mut());
                })?;
            }
            if let Some(signal) = self.signal() {
                return Ok(Err(Leave::Signal(signal)));
            }
            let event = self.event(WAIT)?;
            changed = event.is_some();
            if let Some(Event::Key(key)) = event
                && key.kind != KeyEventKind::Release
            {
                match home.key(key) {
                    Choice::Stay => {}
                    Choice::Open(place) => return Ok(Ok(place)),
                    Choice::Leave => return Ok(Err(Leave::Quit)),
                }
            }
        }
    }

    /// The next event, if one comes within `wait`.
    fn event(&self, wait: Duration) -> io::Result<Option<Event>> {
        self.watchdog.during(|| if event::poll(wait)? { event::read().map(Some) } else { Ok(None) })
    }

    fn signal(&self) -> Option<i32> {
        match self.signals.load(Ordering::Relaxed) {
            0 => None,
            number => i32::try_from(number).ok(),
        }
    }

    fn draw(&mut self, draw: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        use ratatui::crossterm::QueueableCommand;
        self.terminal.backend_mut().queue(BeginSynchronizedUpdate)?;
        self.terminal.draw(draw)?;
        self.terminal.backend_mut().queue(EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }

    /// Gives the terminal to the shell until it calls this program back.
    fn sleep(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        take_over()?;
        self.terminal.clear()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        give_back();
    }
}

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, Hide)
}

/// Gives the terminal back as it was. An error has nowhere to be told.
fn give_back() {
    let _ = execute!(io::stdout(), EndSynchronizedUpdate, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// What an event does, and whether there is something new to be drawn.
fn on_event(app: &mut App, event: &Event) -> (Flow, bool) {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            action_of(*key).map_or((Flow::Stay, false), |action| (app.update(action), true))
        }
        Event::Resize(..) => (Flow::Stay, true),
        _ => (Flow::Stay, false),
    }
}

/// Feeds events to the walk and draws it after each, on any backend: the loop without a clock.
pub fn replay<B: Backend>(
    app: &mut App,
    events: impl IntoIterator<Item = Event>,
    terminal: &mut Terminal<B>,
) -> Result<(), B::Error> {
    terminal.draw(|frame| screen::draw(app, frame))?;
    for event in events {
        on_event(app, &event);
        terminal.draw(|frame| screen::draw(app, frame))?;
    }
    Ok(())
}
