//! What two programs say to each other: the one unit that WebSocket, Engine.IO and Socket.IO carry.

use crate::base::Chunk;
use std::str;

/// A message: text or octets, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// Text. Its octets are UTF-8: whoever makes one from octets of a peer has checked them.
    Text(Chunk),
    /// Octets.
    Binary(Chunk),
}

impl Message {
    /// A message of text.
    pub fn text(text: &str) -> Self {
        Self::Text(Chunk::from(text.as_bytes()))
    }

    /// Its octets.
    pub const fn octets(&self) -> &Chunk {
        match self {
            Self::Text(octets) | Self::Binary(octets) => octets,
        }
    }

    /// Its text; `None` of a binary message.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(octets) => str::from_utf8(octets).ok(),
            Self::Binary(_) => None,
        }
    }
}
