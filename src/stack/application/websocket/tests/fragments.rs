//! Autobahn group 5: messages in fragments.

use super::*;

const LONE: &str = "close 1002 a continuation of nothing, fin";
const NESTED: &str = "close 1002 a message begins within a message, fin";

#[test]
fn group_5_control_frames_must_not_be_fragmented() {
    let failed = "close 1002 a control frame comes in fragments, fin";
    echoes(&[frame(0x09, b"a"), frame(0x80, b"b")], failed);
    echoes(&[frame(0x0a, b"a"), frame(0x80, b"b")], failed);
}

#[test]
fn group_5_fragments_become_one_message_with_pings_answered_between() {
    let (first, second) = (frame(0x01, b"frag"), frame(0x80, b"ment"));
    echoes(&[first.clone(), second.clone()], "text fragment");
    echoes(&[first, frame(0x89, b"ping"), second], "pong ping, text fragment");
    let five = [
        frame(0x01, b"f1"),
        frame(0x00, b"f2"),
        frame(0x89, b"p1"),
        frame(0x00, b"f3"),
        frame(0x00, b"f4"),
        frame(0x89, b"p2"),
        frame(0x80, b"f5"),
    ];
    echoes(&five, "pong p1, pong p2, text f1f2f3f4f5");
    let mut end = End::echo();
    let said: Vec<_> = five.iter().map(|frame| end.octets(frame)).collect();
    assert_eq!(said, ["", "", "pong p1", "", "", "pong p2", "text f1f2f3f4f5"]);
}

#[test]
fn group_5_continuations_of_nothing_fail_with_1002() {
    for start in [0x80, 0x00] {
        echoes(&[frame(start, b"lone"), frame(0x81, b"text")], LONE);
        let frames =
            [frame(0x01, b"a"), frame(0x80, b"b"), frame(start, b"lone"), frame(0x81, b"c")];
        echoes(&frames, &format!("text ab, {LONE}"));
        echoes(&[frame(start, b"lone"), frame(0x01, b"a"), frame(0x80, b"b")], LONE);
    }
}

#[test]
fn group_5_a_message_within_a_message_fails_with_1002() {
    echoes(&[frame(0x01, b"a"), frame(0x81, b"b")], NESTED);
    echoes(&[frame(0x01, b"a"), frame(0x02, b"b")], NESTED);
}

#[test]
fn a_program_sends_a_message_in_parts_with_a_ping_between() {
    let mut end = End::server(Config::default());
    let part = |text: &str, last| Input::SendFragment { text: true, octets: chunk(text), last };
    assert_eq!(end.order(part("a", false)), "text+ a");
    assert_eq!(end.order(Input::Ping(chunk("p"))), "ping p");
    assert_eq!(end.order(Input::Send(Message::text("x"))), "WithinMessage");
    assert_eq!(end.order(part("b", false)), "continuation+ b");
    assert_eq!(end.order(part("", true)), "continuation");
    assert_eq!(end.order(Input::Send(Message::text("x"))), "text x");
}

#[test]
fn long_messages_are_cut_where_that_is_set() {
    let config = Config { fragment_max: Some(3), ..Config::default() };
    let mut end = End::server(config);
    let send = |octets: &[u8]| Input::Send(Message::Binary(chunk(octets)));
    assert_eq!(end.order(send(b"abcdefg")), "binary+ abc, continuation+ def, continuation g");
    assert_eq!(end.order(send(b"abc")), "binary abc");
    assert_eq!(end.order(send(b"")), "binary");
}
