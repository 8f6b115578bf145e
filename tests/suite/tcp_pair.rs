//! Two connections joined in memory by a network that delays, loses, doubles and reorders.

use framestep::base::{Chunk, Duration, Instant, Rng};
use framestep::stack::Machine;
use framestep::stack::transport::Endpoint;
use framestep::stack::transport::tcp::{
    Algorithm, Config, Connection, Flags, Header, Indication, Input, Note, Output, SeqNumber,
    State, Transmit,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

const ADDRESS: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)];

/// What the network does, in parts per thousand.
#[derive(Clone, Copy, Debug, Default)]
struct Network {
    loss: u64,
    duplication: u64,
    jitter: u64,
}

/// One end with its program: what it has to send, what it has got.
struct End {
    connection: Connection,
    to_send: Vec<u8>,
    sent: usize,
    got: Vec<u8>,
    closes: bool,
    reads: bool,
    said: Vec<Indication>,
    notes: Vec<Note>,
}

struct Pair {
    ends: [End; 2],
    now: Instant,
    network: Network,
    rng: Rng,
    wire: BTreeMap<(Instant, u64), (usize, Vec<u8>)>,
    count: u64,
    log: Vec<(Instant, usize, Header, usize)>,
}

fn endpoint(side: usize) -> Endpoint {
    Endpoint::new(ADDRESS[side], [40_000, 80][side])
}

impl Pair {
    fn new(configs: [Config; 2], network: Network, seed: u64, data: [Vec<u8>; 2]) -> Self {
        let mut rng = Rng::fork(seed, "pair");
        let mut side = 0;
        let ends = data.map(|to_send| {
            let isn = SeqNumber(rng.bits() as u32);
            let connection =
                Connection::new(configs[side], endpoint(side), endpoint(1 - side), isn);
            side += 1;
            End {
                connection,
                to_send,
                sent: 0,
                got: vec![],
                closes: true,
                reads: true,
                said: vec![],
                notes: vec![],
            }
        });
        let now = Instant(1_000_000_000);
        Self { ends, now, network, rng, wire: BTreeMap::new(), count: 0, log: vec![] }
    }

    fn give(&mut self, side: usize, input: Input) {
        let mut out = Vec::new();
        self.ends[side].connection.handle(self.now, input, &mut out);
        self.follow(side, &out);
    }

    fn follow(&mut self, side: usize, out: &[Output]) {
        for output in out {
            match output {
                Output::Transmit(transmit) => self.send(side, transmit),
                Output::Indicate(indication) => self.ends[side].said.push(*indication),
                Output::Note(note) => self.ends[side].notes.push(*note),
            }
        }
        self.run_program(side);
    }

    fn send(&mut self, side: usize, transmit: &Transmit) {
        let mut octets = Vec::new();
        let payload = self.ends[side].connection.payload(transmit);
        assert_eq!(payload.len(), usize::from(transmit.payload_len));
        transmit.header.emit(ADDRESS[side], ADDRESS[1 - side], &payload, &mut octets);
        octets.extend_from_slice(&payload);
        self.log.push((self.now, side, transmit.header, transmit.payload_len.into()));
        let copies = 1 + u64::from(self.rng.below(1000) < self.network.duplication);
        for _ in 0..copies {
            if self.rng.below(1000) < self.network.loss {
                continue;
            }
            let delay = 10_000_000 + self.rng.below(self.network.jitter * 1_000_000 + 1);
            self.count += 1;
            let key = (self.now + Duration(delay), self.count);
            self.wire.insert(key, (1 - side, octets.clone()));
        }
    }

    fn run_program(&mut self, side: usize) {
        let end = &mut self.ends[side];
        let open = end.connection.state().is_synchronised();
        if end.reads {
            let n = end.connection.readable();
            end.got.extend_from_slice(&end.connection.received(n));
            if n > 0 {
                return self.give(side, Input::Read(n));
            }
        }
        let end = &mut self.ends[side];
        let room = end.connection.send_space() as usize;
        if open && end.sent < end.to_send.len() && room > 0 {
            let n = room.min(end.to_send.len() - end.sent);
            let part = Chunk::from(&end.to_send[end.sent..end.sent + n]);
            end.sent += n;
            return self.give(side, Input::Send(part));
        }
        if open && end.closes && end.sent == end.to_send.len() {
            end.closes = false;
            if end.connection.state() == State::Established
                || end.connection.state() == State::CloseWait
            {
                self.give(side, Input::Close);
            }
        }
    }

