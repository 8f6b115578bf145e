//! What a client does, by transcript.

use super::super::client::{Client, Config, Indication, Input, Output, State, Trigger};
use super::super::{Note, Transport};
use super::{at, check, message, millis, shown, shown_body};
use crate::base::{Duration, Instant, Rng};
use crate::stack::Machine;
use proptest::prelude::{prop, prop_assert, proptest};
use std::collections::BTreeSet;

struct Stage {
    client: Client,
    now: Instant,
    walked: Vec<(State, Trigger, State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        Self { client: Client::new(config), now: at(0), walked: Vec::new() }
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut out = Vec::new();
        let whole = message(rest);
        let number = |text: &str| text.trim_start_matches("ws").parse().unwrap();
        let input = match (verb, rest) {
            ("open", _) => Input::Open,
            ("close", _) => Input::Close,
            ("send" | "volatile", _) => {
                let messages = rest.split(' ').map(message).collect();
                Input::Send { messages, volatile: verb == "volatile" }
            }
            ("wait", _) => {
                self.wait(millis(rest), &mut out);
                return self.shown(&out);
            }
            ("lost", _) => Input::RequestFailed { exchange: number(rest) },
            (_, "up") => Input::SocketOpened { socket: number(verb) },
            (_, "gone") => Input::SocketClosed { socket: number(verb) },
            _ => match verb.split_once('=') {
                Some((exchange, status)) => Input::Response {
                    exchange: number(exchange),
                    status: status.parse().unwrap(),
                    body: whole.octets().clone(),
                },
                None => Input::SocketMessage { socket: number(verb), message: &whole },
            },
        };
        self.client.handle(self.now, input, &mut out);
        self.shown(&out)
    }

    fn wait(&mut self, time: Duration, out: &mut Vec<Output>) {
        let until = self.now + time;
        while let Some(deadline) = self.client.deadline().filter(|deadline| *deadline <= until) {
            let said = out.len();
            self.client.on_deadline(Instant(deadline.0 - 1), out);
            assert_eq!(out.len(), said, "nothing before the deadline");
            self.client.on_deadline(deadline, out);
            assert!(self.client.deadline().is_none_or(|next| next > deadline));
        }
        self.now = until;
    }

    fn shown(&mut self, out: &[Output]) -> Vec<String> {
        self.walked.clear();
        let mut lines = Vec::new();
        for output in out {
            lines.push(match output {
                Output::Request { exchange, method, query, body } => {
                    format!("{exchange}: {method} {query} {}", shown_body(body)).trim().to_owned()
                }
                Output::OpenSocket { socket, query } => format!("ws{socket}: open {query}"),
                Output::SocketSend { socket, message } => format!("ws{socket}: {}", shown(message)),
                Output::SocketClose { socket } => format!("ws{socket}: close"),
                Output::Abort { exchange } => format!("{exchange}: abort"),
                Output::Indicate(Indication::Opened { sid, transport }) => {
                    format!("opened {sid} by {}", transport.name())
                }
                Output::Indicate(Indication::Message(message)) => format!("got {}", shown(message)),
                Output::Indicate(Indication::Upgrading) => "upgrading".to_owned(),
                Output::Indicate(Indication::Upgraded) => "upgraded".to_owned(),
                Output::Indicate(Indication::Closed(reason)) => format!("over: {reason}"),
                Output::Note(Note::Client { from, to, on }) => {
                    self.walked.push((*from, *on, *to));
                    continue;
                }
                Output::Note(_) => continue,
            });
        }
        lines
    }
}

const OPEN: &str = r#"
    > open
    1: GET EIO=4&transport=polling
    > 1=200 0{"sid":"x","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200}
    opened x by polling
    ws2: open EIO=4&transport=websocket&sid=x
    3: GET EIO=4&transport=polling&sid=x
"#;

const OPEN_POLLING: &str = r#"
    > open
    1: GET EIO=4&transport=polling
    > 1=200 0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":10}
    opened x by polling
    2: GET EIO=4&transport=polling&sid=x
"#;

const OPEN_SOCKET: &str = r#"
    > open
    ws1: open EIO=4&transport=websocket
    > ws1 up
    > ws1 0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200}
    opened x by websocket
