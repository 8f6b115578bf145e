//! UTF-8 that arrives cut anywhere (RFC 3629).

use std::fmt;
use std::str;

/// A check of text as it arrives: it says "no" at the first octet that no text could have there,
/// and keeps no more than the beginning of one character.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Validator {
    /// The beginning of a character whose end has not come yet.
    begun: [u8; 3],
    /// How many octets of it there are.
    len: u8,
}

/// Octets that are no text (RFC 3629 §3, §4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotText;

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("octets that are not UTF-8")
    }
}

impl std::error::Error for NotText {}

impl Validator {
    /// A check of a text of which nothing has come yet.
    pub const fn new() -> Self {
        Self { begun: [0; 3], len: 0 }
    }

    /// Takes the next octets of the text. After an error the text is spoilt: make a new check.
    pub fn take(&mut self, mut octets: &[u8]) -> Result<(), NotText> {
        while self.len > 0 {
            let Some((&next, rest)) = octets.split_first() else { return Ok(()) };
            octets = rest;
            self.complete(next)?;
        }
        match simdutf8::compat::from_utf8(octets) {
            Ok(_) => Ok(()),
            Err(why) if why.error_len().is_some() => Err(NotText),
            Err(why) => {
                let begun = &octets[why.valid_up_to()..];
                self.begun[..begun.len()].copy_from_slice(begun);
                self.len = begun.len() as u8;
                Ok(())
            }
        }
    }

    /// Whether the text may end here: no character is half there.
    pub const fn is_complete(self) -> bool {
        self.len == 0
    }

    /// Puts one more octet to the character that has begun.
    fn complete(&mut self, next: u8) -> Result<(), NotText> {
        let begun = usize::from(self.len);
        let mut character = [0; 4];
        character[..begun].copy_from_slice(&self.begun[..begun]);
        character[begun] = next;
        match str::from_utf8(&character[..=begun]) {
            Ok(_) => self.len = 0,
            Err(why) if why.error_len().is_some() => return Err(NotText),
            Err(_) => {
                // Four octets are never the beginning of a longer character.
                self.begun[begun] = next;
                self.len += 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Where the first impossible octet is, when they come one by one.
    fn fails_at(octets: &[u8]) -> Option<usize> {
        let mut validator = Validator::new();
        octets.iter().position(|octet| validator.take(&[*octet]).is_err())
    }

    #[test]
    fn text_fails_at_the_first_octet_that_cannot_be() {
        let table: [(&[u8], Option<usize>); 14] = [
            (b"plain", None),
            ("κόσμε \u{10ffff} \u{ffff}".as_bytes(), None),
            (b"\x80", Some(0)),
            (b"\xc0\x80", Some(0)),
            (b"\xc1", Some(0)),
            (b"\xc3\x28", Some(1)),
            (b"\xe0\x80", Some(1)),
            (b"\xe2\x82\x41", Some(2)),
            (b"\xed\xa0\x80", Some(1)),
            (b"\xf0\x80", Some(1)),
            (b"\xf0\x9f\x98\xff", Some(3)),
            (b"\xf4\x90", Some(1)),
            (b"\xf5", Some(0)),
            (b"\xf0\x9f\x98", None),
        ];
        for (octets, at) in table {
            assert_eq!(fails_at(octets), at, "{octets:x?}");
        }
    }

    #[test]
    fn a_text_must_not_end_within_a_character() {
        let mut validator = Validator::new();
        assert!(validator.is_complete());
        assert_eq!(validator.take(b"\xe2\x82"), Ok(()));
        assert!(!validator.is_complete());
        assert_eq!(validator.take(b"\xac"), Ok(()));
        assert!(validator.is_complete());
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_standard_library_agrees(
            text in ".{0,20}",
            spoilt in prop::option::of((0usize..40, any::<u8>())),
            cuts in prop::collection::vec(0usize..8, 0..20),
        ) {
            let mut octets = text.into_bytes();
            if let Some((at, octet)) = spoilt && let Some(place) = octets.get_mut(at) {
                *place = octet;
            }
            let (mut validator, mut good, mut rest) = (Validator::new(), true, &octets[..]);
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                good = good && validator.take(piece).is_ok();
                rest = after;
            }
            good = good && validator.take(rest).is_ok() && validator.is_complete();
            prop_assert_eq!(good, str::from_utf8(&octets).is_ok());
        }
    }
}
