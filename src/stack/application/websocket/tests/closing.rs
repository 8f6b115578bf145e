//! Autobahn group 7, and the closing handshake against FIN, RST and silence.

use super::*;

fn close(code: u16, reason: &str) -> Vec<u8> {
    frame(0x88, [&code.to_be_bytes(), reason.as_bytes()].concat())
}

#[test]
fn group_7_1_a_close_is_answered_once_and_what_follows_is_ignored() {
    let normal = || close(1000, "");
    echoes(&[frame(0x81, b"hi"), normal()], "text hi, close 1000, fin");
    echoes(&[normal(), normal()], "close 1000, fin");
    echoes(&[normal(), frame(0x89, b"ping")], "close 1000, fin");
    echoes(&[normal(), frame(0x81, b"text")], "close 1000, fin");
    let within = [frame(0x01, b"begun"), normal(), frame(0x80, b"never")];
    echoes(&within, "close 1000, fin");
    let large = frame(0x81, "x".repeat(256 << 10));
    let mut end = End::echo();
    let said = end.pieces(&[large, normal(), frame(0x89, b"")].concat(), 5000);
    assert_eq!(said, "text of 262144, close 1000, fin");
}

#[test]
fn group_7_3_and_7_5_bodies_of_a_close() {
    echoes(&[frame(0x88, b"")], "close, fin");
    echoes(&[frame(0x88, b"\x03")], "close 1002 a Close frame has half a code, fin");
    echoes(&[close(1000, "")], "close 1000, fin");
    echoes(&[close(1000, "why not")], "close 1000, fin");
    echoes(&[close(1000, &"*".repeat(123))], "close 1000, fin");
    let too_long = "close 1002 a control frame has more than 125 octets, fin";
    echoes(&[close(1000, &"*".repeat(124))], too_long);
    let not_text = frame(0x88, b"\x03\xe8\xce\xba\xed\xa0\x80");
    echoes(&[not_text], "close 1007 text that is not UTF-8, fin");
}

#[test]
fn groups_7_7_to_7_13_codes_that_may_and_may_not_be_sent() {
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        echoes(&[close(code, "")], &format!("close {code}, fin"));
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        let said = format!("close 1002 {code} is no code for a Close frame, fin");
        echoes(&[close(code, "")], &said);
    }
}

#[test]
fn the_server_closes_tcp_first_and_the_client_waits_for_it() {
    let mut client = End::client(Config::default());
    assert_eq!(client.close(Some(1000), "bye"), "close 1000 bye");
    let mut server = End::server(Config::default());
    assert_eq!(server.octets(close(1000, "bye")), "close 1000, fin");
    assert_eq!(client.octets(raw(Role::Server, 0x88, b"\x03\xe8")), "");
    assert_eq!(client.order(Input::PeerClosed), "fin, closed 1000 clean");
    assert_eq!(server.order(Input::PeerClosed), "closed 1000 bye clean");
    assert_eq!((client.machine.deadline(), server.machine.deadline()), (None, None));
}

#[test]
fn a_close_without_a_code_is_1005_for_the_program() {
    let mut server = End::server(Config::default());
    assert_eq!(server.octets(frame(0x88, b"")), "close, fin");
    assert_eq!(server.order(Input::PeerClosed), "closed 1005 clean");
}

#[test]
fn after_its_close_an_end_still_hears_messages_and_answers_pings() {
    let mut server = End::server(Config::default());
    server.close(Some(1001), "");
    assert_eq!(server.octets(frame(0x81, b"late")), "got late");
    assert_eq!(server.octets(frame(0x89, b"p")), "pong p");
    assert_eq!(server.order(Input::Send(Message::text("x"))), "NotOpen");
    assert_eq!(server.octets(frame(0x88, b"\x03\xe9")), "fin");
}

#[test]
fn closes_that_cross_are_both_the_answer() {
    let mut client = End::client(Config::default());
    client.close(Some(4000), "");
    assert_eq!(client.octets(raw(Role::Server, 0x88, b"\x0f\xa1")), "");
    assert_eq!(client.order(Input::Reset), "closed 4001 clean");
}

#[test]
fn no_close_frame_at_all_is_1006() {
    let mut fin = End::client(Config::default());
    assert_eq!(fin.order(Input::PeerClosed), "fin, closed 1006 not clean");
    let mut rst = End::server(Config::default());
    assert_eq!(rst.order(Input::Reset), "closed 1006 not clean");
    let mut after = End::client(Config::default());
    after.close(None, "");
    assert_eq!(after.order(Input::PeerClosed), "fin, closed 1006 not clean");
    let mut silence = End::client(Config::default());
    silence.close(None, "");
    assert_eq!(silence.wait(9_999), "");
    assert_eq!(silence.wait(1), "rst, closed 1006 not clean");
    let mut failed = End::server(Config::default());
    failed.octets(frame(0x83, b""));
    assert_eq!(failed.order(Input::PeerClosed), "closed 1006 not clean");
}

#[test]
fn who_never_closes_tcp_is_not_waited_for() {
    let config = Config { close_timeout: Duration::from_secs(1), ..Config::default() };
    let mut client = End::client(config.clone());
    client.octets(raw(Role::Server, 0x88, b"\x03\xe8"));
    assert_eq!(client.wait(999) + &client.wait(1), "fin, closed 1000 clean");
    let mut server = End::server(config);
    server.octets(close(1000, ""));
    assert_eq!(server.wait(999) + &server.wait(1), "rst, closed 1000 clean");
    assert_eq!(server.order(Input::PeerClosed) + &server.order(Input::Reset), "");
}

#[test]
fn codes_that_are_never_on_the_wire_cannot_be_sent() {
    let mut end = End::server(Config::default());
    for code in [0, 1004, 1005, 1006, 1015, 2999, 5000] {
        assert_eq!(end.close(Some(code), ""), "Code");
    }
    assert_eq!(end.close(None, "a reason needs a code"), "Code");
    assert_eq!(end.close(Some(1000), &"x".repeat(124)), "TooLong");
    assert_eq!(end.order(Input::Ping(chunk([0; 126]))), "TooLong");
    assert_eq!(end.order(Input::Pong(chunk("unasked"))), "pong unasked");
    assert_eq!(
        end.close(Some(1000), &"x".repeat(123)),
        "close 1000 ".to_owned() + &"x".repeat(123)
    );
    assert_eq!(end.close(Some(1000), ""), "", "twice is once");
}

#[test]
fn a_silent_peer_is_pinged_and_given_up() {
    let config = Config {
        ping_interval: Some(Duration::from_secs(5)),
        pong_timeout: Duration::from_secs(2),
        ..Config::default()
    };
    let mut end = End::server(config);
    assert_eq!(end.wait(4_999), "");
    assert_eq!(end.wait(1), "ping");
    assert_eq!(end.octets(frame(0x8a, b"")), "ponged");
    assert_eq!(end.wait(5_000), "ping");
    assert_eq!(end.wait(1_999), "");
    assert_eq!(end.wait(1), "rst, closed 1006 not clean");
    assert_eq!(End::server(Config::default()).machine.deadline(), None, "off by default");
}
