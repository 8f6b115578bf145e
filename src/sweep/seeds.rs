//! The seeds of a sweep: `1..1000`, `7`, `1,5,9..12`.

use std::ops::RangeInclusive;
use std::str::FromStr;

/// Seeds in the order in which they were written. Ranges are kept as such, however long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seeds(Vec<RangeInclusive<u64>>);

impl Seeds {
    /// How many there are.
    pub fn count(&self) -> u128 {
        self.0.iter().map(count).sum()
    }

    /// The seed at a place; `None` behind the last.
    pub fn at(&self, place: u64) -> Option<u64> {
        let mut rest = u128::from(place);
        for range in &self.0 {
            if rest < count(range) {
                return Some(range.start() + rest as u64);
            }
            rest -= count(range);
        }
        None
    }
}

fn count(range: &RangeInclusive<u64>) -> u128 {
    u128::from(range.end() - range.start()) + 1
}

impl FromStr for Seeds {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let ranges: Vec<_> = text.split(',').map(range).collect::<Result<_, _>>()?;
        let mut sorted: Vec<_> = ranges.iter().map(|r| (*r.start(), *r.end())).collect();
        sorted.sort_unstable();
        match sorted.windows(2).find(|pair| pair[1].0 <= pair[0].1) {
            Some(pair) => Err(format!("seed {} is in it twice; name each seed once", pair[1].0)),
            None => Ok(Self(ranges)),
        }
    }
}

fn range(text: &str) -> Result<RangeInclusive<u64>, String> {
    let text = text.trim();
    let number = |text: &str| {
        text.trim().parse::<u64>().map_err(|_| {
            format!("`{text}` is no seed; write whole numbers and ranges: `1..1000`, `1,5,9..12`")
        })
    };
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if last < first {
        return Err(format!("`{text}` ends before it begins; write `{last}..{first}`"));
    }
    Ok(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<u64> {
        let seeds: Seeds = text.parse().unwrap();
        (0..).map_while(|place| seeds.at(place)).collect()
    }

    #[test]
    fn both_ends_of_a_range_are_in_it() {
        assert_eq!(all("3..5"), [3, 4, 5]);
        assert_eq!(all("7"), [7]);
        assert_eq!(all(" 1, 5 ,9 .. 11"), [1, 5, 9, 10, 11]);
        assert_eq!(all("9..10,2"), [9, 10, 2], "in the order of writing");
    }

    #[test]
    fn the_largest_range_is_counted_and_not_written_out() {
        let seeds: Seeds = "0..18446744073709551615".parse().unwrap();
        assert_eq!(seeds.count(), 1 << 64);
        assert_eq!(seeds.at(u64::MAX), Some(u64::MAX));
    }

    #[test]
    fn what_is_no_list_of_seeds_is_refused_with_what_to_do() {
        let refused = |text: &str| text.parse::<Seeds>().unwrap_err();
        let help = "write whole numbers and ranges: `1..1000`, `1,5,9..12`";
        for (text, wrong) in [
            ("", ""),
            ("a", "a"),
            ("1,,2", ""),
            ("-1", "-1"),
            ("1...3", ".3"),
            ("..3", ""),
            ("1..", ""),
            ("18446744073709551616", "18446744073709551616"),
        ] {
            assert_eq!(refused(text), format!("`{wrong}` is no seed; {help}"), "{text}");
        }
        assert_eq!(refused("9..2"), "`9..2` ends before it begins; write `2..9`");
        assert_eq!(refused("1..5,3"), "seed 3 is in it twice; name each seed once");
    }
}
