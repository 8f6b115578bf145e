//! How a session begins: what the client asks for in its query, what the server tells in its open
//! packet.

use super::Transport;
use crate::base::{Duration, Malformed};
use serde::{Deserialize, Serialize};

/// The version that is spoken here, as the query's `EIO` says it.
pub const VERSION: &str = "4";

/// The data of the open packet: exactly these five keys, in this order (Engine.IO protocol v4,
/// "Handshake"). Times are milliseconds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// The session's id.
    pub sid: String,
    /// To which transports the session may move.
    #[serde(default)]
    pub upgrades: Vec<String>,
    ping_interval: u64,
    ping_timeout: u64,
    /// Octets that a request's body may have; zero where the server does not say.
    #[serde(default)]
    pub max_payload: u64,
}

impl Open {
    /// What a server tells.
    pub fn new(
        sid: &str,
        upgrades: &[Transport],
        (ping_interval, ping_timeout): (Duration, Duration),
        max_payload: u64,
    ) -> Self {
        Self {
            sid: sid.to_owned(),
            upgrades: upgrades.iter().map(|transport| transport.name().to_owned()).collect(),
            ping_interval: ping_interval.as_millis(),
            ping_timeout: ping_timeout.as_millis(),
            max_payload,
        }
    }

    /// The time between a pong and the next ping.
    pub const fn ping_interval(&self) -> Duration {
        Duration::from_millis(self.ping_interval)
    }

    /// The time within which a ping is answered.
    pub const fn ping_timeout(&self) -> Duration {
        Duration::from_millis(self.ping_timeout)
    }

    /// Reads a server's JSON: the id and both times must be there, other keys are ignored. The id
    /// goes into the queries of later requests, so it must be made of what needs no encoding there
    /// (RFC 3986 §2.3).
    pub fn read(json: &str) -> Result<Self, Malformed> {
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let fits = |open: &Self| !open.sid.is_empty() && open.sid.chars().all(unreserved);
        let open: Option<Self> = serde_json::from_str(json).ok();
        open.filter(fits).ok_or(Malformed {
            protocol: "Engine.IO",
            at: 1,
            expected: "JSON with sid, pingInterval and pingTimeout",
        })
    }

    /// Its JSON.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers are always JSON")
    }
}

/// What a request's query says; a key that comes twice counts as its last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Query<'a> {
    /// The protocol's version.
    pub version: Option<&'a str>,
    /// The transport; `None` if it is missing or no known one.
    pub transport: Option<Transport>,
    /// The session's id, if one is named.
    pub sid: Option<&'a str>,
}

impl<'a> Query<'a> {
    /// Reads a raw query, with or without its `?`. Ids and names need no percent-encoding, so none
    /// is undone.
    pub fn read(raw: &'a str) -> Self {
        let mut query = Self::default();
        for pair in raw.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "EIO" => query.version = Some(value),
                "transport" => query.transport = Transport::named(value),
                "sid" => query.sid = Some(value).filter(|sid| !sid.is_empty()),
                _ => {}
            }
        }
        query
    }
}

/// The query of a client's request.
pub fn query(transport: Transport, sid: Option<&str>) -> String {
    let transport = transport.name();
    match sid {
        None => format!("EIO={VERSION}&transport={transport}"),
        Some(sid) => format!("EIO={VERSION}&transport={transport}&sid={sid}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_packet_has_five_keys_in_their_order() {
        let times = (Duration::from_secs(25), Duration::from_secs(20));
        let open = Open::new("lv_VI97HAXpY6yYWAAAB", &[Transport::WebSocket], times, 1_000_000);
        let json = "{\"sid\":\"lv_VI97HAXpY6yYWAAAB\",\"upgrades\":[\"websocket\"],\
                    \"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}";
        assert_eq!(open.json(), json);
        assert_eq!(Open::read(json), Ok(open));
    }

    #[test]
    fn an_open_packet_is_read_leniently_but_needs_id_and_times() {
        let short = Open::read(r#"{"pingTimeout":1,"new":[],"pingInterval":2,"sid":"x"}"#).unwrap();
        assert_eq!((short.upgrades.len(), short.max_payload), (0, 0));
        for json in [
            "",
            "[]",
            "{}",
            r#"{"sid":"","pingInterval":1,"pingTimeout":1}"#,
            r#"{"sid":"x y","pingInterval":1,"pingTimeout":1}"#,
            r#"{"sid":"x&a","pingInterval":1,"pingTimeout":1}"#,
            r#"{"sid":"x","pingInterval":1}"#,
            r#"{"sid":"x","pingTimeout":1}"#,
            r#"{"sid":7,"pingInterval":1,"pingTimeout":1}"#,
            r#"{"sid":"x","pingInterval":-1,"pingTimeout":1}"#,
        ] {
            assert!(Open::read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_query_is_read_in_any_order_and_its_last_word_counts() {
        let read = Query::read("?t=x&transport=polling&EIO=3&sid=abc&EIO=4&b64");
        let polling = Some(Transport::Polling);
        assert_eq!(read, Query { version: Some("4"), transport: polling, sid: Some("abc") });
        assert_eq!(Query::read("transport=abc&sid="), Query::default());
        let own = query(Transport::WebSocket, Some("abc"));
        assert_eq!(own, "EIO=4&transport=websocket&sid=abc");
        assert_eq!(query(Transport::Polling, None), "EIO=4&transport=polling");
    }
}
