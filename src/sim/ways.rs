//! Which way each router sends packets for each network: shortest ways, breadth first.
//!
//! The ways to a network depend only on the routers on it, so networks that hang on the same
//! routers share one search. In a large network a router's routes are then merged: two halves of a
//! prefix that go the same way become one route, and a network of the router's own between them is
//! no hindrance, since the route to it is longer. No other address is covered by what comes of it:
//! **every address is looked up with the same answer as in the table that was not merged.**

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

/// A prefix of a table on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Item {
    network: u32,
    next_hop: Ipv4Addr,
    interface: InterfaceId,
    prefix_len: u8,
    /// It is the router's own, and needs no way.
    own: bool,
}

impl Ways {
    /// Computes all of them.
    pub(super) fn of(segments: &Segments, nodes: usize) -> Self {
        let mut search = Search::new(segments, nodes);
        let mut tables: Vec<Vec<Item>> = vec![Vec::new(); nodes];
        let (networks, merged) = networks(segments);
        let mut known = None;
        for (network, segment) in networks {
            let routers: Vec<NodeId> = segments.routers_on(segment).map(|a| a.node).collect();
            if known.as_ref() != Some(&routers) {
                search.ways_to(&routers);
                known = Some(routers);
            }
            let (network, prefix_len) = (network.address.to_bits(), network.prefix_len);
            let item = |(next_hop, interface), own| Item { network, next_hop, interface, prefix_len, own };
            for &router in &search.found {
                push(&mut tables[router.index()], item(search.ways[router.index()], false), merged);
            }
            if merged {
                let nowhere = (Ipv4Addr::UNSPECIFIED, InterfaceId(0));
                for router in known.iter().flatten() {
                    push(&mut tables[router.index()], item(nowhere, true), merged);
                }
            }
        }
        for table in &mut tables {
            table.retain(|item| !item.own);
            table.shrink_to_fit();
        }
        Self { tables }
    }

    /// A node's routes.
    pub(super) fn routes(&self, node: NodeId) -> impl Iterator<Item = (Cidr, Route)> {
        self.tables[node.index()].iter().map(|item| {
            let address = Ipv4Addr::from_bits(item.network);
            let route = Route { next_hop: Some(item.next_hop), interface: item.interface };
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

/// Puts a prefix behind those of a table, all of them before it, and merges it with its other half
/// as often as that goes.
fn push(table: &mut Vec<Item>, mut item: Item, merged: bool) {
    while merged
        && let Some(&before) = table.last()
        && let Some(whole) = joined(before, item)
    {
        table.pop();
        item = whole;
    }
    table.push(item);
}

/// Two halves of a prefix that go the same way, or of which one needs none.
fn joined(left: Item, right: Item) -> Option<Item> {
    let bit = 1_u32.checked_shl(32 - u32::from(left.prefix_len))?;
    let halves = left.prefix_len == right.prefix_len
        && left.prefix_len > 0
        && left.network & bit == 0
        && left.network | bit == right.network;
    let same = (left.next_hop, left.interface) == (right.next_hop, right.interface);
    let way = match (left.own, right.own) {
        (true, _) => right,
        (false, true) => left,
        (false, false) if same => left,
        (false, false) => return None,
    };
    halves.then(|| Item { network: left.network, prefix_len: left.prefix_len - 1, ..way })
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
    ways: Vec<(Ipv4Addr, InterfaceId)>,
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
