//! What programs do and learn.

use super::Told;
use crate::trace::{Excerpt, ProgramNote, Trace};
use crate::view::values;
use std::borrow::Cow;

/// Tells a program's note.
pub(super) fn told(trace: &Trace, note: &ProgramNote) -> Told {
    Told::new(text(trace, note), Some(friend(trace, note)), source(note))
}

fn quote(trace: &Trace, excerpt: Excerpt, octets: u64) -> String {
    let shown = trace.excerpt(excerpt);
    if shown.is_empty() {
        return String::new();
    }
    let more = if octets > shown.len() as u64 { "…" } else { "" };
    format!(": {}{more}", values::text(shown, Excerpt::MAX))
}

/// A program's own words.
fn words(trace: &Trace, excerpt: Excerpt) -> Cow<'_, str> {
    String::from_utf8_lossy(trace.excerpt(excerpt))
}

fn text(trace: &Trace, note: &ProgramNote) -> String {
    match *note {
        ProgramNote::Listens(port) => format!("program listens on port {port}"),
        ProgramNote::Connects(to) => format!("program connects to {to}"),
        ProgramNote::Connected(to) => format!("program is connected to {to}"),
        ProgramNote::Accepted(from) => format!("program accepts {from}"),
        ProgramNote::Calls(excerpt) => format!("program calls {}", words(trace, excerpt)),
        ProgramNote::Handles(excerpt) => format!("handler runs: {}", words(trace, excerpt)),
        ProgramNote::Runs { excerpt, .. } => format!("line {} runs", words(trace, excerpt)),
        ProgramNote::Prints { excerpt, .. } => format!("console: {}", words(trace, excerpt)),
        ProgramNote::Crashes(excerpt) => format!("program crashes: {}", words(trace, excerpt)),
        ProgramNote::Exits(code) => format!("program exits with code {code}"),
        ProgramNote::Restarts => "program is started anew".into(),
        ProgramNote::Sent { octets, excerpt } => {
            format!("program writes {octets} octets{}", quote(trace, excerpt, octets))
        }
        ProgramNote::Received { octets, excerpt } => {
            format!("program reads {octets} octets{}", quote(trace, excerpt, octets))
        }
        ProgramNote::SentTo { to, octets, excerpt } => {
            let quote = quote(trace, excerpt, octets.into());
            format!("program sends {octets} octets to {to}{quote}")
        }
        ProgramNote::ReceivedFrom { from, octets, excerpt } => {
            let quote = quote(trace, excerpt, octets.into());
            format!("program gets {octets} octets from {from}{quote}")
        }
        ProgramNote::Closes => "program closes".into(),
        ProgramNote::Aborts => "program aborts".into(),
        ProgramNote::PeerClosed => "program learns: the peer will send no more".into(),
        ProgramNote::Closed => "program learns: the connection is closed".into(),
        ProgramNote::Reset => "program learns: connection reset by peer".into(),
        ProgramNote::Refused => "program learns: connection refused".into(),
        ProgramNote::TimedOut => "program learns: connection timed out".into(),
        ProgramNote::Unreachable(by) => format!("program learns from {by}: unreachable"),
        ProgramNote::Pings { to, seq } => format!("program pings {to}, number {seq}"),
        ProgramNote::PingAnswered { from, seq, took } => {
            format!("program hears {from} again: ping {seq} took {took}")
        }
        ProgramNote::NoAnswer { seq } => format!("program waited in vain for answer {seq}"),
        ProgramNote::Hop { hops, address, took } => format!("hop {hops}: {address}, {took}"),
        ProgramNote::Failed(why) => format!("program fails: {why}"),
        ProgramNote::Done => "program is done".into(),
    }
}

