//! Layer 7: what programs say to each other.

mod message;

pub use message::Message;
