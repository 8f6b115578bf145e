//! How fast a link is.

use super::time::{Duration, scaled};
use std::fmt;
use std::str::FromStr;

/// Bits a second; never zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rate(u64);

const UNITS: [(&str, u64); 4] =
    [("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1_000), ("bit/s", 1)];

impl Rate {
    /// So many bits a second; `None` for zero, at which nothing would ever arrive.
    pub const fn from_bits_per_second(bits: u64) -> Option<Self> {
        if bits == 0 { None } else { Some(Self(bits)) }
    }

    /// Bits a second.
    pub const fn bits_per_second(self) -> u64 {
        self.0
    }

    /// How long `octets` take to be put on the medium, rounded up to the next nanosecond: the one
    /// place where a rate becomes a time.
    pub const fn time_to_send(self, octets: u64) -> Duration {
        let bits = octets.saturating_mul(8);
        match bits.checked_mul(1_000_000_000) {
            Some(scaled) => Duration(scaled.div_ceil(self.0)),
            None => Duration((bits / self.0).saturating_mul(1_000_000_000)),
        }
    }
}

/// `10 Mbit/s`: the largest unit that needs no fraction.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, unit) = UNITS.iter().find(|u| self.0.is_multiple_of(u.1)).unwrap_or(&UNITS[3]);
        f.pad(&format!("{} {name}", self.0 / unit))
    }
}

impl FromStr for Rate {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || {
            format!(
                "`{text}` is no rate; write a number and its unit: \"10Mbit/s\" (bit/s, kbit/s, Mbit/s, Gbit/s)"
            )
        };
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let unit = text[split..].trim();
        let unit = UNITS.iter().find(|u| u.0.eq_ignore_ascii_case(unit)).ok_or_else(wrong)?.1;
        let bits = scaled(&text[..split], unit).map_err(|_| wrong())?;
        Self::from_bits_per_second(bits)
            .ok_or_else(|| format!("`{text}`: at no bits a second nothing would ever arrive"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octet_at_ten_gigabit_takes_a_nanosecond_rounded_up() {
        let rate: Rate = "10Gbit/s".parse().unwrap();
        assert_eq!(rate.time_to_send(1), Duration(1));
        assert_eq!(rate.time_to_send(1538), Duration(1231));
    }

    #[test]
    fn rates_are_read_and_written() {
        assert_eq!("1.5Mbit/s".parse::<Rate>().map(|r| r.to_string()), Ok("1500 kbit/s".into()));
        for text in ["0bit/s", "10", "fast", "-1Mbit/s", "10 MB/s"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
