//! Devices in a circle, each with hosts.

use super::{Maker, PAIR, Part, Shape};
use crate::plan::blueprint::NodeKind;

/// `ring`: the networks of a router lie behind each other, then that of the link to the next.
pub(super) fn ring(maker: &mut Maker<'_>) -> Option<Shape> {
    let nodes = maker.number("nodes");
    let each = maker.number_or("hosts_each", 1);
    let (nodes, each, kind) = (nodes?, each?, maker.kind("kind", NodeKind::Router)?);
    let hosts = nodes.saturating_mul(each);
    maker.fits(hosts.saturating_add(nodes), hosts.saturating_add(nodes))?;
    let mut shape = Shape::hosts(hosts);
    let routed = kind == NodeKind::Router;
    let first = hosts;
    for node in 0..nodes {
        shape.add_numbered(kind, node);
    }
    let slot = |node: usize, place: usize| {
        routed.then(|| Part::pair((node * (each + 1) + place) as u32 * PAIR))
    };
    for host in 0..hosts {
        shape.join(host, first + host / each, slot(host / each, host % each));
    }
    for node in 0..nodes {
        shape.join(first + node, first + (node + 1) % nodes, slot(node, each));
    }
    if routed {
        shape.room = (nodes * (each + 1)) as u32 * PAIR;
    }
    Some(shape)
}
