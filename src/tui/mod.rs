//! The screen.

pub mod action;
pub mod paint;
pub mod panes;
pub mod theme;
