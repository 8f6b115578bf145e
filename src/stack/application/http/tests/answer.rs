//! Answers in parts.

use super::reading::responses;
use super::server::Server;
use super::*;

const OLD: &str = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

/// The octets that a server sends when it is asked so and its program answers with this head and
/// these parts, whether it closes then, and the state that it is left in.
fn streamed(asked: &str, head: Response, parts: &[&str]) -> (String, bool, ServerState) {
    let mut server = Server::new().machine;
    let mut out = Vec::new();
    let parts = parts.iter().map(|part| ServerInput::Part(chunk(part)));
    let answer = [ServerInput::Begin(head)].into_iter().chain(parts);
    let inputs = [ServerInput::Received(chunk(asked))].into_iter().chain(answer);
    for input in inputs.chain([ServerInput::Finish]) {
        server.handle(NOW, input, &mut out);
    }
    let mut sent = String::new();
    for output in &out {
        if let ServerOutput::Transmit(octets) = output {
            sent += str::from_utf8(octets).unwrap();
        }
    }
    (sent, out.contains(&ServerOutput::Close), server.state())
}

fn ok() -> Response {
    Response::new(Status::OK)
}

#[test]
fn parts_go_in_chunks_and_the_connection_stays() {
    let (sent, closes, state) = streamed(GET, ok(), &["hello", "", " world, hello"]);
    let expected = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                    5\r\nhello\r\nd\r\n world, hello\r\n0\r\n\r\n";
    assert_eq!((sent.as_str(), closes, state), (expected, false, ServerState::Idle));
    let read = responses(&chunk(sent), 1).unwrap().remove(0);
    assert_eq!(&*read.body, b"hello world, hello");
}

#[test]
fn to_http_1_0_they_last_until_the_connection_ends() {
    let (sent, closes, state) = streamed(OLD, ok(), &["a", "b"]);
    assert_eq!(sent, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab");
    assert_eq!((closes, state), (true, ServerState::Closed));
}

#[test]
fn a_length_that_the_program_knows_needs_no_chunks() {
    for (asked, told) in [(GET, ""), (OLD, "Connection: keep-alive\r\n")] {
        let (sent, closes, _) = streamed(asked, ok().with("Content-Length", "2"), &["a", "b"]);
        assert_eq!(sent, format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{told}\r\nab"));
        assert!(!closes);
    }
}

#[test]
fn an_answer_without_a_body_has_no_parts() {
    let to_head = streamed(&GET.replace("GET", "HEAD"), ok(), &["a"]).0;
    assert_eq!(to_head, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    let none = streamed(GET, Response::new(Status::NO_CONTENT), &["a"]).0;
    assert_eq!(none, "HTTP/1.1 204 No Content\r\n\r\n");
}

#[test]
fn what_waits_behind_the_request_is_read_after_the_last_part() {
    let mut server = Server::new();
    server.octets(GET);
    assert_eq!(server.handle(ServerInput::Begin(ok())), "HTTP/1.1 200 OK|");
    assert_eq!(server.octets(GET.replace("/ ", "/2 ")), "", "one at a time");
    assert_eq!(server.handle(ServerInput::PeerClosed), "");
    assert_eq!(server.handle(ServerInput::Finish), "0|<GET /2|");
    assert_eq!(server.respond(Status::OK), "HTTP/1.1 200 OK (close)|close|");
}

#[test]
fn out_of_its_turn_nothing_is_sent() {
    let mut server = Server::new();
    let parts = || [ServerInput::Begin(ok()), ServerInput::Part(chunk("a")), ServerInput::Finish];
    for input in parts() {
        assert_eq!(server.handle(input), "", "nobody asked");
    }
    server.octets(GET);
    assert_eq!(server.handle(ServerInput::Part(chunk("a"))), "", "the head comes first");
    server.handle(ServerInput::Begin(ok()));
    assert_eq!(server.handle(ServerInput::Begin(ok())) + &server.respond(Status::OK), "");
    assert_eq!(server.machine.state(), ServerState::Streaming);
    assert_eq!(server.machine.deadline(), None, "a program may take its time");
}
