//! The broadcast domains of a network, in flat arrays: what is asked for each of ten thousand
//! devices must not be searched for.

use crate::base::{InterfaceId, LinkId, NodeId};
use crate::plan::Blueprint;
use crate::plan::blueprint::NodeKind;
use crate::stack::network::ipv4::Cidr;
use petgraph::graph::UnGraph;
use petgraph::unionfind::UnionFind;

/// Lists of different lengths, one behind the other.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    /// Where each list begins, and where the last one ends.
    starts: Vec<u32>,
    all: Vec<T>,
}

impl<T> Lists<T> {
    /// The lists of what `pairs` gives; each list is in its order.
    pub(super) fn of(count: usize, pairs: impl Iterator<Item = (usize, T)>) -> Self {
        let mut pairs: Vec<(usize, T)> = pairs.collect();
        pairs.sort_by_key(|pair| pair.0);
        let mut starts = vec![0; count + 1];
        for (list, _) in &pairs {
            starts[list + 1] += 1;
        }
        for list in 0..count {
            starts[list + 1] += starts[list];
        }
        Self { starts, all: pairs.into_iter().map(|pair| pair.1).collect() }
    }

    /// How many lists there are.
    pub(super) const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// One list.
    pub(super) fn get(&self, list: usize) -> &[T] {
        &self.all[self.starts[list] as usize..self.starts[list + 1] as usize]
    }
}

/// Cables joined by switches, each with the addressed interfaces on it.
#[derive(Clone, Debug)]
pub(super) struct Segments {
    /// For each segment, who is on it, in the order of the cables.
    attachments: Lists<Attachment>,
    /// For each node, the segment of each of its interfaces.
    of_node: Lists<u32>,
}

/// An interface with an address on a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Attachment {
    pub(super) node: NodeId,
    pub(super) interface: InterfaceId,
    pub(super) address: Cidr,
    pub(super) routes: bool,
}

impl Segments {
    /// The segments of a network, numbered by their first cables.
    pub(super) fn of(blueprint: &Blueprint, graph: &UnGraph<NodeId, LinkId>) -> Self {
        let mut joined = UnionFind::<u32>::new(blueprint.links.len());
        for node in graph.node_indices() {
            if blueprint.nodes[node.index()].kind == NodeKind::Switch {
                let mut cables = graph.edges(node).map(|edge| edge.weight().0);
                if let Some(first) = cables.next() {
                    for cable in cables {
                        joined.union(first, cable);
                    }
                }
            }
        }
        let mut number = vec![u32::MAX; blueprint.links.len()];
        let mut count: u32 = 0;
        let mut on = Vec::with_capacity(blueprint.links.len() * 2);
        let mut at = Vec::with_capacity(blueprint.links.len() * 2);
        for (place, link) in blueprint.links.iter().enumerate() {
            let number = &mut number[joined.find_mut(place as u32) as usize];
            if *number == u32::MAX {
                *number = count;
                count += 1;
            }
            for (node, interface) in link.ends {
                at.push((node.index(), (interface, *number)));
                let plan = &blueprint.nodes[node.index()];
                if let Some(address) = plan.interfaces[interface.index()].address {
                    let routes = plan.kind == NodeKind::Router;
                    on.push((*number as usize, Attachment { node, interface, address, routes }));
                }
            }
        }
        at.sort_by_key(|(node, (interface, _))| (*node, *interface));
        let at = at.into_iter().map(|(node, (_, segment))| (node, segment));
        Self {
            attachments: Lists::of(count as usize, on.into_iter()),
            of_node: Lists::of(blueprint.nodes.len(), at),
        }
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.attachments.len()
    }

    /// The addressed interfaces on one.
    pub(super) fn on(&self, segment: usize) -> &[Attachment] {
        self.attachments.get(segment)
    }

    /// The routers on one, in the order of the cables.
    pub(super) fn routers_on(&self, segment: usize) -> impl Iterator<Item = &Attachment> {
        self.on(segment).iter().filter(|a| a.routes)
    }

    /// The segments that a node is on, by its interfaces.
    pub(super) fn of_node(&self, node: NodeId) -> &[u32] {
        self.of_node.get(node.index())
    }
}
