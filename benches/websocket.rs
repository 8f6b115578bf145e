//! WebSocket messages through one end, beside `tungstenite`: framing, masking, the check of text.
//!
//! Both get the same frames and have the same memory behind them. `tungstenite` reads from a socket
//! and so copies what arrives once; octets come to our machine as shared memory, as they do from TCP
//! here. Ours says its notes as well.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use framestep::base::{Chunk, Instant, Rng};
use framestep::stack::Machine as _;
use framestep::stack::application::Message;
use framestep::stack::application::http::{Method, Request};
use framestep::stack::application::websocket::{
    Config, Connection, Indication, Input, Opening, Output,
};
use std::io::{self, Read, Write};
use std::rc::Rc;
use tungstenite::protocol::{Role, WebSocketContext};

/// Octets of all messages of a round together.
const ROUND: usize = 1 << 20;

/// What arrives at a time.
const ARRIVES: usize = 64 << 10;

/// Octets of a message.
const SIZES: [usize; 2] = [64, 64 << 10];

fn main() {
    divan::main();
}

/// A server that is open.
fn server() -> Connection {
    let request = Request::new(Method::Get, "/")
        .with("Host", "bob")
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .with("Sec-WebSocket-Version", "13");
    let mut server = Connection::server_for(Rc::new(Config::default()), request);
    server.handle(Instant::ZERO, Input::Open, &mut Vec::new());
    server
}

/// What an end sends to an input.
fn sends(end: &mut Connection, input: Input) -> Vec<u8> {
    let mut out = Vec::new();
    end.handle(Instant::ZERO, input, &mut out);
    let transmitted = out.iter().filter_map(|output| match output {
        Output::Transmit(octets) => Some(&octets[..]),
        _ => None,
    });
    transmitted.flatten().copied().collect()
}

/// A client that is open.
fn client() -> Connection {
    let opening = Opening { host: "bob".into(), target: "/".into(), origin: None };
    let config = Rc::new(Config::default());
    let mut client = Connection::client(Rc::clone(&config), opening, Rng::fork(1, "bench"));
    let asked = sends(&mut client, Input::Open);
    let mut server = Connection::server(config);
    let answer = sends(&mut server, Input::Received(Chunk::from(&asked[..])));
    client.handle(Instant::ZERO, Input::Received(Chunk::from(&answer[..])), &mut Vec::new());
    client
}

/// Text of so many octets, one in seven of them not ASCII.
fn text(size: usize) -> String {
    "octets à".repeat(size / 9) + &"x".repeat(size % 9)
}

/// All frames of a round, as a client sends them.
fn frames(size: usize) -> Vec<u8> {
    let (mut client, message) = (client(), Message::text(&text(size)));
    (0..ROUND / size).flat_map(|_| sends(&mut client, Input::Send(message.clone()))).collect()
}

/// A server takes masked text.
#[divan::bench(args = SIZES)]
fn receive(bencher: Bencher<'_, '_>, size: usize) {
    let octets = Chunk::from(&frames(size)[..]);
    let (mut server, mut out) = (server(), Vec::new());
    bencher.counter(BytesCount::new(ROUND)).bench_local(|| {
        let mut messages = 0;
        for start in (0..octets.len()).step_by(ARRIVES) {
            let mut input = Input::Received(octets.slice(start..start + ARRIVES));
            loop {
                server.handle(Instant::ZERO, input, &mut out);
                let more = matches!(out.last(), Some(Output::More));
                let is_message =
                    |output: &Output| matches!(output, Output::Indicate(Indication::Message(_)));
                messages += out.drain(..).filter(is_message).count();
                if !more {
                    break;
                }
                input = Input::Resume;
            }
        }
        assert_eq!(messages, ROUND / size);
    });
}

/// The same.
#[divan::bench(args = SIZES)]
fn receive_tungstenite(bencher: Bencher<'_, '_>, size: usize) {
    let octets = frames(size);
    let mut server = WebSocketContext::new(Role::Server, None);
    bencher.counter(BytesCount::new(ROUND)).bench_local(|| {
        let mut socket = Socket { arrives: &octets, sent: Vec::new() };
        for _ in 0..ROUND / size {
            let message = server.read(&mut socket).expect("a message");
            assert!(black_box(message).is_text());
        }
    });
}

/// A client sends masked text.
#[divan::bench(args = SIZES)]
fn send(bencher: Bencher<'_, '_>, size: usize) {
    let (mut client, message, mut out) = (client(), Message::text(&text(size)), Vec::new());
    bencher.counter(BytesCount::new(ROUND)).bench_local(|| {
        for _ in 0..ROUND / size {
            client.handle(Instant::ZERO, Input::Send(message.clone()), &mut out);
            out.drain(..).for_each(|output| _ = black_box(output));
        }
    });
}

/// The same.
#[divan::bench(args = SIZES)]
fn send_tungstenite(bencher: Bencher<'_, '_>, size: usize) {
    let mut client = WebSocketContext::new(Role::Client, None);
    let mut socket = Socket { arrives: &[], sent: Vec::new() };
    let message = tungstenite::Message::text(text(size));
    bencher.counter(BytesCount::new(ROUND)).bench_local(|| {
        for _ in 0..ROUND / size {
            client.write(&mut socket, message.clone()).expect("room");
            client.flush(&mut socket).expect("room");
            black_box(&socket.sent);
            socket.sent.clear();
        }
    });
}

/// A socket in memory, which gives at most so much at a time as arrives for ours.
struct Socket<'a> {
    arrives: &'a [u8],
    sent: Vec<u8>,
}

impl Read for Socket<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.arrives.len().min(ARRIVES).min(buffer.len());
        let (now, later) = self.arrives.split_at(n);
        buffer[..n].copy_from_slice(now);
        self.arrives = later;
        Ok(n)
    }
}

impl Write for Socket<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.sent.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