fn friend(trace: &Trace, note: &ProgramNote) -> String {
    let says = |excerpt, octets| match quote(trace, excerpt, octets).strip_prefix(": ") {
        Some(quote) => quote.to_owned(),
        None => "nothing at all".to_owned(),
    };
    match *note {
        ProgramNote::Listens(port) => format!("My door is number {port}. Knock whenever you like!"),
        ProgramNote::Connects(to) => format!("I'd like to talk to {}.", to.address),
        ProgramNote::Connected(_) => "We are talking. Lovely.".into(),
        ProgramNote::Accepted(from) => format!("Come in, {}!", from.address),
        ProgramNote::Calls(excerpt) => format!("My program says: {}", words(trace, excerpt)),
        ProgramNote::Handles(excerpt) => {
            format!("My program is told: {}", words(trace, excerpt))
        }
        ProgramNote::Runs { excerpt, .. } => format!("I am at {} now.", words(trace, excerpt)),
        ProgramNote::Prints { excerpt, .. } => {
            format!("Dear diary: {}", words(trace, excerpt))
        }
        ProgramNote::Crashes(excerpt) => {
            format!("Nobody caught this, so I fall: {}", words(trace, excerpt))
        }
        ProgramNote::Exits(_) => "I am done, by my own choice.".into(),
        ProgramNote::Restarts => "Good morning! I remember nothing.".into(),
        ProgramNote::Sent { octets, excerpt } => {
            format!("Please take this: {}", says(excerpt, octets))
        }
        ProgramNote::Received { octets, excerpt } => format!("For me? {}", says(excerpt, octets)),
        ProgramNote::SentTo { octets, excerpt, .. } => {
            format!("Off it goes, without asking first: {}", says(excerpt, octets.into()))
        }
        ProgramNote::ReceivedFrom { from, octets, excerpt } => {
            format!("A card from {}: {}", from.address, says(excerpt, octets.into()))
        }
        ProgramNote::Closes => "I have nothing more to say. Bye!".into(),
        ProgramNote::Aborts => "I'm out. No goodbyes.".into(),
        ProgramNote::PeerClosed => "They said goodbye. I may still talk.".into(),
        ProgramNote::Closed => "Goodbyes said on both sides.".into(),
        ProgramNote::Reset => "They hung up on me!".into(),
        ProgramNote::Refused => "Nobody is behind that door.".into(),
        ProgramNote::TimedOut => "I called and called. No answer.".into(),
        ProgramNote::Unreachable(by) => format!("{by} says that there is no way."),
        ProgramNote::Pings { .. } => "Hello? Are you there?".into(),
        ProgramNote::PingAnswered { took, .. } => format!("They are there! It took {took}."),
        ProgramNote::NoAnswer { .. } => "Hello?… Nothing.".into(),
        ProgramNote::Hop { hops, address, .. } => {
            format!("Stop number {hops} on the way is {address}.")
        }
        ProgramNote::Failed(_) => "That did not work.".into(),
        ProgramNote::Done => "My work is done.".into(),
    }
}

const fn source(note: &ProgramNote) -> &'static str {
    match note {
        ProgramNote::Listens(_)
        | ProgramNote::Connects(_)
        | ProgramNote::Connected(_)
        | ProgramNote::Accepted(_) => "RFC 9293 §3.9.1.1",
        ProgramNote::Calls(_)
        | ProgramNote::Handles(_)
        | ProgramNote::Runs { .. }
        | ProgramNote::Prints { .. }
        | ProgramNote::Crashes(_)
        | ProgramNote::Exits(_) => "the program",
        ProgramNote::Sent { .. } => "RFC 9293 §3.9.1.2",
        ProgramNote::Received { .. } => "RFC 9293 §3.9.1.3",
        ProgramNote::Closes | ProgramNote::PeerClosed | ProgramNote::Closed => "RFC 9293 §3.9.1.4",
        ProgramNote::Aborts => "RFC 9293 §3.9.1.6",
        ProgramNote::Reset | ProgramNote::Refused | ProgramNote::TimedOut => "RFC 9293 §3.9.1",
        ProgramNote::SentTo { .. } | ProgramNote::ReceivedFrom { .. } => "RFC 768, user interface",
        ProgramNote::Unreachable(_) => "RFC 1122 §4.1.3.3",
        ProgramNote::Pings { .. }
        | ProgramNote::PingAnswered { .. }
        | ProgramNote::NoAnswer { .. } => "RFC 1122 §3.2.2.6",
        ProgramNote::Hop { .. } => "RFC 1812 §5.3.1",
        ProgramNote::Failed(_) | ProgramNote::Done | ProgramNote::Restarts => "the scenario",
    }
}
