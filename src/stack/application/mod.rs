//! Layer 7: what programs say to each other.

pub mod http;
mod message;

pub use message::Message;
