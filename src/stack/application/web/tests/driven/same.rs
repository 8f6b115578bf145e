//! A program that does what a site says is told of as the site is: but for its own words, which
//! are its host's to say.

use super::super::super::{Endpoint, Manner, News, Reaction, Route, Rule};
use super::*;
use crate::stack::application::Message;
use crate::stack::application::http::{ClientConfig, Headers, Method, Request, Response, Status};
use crate::stack::application::socket_io::{Ack, server};
use crate::stack::application::websocket;
use serde_json::json;

/// What the server said to all but the program, when a client begins and orders this.
fn said(
    server: Server,
    program: fn(&Indication) -> Vec<Order>,
    speaks: Speaks,
    orders: Vec<Order>,
) -> Vec<Output> {
    let mut net = Net::of(Side::Server(Box::new(server)), program);
    let client = net.client(speaks, listen);
    net.run(100);
    for order in orders {
        net.order(client, order);
    }
    let words = |output: &Output| {
        let news = |news: &News| matches!(news, News::Calls | News::Handles);
        match output {
            Output::Indicate(_) | Output::More => true,
            Output::Tell { news: it, .. } => news(it),
            _ => false,
        }
    };
    net.ends.swap_remove(SERVER).said.into_iter().filter(|output| !words(output)).collect()
}

/// Compares a site with the program that does the same.
fn same(site: &Site, program: fn(&Indication) -> Vec<Order>, speaks: &Speaks, orders: &[Order]) {
    let luck = || Rng::fork(1, "web");
    let scripted = Server::new(Arc::new(site.clone()), luck());
    let scripted = said(scripted, listen, speaks.clone(), orders.to_vec());
    let driven = Server::driven(Arc::new(site.clone()), luck());
    let driven = said(driven, program, speaks.clone(), orders.to_vec());
    assert!(scripted.iter().any(|output| matches!(output, Output::Transmit { .. })));
    assert_eq!(driven, scripted);
}

#[test]
fn of_requests() {
    let route = Route {
        path: "/a".into(),
        status: Status::OK,
        content_type: "text/plain".into(),
        body: Some("hello".into()),
    };
    let site = Site { routes: vec![route], ..Site::default() };
    let program = |told: &Indication| {
        let Indication::Request { connection, .. } = told else { return Vec::new() };
        let response = Response::new(Status::OK).with("Content-Type", "text/plain");
        let response = response.with_body(Chunk::from(&b"hello"[..]));
        vec![Order::Respond { connection: *connection, response }]
    };
    let speaks = Speaks::Http { host: "server".into(), config: ClientConfig::default() };
    let ask = |exchange| Order::Request { exchange, request: Request::new(Method::Get, "/a") };
    same(&site, program, &speaks, &[ask(1), ask(2)]);
}

#[test]
fn of_websockets() {
    let config = websocket::Config::default();
    let endpoint = Endpoint { path: "/chat".into(), config, manner: Manner::Echo, push: None };
    let site = Site { endpoints: vec![endpoint], ..Site::default() };
    let program = |told: &Indication| match told {
        Indication::Upgrade { connection, .. } => {
            vec![Order::Accept { connection: *connection, protocol: None }]
        }
        Indication::WebSocket {
            connection,
            indication: websocket::Indication::Message(message),
        } => {
            let input = websocket::Input::Send(message.clone());
            vec![Order::WebSocket { connection: *connection, input }]
        }
        _ => Vec::new(),
    };
    let say = |input| Order::WebSocket { connection: 0, input };
    let orders = [
        say(websocket::Input::Send(Message::text("hello"))),
        say(websocket::Input::Ping(Chunk::from(&b"there?"[..]))),
        say(websocket::Input::Close { code: Some(1000), reason: "done".into() }),
    ];
    same(&site, program, &super::websocket::speaks(&[], Headers::new()), &orders);
}

#[test]
fn of_events() {
    let mut site = super::socket_io::site();
    let rule = Rule {
        event: "ask".into(),
        reaction: Reaction::Acknowledge,
        emit: None,
        with: None,
        room: None,
        volatile: false,
    };
    if let Some(gathering) = &mut site.gathering {
        gathering.rules.push(rule);
    }
    let program = |told: &Indication| match told {
        Indication::SocketIo {
            indication: server::Indication::Event { socket, ack: Some(id), arguments, .. },
            ..
        } => {
            let (socket, id, arguments) = (*socket, *id, arguments.clone());
            vec![Order::SocketIo(server::Input::Acknowledge { socket, id, arguments })]
        }
        told => super::socket_io::guard(told),
    };
    let ack = Some(Ack { token: 1, timeout: None });
    let orders = [
        super::socket_io::join("/", json!({"word": "please"})),
        super::socket_io::emit("ask", json!("this"), ack),
    ];
    same(&site, program, &super::socket_io::speaks(), &orders);
}
