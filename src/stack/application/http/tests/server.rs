//! A server's end.

use super::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

/// A server, with a shorthand for what it says.
pub(super) struct Server {
    pub(super) machine: ServerConnection,
    states: BTreeSet<(ServerState, Trigger, ServerState)>,
}

impl Server {
    pub(super) fn new() -> Self {
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

    pub(super) fn handle(&mut self, input: ServerInput) -> String {
        let mut out = Vec::new();
        self.machine.handle(NOW, input, &mut out);
        self.said(out)
    }

    pub(super) fn octets(&mut self, octets: impl AsRef<[u8]>) -> String {
        self.handle(ServerInput::Received(chunk(octets)))
    }

    pub(super) fn respond(&mut self, status: Status) -> String {
        self.handle(ServerInput::Respond(Response::new(status)))
    }

    fn begin(&mut self) -> String {
        self.handle(ServerInput::Begin(Response::new(Status::OK)))
    }

    pub(super) fn wait(&mut self, seconds: u64) -> String {
        let mut out = Vec::new();
        self.machine.on_deadline(NOW + Duration::from_secs(seconds), &mut out);
        self.said(out)
    }
}

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
    let plays: [fn(&mut Server); 11] = [
        |s| _ = (s.octets(GET), s.respond(Status::OK)),
        |s| _ = (s.octets("GET / HTTP/1.0\r\n\r\n"), s.respond(Status::OK)),
        |s| _ = (s.octets(GET), s.begin(), s.handle(ServerInput::Finish)),
        |s| _ = (s.octets("GET / HTTP/1.0\r\n\r\n"), s.begin(), s.handle(ServerInput::Finish)),
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
