//! A server and a client of Socket.IO against each other, over Engine.IO, over a network that
//! takes its time.

use super::super::{Ack, Arguments, Client, Server, client, server};
use super::at;
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::engine_io;
use crate::stack::application::engine_io::tests::pair::Pair as Engines;
use proptest::prelude::{prop, prop_assert_eq, proptest};
use serde_json::{Value, json};

/// Both ends, and a program at the server that lets everybody in.
struct Pair {
    engines: Engines,
    server: Server,
    client: Client,
    to_server: Vec<server::Indication>,
    to_client: Vec<client::Indication>,
}

impl Pair {
    fn new(server: server::Config, engine: engine_io::client::Config, seed: u64) -> Self {
        let timing = engine_io::server::Config {
            ping_interval: Duration::from_millis(300),
            ping_timeout: Duration::from_millis(200),
            ..engine_io::server::Config::default()
        };
        Self {
            engines: Engines::new(timing, engine, 20, seed),
            server: Server::new(server, Rng::fork(seed, "sids")),
            client: Client::new(client::Config::default(), Rng::fork(seed, "luck")),
            to_server: Vec::new(),
            to_client: Vec::new(),
        }
    }

    fn at_server(&mut self, input: server::Input) {
        let mut out = Vec::new();
        self.server.handle(self.engines.now, input, &mut out);
        self.follow_server(out);
    }

    fn at_client(&mut self, input: client::Input<'_>) {
        let mut out = Vec::new();
        self.client.handle(self.engines.now, input, &mut out);
        self.follow_client(out);
    }

    fn follow_server(&mut self, out: Vec<server::Output>) {
        use server::Output;
        for output in out {
            match output {
                Output::EngineSend { session, messages, volatile } => {
                    let input = engine_io::server::Input::Send { session, messages, volatile };
                    self.engines.at_server(input);
                }
                Output::EngineClose { session } => {
                    self.engines.at_server(engine_io::server::Input::Close { session });
                }
                Output::Indicate(indication) => {
                    self.to_server.push(indication.clone());
                    if let server::Indication::Connecting { socket, .. } = indication {
                        self.at_server(server::Input::Accept { socket });
                    }
                }
                Output::Note(_) => {}
            }
        }
    }

    fn follow_client(&mut self, out: Vec<client::Output>) {
        use client::Output;
        for output in out {
            match output {
                Output::EngineOpen => self.engines.at_client(engine_io::client::Input::Open),
                Output::EngineSend { messages, volatile } => {
                    let input = engine_io::client::Input::Send { messages, volatile };
                    self.engines.at_client(input);
                }
                Output::EngineClose => self.engines.at_client(engine_io::client::Input::Close),
                Output::Indicate(indication) => self.to_client.push(indication),
                Output::Note(_) => {}
            }
        }
    }

    /// What Engine.IO indicated goes up, until there is nothing more.
    fn settle(&mut self) {
        loop {
            let server = std::mem::take(&mut self.engines.to_server);
            let client = std::mem::take(&mut self.engines.to_client);
            if server.is_empty() && client.is_empty() {
                return;
            }
            for told in server {
                self.at_server(server::Input::Engine(told));
            }
            for told in client {
                self.at_client(client::Input::Engine(told));
            }
        }
    }

    fn run(&mut self, until: Instant) {
        loop {
            self.settle();
            let deadlines = [self.engines.next(), self.server.deadline(), self.client.deadline()];
            let Some(next) = deadlines.into_iter().flatten().min().filter(|next| *next <= until)
            else {
                break;
            };
            if self.engines.next() == Some(next) {
                self.engines.step();
            } else {
                self.engines.now = next;
                let mut out = Vec::new();
                self.server.on_deadline(next, &mut out);
                self.follow_server(out);
                let mut out = Vec::new();
                self.client.on_deadline(next, &mut out);
                self.follow_client(out);
            }
        }
        self.engines.now = until;
    }

    fn emit(&mut self, namespace: &str, name: &str, values: &[Value], ack: Option<Ack>) {
        let arguments = Arguments::new(values.to_vec());
        self.at_client(client::Input::Emit { namespace, name, arguments, volatile: false, ack });
    }

    /// The client in that namespace, as the server knows it.
    fn socket(&self, namespace: &str) -> crate::stack::session::id::SessionId {
        self.server.sockets().find(|socket| socket.1 == namespace).unwrap().0
    }

    fn tell(&mut self, namespace: &str, name: &str, values: &[Value]) {
        let (socket, name) = (self.socket(namespace), name.to_owned());
        let arguments = Arguments::new(values.to_vec());
        self.at_server(server::Input::Emit { socket, name, arguments, volatile: false, ack: None });
    }
}

