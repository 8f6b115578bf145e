//! The rules that a peer can break once the connection is open.

use std::fmt;

/// A broken rule. The connection fails with its code (RFC 6455 §7.1.7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Violation {
    /// A server masked a frame.
    Masked,
    /// A client did not mask a frame.
    NotMasked,
    /// A reserved bit is set, and no extension that was agreed upon gives it a meaning.
    ReservedBit,
    /// An opcode that means nothing.
    ReservedOpcode,
    /// A control frame in fragments.
    FragmentedControl,
    /// A control frame of more than 125 octets.
    LongControl,
    /// A length in a longer form than it needs.
    LongForm,
    /// A length of more than 63 bits.
    TopBit,
    /// A continuation of nothing.
    LoneContinuation,
    /// A message within a message.
    Nested,
    /// A Close frame whose payload is a single octet.
    HalfCode,
    /// A Close frame with a code that must not be on the wire.
    Code(u16),
    /// Text that is not UTF-8.
    NotText,
    /// A compressed message that does not inflate.
    NotDeflate,
    /// A frame larger than is taken here.
    LargeFrame,
    /// A message larger than is taken here.
    LargeMessage,
}

impl Violation {
    /// The code that the connection fails with (RFC 6455 §7.4.1).
    pub const fn code(self) -> u16 {
        match self {
            Self::NotText | Self::NotDeflate => 1007,
            Self::LargeFrame | Self::LargeMessage => 1009,
            _ => 1002,
        }
    }

    /// Where the rule stands.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Masked | Self::NotMasked => "RFC 6455 §5.1",
            Self::ReservedBit | Self::ReservedOpcode | Self::LongForm | Self::TopBit => {
                "RFC 6455 §5.2"
            }
            Self::LoneContinuation | Self::Nested => "RFC 6455 §5.4",
            Self::FragmentedControl | Self::LongControl => "RFC 6455 §5.5",
            Self::HalfCode => "RFC 6455 §5.5.1",
            Self::Code(_) => "RFC 6455 §7.4",
            Self::NotText => "RFC 6455 §8.1",
            Self::NotDeflate => "RFC 7692 §7.2.2",
            Self::LargeFrame | Self::LargeMessage => "RFC 6455 §10.4",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Masked => "a server must not mask",
            Self::NotMasked => "a client must mask",
            Self::ReservedBit => "a reserved bit is set",
            Self::ReservedOpcode => "the opcode means nothing",
            Self::FragmentedControl => "a control frame comes in fragments",
            Self::LongControl => "a control frame has more than 125 octets",
            Self::LongForm => "a length is in a longer form than it needs",
            Self::TopBit => "a length has more than 63 bits",
            Self::LoneContinuation => "a continuation of nothing",
            Self::Nested => "a message begins within a message",
            Self::HalfCode => "a Close frame has half a code",
            Self::Code(code) => return write!(f, "{code} is no code for a Close frame"),
            Self::NotText => "text that is not UTF-8",
            Self::NotDeflate => "a compressed message does not inflate",
            Self::LargeFrame => "a frame is too large",
            Self::LargeMessage => "a message is too large",
        })
    }
}

impl std::error::Error for Violation {}

/// Whether a code may stand in a Close frame: the defined ones, and the ranges that libraries and
/// programs may use (RFC 6455 §7.4 and IANA's registry).
pub const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
