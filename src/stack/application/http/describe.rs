//! A head taken apart for the eye.

use super::head::is_token;
use std::ops::Range;

/// A part of a head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Described<'a> {
    /// Which octets it is.
    pub octets: Range<usize>,
    /// What it is called: a part of the start line, or a header field's name as it stands there.
    pub name: &'a str,
    /// One sentence: what it is for.
    pub meaning: &'static str,
}

/// Header fields that a lesson meets, in small letters, with what each is for.
const KNOWN: [(&str, &str); 19] = [
    ("host", "Which of the names that live at this address is meant."),
    ("connection", "How this connection goes on: close, keep-alive, or Upgrade."),
    ("upgrade", "Which other protocol the two might speak from here on."),
    ("sec-websocket-key", "Random octets in base64; only a WebSocket server knows the answer."),
    ("sec-websocket-accept", "The answer to the key: base64 of SHA-1 of key and a fixed name."),
    ("sec-websocket-version", "Which version of WebSocket: 13."),
    ("sec-websocket-protocol", "What is to be spoken inside WebSocket; the server picks one."),
    ("sec-websocket-extensions", "Additions to WebSocket, such as compression, to agree upon."),
    ("origin", "Which web page made the browser ask; a server may refuse strangers."),
    ("content-length", "How many octets the body has."),
    ("content-type", "What kind of octets the body is."),
    ("transfer-encoding", "How the body is cut for the way; chunked: sizes stand in front."),
    ("cache-control", "Who may keep a copy of this, and for how long."),
    ("accept", "What kinds of content the client can use."),
    ("user-agent", "Which program asks."),
    ("server", "Which program answers."),
    ("expect", "The client waits for a 100 before it sends the body."),
    ("access-control-allow-origin", "Pages of which origin may read this answer."),
    ("cookie", "What the server once asked the client to remember."),
];

/// The parts of a head, in their order, from octets that begin with it. Only complete lines count;
/// what is cut off, or does not look like HTTP, ends the list.
pub fn describe(octets: &[u8]) -> Vec<Described<'_>> {
    let mut parts = Vec::new();
    let mut begin = 0;
    while let Some(line) = line_at(octets, begin) {
        let known = match (begin, line.is_empty()) {
            (0, _) => start_line(line, &mut parts),
            (_, true) => {
                let octets = begin..begin + 2;
                let meaning = "The head ends; what follows is the body or another protocol.";
                parts.push(Described { octets, name: "End of head", meaning });
                false
            }
            (_, false) => field(line, begin, &mut parts),
        };
        if !known {
            break;
        }
        begin += line.len() + 2;
    }
    parts
}

/// The line that begins at `begin`, without its end.
fn line_at(octets: &[u8], begin: usize) -> Option<&[u8]> {
    let rest = octets.get(begin..)?;
    let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
    Some(&rest[..end])
}

/// Takes a start line apart; false if it is none.
fn start_line<'a>(line: &'a [u8], parts: &mut Vec<Described<'a>>) -> bool {
    const REQUEST: [(&str, &str); 3] = [
        ("Method", "What the client wants done with the target."),
        ("Target", "What is asked for: a path, and a query behind a question mark."),
        ("Version", "Which version of HTTP the client speaks."),
    ];
    const RESPONSE: [(&str, &str); 3] = [
        ("Version", "Which version of HTTP the server speaks."),
        ("Status", "How it went: 1xx wait, 2xx good, 3xx elsewhere, 4xx your fault, 5xx mine."),
        ("Reason", "The status in words, for people."),
    ];
    let words: Vec<&[u8]> = line.splitn(3, |octet| *octet == b' ').collect();
    let names = if line.starts_with(b"HTTP/") {
        RESPONSE
    } else if words.len() == 3 && words[2].starts_with(b"HTTP/") {
        REQUEST
    } else {
        return false;
    };
    let mut begin = 0;
    for (word, (name, meaning)) in words.iter().zip(names) {
        parts.push(Described { octets: begin..begin + word.len(), name, meaning });
        begin += word.len() + 1;
    }
    true
}

/// Adds the header field of a line; false if it is none.
fn field<'a>(line: &'a [u8], begin: usize, parts: &mut Vec<Described<'a>>) -> bool {
    let name = line.split(|octet| *octet == b':').next().filter(|name| is_token(name));
    let Some(name) = name.filter(|name| name.len() < line.len()) else { return false };
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let known = KNOWN.iter().find(|known| known.0.eq_ignore_ascii_case(name));
    let meaning = known.map_or("A header field that is not explained here.", |known| known.1);
    parts.push(Described { octets: begin..begin + line.len(), name, meaning });
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &[u8] = b"GET /chat HTTP/1.1\r\nHost: bob\r\nX-Own:1\r\n\r\n\x81\x00";

    #[test]
    fn a_request_is_taken_apart() {
        let parts = describe(HEAD);
        let names: Vec<_> =
            parts.iter().map(|part| (part.name, &HEAD[part.octets.clone()])).collect();
        let expected: [(&str, &[u8]); 6] = [
            ("Method", b"GET"),
            ("Target", b"/chat"),
            ("Version", b"HTTP/1.1"),
            ("Host", b"Host: bob"),
            ("X-Own", b"X-Own:1"),
            ("End of head", b"\r\n"),
        ];
        assert_eq!(names, expected);
        assert!(parts[3].meaning.starts_with("Which of the names"));
    }

    #[test]
    fn a_response_without_reason_has_two_parts() {
        assert_eq!(describe(b"HTTP/1.1 200\r\nhost").len(), 2);
        assert_eq!(describe(b"\x81\x05hello\r\n"), []);
    }

    proptest! {
        #[test]
        fn whatever_it_is_the_parts_lie_inside_and_in_order(
            octets in prop::collection::vec(any::<u8>(), 0..80),
            cut in 0usize..60,
        ) {
            for octets in [&octets[..], &HEAD[..cut.min(HEAD.len())]] {
                let mut end = 0;
                for part in describe(octets) {
                    prop_assert!(part.octets.start >= end && part.octets.end <= octets.len());
                    end = part.octets.end;
                }
            }
        }
    }
}
