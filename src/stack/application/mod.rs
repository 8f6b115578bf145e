//! Layer 7: what programs say to each other.

pub mod engine_io;
mod message;
pub mod socket_io;

pub use message::Message;
