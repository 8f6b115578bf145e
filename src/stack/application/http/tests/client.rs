//! A client's end.

use super::*;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A client, with a shorthand for what it says.
pub(super) struct Client {
    pub(super) machine: ClientConnection,
    states: BTreeSet<(ClientState, Trigger, ClientState)>,
}

impl Client {
    pub(super) fn new() -> Self {
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

    pub(super) fn handle(&mut self, input: ClientInput) -> String {
        let mut out = Vec::new();
        self.machine.handle(NOW, input, &mut out);
        self.said(out)
    }

    pub(super) fn ask(&mut self) -> String {
        self.handle(ClientInput::Request(Request::new(Method::Get, "/").with("Host", "b")))
    }

    pub(super) fn octets(&mut self, octets: &str) -> String {
        self.handle(ClientInput::Received(chunk(octets)))
    }

    pub(super) fn wait(&mut self) -> String {
        let mut out = Vec::new();
        self.machine.on_deadline(NOW + Duration::from_secs(60), &mut out);
        self.said(out)
    }
}

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
