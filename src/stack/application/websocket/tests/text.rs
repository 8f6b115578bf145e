//! Autobahn group 6: text is UTF-8, and what is not fails as early as can be known.

use super::*;
use std::str;

const FAILED: &str = "close 1007 text that is not UTF-8, fin";

#[test]
fn group_6_1_empty_fragments_are_fragments() {
    echoes(&[frame(0x81, b"")], "text");
    echoes(&[frame(0x01, b""), frame(0x00, b""), frame(0x80, b"")], "text");
    echoes(&[frame(0x01, b""), frame(0x00, b"middle"), frame(0x80, b"")], "text middle");
}

/// The octets as a message whose fragments have one octet each.
fn octet_by_octet(octets: &[u8]) -> Vec<Vec<u8>> {
    let end = octets.len() - 1;
    let start = |at| u8::from(at == 0) | u8::from(at == end) << 7;
    octets.iter().enumerate().map(|(at, octet)| frame(start(at), [*octet])).collect()
}

#[test]
fn group_6_2_valid_text_may_be_cut_within_a_character() {
    let hello = "Hello-µ@ßöäüàá-UTF-8!!".as_bytes();
    let words = format!("text {}", hello.escape_ascii());
    echoes(&[frame(0x81, hello)], &words);
    echoes(&[frame(0x01, &hello[..12]), frame(0x80, &hello[12..])], &words);
    echoes(&octet_by_octet(hello), &words);
    let greek = "κόσμε".as_bytes();
    echoes(&octet_by_octet(greek), &format!("text {}", greek.escape_ascii()));
}

#[test]
fn group_6_3_invalid_text_fails_with_1007() {
    let bad = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited";
    echoes(&[frame(0x81, bad)], FAILED);
    echoes(&octet_by_octet(bad), FAILED);
}

#[test]
fn group_6_4_invalid_text_fails_at_the_octet_that_shows_it() {
    let (good, bad) = (b"\xce\xba\xe1\xbd\xb9", b"\xf4\x90\x80\x80");
    let mut end = End::echo();
    assert_eq!(end.octets(frame(0x01, good)), "");
    assert_eq!(end.octets(frame(0x00, bad)), FAILED, "in the second of three frames");
    assert_eq!(end.octets(frame(0x80, b"edited")), "");
    let whole = frame(0x81, [&good[..], bad, b"edited"].concat());
    let mut end = End::echo();
    let said: Vec<_> = whole.iter().map(|octet| end.octets([*octet])).collect();
    let at = said.iter().position(|said| !said.is_empty()).unwrap();
    assert_eq!((at, &*said[at]), (6 + 5 + 1, FAILED), "at the octet behind F4");
}

#[test]
fn groups_6_5_to_6_23_every_sequence_is_judged_rightly() {
    let mut good: Vec<Vec<u8>> = [
        "hello$world",
        "hello\u{a2}world",
        "hello\u{20ac}world",
        "hello\u{24b62}world",
        "κόσμε",
        "\0",
        "\u{80}",
        "\u{800}",
        "\u{10000}",
        "\u{7f}",
        "\u{7ff}",
        "\u{ffff}",
        "\u{10ffff}",
        "\u{d7ff}",
        "\u{e000}",
        "\u{fffd}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    // 6.22 non-characters, 6.23 specials: strange, and allowed.
    let planes = (0..=0x10).flat_map(|plane| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
    for code in planes.chain(0xfff9..=0xffff).chain(0xfdd0..=0xfdef) {
        good.push(char::from_u32(code).unwrap().to_string().into_bytes());
    }
    let mut bad: Vec<Vec<u8>> = vec![
        // 6.8, 6.10, 6.11: what lies beyond the last character.
        b"\xf8\x88\x80\x80\x80".into(),
        b"\xfc\x84\x80\x80\x80\x80".into(),
        b"\xf7\xbf\xbf\xbf".into(),
        b"\xfb\xbf\xbf\xbf\xbf".into(),
        b"\xfd\xbf\xbf\xbf\xbf\xbf".into(),
        b"\xf4\x90\x80\x80".into(),
        // 6.16: octets that no text has.
        b"\xfe".into(),
        b"\xff".into(),
        b"\xfe\xfe\xff\xff".into(),
        // 6.17 to 6.19: more octets than the character needs.
        b"\xc0\xaf".into(),
        b"\xe0\x80\xaf".into(),
        b"\xf0\x80\x80\xaf".into(),
        b"\xf8\x80\x80\x80\xaf".into(),
        b"\xfc\x80\x80\x80\x80\xaf".into(),
        b"\xc1\xbf".into(),
        b"\xe0\x9f\xbf".into(),
        b"\xf0\x8f\xbf\xbf".into(),
        b"\xf8\x87\xbf\xbf\xbf".into(),
        b"\xfc\x83\xbf\xbf\xbf\xbf".into(),
        b"\xc0\x80".into(),
        b"\xe0\x80\x80".into(),
        b"\xf0\x80\x80\x80".into(),
        b"\xf8\x80\x80\x80\x80".into(),
        b"\xfc\x80\x80\x80\x80\x80".into(),
    ];
    // 6.6: what a text must not end with.
    let greek = "κόσμε".as_bytes();
    for end in 0..greek.len() {
        let list = if str::from_utf8(&greek[..end]).is_ok() { &mut good } else { &mut bad };
        list.push(greek[..end].to_vec());
    }
    // 6.12: continuations of nothing, 6.13: beginnings without an end.
    for octet in 0x80..=0xff_u8 {
        bad.push(vec![octet]);
        bad.push(vec![octet, b' ']);
    }
    // 6.14: the last octet is missing. 6.15: all of them in a row.
    let cut: [&[u8]; 10] = [
        b"\xc0",
        b"\xe0\x80",
        b"\xf0\x80\x80",
        b"\xf8\x80\x80\x80",
        b"\xfc\x80\x80\x80\x80",
        b"\xdf",
        b"\xef\xbf",
        b"\xf7\xbf\xbf",
        b"\xfb\xbf\xbf\xbf",
        b"\xfd\xbf\xbf\xbf\xbf",
    ];
    bad.extend(cut.map(<[u8]>::to_vec));
    bad.push(cut.concat());
    // 6.20, 6.21: surrogates, alone and in pairs.
    let surrogates: [&[u8]; 7] = [
        b"\xed\xa0\x80",
        b"\xed\xad\xbf",
        b"\xed\xae\x80",
        b"\xed\xaf\xbf",
        b"\xed\xb0\x80",
        b"\xed\xbe\x80",
        b"\xed\xbf\xbf",
    ];
    bad.extend(surrogates.map(<[u8]>::to_vec));
    bad.extend(surrogates.map(|first| [first, surrogates[4]].concat()));
    for octets in good {
        let said = format!("text {}", octets.escape_ascii());
        assert_eq!(End::echo().octets(frame(0x81, &octets)), said.trim_end());
    }
    for octets in bad {
        assert_eq!(End::echo().octets(frame(0x81, &octets)), FAILED, "{octets:x?}");
    }
}
