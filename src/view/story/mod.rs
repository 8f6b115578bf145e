//! Each record told twice: in the field's words, and as to a friend who is not technical.
//!
//! What a protocol says it says itself ([`Telling`]); here stand the wire, the programs and the
//! run, and addresses become names where the network knows them.

mod frames;
mod names;
mod numbers;
mod programs;
mod web;

use super::code;
use super::words::Origin;
use crate::base::{LinkId, NodeId};
use crate::stack::Telling;
use crate::trace::{Fact, Limit, Record, Trace};

pub(in crate::view) use frames::reason_words;
pub use names::name_hosts;

/// A record in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// In the field's words.
    pub text: String,
    /// As to a friend; `None` where the field's words are plain enough.
    pub friend: Option<String>,
    /// Where the rule stands.
    pub source: &'static str,
}

impl Told {
    fn new(
        text: impl Into<String>,
        friend: impl Into<Option<String>>,
        source: &'static str,
    ) -> Self {
        Self { text: text.into(), friend: friend.into(), source }
    }

    /// The sentence in the voice that is asked for.
    pub fn voice(&self, friend: bool) -> &str {
        self.friend.as_deref().filter(|_| friend).unwrap_or(&self.text)
    }
}

/// Tells a record, with sequence numbers as they are in the headers.
/// [`Ladder::tell`](super::Ladder::tell) counts them from the connection's beginning.
pub fn tell(record: &Record, trace: &Trace) -> Told {
    tell_from(record, trace, Origin::default())
}

/// Tells record number `record` as [`tell`] does, with the line of a program that did it in front.
pub fn tell_with_line(trace: &Trace, record: usize) -> Option<Told> {
    let told = tell(&trace.records().get(record)?, trace);
    Some(code::with_line(trace, record, told))
}

/// Tells a record, with sequence numbers counted from `origin`.
pub(super) fn tell_from(record: &Record, trace: &Trace, origin: Origin) -> Told {
    let told = match record.fact {
        Fact::FrameSent { frame, starts, arrives } => frames::sent(trace, frame, starts, arrives),
        Fact::FrameDuplicated { frame, arrives, .. } => frames::duplicated(trace, frame, arrives),
        Fact::FrameArrived { frame, .. } => frames::arrived(trace, frame),
        Fact::FrameLost { frame, reason } => frames::lost(trace, frame, reason),
        Fact::Malformed { malformed, .. } => Told::new(
            malformed.to_string(),
            Some("This makes no sense to me. I put it away.".to_owned()),
            "RFC 1122 §1.2.2",
        ),
        Fact::Ethernet(ref note) => noted(note),
        Fact::Arp(ref note) => noted(note),
        Fact::Bridge(ref note) => noted(note),
        Fact::Ip(ref note) => noted(note),
        Fact::Icmp(ref note) => noted(note),
        Fact::Udp { ref note, .. } => noted(note),
        Fact::Tcp { note, .. } => noted(&numbers::relative(note, origin)),
        Fact::Program { ref note, .. } => programs::told(trace, note),
        Fact::Web { note, .. } => web::told(trace, &note),
        Fact::LinkChanged { link, up } => link_changed(trace, link, up),
        Fact::LimitReached(limit) => reached(limit),
        Fact::Started => Told::new(
            "the run begins",
            Some("Everything is in place and quiet.".to_owned()),
            "the scenario",
        ),
        Fact::Ended => Told::new(
            "nothing is left to happen: the run ends",
            Some("All is said and done.".to_owned()),
            "the scenario",
        ),
    };
    Told {
        text: name_hosts(&told.text, trace.legend()),
        friend: told.friend.map(|text| name_hosts(&text, trace.legend())),
        source: told.source,
    }
}

fn noted(note: &impl Telling) -> Told {
    Told { text: note.to_string(), friend: note.friend(), source: note.source() }
}

fn link_changed(trace: &Trace, link: LinkId, up: bool) -> Told {
    let name = trace.legend().links.get(link.index()).map_or("?", |link| &link.name);
    if up {
        let friend = "The cable is whole again.".to_owned();
        Told::new(format!("link {name} is up"), Some(friend), "the scenario")
    } else {
        let friend = "Snip! Somebody cut the cable.".to_owned();
        Told::new(format!("link {name} is down"), Some(friend), "the scenario")
    }
}

fn reached(limit: Limit) -> Told {
    let text = match limit {
        Limit::Until(at) => format!("the run's end at {at} is reached, with more to come"),
        Limit::Steps(n) => format!("limit reached: {n} steps"),
        Limit::StepsPerInstant(n) => {
            format!("limit reached: {n} steps at one moment; do frames circle?")
        }
        Limit::Records(n) => format!("limit reached: {n} records"),
        Limit::Octets(n) => format!("limit reached: {n} octets of frames"),
        Limit::Sockets(n) => format!("limit reached: {n} sockets at this host"),
    };
    let friend = match limit {
        Limit::Until(_) => "Time is up for this walk.",
        Limit::Steps(_) | Limit::Records(_) | Limit::Octets(_) => {
            "That is enough for one walk; we stop here."
        }
        Limit::StepsPerInstant(_) => "Round and round it goes without any time passing. We stop.",
        Limit::Sockets(_) => "Too many conversations at once. No new ones here.",
    };
    Told::new(text, Some(friend.to_owned()), "the scenario's limits")
}

/// The node's name.
fn name(trace: &Trace, node: NodeId) -> &str {
    trace.legend().name(node)
}
