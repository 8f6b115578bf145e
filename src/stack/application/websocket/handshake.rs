//! The opening handshake (RFC 6455 §4): what is asked, what is answered, and each end's checks.

use super::{Config, Opening, Parameters};
use crate::base::Rng;
use crate::stack::application::http::{self, Headers, Method, Request, Response, Status, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};
use std::fmt;

/// What every WebSocket server puts behind the key (§1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why there is no connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The request is not GET.
    NotGet,
    /// The request is older than HTTP/1.1.
    OldHttp,
    /// The request has no Host.
    NoHost,
    /// `Upgrade` does not name websocket.
    NoUpgrade,
    /// `Connection` does not name Upgrade.
    NoConnection,
    /// `Sec-WebSocket-Key` is not sixteen octets in base64, or not there once.
    BadKey,
    /// `Sec-WebSocket-Version` is not 13.
    BadVersion,
    /// The origin is not in the list.
    BadOrigin,
    /// The server answered with another status than 101.
    Status(Status),
    /// `Sec-WebSocket-Accept` is not the answer to the key.
    BadAccept,
    /// The server takes an extension that was not offered, or not so.
    BadExtension,
    /// The server takes a subprotocol that was not offered.
    BadProtocol,
    /// It is no good HTTP.
    Http(http::Fault),
}

impl Refusal {
    /// The status of it: what a server answers, or what it has answered. `None` of a client that
    /// does not like a 101.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::NotGet => Some(Status::METHOD_NOT_ALLOWED),
            Self::BadVersion => Some(Status::UPGRADE_REQUIRED),
            Self::BadOrigin => Some(Status::FORBIDDEN),
            Self::Status(status) => Some(status),
            Self::Http(fault) => Some(fault.status()),
            Self::OldHttp | Self::NoHost | Self::NoUpgrade | Self::NoConnection | Self::BadKey => {
                Some(Status::BAD_REQUEST)
            }
            Self::BadAccept | Self::BadExtension | Self::BadProtocol => None,
        }
    }

    /// What a server answers.
    pub fn response(self) -> Response {
        let status = self.status().unwrap_or(Status::BAD_REQUEST);
        let response = Response::text(status, &self.to_string()).with("Connection", "close");
        match self {
            Self::BadVersion => response.with("Sec-WebSocket-Version", "13"),
            Self::NotGet => response.with("Allow", "GET"),
            _ => response,
        }
    }

    /// Where the rule stands.
    pub const fn source(self) -> &'static str {
        match self {
            Self::NotGet
            | Self::OldHttp
            | Self::NoHost
            | Self::NoUpgrade
            | Self::NoConnection
            | Self::BadKey
            | Self::BadVersion => "RFC 6455 §4.2.1",
            Self::BadOrigin => "RFC 6455 §4.2.2",
            Self::Status(_) | Self::BadAccept | Self::BadExtension | Self::BadProtocol => {
                "RFC 6455 §4.1"
            }
            Self::Http(fault) => fault.source(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NotGet => "the request is not GET",
            Self::OldHttp => "the request is older than HTTP/1.1",
            Self::NoHost => "there is no Host",
            Self::NoUpgrade => "Upgrade does not name websocket",
            Self::NoConnection => "Connection does not name Upgrade",
            Self::BadKey => "the key is not 16 octets in base64",
            Self::BadVersion => "the version is not 13",
            Self::BadOrigin => "the origin is not allowed here",
            Self::Status(status) => return write!(f, "the server answered {status}"),
            Self::BadAccept => "the answer to the key is wrong",
            Self::BadExtension => "the server takes an extension that was not offered",
            Self::BadProtocol => "the server takes a subprotocol that was not offered",
            Self::Http(fault) => return fault.fmt(f),
        })
    }
}

/// What the handshake settled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Agreed {
    /// The subprotocol.
    pub protocol: Option<String>,
    /// Compression.
    pub deflate: Option<Parameters>,
}

/// A new key: sixteen random octets in base64 (§4.1).
pub fn key(rng: &mut Rng) -> String {
    let halves = [rng.bits().to_be_bytes(), rng.bits().to_be_bytes()];
    STANDARD.encode(halves.as_flattened())
}

/// The answer to a key (§1.3).
pub fn accept(key: &str) -> String {
    STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize())
}

