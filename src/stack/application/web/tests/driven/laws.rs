//! What holds whatever a program orders and whatever comes.

use super::super::super::Call;
use super::*;
use crate::stack::application::http::{ClientConfig, Headers, Method, Request, Response, Status};
use crate::stack::application::socket_io::{Arguments, server};
use crate::stack::application::{Message, websocket};
use crate::stack::session::id::SessionId;

/// An order that may make sense or not.
fn order(rng: &mut Rng, known: &[SessionId]) -> Order {
    let connection = rng.below(3);
    let response = Response::text(Status(100 + rng.below(500) as u16), "a");
    let octets = Chunk::from(&b"abc"[..]);
    let socket = match rng.below(known.len() as u64 + 1) as usize {
        0 => SessionId::draw(rng),
        at => known[at - 1],
    };
    let arguments = Arguments::new(vec!["a".into()]);
    let namespace = ["/", "/b"][rng.below(2) as usize].to_owned();
    match rng.below(18) {
        0 => Order::Respond { connection, response },
        1 => Order::Head { connection, response },
        2 => Order::Part { connection, octets },
        3 => Order::Finish { connection },
        4 => Order::Accept { connection, protocol: Some("a".into()) },
        5 => Order::Refuse { connection, response },
        6 => Order::Terminate { connection },
        7 => Order::Namespace(namespace),
        8 => Order::Request { exchange: rng.below(9), request: Request::new(Method::Get, "/") },
        9 => Order::Abort { exchange: rng.below(9) },
        10 => Order::SocketIoClient(Call::Join { namespace, auth: None }),
        11 => Order::SocketIoClient(Call::Leave { namespace }),
        12 => Order::SocketIoClient(Call::Acknowledge { namespace, id: 1, arguments }),
        13 => Order::SocketIo(server::Input::Accept { socket }),
        14 => Order::SocketIo(server::Input::Disconnect { socket, close: rng.below(2) == 0 }),
        15 => {
            let input = websocket::Input::Close { code: None, reason: String::new() };
            Order::WebSocket { connection, input }
        }
        _ => {
            let input = websocket::Input::Send(Message::Binary(octets));
            Order::WebSocket { connection, input }
        }
    }
}

fn input(rng: &mut Rng) -> Input {
    let connection = rng.below(3);
    let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let session = "/socket.io/?EIO=4&transport";
    let upgrade = "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    // Masked with zeros, as text: what asks for the main namespace, and an event in it.
    let frame = |text: &[u8]| [&[0x81, 0x80 | text.len() as u8, 0, 0, 0, 0], text].concat();
    let octets = match rng.below(8) {
        0 => b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n".to_vec(),
        1 => format!("GET /a HTTP/1.1\r\n{upgrade}{key}\r\n").into_bytes(),
        2 => format!("GET /a HTTP/1.1\r\n{upgrade}\r\n").into_bytes(),
        3 => format!("GET {session}=websocket HTTP/1.1\r\n{upgrade}{key}\r\n").into_bytes(),
        4 => format!("GET {session}=polling HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes(),
        5 => frame(b"40"),
        6 => [frame(b"421[\"a\"]"), frame(b"41")].concat(),
        _ => b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(),
    };
    match rng.below(12) {
        0 => Input::Start,
        1 | 2 => Input::Opened { connection },
        3 => Input::PeerClosed { connection },
        4 => Input::Lost { connection },
        5 | 6 => Input::Resume,
        _ => Input::Received { connection, octets: Chunk::from(&octets[..]) },
    }
}

/// Gives a machine what nobody would give it; it must not panic, and does the same each time.
fn torment(mut side: impl Machine<Output = Output, Input<'static> = Input>, seed: u64) {
    let mut rng = Rng::fork(seed, "torment");
    let (mut now, mut known) = (Instant::ZERO, Vec::new());
    for _ in 0..400 {
        now += Duration(rng.below(3_000_000_000) * rng.below(2));
        let mut out = Vec::new();
        side.on_deadline(now, &mut out);
        assert!(side.deadline().is_none_or(|next| next > now));
        let given =
            if rng.below(2) == 0 { Input::Order(order(&mut rng, &known)) } else { input(&mut rng) };
        let mut twin = (side.clone(), out.clone());
        side.handle(now, given.clone(), &mut out);
        twin.0.handle(now, given, &mut twin.1);
        assert_eq!(out, twin.1);
        for output in out {
            if let Output::Indicate(Indication::SocketIo {
                indication: server::Indication::Connecting { socket, .. },
                ..
            }) = output
            {
                known.push(socket);
            }
        }
    }
}

#[test]
fn no_order_at_the_wrong_time_does_harm() {
    let mut site = super::socket_io::site();
    site.endpoints = super::websocket::site().endpoints;
    let site = Arc::new(site);
    for seed in 0..40 {
        let luck = || Rng::fork(seed, "web");
        torment(Server::driven(Arc::clone(&site), luck()), seed);
        let http = Speaks::Http { host: "a".into(), config: ClientConfig::default() };
        let speaks =
            [http, super::socket_io::speaks(), super::websocket::speaks(&[], Headers::new())];
        for speaks in speaks {
            torment(Client::driven(speaks, luck()), seed);
        }
    }
}
