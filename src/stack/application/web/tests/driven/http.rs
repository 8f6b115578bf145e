//! Requests.

use super::*;
use crate::stack::application::http::{self, Headers, Method, Request, Response, Status};

/// A client that speaks HTTP.
fn asker(net: &mut Net) -> usize {
    let speaks = Speaks::Http { host: "server".into(), config: http::ClientConfig::default() };
    net.client(speaks, listen)
}

fn ask(exchange: u64, target: &str) -> Order {
    Order::Request { exchange, request: Request::new(Method::Get, target) }
}

/// Answers each request with its target.
fn echo(told: &Indication) -> Vec<Order> {
    let Indication::Request { connection, request } = told else { return Vec::new() };
    let response = Response::text(Status::OK, &request.target);
    vec![Order::Respond { connection: *connection, response }]
}

/// The exchanges that a client was told of, with the bodies or why there is none.
fn outcomes(net: &Net, client: usize) -> Vec<(u64, String)> {
    let outcome = |told: &Indication| match told {
        Indication::Response { exchange, response } => {
            (*exchange, String::from_utf8_lossy(&response.body).into_owned())
        }
        Indication::Failed { exchange, why } => (*exchange, format!("{why:?}")),
        other => panic!("{other:?}"),
    };
    net.told(client).iter().map(outcome).collect()
}

#[test]
fn a_request_is_answered_by_the_program() {
    let mut net = net(Site::default(), echo);
    let client = asker(&mut net);
    net.order(client, ask(7, "/a?b=c"));
    let [Indication::Request { connection: 0, request }] = net.told(SERVER) else {
        panic!("{:?}", net.told(SERVER))
    };
    assert_eq!(request.headers.get("Host"), Some("server"));
    assert_eq!(outcomes(&net, client), [(7, "/a?b=c".into())]);
}

#[test]
fn a_free_connection_is_used_again_and_requests_at_once_have_their_own() {
    let mut net = net(Site::default(), echo);
    let client = asker(&mut net);
    net.order(client, ask(1, "/1"));
    net.order(client, ask(2, "/2"));
    assert_eq!(net.connects(client), 1);
    net.give(client, Input::Order(ask(3, "/3")));
    net.order(client, ask(4, "/4"));
    assert_eq!(net.connects(client), 2);
    let outcomes: Vec<u64> = outcomes(&net, client).into_iter().map(|it| it.0).collect();
    assert_eq!(outcomes, [1, 2, 3, 4]);
}

#[test]
fn an_answer_in_parts_arrives_whole() {
    let mut net = net(Site::default(), listen);
    let client = asker(&mut net);
    net.order(client, ask(1, "/"));
    let (connection, response) = (0, Response::new(Status::OK));
    net.order(SERVER, Order::Head { connection, response });
    for part in ["to ", "be ", "continued"] {
        let octets = Chunk::from(part.as_bytes());
        net.order(SERVER, Order::Part { connection, octets });
    }
    assert_eq!(outcomes(&net, client), [], "not yet");
    net.order(SERVER, Order::Finish { connection });
    assert_eq!(outcomes(&net, client), [(1, "to be continued".into())]);
    assert!(net.sent(SERVER).contains("Transfer-Encoding: chunked\r\n"));
}

#[test]
fn the_next_request_of_a_connection_comes_when_the_one_before_is_answered() {
    let mut net = net(Site::default(), listen);
    net.give(SERVER, Input::Opened { connection: 900 });
    net.octets(900, &b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"[..]);
    assert_eq!(net.told(SERVER).len(), 1);
    let response = Response::new(Status::OK);
    net.order(SERVER, Order::Respond { connection: 900, response });
    assert_eq!(net.told(SERVER).len(), 2);
}

#[test]
fn a_program_is_told_that_who_asked_is_gone() {
    let mut net = net(Site::default(), listen);
    let client = asker(&mut net);
    net.order(client, ask(1, "/"));
    net.order(client, Order::Abort { exchange: 1 });
    assert_eq!(net.told(SERVER).last(), Some(&Indication::Gone { connection: 0 }));
    assert_eq!(net.told(client), [], "nothing more is told of what was given up");
    let response = Response::new(Status::OK);
    net.order(SERVER, Order::Respond { connection: 0, response });
    assert_eq!(net.sent(SERVER), "", "what comes too late does nothing");
}

#[test]
fn a_connection_that_has_no_request_under_way_goes_without_a_word() {
    let mut net = net(Site::default(), echo);
    let client = asker(&mut net);
    net.order(client, ask(1, "/"));
    net.give(SERVER, Input::Lost { connection: 0 });
    assert_eq!(net.told(SERVER).len(), 1);
}

#[test]
fn who_is_cut_off_is_told_that_there_is_no_answer() {
    let mut net = net(Site::default(), listen);
    let client = asker(&mut net);
    net.order(client, ask(1, "/"));
    net.order(SERVER, Order::Terminate { connection: 0 });
    assert_eq!(outcomes(&net, client), [(1, "None".into())]);
}

#[test]
fn a_server_that_does_not_answer_in_time_fails_the_request() {
    let mut net = net(Site::default(), listen);
    let client = asker(&mut net);
    net.order(client, ask(1, "/"));
    net.run(60_000);
    assert_eq!(outcomes(&net, client), [(1, "Some(TimedOut)".into())]);
}

#[test]
fn without_an_endpoint_a_request_for_a_websocket_is_a_request() {
    let mut net = net(Site::default(), listen);
    let client = asker(&mut net);
    let mut request = Request::new(Method::Get, "/");
    request.headers = Headers::new();
    let request = request.with("Connection", "Upgrade").with("Upgrade", "websocket");
    net.order(client, Order::Request { exchange: 1, request });
    assert!(matches!(net.told(SERVER), [Indication::Request { .. }]));
}
