//! Whether a record fits.

use super::watch::Tally;
use super::{Clause, Compare, EventWord, FieldTest, Node, Quantity, Test};
use crate::base::{FrameId, NodeId};
use crate::stack::transport::tcp;
use crate::trace::{Fact, FrameLoss, Headers, ProgramNote, Protocol, Record, Trace, WebNote};
use std::fmt::{self, Debug, Display, Write as _};
use std::net::Ipv4Addr;

impl Clause {
    /// Whether record number `at` fits, with what was counted up to there.
    pub(super) fn holds(&self, trace: &Trace, at: usize, tallies: &[Tally]) -> bool {
        trace.records().get(at).is_some_and(|record| self.fits(trace, at, record, tallies))
    }

    /// The same for whoever has the record at hand.
    pub(super) fn fits(&self, trace: &Trace, at: usize, record: Record, tallies: &[Tally]) -> bool {
        let said = frame_of(&record.fact);
        // Without a place, a packet is looked for where it is first said.
        let frame = said.filter(|&frame| {
            self.says_where
                || trace.frame_info(frame).is_some_and(|info| info.record as usize == at)
        });
        Context {
            trace,
            record,
            at,
            frame,
            is_packet: said.is_some(),
            asks_tellings: self.asks_tellings,
            headers: None,
            tallies,
        }
        .holds(&self.node)
    }
}

/// The frame that a record is about.
pub const fn frame_of(fact: &Fact) -> Option<FrameId> {
    match fact {
        Fact::FrameSent { frame, .. }
        | Fact::FrameDuplicated { frame, .. }
        | Fact::FrameArrived { frame, .. }
        | Fact::FrameLost { frame, .. }
        | Fact::Malformed { frame, .. } => Some(*frame),
        Fact::Started
        | Fact::Ethernet(_)
        | Fact::Arp(_)
        | Fact::Bridge(_)
        | Fact::Ip(_)
        | Fact::Icmp(_)
        | Fact::Udp { .. }
        | Fact::Tcp { .. }
        | Fact::Program { .. }
        | Fact::Web { .. }
        | Fact::LinkChanged { .. }
        | Fact::LimitReached(_)
        | Fact::Ended => None,
    }
}

/// The frame by which a packet's journey began.
pub(super) fn root(trace: &Trace, mut frame: FrameId) -> FrameId {
    // Parents have smaller numbers, so this ends.
    while let Some(parent) = trace.frame_info(frame).and_then(|info| info.parent)
        && parent < frame
    {
        frame = parent;
    }
    frame
}

struct Context<'a> {
    trace: &'a Trace,
    record: Record,
    /// Its number.
    at: usize,
    frame: Option<FrameId>,
    /// Whether the record is about a frame, to be seen here or not.
    is_packet: bool,
    asks_tellings: bool,
    /// The frame's headers, found when first needed.
    headers: Option<Headers>,
    tallies: &'a [Tally],
}

