//! What things take in memory: octets asked of the allocator, which are the same on every 64-bit
//! machine. A test binary of its own, with one test, since it counts every allocation.

use cap::Cap;
use framestep::base::{Duration, Instant, LinkId};
use framestep::plan::blueprint::NodeKind;
use framestep::plan::program::{Plan, Then};
use framestep::plan::{Builder, Command};
use framestep::sim::World;
use framestep::stack::physical::Channel;
use framestep::stack::transport::Endpoint;
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Octets that are allocated now.
fn allocated() -> f64 {
    f64::from(u32::try_from(ALLOCATOR.allocated()).expect("less than 4 GiB"))
}

/// A star: so many hosts around a switch, with nothing to do.
fn star(hosts: u32) -> World {
    let mut network = Builder::new(1);
    let switch = network.node("switch", NodeKind::Switch);
    for place in 0..hosts {
        let host = network.node(format!("host{place}"), NodeKind::Host);
        let cable = network.join(host, switch, &Channel::default());
        let address = std::net::Ipv4Addr::from_bits(0x0a00_0001 + place);
        network.address(host, cable, format!("{address}/8").parse().expect("an address"));
    }
    World::new(&network.build())
}

fn octets_of_an_idle_host() -> f64 {
    let (few, many) = (1_000, 3_000);
    let before = allocated();
    let first = star(few);
    let between = allocated();
    let second = star(many);
    let after = allocated();
    drop((first, second));
    ((after - between) - (between - before)) / f64::from(many - few)
}

/// A client that opens so many connections to a server.
fn connections(count: u16, then: Then) -> World {
    let mut network = Builder::new(1);
    let client = network.node("client", NodeKind::Host);
    let server = network.node("server", NodeKind::Host);
    let [_, to] = network.connect(client, server, &Channel::default(), [10, 0, 0, 0].into());
    network.run(
        server,
        Plan::TcpSink {
            port: 80,
            read_after: Duration::ZERO,
            read_octets: 0,
            read_every: Duration::ZERO,
            closes: true,
        },
    );
    for place in 0..count {
        let at =
            Instant::ZERO + Duration::from_secs(1) + Duration::from_micros(100 * u64::from(place));
        let (every, then_after) = (Duration::ZERO, Duration::ZERO);
        let to = Endpoint::new(to, 80);
        network.run(client, Plan::TcpClient { to, at, send: Vec::new(), every, then, then_after });
    }
    // The event list is long from the beginning: how it grows is not what is measured.
    for _ in 0..2 * count {
        let far = Instant::ZERO + Duration::from_secs(3_000);
        network.cue(far, Command::Mend(LinkId(0)));
    }
    World::new(&network.build())
}

/// What is there after ten seconds that was not there before the first connection.
fn octets_of_connections(count: u16, then: Then) -> f64 {
    let mut world = connections(count, then);
    let mut trace = world.begin_trace(false);
    let mut run_until = |second| {
        let end = Instant::ZERO + Duration::from_secs(second);
        while world.next_at().is_some_and(|at| at < end) && world.step(&mut trace) {}
        allocated()
    };
    let before = run_until(1);
    run_until(10) - before
}

/// What one more takes. The counts are such that no list is half empty that doubles when it is full.
fn octets_of_a_connection(then: Then) -> f64 {
    let (few, many) = (4_000, 8_000);
    let more = octets_of_connections(many, then) - octets_of_connections(few, then);
    more / f64::from(many - few)
}

#[test]
fn nothing_takes_more_memory_than_it_may() {
    let host = octets_of_an_idle_host();
    let end = octets_of_a_connection(Then::Stay) / 2.0;
    let time_wait = octets_of_a_connection(Then::Close);
    assert!(host <= 1_536.0, "an idle host with its cable: {host} octets");
    assert!(end <= 768.0, "an end of an idle connection: {end} octets");
    // Besides that its alarm takes a place in the event list, of 32 octets.
    assert!(time_wait <= 96.0, "a connection in TIME-WAIT: {time_wait} octets");
}
