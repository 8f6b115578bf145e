//! The real-time web: what lies where in a stream, the journey of a message, and what a server does
//! with octets that nobody should send.
//!
//! The journeys stand in `tests/data/journeys`; `UPDATE_EXPECT=1` writes them anew.

use framestep::base::{Chunk, Duration, FrameId, Instant, Rng};
use framestep::scenario;
use framestep::sim::World;
use framestep::stack::Machine;
use framestep::stack::application::web::{
    Endpoint, Gathering, Input, Output, Protocol, Reaction, Route, Rule, Server, Site, Unit,
};
use framestep::stack::application::{engine_io, http, socket_io, websocket};
use framestep::trace::{Fact, Trace, WebNote};
use framestep::view::{self, Ladder};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn run(text: &str) -> Trace {
    let (scenario, faults) = scenario::parse("test", text);
    let scenario = scenario.unwrap_or_else(|| panic!("{faults:?}"));
    let mut world = World::new(&scenario.blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    trace
}

fn built_in(name: &str) -> Trace {
    run(scenario::find(name).expect("a built-in scenario").text)
}

/// The scenarios in which programs of the web speak.
fn of_the_web() -> impl Iterator<Item = (&'static str, Trace)> {
    let is_web = |path: &str| path.starts_with("50-web") || path.starts_with("60-socket-io");
    let all = scenario::library().iter().filter(move |builtin| is_web(builtin.path));
    all.map(|builtin| (builtin.name, run(builtin.text)))
}

fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/journeys").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, found).expect("the folder can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} is not as it stands in tests/data/journeys");
}

/// The journey of the first message whose call has these words.
fn journey_of(trace: &Trace, words: &str) -> String {
    let ladder = Ladder::of(trace);
    let says = |record: &&u32| {
        ladder.tell(trace, **record as usize).is_some_and(|told| told.text.contains(words))
    };
    let messages = view::journey::messages(trace);
    let call = messages.iter().find(says).unwrap_or_else(|| panic!("nobody calls {words}"));
    view::journey(trace, &ladder, *call).to_string()
}

const CHAT: &str = r#"
format = 1
title = "chat"
[[host]]
name = "browser"
[[host.program]]
socket_io_client = { to = "server:3000", transports = ["websocket"], steps = [{ after = "1s", emit = "chat", args = '["hi"]' }] }
[[host]]
name = "server"
[[host.program]]
web_server = { port = 3000, socket_io = { on = [{ event = "chat", do = "all" }] } }
[[router]]
name = "router"
[[link]]
ends = ["browser", "router"]
[[link]]
ends = ["router", "server"]
[limits]
until = "4s"
"#;

#[test]
fn an_emit_becomes_packets_a_frame_a_segment_and_bits_and_a_handler_runs() {
    check("emit.txt", &journey_of(&run(CHAT), "socket.emit"));
}

#[test]
fn a_segment_that_is_lost_is_a_part_of_the_journey_and_so_is_the_one_that_replaces_it() {
    let lossy = CHAT.replace(
        "ends = [\"router\", \"server\"]",
        "ends = [\"router\", \"server\"]\nloss = { these = [7] }",
    );
    let journey = journey_of(&run(&lossy), "socket.emit");
    check("lost.txt", &journey);
    assert!(journey.contains("lost"), "{journey}");
    assert_eq!(journey.matches("TCP segment").count(), 2, "{journey}");
    assert!(journey.ends_with("handler runs: socket.on(\"chat\") \"hi\"\n"), "{journey}");
}

#[test]
fn what_waits_for_the_connection_is_followed_until_it_goes() {
    let away = CHAT.replace("transports = [\"websocket\"], ", "");
    check("polling.txt", &journey_of(&run(&away), "socket.emit"));
}

/// Every unit that a receiver tells of was sent, of the same length at the same place of the stream,
/// and a segment that carries its beginning has there the very octets that the sender tells of.
#[test]
fn what_is_said_to_lie_in_a_stream_lies_there() {
    let mut frames = 0;
    for (name, trace) in of_the_web() {
        let ladder = Ladder::of(&trace);
        for frame in (0..trace.frame_count()).map(FrameId) {
            let (octets, headers) = (trace.frame(frame), trace.headers(frame));
            for carried in ladder.units(&trace, frame).into_iter().filter(|unit| unit.begins_here) {
                let begins = headers.payload().start + carried.here.0;
                let there = &octets[begins..];
                let said = trace.excerpt(carried.excerpt);
                let len = said.len().min(there.len());
                assert_eq!(there[..len], said[..len], "{name}, {frame:?}");
                frames += 1;
            }
        }
        let unit = |fact: &Fact| match fact {
            Fact::Web { note: WebNote::Unit(unit, _), .. } => Some(*unit),
            _ => None,
        };
        let lies = |unit: &Unit| matches!(unit.protocol, Protocol::Http | Protocol::WebSocket);
        let all: Vec<Unit> =
            trace.records().iter().filter_map(|record| unit(&record.fact)).filter(lies).collect();
        for heard in all.iter().filter(|unit| !unit.sent) {
            let twin = Unit { sent: true, ..*heard };
            assert!(all.contains(&twin), "{name}: {heard:?} was never sent so");
        }
    }
    assert!(frames > 100, "{frames} frames of the web in all");
}