"#;

fn run(parts: &[&str]) {
    run_with(Config::default(), parts);
}

fn run_with(config: Config, parts: &[&str]) {
    let mut stage = Stage::new(config);
    check(&parts.concat(), |input| stage.play(input));
}

fn websocket_only() -> Config {
    Config { transports: vec![Transport::WebSocket], ..Config::default() }
}

#[test]
fn a_session_over_polling_asks_again_after_each_answer() {
    run(&[
        OPEN_POLLING,
        "
        > 2=200 4hello␞bAQI=
        got hello
        got #0102
        3: GET EIO=4&transport=polling&sid=x
        > 3=200 6
        4: GET EIO=4&transport=polling&sid=x
    ",
    ]);
}

#[test]
fn messages_wait_for_the_post_under_way_and_go_together_up_to_max_payload() {
    run(&[
        OPEN_POLLING,
        "
        > send one
        3: POST EIO=4&transport=polling&sid=x 4one
        > send two #01
        > send three
        > 3=200 ok
        4: POST EIO=4&transport=polling&sid=x 4two␞bAQ==
        > 4=200 ok
        5: POST EIO=4&transport=polling&sid=x 4three
        > 5=200 ok
        > send longer-than-ten
        6: POST EIO=4&transport=polling&sid=x 4longer-than-ten
    ",
    ]);
}

