//! Whatever happens: every edge is walked, nothing panics, nothing is left behind.

use super::super::at;
use super::beyond::recovering;
use super::{Input, Server, Stage, State, config};
use crate::base::{Chunk, Rng};
use crate::stack::Machine;
use crate::stack::application::{Message, engine_io};
use crate::stack::session::id::SessionId;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;

fn happen(stage: &mut Stage, what: u8) {
    let socket = stage.sockets.len().saturating_sub(1);
    let input = match what {
        0 | 1 => "a opens".to_owned(),
        2..=4 => "a 0".to_owned(),
        5 => "a 0/custom".to_owned(),
        6 => r#"a 27["x"]"#.to_owned(),
        7 => "a 1".to_owned(),
        8 => "a gone".to_owned(),
        9 => "a #00".to_owned(),
        10 => r#"a 51-["x"]"#.to_owned(),
        11 => "a 30[]".to_owned(),
        12 => "wait 60".to_owned(),
        13 => "wait 1000".to_owned(),
        14 => "all - x [1]".to_owned(),
        15 => format!(r#"a 0{{"pid":"P{}","offset":"0"}}"#, stage.pids.len().saturating_sub(1)),
        _ if stage.sockets.is_empty() => "wait 1".to_owned(),
        16..=18 => format!("accept S{socket}"),
        19 => format!("refuse S{socket} no"),
        20 => format!("ask S{socket} x []"),
        21 => format!("join S{socket} blue"),
        22 => format!("kick S{socket}"),
        23 => format!("close S{socket}"),
        _ => format!("close S{}", socket.saturating_sub(1)),
    };
    stage.play(&input);
}

#[test]
fn every_edge_is_walked() {
    let mut rng = Rng::fork(1, "walk");
    let mut walked = BTreeSet::new();
    for _ in 0..10_000 {
        let mut stage = Stage::new(config());
        for _ in 0..12 {
            happen(&mut stage, rng.below(25) as u8);
        }
        walked.append(&mut stage.walked);
    }
    assert_eq!(walked, State::EDGES.iter().copied().collect::<BTreeSet<_>>());
}

proptest! {
    #[test]
    fn whatever_comes_no_input_panics_and_nothing_is_left_behind(
        moves in prop::collection::vec(0u8..25, 0..60),
    ) {
        let mut stage = Stage::new(recovering(3));
        for what in moves {
            happen(&mut stage, what);
            prop_assert!(stage.server.sockets().count() <= 2);
        }
        stage.play("a gone");
        stage.play("wait 10000");
        prop_assert_eq!(stage.server.sockets().count(), 0);
        prop_assert_eq!(stage.server.deadline(), None);
        prop_assert!(stage.play("all - x []").is_empty());
    }

    #[test]
    fn arbitrary_messages_never_panic(texts in prop::collection::vec("[0-7][0-9\\-/,]{0,4}(\\[.*\\])?", 0..9), octets: Vec<u8>) {
        let mut server = Server::new(config(), Rng::fork(1, "ids"));
        let session = SessionId::draw(&mut Rng::fork(1, "session"));
        let mut out = Vec::new();
        let opened = engine_io::server::Indication::Opened { session };
        server.handle(at(0), Input::Engine(opened), &mut out);
        for text in texts {
            let message = Message::text(&text);
            let heard = engine_io::server::Indication::Message { session, message };
            server.handle(at(0), Input::Engine(heard), &mut out);
        }
        let message = Message::Binary(Chunk::from(&octets[..]));
        let heard = engine_io::server::Indication::Message { session, message };
        server.handle(at(0), Input::Engine(heard), &mut out);
    }
}