#[test]
fn a_capture_of_the_web_names_what_each_packet_is() {
    let trace = built_in("websocket-upgrade");
    let ladder = Ladder::of(&trace);
    let names: Vec<String> = (0..trace.frame_count())
        .flat_map(|frame| ladder.units(&trace, FrameId(frame)))
        .map(|unit| unit.name(&trace))
        .collect();
    for wanted in ["GET ", "101 Switching Protocols", "WS Text", "WS Close"] {
        assert!(names.iter().any(|name| name.starts_with(wanted)), "{wanted}: {names:?}");
    }
}

/// A server that serves all that there is.
fn server() -> Server {
    let rule = |event: &str, reaction| Rule {
        event: event.into(),
        reaction,
        emit: None,
        with: None,
        room: None,
        volatile: false,
    };
    let site = Site {
        routes: vec![Route {
            path: "/".into(),
            status: http::Status::OK,
            content_type: "text/plain".into(),
            body: None,
        }],
        endpoints: vec![Endpoint {
            path: "*".into(),
            config: websocket::Config {
                message_max: 10_000,
                deflate: Some(websocket::Parameters::default()),
                ..websocket::Config::default()
            },
            manner: framestep::stack::application::web::Manner::Echo,
            push: None,
        }],
        gathering: Some(Gathering {
            path: "/socket.io/".into(),
            engine: engine_io::server::Config::default(),
            socket_io: Some(socket_io::server::Config::default()),
            token: None,
            rules: vec![rule("*", Reaction::All), rule("*", Reaction::Acknowledge)],
        }),
        ..Site::default()
    };
    Server::new(Arc::new(site), Rng::fork(1, "server"))
}

const SEEDS: &[&str] = &[
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n",
    "\u{1}\u{2}\u{0}\u{0}\u{0}\u{0}hi",
];

proptest! {
    /// Whatever a peer sends, cut anywhere and spoilt anywhere: no panic, time goes on, and what the
    /// server sends in answer stays small.
    #[test]
    fn no_octets_bring_a_server_down(
        picks in prop::collection::vec((0..SEEDS.len(), any::<u16>(), 0u8..4, 1usize..40), 1..12)
    ) {
        let mut server = server();
        let mut now = Instant::ZERO;
        let mut sent = 0;
        let mut out = Vec::new();
        server.handle(now, Input::Opened { connection: 1 }, &mut out);
        for (seed, place, spoil, cut) in picks {
            let mut octets = SEEDS[seed].as_bytes().to_vec();
            let at = usize::from(place) % octets.len();
            match spoil {
                0 => octets[at] ^= 1 << (place % 8),
                1 => octets.truncate(at),
                2 => octets.extend([0x81, 0xfe, 0xff, 0xff, 1, 2, 3, 4]),
                _ => {}
            }
            for piece in octets.chunks(cut) {
                let octets = Chunk::from(piece);
                server.handle(now, Input::Received { connection: 1, octets }, &mut out);
            }
            now += Duration::from_secs(1);
            for _ in 0..100 {
                let Some(due) = server.deadline().filter(|due| *due <= now) else { break };
                server.on_deadline(due.max(now), &mut out);
            }
            prop_assert!(server.deadline().is_none_or(|due| due > now), "time stands still");
            sent += out.drain(..).map(|output| match output {
                Output::Transmit { octets, .. } => octets.len(),
                _ => 0,
            }).sum::<usize>();
        }
        server.handle(now, Input::Lost { connection: 1 }, &mut out);
        prop_assert!(sent < 100_000, "{sent} octets in answer");
    }
}

#[test]
fn a_masked_frame_is_taken_apart_down_to_the_event() {
    let trace = run(CHAT);
    let ladder = Ladder::of(&trace);
    let emits = |frame: &FrameId| {
        let units = ladder.units(&trace, *frame);
        units.iter().any(|unit| unit.words(&trace).contains("chat"))
    };
    let frame = (0..trace.frame_count()).map(FrameId).find(emits).expect("it is sent");
    let dissection = view::dissect_whole(&trace, &ladder, frame);
    let value = |filter| dissection.find(filter).map(|field| field.value.as_str());
    assert_eq!(value("websocket.mask"), Some("set"));
    assert_eq!(value("engineio.type"), Some("4 (message)"));
    assert_eq!(value("socketio.type"), Some("2 (EVENT)"));
    assert_eq!(value("socketio.data"), Some(r#""[\"chat\",\"hi\"]""#));
}