impl Context<'_> {
    fn holds(&mut self, node: &Node) -> bool {
        match node {
            Node::And(nodes) => nodes.iter().all(|node| self.holds(node)),
            Node::Or(nodes) => nodes.iter().any(|node| self.holds(node)),
            Node::Not(node) => !self.holds(node),
            Node::At(node) => self.record.node == *node,
            Node::From(node) => self.is_from(*node),
            Node::To(node) => self.is_to(*node),
            Node::Has(protocol) if self.asks_tellings && !self.is_packet => {
                teller(&self.record.fact) == Some(*protocol)
            }
            Node::Has(protocol) => self.with_headers(|h, _| h.find(*protocol).is_some()),
            Node::Field(test) => self.with_headers(|h, octets| field(test, h, octets)),
            Node::Payload(protocol, wanted) => {
                let (trace, frame) = (self.trace, self.frame);
                self.with_headers(|h, _| {
                    let octets = frame.map(|frame| trace.frame(frame)).unwrap_or_default();
                    payload(*protocol, h).is_some_and(|r| contains(&octets[r], wanted))
                })
            }
            Node::Length(None, compare, wanted) => self
                .frame
                .is_some_and(|frame| compare.holds(&(self.trace.frame_len(frame) as u64), wanted)),
            Node::Length(protocol, compare, wanted) => self.with_headers(|h, _| {
                payload(*protocol, h).is_some_and(|r| compare.holds(&(r.len() as u64), wanted))
            }),
            Node::Time(compare, wanted) => compare.holds(&self.record.at, wanted),
            Node::State(wanted) => match self.record.fact {
                Fact::Tcp { note: tcp::Note::Entered { to, .. }, .. } => {
                    wanted.is_none_or(|(state, equal)| (to == state) == equal)
                }
                _ => false,
            },
            Node::Event(EventWord::Arrived) => self.arrived(),
            Node::Event(word) => happened(*word, &self.record.fact),
            Node::Note(wanted) => is_note(&self.record.fact, wanted),
            Node::Program(names, wanted) => match &self.record.fact {
                Fact::Program { note, .. } => {
                    names.iter().any(|name| has_name(note, name))
                        && wanted
                            .as_ref()
                            .is_none_or(|wanted| contains(excerpt(self.trace, note), wanted))
                }
                _ => false,
            },
            Node::Compare(left, compare, right) => {
                quantities(self.tallies, *left, *compare, *right)
            }
        }
    }

    /// Whether a frame arrived, and whole: a damaged one is refused in the next breath.
    fn arrived(&self) -> bool {
        let Fact::FrameArrived { frame, .. } = self.record.fact else { return false };
        let next = self.trace.records().get(self.at + 1).map(|record| record.fact);
        !matches!(next, Some(Fact::FrameLost { frame: lost, .. }) if lost == frame)
    }

    /// Asks about the frame's headers and the octets that they are in.
    fn with_headers(&mut self, ask: impl FnOnce(&Headers, &[u8]) -> bool) -> bool {
        let Some(frame) = self.frame else { return false };
        let headers = self.headers.get_or_insert_with(|| self.trace.headers(frame));
        ask(headers, self.trace.frame_head(frame))
    }

    /// Whether the packet was made there. What is no packet is from where it happens.
    fn is_from(&self, node: NodeId) -> bool {
        let Some(frame) = self.frame else { return !self.is_packet && self.record.node == node };
        let first = root(self.trace, frame);
        self.trace.frame_info(first).is_some_and(|info| info.from == node)
    }

    fn is_to(&mut self, node: NodeId) -> bool {
        let Some(device) = self.trace.legend().nodes.get(node.index()) else { return false };
        self.with_headers(|headers, octets| {
            let read = |protocol: Protocol, name: &str| {
                let part = headers.find(protocol)?;
                let field = protocol.fields().iter().find(|field| field.filter == name)?;
                field.read(part.header(octets))
            };
            let address = read(Protocol::Ipv4, "ip.dst")
                .or_else(|| read(Protocol::Arp, "arp.dst.proto_ipv4"))
                .map(|bits| Ipv4Addr::from_bits(bits as u32));
            device.interfaces.iter().any(|interface| {
                interface.address.is_some_and(|cidr| Some(cidr.address) == address)
            })
        })
    }
}

fn field(test: &FieldTest, headers: &Headers, octets: &[u8]) -> bool {
    let Some(part) = headers.find(test.protocol) else { return false };
    let header = part.header(octets);
    let mut values = test.fields.iter().filter_map(|field| Some((field.bits, field.read(header)?)));
    match &test.test {
        Test::Present => values.any(|(bits, value)| bits > 1 || value == 1),
        // None of the two is it, rather than: one of the two is another.
        Test::Is(Compare::NotEqual, wanted) => values.all(|(_, value)| value != *wanted),
        Test::Is(compare, wanted) => values.any(|(_, value)| compare.holds(&value, wanted)),
        Test::OneOf(wanted, positive) => {
            let is = |value: u64| wanted.iter().any(|(mask, bits)| value & mask == *bits);
            values.any(|(_, value)| is(value)) == *positive
        }
    }
}

/// The octets that a protocol carries; without one, what the innermost carries.
fn payload(protocol: Option<Protocol>, headers: &Headers) -> Option<std::ops::Range<usize>> {
    match protocol {
        Some(Protocol::Ethernet) | None => Some(headers.payload()),
        Some(protocol) => headers.find(protocol).map(crate::trace::Part::payload),
    }
}

fn contains(octets: &[u8], wanted: &[u8]) -> bool {
    wanted.is_empty() || octets.windows(wanted.len()).any(|window| window == wanted)
}

const fn happened(word: EventWord, fact: &Fact) -> bool {
    match word {
        EventWord::Sent => matches!(fact, Fact::FrameSent { .. }),
        EventWord::Duplicated => matches!(fact, Fact::FrameDuplicated { .. }),
        // Asked with the record after it in sight.
        EventWord::Arrived => false,
        EventWord::Lost => matches!(fact, Fact::FrameLost { .. }),
        EventWord::Corrupted => {
            matches!(fact, Fact::FrameLost { reason: FrameLoss::BadFcs { .. }, .. })
        }
        EventWord::Malformed => matches!(fact, Fact::Malformed { .. }),
        EventWord::LinkChanged(wanted) => {
            matches!(fact, Fact::LinkChanged { up, .. } if *up == wanted)
        }
        EventWord::Limit => matches!(fact, Fact::LimitReached(_)),
        EventWord::Started => matches!(fact, Fact::Started),
        EventWord::Ended => matches!(fact, Fact::Ended),
    }
}

