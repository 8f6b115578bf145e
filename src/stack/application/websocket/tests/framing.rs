//! Autobahn groups 1 to 4: framing, pings and pongs, reserved bits, opcodes.

use super::*;

#[test]
fn group_1_messages_of_all_lengths_are_echoed() {
    for length in [0, 125, 126, 127, 128, 65_535, 65_536] {
        for (start, message) in [
            (0x81, Message::Text(chunk("*".repeat(length)))),
            (0x82, Message::Binary(chunk(vec![0xfe; length]))),
        ] {
            let octets = frame(start, &**message.octets());
            for piece in [octets.len(), 997] {
                let mut end = End::server(Config::default());
                let mut got = Vec::new();
                for piece in octets.chunks(piece) {
                    got.extend(end.run(Input::Received(chunk(piece))).messages);
                }
                assert_eq!(got, std::slice::from_ref(&message));
                let back = end.run(Input::Send(message.clone())).wire;
                assert_eq!(back, raw(Role::Server, start, message.octets()));
                assert_eq!(end.octets(frame(0x88, b"\x03\xe8")), "close 1000, fin");
            }
        }
    }
}

#[test]
fn group_2_pings_are_answered_and_pongs_are_not() {
    let binary = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff";
    echoes(&[frame(0x89, b"")], "pong");
    echoes(&[frame(0x89, b"Hello")], "pong Hello");
    echoes(&[frame(0x89, binary)], r"pong \x00\xff\xfe\xfd\xfc\xfb\x00\xff");
    echoes(&[frame(0x89, [0xfe; 125])], "pong of 125");
    let too_long = "close 1002 a control frame has more than 125 octets, fin";
    echoes(&[frame(0x89, [0xfe; 126])], too_long);
    echoes(&[frame(0x8a, b"")], "ponged");
    echoes(&[frame(0x8a, b"unasked")], "ponged unasked");
    echoes(&[frame(0x8a, b"unasked"), frame(0x89, b"ping")], "ponged unasked, pong ping");
    let pings: Vec<_> = (0..10).map(|n| frame(0x89, format!("payload-{n}"))).collect();
    let pongs: Vec<_> = (0..10).map(|n| format!("pong payload-{n}")).collect();
    echoes(&pings, &pongs.join(", "));
}

#[test]
fn group_3_reserved_bits_fail_with_1002_behind_what_was_good() {
    let failed = "close 1002 a reserved bit is set, fin";
    let good = || frame(0x81, b"good");
    let after_good = format!("text good, {failed}");
    echoes(&[frame(0x81 | 1 << 4, b"bad")], failed);
    for rsv in [2, 3, 4] {
        let bad = frame(0x81 | rsv << 4, b"bad");
        echoes(&[good(), bad, frame(0x89, b"no pong")], &after_good);
    }
    echoes(&[frame(0x82 | 5 << 4, b"bad")], failed);
    echoes(&[frame(0x89 | 6 << 4, b"bad")], failed);
    echoes(&[frame(0x88 | 7 << 4, b"bad")], failed);
}

#[test]
fn group_4_reserved_opcodes_fail_with_1002() {
    let failed = "close 1002 the opcode means nothing, fin";
    for opcode in (3..=7).chain(11..=15) {
        echoes(&[frame(0x80 | opcode, b"")], failed);
        echoes(&[frame(0x80 | opcode, b"reserved")], failed);
        let frames = [frame(0x81, b"good"), frame(0x80 | opcode, b"x"), frame(0x89, b"")];
        echoes(&frames, &format!("text good, {failed}"));
    }
}

#[test]
fn an_unmasked_frame_from_a_client_fails_with_1002() {
    let mut server = End::echo();
    let said = server.octets(raw(Role::Server, 0x81, b"x"));
    assert_eq!(said, "close 1002 a client must mask, fin");
}

#[test]
fn a_masked_frame_from_a_server_fails_with_1002() {
    let mut client = End::client(Config::default());
    assert_eq!(client.octets(frame(0x81, b"x")), "close 1002 a server must not mask, fin");
}

#[test]
fn lengths_in_a_longer_form_or_with_the_top_bit_fail_with_1002() {
    let long = "close 1002 a length is in a longer form than it needs, fin";
    let top = "close 1002 a length has more than 63 bits, fin";
    for (octets, said) in [
        (&b"\x82\xfe\x00\x7d\0\0\0\0"[..], long),
        (b"\x82\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", long),
        (b"\x82\xff\x80\0\0\0\0\0\0\0\0\0\0\0", top),
    ] {
        echoes(&[octets.to_vec()], said);
    }
}

#[test]
fn what_a_server_sends_in_one_piece_is_handed_up_without_a_copy() {
    let mut client = End::client(Config::default());
    let octets = chunk(raw(Role::Server, 0x82, &[7; 100]));
    let messages = client.run(Input::Received(octets.clone())).messages;
    assert!(std::ptr::eq(messages[0].octets().as_ptr(), octets[2..].as_ptr()));
}

#[test]
fn a_client_masks_each_frame_with_a_new_key_and_says_so() {
    let mut client = End::client(Config::default());
    let mut keys = BTreeSet::new();
    for _ in 0..3 {
        let mut out = Vec::new();
        client.machine.handle(NOW, Input::Send(Message::text("hi")), &mut out);
        let [Output::Note(Note::Sent { mask: Some(key), .. }), Output::Transmit(octets)] = &out[..]
        else {
            panic!("{out:?}")
        };
        let (header, len) = Header::parse(octets).unwrap().unwrap();
        assert_eq!((header.mask, header.unmasked(&octets[len..])), (Some(*key), b"hi".to_vec()));
        keys.insert(*key);
    }
    assert_eq!(keys.len(), 3);
}
