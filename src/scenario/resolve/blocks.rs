//! Prefixes for networks that were made by a rule: each as a whole has one, and its links lie in
//! it as its shape says.
//!
//! In a network that brings routes of its own, what the file hangs on a router gets addresses out
//! of that router's prefix, so that the routes lead there too.

use super::super::diagnostic::Faults;
use super::super::generate::{Part, Way};
use super::addresses::{Network, Room, prefix_len};
use super::{Draft, Made};
use crate::base::NodeId;
use crate::plan::blueprint::NodeKind;
use crate::stack::network::ipv4::Cidr;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::ops::Range;

/// Gives the made networks their places in `room`, and the links of each their prefixes.
pub(super) fn place(
    draft: &mut Draft<'_>,
    networks: &mut [Network],
    of_link: &[Option<usize>],
    room: &mut Room,
) {
    for place in 0..draft.made.len() {
        let made = &mut draft.made[place];
        if made.shape.room == 0 {
            continue;
        }
        let Some(base) = room.take(made.shape.room.next_power_of_two()) else {
            let message = format!("10.0.0.0/8 has no room for network `{}`", made.name());
            let span = made.fields.span_of("name");
            draft.faults.error(&span, message).help("make it smaller, or take others away");
            continue;
        };
        made.base = base;
        for (number, cable) in made.shape.cables.iter().enumerate() {
            if let (Some(part), Some(at)) = (cable.network, of_link[made.link(number).index()]) {
                networks[at].given = Some((made.cidr(part), 0..0));
            }
        }
        if !made.shape.spare.is_empty() {
            guests(draft, place, networks, of_link);
        }
    }
}

impl Made<'_> {
    /// A part of its room, as a prefix.
    pub(super) const fn cidr(&self, part: Part) -> Cidr {
        let address = Ipv4Addr::from_bits(self.base + part.first);
        Cidr { address, prefix_len: part.prefix_len }
    }
}

/// Networks that the file hangs on the routers of a network with routes of its own.
fn guests(
    draft: &mut Draft<'_>,
    place: usize,
    networks: &mut [Network],
    of_link: &[Option<usize>],
) {
    let (links, faults, made) = (&draft.links, &mut *draft.faults, &mut draft.made[place]);
    let mut seen = BTreeSet::new();
    for (link, at) in links.iter().zip(of_link) {
        let (Some(_), Some(at)) = (link.origin.table(), *at) else { continue };
        if !seen.insert(at) {
            continue;
        }
        let network = &mut networks[at];
        let router = |&&(node, _): &&(NodeId, _)| made.device(node).is_some();
        let Some(&(router, interface)) = network.members.iter().find(router) else { continue };
        let Some(device) = made.device(router) else { continue };
        if device < made.shape.hosts {
            continue;
        }
        let span = link.origin.span_of("ends");
        if let Some((given, place)) = &network.given {
            faults
                .warning(place, format!("no route of network `{}` leads to {given}", made.name()))
                .help("leave the addresses out: they are given from the router's own prefix");
        } else {
            network.given = guest(made, device, prefix_len(network), &span, faults);
        }
        let is_guest = |node: NodeId| {
            made.device(node).is_none() && draft.nodes[node.index()].kind() == NodeKind::Host
        };
        let guests: Vec<NodeId> =
            network.members.iter().map(|member| member.0).filter(|node| is_guest(*node)).collect();
        made.guests.extend(guests.into_iter().map(|host| (host, (router, interface))));
    }
}

/// A prefix for a network that hangs on a router, and what else is needed to be reached there.
fn guest(
    made: &mut Made<'_>,
    device: usize,
    prefix_len: u8,
    span: &Range<usize>,
    faults: &mut Faults,
) -> Option<(Cidr, Range<usize>)> {
    let agent = made.shape.agents.iter().find(|agent| agent.device == device).copied();
    let owner = agent.map_or(device, |agent| agent.by);
    let spare = made.shape.spare.iter_mut().find(|spare| spare.0 == owner);
    let size = 1_u32 << (32 - prefix_len);
    let first = spare.and_then(|(_, left)| {
        let first = left.start.next_multiple_of(size);
        (first + size <= left.end).then(|| {
            left.start = first + size;
            first
        })
    });
    let Some(first) = first else {
        let message = format!("network `{}` has no addresses left for this link", made.name());
        faults
            .error(span, message)
            .help("a router has about a hundred to spare: join fewer devices to it");
        return None;
    };
    let part = Part { first, prefix_len };
    if let Some(agent) = agent {
        made.shape.routes.push(Way { device: agent.by, to: Some(part), over: agent.over });
    }
    Some((made.cidr(part), 0..0))
}
