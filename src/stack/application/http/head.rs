//! The head of a message: start line and header fields, line by line, and what they say about the
//! body.

use super::{Fault, Headers, Limits, Method, Request, Response, Status, Version};

/// How a body ends (RFC 9112 §6.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Framing {
    /// There is none.
    None,
    /// After so many octets.
    Length(u64),
    /// With a chunk of length zero.
    Chunked,
    /// With the connection.
    UntilClose,
}

/// A message whose head can be read: [`Request`] or [`Response`].
pub trait Head: Sized + Clone {
    /// Reads the start line, without its end.
    fn start(line: &[u8]) -> Result<Self, Fault>;
    /// Its header fields.
    fn headers(&mut self) -> &mut Headers;
    /// Its head is complete: how does its body end? `to_head`: it answers a HEAD.
    fn framing(&self, to_head: bool) -> Result<Framing, Fault>;
}

impl Head for Request {
    fn start(line: &[u8]) -> Result<Self, Fault> {
        let mut parts = line.split(|octet| *octet == b' ');
        let (Some(method), Some(target), Some(version), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Fault::RequestLine);
        };
        let visible = !target.is_empty() && target.iter().all(u8::is_ascii_graphic);
        if !is_token(method) || !visible {
            return Err(Fault::RequestLine);
        }
        let version = version_of(version).ok_or(Fault::RequestLine)??;
        let method = Method::named(&text(method));
        Ok(Self { version, ..Self::new(method, text(target)) })
    }

    fn headers(&mut self) -> &mut Headers {
        &mut self.headers
    }

    fn framing(&self, _: bool) -> Result<Framing, Fault> {
        match self.headers.get_all("Host").count() {
            0 if self.version >= Version::Http11 => return Err(Fault::NoHost),
            0 | 1 => {}
            _ => return Err(Fault::ManyHosts),
        }
        let framing = body_framing(self.version, &self.headers)?;
        // Only a response can end with its connection: who closed could not read the answer.
        Ok(framing.unwrap_or(Framing::None))
    }
}

impl Head for Response {
    fn start(line: &[u8]) -> Result<Self, Fault> {
        let mut parts = line.splitn(3, |octet| *octet == b' ');
        let version = parts.next().and_then(version_of).ok_or(Fault::StatusLine)??;
        let Some([a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9']) = parts.next() else {
            return Err(Fault::StatusLine);
        };
        let digit = |octet: &u8| u16::from(octet - b'0');
        let status = Status(digit(a) * 100 + digit(b) * 10 + digit(c));
        // The reason is for people; it may be anything, or left out (§4).
        Ok(Self { version, ..Self::new(status) })
    }

    fn headers(&mut self) -> &mut Headers {
        &mut self.headers
    }

    fn framing(&self, to_head: bool) -> Result<Framing, Fault> {
        if to_head || !self.status.has_body() {
            return Ok(Framing::None);
        }
        Ok(body_framing(self.version, &self.headers)?.unwrap_or(Framing::UntilClose))
    }
}

/// Reads one header line, without its end, into `headers`.
pub(super) fn read_field(line: &[u8], headers: &mut Headers, limits: &Limits) -> Result<(), Fault> {
    if line.first().is_some_and(|first| matches!(first, b' ' | b'\t')) {
        return Err(Fault::FoldedLine);
    }
    let colon = line.iter().position(|octet| *octet == b':').ok_or(Fault::FieldLine)?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    if matches!(name.last(), Some(b' ' | b'\t')) {
        return Err(Fault::SpaceBeforeColon);
    }
    let printable = |octet: &u8| *octet >= b' ' && *octet != 0x7f || *octet == b'\t';
    if !is_token(name) || !value.iter().all(printable) {
        return Err(Fault::FieldLine);
    }
    if headers.len() == limits.fields_max {
        return Err(Fault::FieldsTooLarge);
    }
    headers.push(text(name), text(value.trim_ascii()));
    Ok(())
}

/// What the headers say of the body; `None` if they say nothing (RFC 9112 §6.3).
fn body_framing(version: Version, headers: &Headers) -> Result<Option<Framing>, Fault> {
    let mut lengths = headers.list("Content-Length").map(length_of);
    let length = lengths.next().transpose()?;
    for other in lengths {
        if Some(other?) != length {
            return Err(Fault::LengthsDiffer);
        }
    }
    if headers.get("Transfer-Encoding").is_none() {
        return match length {
            None if headers.get("Content-Length").is_some() => Err(Fault::Length),
            _ => Ok(length.map(Framing::Length)),
        };
    }
    if length.is_some() {
        return Err(Fault::LengthAndCoding);
    }
    if version < Version::Http11 {
        return Err(Fault::MisplacedCoding);
    }
    let is_chunked = |coding: &str| coding.eq_ignore_ascii_case("chunked");
    let mut codings = headers.list("Transfer-Encoding");
    match (codings.next().map(is_chunked), codings.next().map(is_chunked)) {
        (Some(true), None) => Ok(Some(Framing::Chunked)),
        (Some(true), Some(_)) | (None, _) => Err(Fault::MisplacedCoding),
        (Some(false), _) => Err(Fault::UnknownCoding),
    }
}

/// The value of a Content-Length; what is larger than 64 bits is larger than every limit.
fn length_of(value: &str) -> Result<u64, Fault> {
    if value.bytes().all(|octet| octet.is_ascii_digit()) {
        Ok(value.parse().unwrap_or(u64::MAX))
    } else {
        Err(Fault::Length)
    }
}

/// The version of that name: `None` if it is no version, an error if it is none of ours.
fn version_of(name: &[u8]) -> Option<Result<Version, Fault>> {
    let [b'H', b'T', b'T', b'P', b'/', major, b'.', minor] = name else { return None };
    if !major.is_ascii_digit() || !minor.is_ascii_digit() {
        return None;
    }
    Some(match (major, minor) {
        (b'1', b'0') => Ok(Version::Http10),
        (b'1', _) => Ok(Version::Http11),
        _ => Err(Fault::Version),
    })
}

/// A token (RFC 9110 §5.6.2).
pub(super) fn is_token(octets: &[u8]) -> bool {
    let fits = |octet: &u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet);
    !octets.is_empty() && octets.iter().all(fits)
}

/// As text. Octets above ASCII mean nothing in HTTP (RFC 9110 §5.5); what is no UTF-8 is marked.
fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
