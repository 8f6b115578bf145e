//! Whatever happens: every edge is walked, nothing panics, limits are kept.

use super::super::super::state;
use super::{Config, Stage, State, config};
use crate::base::Rng;
use crate::stack::session::reconnect;
use proptest::prelude::{prop, prop_assert, proptest};
use std::collections::BTreeSet;

fn happen(stage: &mut Stage, what: u8) {
    let inputs = [
        "connect /",
        "connect /admin",
        "disconnect /",
        "disconnect /admin",
        "opened",
        "opened",
        "gone",
        r#"says 0{"sid":"S0"}"#,
        r#"says 0{"sid":"S0","pid":"P0"}"#,
        r#"says 0/admin,{"sid":"S0"}"#,
        "says 1",
        r#"says 4/admin,{"message":"no"}"#,
        r#"says 2["x","1"]"#,
        "says 30[]",
        "says x",
        "ask / x []",
        "want /admin x []",
        "volatile / x []",
        "wait 200",
        "wait 6000",
        "wait 30000",
    ];
    stage.play(inputs[usize::from(what) % inputs.len()]);
}

#[test]
fn every_edge_is_walked() {
    let mut rng = Rng::fork(1, "walk");
    let (mut links, mut ends) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..4000 {
        let reconnection = reconnect::Config { attempts_max: Some(n % 2), ..Default::default() };
        let mut stage = Stage::new(Config { reconnection: Some(reconnection), ..config() });
        for _ in 0..12 {
            happen(&mut stage, rng.below(21) as u8);
        }
        links.append(&mut stage.links);
        ends.append(&mut stage.ends);
    }
    assert_eq!(links, State::EDGES.iter().copied().collect::<BTreeSet<_>>());
    assert_eq!(ends, state::State::EDGES.iter().copied().collect::<BTreeSet<_>>());
}

proptest! {
    #[test]
    fn whatever_comes_no_input_panics_and_memory_keeps_its_limits(
        moves in prop::collection::vec(0u8..21, 0..80),
    ) {
        let mut stage = Stage::new(Config { buffer_octets_max: 30, acks_max: 3, ..config() });
        for what in moves {
            happen(&mut stage, what);
            prop_assert!(stage.client.buffered_octets <= 30);
            prop_assert!(stage.client.acks.len() <= 3);
        }
    }
}
