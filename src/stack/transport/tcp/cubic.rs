//! CUBIC's window growth (RFC 9438) by integer arithmetic: octets and milliseconds.

use super::congestion::Acked;
use crate::base::Instant;

/// The state between two losses.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cubic {
    /// The window at the last loss, in octets; zero when none is remembered.
    w_max: u32,
    /// The window just before it was last reduced.
    cwnd_prior: u32,
    epoch: Option<Epoch>,
    /// Parts of an octet, in 65536ths.
    carried: u64,
}

/// One stage of congestion avoidance.
#[derive(Clone, Copy, Debug)]
struct Epoch {
    began: Instant,
    /// When the curve is back at its origin, in milliseconds after the beginning.
    k: u64,
    /// The window that the curve approaches and then leaves.
    origin: u32,
    /// What Reno would have by now, in octets (`W_est`), and its parts in 17ths of a window.
    w_est: u32,
    w_est_carried: u64,
}

impl Cubic {
    /// A loss at this window (§4.6, §4.7).
    pub(super) fn on_loss(&mut self, cwnd: u32) {
        // Fast convergence: a flow whose peak falls makes room for others.
        self.w_max = if cwnd < self.w_max { (u64::from(cwnd) * 17 / 20) as u32 } else { cwnd };
        self.cwnd_prior = cwnd;
        self.epoch = None;
    }

    /// A time-out: the next stage starts from its own window (§4.8).
    pub(super) const fn forget(&mut self) {
        self.w_max = 0;
        self.epoch = None;
    }

    /// The window after `octets` more were acknowledged in congestion avoidance (§4.2 – §4.5).
    pub(super) fn grow(&mut self, cwnd: u32, octets: u32, acked: &Acked) -> u32 {
        let mss = u64::from(acked.mss);
        let w_max = self.w_max;
        let epoch = self.epoch.get_or_insert_with(|| Epoch {
            began: acked.now,
            k: cube_root(u128::from(w_max.saturating_sub(cwnd)) * 2_500_000_000 / u128::from(mss)),
            origin: w_max.max(cwnd),
            w_est: cwnd,
            w_est_carried: 0,
        });
        epoch.grow_like_reno(cwnd, octets, mss, self.cwnd_prior);
        let elapsed = acked.now.since(epoch.began);
        if epoch.curve(elapsed.as_millis(), mss) < epoch.w_est {
            // Reno would be faster here: be as fast (§4.3).
            return cwnd.max(epoch.w_est);
        }
        let most = cwnd.saturating_add(cwnd / 2);
        let target = epoch.curve((elapsed + acked.srtt).as_millis(), mss).clamp(cwnd, most);
        let gain = (u64::from(target - cwnd) << 16) / u64::from(cwnd) * u64::from(octets);
        self.carried += gain;
        let whole = self.carried >> 16;
        self.carried &= 0xffff;
        cwnd.saturating_add(u32::try_from(whole).unwrap_or(u32::MAX))
    }
}

impl Epoch {
    /// `W_cubic(t)` = C (t − K)³ + origin with C = 0.4 segments a second cubed (§4.2).
    fn curve(&self, millis: u64, mss: u64) -> u32 {
        let from_k = i128::from(millis.min(1 << 32)) - i128::from(self.k);
        let rise = i128::from(mss) * from_k.pow(3) * 4 / 10_000_000_000;
        u32::try_from((i128::from(self.origin) + rise).max(0)).unwrap_or(u32::MAX)
    }

    /// `W_est` (§4.3): Reno's growth with CUBIC's gentler reduction, α = 3 (1 − β) / (1 + β) =
    /// 9/17, and α = 1 once the old window is reached.
    fn grow_like_reno(&mut self, cwnd: u32, octets: u32, mss: u64, cwnd_prior: u32) {
        let alpha = if self.w_est < cwnd_prior { 9 } else { 17 };
        self.w_est_carried += u64::from(octets) * mss * alpha;
        let share = u64::from(cwnd) * 17;
        let grown = u32::try_from(self.w_est_carried / share).unwrap_or(u32::MAX);
        self.w_est = self.w_est.saturating_add(grown);
        self.w_est_carried %= share;
    }
}

/// The largest integer whose cube is not above `n`, bit by bit from the highest.
fn cube_root(n: u128) -> u64 {
    (0..32).rev().fold(0u64, |root, bit| {
        let tried = root | 1 << bit;
        if u128::from(tried).pow(3) <= n { tried } else { root }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Duration;

    #[test]
    fn cube_roots_are_whole_and_rounded_down() {
        for n in 0..3000u128 {
            let root = u128::from(cube_root(n));
            assert!(root.pow(3) <= n && (root + 1).pow(3) > n);
        }
        assert_eq!(cube_root(u128::from(u64::MAX)), 2_642_245);
    }

    #[test]
    fn the_window_is_back_at_its_peak_after_k() {
        let mss = 1000;
        let mut cubic = Cubic::default();
        let peak = 1_000_000;
        cubic.on_loss(peak);
        let mut cwnd = 700_000;
        // K = cube root of 300 segments / 0.4 = 9.085 s; one acknowledgement of a window a
        // round trip of 100 ms.
        let mut at_k = 0;
        for round in 0..=120u64 {
            let now = Instant(round * 100_000_000);
            let srtt = Duration::from_millis(100);
            for _ in 0..cwnd / mss {
                let acked =
                    Acked { now, octets: mss, flight: cwnd, mss, srtt, after_timeout: false };
                cwnd = cubic.grow(cwnd, mss, &acked);
            }
            if round == 91 {
                at_k = cwnd;
            }
        }
        assert!((990_000..=1_005_000).contains(&at_k), "{at_k}");
        assert!((1_005_000..1_040_000).contains(&cwnd), "{cwnd}");
    }
}
