//! Row by row: what the protocol's table asks for.

use super::super::at;
use super::{
    Config, Input, OPEN, OPEN_SOCKET, Output, Server, Stage, UPGRADE, config, run, run_with,
};
use crate::base::{Chunk, Duration, Rng};
use crate::stack::Machine;

#[test]
fn row_1_a_get_without_an_id_opens_a_session_with_a_new_one() {
    run(&[OPEN]);
    let mut stage = Stage::new(config());
    stage.play("GET {new}");
    let first = stage.sid;
    stage.play("GET {new}");
    assert_ne!(first, stage.sid);
}

#[test]
fn rows_2_to_6_what_does_not_fit_is_refused_with_its_code() {
    run(&[
        OPEN,
        r#"
        > GET transport=polling
        2=400 {"code":5,"message":"Unsupported protocol version"}
        > GET EIO=abc&transport=polling
        3=400 {"code":5,"message":"Unsupported protocol version"}
        > GET EIO=4
        4=400 {"code":0,"message":"Transport unknown"}
        > GET EIO=4&transport=abc
        5=400 {"code":0,"message":"Transport unknown"}
        > GET {new}&sid=abc
        6=400 {"code":1,"message":"Session ID unknown"}
        > POST {new}&sid=abc 4hello
        7=400 {"code":1,"message":"Session ID unknown"}
        > POST {new}
        8=400 {"code":2,"message":"Bad handshake method"}
        > PUT {new}
        9=400 {"code":2,"message":"Bad handshake method"}
        > GET {ws}
        10=400 {"code":3,"message":"Bad request"}
        > GET {up}
        11=400 {"code":3,"message":"Bad request"}
        > PUT {poll}
        12=400 {"code":3,"message":"Bad request"}
        > GET {poll}&EIO=3
        13=400 {"code":3,"message":"Bad request"}
        > POST {poll} 4still-there
        got still-there
        14=200 ok
    "#,
    ]);
}

#[test]
fn row_7_a_post_carries_packets_to_the_program() {
    run(&[
        OPEN,
        "
        > POST {poll} 4hello
        got hello
        2=200 ok
        > POST {poll} 4a␞bAQIDBA==␞4€
        got a
        got #01020304
        got €
        3=200 ok
    ",
    ]);
}

#[test]
fn row_8_a_get_waits_until_there_is_something_to_say() {
    run(&[
        OPEN,
        "
        > GET {poll}
        > send hello
        2=200 4hello
        > send one
        > send two #0102
        > GET {poll}
        3=200 4one␞4two␞bAQI=
    ",
    ]);
}