/// A client's request (§4.1).
pub fn request(opening: &Opening, config: &Config, key: &str) -> Request {
    let mut request = Request::new(Method::Get, opening.target.as_str())
        .with("Host", &opening.host)
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Key", key)
        .with("Sec-WebSocket-Version", "13");
    if let Some(origin) = &opening.origin {
        request.headers.push("Origin", origin.as_str());
    }
    if !config.protocols.is_empty() {
        request.headers.push("Sec-WebSocket-Protocol", config.protocols.join(", "));
    }
    if let Some(deflate) = config.deflate {
        request.headers.push("Sec-WebSocket-Extensions", deflate.offer());
    }
    config.headers.iter().for_each(|(name, value)| request.headers.push(name, value));
    request
}

/// A server's check of a request (§4.2.1), and its answer if it is good (§4.2.2).
pub fn answer(request: &Request, config: &Config) -> Result<(Response, Agreed), Refusal> {
    let headers = &request.headers;
    check(request.method == Method::Get, Refusal::NotGet)?;
    check(request.version >= Version::Http11, Refusal::OldHttp)?;
    check(headers.get("Host").is_some(), Refusal::NoHost)?;
    check(headers.has_token("Upgrade", "websocket"), Refusal::NoUpgrade)?;
    check(headers.has_token("Connection", "Upgrade"), Refusal::NoConnection)?;
    let version = only(headers, "Sec-WebSocket-Version");
    check(version == Some("13"), Refusal::BadVersion)?;
    let key = only(headers, "Sec-WebSocket-Key").ok_or(Refusal::BadKey)?;
    check(STANDARD.decode(key).is_ok_and(|octets| octets.len() == 16), Refusal::BadKey)?;
    if let Some(origin) = headers.get("Origin") {
        let known = config.origins.is_empty() || config.origins.iter().any(|one| one == origin);
        check(known, Refusal::BadOrigin)?;
    }
    let mut response = Response::new(Status::SWITCHING_PROTOCOLS)
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Accept", &accept(key));
    let spoken = |one: &&str| config.protocols.iter().any(|known| known == one);
    let protocol = headers.list("Sec-WebSocket-Protocol").find(spoken).map(str::to_owned);
    if let Some(protocol) = &protocol {
        response.headers.push("Sec-WebSocket-Protocol", protocol.as_str());
    }
    let offers = headers.get_all("Sec-WebSocket-Extensions");
    let chosen = config.deflate.and_then(|deflate| deflate.choose(offers));
    let deflate = chosen.map(|(deflate, text)| {
        response.headers.push("Sec-WebSocket-Extensions", text);
        deflate
    });
    Ok((response, Agreed { protocol, deflate }))
}

/// A client's check of the answer to its request (§4.1).
pub fn check_answer(response: &Response, config: &Config, key: &str) -> Result<Agreed, Refusal> {
    let headers = &response.headers;
    check(response.status == Status::SWITCHING_PROTOCOLS, Refusal::Status(response.status))?;
    check(headers.has_token("Upgrade", "websocket"), Refusal::NoUpgrade)?;
    check(headers.has_token("Connection", "Upgrade"), Refusal::NoConnection)?;
    let answer = only(headers, "Sec-WebSocket-Accept");
    check(answer == Some(&accept(key)), Refusal::BadAccept)?;
    let mut extensions = headers.list("Sec-WebSocket-Extensions");
    let deflate = match (extensions.next(), extensions.next(), config.deflate) {
        (None, ..) => None,
        (Some(one), None, Some(offer)) => Some(offer.check(one).ok_or(Refusal::BadExtension)?),
        (Some(_), ..) => return Err(Refusal::BadExtension),
    };
    let mut protocols = headers.get_all("Sec-WebSocket-Protocol");
    let protocol = protocols.next().map(str::to_owned);
    let offered = |one: &String| config.protocols.contains(one);
    check(protocol.as_ref().is_none_or(offered), Refusal::BadProtocol)?;
    check(protocols.next().is_none(), Refusal::BadProtocol)?;
    Ok(Agreed { protocol, deflate })
}

const fn check(fits: bool, refusal: Refusal) -> Result<(), Refusal> {
    if fits { Ok(()) } else { Err(refusal) }
}

