//! The rows of RFC 9112 and RFC 9110 that this protocol promises, from octets.

use super::*;
use crate::base::{Chunk, Duration, Instant};
use crate::stack::Machine;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

const NOW: Instant = Instant::ZERO;

fn chunk(octets: impl AsRef<[u8]>) -> Chunk {
    Chunk::from(octets.as_ref())
}

/// All messages in the octets, given in pieces of `piece`, with their bodies put in.
fn read_all<H: reader::Head>(
    mut reader: Reader<H>,
    octets: &[u8],
    piece: usize,
    body_of: impl Fn(&mut H, Chunk),
) -> Result<Vec<H>, Fault> {
    let (mut messages, mut current, mut body) = (Vec::new(), None, Gather::default());
    for piece in octets.chunks(piece.max(1)) {
        let mut input = chunk(piece);
        while let Some(part) = reader.read(&mut input)? {
            match part {
                Part::Head(head) => current = Some(head),
                Part::Body(piece) => body.push(piece),
                Part::End => {
                    let mut message = current.take().expect("a head before its end");
                    body_of(&mut message, body.take());
                    messages.push(message);
                }
            }
        }
    }
    if reader.finish()?.is_some() {
        let mut message = current.take().expect("a head before its end");
        body_of(&mut message, body.take());
        messages.push(message);
    }
    Ok(messages)
}

fn requests(octets: &[u8], piece: usize) -> Result<Vec<Request>, Fault> {
    let reader = Reader::new(Limits::default());
    read_all(reader, octets, piece, |request: &mut Request, body| request.body = body)
}

fn responses(octets: &[u8], piece: usize) -> Result<Vec<Response>, Fault> {
    let reader = Reader::new(Limits::default());
    read_all(reader, octets, piece, |response: &mut Response, body| response.body = body)
}

#[test]
fn a_request_is_read_however_it_is_cut() {
    let octets = b"\r\nPOST /a?b=c&d HTTP/1.1\r\nhOST: bob\r\nX:  y z\t\r\nEmpty:\r\n\
                   Content-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n";
    for piece in 1..octets.len() {
        let read = requests(octets, piece).unwrap();
        let [post, get] = &read[..] else { panic!("{read:?}") };
        assert_eq!((post.method.name(), post.path()), ("POST", "/a"));
        assert_eq!(
            (post.query("b"), post.query("d"), post.query("e")),
            (Some("c"), Some(""), None)
        );
        assert_eq!((post.headers.get("Host"), post.headers.get("x")), (Some("bob"), Some("y z")));
        assert_eq!((post.headers.get("empty"), &*post.body), (Some(""), &b"abc"[..]));
        assert_eq!((get.version, get.target.as_str()), (Version::Http10, "/"));
    }
}

