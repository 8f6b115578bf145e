//! The table of routes: the longest prefix wins (RFC 1812 §5.2.4.3).
//!
//! Read RFC 1812 §5.2.4 first. A lookup asks once for each prefix length that the table has, the
//! longest first; it does not get slower with more routes of the same lengths.
//!
//! Left out: metrics and several next hops for one prefix; a route replaces the one before it.

use super::ipv4::Cidr;
use crate::base::{FxHashMap, InterfaceId};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Where a packet goes next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Route {
    /// The router that gets it; `None` if the destination itself is on the link.
    pub next_hop: Option<Ipv4Addr>,
    /// Through which interface.
    pub interface: InterfaceId,
}

impl Route {
    /// The neighbour that gets a packet for `destination`.
    pub fn neighbour(&self, destination: Ipv4Addr) -> Ipv4Addr {
        self.next_hop.unwrap_or(destination)
    }
}

/// Which way each network is.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// By network; looked up, never walked.
    routes: FxHashMap<Cidr, Route>,
    /// The networks, ordered for screens and for knowing which lengths are left.
    networks: BTreeSet<Cidr>,
    /// Bit n is set if the table has a prefix of length n.
    lengths: u64,
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a route, or replaces the one for the same network and gives that back. The host's bits
    /// of `network` do not matter.
    pub fn insert(&mut self, network: Cidr, route: Route) -> Option<Route> {
        let network = normal(network);
        self.lengths |= 1 << network.prefix_len;
        self.networks.insert(network);
        self.routes.insert(network, route)
    }

    /// Takes a route out.
    pub fn remove(&mut self, network: Cidr) -> Option<Route> {
        let network = normal(network);
        self.networks.remove(&network);
        self.lengths = self.networks.iter().fold(0, |bits, cidr| bits | 1 << cidr.prefix_len);
        self.routes.remove(&network)
    }

    /// The route with the longest prefix that covers `destination`.
    pub fn lookup(&self, destination: Ipv4Addr) -> Option<Route> {
        let mut lengths = self.lengths;
        while lengths != 0 {
            let prefix_len = lengths.ilog2() as u8;
            let network = Cidr { address: destination, prefix_len }.network();
            if let Some(route) = self.routes.get(&network) {
                return Some(*route);
            }
            lengths &= !(1 << prefix_len);
        }
        None
    }

    /// All routes: by address, the shorter prefix first.
    pub fn entries(&self) -> impl Iterator<Item = (Cidr, Route)> {
        self.networks.iter().filter_map(|network| Some((*network, *self.routes.get(network)?)))
    }
}

fn normal(network: Cidr) -> Cidr {
    Cidr { prefix_len: network.prefix_len.min(32), ..network }.network()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn route(n: u16) -> Route {
        Route { next_hop: None, interface: InterfaceId(n) }
    }

    #[test]
    fn the_longest_prefix_wins_and_the_default_comes_last() {
        let mut table = Table::new();
        let nets = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32"];
        for (net, n) in nets.iter().zip(0..) {
            table.insert(net.parse().unwrap(), route(n));
        }
        let cases = [("10.1.2.3", 3), ("10.1.2.4", 2), ("10.2.0.1", 1), ("192.0.2.1", 0)];
        for (address, n) in cases {
            assert_eq!(table.lookup(address.parse().unwrap()), Some(route(n)), "{address}");
        }
        assert_eq!(table.remove(Cidr::ALL), Some(route(0)));
        assert_eq!(table.lookup(Ipv4Addr::new(192, 0, 2, 1)), None);
        assert_eq!(table.entries().count(), 3);
    }

    proptest! {
        #[test]
        fn a_lookup_finds_what_a_walk_over_all_routes_finds(
            routes in prop::collection::vec((0u32..16, 0u8..=33, 0u16..9), 0..20),
            removed in prop::collection::vec(0usize..20, 0..4),
            wanted in 0u32..16,
        ) {
            // Addresses that differ in their first and last bits meet all lengths.
            let spread = |n: u32| Ipv4Addr::from_bits(n.rotate_right(2));
            let (mut table, mut walked) = (Table::new(), Vec::new());
            for (address, prefix_len, n) in routes {
                let cidr = normal(Cidr { address: spread(address), prefix_len });
                table.insert(cidr, route(n));
                walked.retain(|(other, _)| *other != cidr);
                walked.push((cidr, route(n)));
            }
            for place in removed {
                if place < walked.len() {
                    let (cidr, gone) = walked.remove(place);
                    prop_assert_eq!(table.remove(cidr), Some(gone));
                }
            }
            let destination = spread(wanted);
            let best = walked.iter().filter(|r| r.0.contains(destination)).max_by_key(|r| r.0.prefix_len);
            prop_assert_eq!(table.lookup(destination), best.map(|r| r.1));
            walked.sort();
            prop_assert_eq!(table.entries().collect::<Vec<_>>(), walked);
        }
    }
}
