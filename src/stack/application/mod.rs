//! Layer 7: what programs say to each other.

pub mod engine_io;
mod message;

pub use message::Message;