#[test]
fn requests_that_break_a_rule_are_refused_with_its_status() {
    let long = "x".repeat(9000);
    let many = "A: b\r\n".repeat(101);
    let large = format!("A: {long}\r\n").repeat(2);
    let host = "GET / HTTP/1.1\r\nHost: b\r\n";
    let table: Vec<(String, Fault, u16)> = vec![
        ("GET / HTTP/1.1\nHost: b\r\n\r\n".into(), Fault::BareLineFeed, 400),
        ("GET / HTTP/1.1\r\nHost: b\n\r\n".into(), Fault::BareLineFeed, 400),
        ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n".into(), Fault::BareCarriageReturn, 400),
        ("GET /\r\n".into(), Fault::RequestLine, 400),
        ("GET  / HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET / x HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("G@T / HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET /\u{e4} HTTP/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET / HTTP/1\r\n".into(), Fault::RequestLine, 400),
        ("GET / http/1.1\r\n".into(), Fault::RequestLine, 400),
        ("GET / HTTP/2.0\r\n".into(), Fault::Version, 505),
        (format!("GET /{long} HTTP/1.1\r\n"), Fault::LineTooLong, 414),
        (format!("GET /{long}"), Fault::LineTooLong, 414),
        (format!("{host}{many}\r\n"), Fault::FieldsTooLarge, 431),
        (format!("{host}{large}\r\n"), Fault::FieldsTooLarge, 431),
        (format!("{host}A: {long}{long}"), Fault::FieldsTooLarge, 431),
        ("\r\n".repeat(9000), Fault::FieldsTooLarge, 431),
        ("GET / HTTP/1.1\r\nHost : b\r\n\r\n".into(), Fault::SpaceBeforeColon, 400),
        (format!("{host} folded\r\n\r\n"), Fault::FoldedLine, 400),
        (format!("{host}no colon\r\n\r\n"), Fault::FieldLine, 400),
        (format!("{host}: no name\r\n\r\n"), Fault::FieldLine, 400),
        (format!("{host}A: \u{1}\r\n\r\n"), Fault::FieldLine, 400),
        ("GET / HTTP/1.1\r\n\r\n".into(), Fault::NoHost, 400),
        (format!("{host}host: c\r\n\r\n"), Fault::ManyHosts, 400),
    ];
    refused_with(&table);
}

#[test]
fn bodies_that_break_a_rule_are_refused_with_its_status() {
    let long = "x".repeat(9000);
    let large = format!("A: {long}\r\n").repeat(2);
    let host = "GET / HTTP/1.1\r\nHost: b\r\n";
    let table: Vec<(String, Fault, u16)> = vec![
        (format!("{host}Content-Length: -1\r\n\r\n"), Fault::Length, 400),
        (format!("{host}Content-Length: 1x\r\n\r\n"), Fault::Length, 400),
        (format!("{host}Content-Length:\r\n\r\n"), Fault::Length, 400),
        (format!("{host}Content-Length: 1, 2\r\n\r\n"), Fault::LengthsDiffer, 400),
        (format!("{host}Content-Length: 9999999\r\n\r\n"), Fault::BodyTooLarge, 413),
        (format!("{host}Content-Length: {}\r\n\r\n", "9".repeat(40)), Fault::BodyTooLarge, 413),
        (
            format!("{host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Fault::LengthAndCoding,
            400,
        ),
        (format!("{host}Transfer-Encoding: gzip, chunked\r\n\r\n"), Fault::UnknownCoding, 501),
        (format!("{host}Transfer-Encoding: gzip\r\n\r\n"), Fault::UnknownCoding, 501),
        (format!("{host}Transfer-Encoding: chunked, chunked\r\n\r\n"), Fault::MisplacedCoding, 400),
        (
            "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".into(),
            Fault::MisplacedCoding,
            400,
        ),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\nx\r\n"), Fault::Chunk, 400),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"), Fault::Chunk, 400),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\nfffffff\r\n"), Fault::BodyTooLarge, 413),
        (
            format!("{host}Transfer-Encoding: chunked\r\n\r\n{}\r\n", "f".repeat(40)),
            Fault::BodyTooLarge,
            413,
        ),
        (format!("{host}Transfer-Encoding: chunked\r\n\r\n1;{long}"), Fault::Chunk, 400),
        (
            format!("{host}Transfer-Encoding: chunked\r\n\r\n0\r\n{large}"),
            Fault::FieldsTooLarge,
            431,
        ),
        (format!("{host}\r\nGET"), Fault::Truncated, 400),
    ];
    refused_with(&table);
}

fn refused_with(table: &[(String, Fault, u16)]) {
    for (octets, fault, status) in table {
        for piece in [1, 7, octets.len()] {
            assert_eq!(requests(octets.as_bytes(), piece), Err(*fault), "{octets:.60}");
        }
        assert_eq!(fault.status(), Status(*status));
        assert!(!fault.to_string().is_empty() && fault.source().starts_with("RFC "));
    }
}

#[test]
fn chunks_are_put_together_their_extensions_and_trailers_dropped() {
    let octets = b"POST / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: Chunked\r\n\r\n\
                   3;a=\"b\"\r\nabc\r\n00a \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    for piece in 1..octets.len() {
        let read = requests(octets, piece).unwrap();
        assert_eq!(&*read[0].body, b"abc0123456789");
        assert_eq!(read[0].headers.get("Trailer"), None);
    }
}

#[test]
fn equal_lengths_are_one_length() {
    let octets =
        b"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 1, 1\r\ncontent-length: 1\r\n\r\nx";
    assert_eq!(&*requests(octets, 99).unwrap()[0].body, b"x");
}

/// The body that comes out, or why none does.
type Read = Result<&'static [u8], Fault>;