    /// One event; whether there was one.
    fn step(&mut self) -> bool {
        let arrival = self.wire.keys().next().map(|key| key.0);
        let timer = self.ends.iter().filter_map(|end| end.connection.deadline()).min();
        let Some(at) = arrival.into_iter().chain(timer).min() else { return false };
        assert!(at >= self.now);
        self.now = at;
        if arrival == Some(at) {
            let (_, (side, octets)) = self.wire.pop_first().expect("it has a first key");
            let (header, offset) =
                Header::parse(&octets, ADDRESS[1 - side], ADDRESS[side]).expect("our own octets");
            let payload = Chunk::from(&octets[offset..]);
            let input = Input::Segment { header, payload, congestion_experienced: false };
            let mut out = Vec::new();
            self.ends[side].connection.handle(self.now, input, &mut out);
            self.follow(side, &out);
            return true;
        }
        for side in 0..2 {
            if self.ends[side].connection.deadline() == Some(at) {
                let mut out = Vec::new();
                self.ends[side].connection.on_deadline(at, &mut out);
                assert!(self.ends[side].connection.deadline() != Some(at));
                self.follow(side, &out);
                return true;
            }
        }
        unreachable!("a deadline belongs to one of the two")
    }

    fn run(&mut self) {
        for _ in 0..400_000 {
            if !self.step() {
                return;
            }
        }
        panic!(
            "no end at {}: {:?}",
            self.now,
            self.ends.each_ref().map(|e| e.connection.variables())
        );
    }

    fn open(&mut self) {
        self.give(1, Input::Listen);
        self.give(0, Input::Connect);
    }

    fn states(&self) -> [State; 2] {
        self.ends.each_ref().map(|end| end.connection.state())
    }

    fn flags(&self) -> Vec<(usize, String)> {
        self.log.iter().map(|(_, side, header, _)| (*side, header.flags.to_string())).collect()
    }
}

fn octets(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i * 7 + i / 251) as u8).collect()
}

#[test]
fn hello_and_goodbye_take_seven_segments() {
    let mut pair = Pair::new([Config::default(); 2], Network::default(), 1, [vec![], vec![]]);
    pair.ends[1].closes = false;
    pair.open();
    for _ in 0..6 {
        pair.step();
    }
    assert_eq!(pair.states(), [State::FinWait2, State::CloseWait]);
    pair.give(1, Input::Close);
    pair.run();
    assert_eq!(pair.states(), [State::Closed, State::Closed]);
    let flags: Vec<_> =
        pair.flags().into_iter().map(|(side, flags)| format!("{side}{flags}")).collect();
    assert_eq!(flags, ["0S", "1S.", "0.", "0F.", "1.", "1F.", "0."]);
}

#[test]
fn both_open_at_once_and_get_one_connection() {
    let mut pair =
        Pair::new([Config::default(); 2], Network::default(), 3, [octets(9000), octets(5000)]);
    pair.give(0, Input::Connect);
    pair.give(1, Input::Connect);
    pair.run();
    assert_eq!(pair.ends[0].got, octets(5000));
    assert_eq!(pair.ends[1].got, octets(9000));
    assert_eq!(pair.states(), [State::Closed, State::Closed]);
    let through = |note: &&Note| {
        matches!(note, Note::Entered { from: State::SynSent, to: State::SynReceived, .. })
    };
    assert!(pair.ends.iter().all(|end| end.notes.iter().any(|n| through(&n))));
}

#[test]
fn a_closed_window_reopens_when_the_program_reads() {
    let small = Config { receive_buffer: 4000, ..Config::default() };
    let mut pair =
        Pair::new([Config::default(), small], Network::default(), 4, [octets(20_000), vec![]]);
    pair.ends[1].reads = false;
    pair.open();
    for _ in 0..60 {
        pair.step();
    }
    assert!(pair.ends[0].notes.contains(&Note::ZeroWindow));
    assert!(pair.ends[0].notes.iter().any(|note| matches!(note, Note::ProbeSent { .. })));
    pair.ends[1].reads = true;
    pair.run_program(1);
    pair.run();
    assert_eq!(pair.ends[1].got, octets(20_000));
    assert_eq!(pair.states(), [State::Closed, State::Closed]);
}

