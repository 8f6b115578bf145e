//! Socket.IO.

use super::super::super::{Call, Gathering};
use super::*;
use crate::stack::application::engine_io::{self, Transport};
use crate::stack::application::socket_io::{Ack, Arguments, Reason, client, server};
use crate::stack::session::id::SessionId;
use serde_json::{Value, json};

/// A site that takes sessions, with the main namespace.
pub(super) fn site() -> Site {
    let gathering = Gathering {
        path: "/socket.io/".into(),
        engine: engine_io::server::Config::default(),
        socket_io: Some(server::Config::default()),
        token: None,
        rules: Vec::new(),
    };
    Site { gathering: Some(gathering), ..Site::default() }
}

pub(super) fn speaks() -> Speaks {
    Speaks::SocketIo {
        host: "server".into(),
        path: "/socket.io/".into(),
        query: String::new(),
        headers: crate::stack::application::http::Headers::default(),
        engine: engine_io::client::Config::default(),
        config: client::Config::default(),
        namespace: "/".into(),
        auth: None,
    }
}

pub(super) fn join(namespace: &str, auth: Value) -> Order {
    Order::SocketIoClient(Call::Join { namespace: namespace.into(), auth: Some(auth) })
}

/// Lets in who says the word.
pub(super) fn guard(told: &Indication) -> Vec<Order> {
    let Indication::SocketIo {
        indication: server::Indication::Connecting { socket, ref auth, .. },
        ..
    } = *told
    else {
        return Vec::new();
    };
    let input = if auth["word"] == "please" {
        server::Input::Accept { socket }
    } else {
        let (message, data) = ("say please".into(), Some(json!({"code": 7})));
        server::Input::Refuse { socket, message, data }
    };
    vec![Order::SocketIo(input)]
}

/// A server with this program and so many clients in its main namespace, with their ids there.
fn gathered<const N: usize>(
    program: impl FnMut(&Indication) -> Vec<Order> + 'static,
) -> (Net, [SessionId; N]) {
    let mut net = net(site(), program);
    let ids = std::array::from_fn(|_| {
        let client = net.client(speaks(), listen);
        net.order(client, join("/", json!({"word": "please"})));
        let Some(server::Indication::Connected { socket, .. }) = at_server(&net).last() else {
            panic!("{:?}", net.told(SERVER))
        };
        *socket
    });
    (net, ids)
}

fn at_server(net: &Net) -> Vec<&server::Indication> {
    let told = net.told(SERVER).iter().filter_map(|told| match told {
        Indication::SocketIo { indication, .. } => Some(indication),
        _ => None,
    });
    told.collect()
}

fn at_client(net: &Net, end: usize) -> Vec<&client::Indication> {
    let told = net.told(end).iter().filter_map(|told| match told {
        Indication::SocketIoClient(indication) => Some(indication),
        _ => None,
    });
    told.collect()
}

/// The names of the events that a client got.
fn events(net: &Net, end: usize) -> String {
    let name = |told: &client::Indication| match told {
        client::Indication::Event { name, .. } => Some(name.clone()),
        _ => None,
    };
    let names: Vec<String> = at_client(net, end).into_iter().filter_map(name).collect();
    names.join(", ")
}

fn arguments(value: Value) -> Arguments {
    Arguments::new(vec![value])
}

pub(super) fn emit(name: &str, value: Value, ack: Option<Ack>) -> Order {
    Order::SocketIoClient(Call::Emit {
        namespace: "/".into(),
        name: name.into(),
        arguments: arguments(value),
        volatile: false,
        ack,
    })
}

#[test]
fn a_program_lets_a_client_in_or_not_and_sees_how_its_session_began() {
    let mut net = net(site(), guard);
    let client = net.client(speaks(), listen);
    net.order(client, join("/", json!({"word": "now"})));
    let refused = client::Indication::ConnectError {
        namespace: "/".into(),
        message: "say please".into(),
        data: Some(json!({"code": 7})),
    };
    assert_eq!(at_client(&net, client), [&refused]);
    net.order(client, join("/", json!({"word": "please"})));
    assert!(matches!(at_client(&net, client)[1..], [client::Indication::Connected { .. }]));
    let openings = net.told(SERVER).iter().filter_map(|told| match told {
        Indication::SocketIo { indication: server::Indication::Connecting { .. }, opening } => {
            Some(opening.as_ref().expect("known"))
        }
        _ => None,
    });
    let openings: Vec<_> = openings.collect();
    assert_eq!(openings.len(), 2);
    for opening in openings {
        assert_eq!(opening.request.target, "/socket.io/?EIO=4&transport=polling");
        assert_eq!(opening.request.headers.get("Host"), Some("server"));
    }
}

