//! Row by row: what a server must do.

use super::super::server::{Config, Indication, Input, Output, Server, State, Trigger};
use super::super::{Note, Refusal};
use super::{at, check, message, millis, shown, shown_body};
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::Message;
use crate::stack::session::id::SessionId;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The timing of the protocol's own test suite.
fn config() -> Config {
    Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        cors: Some("*".to_owned()),
        ..Config::default()
    }
}

/// A server, and the names of a transcript: `{new}` and `{ws}` are the queries of a new session,
/// `{poll}` and `{up}` those of the last one that opened.
struct Stage {
    server: Server,
    now: Instant,
    sid: Option<SessionId>,
    exchanges: u64,
    sockets: u64,
    /// The state changes of the last input.
    walked: Vec<(State, Trigger, State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        let server = Server::new(config, Rng::fork(1, "ids"));
        Self { server, now: at(0), sid: None, exchanges: 0, sockets: 0, walked: Vec::new() }
    }

    fn query(&self, text: &str) -> String {
        let sid = self.sid.map(|sid| sid.to_string()).unwrap_or_default();
        text.replace("{new}", "EIO=4&transport=polling")
            .replace("{ws}", "EIO=4&transport=websocket")
            .replace("{poll}", &format!("EIO=4&transport=polling&sid={sid}"))
            .replace("{up}", &format!("EIO=4&transport=websocket&sid={sid}"))
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut out = Vec::new();
        let session = self.sid;
        let number = |text: &str| text[2..].parse().unwrap();
        match verb {
            "GET" | "POST" | "PUT" | "OPTIONS" => {
                let (query, body) = rest.split_once(' ').unwrap_or((rest, ""));
                self.exchanges += 1;
                let input = Input::Request {
                    exchange: self.exchanges,
                    method: verb,
                    query: &self.query(query),
                    origin: None,
                    requested_headers: None,
                    body: message(body).octets().clone(),
                };
                self.server.handle(self.now, input, &mut out);
            }
            "lost" => {
                let exchange = rest.parse().unwrap();
                self.server.handle(self.now, Input::ExchangeClosed { exchange }, &mut out);
            }
            "WS" => {
                self.sockets += 1;
                let query = &self.query(rest);
                let input = Input::SocketOpened { socket: self.sockets, query };
                self.server.handle(self.now, input, &mut out);
            }
            "send" | "volatile" => {
                let messages = rest.split(' ').map(message).collect();
                let volatile = verb == "volatile";
                let input = Input::Send { session: session.unwrap(), messages, volatile };
                self.server.handle(self.now, input, &mut out);
            }
            "close" => {
                self.server.handle(self.now, Input::Close { session: session.unwrap() }, &mut out);
            }
            "wait" => self.wait(millis(rest), &mut out),
            socket if rest == "gone" => {
                let input = Input::SocketClosed { socket: number(socket) };
                self.server.handle(self.now, input, &mut out);
            }
            socket => {
                let input = Input::SocketMessage { socket: number(socket), message: message(rest) };
                self.server.handle(self.now, input, &mut out);
            }
        }
        self.walked = out
            .iter()
            .filter_map(|output| match output {
                Output::Note(Note::Server { from, to, on }) => Some((*from, *on, *to)),
                _ => None,
            })
            .collect();
        out.iter().filter_map(|output| self.show(output)).collect()
    }

    fn wait(&mut self, time: Duration, out: &mut Vec<Output>) {
        let until = self.now + time;
        while let Some(deadline) = self.server.deadline().filter(|deadline| *deadline <= until) {
            let said = out.len();
            self.server.on_deadline(Instant(deadline.0 - 1), out);
            assert_eq!(out.len(), said, "nothing before the deadline");
            self.server.on_deadline(deadline, out);
            assert!(self.server.deadline().is_none_or(|next| next > deadline));
        }
        self.now = until;
    }

