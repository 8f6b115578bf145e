//! Row by row: what a server must do, and what the suites do not ask for.

use super::super::server::{Config, Indication, Input, Output, Reach, Recovery, Server};
use super::super::state::{State, Trigger};
use super::super::{Ack, Note};
use super::{Arguments, arguments, at, check, message, shown_all, shown_arguments};
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::{Message, engine_io};
use crate::stack::session::id::SessionId;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;

fn config() -> Config {
    Config {
        namespaces: ["/", "/custom"].map(str::to_owned).to_vec(),
        connect_timeout: Duration::from_millis(1000),
        ..Config::default()
    }
}

/// A server with clients `a`, `b`, …, each over a session of its own. Its program does what the
/// protocol's suite asks for: it says the `auth` and sends back what it gets.
struct Stage {
    server: Server,
    now: Instant,
    sessions: Vec<SessionId>,
    /// Their sids, in the order of their coming: `S0`, `S1`, …
    sockets: Vec<SessionId>,
    pids: Vec<String>,
    echo: bool,
    walked: BTreeSet<(State, Trigger, State)>,
}

impl Stage {
    fn new(config: Config) -> Self {
        let server = Server::new(config, Rng::fork(1, "ids"));
        let mut rng = Rng::fork(1, "sessions");
        let sessions = (0..3).map(|_| SessionId::draw(&mut rng)).collect();
        Self {
            server,
            now: at(0),
            sessions,
            sockets: Vec::new(),
            pids: Vec::new(),
            echo: false,
            walked: BTreeSet::new(),
        }
    }

    fn socket(&self, text: &str) -> SessionId {
        self.sockets[text[1..].parse::<usize>().unwrap()]
    }

    fn hide(&self, mut text: String) -> String {
        for (n, socket) in self.sockets.iter().enumerate() {
            text = text.replace(socket.as_str(), &format!("S{n}"));
        }
        for (n, pid) in self.pids.iter().enumerate() {
            text = text.replace(pid.as_str(), &format!("P{n}"));
        }
        text
    }

