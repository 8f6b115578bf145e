//! The opening handshake, octet by octet.

use super::*;

#[test]
fn a_server_that_listens_reads_the_request_and_what_is_behind_it() {
    let octets = [&request().emit()[..], &frame(0x81, b"early")].concat();
    for piece in 1..octets.len() {
        let mut server = End::new(Connection::server(Rc::new(Config::default())));
        assert_eq!(server.order(Input::Open), "");
        assert_eq!(server.pieces(&octets, piece), "http 101, opened, got early");
    }
}

#[test]
fn a_server_that_was_given_the_request_answers_when_it_is_opened() {
    let machine = Connection::server_for(Rc::new(Config::default()), request());
    let mut server = End::new(machine);
    assert_eq!(server.order(Input::Open), "http 101, opened");
    assert_eq!(server.octets(frame(0x81, b"left over")), "got left over");
    assert_eq!(server.order(Input::Open), "");
}

#[test]
fn a_request_that_is_not_for_websocket_is_refused_and_tcp_closed() {
    let config = Config { origins: vec!["http://good".into()], ..Config::default() };
    let mut old = request();
    old.headers.set("Sec-WebSocket-Version", "8");
    for (octets, said) in [
        (
            request().with("Origin", "http://evil").emit(),
            "http 403, refused: the origin is not allowed here, fin",
        ),
        (old.emit(), "http 426, refused: the version is not 13, fin"),
        (chunk("GET / HTTP/1.1\r\n\r\n"), "http 400, refused: there is no Host, fin"),
        (chunk("\n"), "http 400, refused: a line ends with LF alone, fin"),
        (chunk(vec![b'x'; 10_000]), "http 414, refused: the start line is too long, fin"),
    ] {
        let mut server = End::new(Connection::server(Rc::new(config.clone())));
        assert_eq!(server.order(Input::Received(octets)), said);
        assert_eq!(server.octets(frame(0x81, b"ignored")), "");
        assert_eq!(server.order(Input::PeerClosed), "closed 1006 not clean");
    }
}

#[test]
fn a_client_asks_checks_and_reads_what_is_behind_the_answer() {
    let mut asking = End::asking(Config::default());
    let asked = String::from_utf8(asking.run(Input::Open).wire).unwrap();
    let key = asked.split("Key: ").nth(1).unwrap().split('\r').next().unwrap();
    let hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
    let octets =
        [hint.as_bytes(), handshake_answer(key).as_bytes(), &raw(Role::Server, 0x81, b"x")]
            .concat();
    for piece in 1..octets.len() {
        let mut client = End::new(asking.machine.clone());
        assert_eq!(client.pieces(&octets, piece), "opened, got x");
    }
}

#[test]
fn a_client_refuses_other_answers_and_says_their_status() {
    for (octets, said) in [
        ("HTTP/1.1 404 Not Found\r\n\r\n", "refused: the server answered 404 Not Found, fin"),
        ("HTTP/1.1 101 X\r\n\r\n", "refused: Upgrade does not name websocket, fin"),
        (&handshake_answer("other"), "refused: the answer to the key is wrong, fin"),
        ("SSH-2.0\r\n", "refused: the status line is not version, status and reason, fin"),
    ] {
        let mut client = End::asking(Config::default());
        assert_eq!(client.order(Input::Open), "get");
        assert_eq!(client.octets(octets), said);
        assert_eq!(client.order(Input::PeerClosed), "closed 1006 not clean");
    }
}

#[test]
fn a_handshake_that_takes_too_long_is_given_up() {
    let mut client = End::asking(Config::default());
    client.order(Input::Open);
    assert_eq!(client.wait(30_000), "rst, closed 1006 not clean");
    let mut server = End::new(Connection::server(Rc::new(Config::default())));
    assert_eq!(server.octets("GET"), "");
    assert_eq!(server.wait(30_000), "rst, closed 1006 not clean");
}

#[test]
fn a_subprotocol_is_agreed_upon() {
    let speaks = |protocols: &[&str]| Config {
        protocols: protocols.iter().map(|one| (*one).to_owned()).collect(),
        ..Config::default()
    };
    let mut client = End::asking(speaks(&["chat", "echo"]));
    let asked = client.run(Input::Open).wire;
    let mut server = End::new(Connection::server(Rc::new(speaks(&["echo"]))));
    let mut out = Vec::new();
    let answer = server.run(Input::Received(chunk(asked))).wire;
    client.machine.handle(NOW, Input::Received(chunk(answer)), &mut out);
    let protocol = Some("echo".to_owned());
    let opened = Output::Indicate(Indication::Opened { protocol, compressed: false });
    assert!(out.contains(&opened));
}
