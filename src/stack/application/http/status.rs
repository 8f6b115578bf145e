//! Status codes (RFC 9110 §15).

use std::fmt;

/// How a request went: three digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Status(pub u16);

impl Status {
    /// Go on sending the body.
    pub const CONTINUE: Self = Self(100);
    /// From here on another protocol is spoken.
    pub const SWITCHING_PROTOCOLS: Self = Self(101);
    /// Here it is.
    pub const OK: Self = Self(200);
    /// Done, and there is nothing to show.
    pub const NO_CONTENT: Self = Self(204);
    /// What you have is still right.
    pub const NOT_MODIFIED: Self = Self(304);
    /// The request cannot be understood.
    pub const BAD_REQUEST: Self = Self(400);
    /// Understood, and refused.
    pub const FORBIDDEN: Self = Self(403);
    /// Nothing has that name.
    pub const NOT_FOUND: Self = Self(404);
    /// Not with this method.
    pub const METHOD_NOT_ALLOWED: Self = Self(405);
    /// The request took too long to arrive.
    pub const REQUEST_TIMEOUT: Self = Self(408);
    /// The body is larger than is taken here.
    pub const CONTENT_TOO_LARGE: Self = Self(413);
    /// The request's target is longer than is taken here.
    pub const URI_TOO_LONG: Self = Self(414);
    /// Ask again with another protocol.
    pub const UPGRADE_REQUIRED: Self = Self(426);
    /// The header fields are larger or more than are taken here.
    pub const HEADER_FIELDS_TOO_LARGE: Self = Self(431);
    /// Something went wrong in the server.
    pub const INTERNAL_SERVER_ERROR: Self = Self(500);
    /// The server cannot do that at all.
    pub const NOT_IMPLEMENTED: Self = Self(501);
    /// Too much to do at the moment.
    pub const SERVICE_UNAVAILABLE: Self = Self(503);
    /// This version of HTTP is not spoken here.
    pub const VERSION_NOT_SUPPORTED: Self = Self(505);

    /// 1xx: more follows before the answer.
    pub const fn is_interim(self) -> bool {
        self.0 >= 100 && self.0 < 200
    }

    /// Whether an answer with this status may have a body (RFC 9112 §6.3).
    pub const fn has_body(self) -> bool {
        !self.is_interim() && self.0 != 204 && self.0 != 304
    }

    /// The words that RFC 9110 gives it; empty where it gives none.
    pub const fn reason(self) -> &'static str {
        match self.0 {
            100 => "Continue",
            101 => "Switching Protocols",
            200 => "OK",
            201 => "Created",
            202 => "Accepted",
            204 => "No Content",
            206 => "Partial Content",
            301 => "Moved Permanently",
            302 => "Found",
            303 => "See Other",
            304 => "Not Modified",
            307 => "Temporary Redirect",
            308 => "Permanent Redirect",
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            406 => "Not Acceptable",
            408 => "Request Timeout",
            409 => "Conflict",
            410 => "Gone",
            411 => "Length Required",
            413 => "Content Too Large",
            414 => "URI Too Long",
            415 => "Unsupported Media Type",
            417 => "Expectation Failed",
            426 => "Upgrade Required",
            429 => "Too Many Requests",
            431 => "Request Header Fields Too Large",
            500 => "Internal Server Error",
            501 => "Not Implemented",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            505 => "HTTP Version Not Supported",
            _ => "",
        }
    }
}

/// `404 Not Found`.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            "" => write!(f, "{}", self.0),
            reason => write!(f, "{} {reason}", self.0),
        }
    }
}
