//! A client and a server over one connection: what one end tells is what the other end tells.

mod driven;

use super::{
    Action, Client, Endpoint, Input, Manner, News, Output, Protocol, Server, Site, Speaks, Step,
    Unit, Visit,
};
use crate::base::{Chunk, Duration, Instant, Rng};
use crate::stack::Machine;
use crate::stack::application::Message;
use crate::stack::application::websocket::{Config, Opening};
use std::sync::Arc;

/// The ends, and what each has said.
struct Pair {
    client: Client,
    server: Server,
    said: [Vec<Output>; 2],
}

/// A client with these steps, and a server that sends back what it gets at `/echo`.
fn pair(path: &str, actions: Vec<Action>) -> Pair {
    let opening = Opening { host: "server".into(), target: path.into(), origin: None };
    let speaks = Speaks::WebSocket { opening, config: Config::default() };
    let step = |action| Step { after: Duration::from_millis(1), action };
    let visit = Visit { speaks, steps: actions.into_iter().map(step).collect() };
    let endpoint = Endpoint {
        path: "/echo".into(),
        config: Config::default(),
        manner: Manner::Echo,
        push: None,
    };
    let site = Site { endpoints: vec![endpoint], ..Site::default() };
    Pair {
        client: Client::new(Arc::new(visit), Rng::fork(1, "web")),
        server: Server::new(Arc::new(site), Rng::fork(2, "web")),
        said: [Vec::new(), Vec::new()],
    }
}

impl Pair {
    fn give(&mut self, to_server: bool, now: Instant, input: Input) {
        let mut out = Vec::new();
        if to_server {
            self.server.handle(now, input, &mut out);
        } else {
            self.client.handle(now, input, &mut out);
        }
        self.deliver(to_server, now, out);
    }

    /// Carries what one end says to the other, in pieces of `cut` octets.
    fn deliver(&mut self, from_server: bool, now: Instant, out: Vec<Output>) {
        for output in out {
            self.said[usize::from(from_server)].push(output.clone());
            match output {
                Output::Connect { connection } => {
                    self.give(true, now, Input::Opened { connection });
                    self.give(false, now, Input::Opened { connection });
                }
                Output::Transmit { connection, octets } => {
                    self.give(!from_server, now, Input::Received { connection, octets });
                }
                Output::Close { connection } | Output::Abort { connection } => {
                    self.give(!from_server, now, Input::PeerClosed { connection });
                }
                Output::Tell { .. } | Output::Done | Output::Indicate(_) | Output::More => {}
            }
        }
    }

    /// Until the client has done its steps.
    fn run(&mut self) {
        self.give(false, Instant::ZERO, Input::Start);
        for milliseconds in 1..20 {
            let now = Instant::ZERO + Duration::from_millis(milliseconds);
            let mut out = Vec::new();
            self.client.on_deadline(now, &mut out);
            self.deliver(false, now, out);
        }
    }

    /// What an end sent, or what it has.
    fn units(&self, server: bool, sent: bool) -> Vec<(Protocol, u32, u32)> {
        let unit = |output: &Output| match *output {
            Output::Tell {
                news: News::Unit(Unit { protocol, sent: is, place, octets }), ..
            } => (is == sent).then_some((protocol, place, octets)),
            _ => None,
        };
        self.said[usize::from(server)].iter().filter_map(unit).collect()
    }
}

fn hello() -> Action {
    Action::Send(Message::text("hello"))
}

#[test]
fn each_end_has_what_the_other_sent_at_the_same_place_of_the_stream() {
    let mut pair = pair("/echo", vec![hello(), Action::Ping(Chunk::from(&b"there?"[..])), hello()]);
    pair.run();
    let answers = pair.units(true, true);
    assert_eq!(answers.len(), 4, "101, two echoes and a pong: {answers:?}");
    assert_eq!(answers[0].0, Protocol::Http);
    assert_eq!(pair.units(false, false), answers);
    assert_eq!(pair.units(true, false), pair.units(false, true));
}

#[test]
fn a_handshake_that_is_refused_is_a_response_with_its_body() {
    let mut pair = pair("/nothing", vec![hello()]);
    pair.run();
    let answers = pair.units(true, true);
    assert_eq!(answers.len(), 1, "404: {answers:?}");
    assert_eq!(pair.units(false, false), answers);
}

#[test]
fn a_client_is_done_when_its_last_message_is_out() {
    let mut pair = pair("/echo", vec![hello()]);
    pair.run();
    let client = &pair.said[0];
    let done = client.iter().position(|output| *output == Output::Done).expect("done");
    let last = client.iter().rposition(|o| matches!(o, Output::Transmit { .. })).expect("sent");
    assert!(last < done, "{client:?}");
}
