//! The screen.

pub mod paint;
pub mod panes;
pub mod theme;
