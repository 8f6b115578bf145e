//! Addresses: those of the file held against each other, the others given.
//!
//! A *network* here is what frames reach without a router: a link, and every link that switches
//! join to it. Networks are numbered in the order of their first links.

use super::super::value::{Node as Raw, Value};
use super::{Draft, blocks};
use crate::base::{InterfaceId, NodeId};
use crate::plan::blueprint::NodeKind;
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::network::ipv4::Cidr;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::ops::Range;

/// With more networks than this each gets few addresses, so that 10.0.0.0/8 is enough for all.
const ROOMY_MAX: usize = 60_000;
/// Where automatic addresses begin and end.
const TEN: (u32, u32) = (0x0a00_0000, 0x0aff_ffff);

/// A network on its way.
#[derive(Default)]
pub(super) struct Network {
    pub(super) members: Vec<(NodeId, InterfaceId)>,
    /// Its prefix, with the place that says so, when an address of the file is in it.
    pub(super) given: Option<(Cidr, Range<usize>)>,
}

/// Gives every interface its addresses.
pub(super) fn assign(draft: &mut Draft<'_>) {
    macs(draft);
    let place = given(draft);
    let (mut networks, of_link) = networks(draft);
    for network in &mut networks {
        check_network(draft, network, &place);
    }
    check_overlaps(draft, &networks);
    let taken = taken(draft, &place);
    number(draft, &mut networks, &of_link);
    for network in &networks {
        fill(draft, network, &taken);
    }
}

/// The elements of a list of addresses, one for each interface.
fn elements<'a>(draft: &mut Draft<'a>, node: usize, key: &str) -> &'a [Value] {
    let Some(fields) = draft.nodes[node].origin.table() else { return &[] };
    let given = fields.get(key).map_or(&[][..], Value::elements);
    let links = draft.nodes[node].interfaces.len();
    if let Some(extra) = given.get(links)
        && links > 0
    {
        let message = format!(
            "`{}` has {links} links, but {} times `{key}`",
            draft.nodes[node].name(),
            given.len()
        )
        .replace("1 links", "1 link");
        draft
            .faults
            .error(&extra.span, message)
            .help("one for each link, in the order of the links");
    }
    &given[..given.len().min(links)]
}

/// Hardware addresses: the file's, then 02:00:00:00:00:01 and up, hosts and routers first.
fn macs(draft: &mut Draft<'_>) {
    let mut taken: BTreeMap<MacAddress, usize> = BTreeMap::new();
    for node in draft.stations() {
        for (place, value) in elements(draft, node, "mac").iter().enumerate() {
            let Raw::Mac(mac) = value.node else { continue };
            if mac.is_multicast() {
                draft.faults.error(&value.span, format!("`{mac}` is the address of a group")).help(
                    "the second digit of a single device's address is even: `\"02:00:00:00:00:0a\"`",
                );
            } else if let Some(before) = taken.insert(mac, node) {
                let owner = draft.nodes[before].name().to_owned();
                draft
                    .faults
                    .error(&value.span, format!("`{mac}` is taken: `{owner}` has it"))
                    .help("every interface needs a hardware address of its own");
            }
            draft.nodes[node].interfaces[place].plan.mac = mac;
        }
    }
    let mut next: u32 = 0;
    for switches in [false, true] {
        for node in draft.nodes.iter_mut().filter(|n| (n.kind() == NodeKind::Switch) == switches) {
            for interface in
                node.interfaces.iter_mut().filter(|i| i.plan.mac == MacAddress::default())
            {
                interface.plan.mac = loop {
                    next += 1;
                    let [_, b, c, d] = next.to_be_bytes();
                    let mac = MacAddress([2, 0, 0, b, c, d]);
                    if !taken.contains_key(&mac) {
                        break mac;
                    }
                };
            }
        }
    }
}

type Places = BTreeMap<(NodeId, InterfaceId), Range<usize>>;

/// Takes over the addresses of the file; gives where each stands.
fn given(draft: &mut Draft<'_>) -> Places {
    let mut places = Places::new();
    for node in draft.stations() {
        for (place, value) in elements(draft, node, "address").iter().enumerate() {
            if let Raw::Address(cidr) = value.node {
                draft.nodes[node].interfaces[place].plan.address = Some(cidr);
                places.insert((NodeId(node as u32), InterfaceId(place as u16)), value.span.clone());
            }
        }
    }
    places
}

