//! What fits the whole way to a destination (path MTU discovery, RFC 1191).
//!
//! Read RFC 1191 §3 first: packets go out with "don't fragment", and a router that cannot pass one
//! on says by ICMP how much would fit. Estimates only ever go down; after a while they are
//! forgotten, in case the way has become wider.
//!
//! Left out: asking for more step by step (§7); the whole estimate is forgotten at once.

use super::ipv4::Note;
use crate::base::{Duration, Instant};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// What every link must take (RFC 791 §3.2): no estimate goes below.
pub const MTU_MIN: u16 = 68;

/// The usual sizes, for routers that do not say what would fit (RFC 1191 §7.1).
const PLATEAUS: [u16; 10] = [32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296, MTU_MIN];

#[derive(Clone, Copy, Debug)]
struct Estimate {
    mtu: u16,
    until: Instant,
}

/// The destinations whose way is narrower than the first link.
#[derive(Clone, Debug)]
pub struct Cache {
    ageing_time: Duration,
    destinations_max: usize,
    estimates: BTreeMap<Ipv4Addr, Estimate>,
}

impl Cache {
    /// An empty cache that believes an estimate for `ageing_time`.
    pub const fn new(ageing_time: Duration, destinations_max: usize) -> Self {
        Self { ageing_time, destinations_max, estimates: BTreeMap::new() }
    }

    /// The most octets that a packet to `destination` may have, if less than the first link's MTU
    /// is known to fit.
    pub fn lookup(&self, now: Instant, destination: Ipv4Addr) -> Option<u16> {
        self.estimates.get(&destination).filter(|e| now < e.until).map(|e| e.mtu)
    }

    /// Learns from "fragmentation needed" about a packet of `total_len` octets: `next_hop_mtu` is
    /// what the router says would fit, zero if it does not say. Nothing comes of an error that
    /// would raise the estimate or makes no sense.
    pub fn lower(
        &mut self,
        now: Instant,
        destination: Ipv4Addr,
        next_hop_mtu: u16,
        total_len: u16,
    ) -> Option<Note> {
        let mtu = if next_hop_mtu == 0 {
            PLATEAUS.into_iter().find(|&plateau| plateau < total_len)?
        } else {
            next_hop_mtu.max(MTU_MIN)
        };
        let is_news = mtu < total_len && self.lookup(now, destination).is_none_or(|old| mtu < old);
        if !is_news || self.destinations_max == 0 {
            return None;
        }
        if self.estimates.len() >= self.destinations_max
            && !self.estimates.contains_key(&destination)
            && let Some((&oldest, _)) = self.estimates.iter().min_by_key(|(_, e)| e.until)
        {
            self.estimates.remove(&oldest);
        }
        self.estimates.insert(destination, Estimate { mtu, until: now + self.ageing_time });
        Some(Note::PathMtuLowered { destination, mtu })
    }

    /// What is believed at `now`: destination, MTU, and for how long yet.
    pub fn entries(&self, now: Instant) -> impl Iterator<Item = (Ipv4Addr, u16, Duration)> {
        let young = self.estimates.iter().filter(move |(_, e)| now < e.until);
        young.map(move |(&destination, e)| (destination, e.mtu, e.until.since(now)))
    }
}

/// Ten minutes (RFC 1191 §6.3) and 256 destinations.
impl Default for Cache {
    fn default() -> Self {
        Self::new(Duration::from_secs(600), 256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: Ipv4Addr = Ipv4Addr::new(10, 9, 9, 9);

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Duration::from_secs(secs)
    }

    #[test]
    fn an_estimate_goes_down_never_up_and_is_forgotten() {
        let mut cache = Cache::default();
        let lowered = Note::PathMtuLowered { destination: FAR, mtu: 1400 };
        assert_eq!(cache.lower(at(0), FAR, 1400, 1500), Some(lowered));
        assert_eq!(cache.lower(at(1), FAR, 1450, 1500), None);
        assert_eq!(cache.lookup(at(599), FAR), Some(1400));
        assert_eq!(cache.lookup(at(600), FAR), None);
        assert_eq!(cache.entries(at(600)).count(), 0);
    }

    #[test]
    fn a_router_that_does_not_say_is_answered_with_the_next_plateau() {
        let mut cache = Cache::default();
        cache.lower(at(0), FAR, 0, 1500);
        assert_eq!(cache.lookup(at(0), FAR), Some(1492));
        cache.lower(at(0), FAR, 0, 1492);
        assert_eq!(cache.lookup(at(0), FAR), Some(1006));
    }

    #[test]
    fn senseless_errors_change_nothing_and_nothing_goes_below_68() {
        let mut cache = Cache::default();
        assert_eq!(cache.lower(at(0), FAR, 1500, 1500), None);
        assert_eq!(cache.lower(at(0), FAR, 0, 60), None);
        cache.lower(at(0), FAR, 1, 1500);
        assert_eq!(cache.lookup(at(0), FAR), Some(MTU_MIN));
    }

    #[test]
    fn a_full_cache_forgets_the_oldest_estimate() {
        let mut cache = Cache::new(Duration::from_secs(600), 2);
        let other = |n| Ipv4Addr::new(10, 0, 0, n);
        for n in 0..3 {
            cache.lower(at(n.into()), other(n), 1400, 1500);
        }
        let kept: Vec<_> = cache.entries(at(3)).map(|entry| entry.0).collect();
        assert_eq!(kept, [other(1), other(2)]);
    }
}
