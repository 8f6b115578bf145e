//! Which way each router sends packets for each network: shortest ways, breadth first.
//!
//! The ways to a network depend only on the routers on it, so networks that hang on the same
//! routers share one search. In a large network a router's routes are then merged: networks that
//! lie behind each other without a gap and go the same way become as few prefixes as hold them,
//! and a network of the router's own between them is no hindrance, since the route to it is longer.
//! No other address is covered by what comes of it: **every address is looked up with the same
//! answer as in the table that was not merged.**

use super::segments::{Attachment, Lists, Segments};
use crate::base::{InterfaceId, NodeId};
use crate::stack::network::ipv4::Cidr;
use crate::stack::network::route::Route;
use std::net::Ipv4Addr;

/// With fewer networks than this, each stands in each table: a learner can read that.
const MERGED_FROM: usize = 64;

/// The routes of every router to the networks that it is not on.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    /// By node; empty for those that are no routers.
    tables: Vec<Vec<Item>>,
}

/// A route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Item {
    network: u32,
    way: Way,
    prefix_len: u8,
}

/// The next router on the way, and the interface to it.
type Way = (Ipv4Addr, InterfaceId);

/// Addresses that a router sends the same way, as far as they are known.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: u32,
    /// The last address that needs the way, and the last of the router's own behind it.
    last: u32,
    end: u32,
    way: Way,
    /// The place of its first network among all, and how many there are to which it is the way.
    begin: usize,
    networks: usize,
}

impl Ways {
    /// Computes all of them.
    pub(super) fn of(segments: &Segments, nodes: usize) -> Self {
        let mut search = Search::new(segments, nodes);
        let mut tables: Vec<Vec<Item>> = vec![Vec::new(); nodes];
        let (networks, merged) = networks(segments);
        let mut open: Vec<Option<Stretch>> = vec![None; if merged { nodes } else { 0 }];
        let mut known = None;
        for (place, &(network, segment)) in networks.iter().enumerate() {
            let routers: Vec<NodeId> = segments.routers_on(segment).map(|a| a.node).collect();
            if known.as_ref() != Some(&routers) {
                search.ways_to(&routers);
                known = Some(routers);
            }
            let (first, prefix_len) = (network.address.to_bits(), network.prefix_len);
            if !merged {
                for &router in &search.found {
                    let way = search.ways[router.index()];
                    tables[router.index()].push(Item { network: first, way, prefix_len });
                }
                continue;
            }
            let last = first | !network.mask().to_bits();
            for &router in &search.found {
                let (at, way) = (router.index(), search.ways[router.index()]);
                if let Some(done) = go_on(&mut open[at], place, (first, last), way) {
                    close(&done, router, &networks, segments, &mut tables[at]);
                }
            }
            for router in known.iter().flatten() {
                if let Some(stretch) = open[router.index()].as_mut().filter(|s| s.meets(first)) {
                    stretch.end = last;
                }
            }
        }
        for (router, stretch) in open.into_iter().enumerate() {
            if let Some(stretch) = stretch {
                let id = NodeId(router as u32);
                close(&stretch, id, &networks, segments, &mut tables[router]);
            }
        }
        tables.iter_mut().for_each(Vec::shrink_to_fit);
        Self { tables }
    }

    /// A node's routes.
    pub(super) fn routes(&self, node: NodeId) -> impl Iterator<Item = (Cidr, Route)> {
        self.tables[node.index()].iter().map(|item| {
            let address = Ipv4Addr::from_bits(item.network);
            let route = Route { next_hop: Some(item.way.0), interface: item.way.1 };
            (Cidr { address, prefix_len: item.prefix_len }, route)
        })
    }
}

/// The segments that have an address, with their networks, and whether tables are to be merged:
/// then they are in the order of the addresses. Where networks overlap nothing is merged.
fn networks(segments: &Segments) -> (Vec<(Cidr, usize)>, bool) {
    let network = |segment: usize| Some((segments.on(segment).first()?.address.network(), segment));
    let mut all: Vec<(Cidr, usize)> = (0..segments.len()).filter_map(network).collect();
    if all.len() < MERGED_FROM {
        return (all, false);
    }
    let uniform = |(network, segment): &(Cidr, usize)| {
        segments.on(*segment).iter().all(|a: &Attachment| a.address.network() == *network)
    };
    let plain = all.clone();
    all.sort_unstable();
    let apart = all.windows(2).all(|pair| !pair[0].0.contains(pair[1].0.address));
    if apart && all.iter().all(uniform) { (all, true) } else { (plain, false) }
}

impl Stretch {
    /// Whether this address is the next one behind it.
    fn meets(&self, first: u32) -> bool {
        self.end.checked_add(1) == Some(first)
    }
}

