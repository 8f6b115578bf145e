//! The machines by transcript and against each other.

mod client;
mod pair;
mod server;

use super::{Arguments, Decoder, Kind, Limits, Packet, Violation};
use crate::base::{Chunk, Duration, Instant};
use crate::stack::application::Message;
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::rc::Rc;

fn at(millis: u64) -> Instant {
    Instant::ZERO + Duration::from_millis(millis)
}

fn octets(octets: &[u8]) -> Message {
    Message::Binary(Chunk::from(octets))
}

/// `#0102` is binary, all else text.
fn message(text: &str) -> Message {
    let hex = |n: usize, text: &str| u8::from_str_radix(&text[n..n + 2], 16).unwrap();
    match text.strip_prefix('#') {
        Some(text) => {
            octets(&(0..text.len()).step_by(2).map(|n| hex(n, text)).collect::<Vec<u8>>())
        }
        None => Message::text(text),
    }
}

fn shown(message: &Message) -> String {
    match message {
        Message::Text(octets) => String::from_utf8(octets.to_vec()).unwrap(),
        Message::Binary(octets) => octets.iter().fold("#".to_owned(), |mut text, octet| {
            write!(text, "{octet:02x}").unwrap();
            text
        }),
    }
}

fn shown_all(messages: &[Message]) -> String {
    messages.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// Arguments as `["a",1]`, then their attachments.
fn shown_arguments(arguments: &Arguments) -> String {
    let mut text = Value::Array(arguments.values.clone()).to_string();
    for chunk in &arguments.attachments {
        write!(text, " {}", shown(&Message::Binary(chunk.clone()))).unwrap();
    }
    text
}

/// The arguments of `["a",1]`.
fn arguments(json: &str) -> Arguments {
    match serde_json::from_str(json).unwrap() {
        Value::Array(values) => Arguments::new(values),
        other => panic!("{other} is no array"),
    }
}

/// Runs the transcript's inputs (`> …`) and compares the whole.
fn check(transcript: &str, mut play: impl FnMut(&str) -> Vec<String>) {
    let lines: Vec<&str> = transcript.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let mut played = Vec::new();
    for line in &lines {
        if let Some(input) = line.strip_prefix("> ") {
            played.push((*line).to_owned());
            played.extend(play(input));
        }
    }
    assert_eq!(played.join("\n"), lines.join("\n"));
}

fn decode(messages: &[Message]) -> Result<Option<Packet>, Violation> {
    let mut decoder = Decoder::new(Limits::default());
    let mut packet = None;
    for message in messages {
        packet = decoder.add(message)?;
    }
    Ok(packet)
}

/// Made with the npm package `socket.io-parser` 4.2, whose tests have most of them.
#[test]
fn packets_are_written_and_read_as_the_reference_does() {
    let packet = |kind, namespace: &str, id, data: Option<Value>| Packet {
        id,
        ..Packet::new(kind, Rc::from(namespace), data)
    };
    let rows = [
        (packet(Kind::Connect, "/", None, None), "0"),
        (
            packet(Kind::Connect, "/woot", None, Some(json!({"token": "123"}))),
            r#"0/woot,{"token":"123"}"#,
        ),
        (packet(Kind::Disconnect, "/", None, None), "1"),
        (packet(Kind::Disconnect, "/woot", None, None), "1/woot,"),
        (packet(Kind::Event, "/", None, Some(json!(["a", 1, {}]))), r#"2["a",1,{}]"#),
        (packet(Kind::Event, "/test", Some(1), Some(json!(["a", 1, {}]))), r#"2/test,1["a",1,{}]"#),
        (packet(Kind::Ack, "/", Some(123), Some(json!(["a", 1, {}]))), r#"3123["a",1,{}]"#),
        (packet(Kind::Ack, "/", Some(0), Some(json!([]))), "30[]"),
        (packet(Kind::Ack, "/", Some((1 << 53) - 1), Some(json!([]))), "39007199254740991[]"),
        (packet(Kind::ConnectError, "/", None, Some(json!("Unauthorized"))), r#"4"Unauthorized""#),
        (
            packet(Kind::ConnectError, "/a", None, Some(json!({"message": "Unauthorized"}))),
            r#"4/a,{"message":"Unauthorized"}"#,
        ),
        (
            packet(Kind::Event, "/", None, Some(json!(["z", {"z": 1, "a": 2.5}]))),
            r#"2["z",{"z":1,"a":2.5}]"#,
        ),
    ];
    for (packet, text) in rows {
        assert_eq!(packet.to_string(), text);
        assert_eq!(decode(&[Message::text(text)]), Ok(Some(packet.clone())));
        assert_eq!(packet.encode(), [Message::text(text)]);
    }
}

#[test]
fn a_namespace_may_end_the_text() {
    let custom = decode(&[Message::text("0/custom")]).unwrap().unwrap();
    assert_eq!((&*custom.namespace, custom.data), ("/custom", None));
}

#[test]
fn octets_are_placeholders_in_the_text_and_attachments_behind_it() {
    let arguments = Arguments::default()
        .with_octets(Chunk::from_static(&[1, 2]))
        .with_octets(Chunk::from_static(&[3]));
    let event = Packet::event(Rc::from("/cool"), Some(23), "a", arguments.clone());
    let text = r#"52-/cool,23["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
    let messages = [Message::text(text), octets(&[1, 2]), octets(&[3])];
    assert_eq!(event.clone().encode(), messages);
    assert_eq!(decode(&messages), Ok(Some(event.clone())));
    assert_eq!(event.into_event(), Ok(("a".to_owned(), arguments.clone())));
    let ack = Packet::ack(Rc::from("/"), 7, arguments);
    assert!(ack.to_string().starts_with("62-7["));
    assert_eq!(decode(&messages[..2]), Ok(None));
}

#[test]
fn row_12_every_malformed_packet_has_its_violation() {
    let deep = format!("2[\"a\",{}1{}]", "[".repeat(200), "]".repeat(200));
    let rows: &[(&str, Violation)] = &[
        ("", Violation::UnknownType),
        ("abc", Violation::UnknownType),
        ("7", Violation::UnknownType),
        ("2", Violation::NoArray),
        ("2{}", Violation::NoArray),
        (r#"2"a""#, Violation::NoArray),
        ("2[", Violation::NotJson),
        (r#"2["a"]x"#, Violation::NotJson),
        (&deep, Violation::NotJson),
        ("2[]", Violation::NoName),
        ("2[{}]", Violation::NoName),
        ("2[1]", Violation::NoName),
        ("2[null]", Violation::NoName),
        (r#"2["connect"]"#, Violation::ReservedName),
        (r#"2["disconnecting"]"#, Violation::ReservedName),
        (r#"2abc["a"]"#, Violation::NotJson),
        (r#"2-1["a"]"#, Violation::NotJson),
        (r#"29007199254740992["a"]"#, Violation::BadId),
        (r#"299999999999999999999999["a"]"#, Violation::BadId),
        ("3[]", Violation::BadId),
        ("3", Violation::NoArray),
        ("31{}", Violation::NoArray),
        (r#"5["a"]"#, Violation::AttachmentCount),
        (r#"5abc-["a"]"#, Violation::AttachmentCount),
        (r#"5-["a"]"#, Violation::AttachmentCount),
        (r#"50-["a"]"#, Violation::AttachmentCount),
        (r#"5+1-["a"]"#, Violation::AttachmentCount),
        (r#"51.5-["a"]"#, Violation::AttachmentCount),
        (r#"511-["a"]"#, Violation::TooManyAttachments),
        (r#"51-["a",{"_placeholder":true,"num":1}]"#, Violation::BadPlaceholder),
        (r#"51-["a",[{"b":{"_placeholder":true,"num":-1}}]]"#, Violation::BadPlaceholder),
        (r#"51-["a",{"_placeholder":true}]"#, Violation::BadPlaceholder),
        ("0[]", Violation::BadPayload),
        (r#"0"a""#, Violation::BadPayload),
        ("1{}", Violation::BadPayload),
        ("4", Violation::BadPayload),
        ("4[]", Violation::BadPayload),
    ];
    for (text, violation) in rows {
        assert_eq!(decode(&[Message::text(text)]), Err(*violation), "{text}");
    }
    let announced = Message::text(r#"51-["a",{"_placeholder":true,"num":0}]"#);
    assert_eq!(decode(&[octets(&[1])]), Err(Violation::UnexpectedBinary));
    assert_eq!(decode(&[announced.clone(), announced]), Err(Violation::UnexpectedText));
}

#[test]
fn the_octets_of_attachments_have_a_limit() {
    let limits = Limits { attachments_max: 2, attachment_octets_max: 3 };
    let mut decoder = Decoder::new(limits);
    assert_eq!(decoder.add(&Message::text(r#"52-["a"]"#)), Ok(None));
    assert_eq!((decoder.add(&octets(&[1, 2])), decoder.due()), (Ok(None), 1));
    assert_eq!(decoder.add(&octets(&[3, 4])), Err(Violation::TooManyAttachments));
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        prop::bool::ANY.prop_map(Value::from),
        prop::num::i64::ANY.prop_map(Value::from),
        (prop::num::i32::ANY, 0u32..1000)
            .prop_map(|(whole, part)| serde_json::from_str(&format!("{whole}.{part}")).unwrap()),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".*", inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        name in "x.{0,5}",
        values in prop::collection::vec(any_value(), 0..4),
        chunks in prop::collection::vec(prop::collection::vec(0u8.., 0..4), 0..4),
        namespace in "/[^,]{0,5}",
        id in prop::option::of(0u64..1 << 53),
    ) {
        let mut arguments = Arguments::new(values);
        for chunk in &chunks {
            arguments = arguments.with_octets(Chunk::from(&chunk[..]));
        }
        let event = Packet::event(Rc::from(namespace), id, &name, arguments);
        prop_assert_eq!(decode(&event.clone().encode()), Ok(Some(event)));
    }

    #[test]
    fn arbitrary_text_never_panics(text in "[0-7]?[0-9]{0,3}-?(/[a-z]*,)?[0-9]{0,20}.*") {
        let packet = decode(&[Message::text(&text)]);
        if let Ok(Some(packet)) = packet {
            prop_assert!(packet.to_string().len() <= text.len() * 8 + 2);
        }
    }
}
