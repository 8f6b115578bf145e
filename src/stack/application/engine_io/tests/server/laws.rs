//! Whatever happens: every edge is walked, nothing panics, limits are kept.

use super::super::{at, millis};
use super::{Config, Input, Server, Stage, State, Trigger, config};
use crate::base::{Chunk, Rng};
use crate::stack::Machine;
use crate::stack::application::Message;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;

/// Anything that can happen, by number.
fn happen(stage: &mut Stage, what: u8) {
    let input = match what {
        0 => "GET {new}",
        1 | 2 => "GET {poll}",
        3 => "POST {poll} 4hello␞3",
        4 => "POST {poll} 1",
        5 => "POST {poll} 2",
        6 => "POST {poll} x",
        7 => "WS {up}",
        8 => "WS {ws}",
        9 | 10 => "wait 100",
        11 => "wait 10000",
        12 => "send hello #00",
        13 => "close",
        14 => "send a-message-of-some-length-and-two-more a b",
        15 => "lost {last}",
        16 | 17 => "{ws1} 2probe",
        18 | 19 => "{ws1} 5",
        20 => "{ws1} 1",
        21 => "{ws1} x",
        22 => "{ws1} 3",
        23 => "{ws1} 2",
        _ => "{ws1} gone",
    };
    let needs_session = ["send", "close"].iter().any(|verb| input.starts_with(verb));
    if needs_session && stage.sid.is_none() {
        return;
    }
    let input = input.replace("{last}", &stage.exchanges.to_string());
    let input = input.replace("{ws1}", &format!("ws{}", stage.sockets));
    stage.play(&input);
}

#[test]
fn every_edge_is_walked() {
    let mut walked: BTreeSet<(State, Trigger, State)> = BTreeSet::new();
    let mut rng = Rng::fork(1, "walk");
    for _ in 0..20_000 {
        let mut stage =
            Stage::new(Config { queue_octets_max: 250, close_timeout: millis("250"), ..config() });
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
        let mut stage = Stage::new(Config { queue_octets_max: 250, sessions_max: 3, ..config() });
        for what in moves {
            happen(&mut stage, what);
            prop_assert!(stage.server.sessions().count() <= 3);
        }
        stage.play("wait 100000");
        prop_assert_eq!(stage.server.sessions().count(), 0);
        prop_assert_eq!(stage.server.deadline(), None);
    }

    #[test]
    fn arbitrary_octets_in_a_body_or_message_never_panic(octets: Vec<u8>, query: String) {
        let mut server = Server::new(config(), Rng::fork(1, "ids"));
        let mut out = Vec::new();
        let query = &query;
        server.handle(at(0), Input::SocketOpened { socket: 1, query }, &mut out);
        server.handle(at(0), Input::SocketOpened { socket: 2, query: "EIO=4&transport=websocket" }, &mut out);
        let message = Message::Binary(Chunk::from(&octets[..]));
        server.handle(at(0), Input::SocketMessage { socket: 2, message }, &mut out);
        let text = String::from_utf8_lossy(&octets);
        let message = Message::text(&text);
        server.handle(at(0), Input::SocketMessage { socket: 2, message }, &mut out);
    }
}