#[test]
fn what_is_sent_before_the_session_is_open_goes_when_it_is() {
    run(&[r#"
        > open
        1: GET EIO=4&transport=polling
        > send hello
        > volatile lost
        > 1=200 0{"sid":"x","pingInterval":300,"pingTimeout":200}
        opened x by polling
        2: POST EIO=4&transport=polling&sid=x 4hello
        3: GET EIO=4&transport=polling&sid=x
    "#]);
    run_with(
        websocket_only(),
        &[r#"
        > open
        ws1: open EIO=4&transport=websocket
        > send hello
        > ws1 up
        > ws1 0{"sid":"x","pingInterval":300,"pingTimeout":200}
        opened x by websocket
        ws1: 4hello
    "#],
    );
}

#[test]
fn over_websocket_text_has_a_digit_and_octets_are_bare() {
    run_with(
        websocket_only(),
        &[
            OPEN_SOCKET,
            "
        > ws1 4hello
        got hello
        > ws1 #01
        got #01
        > send hello #02
        ws1: 4hello
        ws1: #02
        > close
        ws1: close
        over: forced close
        > send too-late
    ",
        ],
    );
}

#[test]
fn an_upgrade_waits_for_the_requests_under_way() {
    run(&[
        OPEN,
        "
        > ws2 up
        ws2: 2probe
        > send one
        4: POST EIO=4&transport=polling&sid=x 4one
        > ws2 3probe
        upgrading
        > send two
        > 3=200 4late
        got late
        > 4=200 ok
        ws2: 5
        upgraded
        ws2: 4two
        > ws2 4hello
        got hello
    ",
    ]);
}

#[test]
fn a_probe_that_fails_leaves_the_session_to_polling() {
    run(&[
        OPEN,
        "
        > ws2 gone
        > 3=200 4hello
        got hello
        4: GET EIO=4&transport=polling&sid=x
    ",
    ]);
    run(&[
        OPEN,
        "
        > ws2 up
        ws2: 2probe
        > ws2 4hello
        ws2: close
        > send hello
        4: POST EIO=4&transport=polling&sid=x 4hello
    ",
    ]);
    run(&[
        OPEN,
        "
        > ws2 up
        ws2: 2probe
        > ws2 3probe
        upgrading
        > send waits
        > ws2 gone
        4: POST EIO=4&transport=polling&sid=x 4waits
        > 3=200 6
        5: GET EIO=4&transport=polling&sid=x
    ",
    ]);
}

#[test]
fn without_upgrade_no_websocket_is_tried() {
    let config = Config { upgrade: false, ..Config::default() };
    let polling = Config { transports: vec![Transport::Polling], ..Config::default() };
    let open = OPEN.replace("    ws2: open EIO=4&transport=websocket&sid=x\n", "");
    let open = open.replace("3: GET", "2: GET");
    run_with(config, &[&open]);
    run_with(polling, &[&open]);
}

#[test]
fn a_ping_is_answered_and_its_absence_ends_the_session() {
    run(&[
        OPEN_POLLING,
        "
        > wait 400
        > 2=200 2
        3: POST EIO=4&transport=polling&sid=x 3
        4: GET EIO=4&transport=polling&sid=x
        > wait 499
        > wait 1
        4: abort
        3: abort
        over: ping timeout
    ",
    ]);
    run_with(
        websocket_only(),
        &[
            OPEN_SOCKET,
            "
        > ws1 2
        ws1: 3
        > wait 500
        ws1: close
        over: ping timeout
    ",
        ],
    );
}

#[test]
fn the_program_closes_after_what_it_has_sent() {
    run(&[
        OPEN_POLLING,
        "
        > send one
        3: POST EIO=4&transport=polling&sid=x 4one
        > send two
        > close
        > 3=200 ok
        4: POST EIO=4&transport=polling&sid=x 4two
        > 4=200 ok
        5: POST EIO=4&transport=polling&sid=x 1
        over: forced close
    ",
    ]);
    run(&[
        OPEN,
        "
        > close
        4: POST EIO=4&transport=polling&sid=x 1
        ws2: close
        over: forced close
        > 3=200 6
    ",
    ]);
    run(&["
        > open
        1: GET EIO=4&transport=polling
        > close
        1: abort
        over: forced close
        > close
    "]);
}

#[test]
fn every_way_to_fail_has_its_reason() {
    let rows = [
        ("2=400 x", "transport error"),
        ("lost 2", "transport error"),
        ("2=200 x", "parse error"),
        ("2=200", "parse error"),
        ("2=200 1", "transport close"),
    ];
    for (input, reason) in rows {
        let mut stage = Stage::new(Config::default());
        OPEN_POLLING.lines().filter_map(|l| l.trim().strip_prefix("> ")).for_each(|input| {
            stage.play(input);
        });
        assert_eq!(stage.play(input).last(), Some(&format!("over: {reason}")), "{input}");
        assert_eq!(stage.client.state(), State::Closed);
    }
    for first in ["4hello", "", "x", "0", "0{}", r#"0{"sid":"x","pingInterval":1}"#] {
        let mut stage = Stage::new(Config::default());
        stage.play("open");
        let said = stage.play(&format!("1=200 {first}"));
        assert_eq!(said, ["over: parse error"], "{first}");
    }
    run_with(
        Config { transports: vec![], ..Config::default() },
        &["> open\nover: transport error"],
    );
    run_with(
        websocket_only(),
        &["> open\nws1: open EIO=4&transport=websocket\n> ws1 gone\nover: transport error"],
    );
}

#[test]
fn a_session_can_be_opened_again_and_old_answers_do_not_count() {
    run(&[
        OPEN_POLLING,
        "
        > open
        2: abort
        3: GET EIO=4&transport=polling
        > 2=200 4old
        > lost 2
        > 3=400
        over: transport error
        > open
        4: GET EIO=4&transport=polling
    ",
    ]);
}

#[test]
fn more_than_may_wait_ends_the_session() {
    let mut stage = Stage::new(Config { queue_octets_max: 300, ..Config::default() });
    stage.play("open");
    for _ in 0..4 {
        assert_eq!(stage.play("send hello"), [""; 0]);
    }
    assert_eq!(stage.play("send hello"), ["1: abort", "over: buffer full"]);
}

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
