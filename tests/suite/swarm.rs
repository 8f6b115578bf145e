//! Networks from a seed, with everything going wrong at once. Whatever happens, what arrives is what
//! was sent, every run ends, and nothing comes out of a connection that is dead.

use framestep::base::{Chunk, Duration, Instant, InterfaceId, LinkId, NodeId, Rate, Rng};
use framestep::plan::blueprint::{
    Channel, InterfacePlan, Limits, LinkPlan, NodeKind, NodePlan, Settings,
};
use framestep::plan::program::{Plan, Then};
use framestep::plan::{Blueprint, Command};
use framestep::sim::World;
use framestep::stack::data_link::ethernet::MacAddress;
use framestep::stack::network::ipv4::Cidr;
use framestep::stack::physical::{Faults, Loss};
use framestep::stack::transport::Endpoint;
use framestep::stack::transport::tcp::{self, Algorithm};
use framestep::trace::{Fact, ProgramNote, Trace};
use framestep::view::{Hops, Ladder, Text};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One TCP connection that the swarm plans, and what it should carry.
struct Talk {
    client: (NodeId, u16),
    server: (NodeId, u16),
    data: Vec<u8>,
    echoes: bool,
    /// Neither side aborts, so that all must arrive unless the network gives up.
    is_orderly: bool,
}

struct Case {
    blueprint: Blueprint,
    talks: Vec<Talk>,
}

fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.below(from.len() as u64) as usize]
}

fn millis(rng: &mut Rng, most: u64) -> Duration {
    Duration::from_micros(rng.below(most * 1000 + 1))
}

/// A tree of switches and routers with hosts at them; addresses a network a segment.
fn network(rng: &mut Rng) -> (Vec<NodePlan>, Vec<LinkPlan>, Vec<NodeId>) {
    let hubs = rng.below(5) as usize;
    let hosts = 1 + rng.below(6) as usize;
    let mut kinds = Vec::new();
    let mut ends = Vec::new();
    for hub in 0..hubs {
        kinds.push(pick(rng, &[NodeKind::Switch, NodeKind::Router]));
        if hub > 0 {
            ends.push((rng.below(hub as u64) as usize, hub));
        }
    }
    for host in hubs..hubs + hosts {
        kinds.push(NodeKind::Host);
        match hubs {
            // Without a hub: a line of hosts, of which only neighbours can talk.
            0 if host > 0 => ends.push((host - 1, host)),
            0 => {}
            _ => ends.push((rng.below(hubs as u64) as usize, host)),
        }
    }
    // Links that meet at a switch are one segment.
    let mut segment: Vec<usize> = (0..ends.len()).collect();
    for hub in (0..hubs).filter(|&hub| kinds[hub] == NodeKind::Switch) {
        let at: Vec<usize> =
            (0..ends.len()).filter(|&l| ends[l].0 == hub || ends[l].1 == hub).collect();
        for pair in at.windows(2) {
            let (old, new) = (segment[pair[1]], segment[pair[0]]);
            segment.iter_mut().filter(|s| **s == old).for_each(|s| *s = new);
        }
    }
    let mtus: Vec<u16> =
        ends.iter().map(|_| pick(rng, &[1500, 1500, 1500, 1000, 576, 300])).collect();
    let settings: Vec<Settings> = kinds.iter().map(|_| settings(rng)).collect();
    let mut nodes: Vec<NodePlan> = kinds
        .iter()
        .zip(settings)
        .enumerate()
        .map(|(place, (&kind, settings))| NodePlan {
            name: format!("n{place}"),
            kind,
            interfaces: Vec::new(),
            routes: Vec::new(),
            settings,
            programs: Vec::new(),
            position: None,
        })
        .collect();
    let mut taken = vec![0u8; ends.len()];
    let mut links = Vec::new();
    for (link, &(a, b)) in ends.iter().enumerate() {
        let net = segment[link];
        let mut end = |place: usize| {
            let node = &mut nodes[place];
            let interface = node.interfaces.len() as u16;
            taken[net] += 1;
            let address = (node.kind != NodeKind::Switch)
                .then(|| format!("10.0.{net}.{}/24", taken[net]).parse().expect("an address"));
            let mac = MacAddress([2, 0, 0, 0, place as u8 + 1, interface as u8 + 1]);
            node.interfaces.push(InterfacePlan { mac, address, mtu: mtus[net] });
            (NodeId(place as u32), InterfaceId(interface))
        };
        let ends = [end(a), end(b)];
        let directions = [Channel::default(), Channel::default()];
        links.push(LinkPlan { name: format!("l{link}"), ends, directions, up: true });
    }
    (nodes, links, (hubs..hubs + hosts).map(|place| NodeId(place as u32)).collect())
}

