//! WebSockets.

use super::super::super::{Endpoint, Manner};
use super::*;
use crate::stack::application::Message;
use crate::stack::application::http::{Headers, Response, Status};
use crate::stack::application::websocket::{self, Config, Misuse, Opening, Parameters, Refusal};

/// A site that takes WebSockets everywhere.
pub(super) fn site() -> Site {
    let config = Config { deflate: Some(Parameters::default()), ..Config::default() };
    let endpoint = Endpoint { path: "*".into(), config, manner: Manner::Listen, push: None };
    Site { endpoints: vec![endpoint], ..Site::default() }
}

pub(super) fn speaks(protocols: &[&str], headers: Headers) -> Speaks {
    let opening = Opening { host: "server".into(), target: "/chat?a=b".into(), origin: None };
    let protocols = protocols.iter().map(|&one| one.to_owned()).collect();
    Speaks::WebSocket { opening, config: Config { protocols, headers, ..Config::default() } }
}

/// Lets everybody in, and speaks the last subprotocol that is offered.
fn accept(told: &Indication) -> Vec<Order> {
    let Indication::Upgrade { connection, request } = told else { return Vec::new() };
    let protocol = request.headers.list("Sec-WebSocket-Protocol").last().map(str::to_owned);
    vec![Order::Accept { connection: *connection, protocol }]
}

/// What an end's WebSockets said.
fn heard(net: &Net, end: usize) -> Vec<&websocket::Indication> {
    let told = net.told(end).iter().filter_map(|told| match told {
        Indication::WebSocket { connection: 0, indication } => Some(indication),
        _ => None,
    });
    told.collect()
}

fn say(input: websocket::Input) -> Order {
    Order::WebSocket { connection: 0, input }
}

fn send(text: &str) -> Order {
    say(websocket::Input::Send(Message::text(text)))
}

fn message(text: &str) -> websocket::Indication {
    websocket::Indication::Message(Message::text(text))
}

/// An open WebSocket, and what both ends said of it.
fn open() -> (Net, usize) {
    let mut net = net(site(), accept);
    let client = net.client(speaks(&[], Headers::new()), listen);
    net.run(100);
    (net, client)
}

#[test]
fn an_upgrade_is_accepted_with_the_subprotocol_that_the_program_chooses() {
    let mut net = net(site(), accept);
    let mut headers = Headers::new();
    headers.push("X-Token", "secret");
    let client = net.client(speaks(&["a", "b"], headers), listen);
    net.run(100);
    let Some(Indication::Upgrade { request, .. }) = net.told(SERVER).first() else { panic!() };
    assert_eq!((request.path(), request.headers.get("X-Token")), ("/chat", Some("secret")));
    let opened = websocket::Indication::Opened { protocol: Some("b".into()), compressed: false };
    assert_eq!(heard(&net, SERVER), [&opened]);
    assert_eq!(heard(&net, client), [&opened]);
}

#[test]
fn an_upgrade_is_refused_with_the_answer_of_the_program() {
    let mut net = net(site(), listen);
    let client = net.client(speaks(&[], Headers::new()), listen);
    net.run(100);
    let response = Response::text(Status(401), "who are you?");
    net.order(SERVER, Order::Refuse { connection: 0, response });
    let refused = websocket::Indication::Refused(Refusal::Status(Status(401)));
    let closed = websocket::Indication::Closed { code: 1006, reason: String::new(), clean: false };
    assert_eq!(heard(&net, client), [&refused, &closed]);
    assert!(net.sent(SERVER).ends_with("who are you?"));
    net.order(SERVER, Order::Accept { connection: 0, protocol: None });
    assert_eq!(heard(&net, SERVER).len(), 0, "it is decided");
}

#[test]
fn a_bad_handshake_is_refused_without_a_word_to_the_program() {
    let mut net = net(site(), listen);
    net.give(SERVER, Input::Opened { connection: 900 });
    net.octets(
        900,
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
          Sec-WebSocket-Version: 8\r\n\r\n",
    );
    assert!(net.sent(SERVER).starts_with("HTTP/1.1 426 Upgrade Required\r\n"));
    net.give(SERVER, Input::Lost { connection: 900 });
    assert_eq!(net.told(SERVER), []);
}