fn config() -> server::Config {
    let namespaces = ["/", "/admin"].map(str::to_owned).to_vec();
    server::Config { namespaces, ..server::Config::default() }
}

fn events_of_server(pair: &Pair) -> Vec<(String, Vec<Value>)> {
    let event = |told: &server::Indication| match told {
        server::Indication::Event { name, arguments, .. } => {
            Some((name.clone(), arguments.values.clone()))
        }
        _ => None,
    };
    pair.to_server.iter().filter_map(event).collect()
}

fn events_of_client(pair: &Pair) -> Vec<(String, Vec<Value>)> {
    let event = |told: &client::Indication| match told {
        client::Indication::Event { name, arguments, .. } => {
            Some((name.clone(), arguments.values.clone()))
        }
        _ => None,
    };
    pair.to_client.iter().filter_map(event).collect()
}

/// The sample session of the protocol's document: the same texts, but for ids, which are drawn.
#[test]
fn the_sample_session_of_the_protocol_comes_out_to_the_letter() {
    let engine = engine_io::client::Config { upgrade: false, ..Default::default() };
    let mut pair = Pair::new(config(), engine, 1);
    let (mut sids, mut lines) = (Vec::new(), Vec::new());
    pair.at_client(client::Input::Connect { namespace: "/", auth: None });
    pair.run(at(200));
    pair.tell("/", "hey", &["Jude".into()]);
    pair.run(at(250));
    pair.emit("/", "hello", &[], None);
    pair.emit("/", "world", &[], None);
    pair.run(at(290));
    sids.push((pair.engines.server.sessions().next().unwrap().0, "lv_VI97HAXpY6yYWAAAC"));
    sids.push((pair.socket("/"), "wZX3oN0bSVIhsaknAAAI"));
    for line in &pair.engines.wire {
        let names =
            sids.iter().fold(line.clone(), |line, (sid, name)| line.replace(sid.as_str(), name));
        lines.push(names);
    }
    let sample = [
        "> GET EIO=4&transport=polling",
        r#"< 200 0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#,
        "> POST EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC 40",
        "> GET EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC",
        "< 200 ok",
        r#"< 200 40{"sid":"wZX3oN0bSVIhsaknAAAI"}"#,
        r#"< 200 42["hey","Jude"]"#,
        r#"> POST EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC 42["hello"]"#,
        r#"> POST EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC 42["world"]"#,
    ];
    for text in sample {
        assert!(lines.iter().any(|line| line == text), "{text} is not in {lines:#?}");
    }
}

/// Its second half: after the upgrade, with a namespace and an acknowledgement of octets.
#[test]
fn the_sample_session_goes_on_over_websocket() {
    let mut pair = Pair::new(config(), engine_io::client::Config::default(), 1);
    pair.at_client(client::Input::Connect { namespace: "/", auth: None });
    pair.run(at(1_000));
    let wire = &pair.engines.wire;
    for text in ["> 2probe", "< 3probe", "> 5"] {
        assert_eq!(wire.iter().filter(|line| *line == text).count(), 1, "{text}");
    }
    let before = wire.len();
    pair.at_client(client::Input::Connect { namespace: "/admin", auth: None });
    // The sample's id is 1: an event before it was given up, and so never sent.
    let ack = Some(Ack { token: 1, timeout: Some(Duration::from_millis(1)) });
    pair.emit("/admin", "tellme", &[], ack);
    pair.run(at(1_050));
    let ack = Some(Ack { token: 2, timeout: None });
    pair.emit("/admin", "tellme", &[], ack);
    pair.run(at(1_100));
    let asked = pair.to_server.iter().find_map(|told| match told {
        server::Indication::Event { socket, ack: Some(id), .. } => Some((*socket, *id)),
        _ => None,
    });
    let (socket, id) = asked.unwrap();
    let arguments = Arguments::default().with_octets(Chunk::from_static(&[1, 2, 3]));
    pair.at_server(server::Input::Acknowledge { socket, id, arguments: arguments.clone() });
    pair.run(at(1_150));
    let sid = pair.socket("/admin");
    let lines = pair.engines.wire[before..].iter();
    let heartbeat = |line: &&String| !matches!(line.as_str(), "< 2" | "> 3");
    let lines: Vec<String> = lines
        .filter(heartbeat)
        .map(|line| line.replace(sid.as_str(), "-G5j-67EZFp-q59rADQM"))
        .collect();
    let sample = [
        "> 40/admin,",
        r#"< 40/admin,{"sid":"-G5j-67EZFp-q59rADQM"}"#,
        r#"> 42/admin,1["tellme"]"#,
        r#"< 461-/admin,1[{"_placeholder":true,"num":0}]"#,
        "< #010203",
    ];
    assert_eq!(lines, sample);
    let answer =
        client::Indication::Acknowledged { namespace: "/admin".into(), token: 2, arguments };
    assert!(pair.to_client.contains(&answer));
}

