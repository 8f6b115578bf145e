//! Layer 7: what programs say to each other.

pub mod engine_io;
pub mod http;
mod message;
pub mod socket_io;
pub mod web;
pub mod websocket;

pub use message::Message;
