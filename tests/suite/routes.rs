//! Which way packets go in networks of every shape: the computed routes are those of a plain
//! search from each network, and the tables of a fat tree lead everywhere.

use framestep::base::{InterfaceId, NodeId, Rng};
use framestep::plan::Blueprint;
use framestep::plan::blueprint::NodeKind;
use framestep::scenario::{self, Source, parse_source};
use framestep::sim::Topology;
use framestep::stack::network::ipv4::Cidr;
use framestep::stack::network::route::{Route, Table};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::Ipv4Addr;

fn network(text: &str) -> Blueprint {
    let source = Source::new("test.toml", &format!("format = 1\ntitle = \"x\"\n{text}"));
    let (scenario, diagnostics) = parse_source(&source);
    scenario.unwrap_or_else(|| panic!("{}", source.report(&diagnostics, false))).blueprint
}

fn table(topology: &Topology, blueprint: &Blueprint, node: NodeId) -> Table {
    let mut table = Table::new();
    for (network, route) in topology.routes(blueprint, node) {
        table.insert(network, route);
    }
    table
}

/// An interface on a network: its node, its number, its address.
type End = (NodeId, InterfaceId, Cidr);

/// The interfaces of each network that frames cross without a router, in the order of the links.
fn segments(blueprint: &Blueprint) -> Vec<Vec<End>> {
    let is_switch = |node: NodeId| blueprint.nodes[node.index()].kind == NodeKind::Switch;
    let mut left: BTreeSet<usize> = (0..blueprint.links.len()).collect();
    let mut segments = Vec::new();
    while let Some(first) = left.pop_first() {
        let (mut links, mut switches) = (BTreeSet::from([first]), BTreeSet::new());
        loop {
            let ends = links.iter().flat_map(|link| blueprint.links[*link].ends);
            switches.extend(ends.map(|end| end.0).filter(|node| is_switch(*node)));
            let joined = |link: &usize| {
                blueprint.links[*link].ends.iter().any(|end| switches.contains(&end.0))
            };
            let more: Vec<usize> = left.iter().copied().filter(joined).collect();
            if more.is_empty() {
                break;
            }
            left.retain(|link| !more.contains(link));
            links.extend(more);
        }
        let ends = links.iter().flat_map(|link| blueprint.links[*link].ends);
        let address = |(node, interface): (NodeId, InterfaceId)| {
            let plan = &blueprint.nodes[node.index()].interfaces[interface.index()];
            plan.address.map(|address| (node, interface, address))
        };
        segments.push(ends.filter_map(address).collect());
    }
    segments
}

/// The routes of every router, by a search from each network on its own: breadth first, and among
/// equally short ways the one found first.
fn plain(blueprint: &Blueprint) -> BTreeMap<NodeId, Table> {
    let segments = segments(blueprint);
    let routes = |node: NodeId| blueprint.nodes[node.index()].kind == NodeKind::Router;
    let mut tables: BTreeMap<NodeId, Table> = BTreeMap::new();
    for target in &segments {
        let mut seen: Vec<&Vec<End>> = vec![target];
        let mut near = VecDeque::from([target]);
        let mut ways: BTreeMap<NodeId, (Ipv4Addr, InterfaceId)> = BTreeMap::new();
        while let Some(segment) = near.pop_front() {
            for &(router, ..) in segment.iter().filter(|end| routes(end.0)) {
                for place in 0..blueprint.nodes[router.index()].interfaces.len() {
                    let own = |end: &&End| end.0 == router && end.1.index() == place;
                    let beyond = segments.iter().find(|s| s.iter().any(|end| own(&end)));
                    let Some(beyond) = beyond.filter(|beyond| !seen.contains(beyond)) else {
                        continue;
                    };
                    seen.push(beyond);
                    near.push_back(beyond);
                    let (.., address) = beyond.iter().find(own).expect("it is on it");
                    for &(other, interface, _) in beyond.iter().filter(|end| routes(end.0)) {
                        if other != router && !target.iter().any(|end| end.0 == other) {
                            ways.entry(other).or_insert((address.address, interface));
                        }
                    }
                }
            }
        }
        let network = target.first().expect("every network has an address").2.network();
        for (node, (next_hop, interface)) in ways {
            let route = Route { next_hop: Some(next_hop), interface };
            tables.entry(node).or_default().insert(network, route);
        }
        for &(node, interface, address) in target.iter().filter(|end| routes(end.0)) {
            let route = Route { next_hop: None, interface };
            tables.entry(node).or_default().insert(address.network(), route);
        }
    }
    tables
}

