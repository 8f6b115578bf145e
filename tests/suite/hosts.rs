//! What hosts and routers owe each other beyond a single protocol: refusals, unreachables, the
//! backlog, path MTU, congestion marks. Each run is told as the notes that matter.

use crate::network::{blueprint, run};
use framestep::base::{Chunk, Duration, Instant};
use framestep::plan::program::{Action, Plan, Then};
use framestep::plan::{Blueprint, Command};
use framestep::stack::physical::{Faults, Loss};
use framestep::stack::transport::Endpoint;
use framestep::trace::{Fact, Trace};

/// What was said that contains one of `words`, as `node: words`.
fn told(trace: &Trace, words: &[&str]) -> Vec<String> {
    let line = |record: framestep::trace::Record| {
        let name = trace.legend().name(record.node);
        match record.fact {
            Fact::Tcp { note, .. } => format!("{name}: {note}"),
            Fact::Udp { note, .. } => format!("{name}: {note}"),
            Fact::Ip(note) => format!("{name}: {note}"),
            Fact::Icmp(note) => format!("{name}: {note}"),
            Fact::Arp(note) => format!("{name}: {note}"),
            Fact::Program { note, .. } => format!("{name}: {note:?}"),
            other => format!("{name}: {other:?}"),
        }
    };
    let lines = trace.records().iter().map(line);
    lines.filter(|line| words.iter().any(|word| line.contains(word))).collect()
}

fn two() -> Blueprint {
    blueprint(&["h a 10.0.0.1/24", "h b 10.0.0.2/24"], &[("a", "b")])
}

fn three() -> Blueprint {
    blueprint(
        &["h a 10.0.0.1/24", "r r 10.0.0.254/24 10.0.1.254/24", "h b 10.0.1.1/24"],
        &[("a", "r"), ("r", "b")],
    )
}

fn at(millis: u64) -> Instant {
    Instant::ZERO + Duration::from_millis(millis)
}

fn client(to: [u8; 4], send: &[u8]) -> Plan {
    Plan::TcpClient {
        to: Endpoint::new(to.into(), 80),
        at: at(0),
        send: vec![Chunk::from(send)],
        every: Duration::ZERO,
        then: Then::HalfClose,
        then_after: Duration::ZERO,
    }
}

#[test]
fn a_connection_to_a_port_without_listener_is_refused() {
    let mut net = two();
    net.nodes[0].programs.push(client([10, 0, 0, 2], b"hello"));
    let (_, trace) = run(&net);
    assert_eq!(told(&trace, &["Refused"]), ["a: Refused"]);
}

#[test]
fn a_full_backlog_drops_the_syn_and_the_next_try_gets_in() {
    let mut net = two();
    net.nodes[1].programs.push(Plan::TcpEcho { port: 80, backlog: 1 });
    // Two at once: the second finds the first one half open.
    net.nodes[0].programs.push(client([10, 0, 0, 2], b"one"));
    net.nodes[0].programs.push(client([10, 0, 0, 2], b"two"));
    let (_, trace) = run(&net);
    assert_eq!(told(&trace, &["backlog"]).len(), 1, "{:?}", told(&trace, &["backlog"]));
    assert_eq!(told(&trace, &["Accepted"]).len(), 2);
}

#[test]
fn nobody_at_an_address_is_host_unreachable_from_the_last_router() {
    let mut net = three();
    net.nodes[0].programs.push(Plan::UdpClient {
        to: Endpoint::new([10, 0, 1, 99].into(), 9),
        at: at(0),
        send: vec![Chunk::from_static(b"anybody?")],
        times: 1,
        every: Duration::ZERO,
        may_fragment: true,
    });
    let (_, trace) = run(&net);
    assert_eq!(
        told(&trace, &["Unreachable(", "host unreachable"]),
        [
            "r: to 10.0.0.1: host unreachable",
            "a: from 10.0.0.254: host unreachable",
            "a: Unreachable(10.0.1.99)",
        ]
    );
}

#[test]
fn a_network_that_no_router_knows_is_net_unreachable() {
    let mut net = three();
    net.nodes[0].programs.push(client([192, 168, 7, 7], b"hello"));
    let (_, trace) = run(&net);
    let told = told(&trace, &["net unreachable"]);
    assert_eq!(told[0], "r: to 10.0.0.1: net unreachable");
}

#[test]
fn the_path_mtu_is_found_and_the_data_arrives_in_smaller_segments() {
    let mut net = three();
    net.nodes[1].interfaces[1].mtu = 600;
    net.nodes[2].interfaces[0].mtu = 600;
    net.nodes[2].programs.push(Plan::TcpEcho { port: 80, backlog: 8 });
    // The server's own MSS would give the small link away; it lies.
    net.nodes[2].settings.tcp.mss = 1460;
    net.nodes[2].interfaces[0].mtu = 1500;
    net.nodes[0].programs.push(client([10, 0, 1, 1], &[b'x'; 5000]));
    let (_, trace) = run(&net);
    let told = told(&trace, &["path", "Received { octets: 5000"]);
    assert!(told.iter().any(|line| line.starts_with("a: ") && line.contains("600")), "{told:?}");
    let received: u64 = trace
        .records()
        .iter()
        .filter_map(|record| match record.fact {
            Fact::Program {
                note: framestep::trace::ProgramNote::Received { octets, .. }, ..
            } if trace.legend().name(record.node) == "b" => Some(octets),
            _ => None,
        })
        .sum();
    assert_eq!(received, 5000);
}

