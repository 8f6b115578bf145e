//! Autobahn groups 9 and 10 in small sizes, and what a peer cannot make an end keep.

use super::*;

#[test]
fn group_9_long_messages_whole_in_fragments_and_in_small_writes() {
    let text = "x".repeat(64 << 10);
    let said = "text of 65536";
    assert_eq!(End::echo().octets(frame(0x81, &text)), said);
    for size in [64, 256, 1024, 65_536] {
        let mut octets: Vec<u8> =
            text.as_bytes().chunks(size).fold(Vec::new(), |mut all, piece| {
                all.extend(frame(u8::from(all.is_empty()), piece));
                all
            });
        octets.extend(frame(0x80, b""));
        assert_eq!(End::echo().octets(&octets), said, "fragments of {size}");
    }
    for write in [64, 128, 256, 512, 1024, 2048] {
        assert_eq!(End::echo().pieces(&frame(0x81, &text), write), said);
    }
    for size in [0, 16, 64, 256, 1024, 4096] {
        let (mut end, octets) = (End::echo(), frame(0x82, vec![1; size]));
        let first = end.octets(&octets);
        assert!((1..100).all(|_| end.octets(&octets) == first));
    }
}

#[test]
fn group_10_a_message_in_fragments_of_1300() {
    let octets: Vec<u8> = (0..=50)
        .map(|n: usize| (u8::from(n == 0) | u8::from(n == 50) << 7, (65_536 - n * 1300).min(1300)))
        .flat_map(|(start, size)| frame(start, vec![b'*'; size]))
        .collect();
    assert_eq!(End::echo().octets(octets), "text of 65536");
}

#[test]
fn a_frame_that_is_too_long_is_refused_at_its_header() {
    let config = Config { frame_max: 100, message_max: 150, ..Config::default() };
    let frame_failed = "close 1009 a frame is too large, fin";
    let message_failed = "close 1009 a message is too large, fin";
    let header = |start: u8, length| {
        let mut octets = Vec::new();
        let opcode = Opcode::from_bits(start);
        let fin = start & 0x80 != 0;
        Header { fin, rsv: 0, opcode, mask: Some(KEY), length }.emit(&mut octets);
        octets
    };
    for length in [101, 1 << 20, (1 << 63) - 1] {
        let mut end = End::server(config.clone());
        assert_eq!(end.octets(header(0x82, length)), frame_failed);
    }
    let mut end = End::server(config.clone());
    assert_eq!(end.octets(frame(0x02, [0; 100])), "");
    assert_eq!(end.octets(header(0x00, 51)), message_failed, "no payload is waited for");
    let mut end = End::server(config);
    end.octets(frame(0x02, [0; 100]));
    assert_eq!(end.octets(frame(0x80, [0; 50])), "got 150 octets");
}

#[test]
fn endless_fragments_end_at_the_limit() {
    let mut end = End::server(Config { message_max: 1000, ..Config::default() });
    end.octets(frame(0x02, b"x"));
    let fragments = (0..200).take_while(|_| end.octets(frame(0x00, [0; 10])).is_empty()).count();
    assert_eq!(fragments, 99);
}

#[test]
fn a_head_without_end_is_refused() {
    let mut server = End::new(Connection::server(Rc::new(Config::default())));
    server.octets("GET / HTTP/1.1\r\n");
    let lines = (0..200).take_while(|_| server.octets("A: b\r\n").is_empty()).count();
    assert_eq!(lines, 100);
    assert_eq!(server.machine.state(), State::Closing);
}