#[test]
fn a_session_over_a_websocket_alone_has_its_request_too() {
    let mut net = net(site(), guard);
    let mut speaks = speaks();
    if let Speaks::SocketIo { engine, .. } = &mut speaks {
        engine.transports = vec![Transport::WebSocket];
    }
    let client = net.client(speaks, listen);
    net.order(client, join("/", json!({"word": "please"})));
    let Some(Indication::SocketIo { opening: Some(opening), .. }) = net.told(SERVER).first() else {
        panic!("{:?}", net.told(SERVER))
    };
    assert_eq!(opening.request.target, "/socket.io/?EIO=4&transport=websocket");
    assert_eq!(opening.request.headers.get("Upgrade"), Some("websocket"));
    assert_eq!(net.told(client)[0], Indication::Transport(Transport::WebSocket));
}

#[test]
fn what_carries_the_session_is_told_when_it_changes() {
    let (net, _) = gathered::<1>(guard);
    let carried = net.told(1).iter().filter_map(|told| match told {
        Indication::Transport(transport) => Some(*transport),
        _ => None,
    });
    assert_eq!(carried.collect::<Vec<_>>(), [Transport::Polling, Transport::WebSocket]);
}

#[test]
fn an_event_is_acknowledged_by_the_server() {
    let answer = |told: &Indication| match told {
        Indication::SocketIo {
            indication: server::Indication::Event { socket, ack: Some(id), arguments, .. },
            ..
        } => {
            let (socket, id, arguments) = (*socket, *id, arguments.clone());
            vec![Order::SocketIo(server::Input::Acknowledge { socket, id, arguments })]
        }
        told => guard(told),
    };
    let (mut net, _) = gathered::<1>(answer);
    net.order(1, emit("ask", json!("this"), Some(Ack { token: 42, timeout: None })));
    let expected = client::Indication::Acknowledged {
        namespace: "/".into(),
        token: 42,
        arguments: arguments(json!("this")),
    };
    assert_eq!(at_client(&net, 1).last(), Some(&&expected));
}

#[test]
fn an_event_is_acknowledged_by_the_client_or_not_in_time() {
    let (mut net, [socket]) = gathered(guard);
    let ask = |token| {
        let (name, arguments) = ("ask".to_owned(), Arguments::new(Vec::new()));
        let ack = Some(Ack { token, timeout: Some(Duration::from_secs(1)) });
        Order::SocketIo(server::Input::Emit { socket, name, arguments, volatile: false, ack })
    };
    net.order(SERVER, ask(1));
    let Some(client::Indication::Event { ack: Some(id), .. }) = at_client(&net, 1).last() else {
        panic!("{:?}", net.told(1))
    };
    let arguments = arguments(json!("so it is"));
    let (namespace, id) = ("/".to_owned(), *id);
    let call = Call::Acknowledge { namespace, id, arguments: arguments.clone() };
    net.order(1, Order::SocketIoClient(call));
    net.order(SERVER, ask(2));
    net.run(1000);
    let acknowledged = server::Indication::Acknowledged { socket, token: 1, arguments };
    let timed_out = server::Indication::AckTimedOut { socket, token: 2 };
    let heard = at_server(&net);
    assert_eq!(heard[heard.len() - 2..], [&acknowledged, &timed_out]);
}

#[test]
fn octets_travel_with_an_event() {
    let (mut net, _) = gathered::<1>(guard);
    let arguments = Arguments::new(Vec::new()).with_octets(Chunk::from(&b"\0\x01"[..]));
    let (namespace, name) = ("/".to_owned(), "file".to_owned());
    let call = Call::Emit {
        namespace,
        name: name.clone(),
        arguments: arguments.clone(),
        volatile: false,
        ack: None,
    };
    net.order(1, Order::SocketIoClient(call));
    let heard = at_server(&net);
    let Some(server::Indication::Event { name: heard, arguments: octets, .. }) = heard.last()
    else {
        panic!("{heard:?}")
    };
    assert_eq!((heard, octets), (&name, &arguments));
}

#[test]
fn who_is_in_a_room_hears_what_is_said_in_it() {
    let (mut net, [one, two, _]) = gathered(guard);
    let order = |input| Order::SocketIo(input);
    for socket in [one, two] {
        net.order(SERVER, order(server::Input::Join { socket, room: "den".into() }));
    }
    let say = |text: &str, reach| {
        let (name, arguments) = (text.to_owned(), Arguments::new(Vec::new()));
        order(server::Input::Broadcast { reach, name, arguments, volatile: false })
    };
    let den = || server::Reach::all("/").to("den");
    net.order(SERVER, say("both", den()));
    net.order(SERVER, say("the other", den().except(one.as_str())));
    net.order(SERVER, order(server::Input::Leave { socket: two, room: "den".into() }));
    net.order(SERVER, say("one", den()));
    net.order(SERVER, say("all", server::Reach::all("/")));
    assert_eq!(events(&net, 1), "both, one, all");
    assert_eq!(events(&net, 2), "both, the other, all");
    assert_eq!(events(&net, 3), "all");
}

