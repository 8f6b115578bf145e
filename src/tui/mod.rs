//! The terminal screen: the list of scenarios, and the walk through one.
//!
//! [`App::update`] changes what is so, [`screen::draw`] only reads it, and [`terminal`] stands
//! between them and a real terminal.

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
pub mod terminal;
pub mod theme;
mod walk;

pub use app::{App, Flow, Mode};
pub use home::{Choice, Entry, Home};