fn settings(rng: &mut Rng) -> Settings {
    let coin = |rng: &mut Rng| rng.below(2) == 0;
    Settings {
        tcp: tcp::Config {
            congestion: pick(rng, &[Algorithm::NoControl, Algorithm::Reno, Algorithm::Cubic]),
            mss: pick(rng, &[88, 200, 536, 1000, 1460, 1460, 1460]),
            receive_buffer: pick(rng, &[100, 500, 2_000, 5_000, 65_535, 65_535, 300_000]),
            send_buffer: pick(rng, &[100, 1_000, 10_000, 65_536, 300_000]),
            initial_window: 1 + rng.below(10) as u8,
            window_scaling: coin(rng),
            timestamps: coin(rng),
            sack: coin(rng),
            ecn: coin(rng),
            nagle: coin(rng),
            delayed_ack: pick(rng, &[0, 0, 10, 40, 200, 500].map(Duration::from_millis)),
            rto_min: pick(rng, &[10, 200, 1000].map(Duration::from_millis)),
            syn_retries: 1 + rng.below(8) as u8,
            data_retries: 3 + rng.below(13) as u8,
            user_timeout: pick(rng, &[None, None, None, Some(Duration::from_secs(20))]),
            msl: pick(rng, &[1, 30, 120].map(Duration::from_secs)),
            time_wait_reset: coin(rng),
            limited_transmit: coin(rng),
            ..tcp::Config::default()
        },
        ..Settings::default()
    }
}

fn channel(rng: &mut Rng, is_flawless: bool) -> Channel {
    let rate = pick(rng, &[100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]);
    let delay = millis(rng, 60);
    let queue_frames = if is_flawless { 10_000 } else { pick(rng, &[1, 3, 10, 100, 1000]) };
    let chance = |rng: &mut Rng| pick(rng, &[0, 0, 0, 1_000, 20_000, 100_000]);
    let faults = if is_flawless {
        Faults::default()
    } else {
        Faults {
            loss: match rng.below(5) {
                0 => Loss::None,
                1 => Loss::Bursts { begin: 10_000, end: 300_000 },
                2 => Loss::These((0..4).map(|_| 1 + rng.below(12) as u32).collect()),
                _ => Loss::Random(pick(rng, &[1_000, 10_000, 50_000, 200_000])),
            },
            bit_error: chance(rng),
            duplicate: chance(rng),
            reorder: chance(rng),
            reorder_by: millis(rng, 30),
            jitter: pick(
                rng,
                &[Duration::ZERO, Duration::from_micros(500), Duration::from_millis(5)],
            ),
            ..Faults::default()
        }
    };
    Channel {
        delay,
        rate: Rate::from_bits_per_second(rate).expect("not zero"),
        queue_frames,
        mark_from: pick(rng, &[None, None, Some(2)]),
        faults,
    }
}

fn case(seed: u64) -> Case {
    let mut rng = Rng::fork(seed, "swarm");
    let rng = &mut rng;
    let (mut nodes, mut links, hosts) = network(rng);
    let is_flawless = rng.below(8) == 0;
    for link in &mut links {
        let channel = channel(rng, is_flawless);
        link.directions = [channel.clone(), channel];
    }
    let mut cues = Vec::new();
    if !is_flawless && !links.is_empty() && rng.below(4) == 0 {
        let link = LinkId(rng.below(links.len() as u64) as u32);
        let cut = Instant::ZERO + millis(rng, 500);
        cues.push((cut, Command::Cut(link)));
        if rng.below(4) > 0 {
            cues.push((cut + millis(rng, 20_000), Command::Mend(link)));
        }
    }
    let mut talks = Vec::new();
    for talk in 0..=rng.below(4) as u16 {
        let (from, to) = (pick(rng, &hosts), pick(rng, &hosts));
        let Some(address) = nodes[to.index()].interfaces.first().and_then(|i| i.address) else {
            continue;
        };
        talks.push(plan_talk(rng, &mut nodes, (from, to), address, 1000 + talk));
    }
    let limits =
        Limits { until: Instant::ZERO + Duration::from_secs(100_000), ..Limits::default() };
    Case { blueprint: Blueprint { seed, nodes, links, cues, limits }, talks }
}

fn plan_talk(
    rng: &mut Rng,
    nodes: &mut [NodePlan],
    (from, to): (NodeId, NodeId),
    address: Cidr,
    port: u16,
) -> Talk {
    let size = pick(rng, &[1, 10, 1_000, 3_000, 20_000]);
    let send: Vec<Vec<u8>> = (0..=rng.below(5))
        .map(|_| (0..=rng.below(size)).map(|_| rng.bits() as u8).collect())
        .collect();
    let data = send.concat();
    let then =
        pick(rng, &[Then::Close, Then::Close, Then::HalfClose, Then::HalfClose, Then::Abort]);
    let echoes = rng.below(2) == 0;
    let server = if echoes {
        Plan::TcpEcho { port, backlog: 1 + rng.below(4) as u16 }
    } else {
        Plan::TcpSink {
            port,
            read_after: pick(rng, &[Duration::ZERO, Duration::ZERO, Duration::from_secs(3)]),
            // Reads of at most an excerpt's length show every octet.
            read_octets: pick(rng, &[0, 64]),
            read_every: pick(rng, &[Duration::ZERO, Duration::from_micros(100)]),
            closes: true,
        }
    };
    let client = Plan::TcpClient {
        to: Endpoint::new(address.address, port),
        at: Instant::ZERO + millis(rng, 100),
        send: send.iter().map(|part| Chunk::from(&part[..])).collect(),
        every: pick(rng, &[0, 0, 1, 300].map(Duration::from_millis)),
        then,
        then_after: pick(rng, &[0, 0, 200].map(Duration::from_millis)),
    };
    let mut add = |node: NodeId, plan| {
        let programs = &mut nodes[node.index()].programs;
        programs.push(plan);
        (node, programs.len() as u16 - 1)
    };
    let server = add(to, server);
    let client = add(from, client);
    if rng.below(3) == 0 {
        let to = Endpoint::new(address.address, 9);
        let send = vec![Chunk::from(&vec![b'u'; 1 + rng.below(3000) as usize][..])];
        let (at, every) = (Instant::ZERO, millis(rng, 10));
        add(from, Plan::UdpClient { to, at, send, times: 3, every, may_fragment: true });
    }
    Talk { client, server, data, echoes, is_orderly: then != Then::Abort }
}

