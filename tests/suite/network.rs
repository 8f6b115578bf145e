//! Small networks built by hand, as a library's user would, and what happens on them.

use framestep::base::{Chunk, Duration, Instant, InterfaceId, NodeId};
use framestep::plan::Blueprint;
use framestep::plan::blueprint::{
    Channel, InterfacePlan, Limits, LinkPlan, NodeKind, NodePlan, Settings,
};
use framestep::plan::program::Plan;
use framestep::sim::World;
use framestep::stack::data_link::ethernet::MacAddress;
use framestep::stack::transport::Endpoint;
use framestep::trace::{Fact, Limit, Trace};

/// A network in a few words: `("h a 10.0.0.1/24", …)`, kinds `h`, `r`, `s`; links by names.
pub(crate) fn blueprint(nodes: &[&str], links: &[(&str, &str)]) -> Blueprint {
    let mut plans: Vec<NodePlan> = nodes.iter().map(|text| node(text)).collect();
    let mut addresses: Vec<Vec<&str>> =
        nodes.iter().map(|text| text.split(' ').skip(2).collect()).collect();
    let mut link_plans = Vec::new();
    for (a, b) in links {
        let mut end = |name: &str| {
            let place =
                plans.iter().position(|plan| plan.name == name).expect("a node of that name");
            let plan = &mut plans[place];
            let interface = plan.interfaces.len() as u8;
            let address = (plan.kind != NodeKind::Switch)
                .then(|| addresses[place].remove(0).parse().expect("an address"));
            let mac = MacAddress([2, 0, 0, 0, place as u8 + 1, interface + 1]);
            plan.interfaces.push(InterfacePlan { mac, address, mtu: 1500 });
            (NodeId(place as u32), InterfaceId(u16::from(interface)))
        };
        link_plans.push(LinkPlan {
            name: format!("{a}-{b}"),
            ends: [end(a), end(b)],
            directions: [Channel::default(), Channel::default()],
            up: true,
        });
    }
    Blueprint {
        seed: 7,
        nodes: plans,
        links: link_plans,
        cues: Vec::new(),
        limits: Limits { until: Instant::ZERO + Duration::from_secs(600), ..Limits::default() },
    }
}

fn node(text: &str) -> NodePlan {
    let mut words = text.split(' ');
    let kind = match words.next() {
        Some("h") => NodeKind::Host,
        Some("r") => NodeKind::Router,
        _ => NodeKind::Switch,
    };
    NodePlan {
        name: words.next().expect("a name").into(),
        kind,
        interfaces: Vec::new(),
        routes: Vec::new(),
        settings: Settings::default(),
        programs: Vec::new(),
        position: None,
    }
}