    fn show(&mut self, output: &Output) -> Option<String> {
        let hide = |text: String, sid: Option<SessionId>| match sid {
            Some(sid) => text.replace(sid.as_str(), "SID"),
            None => text,
        };
        Some(match output {
            Output::Respond { exchange, status, body, .. } => {
                // The answer to a handshake comes before the word of it.
                let sid = self.server.sessions().map(|(id, _)| id).last();
                hide(format!("{exchange}={status} {}", shown_body(body)).trim().to_owned(), sid)
            }
            Output::Accept { socket } => format!("ws{socket} accepted"),
            Output::Refuse { socket, status, body } => {
                format!("ws{socket}={status} {}", shown_body(body))
            }
            Output::SocketSend { socket, message } => {
                let sid = self.server.sessions().map(|(id, _)| id).last();
                hide(format!("ws{socket}: {}", shown(message)), sid)
            }
            Output::SocketClose { socket } => format!("ws{socket} closed"),
            Output::Indicate(Indication::Opened { session }) => {
                self.sid = Some(*session);
                "opened".to_owned()
            }
            Output::Indicate(Indication::Message { message, .. }) => {
                format!("got {}", shown(message))
            }
            Output::Indicate(Indication::Upgraded { .. }) => "upgraded".to_owned(),
            Output::Indicate(Indication::Closed { reason, .. }) => format!("over: {reason}"),
            Output::Note(_) => return None,
        })
    }
}

const OPEN: &str = r#"
    > GET {new}
    1=200 0{"sid":"SID","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}
    opened
"#;

const OPEN_SOCKET: &str = r#"
    > WS {ws}
    ws1 accepted
    ws1: 0{"sid":"SID","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}
    opened
"#;

const UPGRADE: &str = "
    > WS {up}
    ws1 accepted
    > ws1 2probe
    ws1: 3probe
    > ws1 5
    upgraded
";

fn run(parts: &[&str]) {
    run_with(config(), parts);
}

fn run_with(config: Config, parts: &[&str]) {
    let mut stage = Stage::new(config);
    check(&parts.concat(), |input| stage.play(input));
}

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

#[test]
fn the_program_closes_and_the_client_hears_of_it_as_soon_as_it_can() {
    run(&[
        OPEN,
        r#"
        > GET {poll}
        > close
        2=200 1
        over: forced close
        > GET {poll}
        3=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
    run(&[
        OPEN,
        "
        > send last
        > close
        > send too-late
        > POST {poll} 4hello
        2=200 ok
        > GET {poll}
        3=200 4last␞1
        over: forced close
    ",
    ]);
    run(&[
        OPEN,
        "
        > close
        > wait 29999
        > wait 1
        over: forced close
    ",
    ]);
    run(&[
        OPEN_SOCKET,
        "
        > close
        ws1 closed
        over: forced close
    ",
    ]);
}

#[test]
fn the_connection_under_a_waiting_get_is_the_session() {
    run(&[
        OPEN,
        "
        > GET {poll}
        > lost 2
        over: transport close
    ",
    ]);
}

#[test]
fn a_volatile_message_is_dropped_when_it_cannot_go_at_once() {
    run(&[
        OPEN,
        "
        > volatile lost
        > GET {poll}
        > volatile kept with-its-attachment
        2=200 4kept␞4with-its-attachment
    ",
    ]);
    let mut stage = Stage::new(config());
    stage.play("GET {new}");
    assert!(!stage.server.is_writable(stage.sid.unwrap()));
    stage.play("GET {poll}");
    assert!(stage.server.is_writable(stage.sid.unwrap()));
}

#[test]
fn sessions_and_what_waits_for_them_have_a_limit() {
    let config = Config { sessions_max: 1, queue_octets_max: 300, ..config() };
    let mut stage = Stage::new(config);
    stage.play("GET {new}");
    let full = r#"2=403 {"code":4,"message":"Forbidden"}"#;
    assert_eq!(stage.play("GET {new}"), [full]);
    assert_eq!(stage.play("WS {ws}"), [full.replace("2=", "ws1=")]);
    for n in 0..4 {
        assert_eq!(stage.play("send hello"), [""; 0], "{n}");
    }
    assert_eq!(stage.play("send hello"), ["over: buffer full"]);
    assert_eq!(stage.play("GET {new}").last().unwrap(), "opened");
}

#[test]
fn without_websocket_no_upgrade_is_offered_or_taken() {
    let mut stage = Stage::new(Config { websocket: false, ..config() });
    assert!(stage.play("GET {new}")[0].contains(r#""upgrades":[]"#));
    let unknown = Refusal::TransportUnknown.json();
    assert_eq!(stage.play("WS {up}"), [format!("ws1=400 {unknown}")]);
}

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
