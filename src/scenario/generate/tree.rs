//! A tree whose leaves are hosts.

use super::{Maker, PAIR, Part, Shape, in_rows};
use crate::plan::blueprint::NodeKind;

/// `tree`: what hangs below a router has addresses without a gap, the router's own link upwards
/// behind it.
pub(super) fn tree(maker: &mut Maker<'_>) -> Option<Shape> {
    let (depth, fanout) = (maker.number("depth"), maker.number("fanout"));
    let (depth, fanout, kind) = (depth?, fanout?, maker.kind("kind", NodeKind::Switch)?);
    // How many devices are on each level, the root's first.
    let power = |level: usize| (0..level).fold(1_usize, |all, _| all.saturating_mul(fanout));
    let levels: Vec<usize> = (0..=depth).map(power).collect();
    let devices = levels.iter().fold(0_usize, |all, level| all.saturating_add(*level));
    maker.fits(devices, devices - 1)?;
    let hosts = levels[depth];
    let mut shape = Shape::hosts(hosts);
    let inner = devices - hosts;
    for node in 0..inner {
        shape.add_numbered(kind, node);
    }
    // How many links are below a device of each level, its own upwards counted too.
    let mut links = vec![1; depth + 1];
    for level in (0..depth).rev() {
        links[level] = links[level + 1] * fanout + 1;
    }
    let routed = kind == NodeKind::Router;
    let mut begins = vec![0; inner];
    let mut upwards = Vec::with_capacity(inner);
    let mut rows = Vec::new();
    let mut node = 0;
    for (level, &count) in levels[..depth].iter().enumerate() {
        rows.push(hosts + node..hosts + node + count);
        for place in 0..count {
            if level > 0 {
                let parent = (node - levels[level - 1] - place) + place / fanout;
                begins[node] = begins[parent] + place % fanout * links[level];
                upwards.push((node, parent, begins[node] + links[level] - 1));
            }
            node += 1;
        }
    }
    let slot = |place: usize| routed.then(|| Part::pair(place as u32 * PAIR));
    let lowest = inner - levels[depth - 1];
    for host in 0..hosts {
        let parent = lowest + host / fanout;
        shape.join(host, hosts + parent, slot(begins[parent] + host % fanout));
    }
    for (child, parent, place) in upwards {
        shape.join(hosts + child, hosts + parent, slot(place));
    }
    if routed {
        shape.room = (devices - 1) as u32 * PAIR;
    }
    rows.push(0..hosts);
    in_rows(&mut shape, &rows);
    Some(shape)
}
