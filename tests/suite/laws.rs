//! The laws of every `Machine`, on inputs that nobody would send.

use framestep::base::{Chunk, Duration, Instant, Rng};
use framestep::stack::Machine;
use framestep::stack::application::{engine_io, socket_io, web, websocket};
use framestep::stack::transport::Endpoint;
use framestep::stack::transport::tcp::{
    Config, Connection, Flags, Header, Input, Options, Output, SeqNumber,
};
use proptest::prelude::*;
use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Runs a machine through `steps` inputs that `input` makes from a stream of luck and from the
/// machine, and holds it to the four laws of [`Machine`]; the fourth, no panic, by doing so.
fn obeys_the_laws<M>(
    mut machine: M,
    steps: u32,
    rng: &mut Rng,
    mut input: impl FnMut(&M, &mut Rng, &mut dyn FnMut(M::Input<'_>)),
) where
    M: Machine + Debug,
    M::Output: Debug + PartialEq,
{
    let mut now = Instant(rng.below(1 << 40));
    for _ in 0..steps {
        now += Duration(rng.below(300_000_000) * rng.below(2));
        let before = format!("{machine:?}");
        let mut out = Vec::new();
        if machine.deadline().is_none_or(|deadline| deadline > now) {
            machine.on_deadline(now, &mut out);
            assert!(out.is_empty(), "said something before its deadline: {out:?}");
            assert_eq!(before, format!("{machine:?}"), "changed before its deadline");
        } else {
            machine.on_deadline(now, &mut out);
            let next = machine.deadline();
            assert!(next.is_none_or(|next| next > now), "due again at once: {next:?}");
        }
        let old = machine.clone();
        input(&old, rng, &mut |given| machine.handle(now, given, &mut out));
        if let Some(deadline) = machine.deadline().filter(|_| rng.chance(300_000)) {
            now = now + deadline.since(now);
        }
    }
}

const LOCAL: Endpoint = Endpoint::new(Ipv4Addr::new(10, 0, 0, 1), 80);
const REMOTE: Endpoint = Endpoint::new(Ipv4Addr::new(10, 0, 0, 2), 40_000);

/// A segment that lies near what the connection expects, so that all branches are met.
fn segment(connection: &Connection, rng: &mut Rng) -> (Header, usize) {
    let variables = connection.variables();
    let near = |seq: SeqNumber, rng: &mut Rng| match rng.below(6) {
        0 => seq + rng.below(3000) as u32,
        1 => seq - rng.below(3000) as u32,
        2 => SeqNumber(rng.bits() as u32),
        _ => seq,
    };
    let flags = match rng.below(4) {
        0 => Flags(rng.bits() as u8),
        1 => Flags::SYN,
        _ => Flags::ACK,
    };
    let mut options = Options::default();
    if rng.chance(500_000) {
        options.timestamps = Some((variables.ts_recent + rng.below(2) as u32, rng.bits() as u32));
        options.sack_permitted = true;
        options.window_scale = Some(rng.bits() as u8);
        options.mss = Some(rng.bits() as u16);
    }
    for _ in 0..rng.below(4) {
        let first = variables.snd_una + rng.below(8000) as u32;
        options.sack.push(first, first + rng.below(3000) as u32);
    }
    let acked = variables.snd_una + rng.below(u64::from(variables.in_flight) + 1) as u32;
    let header = Header {
        source_port: REMOTE.port,
        destination_port: LOCAL.port,
        seq: near(variables.rcv_nxt, rng),
        ack: near(acked, rng),
        flags: if rng.chance(50_000) { flags | Flags::FIN } else { flags },
        window: (rng.bits() as u16) >> rng.below(16),
        urgent: rng.bits() as u16,
        options,
    };
    (header, rng.below(3000) as usize * rng.below(2) as usize)
}

fn tcp_input(connection: &Connection, rng: &mut Rng, give: &mut dyn FnMut(Input)) {
    let octets = [0x55; 3000];
    let seq = connection.variables().snd_una;
    match rng.below(40) {
        0 => give(Input::Listen),
        1 => give(Input::Connect),
        2..=9 => give(Input::Send(Chunk::from(&octets[..rng.below(3000) as usize]))),
        10..=12 => give(Input::Read(rng.below(4000) as u32)),
        13 => give(Input::Close),
        14 if rng.chance(100_000) => give(Input::Release),
        15 if rng.chance(100_000) => give(Input::Abort),
        16 => give(Input::Unreachable { seq, hard: rng.chance(500_000) }),
        17 => give(Input::PathMtu { seq, mtu: rng.bits() as u16 }),
        _ => {
            let (header, len) = segment(connection, rng);
            let congestion_experienced = rng.chance(100_000);
            let payload = Chunk::from(&octets[..len]);
            give(Input::Segment { header, payload, congestion_experienced });
        }
    }
}

fn config(rng: &mut Rng) -> Config {
    use framestep::stack::transport::tcp::Algorithm::{Cubic, NoControl, Reno};
    let time = |rng: &mut Rng| Duration(rng.bits() >> rng.below(64));
    Config {
        congestion: [NoControl, Reno, Cubic][rng.below(3) as usize],
        mss: rng.bits() as u16,
        receive_buffer: (rng.bits() as u32) >> (8 + rng.below(24)),
        send_buffer: (rng.bits() as u32) >> (8 + rng.below(24)),
        initial_window: rng.bits() as u8,
        window_scaling: rng.chance(500_000),
        timestamps: rng.chance(500_000),
        sack: rng.chance(700_000),
        ecn: rng.chance(500_000),
        nagle: rng.chance(500_000),
        delayed_ack: time(rng),
        rto_initial: time(rng),
        rto_min: time(rng),
        rto_max: time(rng),
        syn_retries: rng.bits() as u8,
        data_retries: rng.bits() as u8,
        user_timeout: rng.chance(300_000).then(|| time(rng)),
        keep_alive: rng.chance(300_000).then(|| time(rng)),
        keep_alive_interval: time(rng),
        keep_alive_probes: rng.bits() as u8,
        msl: time(rng),
        fin_wait_2_timeout: time(rng),
        time_wait_reset: rng.chance(500_000),
        limited_transmit: rng.chance(500_000),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn tcp_obeys_the_laws_of_machines(seed: u64) {
        let mut rng = Rng::fork(seed, "laws");
        let config = if rng.chance(500_000) { config(&mut rng) } else { Config::default() };
        let isn = SeqNumber(rng.bits() as u32);
        let connection = Connection::new(config, LOCAL, REMOTE, isn);
        obeys_the_laws(connection, 150, &mut rng, tcp_input);
    }

    #[test]
    fn the_same_inputs_give_the_same_outputs(seed: u64) {
        let run = || {
            let mut rng = Rng::fork(seed, "twin");
            let config = config(&mut rng);
            let mut machine = Connection::new(config, LOCAL, REMOTE, SeqNumber(seed as u32));
            let mut out: Vec<Output> = Vec::new();
            for n in 0..100u64 {
                let now = Instant(n * 50_000_000);
                machine.on_deadline(now, &mut out);
                let old = machine.clone();
                tcp_input(&old, &mut rng, &mut |input| machine.handle(now, input, &mut out));
            }
            (out, format!("{machine:?}"))
        };
        prop_assert_eq!(run(), run());
    }
}

/// Octets that a peer on the web might send: sound beginnings, spoilt or cut now and then.
fn web_octets(rng: &mut Rng) -> Chunk {
    const UPGRADE: &str = "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let mut octets = match rng.below(8) {
        0 => b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
        1 => format!("GET /ws HTTP/1.1\r\n{UPGRADE}").into_bytes(),
        2 => b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
        3 => {
            format!("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{UPGRADE}").into_bytes()
        }
        4 => b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
            Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
            .to_vec(),
        5 => vec![0x81, 0x82, 0, 0, 0, 0, b'4', b'0'],
        6 => b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec(),
        _ => (0..rng.below(40)).map(|_| rng.bits() as u8).collect(),
    };
    if rng.chance(200_000) {
        octets.truncate(rng.below(octets.len() as u64) as usize);
    }
    Chunk::from(&octets[..])
}

fn web_input(rng: &mut Rng) -> web::Input {
    let connection = rng.below(3);
    match rng.below(12) {
        0 => web::Input::Start,
        1 | 2 => web::Input::Opened { connection },
        3 => web::Input::PeerClosed { connection },
        4 => web::Input::Lost { connection },
        _ => web::Input::Received { connection, octets: web_octets(rng) },
    }
}

#[test]
fn servers_and_clients_of_the_web_obey_the_laws() {
    let gathering = web::Gathering {
        path: "/socket.io/".into(),
        engine: engine_io::server::Config::default(),
        socket_io: Some(socket_io::server::Config::default()),
        token: None,
        rules: Vec::new(),
    };
    let endpoint = web::Endpoint {
        path: "*".into(),
        config: websocket::Config {
            ping_interval: Some(Duration::from_secs(5)),
            ..websocket::Config::default()
        },
        manner: web::Manner::Broadcast,
        push: Some(web::Push { text: "news".into(), every: Duration::from_secs(1), times: 3 }),
    };
    let site = Arc::new(web::Site {
        endpoints: vec![endpoint],
        gathering: Some(gathering),
        ..web::Site::default()
    });
    let emit = web::Action::Emit {
        namespace: None,
        event: "a".into(),
        arguments: Vec::new(),
        octets: Vec::new(),
        ack: Some(Some(Duration::from_secs(1))),
        volatile: false,
    };
    let visit = Arc::new(web::Visit {
        speaks: web::Speaks::SocketIo {
            host: "a".into(),
            path: "/socket.io/".into(),
            query: String::new(),
            headers: framestep::stack::application::http::Headers::default(),
            engine: engine_io::client::Config::default(),
            config: socket_io::client::Config::default(),
            namespace: "/".into(),
            auth: None,
        },
        steps: vec![web::Step { after: Duration::from_secs(1), action: emit }],
    });
    for seed in 0..40 {
        let mut rng = Rng::fork(seed, "web");
        let server = web::Server::new(Arc::clone(&site), Rng::fork(seed, "server"));
        obeys_the_laws(server, 400, &mut rng, |_, rng, give| give(web_input(rng)));
        let client = web::Client::new(Arc::clone(&visit), Rng::fork(seed, "client"));
        obeys_the_laws(client, 400, &mut rng, |_, rng, give| give(web_input(rng)));
    }
}
