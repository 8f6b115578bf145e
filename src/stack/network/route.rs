//! The table of routes: the longest prefix wins (RFC 1812 §5.2.4.3).
//!
//! Read RFC 1812 §5.2.4 first. The routes lie in one sorted list. A lookup finds the last one that
//! begins at or before the address: that route covers it, or one of those around that route does,
//! for prefixes lie within each other or apart. So a lookup takes as many steps as the table's
//! length has bits, and as many more where a short prefix is behind it.
//!
//! Left out: metrics and several next hops for one prefix; a route replaces the one before it.

use super::ipv4::Cidr;
use crate::base::InterfaceId;
use std::net::Ipv4Addr;

/// Where a packet goes next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Route {
    /// The router that gets it; `None` if the destination itself is on the link. (No router has
    /// the address 0.0.0.0, which is kept for that.)
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

/// Which way each network is. A route takes twelve octets: a large network has a million.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// By network, the shorter prefix first.
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    network: u32,
    next_hop: Ipv4Addr,
    interface: InterfaceId,
    prefix_len: u8,
    /// The length of the next prefix of the table around this one.
    around: u8,
}

/// Nothing is around a prefix.
const NONE: u8 = u8::MAX;

impl Entry {
    fn cidr(&self) -> Cidr {
        Cidr { address: Ipv4Addr::from_bits(self.network), prefix_len: self.prefix_len }
    }

    fn route(&self) -> Route {
        let next_hop = Some(self.next_hop).filter(|hop| !hop.is_unspecified());
        Route { next_hop, interface: self.interface }
    }
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a route, or replaces the one for the same network and gives that back. The host's bits
    /// of `network` do not matter. Cheapest in the order of [`Table::entries`].
    pub fn insert(&mut self, network: Cidr, route: Route) -> Option<Route> {
        let network = normal(network);
        let mut entry = Entry {
            network: network.address.to_bits(),
            next_hop: route.next_hop.unwrap_or(Ipv4Addr::UNSPECIFIED),
            interface: route.interface,
            prefix_len: network.prefix_len,
            around: NONE,
        };
        let place = match self.find(network) {
            Ok(place) => {
                entry.around = self.entries[place].around;
                return Some(std::mem::replace(&mut self.entries[place], entry).route());
            }
            Err(place) => place,
        };
        let around = self.covering(place.checked_sub(1), network.address);
        entry.around = around.map_or(NONE, |around| around.prefix_len);
        for inner in self.inside(place, network) {
            if inner.around == NONE || inner.around < network.prefix_len {
                inner.around = network.prefix_len;
            }
        }
        self.entries.insert(place, entry);
        None
    }

    /// Takes a route out.
    pub fn remove(&mut self, network: Cidr) -> Option<Route> {
        let network = normal(network);
        let place = self.find(network).ok()?;
        let gone = self.entries.remove(place);
        for inner in self.inside(place, network) {
            if inner.around == network.prefix_len {
                inner.around = gone.around;
            }
        }
        Some(gone.route())
    }

    /// The route with the longest prefix that covers `destination`.
    pub fn lookup(&self, destination: Ipv4Addr) -> Option<Route> {
        let bits = destination.to_bits();
        let last = self.entries.partition_point(|e| e.network <= bits).checked_sub(1);
        self.covering(last, destination).map(Entry::route)
    }

    /// All routes: by address, the shorter prefix first.
    pub fn entries(&self) -> impl Iterator<Item = (Cidr, Route)> {
        self.entries.iter().map(|entry| (entry.cidr(), entry.route()))
    }

    /// Of an entry and those around it, the innermost that covers an address.
    fn covering(&self, place: Option<usize>, address: Ipv4Addr) -> Option<&Entry> {
        let mut entry = self.entries.get(place?)?;
        while !entry.cidr().contains(address) {
            if entry.around == NONE {
                return None;
            }
            let around = Cidr { prefix_len: entry.around, ..entry.cidr() }.network();
            entry = self.entries.get(self.find(around).ok()?)?;
        }
        Some(entry)
    }

    /// Where the route for a network is, or would be.
    fn find(&self, network: Cidr) -> Result<usize, usize> {
        let wanted = (network.address.to_bits(), network.prefix_len);
        self.entries.binary_search_by_key(&wanted, |e| (e.network, e.prefix_len))
    }

    /// The entries from `place` on that lie in a network.
    fn inside(&mut self, place: usize, network: Cidr) -> impl Iterator<Item = &mut Entry> {
        self.entries[place..]
            .iter_mut()
            .take_while(move |e| network.contains(Ipv4Addr::from_bits(e.network)))
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
        let next_hop = (n % 2 == 1).then(|| Ipv4Addr::from_bits(u32::from(n)));
        Route { next_hop, interface: InterfaceId(n) }
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
