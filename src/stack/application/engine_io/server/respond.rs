//! Answers to requests, with the headers that browsers want.

use super::super::Refusal;
use super::{Config, Output};
use crate::base::Chunk;

/// A request that is to be answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Exchange {
    pub(super) number: u64,
    /// It comes from a page of some origin (RFC 6454 §7).
    pub(super) has_origin: bool,
}

const PLAIN: &str = "text/plain; charset=UTF-8";

impl Exchange {
    /// Packets for a GET.
    pub(super) fn packets(self, config: &Config, body: Chunk) -> Output {
        self.respond(config, 200, Some(PLAIN), body)
    }

    /// `ok` for a POST. `text/html`, as browsers offer `text/plain` for download.
    pub(super) fn ok(self, config: &Config) -> Output {
        self.respond(config, 200, Some("text/html"), Chunk::from_static(b"ok"))
    }

    /// The body was too large (RFC 9110 §15.5.14).
    pub(super) fn too_large(self, config: &Config) -> Output {
        self.respond(config, 413, None, Chunk::EMPTY)
    }

    /// A refusal, in JSON.
    pub(super) fn refuse(self, config: &Config, why: Refusal) -> Output {
        let json = Chunk::from(why.json().as_bytes());
        self.respond(config, why.status(), Some("application/json"), json)
    }

    /// The answer to a preflight request (Fetch standard, "CORS-preflight request").
    pub(super) fn preflight(self, config: &Config, requested: Option<&str>) -> Output {
        let mut response = self.respond(config, 204, None, Chunk::EMPTY);
        if let Output::Respond { headers, .. } = &mut response {
            let methods = "GET,HEAD,PUT,PATCH,POST,DELETE";
            headers.push(("Access-Control-Allow-Methods", methods.to_owned()));
            let printable = |text: &&str| text.bytes().all(|octet| matches!(octet, b' '..=b'~'));
            if let Some(requested) = requested.filter(printable) {
                headers.push(("Access-Control-Allow-Headers", requested.to_owned()));
            }
        }
        response
    }

    fn respond(
        self,
        config: &Config,
        status: u16,
        content_type: Option<&str>,
        body: Chunk,
    ) -> Output {
        let mut headers = Vec::new();
        headers.extend(content_type.map(|value| ("Content-Type", value.to_owned())));
        headers.push(("Cache-Control", "no-store".to_owned()));
        if let Some(origin) = config.cors.as_ref().filter(|_| self.has_origin) {
            headers.push(("Access-Control-Allow-Origin", origin.clone()));
        }
        Output::Respond { exchange: self.number, status, headers, body }
    }
}