#[test]
fn a_program_that_is_gone_answers_data_by_reset() {
    let mut pair = Pair::new([Config::default(); 2], Network::default(), 5, [octets(100), vec![]]);
    pair.ends[0].closes = false;
    pair.ends[1].closes = false;
    pair.open();
    for _ in 0..3 {
        pair.step();
    }
    assert_eq!(pair.states(), [State::Established; 2]);
    pair.give(1, Input::Release);
    pair.run();
    assert!(pair.ends[0].said.contains(&Indication::Reset));
    assert_eq!(pair.states(), [State::Closed; 2]);
}

#[test]
fn an_idle_connection_is_small() {
    let size = size_of::<Connection>();
    assert!(size <= 800, "{size}");
    assert!(size_of::<Note>() <= 24);
}

fn configs() -> impl Strategy<Value = Config> {
    let algorithm =
        prop_oneof![Just(Algorithm::NoControl), Just(Algorithm::Reno), Just(Algorithm::Cubic)];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let sizes = (100u16..1460, 1u32..80_000, 1u32..80_000, 1u8..=10, 0u64..500);
    (algorithm, flags, sizes).prop_map(|(congestion, flags, sizes)| Config {
        congestion,
        sack: flags.0,
        timestamps: flags.1,
        window_scaling: flags.2,
        nagle: flags.3,
        limited_transmit: flags.4,
        mss: sizes.0,
        receive_buffer: sizes.1,
        send_buffer: sizes.2,
        initial_window: sizes.3,
        delayed_ack: Duration::from_millis(sizes.4),
        syn_retries: 200,
        data_retries: 200,
        rto_max: Duration::from_secs(60),
        ..Config::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn everything_arrives_in_order_and_every_run_ends(
        a in configs(), b in configs(), seed: u64,
        loss in 0u64..200, duplication in 0u64..200, jitter in 0u64..60,
        n in 0usize..30_000, m in 0usize..30_000,
    ) {
        let network = Network { loss, duplication, jitter };
        // A tiny buffer makes a segment of each octet.
        let n = n.min(a.send_buffer.min(b.receive_buffer) as usize * 40);
        let m = m.min(b.send_buffer.min(a.receive_buffer) as usize * 40);
        let mut pair = Pair::new([a, b], network, seed, [octets(n), octets(m)]);
        pair.open();
        pair.run();
        prop_assert!(pair.ends[1].got == octets(n), "{} of {n}", pair.ends[1].got.len());
        prop_assert!(pair.ends[0].got == octets(m), "{} of {m}", pair.ends[0].got.len());
        prop_assert_eq!(pair.states(), [State::Closed; 2]);
        for end in &pair.ends {
            prop_assert!(end.said.contains(&Indication::Closed));
            prop_assert!(!end.said.contains(&Indication::Reset));
        }
    }

    #[test]
    fn nothing_follows_a_reset(
        config in configs(), seed: u64, loss in 0u64..300, jitter in 0u64..60, steps in 0usize..200,
        side in 0usize..2,
    ) {
        let network = Network { loss, duplication: 100, jitter };
        let config = Config { syn_retries: 3, data_retries: 5, ..config };
        let mut pair = Pair::new([config; 2], network, seed, [octets(20_000), octets(20_000)]);
        pair.open();
        for _ in 0..steps {
            pair.step();
        }
        pair.ends[side].closes = false;
        pair.ends[side].sent = pair.ends[side].to_send.len();
        pair.give(side, Input::Abort);
        let sent = pair.log.len();
        pair.run();
        // The aborted end only ever answers by RST, and the other ends too.
        for (_, from, header, len) in &pair.log[sent..] {
            if *from == side {
                prop_assert!(header.flags.contains(Flags::RST) && *len == 0);
            }
        }
        prop_assert!(octets(20_000).starts_with(&pair.ends[1 - side].got));
        // A listener goes back to listening. If the RST was lost, the other end may wait for ever
        // (RFC 9293 §3.5.1, half-open), but it sends nothing.
        prop_assert!(matches!(pair.states()[side], State::Closed | State::Listen));
        prop_assert!(pair.ends[1 - side].connection.deadline().is_none());
    }
}