#[test]
fn messages_and_pings_go_each_way() {
    let (mut net, client) = open();
    net.order(client, send("to the server"));
    net.order(SERVER, send("to the client"));
    net.order(client, say(websocket::Input::Ping(Chunk::from(&b"1"[..]))));
    net.order(SERVER, say(websocket::Input::Pong(Chunk::from(&b"2"[..]))));
    let ping = websocket::Indication::Ping(Chunk::from(&b"1"[..]));
    assert_eq!(heard(&net, SERVER)[1..], [&message("to the server"), &ping]);
    let pongs = [&b"1"[..], b"2"].map(|octets| websocket::Indication::Pong(Chunk::from(octets)));
    let expected = [&message("to the client"), &pongs[0], &pongs[1]];
    assert_eq!(heard(&net, client)[1..], expected);
}

#[test]
fn the_answer_to_a_message_goes_out_before_the_close_behind_it() {
    let answer = |told: &Indication| match told {
        Indication::WebSocket { indication: websocket::Indication::Message(it), .. } => {
            vec![say(websocket::Input::Send(it.clone()))]
        }
        told => accept(told),
    };
    let mut net = net(site(), answer);
    let client = net.client(speaks(&[], Headers::new()), listen);
    net.run(100);
    let close = websocket::Input::Close { code: Some(1000), reason: String::new() };
    let mut octets = Vec::new();
    for order in [send("one"), send("two"), say(close)] {
        let out = net.ask(client, Input::Order(order));
        net.carry_out(client, out, &mut VecDeque::new());
        while let Some((_, Input::Received { octets: more, .. })) = net.wire.pop_front() {
            octets.extend_from_slice(&more);
        }
    }
    net.octets(0, &octets);
    net.run(100);
    let answers = heard(&net, client);
    assert_eq!(answers[1..3], [&message("one"), &message("two")]);
    let closed = websocket::Indication::Closed { code: 1000, reason: String::new(), clean: true };
    assert_eq!(answers.last(), Some(&&closed));
    assert_eq!(heard(&net, SERVER).last(), Some(&&closed));
}

#[test]
fn terminated_it_ends_at_once_for_both() {
    for end in [SERVER, 1] {
        let (mut net, _) = open();
        net.order(end, Order::Terminate { connection: 0 });
        assert!(net.ends[end].said.contains(&Output::Abort { connection: 0 }));
        let closed =
            websocket::Indication::Closed { code: 1006, reason: String::new(), clean: false };
        assert_eq!(heard(&net, SERVER).last(), Some(&&closed));
        assert_eq!(heard(&net, 1).last(), Some(&&closed));
    }
}

#[test]
fn an_upgrade_that_is_not_decided_yet_may_be_lost() {
    let mut net = net(site(), listen);
    let client = net.client(speaks(&[], Headers::new()), listen);
    net.run(100);
    net.order(client, Order::Terminate { connection: 0 });
    assert_eq!(net.told(SERVER).last(), Some(&Indication::Gone { connection: 0 }));
    net.order(SERVER, Order::Accept { connection: 0, protocol: None });
    assert_eq!(net.sent(SERVER), "");
}

#[test]
fn what_a_program_must_not_do_is_told_to_it() {
    let (mut net, client) = open();
    net.order(client, say(websocket::Input::Close { code: Some(1006), reason: String::new() }));
    let close = say(websocket::Input::Close { code: None, reason: String::new() });
    net.give(client, Input::Order(close));
    net.order(client, send("too late"));
    let misuses = [Misuse::Code, Misuse::NotOpen].map(websocket::Indication::Misuse);
    let heard = heard(&net, client);
    assert!(misuses.iter().all(|misuse| heard.contains(&misuse)), "{heard:?}");
    let so_far = heard.len();
    net.order(client, send("to nobody"));
    net.order(client, Order::Terminate { connection: 0 });
    assert_eq!(self::heard(&net, client).len(), so_far, "what is gone hears no order");
}
