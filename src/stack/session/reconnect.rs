//! How long to wait before the next try: longer each time, and never in step with the others.
//!
//! When a server comes back, everybody who lost it would knock at once. Luck in the waiting time
//! spreads them out.

use crate::base::{Duration, Rng};

/// How patient a client is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// The first wait, before luck: 1 s.
    pub delay: Duration,
    /// No wait is longer: 5 s.
    pub delay_max: Duration,
    /// By how many thousandths luck lengthens or shortens a wait: 500, a half.
    pub jitter_permille: u32,
    /// How many tries there are; `None` for no limit.
    pub attempts_max: Option<u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(1),
            delay_max: Duration::from_secs(5),
            jitter_permille: 500,
            attempts_max: None,
        }
    }
}

/// The waits of one series of tries: each twice the last, with luck, up to a bound.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backoff {
    config: Config,
    rng: Rng,
    attempts: u32,
}

impl Backoff {
    /// No try yet.
    pub const fn new(config: Config, rng: Rng) -> Self {
        Self { config, rng, attempts: 0 }
    }

    /// How many tries there were.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long to wait before the next try; `None` when there were enough.
    pub fn next_wait(&mut self) -> Option<Duration> {
        if self.config.attempts_max.is_some_and(|most| self.attempts >= most) {
            return None;
        }
        // Beyond 2³² times the first wait nothing but the bound counts.
        let wait = self.config.delay.times(1 << self.attempts.min(32));
        self.attempts = self.attempts.saturating_add(1);
        // Luck is on both sides of the wait; the bound comes after it.
        let most = wait.min(self.config.delay_max.times(4)).as_nanos();
        let spread =
            (u128::from(most) * u128::from(self.config.jitter_permille.min(1000)) / 1000) as u64;
        let luck = self.rng.below(spread.saturating_mul(2).saturating_add(1));
        let lucky = Duration::from_nanos((most - spread).saturating_add(luck));
        Some(lucky.min(self.config.delay_max))
    }

    /// It worked: the next series begins with the shortest wait.
    pub const fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert, proptest};

    fn waits(config: Config, n: usize) -> Vec<Option<u64>> {
        let mut backoff = Backoff::new(config, Rng::fork(1, "luck"));
        (0..n).map(|_| backoff.next_wait().map(Duration::as_millis)).collect()
    }

    #[test]
    fn without_luck_each_wait_is_twice_the_last_up_to_the_bound() {
        let config = Config { jitter_permille: 0, ..Config::default() };
        assert_eq!(waits(config, 5), [1000, 2000, 4000, 5000, 5000].map(Some));
    }

    #[test]
    fn tries_end_at_their_limit_and_begin_again_after_a_success() {
        let config = Config { attempts_max: Some(2), jitter_permille: 0, ..Config::default() };
        let mut backoff = Backoff::new(config, Rng::fork(1, "luck"));
        assert!(backoff.next_wait().is_some() && backoff.next_wait().is_some());
        assert_eq!((backoff.next_wait(), backoff.attempts()), (None, 2));
        backoff.reset();
        assert_eq!(backoff.next_wait(), Some(Duration::from_secs(1)));
    }

    proptest! {
        #[test]
        fn luck_keeps_each_wait_within_half_of_it_and_below_the_bound(seed: u64) {
            let mut backoff = Backoff::new(Config::default(), Rng::fork(seed, "luck"));
            for (low, high) in [(500, 1500), (1000, 3000), (2000, 5000), (4000, 5000), (5000, 5000)] {
                let wait = backoff.next_wait().unwrap().as_millis();
                prop_assert!((low..=high).contains(&wait), "{wait} not in {low}..={high}");
            }
        }

        #[test]
        fn no_setting_panics(delay: u64, most: u64, jitter_permille: u32, tries in 0usize..80) {
            let config = Config {
                delay: Duration(delay),
                delay_max: Duration(most),
                jitter_permille,
                attempts_max: None,
            };
            let mut backoff = Backoff::new(config, Rng::fork(1, "luck"));
            for _ in 0..tries {
                prop_assert!(backoff.next_wait().unwrap() <= Duration(most));
            }
        }
    }
}