/// Routers at random with links, switches between some, parallel links, and hosts; `/24`s in the
/// order of the links, or addresses by a rule.
fn any_network(seed: u64) -> String {
    let mut rng = Rng::fork(seed, "routes");
    let mut below = |bound: u64| rng.below(bound);
    let rule = match below(6) {
        0 => format!("ring = {{ nodes = {}, hosts_each = {} }}", 3 + below(30), 1 + below(4)),
        1 => format!("tree = {{ depth = {}, fanout = 3, kind = \"router\" }}", 1 + below(4)),
        2 => format!("star = {{ hosts = {}, centre = \"router\" }}", 1 + below(200)),
        3 => {
            let routers = 2 + below(30);
            let links = routers - 1 + below(routers / 2 + 1);
            let hosts = 1 + below(150);
            format!(
                "random = {{ hosts = {hosts}, routers = {routers}, links = {}, seed = {} }}",
                links.min(routers * (routers - 1) / 2),
                below(1000)
            )
        }
        _ => String::new(),
    };
    let mut text = String::new();
    if !rule.is_empty() {
        text.extend([format!("[[network]]\nname = \"f\"\n{rule}\n")]);
    }
    let (routers, switches) = (2 + below(12), below(4));
    let mut links = Vec::new();
    for n in 0..routers {
        text.extend([format!("[[router]]\nname = \"r{n}\"\n")]);
        links.push((format!("r{n}"), format!("r{}", (n + 1 + below(routers - 1)) % routers)));
    }
    for n in 0..switches {
        text.extend([format!("[[switch]]\nname = \"s{n}\"\n")]);
        links.extend((0..=below(4)).map(|_| (format!("s{n}"), format!("r{}", below(routers)))));
    }
    for n in 0..below(90) {
        text.extend([format!("[[host]]\nname = \"h{n}\"\n")]);
        let to = if switches > 0 && below(4) == 0 {
            format!("s{}", below(switches))
        } else {
            format!("r{}", below(routers))
        };
        links.push((format!("h{n}"), to));
    }
    links.extend((0..below(10)).map(|_| ("r0".into(), format!("r{}", 1 + below(routers - 1)))));
    if !rule.is_empty() && !rule.starts_with("star") {
        links.push(("r0".into(), "f-r0".into()));
    }
    for (one, other) in links {
        text.extend([format!("[[link]]\nends = [\"{one}\", \"{other}\"]\n")]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn every_address_is_looked_up_as_a_search_from_its_network_finds_it(seed in any::<u64>()) {
        let blueprint = network(&any_network(seed));
        let topology = Topology::new(&blueprint);
        let plain = plain(&blueprint);
        // The first and the last of each network, those before and behind, and others between.
        let interfaces = blueprint.nodes.iter().flat_map(|node| &node.interfaces);
        let mut wanted: BTreeSet<u32> = BTreeSet::new();
        for address in interfaces.filter_map(|interface| interface.address) {
            let (first, own) = (address.network().address.to_bits(), address.address.to_bits());
            let last = first | !address.mask().to_bits();
            wanted.extend([first - 1, first, own, first + 2, last, last + 1, last + 5]);
        }
        for (node, expected) in &plain {
            let found = table(&topology, &blueprint, *node);
            for &bits in &wanted {
                let address = Ipv4Addr::from_bits(bits);
                prop_assert_eq!(found.lookup(address), expected.lookup(address),
                    "{} asks for {}", blueprint.nodes[node.index()].name, address);
            }
            if segments(&blueprint).len() < 64 {
                prop_assert!(found.entries().eq(expected.entries()));
            } else {
                prop_assert!(found.entries().count() <= expected.entries().count());
            }
        }
    }
}

/// Who has which address, and where each route leads.
struct Walked {
    blueprint: Blueprint,
    tables: Vec<Table>,
    owners: BTreeMap<Ipv4Addr, NodeId>,
}

impl Walked {
    fn new(text: &str) -> Self {
        let blueprint = network(text);
        let topology = Topology::new(&blueprint);
        let ids = (0..blueprint.nodes.len() as u32).map(NodeId);
        let tables = ids.map(|id| table(&topology, &blueprint, id)).collect();
        let mut owners = BTreeMap::new();
        for (place, node) in blueprint.nodes.iter().enumerate() {
            let addresses = node.interfaces.iter().filter_map(|i| i.address);
            owners.extend(addresses.map(|a| (a.address, NodeId(place as u32))));
        }
        Self { blueprint, tables, owners }
    }

    /// The devices on the way from `from` to an address, the last of which has it.
    fn way(&self, from: NodeId, to: Ipv4Addr) -> Vec<NodeId> {
        let mut way = vec![from];
        while way.len() < 20 && self.owners[&to] != *way.last().expect("not empty") {
            let at = *way.last().expect("not empty");
            let route = self.tables[at.index()].lookup(to);
            let name = &self.blueprint.nodes[at.index()].name;
            let route = route.unwrap_or_else(|| panic!("{name} has no route to {to}"));
            way.push(self.owners[&route.neighbour(to)]);
        }
        way
    }
}

#[test]
fn in_a_fat_tree_every_address_is_reached_from_everywhere_within_six_routers() {
    for k in [2, 4, 6, 8] {
        let fabric = Walked::new(&format!("[[network]]\nname = \"f\"\nfat_tree = {{ k = {k} }}\n"));
        let mut rng = Rng::fork(k, "walks");
        let addresses: Vec<Ipv4Addr> = fabric.owners.keys().copied().collect();
        let count = fabric.blueprint.nodes.len() as u64;
        let all = count * addresses.len() as u64;
        for walk in 0..all.min(40_000) {
            let pair = if all > 40_000 { rng.below(all) } else { walk };
            let from = NodeId((pair % count) as u32);
            let to = addresses[(pair / count) as usize];
            let way = fabric.way(from, to);
            let met: BTreeSet<&NodeId> = way.iter().collect();
            assert_eq!(met.len(), way.len(), "k = {k}: a loop on the way to {to}: {way:?}");
            // Both ends, and six routers between them.
            assert!(way.len() <= 8, "k = {k}: {way:?}");
            let host = |node: &NodeId| fabric.blueprint.nodes[node.index()].kind == NodeKind::Host;
            let between = way.iter().skip(1).rev().skip(1);
            assert!(!between.into_iter().any(host), "only routers forward: {way:?}");
        }
    }
}

#[test]
fn in_a_fat_tree_of_1280_routers_no_table_has_more_than_a_hundred_routes() {
    let blueprint = network("[[network]]\nname = \"f\"\nfat_tree = { k = 32 }\n");
    assert_eq!((blueprint.nodes.len(), blueprint.links.len()), (9_472, 24_576));
    let topology = Topology::new(&blueprint);
    let ids = (0..blueprint.nodes.len() as u32).map(NodeId);
    let longest = ids.map(|id| topology.routes(&blueprint, id).len()).max();
    assert!(longest.is_some_and(|longest| longest <= 100), "{longest:?}");
}

#[test]
fn the_hosts_of_a_pod_go_up_by_different_routers() {
    let fabric = Walked::new("[[network]]\nname = \"f\"\nfat_tree = { k = 4 }\n");
    let last = fabric.blueprint.nodes[15].interfaces[0].address.expect("a host").address;
    let up = |host| {
        let way = fabric.way(NodeId(host), last);
        way[2..4].iter().map(|n| fabric.blueprint.nodes[n.index()].name.clone()).collect()
    };
    let ways: BTreeSet<Vec<String>> = [0, 2, 4, 6].map(up).into_iter().collect();
    let names: Vec<String> = ways.iter().map(|way| way.join(" ")).collect();
    assert_eq!(
        names,
        [
            "f-pod0-agg0 f-core0",
            "f-pod0-agg1 f-core3",
            "f-pod1-agg0 f-core1",
            "f-pod1-agg1 f-core2"
        ]
    );
}

#[test]
fn what_the_file_hangs_on_a_fat_tree_is_reached_from_all_of_it() {
    let text = "[[network]]\nname = \"f\"\nfat_tree = { k = 4 }\n\
                [[network]]\nname = \"lan\"\nstar = { hosts = 5 }\n\
                [[host]]\nname = \"edge-guest\"\n[[host]]\nname = \"agg-guest\"\n[[host]]\nname = \"core-guest\"\n\
                [[link]]\nends = [\"edge-guest\", \"f-pod1-edge0\"]\n\
                [[link]]\nends = [\"f-pod2-agg1\", \"agg-guest\"]\n\
                [[link]]\nends = [\"core-guest\", \"f-core2\"]\n\
                [[link]]\nends = [\"lan-s0\", \"f-pod3-edge1\"]\n";
    let fabric = Walked::new(text);
    for (place, node) in fabric.blueprint.nodes.iter().enumerate() {
        if node.kind == NodeKind::Switch {
            continue;
        }
        for &to in fabric.owners.keys() {
            let way = fabric.way(NodeId(place as u32), to);
            assert!(way.len() <= 10, "{} to {to}: {way:?}", node.name);
        }
    }
}

#[test]
fn a_router_beside_a_fat_tree_is_refused_because_it_would_have_no_routes() {
    let text = "format = 1\ntitle = \"x\"\n[[network]]\nname = \"f\"\nfat_tree = { k = 2 }\n\
                [[router]]\nname = \"r\"\n[[link]]\nends = [\"r\", \"f-core0\"]\n";
    let (scenario, faults) = scenario::parse("x.toml", text);
    assert!(scenario.is_none());
    assert_eq!(faults[0].message, "`r` has no routes");
}