#[test]
fn a_crowded_queue_marks_packets_and_the_sender_slows_down_without_loss() {
    let mut net = three();
    for node in [0, 2] {
        net.nodes[node].settings.tcp.ecn = true;
    }
    net.nodes[2].programs.push(Plan::TcpSink {
        port: 80,
        read_after: Duration::ZERO,
        read_octets: 0,
        read_every: Duration::ZERO,
        closes: true,
    });
    let slow = "2Mbit/s".parse().unwrap();
    net.links[1].directions[0].rate = slow;
    net.links[1].directions[0].mark_from = Some(5);
    net.nodes[0].programs.push(Plan::TcpBulk {
        to: Endpoint::new([10, 0, 1, 1].into(), 80),
        at: at(0),
        octets: 300_000,
    });
    let (_, trace) = run(&net);
    let lost = |fact: &Fact| matches!(fact, Fact::FrameLost { .. });
    assert_eq!(trace.records().iter().filter(|r| lost(&r.fact)).count(), 0);
    assert!(!told(&trace, &["congestion was marked", "ECN", "ECE"]).is_empty());
}

#[test]
fn a_segment_from_its_own_target_opens_nothing() {
    // A host that connects to itself: the segments pass over the loopback, and all is in order.
    let mut net = two();
    net.nodes[0].programs.push(Plan::TcpEcho { port: 80, backlog: 8 });
    net.nodes[0].programs.push(client([10, 0, 0, 1], b"to myself"));
    let (_, trace) = run(&net);
    assert_eq!(told(&trace, &["Accepted"]).len(), 1);
    assert!(!trace.records().iter().any(|r| matches!(r.fact, Fact::FrameSent { .. })));
}

#[test]
fn a_cut_link_is_survived_by_tcp_and_mended_by_a_cue() {
    let mut net = two();
    net.nodes[1].programs.push(Plan::TcpEcho { port: 80, backlog: 8 });
    net.nodes[0].programs.push(client([10, 0, 0, 2], &vec![b'y'; 20_000]));
    let link = framestep::base::LinkId(0);
    net.cues = vec![(at(5), Command::Cut(link)), (at(3000), Command::Mend(link))];
    let (_, trace) = run(&net);
    assert!(told(&trace, &["TimedOut"]).is_empty());
    assert_eq!(told(&trace, &["a: Closed"]).len(), 1);
}

#[test]
fn both_at_once_become_one_connection() {
    let mut net = two();
    for (place, peer) in [(0, 2), (1, 1)] {
        let to = Endpoint::new([10, 0, 0, peer].into(), 5000);
        let actions = vec![
            (at(100), Action::Connect { to, from: Some(5000) }),
            (at(300), Action::Send(Chunk::from_static(b"hi"))),
            (at(600), Action::Close),
        ];
        net.nodes[place].programs.push(Plan::Script { actions });
    }
    // Both know the other's hardware address before they begin.
    net.nodes[0].programs.push(Plan::Ping {
        to: [10, 0, 0, 2].into(),
        at: at(0),
        count: 1,
        every: Duration::ZERO,
        octets: 8,
        ttl: None,
        may_fragment: true,
    });
    let (_, trace) = run(&net);
    assert_eq!(told(&trace, &["SYN-SENT → SYN-RECEIVED"]).len(), 2);
    assert_eq!(told(&trace, &["Received { octets: 2"]).len(), 2);
}

#[test]
fn damage_on_the_wire_is_caught_by_the_check_sequence_and_made_good_by_tcp() {
    let mut net = two();
    net.nodes[1].programs.push(Plan::TcpEcho { port: 80, backlog: 8 });
    net.nodes[0].programs.push(client([10, 0, 0, 2], &[b'z'; 8000]));
    net.links[0].directions[0].faults =
        Faults { bit_error_these: vec![4, 5], loss: Loss::None, ..Faults::default() };
    let (_, trace) = run(&net);
    assert_eq!(told(&trace, &["BadFcs"]).len(), 2);
    assert_eq!(told(&trace, &["a: Closed"]).len(), 1);
}

#[test]
fn what_comes_after_a_full_close_is_answered_by_a_reset() {
    let mut net = two();
    net.nodes[1].programs.push(Plan::TcpEcho { port: 80, backlog: 8 });
    let mut plan = client([10, 0, 0, 2], b"no answer, please");
    if let Plan::TcpClient { then, .. } = &mut plan {
        *then = Then::Close;
    }
    net.nodes[0].programs.push(plan);
    let (_, trace) = run(&net);
    assert_eq!(told(&trace, &["b: Reset"]).len(), 1);
}

#[test]
fn a_host_without_room_for_sockets_says_so_and_goes_on() {
    let mut net = two();
    net.nodes[1].programs.push(Plan::TcpEcho { port: 80, backlog: 8 });
    // The listener and one connection.
    net.nodes[1].settings.max_sockets = 2;
    net.nodes[0].programs.push(client([10, 0, 0, 2], b"one"));
    net.nodes[0].programs.push(client([10, 0, 0, 2], b"two"));
    let (world, trace) = run(&net);
    assert!(world.is_over());
    assert!(!told(&trace, &["b: LimitReached(Sockets(2))"]).is_empty());
    assert!(!told(&trace, &["Accepted"]).is_empty());
}

#[test]
fn a_full_queue_drops_the_frame_and_says_how_many_waited() {
    let mut net = two();
    net.links[0].directions[0].queue_frames = 3;
    net.links[0].directions[0].rate = "100kbit/s".parse().unwrap();
    net.nodes[0].programs.push(Plan::UdpClient {
        to: Endpoint::new([10, 0, 0, 2].into(), 9),
        at: at(0),
        send: vec![Chunk::from_static(&[b'q'; 500]); 12],
        times: 1,
        every: Duration::ZERO,
        may_fragment: true,
    });
    let (_, trace) = run(&net);
    assert!(!told(&trace, &["QueueFull(3)"]).is_empty());
}
