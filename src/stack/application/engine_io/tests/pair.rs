//! A server and a client with a network between them that takes its time, for tests here and of
//! what rides on a session.

use super::super::client::{self, Client};
use super::super::server::{self, Server};
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::Message;
use proptest::prelude::{prop, prop_assert_eq, proptest};
use std::collections::BTreeMap;

/// Something on its way.
#[derive(Clone, Debug)]
enum Way {
    Request { exchange: u64, method: &'static str, query: String, body: Chunk },
    Response { exchange: u64, status: u16, body: Chunk },
    Abort { exchange: u64 },
    Upgrade { socket: u64, query: String },
    Upgraded { socket: u64 },
    ToServer { socket: u64, message: Message },
    ToClient { socket: u64, message: Message },
    GoneAtServer { socket: u64 },
    GoneAtClient { socket: u64 },
}

/// Both machines, the clock, and what is on its way.
#[derive(Clone, Debug)]
pub(in crate::stack::application) struct Pair {
    pub(in crate::stack::application) now: Instant,
    pub(in crate::stack::application) server: Server,
    pub(in crate::stack::application) client: Client,
    /// What the server's program was told and has not taken yet.
    pub(in crate::stack::application) to_server: Vec<server::Indication>,
    /// What the client's program was told and has not taken yet.
    pub(in crate::stack::application) to_client: Vec<client::Indication>,
    /// Every text on the wire: requests and their answers, messages both ways.
    pub(in crate::stack::application) wire: Vec<String>,
    /// The network is cut: nothing arrives.
    pub(in crate::stack::application) cut: bool,
    ways: BTreeMap<(Instant, u64), Way>,
    order: u64,
    rng: Rng,
    delay_max: u64,
    /// Messages of one WebSocket do not overtake each other: when the last one arrives, each way.
    last: BTreeMap<(u64, bool), Instant>,
}

impl Pair {
    /// A network on which everything takes up to `delay_max` milliseconds.
    pub(in crate::stack::application) fn new(
        server: server::Config,
        client: client::Config,
        delay_max: u64,
        seed: u64,
    ) -> Self {
        Self {
            now: Instant::ZERO,
            server: Server::new(server, Rng::fork(seed, "ids")),
            client: Client::new(client),
            to_server: Vec::new(),
            to_client: Vec::new(),
            wire: Vec::new(),
            cut: false,
            ways: BTreeMap::new(),
            order: 0,
            rng: Rng::fork(seed, "network"),
            delay_max,
            last: BTreeMap::new(),
        }
    }

    pub(in crate::stack::application) fn at_server(&mut self, input: server::Input<'_>) {
        let mut out = Vec::new();
        self.server.handle(self.now, input, &mut out);
        self.follow_server(out);
    }

    pub(in crate::stack::application) fn at_client(&mut self, input: client::Input) {
        let mut out = Vec::new();
        self.client.handle(self.now, input, &mut out);
        self.follow_client(out);
    }

    /// The next thing that happens within the pair.
    pub(in crate::stack::application) fn next(&self) -> Option<Instant> {
        let way = self.ways.keys().next().map(|key| key.0);
        way.into_iter().chain(self.server.deadline()).chain(self.client.deadline()).min()
    }

    /// Lets the next thing happen.
    pub(in crate::stack::application) fn step(&mut self) {
        let Some(next) = self.next() else { return };
        self.now = next;
        let mut out = Vec::new();
        self.server.on_deadline(next, &mut out);
        self.follow_server(std::mem::take(&mut out));
        let mut out = Vec::new();
        self.client.on_deadline(next, &mut out);
        self.follow_client(out);
        while let Some(way) = self.ways.first_entry().filter(|way| way.key().0 <= next) {
            let way = way.remove();
            if !self.cut {
                self.arrives(way);
                return;
            }
        }
    }

    fn arrives(&mut self, way: Way) {
        match way {
            Way::Request { exchange, method, query, body } => {
                let (query, origin, requested_headers) = (&*query, None, None);
                self.at_server(server::Input::Request {
                    exchange,
                    method,
                    query,
                    origin,
                    requested_headers,
                    body,
                });
            }
            Way::Response { exchange, status, body } => {
                self.at_client(client::Input::Response { exchange, status, body });
            }
            Way::Abort { exchange } => self.at_server(server::Input::ExchangeClosed { exchange }),
            Way::Upgrade { socket, query } => {
                self.at_server(server::Input::SocketOpened { socket, query: &query });
            }
            Way::Upgraded { socket } => self.at_client(client::Input::SocketOpened { socket }),
            Way::ToServer { socket, message } => {
                self.at_server(server::Input::SocketMessage { socket, message });
            }
            Way::ToClient { socket, message } => {
                self.at_client(client::Input::SocketMessage { socket, message });
            }
            Way::GoneAtServer { socket } => self.at_server(server::Input::SocketClosed { socket }),
            Way::GoneAtClient { socket } => self.at_client(client::Input::SocketClosed { socket }),
        }
    }

    /// Everything up to `until`.
    pub(in crate::stack::application) fn run(&mut self, until: Instant) {
        while self.next().is_some_and(|next| next <= until) {
            self.step();
        }
        self.now = until;
    }

    fn send(&mut self, socket: Option<(u64, bool)>, way: Way) {
        let mut at = self.now + Duration::from_millis(1 + self.rng.below(self.delay_max));
        if let Some(key) = socket {
            let last = self.last.entry(key).or_default();
            at = at.max(*last);
            *last = at;
        }
        self.order += 1;
        self.ways.insert((at, self.order), way);
    }

