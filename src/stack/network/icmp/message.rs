//! The message: eight octets of header, then what it is about.

use crate::base::Malformed;
use crate::base::octets::{Checksum, u16_at, u32_at};
use crate::stack::Field;
use std::fmt;

/// Octets of the header of every message.
pub const HEADER_LEN: usize = 8;

const ECHO_REPLY: u8 = 0;
const UNREACHABLE: u8 = 3;
const ECHO_REQUEST: u8 = 8;
const TIME_EXCEEDED: u8 = 11;
const PARAMETER_PROBLEM: u8 = 12;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$code_doc:meta])* $code:ident = $value:literal, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$code_doc])* $code = $value,)*
        }

        impl $name {
            /// Every code, in the order of the numbers.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// The code with this number.
            pub const fn from_number(number: u8) -> Option<Self> {
                match number {
                    $($value => Some(Self::$code),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$code => $text,)* })
            }
        }
    };
}

codes! {
    /// What could not be reached, or why not; the value is the number on the wire
    /// (RFC 792; RFC 1122 §3.2.2.1; RFC 1812 §5.2.7.1).
    UnreachableCode {
        /// No route to the network.
        Net = 0, "net unreachable";
        /// The last router gets no answer from the host.
        Host = 1, "host unreachable";
        /// The host does not know the protocol.
        Protocol = 2, "protocol unreachable";
        /// No program is at the port.
        Port = 3, "port unreachable";
        /// The packet is too big for a link and must not be cut.
        FragmentationNeeded = 4, "unreachable - need to frag";
        /// The route that the source asked for does not work.
        SourceRouteFailed = 5, "source route failed";
        /// The network does not exist.
        NetUnknown = 6, "net unknown";
        /// The host does not exist.
        HostUnknown = 7, "host unknown";
        /// The source is cut off.
        SourceIsolated = 8, "source host isolated";
        /// The network is forbidden.
        NetProhibited = 9, "net prohibited";
        /// The host is forbidden.
        HostProhibited = 10, "host prohibited";
        /// No way to the network for this type of service.
        NetForService = 11, "net unreachable for this service";
        /// No way to the host for this type of service.
        HostForService = 12, "host unreachable for this service";
        /// A filter forbids it.
        Prohibited = 13, "communication prohibited";
        /// The precedence is not allowed for the host.
        PrecedenceViolation = 14, "host precedence violation";
        /// The precedence is below what the network's operators demand.
        PrecedenceCutoff = 15, "precedence cutoff";
    }
}

codes! {
    /// Which time ran out; the value is the number on the wire (RFC 792).
    TimeExceededCode {
        /// The packet passed as many routers as it was allowed to.
        InTransit = 0, "time exceeded in-transit";
        /// Not all fragments came in time.
        Reassembly = 1, "ip reassembly time exceeded";
    }
}

/// A message's header. What follows it is the echo's data, or the packet that an error is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message {
    /// Please send this back.
    EchoRequest {
        /// Which series of questions: one a `ping` program.
        id: u16,
        /// Which question of the series.
        seq: u16,
    },
    /// Here it is back.
    EchoReply {
        /// As in the request.
        id: u16,
        /// As in the request.
        seq: u16,
    },
    /// The packet did not reach its end.
    Unreachable {
        /// Why.
        code: UnreachableCode,
        /// With [`UnreachableCode::FragmentationNeeded`], the most octets that the next link takes
        /// (RFC 1191 §4); else zero.
        next_hop_mtu: u16,
    },
    /// The packet, or its fragments, ran out of time.
    TimeExceeded {
        /// Which time.
        code: TimeExceededCode,
    },
    /// The packet's header makes no sense.
    ParameterProblem {
        /// The octet of it that is wrong.
        pointer: u8,
    },
    /// A type or code that is not understood; RFC 1122 §3.2.2 says to drop it silently.
    Other {
        /// The type's number.
        kind: u8,
        /// The code's number.
        code: u8,
        /// The header's last four octets.
        rest: u32,
    },
}