/// Which interfaces are on one network, in the order of the links; and for each link its network.
fn networks(draft: &mut Draft<'_>) -> (Vec<Network>, Vec<Option<usize>>) {
    let mut number: Vec<Option<usize>> = vec![None; draft.links.len()];
    let mut looked_at = vec![false; draft.nodes.len()];
    let mut networks = Vec::new();
    for first in 0..draft.links.len() {
        if number[first].is_some() {
            continue;
        }
        let mut network = Network::default();
        let mut waiting = vec![first];
        number[first] = Some(networks.len());
        while let Some(link) = waiting.pop() {
            check_mtu(draft, first, link);
            for end in draft.links[link].plan.ends {
                let node = draft.node(end.0);
                if node.kind() != NodeKind::Switch {
                    network.members.push(end);
                    continue;
                }
                if std::mem::replace(&mut looked_at[end.0.index()], true) {
                    continue;
                }
                for interface in &node.interfaces {
                    let next = interface.link.index();
                    if number[next].is_none() {
                        number[next] = Some(networks.len());
                        waiting.push(next);
                    }
                }
            }
        }
        network.members.sort_unstable();
        networks.push(network);
    }
    (networks, number)
}

/// A switch cannot cut packets, so all links of a network carry the same size.
fn check_mtu(draft: &mut Draft<'_>, first: usize, link: usize) {
    let (wanted, found) = (mtu(draft, first), mtu(draft, link));
    if wanted != found {
        let origin = draft.links[link].origin;
        let name = &draft.links[first].plan.name;
        draft
            .faults
            .error(
                &origin.span_of("mtu"),
                format!(
                    "`mtu` is {found} here and {wanted} on `{name}`, which a switch joins to it"
                ),
            )
            .help("all links of one network need the same `mtu`; only a router can cut packets");
    }
}

fn mtu(draft: &Draft<'_>, link: usize) -> u16 {
    draft.mtu(crate::base::LinkId(link as u32))
}

/// Holds the addresses of one network against each other.
fn check_network(draft: &mut Draft<'_>, network: &mut Network, places: &Places) {
    let mut first: Option<(Cidr, NodeId)> = None;
    for &member in &network.members {
        let Some(cidr) = draft.interface(member).plan.address else { continue };
        let Some(place) = places.get(&member) else { continue };
        let Some((wanted, owner)) = first else {
            first = Some((cidr, member.0));
            network.given = Some((cidr.network(), place.clone()));
            continue;
        };
        if cidr.network() == wanted.network() {
            continue;
        }
        let (name, owner) =
            (draft.node(member.0).name().to_owned(), draft.node(owner).name().to_owned());
        let message = if cidr.prefix_len == wanted.prefix_len {
            format!("`{cidr}` is not in the network of `{owner}`, {}", wanted.network())
        } else {
            format!(
                "`{name}` has the prefix /{}, but `{owner}` on the same network has /{}",
                cidr.prefix_len, wanted.prefix_len
            )
        };
        let help = format!(
            "no router is between `{owner}` and `{name}`: give both addresses of one network, or put a `[[router]]` between them"
        );
        draft.faults.error(place, message).help(help);
    }
}

/// Tells of networks whose addresses overlap although a router is between them.
fn check_overlaps(draft: &mut Draft<'_>, networks: &[Network]) {
    let mut given: Vec<(Cidr, &Range<usize>)> = networks
        .iter()
        .filter_map(|n| n.given.as_ref())
        .map(|(cidr, place)| (*cidr, place))
        .collect();
    given.sort_by_key(|(cidr, place)| (cidr.address, cidr.prefix_len, place.start));
    for pair in given.windows(2) {
        let [(wider, _), (other, place)] = pair else { continue };
        if wider.contains(other.address) {
            draft
                .faults
                .error(
                    place,
                    format!(
                        "the network {other} is also on the other side of a router, as {wider}"
                    ),
                )
                .help("give each network addresses of its own: 10.0.0.0/24, 10.0.1.0/24, …");
        }
    }
}

/// The addresses of the file; tells of those that two interfaces have.
fn taken(draft: &mut Draft<'_>, places: &Places) -> BTreeSet<Ipv4Addr> {
    let mut owners: BTreeMap<Ipv4Addr, NodeId> = BTreeMap::new();
    for (&end, place) in places {
        let Some(cidr) = draft.interface(end).plan.address else { continue };
        if let Some(before) = owners.insert(cidr.address, end.0) {
            let message =
                format!("`{}` is taken: `{}` has it", cidr.address, draft.node(before).name());
            draft.faults.error(place, message).help("every interface needs an address of its own");
        }
    }
    owners.into_keys().collect()
}

