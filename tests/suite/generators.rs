//! Networks that are made by a rule: their names, their shape, who talks to whom; the same file
//! gives the same network, and a large one is built as fast as it is large.

use framestep::base::{Duration, Instant};
use framestep::plan::Blueprint;
use framestep::plan::blueprint::{NodeKind, NodePlan};
use framestep::plan::program::Plan;
use framestep::scenario::{Source, parse_source};
use framestep::sim::World;
use framestep::trace::filter::Filter;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

fn network(text: &str) -> Blueprint {
    with(text, &[])
}

fn with(text: &str, assignments: &[&str]) -> Blueprint {
    let mut source = Source::new("test.toml", &format!("format = 1\ntitle = \"x\"\n{text}"));
    for assignment in assignments {
        source = source.with(assignment);
    }
    let (scenario, diagnostics) = parse_source(&source);
    scenario.unwrap_or_else(|| panic!("{}", source.report(&diagnostics, false))).blueprint
}

fn made(shape: &str) -> Blueprint {
    network(&format!("[[network]]\nname = \"f\"\n{shape}\n"))
}

/// Every link with its ends' addresses: `f-h0 10.0.0.1/30 - f-r0 10.0.0.2/30`.
fn links(blueprint: &Blueprint) -> Vec<String> {
    let end = |(node, interface): &(framestep::base::NodeId, framestep::base::InterfaceId)| {
        let plan = &blueprint.nodes[node.index()];
        let address = plan.interfaces[interface.index()].address;
        let address = address.map_or_else(String::new, |address| format!(" {address}"));
        format!("{}{address}", plan.name)
    };
    blueprint.links.iter().map(|l| format!("{} - {}", end(&l.ends[0]), end(&l.ends[1]))).collect()
}

#[test]
fn a_star_on_a_switch_is_one_network() {
    assert_eq!(
        links(&made("star = { hosts = 3 }")),
        ["f-h0 10.0.0.1/24 - f-s0", "f-h1 10.0.0.2/24 - f-s0", "f-h2 10.0.0.3/24 - f-s0"]
    );
}

#[test]
fn a_star_on_a_router_has_a_network_for_each_host() {
    assert_eq!(
        links(&made("star = { hosts = 2, centre = \"router\" }")),
        ["f-h0 10.0.0.1/30 - f-r0 10.0.0.2/30", "f-h1 10.0.0.5/30 - f-r0 10.0.0.6/30"]
    );
}

#[test]
fn a_tree_is_numbered_from_the_top_and_what_is_below_a_router_lies_together() {
    assert_eq!(
        links(&made("tree = { depth = 2, fanout = 2, kind = \"router\" }")),
        [
            "f-h0 10.0.0.1/30 - f-r1 10.0.0.2/30",
            "f-h1 10.0.0.5/30 - f-r1 10.0.0.6/30",
            "f-h2 10.0.0.13/30 - f-r2 10.0.0.14/30",
            "f-h3 10.0.0.17/30 - f-r2 10.0.0.18/30",
            "f-r1 10.0.0.9/30 - f-r0 10.0.0.10/30",
            "f-r2 10.0.0.21/30 - f-r0 10.0.0.22/30",
        ]
    );
}

#[test]
fn a_ring_closes() {
    assert_eq!(
        links(&made("ring = { nodes = 3, hosts_each = 1, kind = \"switch\" }")),
        [
            "f-h0 10.0.0.1/24 - f-s0",
            "f-h1 10.0.0.2/24 - f-s1",
            "f-h2 10.0.0.3/24 - f-s2",
            "f-s0 - f-s1",
            "f-s1 - f-s2",
            "f-s2 - f-s0",
        ]
    );
}

#[test]
fn a_fat_tree_has_an_address_for_pod_router_and_link() {
    let blueprint = made("fat_tree = { k = 4 }");
    let links = links(&blueprint);
    assert_eq!((blueprint.nodes.len(), links.len()), (36, 48));
    for link in [
        "f-h0 10.0.0.1/30 - f-pod0-edge0 10.0.0.2/30",
        "f-h15 10.3.1.5/30 - f-pod3-edge1 10.3.1.6/30",
        "f-pod2-edge1 10.2.1.14/30 - f-pod2-agg1 10.2.1.13/30",
        "f-pod1-agg0 10.1.2.2/30 - f-core0 10.1.2.1/30",
        "f-pod1-agg1 10.1.3.6/30 - f-core3 10.1.3.5/30",
    ] {
        assert!(links.iter().any(|l| l == link), "{link} is not in {links:#?}");
    }
}