impl Message {
    /// Reads a message that fills `octets` to their end, and checks its checksum. Gives the header
    /// and where that which follows begins.
    pub fn parse(octets: &[u8]) -> Result<(Self, usize), Malformed> {
        let wrong = |at, expected| Err(Malformed { protocol: "ICMP", at, expected });
        if octets.len() < HEADER_LEN {
            return wrong(octets.len() as u16, "a header of 8 octets");
        }
        if !Checksum::new().add(octets).is_valid() {
            return wrong(2, "a checksum that fits the message");
        }
        let (kind, code, rest) = (octets[0], octets[1], u32_at(octets, 4));
        let (high, low) = (u16_at(octets, 4), u16_at(octets, 6));
        let other = Self::Other { kind, code, rest };
        let message = match (kind, code) {
            (ECHO_REQUEST, 0) => Self::EchoRequest { id: high, seq: low },
            (ECHO_REPLY, 0) => Self::EchoReply { id: high, seq: low },
            (UNREACHABLE, code) => UnreachableCode::from_number(code)
                .map_or(other, |code| Self::Unreachable { code, next_hop_mtu: low }),
            (TIME_EXCEEDED, code) => TimeExceededCode::from_number(code)
                .map_or(other, |code| Self::TimeExceeded { code }),
            (PARAMETER_PROBLEM, 0) => Self::ParameterProblem { pointer: octets[4] },
            _ => other,
        };
        Ok((message, HEADER_LEN))
    }

    /// Appends the message with `payload` behind it.
    pub fn emit(&self, payload: &[u8], out: &mut Vec<u8>) {
        let both = |high: u16, low: u16| u32::from(high) << 16 | u32::from(low);
        let (kind, code, rest) = match *self {
            Self::EchoRequest { id, seq } => (ECHO_REQUEST, 0, both(id, seq)),
            Self::EchoReply { id, seq } => (ECHO_REPLY, 0, both(id, seq)),
            Self::Unreachable { code, next_hop_mtu } => {
                (UNREACHABLE, code as u8, both(0, next_hop_mtu))
            }
            Self::TimeExceeded { code } => (TIME_EXCEEDED, code as u8, 0),
            Self::ParameterProblem { pointer } => (PARAMETER_PROBLEM, 0, u32::from(pointer) << 24),
            Self::Other { kind, code, rest } => (kind, code, rest),
        };
        let checksum = Checksum::new()
            .add_word(u16::from_be_bytes([kind, code]))
            .add(&rest.to_be_bytes())
            .add(payload)
            .finish();
        out.extend([kind, code]);
        out.extend(checksum.to_be_bytes());
        out.extend(rest.to_be_bytes());
        out.extend_from_slice(payload);
    }

    /// Whether the message complains about a packet, which then follows the header.
    pub const fn is_error(&self) -> bool {
        match *self {
            Self::Unreachable { .. }
            | Self::TimeExceeded { .. }
            | Self::ParameterProblem { .. } => true,
            Self::EchoRequest { .. } | Self::EchoReply { .. } => false,
            Self::Other { kind, .. } => is_error_type(kind),
        }
    }
}

/// The types that RFC 1122 §3.2.2 counts as errors: unreachable, source quench, redirect, time
/// exceeded, parameter problem.
pub(super) const fn is_error_type(kind: u8) -> bool {
    matches!(kind, UNREACHABLE | 4 | 5 | TIME_EXCEEDED | PARAMETER_PROBLEM)
}

/// As `tcpdump` writes it: `echo request, id 1, seq 2`, `host unreachable`,
/// `unreachable - need to frag (mtu 1400)`.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::EchoRequest { id, seq } => write!(f, "echo request, id {id}, seq {seq}"),
            Self::EchoReply { id, seq } => write!(f, "echo reply, id {id}, seq {seq}"),
            Self::Unreachable {
                code: code @ UnreachableCode::FragmentationNeeded,
                next_hop_mtu,
            } => {
                write!(f, "{code} (mtu {next_hop_mtu})")
            }
            Self::Unreachable { code, .. } => code.fmt(f),
            Self::TimeExceeded { code } => code.fmt(f),
            Self::ParameterProblem { pointer } => write!(f, "parameter problem - octet {pointer}"),
            Self::Other { kind, code, .. } => write!(f, "type {kind}, code {code}"),
        }
    }
}

/// The fields of an echo; errors have the MTU or nothing in place of the last two.
pub const FIELDS: &[Field] = &[
    Field::new("Type", "icmp.type", 0, 8, "Which kind of message."),
    Field::new("Code", "icmp.code", 8, 8, "Which case of that kind."),
    Field::new("Checksum", "icmp.checksum", 16, 16, "Shows whether the message is damaged."),
    Field::new("Identifier", "icmp.ident", 32, 16, "Which series of questions; unused in errors."),
    Field::new(
        "Sequence Number",
        "icmp.seq",
        48,
        16,
        "Which question; the next link's MTU in \"fragmentation needed\".",
    ),
];