#[test]
fn a_client_that_is_cut_off_comes_back() {
    let (mut net, [before]) = gathered(guard);
    let Side::Client(client) = &net.ends[1].side else { panic!() };
    let (connection, _) = client.websockets().next().expect("the session's");
    net.order(SERVER, Order::Terminate { connection });
    let reason = Reason::Engine(engine_io::Reason::TransportClose);
    let gone = server::Indication::Disconnected { socket: before, reason };
    assert_eq!(at_server(&net).last(), Some(&&gone));
    net.order(1, emit("kept", json!(1), None));
    net.run(5000);
    let heard = at_client(&net, 1);
    let lost = client::Indication::Disconnected { namespace: "/".into(), reason };
    assert_eq!(heard[1], &lost);
    assert!(matches!(heard[2], client::Indication::Reconnecting { attempt: 1, .. }), "{heard:?}");
    assert!(matches!(heard[3], client::Indication::Connected { .. }), "{heard:?}");
    let heard = at_server(&net);
    let Some(server::Indication::Event { socket, name, .. }) = heard.last() else {
        panic!("{heard:?}")
    };
    assert_eq!(name, "kept");
    assert_ne!(*socket, before);
}

#[test]
fn a_namespace_that_comes_later_is_there_from_then_on() {
    let (mut net, _) = gathered::<1>(guard);
    net.order(1, join("/late", json!({"word": "please"})));
    let unknown = client::Indication::ConnectError {
        namespace: "/late".into(),
        message: "Invalid namespace".into(),
        data: None,
    };
    assert_eq!(at_client(&net, 1).last(), Some(&&unknown));
    net.order(SERVER, Order::Namespace("/late".into()));
    net.order(1, join("/late", json!({"word": "please"})));
    let heard = at_client(&net, 1);
    let Some(client::Indication::Connected { namespace, .. }) = heard.last() else {
        panic!("{heard:?}")
    };
    assert_eq!(namespace, "/late");
}

#[test]
fn either_side_ends_it_and_the_other_is_told_why() {
    let (mut net, [socket, _]) = gathered(guard);
    net.order(SERVER, Order::SocketIo(server::Input::Disconnect { socket, close: false }));
    let out =
        client::Indication::Disconnected { namespace: "/".into(), reason: Reason::ServerNamespace };
    assert_eq!(at_client(&net, 1).last(), Some(&&out));
    net.order(2, Order::SocketIoClient(Call::Leave { namespace: "/".into() }));
    let heard = at_server(&net);
    let Some(server::Indication::Disconnected { reason, .. }) = heard.last() else {
        panic!("{heard:?}")
    };
    assert_eq!(*reason, Reason::ClientNamespace);
}

#[test]
fn who_hangs_up_in_the_same_breath_was_heard_before() {
    let answer = |told: &Indication| match told {
        Indication::SocketIo { indication: server::Indication::Event { socket, .. }, .. } => {
            let (name, arguments) = ("heard".to_owned(), Arguments::new(Vec::new()));
            let (socket, volatile, ack) = (*socket, false, None);
            vec![Order::SocketIo(server::Input::Emit { socket, name, arguments, volatile, ack })]
        }
        told => guard(told),
    };
    let mut net = net(site(), answer);
    net.give(SERVER, Input::Opened { connection: 900 });
    net.octets(900, b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n");
    let sent = net.sent(SERVER);
    let sid = &sent.split("\"sid\":\"").nth(1).expect("an id")[..20];
    let body = "40{\"word\":\"please\"}\x1e42[\"a\"]\x1e41";
    let length = body.len();
    let post = format!(
        "POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: a\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    net.octets(900, post.as_bytes());
    net.octets(
        900,
        format!("GET /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: a\r\n\r\n")
            .as_bytes(),
    );
    assert!(net.sent(SERVER).contains("42[\"heard\"]"), "{}", net.sent(SERVER));
    assert!(matches!(
        at_server(&net)[..],
        [
            server::Indication::Connecting { .. },
            server::Indication::Connected { .. },
            server::Indication::Event { .. },
            server::Indication::Disconnected { reason: Reason::ClientNamespace, .. },
        ]
    ));
}

#[test]
fn an_order_for_a_client_that_is_gone_is_told_as_misuse_and_nothing_is_sent() {
    let (mut net, [socket]) = gathered(guard);
    net.order(SERVER, Order::SocketIo(server::Input::Disconnect { socket, close: true }));
    let before = net.sent(SERVER);
    net.order(SERVER, Order::SocketIo(server::Input::Join { socket, room: "den".into() }));
    assert!(matches!(at_server(&net).last(), Some(server::Indication::Misuse(_))));
    assert_eq!(net.sent(SERVER), before);
}