#[test]
fn a_random_network_reaches_every_router_by_as_many_links_as_were_asked_for() {
    for (routers, wanted) in [(1, 0), (2, 1), (30, 29), (30, 60), (12, 66)] {
        let shape =
            format!("random = {{ hosts = 40, routers = {routers}, links = {wanted}, seed = 4 }}");
        let blueprint = made(&shape);
        let ends = blueprint.links.iter().map(|link| link.ends.map(|end| end.0.index()));
        let between: Vec<[usize; 2]> = ends.filter(|ends| ends.iter().all(|e| *e >= 40)).collect();
        let pairs: BTreeSet<[usize; 2]> = between.iter().copied().collect();
        assert_eq!((between.len(), pairs.len()), (wanted, wanted), "no pair twice");
        let mut reached = BTreeSet::from([40]);
        for _ in 0..routers {
            for [one, other] in &pairs {
                if reached.contains(one) || reached.contains(other) {
                    reached.extend([*one, *other]);
                }
            }
        }
        assert_eq!(reached.len(), routers);
    }
}

#[test]
fn the_same_numbers_give_the_same_network_and_another_seed_another() {
    let shape = |seed: u32| {
        format!(
            "[[network]]\nname = \"f\"\nrandom = {{ hosts = 40, routers = 20, links = 50, seed = {seed} }}\n\
                 [[program]]\non = \"f\"\nping = {{ to = \"{{random}}\" }}\n"
        )
    };
    assert!(network(&shape(1)) == network(&shape(1)));
    assert!(links(&network(&shape(1))) != links(&network(&shape(2))));
    // The seed of the run is another matter: it draws whom a host talks to, not the network.
    let (one, other) = (with(&shape(1), &["seed=1"]), with(&shape(1), &["seed=2"]));
    assert_eq!(links(&one), links(&other));
    assert!(one.nodes.iter().map(|n| &n.programs).ne(other.nodes.iter().map(|n| &n.programs)));
}

#[test]
fn a_setting_for_one_run_reaches_a_network() {
    let text = "[[network]]\nname = \"f\"\nstar = { hosts = 3 }\n[[program]]\non = \"f\"\nping = { to = \"{next}\" }\n";
    let blueprint = with(
        text,
        &[
            "network.f.star.hosts=7",
            "network.link.delay=3ms",
            "program.ping.count=2",
            "network.tcp.sack=false",
        ],
    );
    assert_eq!(blueprint.nodes.len(), 8);
    assert_eq!(blueprint.links[0].directions[1].delay, Duration::from_millis(3));
    assert!(!blueprint.nodes[0].settings.tcp.sack);
    assert!(matches!(blueprint.nodes[0].programs[..], [Plan::Ping { count: 2, .. }]));
}

/// Whom each host pings and when, by the places of the hosts.
fn pings(blueprint: &Blueprint) -> Vec<(usize, usize, Instant)> {
    let owner = |address: Ipv4Addr| {
        let has = |node: &NodePlan| {
            node.interfaces.iter().any(|i| i.address.is_some_and(|a| a.address == address))
        };
        blueprint.nodes.iter().position(has).expect("somebody")
    };
    let mut found = Vec::new();
    for (place, node) in blueprint.nodes.iter().enumerate() {
        for program in &node.programs {
            if let Plan::Ping { to, at, .. } = program {
                found.push((place, owner(*to), *at));
            }
        }
    }
    found
}

#[test]
fn placeholders_are_the_next_host_the_opposite_one_and_any_other() {
    let to = |to: &str, apart: &str| {
        let text = format!(
            "[[network]]\nname = \"f\"\nstar = {{ hosts = 6 }}\n[[program]]\non = \"f\"\n{apart}ping = {{ to = \"{to}\" }}\n"
        );
        pings(&network(&text))
    };
    let pairs = |pings: Vec<(usize, usize, Instant)>| {
        pings.into_iter().map(|(from, to, _)| (from, to)).collect::<Vec<_>>()
    };
    assert_eq!(pairs(to("{next}", "")), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)]);
    assert_eq!(pairs(to("{opposite}", "")), [(0, 3), (1, 4), (2, 5), (3, 0), (4, 1), (5, 2)]);
    assert!(to("{random}", "").iter().all(|(from, to, _)| from != to && *to < 6));
    // A host that the others ping has nobody to ping.
    assert_eq!(pairs(to("f-h2", "")), [(0, 2), (1, 2), (3, 2), (4, 2), (5, 2)]);
    let times = to("{next}", "apart = \"2ms\"\n").into_iter().map(|(.., at)| at.0 / 1_000_000);
    assert_eq!(times.collect::<Vec<_>>(), [0, 2, 4, 6, 8, 10]);
}

