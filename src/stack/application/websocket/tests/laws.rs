//! What holds whatever comes.

use super::*;
use proptest::prelude::*;

/// An input by number, so that all kinds are met.
fn input(kind: u8, octets: &[u8]) -> Input {
    match kind {
        0 => Input::Open,
        1 => Input::PeerClosed,
        2 => Input::Reset,
        3 => Input::Send(Message::Binary(chunk(octets))),
        4 => Input::SendFragment { text: false, octets: chunk(octets), last: octets.len() > 3 },
        5 => Input::Ping(chunk(octets)),
        6 => Input::Close { code: (octets.len() > 2).then_some(1000), reason: String::new() },
        7 => Input::Received(request().emit()),
        8 => Input::Received(chunk(frame(0x81, octets))),
        9 => Input::Resume,
        10 => Input::Received(chunk(frame(0x88, octets))),
        _ => Input::Received(chunk(octets)),
    }
}

/// The messages that come out of an open server, and its last word.
fn outcome(octets: &[u8], cut: usize) -> (Vec<Message>, String) {
    let mut server = End::server(Config { message_max: 500, ..Config::default() });
    let (mut messages, mut said) = (Vec::new(), Vec::new());
    for piece in octets.chunks(cut.max(1)) {
        let outcome = server.run(Input::Received(chunk(piece)));
        messages.extend(outcome.messages);
        said.extend(outcome.said);
    }
    (messages, said.join(", "))
}

proptest! {
    #[test]
    fn whatever_comes_no_law_is_broken(
        moves in prop::collection::vec(
            (0u8..14, prop::collection::vec(any::<u8>(), 0..8), 0u64..40_000), 0..40,
        ),
        role in 0u8..3,
        deflate: bool,
        ping_interval in prop::option::of(0u64..10_000),
    ) {
        let config = Rc::new(Config {
            deflate: deflate.then(Parameters::default),
            ping_interval: ping_interval.map(Duration::from_millis),
            ..Config::default()
        });
        let mut machine = match role {
            0 => Connection::server(config),
            1 => Connection::server_for(config, request()),
            _ => Connection::client(config, opening_of_alice(), crate::base::Rng::fork(1, "x")),
        };
        let (mut now, mut out, mut ends) = (NOW, Vec::new(), 0);
        for (kind, octets, millis) in moves {
            now += Duration::from_millis(millis * u64::from(kind & 1));
            if machine.deadline().is_none_or(|deadline| now < deadline) {
                let before = format!("{machine:?}");
                machine.on_deadline(now, &mut out);
                prop_assert_eq!((before, out.len()), (format!("{machine:?}"), 0));
            }
            machine.on_deadline(now, &mut out);
            prop_assert!(machine.deadline().is_none_or(|deadline| now < deadline));
            let (mut twin, mut twin_out) = (machine.clone(), out.clone());
            machine.handle(now, input(kind, &octets), &mut out);
            twin.handle(now, input(kind, &octets), &mut twin_out);
            prop_assert_eq!(&out, &twin_out);
            let closed = |output: &&Output| {
                matches!(output, Output::Indicate(Indication::Closed { .. }))
            };
            ends += out.iter().filter(closed).count();
            prop_assert_eq!(ends, usize::from(machine.state() == State::Closed));
            out.clear();
        }
    }

    #[test]
    fn however_octets_are_cut_the_same_comes_out(
        frames in prop::collection::vec(
            (0u8..=255, prop::collection::vec(any::<u8>(), 0..200)), 0..8,
        ),
        texts in prop::collection::vec(".{0,50}", 0..5),
        cut in 1usize..100,
    ) {
        let mut octets: Vec<u8> = texts.iter().flat_map(|text| frame(0x81, text)).collect();
        octets.extend(frames.iter().flat_map(|(start, payload)| frame(*start, payload)));
        let (messages, said) = outcome(&octets, cut);
        prop_assert_eq!(&(messages.clone(), said), &outcome(&octets, usize::MAX));
        for (message, text) in messages.iter().zip(&texts) {
            prop_assert_eq!(message.as_text(), Some(text.as_str()));
        }
    }
}
