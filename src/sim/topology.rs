//! The shape of the network: who is joined to whom, which way packets go, where devices stand in
//! the picture.

use super::segments::Segments;
use super::ways::Ways;
use crate::base::{InterfaceId, LinkId, NodeId};
use crate::plan::Blueprint;
use crate::plan::blueprint::NodeKind;
use crate::stack::network::ipv4::Cidr;
use crate::stack::network::route::Route;
use crate::trace::{InterfaceLegend, Legend, LinkLegend, NodeLegend};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;
use std::collections::VecDeque;
use std::net::Ipv4Addr;

/// The devices and cables as a graph, the segments that switches make of them, and the ways
/// through them.
#[derive(Clone, Debug)]
pub struct Topology {
    graph: UnGraph<NodeId, LinkId>,
    segments: Segments,
    /// For each segment, the address of its first router.
    first_router: Vec<Option<Ipv4Addr>>,
    /// `None` where the file gives routes.
    ways: Option<Ways>,
}

impl Topology {
    /// The topology of a blueprint. Routes are computed only where the file gives none at all.
    pub fn new(blueprint: &Blueprint) -> Self {
        let graph = graph(blueprint);
        let segments = Segments::of(blueprint, &graph);
        let first_router = |segment| segments.routers_on(segment).next().map(|a| a.address.address);
        let first_router = (0..segments.len()).map(first_router).collect();
        let is_given = blueprint.nodes.iter().any(|node| !node.routes.is_empty());
        let ways = (!is_given).then(|| Ways::of(&segments, blueprint.nodes.len()));
        Self { graph, segments, first_router, ways }
    }

    /// The names and addresses of a blueprint, without places in the picture: all that a filter
    /// needs.
    pub fn names(blueprint: &Blueprint) -> Legend {
        legend(blueprint, &vec![(0, 0); blueprint.nodes.len()])
    }

    /// The graph.
    pub const fn graph(&self) -> &UnGraph<NodeId, LinkId> {
        &self.graph
    }

    /// A node's routes, in the order of their networks: its own networks, then those of the file
    /// or, where the file gives none, a way to every network (routers) or to the first router on
    /// each network (hosts).
    ///
    /// In a network of 64 segments and more, computed routes that go the same way are merged; no
    /// address is looked up with another answer.
    pub fn routes(&self, blueprint: &Blueprint, node: NodeId) -> Vec<(Cidr, Route)> {
        let plan = &blueprint.nodes[node.index()];
        let mut routes = Vec::new();
        for (place, interface) in plan.interfaces.iter().enumerate() {
            if let Some(address) = interface.address {
                let interface = InterfaceId(place as u16);
                routes.push((address.network(), Route { next_hop: None, interface }));
            }
        }
        for route in &plan.routes {
            let through = routes.iter().find(|(network, _)| network.contains(route.next_hop));
            if let Some((_, Route { interface, .. })) = through.copied() {
                routes
                    .push((route.destination, Route { next_hop: Some(route.next_hop), interface }));
            }
        }
        match (&self.ways, plan.kind) {
            (None, _) | (_, NodeKind::Switch) => {}
            (Some(ways), NodeKind::Router) => routes.extend(ways.routes(node)),
            (Some(_), NodeKind::Host) => {
                let mut segments = self.segments.of_node(node).iter().enumerate();
                let router = segments.find_map(|(at, &segment)| {
                    Some((self.first_router[segment as usize]?, InterfaceId(at as u16)))
                });
                if let Some((next_hop, interface)) = router {
                    routes.push((Cidr::ALL, Route { next_hop: Some(next_hop), interface }));
                }
            }
        }
        // A table takes them fastest in their order; of two for one network the later one holds.
        routes.sort_by_key(|(network, _)| network.network());
        routes
    }

    /// The names of things, with places in the picture for those that the file gives none.
    pub fn legend(&self, blueprint: &Blueprint) -> Legend {
        legend(blueprint, &places(&self.graph))
    }
}

fn graph(blueprint: &Blueprint) -> UnGraph<NodeId, LinkId> {
    let mut graph = UnGraph::with_capacity(blueprint.nodes.len(), blueprint.links.len());
    for id in 0..blueprint.nodes.len() as u32 {
        graph.add_node(NodeId(id));
    }
    let index = |node: NodeId| NodeIndex::new(node.index());
    for (place, link) in blueprint.links.iter().enumerate() {
        let [a, b] = link.ends;
        graph.add_edge(index(a.0), index(b.0), LinkId(place as u32));
    }
    graph
}

fn legend(blueprint: &Blueprint, places: &[(u16, u16)]) -> Legend {
    let mut links_of: Vec<Vec<LinkId>> =
        blueprint.nodes.iter().map(|n| vec![LinkId::default(); n.interfaces.len()]).collect();
    for (place, link) in blueprint.links.iter().enumerate() {
        for (node, interface) in link.ends {
            links_of[node.index()][interface.index()] = LinkId(place as u32);
        }
    }
    let node = |(place, plan): (usize, &crate::plan::blueprint::NodePlan)| NodeLegend {
        name: plan.name.clone(),
        kind: plan.kind,
        interfaces: plan
            .interfaces
            .iter()
            .zip(&links_of[place])
            .map(|(i, &link)| InterfaceLegend { mac: i.mac, address: i.address, link })
            .collect(),
        programs: plan.programs.iter().map(crate::plan::program::Plan::name).collect(),
        position: plan.position.unwrap_or(places[place]),
    };
    let link = |link: &crate::plan::blueprint::LinkPlan| LinkLegend {
        name: link.name.clone(),
        ends: link.ends,
        label: format!("{} · {}", link.directions[0].rate, link.directions[0].delay),
    };
    let nodes = blueprint.nodes.iter().enumerate().map(node).collect();
    Legend::new(nodes, blueprint.links.iter().map(link).collect(), blueprint.limits.until)
}

/// Columns by distance from the first device; within a column, in the order of the devices'
/// neighbours one column before (one sweep of barycentres). In permille, centres of equal cells.
fn places(graph: &UnGraph<NodeId, LinkId>) -> Vec<(u16, u16)> {
    let count = graph.node_count();
    let mut column = vec![usize::MAX; count];
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for start in 0..count {
        if column[start] != usize::MAX {
            continue;
        }
        let mut near = VecDeque::from([start]);
        column[start] = 0;
        while let Some(node) = near.pop_front() {
            let at = column[node];
            if columns.len() <= at {
                columns.push(Vec::new());
            }
            columns[at].push(node);
            let mut neighbours: Vec<usize> =
                graph.edges(NodeIndex::new(node)).map(|e| e.target().index()).collect();
            neighbours.sort_unstable();
            for neighbour in neighbours {
                if column[neighbour] == usize::MAX {
                    column[neighbour] = at + 1;
                    near.push_back(neighbour);
                }
            }
        }
    }
    let mut places = vec![(0, 0); count];
    let cell = |place: usize, of: usize| ((2 * place + 1) * 1000 / (2 * of)) as u16;
    for (across, nodes) in columns.iter().enumerate() {
        for (down, &node) in nodes.iter().enumerate() {
            places[node] = (cell(across, columns.len()), cell(down, nodes.len()));
        }
    }
    places
}
