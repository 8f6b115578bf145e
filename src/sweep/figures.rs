//! Numbers of many runs: read from cells, put in order, and written so that an eye takes them in.

use crate::base::time::scaled;

/// The least, the lower quartile, the median, the upper quartile and the greatest of some numbers.
pub(super) type Five = [u64; 5];

/// How the numbers of a column are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// As they are.
    Plain,
    /// Nanoseconds.
    Time,
    /// Bits a second.
    Rate,
}

impl Unit {
    /// The units' names with what they are worth, largest first.
    const fn all(self) -> [(&'static str, u64); 4] {
        match self {
            Self::Plain => [("", 1); 4],
            Self::Time => [(" s", 1_000_000_000), (" ms", 1_000_000), (" us", 1_000), (" ns", 1)],
            Self::Rate => [
                (" Gbit/s", 1_000_000_000),
                (" Mbit/s", 1_000_000),
                (" kbit/s", 1_000),
                (" bit/s", 1),
            ],
        }
    }
}

/// The five numbers, by nearest rank: the smallest value such that at least a quarter (the half,
/// three quarters) of all are no greater. `None` of nothing.
pub(super) fn five(mut values: Vec<u64>) -> Option<Five> {
    values.sort_unstable();
    let last = values.len().checked_sub(1)?;
    let rank = |quarters: usize| values[(values.len() * quarters).div_ceil(4) - 1];
    Some([values[0], rank(1), rank(2), rank(3), values[last]])
}

/// A cell's number; seconds with a fraction become nanoseconds. `None` when it is empty.
pub(super) fn number(cell: &str) -> Option<u64> {
    scaled(cell, if is_seconds(cell) { 1_000_000_000 } else { 1 }).ok()
}

/// Whether a cell is a time: those alone have a fraction.
pub(super) fn is_seconds(cell: &str) -> bool {
    cell.contains('.')
}

/// A number with its unit, four digits of it.
pub(super) fn shown(value: u64, unit: Unit) -> String {
    let units = unit.all();
    let (name, one) = *units.iter().find(|(_, one)| value >= *one).unwrap_or(&units[3]);
    let digits = (value / one).max(1).ilog10() + 1;
    let decimals = if one == 1 { 0 } else { 4_u32.saturating_sub(digits) };
    let (one, scale) = (u128::from(one), 10_u128.pow(decimals));
    let rounded = (u128::from(value) * scale + one / 2) / one;
    let whole = rounded / scale;
    match decimals as usize {
        0 => format!("{whole}{name}"),
        width => format!("{whole}.{:0width$}{name}", rounded % scale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_values_that_occurred() {
        assert_eq!(five(vec![]), None);
        assert_eq!(five(vec![7]), Some([7; 5]));
        assert_eq!(five(vec![2, 1]), Some([1, 1, 1, 2, 2]));
        assert_eq!(five(vec![4, 2, 3, 1]), Some([1, 1, 2, 3, 4]));
        assert_eq!(five((1..=100).rev().collect()), Some([1, 25, 50, 75, 100]));
        assert_eq!(five((1..=101).collect()), Some([1, 26, 51, 76, 101]));
    }

    #[test]
    fn cells_are_whole_numbers_or_seconds() {
        assert_eq!(number("0.163000001"), Some(163_000_001));
        assert_eq!(number("12"), Some(12));
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for text in ["", "a", "-1", "1e3", "18446744073709551616"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn four_digits_are_enough_for_the_eye() {
        for (value, unit, text) in [
            (0, Unit::Time, "0 ns"),
            (999, Unit::Time, "999 ns"),
            (1_500, Unit::Time, "1.500 us"),
            (20_000_000, Unit::Time, "20.00 ms"),
            (163_249_999, Unit::Time, "163.2 ms"),
            (163_250_000, Unit::Time, "163.3 ms"),
            (12_345_678_900, Unit::Time, "12.35 s"),
            (12_345_678_900_000, Unit::Time, "12346 s"),
            (u64::MAX, Unit::Time, "18446744074 s"),
            (9_123_456, Unit::Rate, "9.123 Mbit/s"),
            (7, Unit::Rate, "7 bit/s"),
            (123_456_789, Unit::Plain, "123456789"),
        ] {
            assert_eq!(shown(value, unit), text);
        }
    }
}
