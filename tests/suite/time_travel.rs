//! Going back is letting it happen again: every seek ends where a straight run does.

use crate::network::{blueprint, run};
use framestep::base::{Chunk, Duration, FrameId, Instant, LinkId, NodeId, Rng};
use framestep::node::Inspection;
use framestep::plan::program::Plan;
use framestep::plan::{Blueprint, Command};
use framestep::sim::{LinkView, Timeline};
use framestep::stack::physical::{Faults, Loss};
use framestep::stack::transport::Endpoint;
use proptest::prelude::*;

/// Three hosts on a switch, TCP and UDP and pings, with everything going wrong.
fn busy(seed: u64, loss: u32) -> Blueprint {
    let mut net = blueprint(
        &["h a 10.0.0.1/24", "h b 10.0.0.2/24", "h c 10.0.0.3/24", "s sw"],
        &[("a", "sw"), ("b", "sw"), ("c", "sw")],
    );
    net.seed = seed;
    let at = Instant::ZERO;
    net.nodes[1].programs.push(Plan::TcpEcho { port: 7, backlog: 8 });
    net.nodes[1].programs.push(Plan::UdpEcho { port: 7 });
    for (place, from) in [0, 2].into_iter().enumerate() {
        let to = Endpoint::new([10, 0, 0, 2].into(), 7);
        net.nodes[from].programs.push(Plan::TcpBulk {
            to,
            at,
            octets: 30_000 * (place as u64 + 1),
        });
        net.nodes[from].programs.push(Plan::UdpClient {
            to,
            at,
            send: vec![Chunk::from_static(&[b'x'; 2000])],
            times: 20,
            every: Duration::from_millis(3),
            may_fragment: true,
        });
    }
    for link in &mut net.links {
        for way in &mut link.directions {
            way.faults = Faults {
                loss: Loss::Random(loss),
                bit_error: 5_000,
                duplicate: 5_000,
                reorder: 10_000,
                reorder_by: Duration::from_millis(2),
                jitter: Duration::from_micros(100),
                ..Faults::default()
            };
        }
    }
    net
}

#[test]
fn ten_thousand_seeks_end_where_a_straight_run_does() {
    let net = busy(3, 20_000);
    let (_, straight) = run(&net);
    let mut timeline = Timeline::new(&net);
    let mut rng = Rng::fork(1, "seeks");
    let steps = straight.step_count();
    for _ in 0..10_000 {
        let target = rng.below(steps);
        assert_eq!(timeline.seek(target), target);
    }
    while timeline.explore(1000) {}
    assert_eq!(timeline.trace().fingerprint(), straight.fingerprint());
    // What was said on the way is held against what is known at every step of a replay; here, what
    // is so at the end of it.
    let mut again = Timeline::new(&net);
    for target in [steps / 2, steps / 3, steps - 1, 1] {
        again.seek(target);
        timeline.seek(target);
        assert!(everything(&again) == everything(&timeline), "at step {target}");
    }
}

/// All that screens can see of a world.
fn everything(timeline: &Timeline) -> (Vec<Inspection>, Vec<LinkView>) {
    let world = timeline.world();
    let nodes = (0..world.legend().nodes.len() as u32).map(|node| world.inspect(NodeId(node)));
    let links = (0..world.legend().links.len() as u32).map(|link| world.link_view(LinkId(link)));
    (nodes.collect(), links.collect())
}

#[test]
fn a_run_without_a_trace_is_walked_as_well() {
    let net = busy(3, 20_000);
    let (mut timeline, mut bare) = (Timeline::new(&net), Timeline::without_trace(&net));
    while timeline.explore(1_000) && bare.explore(1_000) {}
    let mut rng = Rng::fork(3, "bare seeks");
    for _ in 0..300 {
        let step = rng.below(timeline.known() + 1);
        assert_eq!((timeline.seek(step), bare.seek(step)), (step, step));
        assert!(everything(&timeline) == everything(&bare), "step {step}");
    }
    timeline.command(Command::Cut(LinkId(0)));
    bare.command(Command::Cut(LinkId(0)));
    while timeline.explore(1_000) | bare.explore(1_000) {}
    assert_eq!(timeline.known(), bare.known());
    assert!(bare.trace().records().is_empty());
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_seed_another() {
    let digest = |seed| run(&busy(seed, 20_000)).1.fingerprint();
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn a_command_in_the_past_is_a_branch_and_undo_takes_it_back() {
    let net = busy(5, 0);
    let mut timeline = Timeline::new(&net);
    timeline.seek(100);
    while timeline.explore(1000) {}
    let before = timeline.trace().fingerprint();
    timeline.seek(40);
    timeline.command(Command::Cut(LinkId(0)));
    assert!(timeline.is_branched());
    assert_eq!(timeline.known(), 40);
    timeline.seek(60);
    timeline.command(Command::Mend(LinkId(0)));
    while timeline.explore(1000) {}
    assert_ne!(timeline.trace().fingerprint(), before);
    timeline.seek(10);
    timeline.seek(70);
    assert!(timeline.undo() && timeline.step() == 60);
    assert!(timeline.undo() && timeline.step() == 40);
    assert!(!timeline.undo());
    while timeline.explore(1000) {}
    assert_eq!(timeline.trace().fingerprint(), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn seeking_and_commands_in_any_order_equal_a_straight_run(
        seed in any::<u64>(),
        loss in 0u32..100_000,
        moves in proptest::collection::vec((0u64..400, 0u8..6), 1..30),
    ) {
        let net = busy(seed, loss);
        let mut timeline = Timeline::new(&net);
        for (step, what) in moves {
            timeline.seek(step);
            match what {
                0 => timeline.command(Command::Cut(LinkId(0))),
                1 => timeline.command(Command::Mend(LinkId(0))),
                2 => timeline.command(Command::Drop(FrameId(timeline.trace().frame_count() - 1))),
                3 => { timeline.undo(); }
                4 => { timeline.back(); }
                _ => { timeline.forward(); }
            }
        }
        while timeline.explore(1000) {}
        // The same commands, given once, on the way.
        let mut once = Timeline::new(&net);
        for (&step, commands) in timeline.commands() {
            once.seek(step);
            for command in commands {
                once.command(command.clone());
            }
        }
        while once.explore(1000) {}
        prop_assert_eq!(once.trace().fingerprint(), timeline.trace().fingerprint());
    }
}