#[test]
fn programs_run_on_the_hosts_that_are_named_and_generated_devices_take_links() {
    let text = "[[network]]\nname = \"f\"\nring = { nodes = 4, hosts_each = 2 }\n\
                [[host]]\nname = \"server\"\nprogram = [{ tcp_sink = { port = 9 } }]\n\
                [[link]]\nends = [\"server\", \"f-r2\"]\n\
                [[program]]\non = [\"f-h0\", \"server\", \"f-h5\"]\nudp_echo = { port = 7 }\n\
                [[program]]\non = \"f\"\ntcp_client = { to = \"server:9\", send = \"hello\" }\n\
                [[program]]\non = \"f-h7\"\nudp_client = { to = \"f-h0:7\", send = \"hi\" }\n\
                [limits]\nuntil = \"5s\"\n";
    let blueprint = network(text);
    let running = |name: &str| {
        let node = blueprint.nodes.iter().find(|node| node.name == name).expect("it is there");
        node.programs.iter().map(Plan::name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(running("f-h0"), "udp_echo tcp_client");
    assert_eq!(running("f-h1"), "tcp_client");
    assert_eq!(running("server"), "tcp_sink udp_echo");
    assert_eq!(running("f-h7"), "tcp_client udp_client");
    let mut world = World::new(&blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    for expected in
        ["count(program.accepted at server) == 8", "udp arrived at f-h0", "udp arrived at f-h7"]
    {
        let filter = Filter::parse(expected, world.legend()).expect("a filter");
        let verdict = filter.judge(&trace, None);
        assert!(verdict.holds, "{expected}: {}", verdict.found);
    }
}

/// In each of the five shapes every host reaches the one opposite.
#[test]
fn hosts_at_opposite_ends_hear_each_other_in_every_shape() {
    for shape in [
        "star = { hosts = 30 }",
        "star = { hosts = 30, centre = \"router\" }",
        "tree = { depth = 3, fanout = 3 }",
        "tree = { depth = 3, fanout = 3, kind = \"router\" }",
        "ring = { nodes = 20, hosts_each = 2 }",
        "random = { hosts = 60, routers = 25, links = 40 }",
        "fat_tree = { k = 6 }",
    ] {
        let text = format!(
            "[[network]]\nname = \"f\"\n{shape}\n[[program]]\non = \"f\"\napart = \"1ms\"\n\
                            ping = {{ to = \"{{opposite}}\", count = 1 }}\n"
        );
        let blueprint = network(&text);
        let mut world = World::new(&blueprint);
        let mut trace = world.begin_trace(true);
        while world.step(&mut trace) {}
        let hosts = blueprint.nodes.iter().filter(|n| n.kind == NodeKind::Host).count();
        let filter = format!("count(program.ping_answered) == {hosts}");
        let filter = Filter::parse(&filter, world.legend()).expect("a filter");
        let verdict = filter.judge(&trace, None);
        assert!(verdict.holds, "{shape}: {}", verdict.found);
    }
}

/// Anything that takes longer than in proportion would take minutes here.
#[test]
fn a_hundred_thousand_hosts_are_built_and_named() {
    for (shape, devices) in [
        ("star = { hosts = 60000 }", 60_001),
        ("star = { hosts = 60000, centre = \"router\" }", 60_001),
        ("tree = { depth = 5, fanout = 10 }", 111_111),
        ("random = { hosts = 100000, routers = 500, links = 1500 }", 100_500),
        ("fat_tree = { k = 64 }", 70_656),
    ] {
        let text = format!(
            "[[network]]\nname = \"f\"\n{shape}\n[[program]]\non = \"f\"\nudp_echo = {{ port = 7 }}\n\
                            [[program]]\non = \"f-h9\"\nping = {{ to = \"f-h59999\" }}\n"
        );
        let blueprint = network(&text);
        assert_eq!(blueprint.nodes.len(), devices);
        let world = World::new(&blueprint);
        let last = world.legend().nodes.last().expect("many");
        let address = last.interfaces.iter().find_map(|i| i.address);
        let found = address.and_then(|address| world.legend().node_of_address(address.address));
        assert_eq!(found.map(|node| node.index() + 1), address.map(|_| devices));
    }
}