#[test]
fn who_has_a_body_and_where_it_ends() {
    let table: [(&[u8], Read); 9] = [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", Ok(b"ab")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", Ok(b"ab")),
        (b"HTTP/1.0 200\r\n\r\nuntil the end", Ok(b"until the end")),
        (b"HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\n", Ok(b"")),
        (b"HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\n", Ok(b"")),
        (b"HTTP/1.1 103 Soon\r\nContent-Length: 2\r\n\r\n", Ok(b"")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", Err(Fault::Truncated)),
        (b"HTTP/1.1 20 OK\r\n\r\n", Err(Fault::StatusLine)),
        (b"HTTP/3.1 200 OK\r\n\r\n", Err(Fault::Version)),
    ];
    for (octets, body) in table {
        for piece in 1..octets.len() {
            let read = responses(octets, piece).map(|read| read[0].body.clone());
            assert_eq!(read.as_deref(), body.as_ref().map(|body| &**body));
        }
    }
    let mut reader = Reader::<Response>::new(Limits::default());
    reader.answers_head(true);
    let mut input = chunk("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nHTTP");
    assert!(matches!(reader.read(&mut input), Ok(Some(Part::Head(_)))));
    assert_eq!(reader.read(&mut input), Ok(Some(Part::End)), "the answer to HEAD has no body");
}

