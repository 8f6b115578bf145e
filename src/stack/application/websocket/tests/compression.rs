//! Autobahn groups 12 and 13 in small sizes: two ends that compress.

use super::*;

/// A client and a server that are open, with what each has set.
fn pair(client: Config, server: Config) -> (End, End) {
    let mut client = End::asking(client);
    let mut server = End::new(Connection::server(Rc::new(server)));
    let asked = client.run(Input::Open).wire;
    let answered = server.run(Input::Received(chunk(asked))).wire;
    client.octets(answered);
    assert_eq!((client.machine.state(), server.machine.state()), (State::Open, State::Open));
    (client, server)
}

fn compressed(parameters: Parameters) -> Config {
    Config { deflate: Some(parameters), ..Config::default() }
}

/// Parameters by number: both flags, and small, middle or large windows on each side.
fn parameters(n: u8) -> Parameters {
    let bits = [9, 11, 15];
    Parameters {
        server_no_context_takeover: n & 1 != 0,
        client_no_context_takeover: n & 2 != 0,
        server_max_window_bits: bits[usize::from(n / 4 % 3)],
        client_max_window_bits: bits[usize::from(n / 12 % 3)],
    }
}

#[test]
fn groups_12_and_13_messages_arrive_with_all_parameters() {
    for n in 0..36 {
        let (mut client, mut server) =
            pair(compressed(parameters(n)), compressed(parameters(n / 5)));
        for round in 0..4 {
            for size in [0, 16, 600, 3000] {
                let text = format!("{:3} ", size * round % 97).repeat(size / 4);
                let message = Message::text(&text);
                let wire = client.run(Input::Send(message.clone())).wire;
                assert_eq!(wire[0], 0xc1, "FIN, RSV1, text");
                let got = server.run(Input::Received(chunk(wire))).messages;
                assert_eq!(got, std::slice::from_ref(&message));
                let wire = server.run(Input::Send(message.clone())).wire;
                let got = client.run(Input::Received(chunk(wire))).messages;
                assert_eq!(got, [message]);
            }
        }
    }
}

#[test]
fn a_repeated_message_is_short_if_the_window_stays_and_not_if_it_goes() {
    let text = "once upon a time there was a packet that wanted to see the world";
    for (forgets, shorter) in [(false, true), (true, false)] {
        let own = Parameters { client_no_context_takeover: forgets, ..Parameters::default() };
        let (mut client, _) = pair(compressed(own), compressed(Parameters::default()));
        let sizes = [(); 2].map(|()| client.run(Input::Send(Message::text(text))).wire.len());
        assert_eq!(sizes[1] < sizes[0] / 2, shorter, "{sizes:?}");
    }
}

#[test]
fn a_compressed_message_in_fragments_has_rsv1_on_the_first_only() {
    let config = Config { fragment_max: Some(10), ..compressed(Parameters::default()) };
    let (mut client, mut server) = pair(config, compressed(Parameters::default()));
    let message = Message::text("abcdefghijklmnopqrstuvwxyz");
    let mut out = Vec::new();
    client.machine.handle(NOW, Input::Send(message.clone()), &mut out);
    let mut frames: Vec<Chunk> = Vec::new();
    for output in out {
        if let Output::Transmit(octets) = output {
            frames.push(octets);
        }
    }
    let starts: Vec<u8> = frames.iter().map(|frame| frame[0]).collect();
    assert_eq!(starts, [0x41, 0x00, 0x80]);
    let last = frames.pop().unwrap();
    for frame in frames {
        assert_eq!(server.order(Input::Received(frame)), "");
        assert_eq!(server.octets(super::frame(0x89, b"between")), "pong between");
    }
    assert_eq!(server.run(Input::Received(last)).messages, [message]);
}

#[test]
fn parts_of_a_program_are_compressed_each_for_itself() {
    let (mut client, mut server) =
        pair(compressed(Parameters::default()), compressed(Parameters::default()));
    let mut got = Vec::new();
    for (text, last) in [("part ", false), ("", false), ("part", true)] {
        let octets = chunk(text);
        let wire = client.run(Input::SendFragment { text: true, octets, last }).wire;
        got.extend(server.run(Input::Received(chunk(wire))).messages);
    }
    assert_eq!(got, [Message::text("part part")]);
}

#[test]
fn plain_messages_may_stand_between_compressed_ones() {
    let (_, mut server) =
        pair(compressed(Parameters::default()), compressed(Parameters::default()));
    let hello = b"\xf2\x48\xcd\xc9\xc9\x07\x00";
    assert_eq!(server.octets(frame(0xc1, hello)), "got Hello");
    assert_eq!(server.octets(frame(0x81, b"plain")), "got plain");
    assert_eq!(server.octets(frame(0xc1, b"\xf2\x00\x11\x00\x00")), "got Hello");
}

#[test]
fn compression_is_only_used_when_both_like() {
    let (mut client, mut server) = pair(compressed(Parameters::default()), Config::default());
    let wire = client.run(Input::Send(Message::text("x"))).wire;
    assert_eq!(wire[0], 0x81);
    let failed = "close 1002 a reserved bit is set, fin";
    assert_eq!(server.octets(frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00")), failed);
    let (_, mut server) =
        pair(compressed(Parameters::default()), compressed(Parameters::default()));
    server.octets(frame(0x41, b""));
    assert_eq!(server.octets(frame(0xc0, b"")), failed, "not on a continuation");
    let (_, mut server) =
        pair(compressed(Parameters::default()), compressed(Parameters::default()));
    assert_eq!(server.octets(frame(0xc9, b"")), failed, "not on a ping");
}

#[test]
fn a_bomb_fails_with_1009_and_nonsense_with_1007() {
    let small = || Config { message_max: 10_000, ..compressed(Parameters::default()) };
    let bomb = Message::Binary(chunk(vec![0; 1 << 20]));
    let (mut client, mut server) = pair(compressed(Parameters::default()), small());
    let wire = client.run(Input::Send(bomb)).wire;
    assert!(wire.len() < 2000);
    assert_eq!(server.octets(wire), "close 1009 a message is too large, fin");
    let (_, mut server) = pair(compressed(Parameters::default()), small());
    let failed = "close 1007 a compressed message does not inflate, fin";
    assert_eq!(server.octets(frame(0xc1, b"\xff\xff\xff")), failed);
    let (_, mut server) = pair(compressed(Parameters::default()), small());
    let not_text = b"\x00\x01\x00\xfe\xff\xff\x00";
    assert_eq!(server.octets(frame(0xc1, not_text)), "close 1007 text that is not UTF-8, fin");
}