    fn follow_server(&mut self, out: Vec<server::Output>) {
        use server::Output;
        for output in out {
            match output {
                Output::Respond { exchange, status, body, .. } => {
                    self.wire.push(format!("< {status} {}", super::shown_body(&body)));
                    self.send(None, Way::Response { exchange, status, body });
                }
                Output::Accept { socket } => {
                    self.send(Some((socket, true)), Way::Upgraded { socket });
                }
                Output::Refuse { socket, .. } | Output::SocketClose { socket } => {
                    self.send(Some((socket, true)), Way::GoneAtClient { socket });
                }
                Output::SocketSend { socket, message } => {
                    self.wire.push(format!("< {}", super::shown(&message)));
                    self.send(Some((socket, true)), Way::ToClient { socket, message });
                }
                Output::Indicate(indication) => self.to_server.push(indication),
                Output::Note(_) => {}
            }
        }
    }

    fn follow_client(&mut self, out: Vec<client::Output>) {
        use client::Output;
        for output in out {
            match output {
                Output::Request { exchange, method, query, body } => {
                    let text = format!("> {method} {query} {}", super::shown_body(&body));
                    self.wire.push(text.trim_end().to_owned());
                    self.send(None, Way::Request { exchange, method, query, body });
                }
                Output::Abort { exchange } => self.send(None, Way::Abort { exchange }),
                Output::OpenSocket { socket, query } => {
                    self.send(Some((socket, false)), Way::Upgrade { socket, query });
                }
                Output::SocketSend { socket, message } => {
                    self.wire.push(format!("> {}", super::shown(&message)));
                    self.send(Some((socket, false)), Way::ToServer { socket, message });
                }
                Output::SocketClose { socket } => {
                    self.send(Some((socket, false)), Way::GoneAtServer { socket });
                }
                Output::Indicate(indication) => self.to_client.push(indication),
                Output::Note(_) => {}
            }
        }
    }

    /// The session that the server has, when there is one.
    fn session(&self) -> Option<crate::stack::session::id::SessionId> {
        self.server.sessions().map(|(id, _)| id).next()
    }
}

fn config() -> server::Config {
    server::Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        ..server::Config::default()
    }
}

fn at(millis: u64) -> Instant {
    Instant::ZERO + Duration::from_millis(millis)
}

#[test]
fn a_session_upgrades_and_lives_on_its_heartbeat() {
    let mut pair = Pair::new(config(), client::Config::default(), 5, 1);
    pair.at_client(client::Input::Open);
    pair.run(at(10_000));
    assert_eq!(pair.client.state(), client::State::WebSocket);
    let states: Vec<_> = pair.server.sessions().map(|session| session.1).collect();
    assert_eq!(states, [server::State::WebSocket]);
    pair.cut = true;
    pair.run(at(11_000));
    assert_eq!(pair.client.state(), client::State::Closed);
    assert_eq!(pair.server.sessions().count(), 0);
}

#[test]
fn a_close_of_the_client_over_polling_is_heard() {
    let client = client::Config { upgrade: false, ..client::Config::default() };
    let mut pair = Pair::new(config(), client, 5, 1);
    pair.at_client(client::Input::Open);
    pair.run(at(1_000));
    pair.at_client(client::Input::Close);
    pair.run(at(1_100));
    assert_eq!(pair.server.sessions().count(), 0);
    let last = pair.wire.split_off(pair.wire.len() - 3);
    assert!(last[0].ends_with(" 1"), "{last:?}");
    assert_eq!(last[1..], ["< 200 6", "< 200 ok"]);
}

proptest! {
    /// The race of the upgrade: both sides talk all the time while everything takes its own time.
    #[test]
    fn what_is_sent_during_an_upgrade_arrives_once_and_in_order(
        seed: u64,
        delay_max in 1u64..60,
        times in prop::collection::vec((0u64..400, prop::bool::ANY), 0..40),
    ) {
        let timing = server::Config {
            ping_timeout: Duration::from_millis(2_000), ..config()
        };
        let mut pair = Pair::new(timing, client::Config::default(), delay_max, seed);
        pair.at_client(client::Input::Open);
        let mut times = times;
        times.sort_unstable();
        let (mut from_client, mut from_server) = (Vec::new(), Vec::new());
        for (n, (millis, by_client)) in times.into_iter().enumerate() {
            pair.run(at(millis));
            // Every third is octets, which look different on both transports.
            let message = if n % 3 == 0 {
                Message::Binary(Chunk::from(&n.to_be_bytes()[..]))
            } else {
                Message::text(&n.to_string())
            };
            let messages = vec![message.clone()];
            let volatile = false;
            if by_client {
                from_client.push(message);
                pair.at_client(client::Input::Send { messages, volatile });
            } else if let Some(session) = pair.session() {
                from_server.push(message);
                pair.at_server(server::Input::Send { session, messages, volatile });
            }
        }
        pair.run(at(3_000));
        prop_assert_eq!(pair.client.state(), client::State::WebSocket);
        let at_server: Vec<_> = pair.to_server.iter().filter_map(|told| match told {
            server::Indication::Message { message, .. } => Some(message.clone()),
            _ => None,
        }).collect();
        let at_client: Vec<_> = pair.to_client.iter().filter_map(|told| match told {
            client::Indication::Message(message) => Some(message.clone()),
            _ => None,
        }).collect();
        prop_assert_eq!(at_server, from_client);
        prop_assert_eq!(at_client, from_server);
    }
}
