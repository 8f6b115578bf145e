//! Simulated time in whole nanoseconds since the scenario began.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

/// A moment of the run, in nanoseconds since it began. It reaches 584 years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Instant(pub u64);

/// A length of simulated time in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Duration(pub u64);

impl Instant {
    /// The moment at which every run begins.
    pub const ZERO: Self = Self(0);
    /// Later than everything that happens.
    pub const MAX: Self = Self(u64::MAX);

    /// The time from `earlier` to this moment; nothing if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Longer than any run.
    pub const MAX: Self = Self(u64::MAX);

    /// So many nanoseconds.
    pub const fn from_nanos(n: u64) -> Self {
        Self(n)
    }

    /// So many microseconds.
    pub const fn from_micros(n: u64) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// So many milliseconds.
    pub const fn from_millis(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000))
    }

    /// So many seconds.
    pub const fn from_secs(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000_000))
    }

    /// Whole nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// `self` taken `n` times; stays at the greatest value instead of wrapping.
    #[must_use]
    pub const fn times(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n))
    }

    /// The `n`th part of `self`, rounded down. `n` must not be zero.
    #[must_use]
    pub const fn divided_by(self, n: u64) -> Self {
        Self(self.0 / n)
    }

    /// The longer of the two.
    #[must_use]
    pub const fn max(self, other: Self) -> Self {
        if self.0 > other.0 { self } else { other }
    }

    /// The shorter of the two.
    #[must_use]
    pub const fn min(self, other: Self) -> Self {
        if self.0 < other.0 { self } else { other }
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, d: Duration) -> Self {
        Self(self.0.saturating_add(d.0))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, d: Duration) {
        *self = *self + d;
    }
}

impl Add for Duration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// The units in which time is written, longest first, with their nanoseconds.
const UNITS: [(&str, u64); 5] =
    [("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];

/// `20 ms`, `1.5 s`, `350 ns`: the largest unit that leaves a whole part, without trailing zeros.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = UNITS.iter().skip(1).find(|unit| self.0 >= unit.1).unwrap_or(&UNITS[4]);
        let (name, nanos) = *shown;
        let (whole, rest) = (self.0 / nanos, self.0 % nanos);
        let name = if name == "us" { "µs" } else { name };
        if rest == 0 {
            return f.pad(&format!("{whole} {name}"));
        }
        let digits = nanos.ilog10() as usize;
        let fraction = format!("{rest:0digits$}");
        f.pad(&format!("{whole}.{} {name}", fraction.trim_end_matches('0')))
    }
}

/// Milliseconds to the microsecond, `40.128 ms`; from ten seconds on seconds, `12.345678 s`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0 / 1_000;
        if micros < 10_000_000 {
            f.pad(&format!("{}.{:03} ms", micros / 1_000, micros % 1_000))
        } else {
            f.pad(&format!("{}.{:06} s", micros / 1_000_000, micros % 1_000_000))
        }
    }
}

/// Reads what [`Display`](fmt::Display) writes and what a person types: `20ms`, `1.5 s`, `2min`.
impl FromStr for Duration {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || {
            format!(
                "`{text}` is no length of time; write a number and its unit: \"20ms\" (ns, us, ms, s, min)"
            )
        };
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let (number, unit) = (&text[..split], text[split..].trim());
        let unit = if unit == "µs" { "us" } else { unit };
        let nanos = UNITS.iter().find(|u| u.0 == unit).ok_or_else(wrong)?.1;
        let too_long = || format!("`{text}` is longer than a run can be (584 years)");
        scaled(number, nanos).map(Self).map_err(|why| match why {
            Unscaled::NotANumber => wrong(),
            Unscaled::TooLarge => too_long(),
        })
    }
}

/// Why a number with a unit has no value.
pub(crate) enum Unscaled {
    /// It is no number.
    NotANumber,
    /// It does not fit 64 bits.
    TooLarge,
}

/// The decimal `number` times `unit`, rounded down.
pub(crate) fn scaled(number: &str, unit: u64) -> Result<u64, Unscaled> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(Unscaled::NotANumber);
    }
    let part = fraction
        .bytes()
        .take(18)
        .fold((0u128, 1u128), |(n, scale), b| (n * 10 + u128::from(b - b'0'), scale * 10));
    let whole = whole.parse::<u64>().map_err(|_| Unscaled::TooLarge)?;
    let sum = u128::from(whole) * u128::from(unit) + part.0 * u128::from(unit) / part.1;
    u64::try_from(sum).map_err(|_| Unscaled::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (text, nanos) in
            [("20 ms", 20_000_000), ("1.5 s", 1_500_000_000), ("0 ns", 0), ("12.345 µs", 12_345)]
        {
            assert_eq!(text.parse(), Ok(Duration(nanos)));
            assert_eq!(Duration(nanos).to_string(), text);
        }
        assert_eq!("2min".parse(), Ok(Duration::from_secs(120)));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "20", "ms", "-1ms", "1e3s", "NaN", "10 msec", "99999999999999999999s", "1..5s"]
        {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