/// The next network that a router needs a way to: part of the stretch at hand, or the first of
/// another. Gives the stretch that is over.
fn go_on(
    open: &mut Option<Stretch>,
    place: usize,
    (first, last): (u32, u32),
    way: Way,
) -> Option<Stretch> {
    match open {
        Some(stretch) if stretch.way == way && stretch.meets(first) => {
            (stretch.last, stretch.end) = (last, last);
            stretch.networks += 1;
            None
        }
        _ => open.replace(Stretch { first, last, end: last, way, begin: place, networks: 1 }),
    }
}

/// Adds a stretch to a router's table: its prefixes or, where it is so askew that those are more,
/// its networks.
fn close(
    stretch: &Stretch,
    router: NodeId,
    networks: &[(Cidr, usize)],
    segments: &Segments,
    table: &mut Vec<Item>,
) {
    let from = table.len();
    prefixes(stretch, table);
    if table.len() - from <= stretch.networks {
        return;
    }
    table.truncate(from);
    let is_own = |segment| segments.routers_on(segment).any(|a| a.node == router);
    let others = networks[stretch.begin..].iter().filter(|(_, segment)| !is_own(*segment));
    table.extend(others.take(stretch.networks).map(|(network, _)| Item {
        network: network.address.to_bits(),
        way: stretch.way,
        prefix_len: network.prefix_len,
    }));
}

/// Adds the fewest prefixes that hold a stretch and nothing else.
fn prefixes(stretch: &Stretch, table: &mut Vec<Item>) {
    let (mut first, last) = (u64::from(stretch.first), u64::from(stretch.last));
    while first <= last {
        let aligned = first.trailing_zeros().min(32);
        let fitting = (last - first + 1).ilog2();
        let bits = aligned.min(fitting);
        let (network, prefix_len) = (first as u32, 32 - bits as u8);
        table.push(Item { network, way: stretch.way, prefix_len });
        first += 1 << bits;
    }
}

/// The network as routers see it, and the last search over it.
struct Search {
    /// For each node, the segments with other routers that it is on, and its address there.
    around: Lists<(u32, Ipv4Addr)>,
    /// For each segment with two routers and more, these.
    routers: Lists<(NodeId, InterfaceId)>,
    /// The number of the search, and the last one in which each segment, each router was met.
    number: u32,
    seen: Vec<u32>,
    done: Vec<u32>,
    settled: Vec<u32>,
    near: Vec<u32>,
    /// For each router that was found, its way.
    ways: Vec<Way>,
    found: Vec<NodeId>,
}

impl Search {
    fn new(segments: &Segments, nodes: usize) -> Self {
        let mut routers = Vec::new();
        let mut around = Vec::new();
        for segment in 0..segments.len() {
            let on = |node| segments.routers_on(segment).any(|a| a.node != node);
            if !segments.routers_on(segment).next().is_some_and(|first| on(first.node)) {
                continue;
            }
            for a in segments.routers_on(segment) {
                routers.push((segment, (a.node, a.interface)));
                around.push((a.node.index(), a.interface, (segment as u32, a.address.address)));
            }
        }
        around.sort_by_key(|&(node, interface, _)| (node, interface));
        let around = around.into_iter().map(|(node, _, there)| (node, there));
        Self {
            around: Lists::of(nodes, around),
            routers: Lists::of(segments.len(), routers.into_iter()),
            number: 0,
            seen: vec![0; segments.len()],
            done: vec![0; nodes],
            settled: vec![0; nodes],
            near: Vec::new(),
            ways: vec![(Ipv4Addr::UNSPECIFIED, InterfaceId(0)); nodes],
            found: Vec::new(),
        }
    }

    /// Breadth first from these routers outwards: for every other router, its neighbour on a
    /// shortest way there. Among equally short ways the one found first, in the file's order.
    fn ways_to(&mut self, targets: &[NodeId]) {
        self.number += 1;
        self.near.clear();
        self.found.clear();
        for target in targets {
            self.settled[target.index()] = self.number;
        }
        for &target in targets {
            self.look_around(target);
        }
        let mut next = 0;
        while let Some(&segment) = self.near.get(next) {
            next += 1;
            for place in 0..self.routers.get(segment as usize).len() {
                self.look_around(self.routers.get(segment as usize)[place].0);
            }
        }
    }

    /// Goes from a router to the segments around it that nobody has come to yet.
    fn look_around(&mut self, router: NodeId) {
        if std::mem::replace(&mut self.done[router.index()], self.number) == self.number {
            return;
        }
        for &(segment, own) in self.around.get(router.index()) {
            let seen = &mut self.seen[segment as usize];
            if std::mem::replace(seen, self.number) == self.number {
                continue;
            }
            self.near.push(segment);
            for &(other, interface) in self.routers.get(segment as usize) {
                let settled = &mut self.settled[other.index()];
                if other != router && std::mem::replace(settled, self.number) != self.number {
                    self.ways[other.index()] = (own, interface);
                    self.found.push(other);
                }
            }
        }
    }
}
