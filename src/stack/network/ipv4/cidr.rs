//! Addresses with the length of their network's prefix (RFC 4632 §3.1).

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// An address and how many of its leading bits name the network: `10.0.0.1/24`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cidr {
    /// An address of the network: an interface's own, or the network's.
    pub address: Ipv4Addr,
    /// Leading bits that are the network's, 0 to 32; more count as 32.
    pub prefix_len: u8,
}

impl Cidr {
    /// Every address: the destination of a default route.
    pub const ALL: Self = Self { address: Ipv4Addr::UNSPECIFIED, prefix_len: 0 };

    /// Ones where the network's bits are: 255.255.255.0 for /24.
    pub const fn mask(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(mask_bits(self.prefix_len))
    }

    /// Whether `address` is in this network.
    pub const fn contains(self, address: Ipv4Addr) -> bool {
        (self.address.to_bits() ^ address.to_bits()) & mask_bits(self.prefix_len) == 0
    }

    /// The network itself: the host's bits are zero.
    #[must_use]
    pub const fn network(self) -> Self {
        let bits = self.address.to_bits() & mask_bits(self.prefix_len);
        Self { address: Ipv4Addr::from_bits(bits), prefix_len: self.prefix_len }
    }

    /// The address of everybody in this network; none where the prefix leaves fewer than two bits
    /// (a /31 is a link of two, RFC 3021).
    pub const fn broadcast(self) -> Option<Ipv4Addr> {
        if self.prefix_len > 30 {
            return None;
        }
        Some(Ipv4Addr::from_bits(self.address.to_bits() | !mask_bits(self.prefix_len)))
    }
}

/// The mask of a prefix as a number.
pub(super) const fn mask_bits(prefix_len: u8) -> u32 {
    match prefix_len {
        0 => 0,
        1..=31 => u32::MAX << (32 - prefix_len),
        _ => u32::MAX,
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.address, self.prefix_len))
    }
}

impl FromStr for Cidr {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let Some((address, prefix)) = text.split_once('/') else {
            return Err(format!(
                "`{text}` has no prefix length; write the network's bits behind a slash: \"10.0.0.1/24\""
            ));
        };
        let address = address.parse().map_err(|_| {
            format!(
                "`{address}` is no IPv4 address; write four numbers from 0 to 255: \"10.0.0.1/24\""
            )
        })?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
        match prefix.parse() {
            Ok(prefix_len @ 0..=32) if digits => Ok(Self { address, prefix_len }),
            _ => Err(format!("`/{prefix}` is no prefix length; it is a number from 0 to 32")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_says_who_is_in_the_network() {
        let cidr: Cidr = "10.1.2.3/22".parse().unwrap();
        assert_eq!(cidr.network().to_string(), "10.1.0.0/22");
        assert_eq!(cidr.mask(), Ipv4Addr::new(255, 255, 252, 0));
        assert_eq!(cidr.broadcast(), Some(Ipv4Addr::new(10, 1, 3, 255)));
        assert!(cidr.contains(Ipv4Addr::new(10, 1, 3, 255)));
        assert!(!cidr.contains(Ipv4Addr::new(10, 1, 4, 0)));
        assert!(Cidr::ALL.contains(Ipv4Addr::BROADCAST));
    }

    #[test]
    fn the_narrowest_networks_have_no_broadcast_address() {
        for text in ["10.0.0.0/31", "10.0.0.1/32"] {
            assert_eq!(text.parse::<Cidr>().map(Cidr::broadcast), Ok(None));
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.1", "10.0.0.1/33", "10.0.0/24", "10.0.0.1/+8", "10.0.0.1/"] {
            assert!(text.parse::<Cidr>().is_err(), "{text}");
        }
    }
}