/// What a program's notes come to.
#[derive(Default, Debug)]
struct Told {
    connected: bool,
    sent: u64,
    received: u64,
    /// The last word, if it had one.
    over: Option<ProgramNote>,
}

/// Adds up what a program was told, and holds every octet that it shows against what was sent.
fn listen(trace: &Trace, who: (NodeId, u16), data: &[u8]) -> Told {
    let mut told = Told::default();
    for record in trace.records() {
        let Fact::Program { program, note } = record.fact else { continue };
        if (record.node, program) != who {
            continue;
        }
        match note {
            ProgramNote::Connected(_) | ProgramNote::Accepted(_) => {
                assert!(told.over.is_none(), "opened after {:?}", told.over);
                told.connected = true;
            }
            ProgramNote::Sent { octets, .. } => told.sent += octets,
            ProgramNote::Received { octets, excerpt } => {
                assert!(told.over.is_none(), "{who:?} got data after {:?}", told.over);
                let at = told.received as usize;
                let shown = trace.excerpt(excerpt);
                assert_eq!(data.get(at..at + shown.len()), Some(shown), "{who:?} at octet {at}");
                told.received += octets;
                assert!(told.received <= data.len() as u64, "{who:?} got more than was sent");
            }
            ProgramNote::Aborts
            | ProgramNote::Closed
            | ProgramNote::Reset
            | ProgramNote::Refused
            | ProgramNote::TimedOut
            | ProgramNote::Unreachable(_)
            | ProgramNote::Failed(_) => told.over = told.over.or(Some(note)),
            _ => {}
        }
    }
    told
}

fn judge(case: &Case, trace: &Trace) {
    let last = trace.records().last().expect("it began").fact;
    assert_eq!(last, Fact::Ended, "the run did not end by itself");
    for talk in &case.talks {
        let client = listen(trace, talk.client, &talk.data);
        let server = listen(trace, talk.server, &talk.data);
        assert!(server.received <= client.sent, "{client:?} {server:?}");
        assert!(client.received <= server.sent, "{client:?} {server:?}");
        let in_order = |told: &Told| matches!(told.over, Some(ProgramNote::Closed));
        let gave_up = |told: &Told| told.over.is_some() && !in_order(told);
        if talk.is_orderly && client.connected && !gave_up(&client) && !gave_up(&server) {
            let all = talk.data.len() as u64;
            assert_eq!(server.received, all, "all must arrive: {client:?} {server:?}");
            let back = if talk.echoes { all } else { 0 };
            assert_eq!(client.received, back, "all must come back: {client:?} {server:?}");
            assert!(in_order(&client) && in_order(&server), "left open: {client:?} {server:?}");
        }
    }
}

fn run(seed: u64, shows: bool) {
    let case = case(seed);
    let mut world = World::new(&case.blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    if shows {
        let ladder = Ladder::of(&trace);
        let text = Text::new(&ladder, &trace, Hops::Each, false);
        let told = format!("{:#?}\n{text}\n", case.blueprint);
        std::io::stdout().write_all(told.as_bytes()).expect("a place to write");
    }
    judge(&case, &trace);
}

/// `SWARM_SEED=42 cargo test swarm` runs one network and prints its ladder.
fn swarm(seeds: std::ops::Range<u64>) {
    if let Ok(seed) = std::env::var("SWARM_SEED") {
        return run(seed.parse().expect("a number"), true);
    }
    let lost: Vec<u64> = seeds
        .filter(|&seed| catch_unwind(AssertUnwindSafe(|| run(seed, false))).is_err())
        .collect();
    assert!(lost.is_empty(), "seeds that failed: {lost:?}");
}

#[test]
fn what_arrives_is_what_was_sent_on_the_first_five_thousand_networks() {
    swarm(0..5000);
}

#[test]
fn what_arrives_is_what_was_sent_on_the_second_five_thousand_networks() {
    swarm(5000..10000);
}

#[test]
fn what_arrives_is_what_was_sent_on_the_third_five_thousand_networks() {
    swarm(10000..15000);
}

#[test]
fn what_arrives_is_what_was_sent_on_the_fourth_five_thousand_networks() {
    swarm(15000..20000);
}