/// Gives a prefix to every network that has none: first those that a `[[network]]` numbers itself,
/// then 10.0.0.0/24, 10.0.1.0/24, …
fn number(draft: &mut Draft<'_>, networks: &mut [Network], of_link: &[Option<usize>]) {
    let given = networks.iter().filter_map(|n| n.given.as_ref());
    let mut room = Room {
        given: given.map(|(cidr, _)| (cidr.address.to_bits(), last_of(*cidr))).collect(),
        next: TEN.0,
    };
    blocks::place(draft, networks, of_link, &mut room);
    let numbered = |n: &&mut Network| n.given.is_none() && !n.members.is_empty();
    let by_rule = draft.made.iter().filter(|made| made.shape.room > 0);
    let by_rule: usize = by_rule.map(|made| made.shape.cables.len()).sum();
    let least = if networks.len() - by_rule > ROOMY_MAX { 29 } else { 24 };
    for network in networks.iter_mut().filter(numbered) {
        let prefix_len = prefix_len(network).min(least);
        let Some(first) = room.take(1 << (32 - prefix_len)) else { return no_room(draft) };
        network.given = Some((Cidr { address: Ipv4Addr::from_bits(first), prefix_len }, 0..0));
    }
}

/// The longest prefix that has an address for each member.
pub(super) fn prefix_len(network: &Network) -> u8 {
    let wanted = network.members.len() as u32 + 2;
    32 - wanted.next_power_of_two().trailing_zeros() as u8
}

fn no_room(draft: &mut Draft<'_>) {
    draft
        .faults
        .error(&(0..0), "10.0.0.0/8 has no room for another network")
        .help("give some networks addresses of their own, or make the network smaller");
}

/// What is left of 10.0.0.0/8.
pub(super) struct Room {
    /// The networks of the file: their first and last addresses.
    given: BTreeMap<u32, u32>,
    next: u32,
}

impl Room {
    /// So many addresses, a power of two: a prefix. `None` when there is none left.
    pub(super) fn take(&mut self, size: u32) -> Option<u32> {
        let mut first = self.next;
        loop {
            first = first.next_multiple_of(size);
            let end = first + (size - 1);
            // The last given network that begins before this one ends reaches furthest.
            match self.given.range(..=end).next_back() {
                Some((_, last)) if *last >= first => first = last.saturating_add(1),
                _ => break,
            }
        }
        let end = first + (size - 1);
        if end > TEN.1 {
            return None;
        }
        self.next = end + 1;
        Some(first)
    }
}

fn last_of(cidr: Cidr) -> u32 {
    cidr.network().address.to_bits() | !cidr.mask().to_bits()
}

/// Gives addresses to the members of a network that have none: hosts from its beginning, routers
/// from its end.
fn fill(draft: &mut Draft<'_>, network: &Network, taken: &BTreeSet<Ipv4Addr>) {
    let Some((cidr, _)) = &network.given else { return };
    let inset = u32::from(cidr.prefix_len < 31);
    let mut low = cidr.network().address.to_bits() + inset;
    let mut high = last_of(*cidr) - inset;
    for &member in &network.members {
        if draft.interface(member).plan.address.is_some() {
            continue;
        }
        let is_host = draft.node(member.0).kind() == NodeKind::Host;
        let is_taken = |bits: u32| taken.contains(&Ipv4Addr::from_bits(bits));
        while low <= high && is_taken(low) {
            low += 1;
        }
        while low <= high && is_taken(high) {
            high -= 1;
        }
        if low > high {
            let node = draft.node(member.0);
            let message = format!("no address is left in {cidr} for `{}`", node.name());
            let place = node.origin.span_of("name");
            draft
                .faults
                .error(&place, message)
                .help("choose a shorter prefix: /24 has 254 addresses");
            return;
        }
        let bits = if is_host { low } else { high };
        if is_host {
            low += 1;
        } else {
            high -= 1;
        }
        let address = Cidr { address: Ipv4Addr::from_bits(bits), prefix_len: cidr.prefix_len };
        draft.nodes[member.0.index()].interfaces[member.1.index()].plan.address = Some(address);
    }
}