/// The value of a field that must stand once.
fn only<'a>(headers: &'a Headers, name: &'a str) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    values.next().filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

    fn opening() -> Opening {
        Opening { host: "bob".into(), target: "/chat".into(), origin: Some("http://a".into()) }
    }

    fn config() -> Config {
        Config {
            protocols: vec!["chat".into(), "superchat".into()],
            deflate: Some(Parameters::default()),
            ..Config::default()
        }
    }

    #[test]
    fn the_example_of_rfc_6455_1_3_comes_out() {
        assert_eq!(accept(KEY), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn keys_are_sixteen_octets_and_new_each_time() {
        let mut rng = Rng::fork(1, "websocket");
        let (one, two) = (key(&mut rng), key(&mut rng));
        assert_ne!(one, two);
        assert_eq!(STANDARD.decode(one).unwrap().len(), 16);
    }

    #[test]
    fn a_good_request_is_answered_and_the_answer_is_good() {
        let server = Config { protocols: vec!["superchat".into()], ..config() };
        let (response, agreed) = answer(&request(&opening(), &config(), KEY), &server).unwrap();
        assert_eq!(agreed.protocol.as_deref(), Some("superchat"));
        assert_eq!(agreed.deflate, Some(Parameters::default()));
        assert_eq!(check_answer(&response, &config(), KEY), Ok(agreed));
    }

    #[test]
    fn what_the_server_does_not_know_is_passed_over() {
        let (response, agreed) =
            answer(&request(&opening(), &config(), KEY), &Config::default()).unwrap();
        assert_eq!(agreed, Agreed::default());
        assert_eq!(check_answer(&response, &config(), KEY), Ok(agreed));
    }

    #[test]
    fn each_check_of_the_server_refuses_with_its_status() {
        let good = || request(&opening(), &config(), KEY);
        let with = |name: &str, value: &str| {
            let mut request = good();
            request.headers.set(name, value);
            request
        };
        let twice = |name: &str, value: &str| good().with(name, value);
        let old = Request { version: Version::Http10, ..good() };
        let table = [
            (Request { method: Method::Post, ..good() }, Refusal::NotGet, 405),
            (old, Refusal::OldHttp, 400),
            (with("Upgrade", "h2c"), Refusal::NoUpgrade, 400),
            (with("Connection", "close"), Refusal::NoConnection, 400),
            (with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"), Refusal::BadKey, 400),
            (with("Sec-WebSocket-Key", "not base64 at all"), Refusal::BadKey, 400),
            (twice("Sec-WebSocket-Key", KEY), Refusal::BadKey, 400),
            (with("Sec-WebSocket-Version", "8"), Refusal::BadVersion, 426),
            (with("Origin", "http://evil"), Refusal::BadOrigin, 403),
        ];
        let server = Config { origins: vec!["http://a".into()], ..config() };
        for (request, refusal, status) in table {
            assert_eq!(answer(&request, &server), Err(refusal));
            assert_eq!(refusal.response().status, Status(status));
        }
        let mut no_host = good();
        no_host.headers = Headers::new();
        assert_eq!(answer(&no_host, &server), Err(Refusal::NoHost));
        let answered = Refusal::BadVersion.response();
        assert_eq!(answered.headers.get("Sec-WebSocket-Version"), Some("13"));
        let any_case = with("Upgrade", "h2c, WebSocket");
        assert!(answer(&any_case, &server).is_ok());
        let list = with("Connection", "keep-alive, upgrade");
        assert!(answer(&list, &server).is_ok());
    }

    #[test]
    fn each_check_of_the_client_refuses() {
        let good = || answer(&request(&opening(), &config(), KEY), &config()).unwrap().0;
        let with = |name: &str, value: &str| {
            let mut response = good();
            response.headers.set(name, value);
            response
        };
        let not_found = Response::new(Status::NOT_FOUND);
        let table = [
            (not_found, Refusal::Status(Status::NOT_FOUND), Some(Status::NOT_FOUND)),
            (with("Upgrade", "x"), Refusal::NoUpgrade, Some(Status::BAD_REQUEST)),
            (with("Connection", "x"), Refusal::NoConnection, Some(Status::BAD_REQUEST)),
            (with("Sec-WebSocket-Accept", &accept("x")), Refusal::BadAccept, None),
            (with("Sec-WebSocket-Extensions", "x"), Refusal::BadExtension, None),
            (
                with("Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate"),
                Refusal::BadExtension,
                None,
            ),
            (with("Sec-WebSocket-Protocol", "x"), Refusal::BadProtocol, None),
            (with("Sec-WebSocket-Protocol", "chat, superchat"), Refusal::BadProtocol, None),
        ];
        for (response, refusal, status) in table {
            assert_eq!(check_answer(&response, &config(), KEY), Err(refusal));
            assert_eq!(refusal.status(), status);
            assert!(!refusal.to_string().is_empty() && refusal.source().starts_with("RFC 6455"));
        }
        let plain = Config::default();
        assert_eq!(check_answer(&good(), &plain, KEY), Err(Refusal::BadExtension));
    }
}
