//! The words that can be asked for, and the nearest to a mistyped one.

use super::EventWord;
use crate::stack::Field;
use crate::stack::transport::tcp::State;
use crate::trace::{Legend, Protocol};

/// Words for what happened.
pub(super) const EVENTS: &[(&str, EventWord)] = &[
    ("sent", EventWord::Sent),
    ("duplicated", EventWord::Duplicated),
    ("arrived", EventWord::Arrived),
    ("lost", EventWord::Lost),
    ("corrupted", EventWord::Corrupted),
    ("malformed", EventWord::Malformed),
    ("cut", EventWord::LinkChanged(false)),
    ("mended", EventWord::LinkChanged(true)),
    ("limit", EventWord::Limit),
    ("started", EventWord::Started),
    ("ended", EventWord::Ended),
];

/// What programs do and learn: the word, and the names of the notes that it stands for.
pub(super) const PROGRAM: &[(&str, &[&str])] = &[
    ("program.listens", &["Listens"]),
    ("program.connects", &["Connects"]),
    ("program.connected", &["Connected"]),
    ("program.accepted", &["Accepted"]),
    ("program.sent", &["Sent", "SentTo"]),
    ("program.received", &["Received", "ReceivedFrom"]),
    ("program.closes", &["Closes"]),
    ("program.aborts", &["Aborts"]),
    ("program.peer_closed", &["PeerClosed"]),
    ("program.closed", &["Closed"]),
    ("program.reset", &["Reset"]),
    ("program.refused", &["Refused"]),
    ("program.timed_out", &["TimedOut"]),
    ("program.unreachable", &["Unreachable"]),
    ("program.pings", &["Pings"]),
    ("program.ping_answered", &["PingAnswered"]),
    ("program.no_answer", &["NoAnswer"]),
    ("program.hop", &["Hop"]),
    ("program.calls", &["Calls"]),
    ("program.handles", &["Handles"]),
    ("program.runs", &["Runs"]),
    ("program.prints", &["Prints"]),
    ("program.crashes", &["Crashes"]),
    ("program.exits", &["Exits"]),
    ("program.restarts", &["Restarts"]),
    ("program.failed", &["Failed"]),
    ("program.done", &["Done"]),
];

/// Fields that stand for two: either one is enough.
const EITHER: &[(&str, Protocol, [&str; 2])] = &[
    ("eth.addr", Protocol::Ethernet, ["eth.src", "eth.dst"]),
    ("ip.addr", Protocol::Ipv4, ["ip.src", "ip.dst"]),
    ("udp.port", Protocol::Udp, ["udp.srcport", "udp.dstport"]),
    ("tcp.port", Protocol::Tcp, ["tcp.srcport", "tcp.dstport"]),
];

/// Names that people say, and the table's own.
const ALIASES: &[(&str, &str)] = &[
    ("tcp.rst", "tcp.flags.reset"),
    ("tcp.psh", "tcp.flags.push"),
    ("tcp.window", "tcp.window_size_value"),
    ("tcp.win", "tcp.window_size_value"),
];

/// Words that the parser itself knows.
const OTHERS: &[&str] = &[
    "and",
    "or",
    "not",
    "at",
    "from",
    "to",
    "note",
    "count",
    "first",
    "last",
    "contains",
    "time",
    "frame",
    "frame.len",
    "frame.time",
    "data",
    "data.len",
    "tcp.len",
    "tcp.payload",
    "tcp.state",
    "udp.payload",
];

/// All states of a connection.
pub(super) const STATES: [State; 11] = [
    State::Closed,
    State::Listen,
    State::SynSent,
    State::SynReceived,
    State::Established,
    State::FinWait1,
    State::FinWait2,
    State::CloseWait,
    State::Closing,
    State::LastAck,
    State::TimeWait,
];

/// The header field (or pair of fields) of that name. `tcp.syn` is short for `tcp.flags.syn`.
pub(super) fn fields(name: &str) -> Option<(Protocol, Vec<&'static Field>)> {
    if let Some((_, protocol, names)) = EITHER.iter().find(|either| either.0 == name) {
        let both = names.iter().filter_map(|name| field(*protocol, name)).collect();
        return Some((*protocol, both));
    }
    let name = ALIASES.iter().find(|alias| alias.0 == name).map_or(name, |alias| alias.1);
    Protocol::ALL.iter().find_map(|&protocol| {
        let rest = name.strip_prefix(protocol.filter())?.strip_prefix('.')?;
        let found = field(protocol, name)
            .or_else(|| field(protocol, &format!("{}.flags.{rest}", protocol.filter())))?;
        Some((protocol, vec![found]))
    })
}

fn field(protocol: Protocol, name: &str) -> Option<&'static Field> {
    protocol.fields().iter().find(|field| field.filter == name)
}

/// The state of that name; hyphens may be underscores, and capitals do not matter.
pub(super) fn state(name: &str) -> Option<State> {
    let name = name.replace('_', "-").to_uppercase();
    STATES.into_iter().find(|state| state.name() == name)
}

/// The word nearest to `word`, if one is near enough to have been meant.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .map(|name| (strsim::damerau_levenshtein(&word, &name.to_lowercase()), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .map(|(_, name)| name)
}

/// What to do about a word that is not known.
pub(super) fn help(word: &str, legend: &Legend) -> String {
    if legend.node(word).is_some() {
        return format!("write `from {word}`, `to {word}` or `at {word}`");
    }
    let flags = |field: &'static Field| field.filter.contains(".flags.");
    let short: Vec<String> = Protocol::ALL
        .iter()
        .flat_map(|protocol| protocol.fields())
        .filter(|field| flags(field))
        .map(|field| field.filter.replace(".flags.", "."))
        .collect();
    let known = Protocol::ALL
        .iter()
        .flat_map(|protocol| protocol.fields().iter().map(|field| field.filter))
        .chain(Protocol::ALL.iter().map(|protocol| protocol.filter()))
        .chain(short.iter().map(String::as_str))
        .chain(EITHER.iter().map(|either| either.0))
        .chain(ALIASES.iter().map(|alias| alias.0))
        .chain(EVENTS.iter().map(|event| event.0))
        .chain(PROGRAM.iter().map(|program| program.0))
        .chain(OTHERS.iter().copied());
    nearest(word, known).map_or_else(
        || "write a protocol (`tcp`), a field (`ip.dst`) or what happened (`lost`)".into(),
        |name| format!("did you mean `{name}`?"),
    )
}

/// What to do about a device that is not known.
pub(super) fn host_help(word: &str, legend: &Legend) -> String {
    let names = || legend.nodes.iter().map(|node| node.name.as_str());
    nearest(word, names()).map_or_else(
        || {
            let some: Vec<&str> = names().take(8).collect();
            format!("the network has {}", some.join(", "))
        },
        |name| format!("did you mean `{name}`?"),
    )
}