#[test]
fn row_13_octets_go_over_polling_as_base64_in_the_same_body() {
    let engine = engine_io::client::Config { upgrade: false, ..Default::default() };
    let mut pair = Pair::new(config(), engine, 1);
    pair.at_client(client::Input::Connect { namespace: "/", auth: None });
    pair.run(at(200));
    let arguments = Arguments::default()
        .with_octets(Chunk::from_static(&[1, 2, 3]))
        .with_octets(Chunk::from_static(&[4]));
    let (namespace, name, volatile, ack) = ("/", "file", false, None);
    let input =
        client::Input::Emit { namespace, name, arguments: arguments.clone(), volatile, ack };
    pair.at_client(input);
    pair.run(at(250));
    let body =
        r#"452-["file",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]␞bAQID␞bBA=="#;
    assert!(pair.engines.wire.iter().any(|line| line.ends_with(body)), "{:#?}", pair.engines.wire);
    let Some(server::Indication::Event { name, arguments: got, .. }) = pair.to_server.last() else {
        panic!("{:?}", pair.to_server.last());
    };
    assert_eq!((&**name, got), ("file", &arguments));
}

#[test]
fn after_a_cut_the_client_comes_back_and_recovers_what_it_missed() {
    let recovery = Some(server::Recovery::default());
    let config = server::Config { recovery, ..config() };
    let mut pair = Pair::new(config, engine_io::client::Config::default(), 3);
    pair.at_client(client::Input::Connect { namespace: "/", auth: None });
    pair.run(at(1_000));
    let first = pair.socket("/");
    pair.tell("/", "one", &[json!(1)]);
    pair.run(at(1_100));
    pair.engines.cut = true;
    pair.tell("/", "two", &[json!(2)]);
    pair.emit("/", "lost", &[], None);
    pair.run(at(2_000));
    pair.emit("/", "kept", &[], None);
    let reach = server::Reach::all("/");
    let (name, arguments) = ("three".to_owned(), Arguments::default());
    pair.at_server(server::Input::Broadcast { reach, name, arguments, volatile: false });
    pair.engines.cut = false;
    pair.run(at(6_000));
    assert_eq!(pair.socket("/"), first);
    let seen: Vec<String> = events_of_client(&pair).into_iter().map(|event| event.0).collect();
    assert_eq!(seen, ["one", "two", "three"]);
    let heard: Vec<String> = events_of_server(&pair).into_iter().map(|event| event.0).collect();
    assert_eq!(heard, ["kept"], "what was on its way is gone: at most once");
    let recovered = pair
        .to_client
        .iter()
        .any(|told| matches!(told, client::Indication::Connected { recovered: true, .. }));
    assert!(recovered, "{:?}", pair.to_client);
}

#[test]
fn a_client_that_nobody_wants_any_more_leaves_nothing_behind() {
    let mut pair = Pair::new(config(), engine_io::client::Config::default(), 1);
    pair.at_client(client::Input::Connect { namespace: "/", auth: None });
    pair.run(at(1_000));
    pair.at_client(client::Input::Disconnect { namespace: "/" });
    pair.run(at(2_000));
    assert_eq!(pair.server.sockets().count(), 0);
    assert_eq!(pair.engines.server.sessions().count(), 0);
    assert_eq!(pair.client.state(), client::State::Closed);
    assert_eq!((pair.server.deadline(), pair.client.deadline()), (None, None));
}

proptest! {
    /// From the first connect on, through the upgrade, whatever the network's delays.
    #[test]
    fn every_event_arrives_once_and_in_order(
        seed: u64,
        times in prop::collection::vec((0u64..600, prop::bool::ANY), 0..30),
    ) {
        let mut pair = Pair::new(config(), engine_io::client::Config::default(), seed);
        pair.at_client(client::Input::Connect { namespace: "/", auth: None });
        let mut times = times;
        times.sort_unstable();
        let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
        for (n, (millis, by_client)) in times.into_iter().enumerate() {
            pair.run(at(millis));
            let event = ("n".to_owned(), vec![json!(n)]);
            if by_client {
                pair.emit("/", "n", &event.1, None);
                to_server.push(event);
            } else if pair.server.sockets().count() > 0 {
                pair.tell("/", "n", &event.1);
                to_client.push(event);
            }
        }
        pair.run(at(3_000));
        prop_assert_eq!(events_of_server(&pair), to_server);
        prop_assert_eq!(events_of_client(&pair), to_client);
    }
}
