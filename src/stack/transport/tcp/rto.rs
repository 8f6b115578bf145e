//! The retransmission time-out: how long to wait for an acknowledgement (RFC 6298).

use super::{Config, SeqNumber};
use crate::base::{Duration, Instant};

/// The clock's granularity G (RFC 6298 §2.2): the least variance that is allowed for.
const GRANULARITY: Duration = Duration::from_millis(1);

/// The estimate of the round-trip time and what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Rto {
    /// Smoothed round-trip time; zero before the first measurement.
    pub(super) srtt: Duration,
    /// Its variation.
    pub(super) rttvar: Duration,
    /// The time-out before back-off.
    base: Duration,
    /// How often it was doubled since.
    pub(super) backoff: u8,
    /// The segment being timed: the number after its last, and when it went out.
    timed: Option<(SeqNumber, Instant)>,
}

impl Rto {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            srtt: Duration::ZERO,
            rttvar: Duration::ZERO,
            base: config.rto_initial,
            backoff: 0,
            timed: None,
        }
    }

    /// Whether there has been a measurement.
    pub(super) fn is_measured(&self) -> bool {
        self.srtt > Duration::ZERO
    }

    /// The time-out as it stands, back-off included (§2.5, §5.5).
    pub(super) fn current(&self, config: &Config) -> Duration {
        self.base.times(1 << self.backoff.min(32)).min(config.rto_max)
    }

    /// Doubles the time-out (§5.5).
    pub(super) const fn back_off(&mut self) {
        self.backoff = self.backoff.saturating_add(1);
    }

    /// Our SYN had to be sent again: three seconds for the data that follows (§5.7), since what
    /// timed out was perhaps only the estimate.
    pub(super) fn after_lost_syn(&mut self, config: &Config) {
        self.base = Duration::from_secs(3).max(config.rto_min);
        self.backoff = 0;
    }

    /// Begins to time the segment that ends before `end`, unless another is being timed.
    pub(super) fn time(&mut self, now: Instant, end: SeqNumber) {
        self.timed.get_or_insert((end, now));
    }

    /// Something was sent again: which of the two an acknowledgement will be for, nobody knows
    /// (Karn's rule, §3).
    pub(super) const fn stop_timing(&mut self) {
        self.timed = None;
    }

    /// Whether a segment is being timed.
    pub(super) const fn is_timing(&self) -> bool {
        self.timed.is_some()
    }

    /// The window has opened: back-off was about the window, not about the path.
    pub(super) const fn forget_back_off(&mut self) {
        self.backoff = 0;
    }

    /// What the acknowledgement of all before `ack` measures, if the timed segment is among it.
    pub(super) fn timed_sample(&mut self, now: Instant, ack: SeqNumber) -> Option<Duration> {
        let (_, sent) = self.timed.filter(|(end, _)| *end <= ack)?;
        self.timed = None;
        Some(now.since(sent))
    }

    /// Takes a measurement (§2.2, §2.3, with α = 1/8 and β = 1/4); back-off ends with it.
    pub(super) fn measure(&mut self, rtt: Duration, config: &Config) {
        // A measurement of nothing at all still is one.
        let rtt = rtt.max(Duration(1));
        if self.is_measured() {
            let deviation = (self.srtt - rtt).max(rtt - self.srtt);
            self.rttvar = Duration(self.rttvar.0 - self.rttvar.0 / 4) + Duration(deviation.0 / 4);
            self.srtt = Duration(self.srtt.0 - self.srtt.0 / 8) + Duration(rtt.0 / 8);
        } else {
            self.srtt = rtt;
            self.rttvar = rtt.divided_by(2);
        }
        let variance = self.rttvar.times(4).max(GRANULARITY);
        self.base = (self.srtt + variance).max(config.rto_min).min(config.rto_max);
        self.backoff = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_second_measurements_follow_the_rfc() {
        let config = Config { rto_min: Duration::ZERO, ..Config::default() };
        let mut rto = Rto::new(&config);
        assert_eq!(rto.current(&config), Duration::from_secs(1));
        rto.measure(Duration::from_millis(100), &config);
        assert_eq!(rto.current(&config), Duration::from_millis(300));
        rto.measure(Duration::from_millis(180), &config);
        assert_eq!(rto.srtt, Duration::from_millis(110));
        assert_eq!(rto.rttvar, Duration::from_micros(57_500));
        assert_eq!(rto.current(&config), Duration::from_millis(340));
        rto.back_off();
        assert_eq!(rto.current(&config), Duration::from_millis(680));
        for _ in 0..300 {
            rto.back_off();
        }
        assert_eq!(rto.current(&config), Duration::from_secs(60));
    }
}
