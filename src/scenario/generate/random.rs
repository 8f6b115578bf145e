//! Routers joined at random.

use super::{Maker, PAIR, Part, Shape};
use crate::base::Rng;
use crate::plan::blueprint::NodeKind;
use std::collections::BTreeSet;

/// The most hosts at a router, which leaves it numbers for the links to others.
const EACH_MAX: usize = 60_000;

/// `random`: a tree that reaches every router, then further links between pairs that have none.
///
/// The hosts of a router have a prefix between them without a gap, so that other routers need one
/// route to it; the links between routers come behind.
pub(super) fn random(maker: &mut Maker<'_>) -> Option<Shape> {
    let numbers = ["hosts", "routers", "links"].map(|key| maker.number(key));
    let seed = if maker.fields.has("seed") { maker.fields.number("seed") } else { Some(1) };
    let ([Some(hosts), Some(routers), Some(links)], Some(seed)) = (numbers, seed) else {
        return None;
    };
    check(maker, hosts, routers, links)?;
    let mut shape = Shape::hosts(hosts);
    for router in 0..routers {
        shape.add_numbered(NodeKind::Router, router);
    }
    // Router n has the hosts from begin(n) to begin(n + 1).
    let begin = |router: usize| (router as u64 * hosts as u64 / routers as u64) as usize;
    let most = hosts.div_ceil(routers).next_power_of_two();
    for router in 0..routers {
        let own = begin(router)..begin(router + 1);
        let mut first = (router * most) as u32 * PAIR;
        for (host, size) in own.clone().zip(filling(own.len(), most as u32 * PAIR)) {
            let prefix_len = size.leading_zeros() as u8 + 1;
            shape.join(host, hosts + router, Some(Part { first, prefix_len }));
            first += size;
        }
    }
    let behind = (routers * most) as u32 * PAIR;
    for (place, (one, other)) in pairs(routers, links, seed).into_iter().enumerate() {
        let network = Some(Part::pair(behind + place as u32 * PAIR));
        shape.join(hosts + one, hosts + other, network);
    }
    shape.room = behind + links as u32 * PAIR;
    Some(shape)
}

fn check(maker: &mut Maker<'_>, hosts: usize, routers: usize, links: usize) -> Option<()> {
    let (least, most) = (routers - 1, routers * (routers - 1) / 2);
    if links < least {
        let message = format!("{links} links cannot join {routers} routers");
        maker.wrong("links", message, format!("it takes at least {least}"));
        return None;
    }
    if links > most {
        let message = format!("{routers} routers have only {most} pairs, not {links}");
        maker.wrong("links", message, format!("at most {most} links, or more routers"));
        return None;
    }
    let each = hosts.div_ceil(routers);
    if each > EACH_MAX {
        let message = format!("{each} hosts at each router are too many");
        maker.wrong("routers", message, format!("at most {EACH_MAX}: take more routers"));
        return None;
    }
    maker.fits(hosts + routers, hosts + links)
}

/// So many sizes that are powers of two, the greater ones first, and fill `room` exactly.
fn filling(count: usize, room: u32) -> impl Iterator<Item = u32> {
    let places = count.next_power_of_two();
    let unit = room / places as u32;
    let double = places - count;
    (0..count).map(move |place| if place < double { unit * 2 } else { unit })
}

/// The pairs of routers that have a link, in order.
fn pairs(routers: usize, links: usize, seed: u64) -> Vec<(usize, usize)> {
    let mut rng = Rng::fork(seed, "random network");
    let mut below = |bound: usize| rng.below(bound as u64) as usize;
    let mut joined: BTreeSet<(usize, usize)> = (1..routers).map(|n| (below(n), n)).collect();
    let all = routers * (routers - 1) / 2;
    if links * 4 < all {
        while joined.len() < links {
            let (one, other) = (below(routers), below(routers));
            if one != other {
                joined.insert((one.min(other), one.max(other)));
            }
        }
    } else {
        // So many pairs are taken that the free ones are better counted than guessed.
        let pair = |one| (one + 1..routers).map(move |other| (one, other));
        let mut free: Vec<_> =
            (0..routers).flat_map(pair).filter(|p| !joined.contains(p)).collect();
        while joined.len() < links {
            let drawn = free.swap_remove(below(free.len()));
            joined.insert(drawn);
        }
    }
    joined.into_iter().collect()
}
