//! The name of a conversation: 20 characters that nobody can guess.

use crate::base::Rng;
use std::fmt;
use std::str;

/// The characters of an id, safe in a URL (RFC 4648 §5).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A session's id: 120 random bits as 20 characters of the URL-safe base64 alphabet. Whoever knows
/// it can speak for the session, so it comes from luck, never from a counter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; 20]);

impl SessionId {
    /// A new one.
    pub fn draw(rng: &mut Rng) -> Self {
        Self(std::array::from_fn(|_| ALPHABET[rng.below(64) as usize]))
    }

    /// The id that a peer wrote; `None` if no id of ours looks like that.
    pub fn read(text: &str) -> Option<Self> {
        let octets: [u8; 20] = text.as_bytes().try_into().ok()?;
        octets.iter().all(|octet| ALPHABET.contains(octet)).then_some(Self(octets))
    }

    /// Its characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_and_every_one_is_new() {
        let mut rng = Rng::fork(1, "ids");
        let (first, second) = (SessionId::draw(&mut rng), SessionId::draw(&mut rng));
        assert_ne!(first, second);
        assert_eq!(SessionId::read(first.as_str()), Some(first));
        assert_eq!(first.to_string().len(), 20);
    }

    #[test]
    fn what_cannot_be_an_id_is_none() {
        for text in
            ["", "abc", "lv_VI97HAXpY6yYWAAAB1", "lv_VI97HAXpY6yYWAAA.", "ü23456789012345678"]
        {
            assert_eq!(SessionId::read(text), None, "{text}");
        }
        assert!(SessionId::read("lv_VI97HAXpY6yYWAAAB").is_some());
    }
}
