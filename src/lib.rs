//! A network simulator that teaches: real bytes, every layer, forward and back.

pub mod base;
pub mod stack;
