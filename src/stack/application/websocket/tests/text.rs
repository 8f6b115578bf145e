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

/// Text, and octets that are none, of 6.5 to 6.23 by their kinds.
fn good_sequences() -> Vec<Vec<u8>> {
    let texts = [
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
    ];
    // 6.22 non-characters, 6.23 specials: strange, and allowed.
    let planes = (0..=0x10).flat_map(|plane| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
    let codes = planes.chain(0xfff9..=0xffff).chain(0xfdd0..=0xfdef);
    let strange = codes.map(|code| char::from_u32(code).unwrap().to_string());
    texts.map(str::to_owned).into_iter().chain(strange).map(String::into_bytes).collect()
}

/// 6.8, 6.10, 6.11: beyond the last character; 6.16: octets that no text has; 6.17 to 6.19: more
/// octets than the character needs.
const BAD: [&[u8]; 24] = [
    b"\xf8\x88\x80\x80\x80",
    b"\xfc\x84\x80\x80\x80\x80",
    b"\xf7\xbf\xbf\xbf",
    b"\xfb\xbf\xbf\xbf\xbf",
    b"\xfd\xbf\xbf\xbf\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xfe",
    b"\xff",
    b"\xfe\xfe\xff\xff",
    b"\xc0\xaf",
    b"\xe0\x80\xaf",
    b"\xf0\x80\x80\xaf",
    b"\xf8\x80\x80\x80\xaf",
    b"\xfc\x80\x80\x80\x80\xaf",
    b"\xc1\xbf",
    b"\xe0\x9f\xbf",
    b"\xf0\x8f\xbf\xbf",
    b"\xf8\x87\xbf\xbf\xbf",
    b"\xfc\x83\xbf\xbf\xbf\xbf",
    b"\xc0\x80",
    b"\xe0\x80\x80",
    b"\xf0\x80\x80\x80",
    b"\xf8\x80\x80\x80\x80",
    b"\xfc\x80\x80\x80\x80\x80",
];

/// 6.14: the last octet is missing.
const CUT: [&[u8]; 10] = [
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

/// 6.20: surrogates.
const SURROGATES: [&[u8]; 7] = [
    b"\xed\xa0\x80",
    b"\xed\xad\xbf",
    b"\xed\xae\x80",
    b"\xed\xaf\xbf",
    b"\xed\xb0\x80",
    b"\xed\xbe\x80",
    b"\xed\xbf\xbf",
];

fn bad_sequences() -> Vec<Vec<u8>> {
    let mut bad = [&BAD[..], &CUT, &SURROGATES].concat().iter().map(|one| one.to_vec()).collect();
    let more: &mut Vec<_> = &mut bad;
    // 6.12: continuations of nothing, 6.13: beginnings without an end.
    more.extend((0x80..=0xff).flat_map(|octet| [vec![octet], vec![octet, b' ']]));
    // 6.15: cut ones in a row. 6.21: surrogates in pairs.
    more.push(CUT.concat());
    more.extend(SURROGATES.map(|first| [first, SURROGATES[4]].concat()));
    bad
}

#[test]
fn groups_6_5_to_6_23_every_sequence_is_judged_rightly() {
    let greek = "κόσμε".as_bytes();
    // 6.6: what a text may and must not end with.
    let (good, bad): (Vec<_>, Vec<_>) = (0..greek.len())
        .map(|end| greek[..end].to_vec())
        .partition(|prefix| str::from_utf8(prefix).is_ok());
    for octets in good.into_iter().chain(good_sequences()) {
        let said = format!("text {}", octets.escape_ascii());
        assert_eq!(End::echo().octets(frame(0x81, &octets)), said.trim_end());
    }
    for octets in bad.into_iter().chain(bad_sequences()) {
        assert_eq!(End::echo().octets(frame(0x81, &octets)), FAILED, "{octets:x?}");
    }
}
