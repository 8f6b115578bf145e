//! The terminal screen: the list of scenarios, and the walk through one.
//!
//! [`App::update`] changes what is so, [`screen::draw`] only reads it, and [`terminal`] stands
//! between them and a real terminal.

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "columns and rows fit into 16 bits; they are negative only before they are clipped"
)]

pub mod action;
mod app;
mod beats;
mod facts;
mod home;
mod index;
mod layout;
mod moment;
mod paint;
mod panes;
mod play;
pub mod screen;
mod stops;
pub mod terminal;
pub mod theme;
mod walk;
mod watchdog;

pub use app::{App, Flow};
pub use home::{Choice, Entry, Home};
pub use terminal::Leave;
pub use theme::{Palette, Theme};

use crate::scenario::{self, Builtin, Scenario};
use std::io;
use terminal::Session;

/// How the screen is to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Whether packets are seen flying; else every step follows the one before at once.
    pub animated: bool,
    /// The colours.
    pub palette: Palette,
}

impl Options {
    /// The palette that the environment asks for.
    pub fn palette_of_environment() -> Palette {
        let word = |name: &str| std::env::var(name).ok();
        Palette::detect(
            word("NO_COLOR").as_deref(),
            word("COLORTERM").as_deref(),
            word("TERM").as_deref(),
        )
    }
}

/// Shows a scenario until it is left.
pub fn open(scenario: &Scenario, options: Options) -> io::Result<Leave> {
    let mut app = App::new(scenario, Theme::of(options.palette), options.animated);
    Session::open()?.walk(&mut app)
}

/// Shows the list of the scenarios that are built in, and each that is picked from it.
pub fn home(options: Options) -> io::Result<Leave> {
    let library = scenario::library();
    let entry = |builtin: &Builtin| {
        let heading = scenario::heading(builtin.text)?;
        Some(Entry::of(&heading, builtin.name, builtin.path))
    };
    let entries: Vec<Entry> = library.iter().filter_map(entry).collect();
    let mut list = Home::new(entries, Theme::of(options.palette));
    let mut session = Session::open()?;
    loop {
        match session.choose(&mut list)? {
            Ok(place) => {
                let builtin = library.get(place);
                let scenario = builtin.and_then(|b| scenario::parse(b.path, b.text).0);
                let Some(scenario) = scenario else { continue };
                let mut app = App::new(&scenario, list.theme(), options.animated);
                match session.walk(&mut app)? {
                    Leave::Back => {}
                    leave => return Ok(leave),
                }
            }
            Err(leave) => return Ok(leave),
        }
    }
}