#[test]
fn what_is_emitted_states_its_length() {
    let text = |chunk: Chunk| String::from_utf8(chunk.to_vec()).unwrap();
    let get = Request::new(Method::Get, "/").with("Host", "b");
    assert_eq!(text(get.emit()), "GET / HTTP/1.1\r\nHost: b\r\n\r\n");
    let post = Request::new(Method::Post, "/");
    assert_eq!(text(post.emit()), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    let ok = Response::new(Status::OK).with_body(chunk("hi"));
    assert_eq!(text(ok.emit(false)), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    assert_eq!(text(ok.emit(true)), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    let chunked = ok.with("Transfer-Encoding", "chunked");
    assert!(text(chunked.emit(false)).ends_with(": chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"));
    let none = Response::new(Status::NO_CONTENT).with_body(chunk("hi"));
    assert_eq!(text(none.emit(false)), "HTTP/1.1 204 No Content\r\n\r\n");
}

/// A server, with a shorthand for what it says.
struct Server {
    machine: ServerConnection,
    states: BTreeSet<(ServerState, Trigger, ServerState)>,
}

impl Server {
    fn new() -> Self {
        let config = ServerConfig { waiting_max: 100, ..ServerConfig::default() };
        let machine = ServerConnection::new(Rc::new(config), NOW);
        Self { machine, states: BTreeSet::new() }
    }

    fn said(&mut self, out: Vec<ServerOutput>) -> String {
        let mut said = String::new();
        for output in out {
            match output {
                ServerOutput::Transmit(octets) => {
                    said += str::from_utf8(&octets).unwrap().split("\r\n").next().unwrap();
                    let close = octets.windows(17).any(|w| w == b"Connection: close");
                    said += if close { " (close)|" } else { "|" };
                }
                ServerOutput::Request(request) => {
                    let _ = write!(said, "<{} {}|", request.method, request.target);
                }
                ServerOutput::Upgraded { leftover } => {
                    let _ = write!(said, "up {}|", String::from_utf8_lossy(&leftover));
                }
                ServerOutput::Close => said += "close|",
                ServerOutput::Note(Note::ServerEntered { from, to, on }) => {
                    self.states.insert((from, on, to));
                }
                ServerOutput::Note(_) => {}
            }
        }
        said
    }

    fn handle(&mut self, input: ServerInput) -> String {
        let mut out = Vec::new();
        self.machine.handle(NOW, input, &mut out);
        self.said(out)
    }

    fn octets(&mut self, octets: impl AsRef<[u8]>) -> String {
        self.handle(ServerInput::Received(chunk(octets)))
    }

    fn respond(&mut self, status: Status) -> String {
        self.handle(ServerInput::Respond(Response::new(status)))
    }

    fn wait(&mut self, seconds: u64) -> String {
        let mut out = Vec::new();
        self.machine.on_deadline(NOW + Duration::from_secs(seconds), &mut out);
        self.said(out)
    }
}

const GET: &str = "GET / HTTP/1.1\r\nHost: b\r\n\r\n";

#[test]
fn a_server_keeps_the_connection_and_answers_in_order() {
    let mut server = Server::new();
    assert_eq!(server.octets(&GET[..9]), "");
    assert_eq!(server.octets(&GET[9..]), "<GET /|");
    let two = GET.replace("/ ", "/2 ") + &GET.replace("/ ", "/3 ");
    assert_eq!(server.octets(&two), "", "one at a time");
    assert_eq!(server.respond(Status::OK), "HTTP/1.1 200 OK|<GET /2|");
    assert_eq!(server.respond(Status::NOT_FOUND), "HTTP/1.1 404 Not Found|<GET /3|");
    assert_eq!(server.respond(Status::OK), "HTTP/1.1 200 OK|");
    assert_eq!(server.respond(Status::OK), "", "nothing is owed");
    assert_eq!(server.machine.state(), ServerState::Idle);
}

#[test]
fn close_and_http_1_0_end_it_and_keep_alive_keeps_it() {
    let asked = |text: &str| {
        let mut server = Server::new();
        server.octets(text);
        server.respond(Status::OK)
    };
    let closed = "HTTP/1.1 200 OK (close)|close|";
    assert_eq!(asked("GET / HTTP/1.1\r\nHost: b\r\nConnection: x, Close\r\n\r\n"), closed);
    assert_eq!(asked("GET / HTTP/1.0\r\n\r\n"), closed);
    assert_eq!(asked("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), "HTTP/1.1 200 OK|");
    let mut server = Server::new();
    server.octets(GET);
    let last = Response::new(Status::OK).with("Connection", "close");
    assert_eq!(server.handle(ServerInput::Respond(last)), closed);
    assert_eq!(server.octets(GET), "", "nothing more is heard");
}

#[test]
fn too_many_pipelined_octets_end_the_connection_with_the_answer() {
    let mut server = Server::new();
    server.octets(GET);
    assert_eq!(server.octets(GET.repeat(9)), "");
    assert_eq!(server.octets(GET), "", "dropped");
    assert_eq!(server.respond(Status::OK), "HTTP/1.1 200 OK (close)|close|");
}

#[test]
fn faults_are_answered_with_their_status_and_the_connection_closed() {
    for (octets, status) in [
        ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request"),
        ("GET / HTTP/9.1\r\n", "505 HTTP Version Not Supported"),
        ("POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 9999999\r\n\r\n", "413 Content Too Large"),
    ] {
        let mut server = Server::new();
        assert_eq!(server.octets(octets), format!("HTTP/1.1 {status} (close)|close|"));
    }
}

#[test]
fn an_upgrade_gives_all_octets_behind_the_head_to_the_other_protocol() {
    let upgrade = "GET / HTTP/1.1\r\nHost: b\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n";
    let mut server = Server::new();
    assert_eq!(server.octets(upgrade.to_owned() + "early"), "<GET /|");
    server.octets(" more");
    let mut other = Server { machine: server.machine.clone(), states: BTreeSet::new() };
    let switched = server.respond(Status::SWITCHING_PROTOCOLS);
    assert_eq!(switched, "HTTP/1.1 101 Switching Protocols|up early more|");
    assert_eq!(server.octets("x") + &server.respond(Status::OK), "");
    assert_eq!(other.handle(ServerInput::HandOver), "up early more|");
    let mut deaf = Server::new();
    deaf.octets(upgrade);
    assert_eq!(deaf.respond(Status::OK), "HTTP/1.1 200 OK|", "as if it were not asked");
}

#[test]
fn a_client_that_waits_for_it_is_told_to_continue() {
    let mut server = Server::new();
    let head = "POST / HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
    assert_eq!(server.octets(head), "HTTP/1.1 100 Continue|");
    assert_eq!(server.octets("x"), "<POST /|");
}

#[test]
fn a_half_closed_client_still_gets_its_answers() {
    let mut server = Server::new();
    server.octets(GET.repeat(2));
    assert_eq!(server.handle(ServerInput::PeerClosed), "");
    assert_eq!(server.respond(Status::OK), "HTTP/1.1 200 OK|<GET /|");
    assert_eq!(server.respond(Status::OK), "HTTP/1.1 200 OK (close)|close|");
}

#[test]
fn silence_closes_and_a_slow_request_is_answered_with_408() {
    let mut server = Server::new();
    assert_eq!(server.wait(59) + &server.wait(60), "close|");
    let mut slow = Server::new();
    slow.octets("G");
    assert_eq!(slow.machine.deadline(), Some(NOW + Duration::from_secs(30)));
    slow.octets("ET / ");
    assert_eq!(slow.wait(30), "HTTP/1.1 408 Request Timeout (close)|close|");
    assert_eq!(slow.machine.deadline(), None);
}

#[test]
fn every_edge_of_the_server_is_reached_and_no_other() {
    let mut reached = BTreeSet::new();
    let plays: [fn(&mut Server); 9] = [
        |s| _ = (s.octets(GET), s.respond(Status::OK)),
        |s| _ = (s.octets("GET / HTTP/1.0\r\n\r\n"), s.respond(Status::OK)),
        |s| _ = (s.octets(GET), s.handle(ServerInput::HandOver)),
        |s| _ = s.octets("\n"),
        |s| _ = s.octets("?\r\n"),
        |s| _ = s.handle(ServerInput::PeerClosed),
        |s| _ = (s.octets("G"), s.handle(ServerInput::PeerClosed)),
        |s| _ = s.wait(60),
        |s| _ = (s.octets("G"), s.wait(30)),
    ];
    for play in plays {
        let mut server = Server::new();
        play(&mut server);
        reached.extend(server.states);
    }
    assert_eq!(reached, ServerState::EDGES.iter().copied().collect());
}

/// A client, with a shorthand for what it says.
struct Client {
    machine: ClientConnection,
    states: BTreeSet<(ClientState, Trigger, ClientState)>,
}

impl Client {
    fn new() -> Self {
        let machine = ClientConnection::new(Rc::new(ClientConfig::default()));
        Self { machine, states: BTreeSet::new() }
    }

    fn said(&mut self, out: Vec<ClientOutput>) -> String {
        let mut said = Vec::new();
        for output in out {
            said.push(match output {
                ClientOutput::Transmit(_) => "sent|".into(),
                ClientOutput::Response(response) => {
                    format!("{} {}|", response.status.0, String::from_utf8_lossy(&response.body))
                }
                ClientOutput::Upgraded { response, leftover } => {
                    format!("up {} {}|", response.status.0, String::from_utf8_lossy(&leftover))
                }
                ClientOutput::Failed(why) => format!("{why}|"),
                ClientOutput::Close => "close|".into(),
                ClientOutput::Note(Note::ClientEntered { from, to, on }) => {
                    self.states.insert((from, on, to));
                    String::new()
                }
                ClientOutput::Note(_) => String::new(),
            });
        }
        said.concat()
    }

    fn handle(&mut self, input: ClientInput) -> String {
        let mut out = Vec::new();
        self.machine.handle(NOW, input, &mut out);
        self.said(out)
    }

    fn ask(&mut self) -> String {
        self.handle(ClientInput::Request(Request::new(Method::Get, "/").with("Host", "b")))
    }

    fn octets(&mut self, octets: &str) -> String {
        self.handle(ClientInput::Received(chunk(octets)))
    }

    fn wait(&mut self) -> String {
        let mut out = Vec::new();
        self.machine.on_deadline(NOW + Duration::from_secs(60), &mut out);
        self.said(out)
    }
}

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

#[test]
fn a_client_asks_again_on_the_same_connection() {
    let mut client = Client::new();
    for _ in 0..2 {
        assert_eq!(client.ask(), "sent|");
        assert_eq!(client.ask(), "the connection was not free for a request|");
        assert_eq!(client.octets("HTTP/1.1 103 Early Hints\r\n\r\n"), "");
        assert_eq!(client.octets(&OK[..40]) + &client.octets(&OK[40..]), "200 hi|");
    }
    client.ask();
    let last = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    assert_eq!(client.octets(last) + &client.octets("hi"), "");
    assert_eq!(client.handle(ClientInput::PeerClosed), "200 hi|close|");
}

#[test]
fn a_client_gives_what_is_behind_101_to_the_other_protocol() {
    let mut client = Client::new();
    client.ask();
    assert_eq!(client.octets("HTTP/1.1 101 X\r\n\r\nearly"), "up 101 early|");
    assert_eq!((client.octets("more"), client.machine.deadline()), (String::new(), None));
}

#[test]
fn what_nobody_asked_for_closes_the_connection() {
    let mut client = Client::new();
    assert_eq!(client.octets(OK), "close|");
    let mut client = Client::new();
    client.ask();
    assert_eq!(client.octets(&OK.repeat(2)), "200 hi|close|");
}

#[test]
fn every_edge_of_the_client_is_reached_and_no_other() {
    let mut reached = BTreeSet::new();
    let plays: [fn(&mut Client); 11] = [
        |c| _ = (c.ask(), c.octets(OK)),
        |c| _ = (c.ask(), c.octets("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")),
        |c| _ = (c.ask(), c.octets("HTTP/1.1 101 X\r\n\r\n")),
        |c| _ = c.octets("x"),
        |c| _ = (c.ask(), c.octets("x\r\n")),
        |c| {
            c.ask();
            c.octets("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n");
        },
        |c| _ = c.handle(ClientInput::PeerClosed),
        |c| _ = (c.ask(), c.handle(ClientInput::PeerClosed)),
        |c| _ = (c.ask(), c.octets(HALF), c.handle(ClientInput::PeerClosed)),
        |c| _ = (c.ask(), c.wait()),
        |c| _ = (c.ask(), c.octets(HALF), c.wait()),
    ];
    for play in plays {
        let mut client = Client::new();
        play(&mut client);
        reached.extend(client.states);
    }
    assert_eq!(reached, ClientState::EDGES.iter().copied().collect());
}

#[test]
fn a_note_is_small_and_has_both_voices() {
    use crate::stack::Telling as _;
    assert!(size_of::<Note>() <= 16);
    for note in [Note::Continue, Note::Refused(Fault::NoHost), Note::Unasked { octets: 1 }] {
        assert!(!note.to_string().is_empty() && note.friend().is_some());
        assert!(note.source().starts_with("RFC "));
    }
}

proptest! {
    #[test]
    fn what_is_emitted_is_read_again_however_it_is_cut(
        headers in prop::collection::vec(("[A-Z][a-z-]{1,9}x", "([!-~]{1,9}( [!-~]{1,5})?)?"), 0..5),
        body in prop::collection::vec(any::<u8>(), 0..9000),
        chunked: bool,
        piece in 1usize..5000,
    ) {
        let mut request = Request::new(Method::Put, "/a").with("Host", "b").with_body(chunk(&body));
        let mut response = Response::new(Status::OK).with_body(chunk(&body));
        if chunked {
            request.headers.push("Transfer-Encoding", "chunked");
            response.headers.push("Transfer-Encoding", "chunked");
        }
        for (name, value) in &headers {
            request.headers.push(name.as_str(), value.as_str());
            response.headers.push(name.as_str(), value.as_str());
        }
        let mut read = requests(&request.emit(), piece).unwrap().remove(0);
        let mut answer = responses(&response.emit(false), piece).unwrap().remove(0);
        if !chunked {
            let length = body.len().to_string();
            request.headers.push("Content-Length", length.as_str());
            response.headers.push("Content-Length", length.as_str());
        }
        prop_assert_eq!(std::mem::take(&mut read.body), chunk(&body));
        prop_assert_eq!(std::mem::take(&mut answer.body), chunk(&body));
        (request.body, response.body) = (Chunk::EMPTY, Chunk::EMPTY);
        prop_assert_eq!(read, request);
        prop_assert_eq!(answer, response);
    }

    #[test]
    fn arbitrary_octets_keep_within_the_limits_and_cuts_do_not_matter(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..20),
                Just(GET.as_bytes().to_vec()),
                Just(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()),
                Just(b"5\r\nabcde\r\n".to_vec()),
            ],
            0..12,
        ),
        cut in 1usize..40,
    ) {
        let octets = pieces.concat();
        prop_assert_eq!(requests(&octets, cut), requests(&octets, usize::MAX));
        prop_assert_eq!(responses(&octets, cut), responses(&octets, usize::MAX));
        let (mut server, mut client) = (Server::new(), Client::new());
        client.ask();
        for piece in octets.chunks(cut) {
            server.octets(piece);
            client.handle(ClientInput::Received(chunk(piece)));
            prop_assert!(server.machine.waiting() <= 100);
        }
    }
}
