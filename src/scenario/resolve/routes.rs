//! Static routes: each next hop is a neighbour.

use super::super::value::{Fields, Node as Raw};
use super::{Draft, links, networks};
use crate::base::NodeId;
use crate::plan::blueprint::{NodeKind, StaticRoute};
use crate::stack::network::ipv4::Cidr;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The most steps of computing routes: routers, times networks to which each needs a way.
const WAYS_MAX: usize = 250_000_000;

/// Collects the routes of every device.
pub(super) fn collect(draft: &mut Draft<'_>) {
    let mut owners: Option<BTreeMap<Ipv4Addr, NodeId>> = None;
    for place in draft.stations() {
        let node = NodeId(place as u32);
        let Some(fields) = draft.nodes[place].origin.table() else { continue };
        for route in fields.tables("routes") {
            let owners = owners.get_or_insert_with(|| all_owners(draft));
            let next_hop = next_hop(draft, node, route, owners);
            let Some(Raw::Address(destination)) = route.get("to").map(|v| &v.node) else {
                continue;
            };
            let Some(next_hop) = next_hop else { continue };
            let destination = *destination;
            if draft.nodes[place].plan.routes.iter().any(|r| r.destination == destination) {
                let message =
                    format!("`{}` has a route to {destination} already", draft.nodes[place].name());
                draft
                    .faults
                    .error(&route.span_of("to"), message)
                    .help("one route for each network");
                continue;
            }
            draft.nodes[place].plan.routes.push(StaticRoute { destination, next_hop });
        }
    }
    check_size(draft);
    networks::check_routes(draft);
    for place in 0..draft.made.len() {
        of_network(draft, place);
    }
}

/// Tells when computing the routes would take longer than anybody waits.
fn check_size(draft: &mut Draft<'_>) {
    if draft.made.iter().any(|made| !made.shape.routes.is_empty())
        || draft.nodes.iter().any(|node| !node.plan.routes.is_empty())
    {
        return;
    }
    let is_router = |node: &&super::Node<'_>| node.kind() == NodeKind::Router;
    let routers = draft.nodes.iter().filter(is_router).count();
    let leads_on = |link: &&super::Link<'_>| {
        let kinds = link.plan.ends.map(|end| draft.node(end.0).kind());
        kinds.contains(&NodeKind::Router) && !kinds.contains(&NodeKind::Host)
    };
    let links = draft.links.iter().filter(leads_on).count();
    if routers * (routers + links) > WAYS_MAX
        && let Some(first) = draft.nodes.iter().find(is_router)
    {
        let span = first.origin.span_of("name");
        let message = format!("{routers} routers with {links} links between them are too many");
        draft.faults.error(&span, message).help(
            "computing their routes would take minutes: take fewer routers, each with more hosts",
        );
    }
}

/// The routes that a network brings, and the default route of hosts that hang on its routers.
fn of_network(draft: &mut Draft<'_>, place: usize) {
    let address = |draft: &Draft<'_>, end| draft.interface(end).plan.address.map(|c| c.address);
    for number in 0..draft.made[place].shape.routes.len() {
        let made = &draft.made[place];
        let way = made.shape.routes[number];
        let node = made.node(way.device);
        let ends = draft.links[made.link(way.over).index()].plan.ends;
        let other = if ends[0].0 == node { ends[1] } else { ends[0] };
        let destination = way.to.map_or(Cidr::ALL, |part| made.cidr(part));
        if let Some(next_hop) = address(draft, other) {
            let routes = &mut draft.nodes[node.index()].plan.routes;
            routes.push(StaticRoute { destination, next_hop });
        }
    }
    for (host, router) in std::mem::take(&mut draft.made[place].guests) {
        if let Some(next_hop) = address(draft, router)
            && draft.node(host).plan.routes.is_empty()
        {
            let routes = &mut draft.nodes[host.index()].plan.routes;
            routes.push(StaticRoute { destination: Cidr::ALL, next_hop });
        }
    }
}

fn all_owners(draft: &Draft<'_>) -> BTreeMap<Ipv4Addr, NodeId> {
    let mut owners = BTreeMap::new();
    for (place, node) in draft.nodes.iter().enumerate() {
        for address in node.interfaces.iter().filter_map(|i| i.plan.address) {
            owners.insert(address.address, NodeId(place as u32));
        }
    }
    owners
}

/// The address that a route leads by.
fn next_hop(
    draft: &mut Draft<'_>,
    node: NodeId,
    route: &Fields,
    owners: &BTreeMap<Ipv4Addr, NodeId>,
) -> Option<Ipv4Addr> {
    let via = route.text("via")?;
    let text = via.text();
    let span = via.part(0..text.len());
    let own: Vec<Cidr> = addresses(draft, node);
    let name = draft.node(node).name().to_owned();
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        if !own.iter().any(|cidr| cidr.contains(address)) {
            let networks: Vec<String> = own.iter().map(|c| c.network().to_string()).collect();
            draft
                .faults
                .error(&span, format!("`{address}` is on no network of `{name}`"))
                .help(format!("a next hop is a neighbour: `{name}` is on {}", networks.join(", ")));
            return None;
        }
        match owners.get(&address) {
            Some(owner) if *owner == node => {
                draft
                    .faults
                    .error(&span, format!("`{address}` is `{name}` itself"))
                    .help("name the next router on the way");
                return None;
            }
            Some(_) => {}
            None => {
                draft
                    .faults
                    .warning(&span, format!("no device has the address `{address}`"))
                    .help("packets that go there will find nobody");
            }
        }
        return Some(address);
    }
    let other = links::find(draft, text, &span)?;
    if other == node {
        draft
            .faults
            .error(&span, format!("`{name}` is its own next hop"))
            .help("name the next router on the way");
        return None;
    }
    let theirs = addresses(draft, other);
    let shared = theirs.iter().find(|their| own.iter().any(|cidr| cidr.contains(their.address)));
    if shared.is_none() {
        draft.faults.error(&span, format!("`{text}` is on no network of `{name}`")).help(format!(
            "a next hop is a neighbour: name a router that is on one network with `{name}`"
        ));
    }
    shared.map(|cidr| cidr.address)
}

fn addresses(draft: &Draft<'_>, node: NodeId) -> Vec<Cidr> {
    draft.node(node).interfaces.iter().filter_map(|i| i.plan.address).collect()
}
