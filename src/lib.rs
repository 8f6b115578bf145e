//! A network simulator that teaches: real bytes, every layer, forward and back.

pub mod base;
pub mod cli;
pub mod javascript;
pub mod node;
pub mod plan;
pub mod scenario;
pub mod sim;
pub mod stack;
pub mod sweep;
pub mod trace;
pub mod tui;
pub mod view;