/// Runs to the end and gives what was said, a line a record: `1.234 ms host: words`.
pub(crate) fn run(blueprint: &Blueprint) -> (World, Trace) {
    let mut world = World::new(blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    (world, trace)
}

/// How many facts are like that.
pub(crate) fn count(trace: &Trace, is: impl Fn(&Fact) -> bool) -> usize {
    trace.records().iter().filter(|record| is(&record.fact)).count()
}

fn ping(to: [u8; 4], count: u16) -> Plan {
    Plan::Ping {
        to: to.into(),
        at: Instant::ZERO,
        count,
        every: Duration::from_secs(1),
        octets: 56,
        ttl: None,
        may_fragment: true,
    }
}

#[test]
fn a_ping_crosses_a_switch_and_two_routers() {
    let mut net = blueprint(
        &[
            "h a 10.0.0.1/24",
            "s sw",
            "r r1 10.0.0.254/24 10.0.9.1/30",
            "r r2 10.0.9.2/30 10.0.2.254/24",
            "h b 10.0.2.1/24",
        ],
        &[("a", "sw"), ("sw", "r1"), ("r1", "r2"), ("r2", "b")],
    );
    net.nodes[0].programs.push(ping([10, 0, 2, 1], 3));
    let (_, trace) = run(&net);
    let answered = |fact: &Fact| {
        matches!(
            fact,
            Fact::Program { note: framestep::trace::ProgramNote::PingAnswered { .. }, .. }
        )
    };
    assert_eq!(count(&trace, answered), 3, "{:#?}", trace.records());
    assert!(matches!(trace.records().last().unwrap().fact, Fact::Ended));
}

#[test]
fn udp_to_a_closed_port_is_refused() {
    let mut net = blueprint(&["h a 10.0.0.1/24", "h b 10.0.0.2/24"], &[("a", "b")]);
    net.nodes[0].programs.push(Plan::UdpClient {
        to: Endpoint::new([10, 0, 0, 2].into(), 9),
        at: Instant::ZERO,
        send: vec![Chunk::from_static(b"anybody there?")],
        times: 1,
        every: Duration::ZERO,
        may_fragment: true,
    });
    let (_, trace) = run(&net);
    let refused = |fact: &Fact| {
        matches!(fact, Fact::Program { note: framestep::trace::ProgramNote::Refused, .. })
    };
    assert_eq!(count(&trace, refused), 1);
}

#[test]
fn a_long_ping_is_cut_and_joined() {
    let mut net = blueprint(&["h a 10.0.0.1/24", "h b 10.0.0.2/24"], &[("a", "b")]);
    let Plan::Ping { to, at, count: times, every, ttl, may_fragment, .. } = ping([10, 0, 0, 2], 1)
    else {
        unreachable!()
    };
    net.nodes[0].programs.push(Plan::Ping {
        to,
        at,
        count: times,
        every,
        octets: 4000,
        ttl,
        may_fragment,
    });
    let (_, trace) = run(&net);
    let answered = |fact: &Fact| {
        matches!(
            fact,
            Fact::Program { note: framestep::trace::ProgramNote::PingAnswered { .. }, .. }
        )
    };
    assert_eq!(count(&trace, answered), 1, "{:#?}", trace.records());
}

#[test]
fn a_traceroute_names_each_router_and_the_target() {
    let mut net = blueprint(
        &[
            "h a 10.0.0.1/24",
            "r r1 10.0.0.254/24 10.0.9.1/30",
            "r r2 10.0.9.2/30 10.0.2.254/24",
            "h b 10.0.2.1/24",
        ],
        &[("a", "r1"), ("r1", "r2"), ("r2", "b")],
    );
    net.nodes[0].programs.push(Plan::Traceroute {
        to: [10, 0, 2, 1].into(),
        at: Instant::ZERO,
        max_hops: 8,
        wait: Duration::from_secs(5),
    });
    let (_, trace) = run(&net);
    let hops: Vec<String> = trace
        .records()
        .iter()
        .filter_map(|record| match record.fact {
            Fact::Program {
                note: framestep::trace::ProgramNote::Hop { hops, address, .. },
                ..
            } => Some(format!("{hops} {address}")),
            _ => None,
        })
        .collect();
    assert_eq!(hops, ["1 10.0.0.254", "2 10.0.9.2", "3 10.0.2.1"]);
}

#[test]
fn a_loop_of_switches_storms_and_is_stopped_with_a_reason() {
    let mut net = blueprint(
        &["h a 10.0.0.1/24", "s s1", "s s2", "s s3"],
        &[("a", "s1"), ("s1", "s2"), ("s2", "s3"), ("s3", "s1")],
    );
    net.nodes[0].programs.push(ping([10, 0, 0, 9], 1));
    for link in &mut net.links {
        for way in &mut link.directions {
            way.delay = Duration::ZERO;
        }
    }
    net.limits.steps = 20_000;
    let (world, trace) = run(&net);
    assert!(world.is_over());
    let last = trace.records().last().map(|record| record.fact);
    assert_eq!(last, Some(Fact::LimitReached(Limit::Steps(20_000))));
}

#[test]
fn every_limit_of_the_trace_ends_the_run_with_that_fact() {
    let ends = |limits: Limits| {
        let mut net = blueprint(&["h a 10.0.0.1/24", "h b 10.0.0.2/24"], &[("a", "b")]);
        net.nodes[0].programs.push(ping([10, 0, 0, 2], 500));
        net.limits = limits;
        run(&net).1.records().last().map(|record| record.fact)
    };
    let until = Instant::ZERO + Duration::from_secs(5);
    let defaults = Limits::default();
    assert_eq!(ends(Limits { until, ..defaults }), Some(Fact::LimitReached(Limit::Until(until))));
    assert_eq!(
        ends(Limits { records: 100, ..defaults }),
        Some(Fact::LimitReached(Limit::Records(100)))
    );
    assert_eq!(
        ends(Limits { octets: 1000, ..defaults }),
        Some(Fact::LimitReached(Limit::Octets(1000)))
    );
    assert_eq!(
        ends(Limits { steps_per_instant: 0, ..defaults }),
        Some(Fact::LimitReached(Limit::StepsPerInstant(0)))
    );
}
