//! The machines by transcript: what happens (`> …`) and what follows from it, line for line.

mod client;
pub(in crate::stack::application) mod pair;
mod server;

use crate::base::{Chunk, Duration, Instant};
use crate::stack::application::Message;
use std::fmt::Write as _;

/// `#0102` is binary, all else text; `␞` stands for the separator.
fn message(text: &str) -> Message {
    let hex = |n: usize, text: &str| u8::from_str_radix(&text[n..n + 2], 16).unwrap();
    match text.strip_prefix('#') {
        Some(octets) => {
            let octets: Vec<u8> = (0..octets.len()).step_by(2).map(|n| hex(n, octets)).collect();
            Message::Binary(Chunk::from(&octets[..]))
        }
        None => Message::text(&text.replace('␞', "\u{1e}")),
    }
}

fn shown(message: &Message) -> String {
    match message {
        Message::Text(octets) => String::from_utf8(octets.to_vec()).unwrap().replace('\u{1e}', "␞"),
        Message::Binary(octets) => octets.iter().fold("#".to_owned(), |mut text, octet| {
            write!(text, "{octet:02x}").unwrap();
            text
        }),
    }
}

fn shown_body(body: &Chunk) -> String {
    shown(&Message::Text(body.clone()))
}

fn millis(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap())
}

/// Runs the transcript's inputs and compares the whole.
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

fn at(millis: u64) -> Instant {
    Instant::ZERO + Duration::from_millis(millis)
}
