//! Errors: when to keep silent, how much to quote, how often, and what a quote says.

use super::message::is_error_type;
use crate::base::octets::{u16_at, u32_at};
use crate::base::{Duration, Instant};
use crate::stack::network::ipv4::{self, Protocol};
use std::net::Ipv4Addr;

/// The most octets of a packet that an error quotes: what a packet of 576 octets has room for
/// behind its own IP header and the ICMP header (RFC 1812 §4.3.2.3).
pub const QUOTE_MAX: usize = 576 - ipv4::HEADER_LEN - super::HEADER_LEN;

/// What an error quotes of the packet that it is about: the beginning, as it came, without the
/// frame's padding.
pub fn quote(original: &[u8]) -> &[u8] {
    let total_len = original.get(2..4).map_or(original.len(), |o| usize::from(u16_at(o, 0)));
    &original[..original.len().min(total_len).min(QUOTE_MAX)]
}

/// Whether an error may be sent about a packet (RFC 1122 §3.2.2, RFC 1812 §4.3.2.7): not about an
/// ICMP error, not about what went to many or came from nobody, not about a fragment other than
/// the first. `was_broadcast_frame` says that the packet's frame went to many; it also covers the
/// broadcast addresses that only the link's own prefix would show.
///
/// The beginning of the packet is enough; what is no IPv4 header is not answered.
pub fn may_answer(original: &[u8], was_broadcast_frame: bool) -> bool {
    let Some(quoted) = Quoted::parse(original) else { return false };
    let Quoted { source, destination, protocol, .. } = quoted;
    let header_len = usize::from(original[0] & 0xf) * 4;
    let is_later_fragment = u16_at(original, 6) & 0x1fff != 0;
    // "A single host" is not: 0/8, loopback, multicast, class E, broadcast.
    let is_from_one = !matches!(source.octets()[0], 0 | 127 | 224..);
    let is_to_many = destination.is_multicast() || destination.is_broadcast();
    // A message that is cut before its type might be an error.
    let is_about_error = protocol == Protocol::ICMP
        && original.get(header_len).is_none_or(|&kind| is_error_type(kind));
    !was_broadcast_frame && !is_later_fragment && is_from_one && !is_to_many && !is_about_error
}

/// How often errors may be sent (RFC 1812 §4.3.2.8): a bucket of tokens, one token an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limiter {
    interval: Duration,
    burst: u32,
    /// When the bucket will be full again. Full since then, if that is past.
    full_at: Instant,
}

impl Limiter {
    /// A full bucket of `burst` tokens; one is added each `interval`. Without burst nothing is
    /// ever allowed, without interval everything.
    pub const fn new(burst: u32, interval: Duration) -> Self {
        Self { interval, burst, full_at: Instant::ZERO }
    }

    /// Takes a token; `false` if there is none, and the error must not be sent.
    pub fn allow(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + self.interval;
        let allowed =
            self.burst > 0 && full_at.since(now) <= self.interval.times(self.burst.into());
        if allowed {
            self.full_at = full_at;
        }
        allowed
    }
}

/// 50 at once and 1000 a second, as Linux has it.
impl Default for Limiter {
    fn default() -> Self {
        Self::new(50, Duration::from_millis(1))
    }
}

/// What an error says about the packet that it quotes: enough to find whose it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quoted {
    /// Who had sent the packet: the one who now reads this.
    pub source: Ipv4Addr,
    /// Where it should have gone.
    pub destination: Ipv4Addr,
    /// What it carried.
    pub protocol: Protocol,
    /// Its length when it was dropped, in octets.
    pub total_len: u16,
    /// Source and destination port, of TCP and UDP.
    pub ports: Option<(u16, u16)>,
    /// The sequence number, of TCP.
    pub tcp_seq: Option<u32>,
    /// Identifier and sequence number, of an echo request or reply.
    pub echo: Option<(u16, u16)>,
}

impl Quoted {
    /// Reads a quote, which is cut short and whose header a router may have changed: lengths and
    /// checksum are not held against it. `None` if it is no IPv4 header.
    pub fn parse(quote: &[u8]) -> Option<Self> {
        let header = quote.get(..ipv4::HEADER_LEN)?;
        let header_len = usize::from(header[0] & 0xf) * 4;
        if header[0] >> 4 != 4 || header_len < ipv4::HEADER_LEN {
            return None;
        }
        let protocol = Protocol(header[9]);
        // A later fragment has payload where the first has ports.
        let offset = u16_at(header, 6) & 0x1fff;
        let payload = quote.get(header_len..).filter(|_| offset == 0).unwrap_or(&[]);
        let word = |at: usize| payload.get(at..at + 2).map(|o| u16_at(o, 0));
        let has_ports = matches!(protocol, Protocol::TCP | Protocol::UDP);
        let is_echo = protocol == Protocol::ICMP && matches!(payload.first(), Some(0 | 8));
        Some(Self {
            source: Ipv4Addr::from_bits(u32_at(header, 12)),
            destination: Ipv4Addr::from_bits(u32_at(header, 16)),
            protocol,
            total_len: u16_at(header, 2),
            ports: word(0).zip(word(2)).filter(|_| has_ports),
            tcp_seq: payload
                .get(4..8)
                .filter(|_| protocol == Protocol::TCP)
                .map(|octets| u32_at(octets, 0)),
            echo: word(4).zip(word(6)).filter(|_| is_echo),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_gives_its_burst_and_then_one_an_interval() {
        let mut limiter = Limiter::new(3, Duration::from_millis(10));
        let at = |ms| Instant::ZERO + Duration::from_millis(ms);
        let given: Vec<bool> =
            [0, 0, 0, 0, 9, 10, 10, 1000, 1000, 1000, 1000].map(|ms| limiter.allow(at(ms))).into();
        let (yes, no) = (true, false);
        assert_eq!(given, [yes, yes, yes, no, no, yes, no, yes, yes, yes, no]);
        assert!(!Limiter::new(0, Duration::ZERO).allow(at(0)));
        assert!(Limiter::new(1, Duration::ZERO).allow(at(0)));
    }
}