/// Whose doing a note tells; of a program's, what it speaks over.
const fn teller(fact: &Fact) -> Option<Protocol> {
    Some(match fact {
        Fact::Ethernet(_) | Fact::Bridge(_) => Protocol::Ethernet,
        Fact::Arp(_) => Protocol::Arp,
        Fact::Ip(_) => Protocol::Ipv4,
        Fact::Icmp(_) => Protocol::Icmp,
        Fact::Udp { .. } => Protocol::Udp,
        Fact::Tcp { .. } => Protocol::Tcp,
        Fact::Program { note, .. } => match note {
            ProgramNote::SentTo { .. } | ProgramNote::ReceivedFrom { .. } => Protocol::Udp,
            ProgramNote::Pings { .. }
            | ProgramNote::PingAnswered { .. }
            | ProgramNote::NoAnswer { .. }
            | ProgramNote::Hop { .. } => Protocol::Icmp,
            ProgramNote::Connects(_)
            | ProgramNote::Connected(_)
            | ProgramNote::Accepted(_)
            | ProgramNote::Sent { .. }
            | ProgramNote::Received { .. }
            | ProgramNote::Closes
            | ProgramNote::Aborts
            | ProgramNote::PeerClosed
            | ProgramNote::Closed
            | ProgramNote::Reset
            | ProgramNote::TimedOut => Protocol::Tcp,
            _ => return None,
        },
        _ => return None,
    })
}

/// Whether the fact is a protocol's note whose name or sentence holds `wanted` (small letters).
fn is_note(fact: &Fact, wanted: &str) -> bool {
    match fact {
        Fact::Ethernet(note) => speaks(note, wanted),
        Fact::Arp(note) => speaks(note, wanted),
        Fact::Bridge(note) => speaks(note, wanted),
        Fact::Ip(note) => speaks(note, wanted),
        Fact::Icmp(note) => speaks(note, wanted),
        Fact::Udp { note, .. } => speaks(note, wanted),
        Fact::Tcp { note, .. } => speaks(note, wanted),
        Fact::Web { note, .. } => match note {
            WebNote::Http(note) => speaks(note, wanted),
            WebNote::WebSocket(note) => speaks(note, wanted),
            WebNote::EngineIo(note) => speaks(note, wanted),
            WebNote::SocketIo(note) => speaks(note, wanted),
            WebNote::Unit(..) => false,
        },
        Fact::Started
        | Fact::FrameSent { .. }
        | Fact::FrameDuplicated { .. }
        | Fact::FrameArrived { .. }
        | Fact::FrameLost { .. }
        | Fact::Malformed { .. }
        | Fact::Program { .. }
        | Fact::LinkChanged { .. }
        | Fact::LimitReached(_)
        | Fact::Ended => false,
    }
}

fn speaks<N: Display + Debug>(note: &N, wanted: &str) -> bool {
    let plain: String = wanted.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut name = Name::default();
    // The writer refuses what follows the name, which ends the formatting early.
    let _ = write!(name, "{note:?}");
    name.0.to_lowercase() == plain || note.to_string().to_lowercase().contains(wanted)
}

fn has_name<N: Debug>(note: &N, wanted: &str) -> bool {
    let mut name = Name::default();
    let _ = write!(name, "{note:?}");
    name.0 == wanted
}

/// Takes the name of a variant from its `Debug` form, and stops there.
#[derive(Default)]
struct Name(String);

impl fmt::Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
        self.0.push_str(&text[..end]);
        if end < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

/// What a program's note kept of the octets.
fn excerpt<'a>(trace: &'a Trace, note: &ProgramNote) -> &'a [u8] {
    match note {
        ProgramNote::Sent { excerpt, .. }
        | ProgramNote::Received { excerpt, .. }
        | ProgramNote::SentTo { excerpt, .. }
        | ProgramNote::ReceivedFrom { excerpt, .. }
        | ProgramNote::Calls(excerpt)
        | ProgramNote::Handles(excerpt)
        | ProgramNote::Runs { excerpt, .. }
        | ProgramNote::Prints { excerpt, .. }
        | ProgramNote::Crashes(excerpt) => trace.excerpt(*excerpt),
        _ => &[],
    }
}

/// Compares two quantities; what has not happened is in no relation to anything.
pub(super) fn quantities(
    tallies: &[Tally],
    left: Quantity,
    compare: Compare,
    right: Quantity,
) -> bool {
    let place = |quantity| match quantity {
        Quantity::First(slot) => tallies.get(slot)?.first,
        Quantity::Last(slot) => tallies.get(slot)?.last,
        Quantity::Count(_) | Quantity::Number(_) | Quantity::Time(_) => None,
    };
    // Two moments of the run are compared by their order in it, which is finer than time.
    if let (Some(left), Some(right)) = (place(left), place(right)) {
        return match compare {
            Compare::Equal | Compare::NotEqual => compare.holds(&left.1, &right.1),
            _ => compare.holds(&left.0, &right.0),
        };
    }
    let value = |quantity| match quantity {
        Quantity::Count(slot) => tallies.get(slot).map(|tally| tally.count),
        Quantity::Number(number) => Some(number),
        Quantity::Time(time) => Some(time.0),
        Quantity::First(_) | Quantity::Last(_) => place(quantity).map(|(_, at)| at.0),
    };
    match (value(left), value(right)) {
        (Some(left), Some(right)) => compare.holds(&left, &right),
        _ => false,
    }
}
