//! The shape of the network: who is joined to whom, which way packets go, where devices stand in
//! the picture.

use crate::base::{InterfaceId, LinkId, NodeId};
use crate::plan::Blueprint;
use crate::plan::blueprint::NodeKind;
use crate::stack::network::ipv4::Cidr;
use crate::stack::network::route::Route;
use crate::trace::{InterfaceLegend, Legend, LinkLegend, NodeLegend};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;

/// The devices and cables as a graph, and the segments that switches make of them.
#[derive(Clone, Debug)]
pub struct Topology {
    graph: UnGraph<NodeId, LinkId>,
    /// For each segment (cables joined by switches: one broadcast domain), the addressed interfaces
    /// on it.
    segments: Vec<Vec<Attachment>>,
    /// For each node, the segment of each of its interfaces.
    segment_of: Vec<Vec<usize>>,
    /// For each segment, the next hop of each router that is not on it.
    computed: Vec<BTreeMap<NodeId, (Ipv4Addr, InterfaceId)>>,
}

/// An interface with an address on a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Attachment {
    node: NodeId,
    interface: InterfaceId,
    address: Cidr,
    routes: bool,
}

impl Topology {
    /// The topology of a blueprint. Routes are computed only where the file gives none at all.
    pub fn new(blueprint: &Blueprint) -> Self {
        let mut graph = UnGraph::default();
        for id in 0..blueprint.nodes.len() as u32 {
            graph.add_node(NodeId(id));
        }
        let index = |node: NodeId| NodeIndex::new(node.index());
        for (place, link) in blueprint.links.iter().enumerate() {
            let [a, b] = link.ends;
            graph.add_edge(index(a.0), index(b.0), LinkId(place as u32));
        }
        let (segments, segment_of) = segments(blueprint, &graph);
        let mut topology = Self { graph, segments, segment_of, computed: Vec::new() };
        if blueprint.nodes.iter().all(|node| node.routes.is_empty()) {
            topology.computed =
                (0..topology.segments.len()).map(|segment| topology.ways_to(segment)).collect();
        }
        topology
    }

    /// The graph.
    pub const fn graph(&self) -> &UnGraph<NodeId, LinkId> {
        &self.graph
    }

    /// Breadth first from a segment outwards: for every router that is not on it, its neighbour on
    /// a shortest way there. Among equally short ways the one found first, in the file's order.
    fn ways_to(&self, target: usize) -> BTreeMap<NodeId, (Ipv4Addr, InterfaceId)> {
        let mut ways = BTreeMap::new();
        let mut seen = vec![false; self.segments.len()];
        seen[target] = true;
        let mut near: VecDeque<usize> = VecDeque::from([target]);
        let on_target = |node: NodeId| self.segment_of[node.index()].contains(&target);
        while let Some(segment) = near.pop_front() {
            for router in self.segments[segment].iter().filter(|a| a.routes) {
                for (place, &beyond) in self.segment_of[router.node.index()].iter().enumerate() {
                    let Some(own) = self.segments[beyond]
                        .iter()
                        .find(|a| a.node == router.node && a.interface.index() == place)
                    else {
                        continue;
                    };
                    if std::mem::replace(&mut seen[beyond], true) {
                        continue;
                    }
                    near.push_back(beyond);
                    for other in self.segments[beyond].iter().filter(|a| a.routes) {
                        if other.node != router.node && !on_target(other.node) {
                            ways.entry(other.node)
                                .or_insert((own.address.address, other.interface));
                        }
                    }
                }
            }
        }
        ways
    }

    /// A node's routes: its own networks, then those of the file or, where the file gives none, a
    /// way to every network (routers) or to the first router on each network (hosts).
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
        if self.computed.is_empty() {
            return routes;
        }
        match plan.kind {
            NodeKind::Switch => {}
            NodeKind::Router => {
                for (segment, ways) in self.computed.iter().enumerate() {
                    let network = self.segments[segment].first().map(|a| a.address.network());
                    if let (Some(network), Some(&(next_hop, interface))) =
                        (network, ways.get(&node))
                    {
                        routes.push((network, Route { next_hop: Some(next_hop), interface }));
                    }
                }
            }
            NodeKind::Host => {
                let router =
                    self.segment_of[node.index()].iter().enumerate().find_map(|(at, &segment)| {
                        let router = self.segments[segment].iter().find(|a| a.routes)?;
                        Some((router.address.address, InterfaceId(at as u16)))
                    });
                if let Some((next_hop, interface)) = router {
                    routes.push((Cidr::ALL, Route { next_hop: Some(next_hop), interface }));
                }
            }
        }
        routes
    }

    /// The names of things, with places in the picture for those that the file gives none.
    pub fn legend(&self, blueprint: &Blueprint) -> Legend {
        let mut links_of: Vec<Vec<LinkId>> =
            blueprint.nodes.iter().map(|n| vec![LinkId::default(); n.interfaces.len()]).collect();
        for (place, link) in blueprint.links.iter().enumerate() {
            for (node, interface) in link.ends {
                links_of[node.index()][interface.index()] = LinkId(place as u32);
            }
        }
        let places = self.places();
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
        Legend {
            nodes: blueprint.nodes.iter().enumerate().map(node).collect(),
            links: blueprint
                .links
                .iter()
                .map(|link| LinkLegend {
                    name: link.name.clone(),
                    ends: link.ends,
                    label: format!("{} · {}", link.directions[0].rate, link.directions[0].delay),
                })
                .collect(),
            until: blueprint.limits.until,
        }
    }

    /// Columns by distance from the first device; within a column, in the order of the devices'
    /// neighbours one column before (one sweep of barycentres). In permille, centres of equal cells.
    fn places(&self) -> Vec<(u16, u16)> {
        let count = self.graph.node_count();
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
                    self.graph.edges(NodeIndex::new(node)).map(|e| e.target().index()).collect();
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
}

/// The broadcast domains: cables joined wherever they meet at a switch.
fn segments(
    blueprint: &Blueprint,
    graph: &UnGraph<NodeId, LinkId>,
) -> (Vec<Vec<Attachment>>, Vec<Vec<usize>>) {
    let mut joined = UnionFind::<usize>::new(blueprint.links.len());
    for node in graph.node_indices() {
        if blueprint.nodes[node.index()].kind == NodeKind::Switch {
            let mut cables = graph.edges(node).map(|edge| edge.weight().index());
            if let Some(first) = cables.next() {
                for cable in cables {
                    joined.union(first, cable);
                }
            }
        }
    }
    let mut number = BTreeMap::new();
    let mut segments: Vec<Vec<Attachment>> = Vec::new();
    let mut segment_of: Vec<Vec<usize>> =
        blueprint.nodes.iter().map(|n| vec![0; n.interfaces.len()]).collect();
    for (place, link) in blueprint.links.iter().enumerate() {
        let segment = *number.entry(joined.find(place)).or_insert_with(|| {
            segments.push(Vec::new());
            segments.len() - 1
        });
        for (node, interface) in link.ends {
            segment_of[node.index()][interface.index()] = segment;
            let plan = &blueprint.nodes[node.index()];
            if let Some(address) = plan.interfaces[interface.index()].address {
                let routes = plan.kind == NodeKind::Router;
                segments[segment].push(Attachment { node, interface, address, routes });
            }
        }
    }
    (segments, segment_of)
}