#[test]
fn row_9_a_second_get_ends_the_session() {
    run(&[
        OPEN,
        r#"
        > GET {poll}
        > GET {poll}
        2=200 1
        over: transport error
        3=400 {"code":3,"message":"Bad request"}
        > GET {poll}
        4=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
}

#[test]
fn row_10_what_is_no_packet_ends_the_session() {
    run(&[
        OPEN,
        r#"
        > POST {poll} 4a␞abc␞4b
        got a
        over: parse error
        2=400 {"code":3,"message":"Bad request"}
        > GET {poll}
        3=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
    run(&[
        OPEN_SOCKET,
        "
        > ws1 abc
        ws1 closed
        over: parse error
    ",
    ]);
}

#[test]
fn row_10_a_ping_of_the_client_ends_the_session_and_other_kinds_say_nothing() {
    run(&[
        OPEN_SOCKET,
        "
        > ws1 0
        > ws1 3
        > ws1 5
        > ws1 6
        > ws1 2
        ws1 closed
        over: transport error
    ",
    ]);
}

#[test]
fn row_11_the_server_pings_and_ends_a_silent_session() {
    run(&[
        OPEN,
        r#"
        > GET {poll}
        > wait 300
        2=200 2
        > POST {poll} 3
        3=200 ok
        > GET {poll}
        > wait 299
        > wait 1
        4=200 2
        > wait 200
        over: ping timeout
        > GET {poll}
        5=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
    run(&[
        OPEN_SOCKET,
        "
        > wait 300
        ws1: 2
        > ws1 3
        > wait 300
        ws1: 2
        > wait 199
        > wait 1
        ws1 closed
        over: ping timeout
    ",
    ]);
}

#[test]
fn row_11_a_get_that_waits_is_told_of_the_end() {
    run(&[
        OPEN,
        "
        > GET {poll}
        > wait 300
        2=200 2
        > GET {poll}
        > wait 200
        3=200 1
        over: ping timeout
    ",
    ]);
}

#[test]
fn row_12_a_close_over_polling_answers_the_waiting_get_with_a_noop() {
    run(&[
        OPEN,
        r#"
        > GET {poll}
        > POST {poll} 1␞4late
        2=200 6
        over: transport close
        3=200 ok
        > GET {poll}
        4=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
}

#[test]
fn row_13_a_close_over_websocket_ends_at_once() {
    run(&[
        OPEN_SOCKET,
        "
        > ws1 1
        ws1 closed
        over: transport close
    ",
    ]);
}

#[test]
fn row_14_over_websocket_text_has_a_digit_and_octets_are_bare() {
    run(&[
        OPEN_SOCKET,
        "
        > ws1 4hello
        got hello
        > ws1 #0102
        got #0102
        > send hello #0304
        ws1: 4hello
        ws1: #0304
        > ws1 gone
        over: transport close
    ",
    ]);
}

#[test]
fn row_15_a_websocket_with_a_bad_query_is_refused() {
    run(&[
        OPEN,
        r#"
        > WS transport=websocket
        ws1=400 {"code":5,"message":"Unsupported protocol version"}
        > WS EIO=abc&transport=websocket
        ws2=400 {"code":5,"message":"Unsupported protocol version"}
        > WS EIO=4
        ws3=400 {"code":0,"message":"Transport unknown"}
        > WS EIO=4&transport=abc
        ws4=400 {"code":0,"message":"Transport unknown"}
        > WS {new}
        ws5=400 {"code":3,"message":"Bad request"}
        > WS {ws}&sid=abc
        ws6=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
}

#[test]
fn row_16_an_upgrade_ends_the_waiting_get_and_what_was_queued_goes_once() {
    run(&[
        OPEN,
        "
        > GET {poll}
        > WS {up}
        ws1 accepted
        > ws1 2probe
        ws1: 3probe
        2=200 6
        > send one
        > send two
        > ws1 5
        upgraded
        ws1: 4one
        ws1: 4two
        > ws1 4hello
        got hello
        > send three
        ws1: 4three
    ",
    ]);
}

#[test]
fn row_16_the_next_get_after_the_probe_is_answered_at_once() {
    run(&[
        OPEN,
        "
        > WS {up}
        ws1 accepted
        > ws1 2probe
        ws1: 3probe
        > GET {poll}
        2=200 6
        > send one
        > GET {poll}
        3=200 4one
        > ws1 5
        upgraded
    ",
    ]);
}

#[test]
fn row_16_a_probe_that_fails_leaves_the_session_to_polling() {
    for wrong in ["ws1 4hello", "ws1 5", "ws1 2", "ws1 #00", "ws1 gone", "wait 10000"] {
        let mut stage = Stage::new(Config { ping_interval: Duration::from_secs(20), ..config() });
        stage.play("GET {new}");
        stage.play("WS {up}");
        let said = stage.play(wrong);
        let closed = if wrong == "ws1 gone" { vec![] } else { vec!["ws1 closed"] };
        assert_eq!(said, closed, "{wrong}");
        assert_eq!(stage.play("GET {poll}"), [""; 0]);
        assert_eq!(stage.play("send hello"), ["2=200 4hello"]);
        assert_eq!(stage.play("WS {up}"), ["ws2 accepted"]);
        assert_eq!(stage.play("ws2 2probe"), ["ws2: 3probe"]);
    }
}

#[test]
fn row_17_after_the_upgrade_requests_and_a_second_websocket_are_turned_away() {
    run(&[
        OPEN,
        UPGRADE,
        r#"
        > GET {poll}
        2=400 {"code":3,"message":"Bad request"}
        > POST {poll} 4hello
        3=400 {"code":3,"message":"Bad request"}
        > WS {up}
        ws2 accepted
        ws2 closed
        > ws1 4hello
        got hello
    "#,
    ]);
}

#[test]
fn row_18_a_body_over_max_payload_is_too_large() {
    run_with(
        Config { max_payload: 5, ..config() },
        &["
        > GET {new}
        1=200 0{\"sid\":\"SID\",\"upgrades\":[\"websocket\"],\"pingInterval\":300,\"pingTimeout\":200,\"maxPayload\":5}
        opened
        > POST {poll} 4hello
        2=413
        > POST {poll} 4hell
        got hell
        3=200 ok
    "],
    );
    let mut stage = Stage::new(Config { max_payload: 5, ..config() });
    stage.play("WS {ws}");
    assert_eq!(stage.play("ws1 4hello"), ["ws1 closed", "over: parse error"]);
}

#[test]
fn row_19_an_origin_gets_its_header_and_a_preflight_its_answer() {
    let mut server = Server::new(config(), Rng::fork(1, "ids"));
    let mut ask = |method, origin, requested_headers| {
        let mut out = Vec::new();
        let query = "EIO=4&transport=polling";
        let body = Chunk::EMPTY;
        let input = Input::Request { exchange: 1, method, query, origin, requested_headers, body };
        server.handle(at(0), input, &mut out);
        out.into_iter().find_map(|output| match output {
            Output::Respond { status, headers, .. } => Some((status, headers)),
            _ => None,
        })
    };
    let origin = Some("http://example.org");
    let all = ("Access-Control-Allow-Origin", "*".to_owned());
    let (status, headers) = ask("GET", origin, None).unwrap();
    let plain = ("Content-Type", "text/plain; charset=UTF-8".to_owned());
    let fresh = ("Cache-Control", "no-store".to_owned());
    assert_eq!((status, headers), (200, vec![plain, fresh.clone(), all.clone()]));
    assert!(!ask("GET", None, None).unwrap().1.contains(&all));
    let (status, headers) = ask("OPTIONS", origin, Some("X-Own")).unwrap();
    assert_eq!(status, 204);
    assert!(headers.contains(&("Access-Control-Allow-Headers", "X-Own".to_owned())));
    assert!(headers.contains(&all) && headers.iter().any(|h| h.0.ends_with("Methods")));
    let (_, headers) = ask("OPTIONS", origin, Some("X\r\nSet-Cookie: x")).unwrap();
    assert!(headers.iter().all(|header| !header.1.contains('\n')));
    let (status, headers) = ask("POST", origin, None).unwrap();
    assert_eq!(status, 400);
    assert!(headers.contains(&("Content-Type", "application/json".to_owned())));
}

#[test]
fn row_20_every_message_can_be_echoed_on_both_transports() {
    run(&[
        OPEN,
        "
        > POST {poll} 4hello␞bAQID
        got hello
        got #010203
        2=200 ok
        > send hello
        > send #010203
        > GET {poll}
        3=200 4hello␞bAQID
    ",
        UPGRADE,
        "
        > ws1 #010203
        got #010203
        > send #010203
        ws1: #010203
    ",
    ]);
}
