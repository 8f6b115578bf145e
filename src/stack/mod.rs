//! The OSI stack, a folder a layer. No layer does I/O and none knows who runs it.
//!
//! | layer | folder | unit of data |
//! |---|---|---|
//! | 7 application | [`application`] | message |
//! | 6 presentation | [`presentation`] | |
//! | 5 session | [`session`] | |
//! | 4 transport | [`transport`] | TCP segment, UDP datagram |
//! | 3 network | [`network`] | IPv4 packet |
//! | 2 data link | [`data_link`] | Ethernet frame |
//! | 1 physical | [`physical`] | bits |
//!
//! A layer may use the words of a lower one (an address, a port), never a machine of another layer
//! and never anything above. Only `node` knows that TCP rides in IP and IP in Ethernet.

pub mod application;
pub mod data_link;
pub mod network;
pub mod physical;
pub mod presentation;
pub mod session;
pub mod transport;

use crate::base::Instant;
use std::fmt;

/// A layer of the OSI model; its value is its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Layer {
    /// Bits on a medium.
    Physical = 1,
    /// Frames to the neighbour.
    DataLink = 2,
    /// Packets across networks.
    Network = 3,
    /// From program to program.
    Transport = 4,
    /// Keeping a conversation.
    Session = 5,
    /// Giving octets a meaning.
    Presentation = 6,
    /// What a program speaks.
    Application = 7,
}

impl Layer {
    /// All seven, from the wire up.
    pub const ALL: [Self; 7] = [
        Self::Physical,
        Self::DataLink,
        Self::Network,
        Self::Transport,
        Self::Session,
        Self::Presentation,
        Self::Application,
    ];

    /// 1 for the wire to 7 for the program.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The OSI model's name, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::DataLink => "data link",
            Self::Network => "network",
            Self::Transport => "transport",
            Self::Session => "session",
            Self::Presentation => "presentation",
            Self::Application => "application",
        }
    }

    /// The layer of the four-layer TCP/IP model (RFC 1122 §1.1.3) that covers this one.
    pub const fn tcp_ip_name(self) -> &'static str {
        match self {
            Self::Physical | Self::DataLink => "link",
            Self::Network => "internet",
            Self::Transport => "transport",
            Self::Session | Self::Presentation | Self::Application => "application",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A protocol as state, inputs and outputs: the one shape of every protocol here.
///
/// Four laws, which a test holds every machine to: before its deadline
/// [`on_deadline`](Self::on_deadline) changes nothing and says nothing; after it the deadline is
/// later than `now` or gone; the same inputs give the same outputs; no input panics.
pub trait Machine: Clone {
    /// What can happen to it.
    type Input<'a>;
    /// What it wants done or said.
    type Output;
    /// Takes one input; everything that follows from it is in `out` when this returns.
    fn handle(&mut self, now: Instant, input: Self::Input<'_>, out: &mut Vec<Self::Output>);
    /// When it next wants [`on_deadline`](Self::on_deadline); `None` while it waits only for input.
    fn deadline(&self) -> Option<Instant>;
    /// Time has reached `now`.
    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Self::Output>);
}

/// Something worth telling, in two voices, with its source. `Display` is the field's voice.
pub trait Telling: fmt::Display {
    /// The same to a friend who is not technical; `None` where the field's words are plain enough.
    fn friend(&self) -> Option<String>;
    /// Where the rule stands: `"RFC 9293 §3.5"`.
    fn source(&self) -> &'static str;
}

/// One field of a header, beside the parser that reads it. The dissection, the hex highlight and
/// the box diagrams are drawn from these tables, and a test holds them against the parsers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// The field's name in its RFC's words: `"Time to Live"`.
    pub name: &'static str,
    /// Its name in filters, as Wireshark spells it: `"ip.ttl"`.
    pub filter: &'static str,
    /// The first bit, counted from the beginning of the header.
    pub bit: u16,
    /// How many bits it has.
    pub bits: u16,
    /// One sentence: what it is for.
    pub meaning: &'static str,
}

impl Field {
    /// A line of a header's table.
    pub const fn new(
        name: &'static str,
        filter: &'static str,
        bit: u16,
        bits: u16,
        meaning: &'static str,
    ) -> Self {
        Self { name, filter, bit, bits, meaning }
    }

    /// The field's value in `header`, at most 64 bits; `None` when the header ends before it.
    pub fn read(&self, header: &[u8]) -> Option<u64> {
        let end = self.bit + self.bits.min(64);
        (self.bit..end).try_fold(0, |value, bit| {
            let octet = *header.get(usize::from(bit / 8))?;
            Some(value << 1 | u64::from(octet >> (7 - bit % 8) & 1))
        })
    }
}
