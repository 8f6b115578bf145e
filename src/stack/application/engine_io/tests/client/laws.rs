//! Whatever happens: every edge is walked, nothing panics, limits are kept.

use super::super::super::Transport;
use super::{Config, Stage, State, Trigger};
use crate::base::Rng;
use proptest::prelude::{prop, prop_assert, proptest};
use std::collections::BTreeSet;

fn happen(stage: &mut Stage, what: u8) {
    let last = stage.client.numbers.max(1);
    let poll = stage.client.poll.unwrap_or(last);
    let post = stage.client.post.unwrap_or(last);
    let socket = stage.client.socket.unwrap_or(last);
    let input = match what {
        0 => "open".to_owned(),
        1 => "close".to_owned(),
        2 => "send hello #00".to_owned(),
        3 => "send a-message-of-some-length-and-two-more a b".to_owned(),
        4 => "wait 100".to_owned(),
        5 => "wait 1000".to_owned(),
        6 => format!("{poll}=400 x"),
        7 | 8 => format!(
            r#"{poll}=200 0{{"sid":"x","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200}}"#
        ),
        9 => format!("{poll}=200 6"),
        10 => format!("{poll}=200 2␞2␞2␞2␞2"),
        11 => format!("{poll}=200 1"),
        12 => format!("{poll}=200 x"),
        13 | 14 => format!("{post}=200 ok"),
        15 => format!("lost {post}"),
        16 | 17 => format!("ws{socket} up"),
        18 => format!("ws{socket} gone"),
        19 | 20 => format!("ws{socket} 3probe"),
        21 => format!("ws{socket} x"),
        22 => format!("ws{socket} 1"),
        23 => format!(
            r#"ws{socket} 0{{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200}}"#
        ),
        _ => format!("ws{socket} 2"),
    };
    stage.play(&input);
}

#[test]
fn every_edge_is_walked() {
    let mut walked: BTreeSet<(State, Trigger, State)> = BTreeSet::new();
    let mut rng = Rng::fork(1, "walk");
    for n in 0..20_000 {
        let transports = match n % 2 {
            0 => vec![Transport::Polling, Transport::WebSocket],
            _ => vec![Transport::WebSocket],
        };
        let config = Config { transports, queue_octets_max: 250, ..Config::default() };
        let mut stage = Stage::new(config);
        stage.play("open");
        walked.extend(&stage.walked);
        for _ in 0..12 {
            happen(&mut stage, rng.below(25) as u8);
            walked.extend(&stage.walked);
        }
    }
    let edges: BTreeSet<_> = State::EDGES.iter().copied().collect();
    assert_eq!(walked, edges);
}

proptest! {
    #[test]
    fn whatever_comes_no_input_panics_and_memory_keeps_its_limits(
        moves in prop::collection::vec(0u8..25, 0..80),
    ) {
        let mut stage = Stage::new(Config { queue_octets_max: 250, ..Config::default() });
        for what in moves {
            happen(&mut stage, what);
            prop_assert!(stage.client.queue.octets() <= 250);
        }
    }
}
