//! Every edge of the diagram is gone along, and no other.

use super::*;

#[test]
fn every_edge_is_reached_and_no_other() {
    let server = || End::server(Config::default());
    let close = || frame(0x88, b"\x03\xe8");
    let beats = Config { ping_interval: Some(Duration::from_secs(1)), ..Config::default() };
    let mut reached = BTreeSet::new();
    let mut play = |mut end: End, acts: &[&dyn Fn(&mut End)]| {
        for act in acts {
            act(&mut end);
        }
        reached.extend(end.edges);
    };
    let closes = |end: &mut End| _ = end.close(None, "");
    let hears_close = |end: &mut End| _ = end.octets(close());
    let hears_nonsense = |end: &mut End| _ = end.octets(frame(0x83, b""));
    let loses = |end: &mut End| _ = end.order(Input::Reset);
    let waits = |end: &mut End| _ = end.wait(60_000);
    let opens = |end: &mut End| _ = end.order(Input::Open);
    let refused = |end: &mut End| _ = end.octets("HTTP/1.1 404 None\r\n\r\n");
    let client = || End::asking(Config::default());
    play(client(), &[&opens, &refused, &loses]);
    play(client(), &[&opens, &closes, &waits]);
    play(client(), &[&opens, &loses]);
    play(client(), &[&opens, &waits]);
    play(server(), &[&closes, &hears_close, &loses]);
    play(server(), &[&hears_close, &waits]);
    play(server(), &[&hears_nonsense]);
    play(server(), &[&loses]);
    play(End::server(beats), &[&waits, &waits]);
    play(server(), &[&closes, &hears_nonsense]);
    play(server(), &[&closes, &loses]);
    play(server(), &[&closes, &waits]);
    assert_eq!(reached, State::EDGES.iter().copied().collect());
}

#[test]
fn a_note_is_small_and_has_both_voices() {
    use crate::stack::Telling as _;
    assert!(size_of::<Note>() <= 16);
    let entered = Note::Entered { from: State::Open, to: State::Closed, on: Trigger::TimedOut };
    let (opcode, fin, octets, mask) = (Opcode::Text, false, 5, Some(KEY));
    let sent = Note::Sent { opcode, fin, octets, mask };
    for note in [entered, Note::Failing(Violation::NotText), sent] {
        assert!(!note.to_string().is_empty() && note.friend().is_some());
        assert!(note.source().starts_with("RFC "));
    }
    let words = "Text frame of 5 octets sent, more follows, masked with 37fa213d";
    assert_eq!(sent.to_string(), words);
}
