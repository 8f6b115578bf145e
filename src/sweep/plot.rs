//! Five numbers as a box between two whiskers: `├──[  |  ]────┤`.

use super::figures::Five;

/// The signs that a plot is drawn with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Marks {
    /// `├──[  |  ]──┤`
    Unicode,
    /// `|--[  |  ]--|`, for terminals that know no more.
    Ascii,
}

impl Marks {
    /// The line, its left end and its right end.
    const fn whisker(self) -> (char, char, char) {
        match self {
            Self::Unicode => ('─', '├', '┤'),
            Self::Ascii => ('-', '|', '|'),
        }
    }

    /// What stands for the end of a text that is too long.
    pub(super) const fn cut(self) -> char {
        match self {
            Self::Unicode => '…',
            Self::Ascii => '~',
        }
    }
}

/// Draws the five numbers on an axis from `axis.0` to `axis.1`, which has `width` places. Where two
/// signs fall on the same place, the median goes before the box and the box before the whiskers.
pub(super) fn boxplot(five: Five, axis: (u64, u64), width: usize, marks: Marks) -> String {
    let [least, lower, median, upper, greatest] = five.map(|value| place(value, axis, width));
    let (line, left, right) = marks.whisker();
    let mut drawn = vec![' '; width];
    drawn[least..=greatest].fill(line);
    drawn[lower..=upper].fill(' ');
    drawn[least] = left;
    drawn[greatest] = right;
    drawn[lower] = '[';
    drawn[upper] = ']';
    drawn[median] = '|';
    drawn.into_iter().collect::<String>().trim_end().to_owned()
}

/// The place of a value on the axis.
fn place(value: u64, (from, to): (u64, u64), width: usize) -> usize {
    let (value, length) = (u128::from(value - from), u128::from(to - from).max(1));
    let last = width.saturating_sub(1) as u128;
    ((value * last + length / 2) / length) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_lies_between_its_whiskers_on_the_axis() {
        let draw = |five, width| boxplot(five, (0, 20), width, Marks::Unicode);
        assert_eq!(draw([0, 4, 8, 12, 20], 21), "├───[   |   ]───────┤");
        assert_eq!(draw([10, 12, 13, 14, 15], 21), "          ├─[|]┤");
        assert_eq!(draw([0, 0, 4, 4, 20], 21), "[   |───────────────┤");
        assert_eq!(draw([0, 4, 8, 12, 20], 11), "├─[ | ]───┤");
        let ascii = boxplot([0, 4, 8, 12, 20], (0, 20), 21, Marks::Ascii);
        assert_eq!(ascii, "|---[   |   ]-------|");
    }

    #[test]
    fn equal_numbers_are_one_line() {
        assert_eq!(boxplot([7; 5], (7, 7), 20, Marks::Unicode), "|");
        assert_eq!(boxplot([u64::MAX; 5], (0, u64::MAX), 3, Marks::Unicode), "  |");
    }
}
