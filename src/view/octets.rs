//! A hex dump in lines, with places for highlighting.

use std::fmt;
use std::ops::Range;

/// Octets of one line.
pub const WIDTH: usize = 16;

/// One line of a dump.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line<'a> {
    /// The place of its first octet.
    pub at: usize,
    /// Its octets, at most [`WIDTH`].
    pub octets: &'a [u8],
}

/// The lines of a dump of `octets`.
pub fn lines(octets: &[u8]) -> impl DoubleEndedIterator<Item = Line<'_>> + ExactSizeIterator {
    octets.chunks(WIDTH).enumerate().map(|(row, octets)| Line { at: row * WIDTH, octets })
}

impl Line<'_> {
    /// The places within this line that lie in `range`, as columns from 0.
    pub fn columns(&self, range: &Range<usize>) -> Range<usize> {
        let end = range.end.saturating_sub(self.at).min(self.octets.len());
        range.start.saturating_sub(self.at).min(end)..end
    }

    /// The text column on which octet `column` of a line begins: `0010  45 00 …`, with one more
    /// blank between the two halves.
    pub const fn text_column(column: usize) -> usize {
        6 + column * 3 + column / 8
    }

    /// The octet as a character: itself if it is printable ASCII, else a dot.
    pub const fn character(octet: u8) -> char {
        if matches!(octet, 0x20..=0x7e) { octet as char } else { '.' }
    }
}

/// `0010  00 28 00 01 40 00 40 06  66 cd 0a 00 00 01 0a 00   .(..@.@.f.......`
impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}  ", self.at)?;
        for column in 0..WIDTH {
            if column == WIDTH / 2 {
                f.write_str(" ")?;
            }
            match self.octets.get(column) {
                Some(octet) => write!(f, "{octet:02x} ")?,
                None => f.write_str("   ")?,
            }
        }
        f.write_str("  ")?;
        self.octets.iter().try_for_each(|&octet| write!(f, "{}", Self::character(octet)))
    }
}
