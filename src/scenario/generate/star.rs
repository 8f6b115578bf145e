//! Hosts around one device.

use super::{Maker, PAIR, Part, Shape};
use crate::plan::blueprint::NodeKind;

/// `star`: on a switch one network, on a router one for each host.
pub(super) fn star(maker: &mut Maker<'_>) -> Option<Shape> {
    let (hosts, kind) = (maker.number("hosts")?, maker.kind("centre", NodeKind::Switch)?);
    maker.fits(hosts + 1, hosts)?;
    let mut shape = Shape::hosts(hosts);
    let centre = shape.add_numbered(kind, 0);
    let routed = kind == NodeKind::Router;
    for host in 0..hosts {
        let network = routed.then(|| Part::pair(host as u32 * PAIR));
        shape.join(host, centre, network);
    }
    if routed {
        shape.room = hosts as u32 * PAIR;
    }
    Some(shape)
}
