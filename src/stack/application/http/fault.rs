//! What is wrong with octets that are no good HTTP.

use super::Status;
use std::fmt;

/// A rule that the peer broke.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A line ends with LF alone (RFC 9112 §2.2).
    BareLineFeed,
    /// A CR stands within a line (RFC 9112 §2.2).
    BareCarriageReturn,
    /// The request line is not method, target, version (RFC 9112 §3).
    RequestLine,
    /// The status line is not version, three digits, reason (RFC 9112 §4).
    StatusLine,
    /// The version is not HTTP/1.x (RFC 9112 §2.3).
    Version,
    /// The start line is too long (RFC 9112 §3).
    LineTooLong,
    /// Too many header fields, or too large (RFC 6585 §5).
    FieldsTooLarge,
    /// A header line is not name, colon, value (RFC 9112 §5).
    FieldLine,
    /// White space between a field's name and the colon (RFC 9112 §5.1).
    SpaceBeforeColon,
    /// A header field goes on in the next line (RFC 9112 §5.2).
    FoldedLine,
    /// HTTP/1.1 without Host (RFC 9112 §3.2).
    NoHost,
    /// More than one Host (RFC 9112 §3.2).
    ManyHosts,
    /// Content-Length is no number (RFC 9112 §6.3).
    Length,
    /// Two lengths that differ (RFC 9112 §6.3).
    LengthsDiffer,
    /// Both Content-Length and Transfer-Encoding (RFC 9112 §6.1).
    LengthAndCoding,
    /// A transfer coding that is not understood (RFC 9112 §6.1).
    UnknownCoding,
    /// A transfer coding where there can be none, or chunked not last and once (RFC 9112 §6.1).
    MisplacedCoding,
    /// A chunk's size or end is not what it must be (RFC 9112 §7.1).
    Chunk,
    /// The body is too large (RFC 9110 §15.5.14).
    BodyTooLarge,
    /// The connection ended within a message (RFC 9112 §8).
    Truncated,
}

impl Fault {
    /// With which status a server answers it.
    pub const fn status(self) -> Status {
        match self {
            Self::LineTooLong => Status::URI_TOO_LONG,
            Self::FieldsTooLarge => Status::HEADER_FIELDS_TOO_LARGE,
            Self::BodyTooLarge => Status::CONTENT_TOO_LARGE,
            Self::UnknownCoding => Status::NOT_IMPLEMENTED,
            Self::Version => Status::VERSION_NOT_SUPPORTED,
            _ => Status::BAD_REQUEST,
        }
    }

    /// Where the rule stands.
    pub const fn source(self) -> &'static str {
        match self {
            Self::BareLineFeed | Self::BareCarriageReturn => "RFC 9112 §2.2",
            Self::Version => "RFC 9112 §2.3",
            Self::RequestLine | Self::LineTooLong => "RFC 9112 §3",
            Self::NoHost | Self::ManyHosts => "RFC 9112 §3.2",
            Self::StatusLine => "RFC 9112 §4",
            Self::FieldLine => "RFC 9112 §5",
            Self::SpaceBeforeColon => "RFC 9112 §5.1",
            Self::FoldedLine => "RFC 9112 §5.2",
            Self::LengthAndCoding | Self::UnknownCoding | Self::MisplacedCoding => "RFC 9112 §6.1",
            Self::Length | Self::LengthsDiffer => "RFC 9112 §6.3",
            Self::Chunk => "RFC 9112 §7.1",
            Self::Truncated => "RFC 9112 §8",
            Self::FieldsTooLarge => "RFC 6585 §5",
            Self::BodyTooLarge => "RFC 9110 §15.5.14",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BareLineFeed => "a line ends with LF alone",
            Self::BareCarriageReturn => "a CR stands within a line",
            Self::RequestLine => "the request line is not method, target and version",
            Self::StatusLine => "the status line is not version, status and reason",
            Self::Version => "the version is not HTTP/1.x",
            Self::LineTooLong => "the start line is too long",
            Self::FieldsTooLarge => "the header fields are too many or too large",
            Self::FieldLine => "a header line is not name, colon and value",
            Self::SpaceBeforeColon => "white space stands before a header's colon",
            Self::FoldedLine => "a header goes on in the next line",
            Self::NoHost => "there is no Host",
            Self::ManyHosts => "there is more than one Host",
            Self::Length => "Content-Length is no number",
            Self::LengthsDiffer => "there are two lengths, and they differ",
            Self::LengthAndCoding => "there are both Content-Length and Transfer-Encoding",
            Self::UnknownCoding => "the transfer coding is not known here",
            Self::MisplacedCoding => "the transfer coding cannot be here",
            Self::Chunk => "a chunk is not size, octets and line end",
            Self::BodyTooLarge => "the body is too large",
            Self::Truncated => "the connection ended within a message",
        })
    }
}

impl std::error::Error for Fault {}