    fn play(&mut self, input: &str) -> Vec<String> {
        let (verb, rest) = input.split_once(' ').unwrap_or((input, ""));
        let mut words = rest.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let peer =
            |verb: &str, sessions: &[SessionId]| sessions[usize::from(verb.as_bytes()[0] - b'a')];
        let mut out = Vec::new();
        let input = match verb {
            "accept" => Input::Accept { socket: self.socket(rest) },
            "refuse" => {
                let socket = self.socket(word());
                let (message, data) = (word().to_owned(), serde_json::from_str(word()).ok());
                Input::Refuse { socket, message, data }
            }
            "emit" | "volatile" => {
                let (socket, name) = (self.socket(word()), word().to_owned());
                let (arguments, volatile) = (arguments(word()), verb == "volatile");
                Input::Emit { socket, name, arguments, volatile, ack: None }
            }
            "ask" => {
                let (socket, name) = (self.socket(word()), word().to_owned());
                let timeout = Some(Duration::from_millis(100));
                let ack = Some(Ack { token: 7, timeout });
                let arguments = arguments(word());
                Input::Emit { socket, name, arguments, volatile: false, ack }
            }
            "all" | "room" | "but" => {
                let (room, name) = (word(), word().to_owned());
                let room = match room.strip_prefix('S') {
                    Some(_) => self.socket(room).to_string(),
                    None => room.to_owned(),
                };
                let reach = match verb {
                    "all" => Reach::all("/"),
                    "room" => Reach::all("/").to(&room),
                    _ => Reach::all("/").except(&room),
                };
                Input::Broadcast { reach, name, arguments: arguments(word()), volatile: false }
            }
            "ack" => {
                let (socket, id) = (self.socket(word()), word().parse().unwrap());
                Input::Acknowledge { socket, id, arguments: arguments(word()) }
            }
            "join" => Input::Join { socket: self.socket(word()), room: word().to_owned() },
            "leave" => Input::Leave { socket: self.socket(word()), room: word().to_owned() },
            "kick" | "close" => {
                Input::Disconnect { socket: self.socket(word()), close: verb == "close" }
            }
            "wait" => {
                self.wait(Duration::from_millis(rest.parse().unwrap()), &mut out);
                return self.shown(out);
            }
            _ => {
                let session = peer(verb, &self.sessions);
                let reason = engine_io::Reason::PingTimeout;
                Input::Engine(match rest {
                    "opens" => engine_io::server::Indication::Opened { session },
                    "gone" => engine_io::server::Indication::Closed { session, reason },
                    text => {
                        let mut text = text.to_owned();
                        for (n, pid) in self.pids.iter().enumerate() {
                            text = text.replace(&format!("P{n}"), pid);
                        }
                        let message = message(&text);
                        engine_io::server::Indication::Message { session, message }
                    }
                })
            }
        };
        self.server.handle(self.now, input, &mut out);
        self.shown(out)
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

    fn shown(&mut self, out: Vec<Output>) -> Vec<String> {
        let mut lines = Vec::new();
        for output in out {
            let who = |session| {
                let n = self.sessions.iter().position(|it| *it == session).unwrap();
                char::from(b'a' + n as u8)
            };
            match output {
                Output::EngineSend { session, messages, volatile } => {
                    let messages_shown = shown_all(&messages);
                    let pid =
                        messages_shown.split(r#""pid":""#).nth(1).map(|pid| pid[..20].to_owned());
                    self.pids.extend(pid.filter(|pid| !self.pids.contains(pid)));
                    let volatile = if volatile { " (volatile)" } else { "" };
                    let line = format!("{}: {messages_shown}{volatile}", who(session));
                    lines.push(self.hide(line));
                }
                Output::EngineClose { session } => lines.push(format!("{} closed", who(session))),
                Output::Indicate(indication) => lines.extend(self.told(indication)),
                Output::Note(Note::Socket { from, to, on }) => {
                    self.walked.insert((from, on, to));
                }
                Output::Note(_) => {}
            }
        }
        lines
    }

    fn told(&mut self, indication: Indication) -> Vec<String> {
        if self.echo {
            return self.echoed(indication);
        }
        let line = match indication {
            Indication::Connecting { socket, namespace, auth, .. } => {
                self.sockets.push(socket);
                format!("{socket} asks for {namespace} {auth}")
            }
            Indication::Connected { socket, namespace, recovered, .. } => {
                format!("{socket} in {namespace}{}", if recovered { " again" } else { "" })
            }
            Indication::Event { socket, name, arguments, ack } => {
                let ack = ack.map(|id| format!(" ack {id}")).unwrap_or_default();
                format!("{socket} says {name} {}{ack}", shown_arguments(&arguments))
            }
            Indication::Acknowledged { socket, token, arguments } => {
                format!("{socket} answers {token} {}", shown_arguments(&arguments))
            }
            Indication::AckTimedOut { socket, token } => format!("{socket} too late {token}"),
            Indication::AckLost { socket, token } => format!("{socket} lost {token}"),
            Indication::Disconnected { socket, reason } => format!("{socket} out: {reason}"),
            Indication::Misuse(misuse) => format!("{misuse:?}"),
        };
        vec![self.hide(line)]
    }

    /// The program of the protocol's suite.
    fn echoed(&mut self, indication: Indication) -> Vec<String> {
        let mut out = Vec::new();
        let now = self.now;
        match indication {
            Indication::Connecting { socket, auth, .. } => {
                self.sockets.push(socket);
                self.server.handle(now, Input::Accept { socket }, &mut out);
                let (name, arguments) = ("auth".to_owned(), Arguments::new(vec![auth]));
                let (volatile, ack) = (false, None);
                let input = Input::Emit { socket, name, arguments, volatile, ack };
                self.server.handle(now, input, &mut out);
            }
            Indication::Event { socket, name, arguments, ack } => {
                let input = if let Some(id) = ack {
                    assert_eq!(name, "message-with-ack");
                    Input::Acknowledge { socket, id, arguments }
                } else {
                    let name = format!("{name}-back");
                    Input::Emit { socket, name, arguments, volatile: false, ack: None }
                };
                self.server.handle(now, input, &mut out);
            }
            _ => {}
        }
        self.shown(out)
    }
}

fn run(echo: bool, config: Config, parts: &[&str]) {
    let mut stage = Stage { echo, ..Stage::new(config) };
    check(&parts.concat(), |input| stage.play(input));
}

/// With the suite's program.
fn suite(parts: &[&str]) {
    run(true, config(), parts);
}

const IN: &str = r#"
    > a opens
    > a 0
    a: 0{"sid":"S0"}
    a: 2["auth",{}]
"#;

#[test]
fn row_1_connect_is_answered_with_an_id_and_the_auth_comes_as_an_event() {
    suite(&[IN]);
    suite(&[r#"
        > a opens
        > a 0{"token":"123"}
        a: 0{"sid":"S0"}
        a: 2["auth",{"token":"123"}]
    "#]);
    let mut stage = Stage { echo: true, ..Stage::new(config()) };
    stage.play("a opens");
    stage.play("a 0");
    assert_ne!(stage.sockets[0], stage.sessions[0], "Engine.IO's id stays a secret");
}

#[test]
fn row_2_a_namespace_is_joined_with_or_without_its_comma() {
    for (text, auth) in [
        ("0/custom,", "{}"),
        ("0/custom", "{}"),
        (r#"0/custom,{"token":"abc"}"#, r#"{"token":"abc"}"#),
    ] {
        let mut stage = Stage { echo: true, ..Stage::new(config()) };
        stage.play("a opens");
        let said = stage.play(&format!("a {text}"));
        assert_eq!(said[0], r#"a: 0/custom,{"sid":"S0"}"#);
        assert_eq!(said[1], format!(r#"a: 2/custom,["auth",{auth}]"#));
    }
}

#[test]
fn row_3_an_unknown_namespace_is_refused_and_the_connection_stays() {
    suite(&[r#"
        > a opens
        > a 0/random
        a: 4/random,{"message":"Invalid namespace"}
        > a 0
        a: 0{"sid":"S0"}
        a: 2["auth",{}]
    "#]);
}

#[test]
fn row_4_who_joins_nothing_in_time_is_sent_away() {
    suite(&["> a opens\n> wait 999\n> wait 1\na closed"]);
    suite(&[IN, "> wait 5000"]);
    suite(&[r#"
        > a opens
        > a 0/random
        a: 4/random,{"message":"Invalid namespace"}
        > wait 1000
        a closed
    "#]);
}

#[test]
fn row_5_what_comes_before_connect_ends_the_connection() {
    suite(&["> a opens\n> a abc\na closed"]);
    suite(&["> a opens\n> a 2[\"message\"]\na closed"]);
    suite(&["> a opens\n> a 1\na closed"]);
}

#[test]
fn row_6_disconnect_is_not_answered_and_the_connection_stays() {
    suite(&[IN, "> a 1\n> wait 5000"]);
}

#[test]
fn row_7_one_namespace_is_left_and_the_other_goes_on() {
    suite(&[
        IN,
        r#"
        > a 0/custom
        a: 0/custom,{"sid":"S1"}
        a: 2/custom,["auth",{}]
        > a 1/custom
        > a 2["message","hi"]
        a: 2["message-back","hi"]
    "#,
    ]);
}

#[test]
fn row_8_an_event_comes_back_with_the_same_arguments() {
    suite(&[
        IN,
        r#"
        > a 2["message",1,"2",{"3":["4"],"a":0.1}]
        a: 2["message-back",1,"2",{"3":["4"],"a":0.1}]
    "#,
    ]);
}

#[test]
fn row_9_an_acknowledgement_has_the_id_of_its_event() {
    suite(&[
        IN,
        r#"
        > a 2456["message-with-ack",1,"2"]
        a: 3456[1,"2"]
        > a 20["message-with-ack"]
        a: 30[]
        > a 29007199254740991["message-with-ack"]
        a: 39007199254740991[]
    "#,
    ]);
}

#[test]
fn rows_10_and_11_octets_come_back_behind_their_text() {
    suite(&[
        IN,
        r#"
        > a 52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
        > a #010203
        > a #0405
        a: 52-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] #010203 #0405
        > a 52-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
        > a #010203
        > a #0405
        a: 62-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] #010203 #0405
    "#,
    ]);
}

#[test]
fn row_12_what_is_malformed_ends_the_connection() {
    for text in [
        "7",
        r#"2{"a":1}"#,
        "2[x]",
        "2[]",
        "2[{}]",
        r#"2["connect"]"#,
        r#"2["disconnect"]"#,
        r#"2abc["message-with-ack"]"#,
        r#"5abc-["message"]"#,
        r#"5x["message"]"#,
        "#0102",
        "0",
        r#"4{"message":"no"}"#,
        r#"2/custom,["message"]"#,
    ] {
        let mut stage = Stage { echo: true, ..Stage::new(config()) };
        stage.play("a opens");
        stage.play("a 0");
        assert_eq!(stage.play(&format!("a {text}")), ["a closed"], "{text}");
        assert_eq!(stage.server.sockets().count(), 0);
        assert_eq!(stage.play("a 2[\"message\"]"), [""; 0]);
    }
    suite(&[
        IN,
        r#"
        > a 51-["message",{"_placeholder":true,"num":0}]
        > a 2["message"]
        a closed
    "#,
    ]);
}

const TWO: &str = r#"
    > a opens
    > a 0
    S0 asks for / {}
    > accept S0
    a: 0{"sid":"S0"}
    S0 in /
    > b opens
    > b 0{"name":"b"}
    S1 asks for / {"name":"b"}
    > accept S1
    b: 0{"sid":"S1"}
    S1 in /
"#;

fn two(parts: &[&str]) {
    run(false, config(), &[&[TWO], parts].concat());
}

#[test]
fn the_program_may_refuse_with_data() {
    run(
        false,
        config(),
        &[r#"
        > a opens
        > a 0
        S0 asks for / {}
        > refuse S0 unauthorized {"retry":false}
        a: 4{"message":"unauthorized","data":{"retry":false}}
        > accept S0
        NotConnected
        > a 0
        S1 asks for / {}
        > refuse S1 no
        a: 4{"message":"no"}
        > a 0
        S2 asks for / {}
        > a gone
        S2 out: ping timeout
    "#],
    );
}

#[test]
fn rooms_say_whom_a_broadcast_reaches() {
    let mut stage = Stage::new(config());
    for line in TWO.lines().filter_map(|line| line.trim().strip_prefix("> ")) {
        stage.play(line);
    }
    let mut reached = |input: &str| {
        let said = stage.play(input);
        said.iter().map(|line| line[..1].to_owned()).collect::<BTreeSet<_>>()
    };
    let who = |text: &str| text.chars().map(String::from).collect::<BTreeSet<_>>();
    assert_eq!(reached("all - x []"), who("ab"));
    assert_eq!(reached("room blue x []"), who(""));
    reached("join S0 blue");
    assert_eq!(reached("room blue x []"), who("a"));
    assert_eq!(reached("but blue x []"), who("b"));
    reached("join S1 blue");
    assert_eq!(reached("room blue x []"), who("ab"));
    reached("leave S0 blue");
    assert_eq!(reached("room blue x []"), who("b"));
    assert_eq!(reached("but S0 x []"), who("b"), "broadcast: all but one");
    assert_eq!(reached("room S0 x []"), who("a"));
    reached("b gone");
    assert_eq!(reached("room blue x []"), who(""));
    assert_eq!(reached("all - x []"), who("a"));
}

#[test]
fn a_broadcast_of_the_text_is_the_same_for_all() {
    let mut stage = Stage::new(config());
    for line in TWO.lines().filter_map(|line| line.trim().strip_prefix("> ")) {
        stage.play(line);
    }
    let mut said = stage.play(r#"all - news [{"z":1,"a":2}]"#);
    said.sort();
    assert_eq!(said, [r#"a: 2["news",{"z":1,"a":2}]"#, r#"b: 2["news",{"z":1,"a":2}]"#]);
}

#[test]
fn the_server_asks_and_is_answered_or_not_in_time_or_never() {
    two(&[r#"
        > ask S0 how []
        a: 20["how"]
        > a 30["fine"]
        S0 answers 7 ["fine"]
        > a 30["twice"]
        > ask S0 how []
        a: 21["how"]
        > wait 99
        > wait 1
        S0 too late 7
        > a 31["late"]
        > ask S0 how []
        a: 22["how"]
        > a gone
        S0 lost 7
        S0 out: ping timeout
    "#]);
}

#[test]
fn volatile_is_passed_on_and_reserved_names_are_refused() {
    two(&[r#"
        > volatile S0 tick [1]
        a: 2["tick",1] (volatile)
        > emit S0 connect []
        ReservedName
        > all - disconnect []
        ReservedName
        > a gone
        S0 out: ping timeout
        > emit S0 x []
        NotConnected
        > join S0 blue
        NotConnected
    "#]);
}

#[test]
fn the_server_sends_a_client_out_of_a_namespace_or_away() {
    two(&[r#"
        > kick S0
        a: 1
        S0 out: server namespace disconnect
        > a 2["message"]
        a closed
        > b 0/custom
        S2 asks for /custom {}
        > close S1
        b: 1
        S1 out: server namespace disconnect
        S2 out: server namespace disconnect
        b closed
    "#]);
}

#[test]
fn acknowledgements_and_rooms_have_limits() {
    run(
        false,
        Config { rooms_max: 1, acks_max: 1, ..config() },
        &[
            TWO,
            r#"
        > join S0 blue
        > join S0 blue
        > join S0 red
        TooManyRooms
        > ask S0 how []
        a: 20["how"]
        > ask S1 how []
        TooManyAcks
    "#,
        ],
    );
}

fn recovering(packets_max: usize) -> Config {
    let duration = Duration::from_millis(500);
    let recovery = Some(Recovery { duration, packets_max, ..Recovery::default() });
    Config { recovery, ..config() }
}

const BROKEN: &str = r#"
    > a opens
    > a 0
    S0 asks for / {}
    > accept S0
    a: 0{"sid":"S0","pid":"P0"}
    S0 in /
    > join S0 blue
    > emit S0 first [1]
    a: 2["first",1,"0"]
    > a gone
    S0 out: ping timeout
"#;

#[test]
fn a_connection_that_broke_is_taken_up_again_with_what_it_missed() {
    run(
        false,
        recovering(100),
        &[
            BROKEN,
            r#"
        > room blue second [2]
        > room red third [3]
        > but blue fourth [4]
        > all - fifth []
        > b opens
        > b 0{"pid":"P0","offset":"0"}
        b: 0{"sid":"S0","pid":"P0"}
        b: 2["second",2,"1"]
        b: 2["fifth","4"]
        S0 in / again
        > room blue sixth []
        b: 2["sixth","5"]
        > volatile S0 tick []
        b: 2["tick"] (volatile)
        > ask S0 how []
        b: 20["how"]
    "#,
        ],
    );
}

#[test]
fn what_is_too_old_unknown_or_forgotten_is_not_taken_up_again() {
    let fresh = [
        ("> wait 500", r#"{"pid":"P0","offset":"0"}"#),
        ("", r#"{"pid":"P0","offset":"9"}"#),
        ("", r#"{"pid":"P0","offset":"x"}"#),
        ("", r#"{"pid":"P0"}"#),
        ("", r#"{"pid":"x","offset":"0"}"#),
        ("> all - x []\n> all - x []", r#"{"pid":"P0","offset":"0"}"#),
    ];
    for (before, auth) in fresh {
        let mut stage = Stage::new(recovering(2));
        for line in BROKEN.lines().chain(before.lines()) {
            line.trim().strip_prefix("> ").map(|input| stage.play(input));
        }
        stage.play("b opens");
        let said = stage.play(&format!("b 0{auth}"));
        assert!(said[0].starts_with("S1 asks for /"), "{auth}: {said:?}");
    }
    let mut stage = Stage::new(recovering(2));
    for line in BROKEN.lines() {
        line.trim().strip_prefix("> ").map(|input| stage.play(input));
    }
    stage.play("b opens");
    assert!(stage.play(r#"b 0/custom,{"pid":"P0","offset":"0"}"#)[0].starts_with("S1 asks"));
    assert_eq!(stage.play(r#"b 0{"pid":"P0","offset":"0"}"#).last().unwrap(), "S0 in / again");
    stage.play("c opens");
    let said = stage.play(r#"c 0{"pid":"P0","offset":"0"}"#);
    assert!(said[0].starts_with("S2 asks"), "taken up once only: {said:?}");
}

#[test]
fn who_left_by_itself_is_not_remembered() {
    let mut stage = Stage::new(recovering(9));
    for line in BROKEN.replace("> a gone", "> a 1").lines() {
        line.trim().strip_prefix("> ").map(|input| stage.play(input));
    }
    stage.play("b opens");
    assert!(stage.play(r#"b 0{"pid":"P0","offset":"0"}"#)[0].starts_with("S1 asks"));
}

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
