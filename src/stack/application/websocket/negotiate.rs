//! Agreeing upon permessage-deflate (RFC 7692 §5, §7.1).

use std::fmt::Write as _;

/// The extension's name.
const NAME: &str = "permessage-deflate";

/// What the two ends of a compressed connection agree upon, or would like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameters {
    /// The server forgets what it has sent before each message.
    pub server_no_context_takeover: bool,
    /// The client forgets what it has sent before each message.
    pub client_no_context_takeover: bool,
    /// The server looks back at most 2 to this many octets: 9–15.
    pub server_max_window_bits: u8,
    /// The client looks back at most 2 to this many octets: 9–15, or 8 if it asked for that.
    pub client_max_window_bits: u8,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            server_no_context_takeover: false,
            client_no_context_takeover: false,
            server_max_window_bits: 15,
            client_max_window_bits: 15,
        }
    }
}

/// The parameters of one offer or answer, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Written {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Option<u8>,
    /// An offer may name it without a value: any.
    client_max_window_bits: Option<u8>,
}

impl Parameters {
    /// The offer of a client (§7.1). It always says that the server may choose the client's window.
    pub fn offer(self) -> String {
        let mut text = NAME.to_owned();
        if self.server_no_context_takeover {
            text += "; server_no_context_takeover";
        }
        if self.client_no_context_takeover {
            text += "; client_no_context_takeover";
        }
        if self.server_max_window_bits < 15 {
            let _ = write!(text, "; server_max_window_bits={}", self.server_max_window_bits);
        }
        text += "; client_max_window_bits";
        if self.client_max_window_bits < 15 {
            let _ = write!(text, "={}", self.client_max_window_bits);
        }
        text
    }

    /// A server's choice among the values of `Sec-WebSocket-Extensions`: the first offer that it
    /// can take, and the answer to it. Offers that it does not know or cannot take are passed over.
    pub fn choose<'a>(self, offers: impl Iterator<Item = &'a str>) -> Option<(Self, String)> {
        let mut offers = offers.flat_map(|value| value.split(','));
        offers.find_map(|offer| self.take(Written::read(offer, true)?))
    }

    fn take(self, offer: Written) -> Option<(Self, String)> {
        // zlib cannot compress with a window of 256 octets: the offer is declined.
        if offer.server_max_window_bits == Some(8) {
            return None;
        }
        let server = offer.server_max_window_bits.unwrap_or(15).min(self.server_max_window_bits);
        let client = match offer.client_max_window_bits {
            // The client did not say that it can limit itself, so it must not be asked to.
            None => 15,
            Some(bits) => bits.min(self.client_max_window_bits),
        };
        let agreed = Self {
            server_no_context_takeover: self.server_no_context_takeover
                | offer.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover
                | offer.client_no_context_takeover,
            server_max_window_bits: server,
            client_max_window_bits: client,
        };
        let mut text = NAME.to_owned();
        if agreed.server_no_context_takeover {
            text += "; server_no_context_takeover";
        }
        if agreed.client_no_context_takeover {
            text += "; client_no_context_takeover";
        }
        if server < 15 || offer.server_max_window_bits.is_some() {
            let _ = write!(text, "; server_max_window_bits={server}");
        }
        if client < 15 {
            let _ = write!(text, "; client_max_window_bits={client}");
        }
        Some((agreed, text))
    }

    /// A client's check of the server's answer to [`Self::offer`]; `None` if it answers something
    /// that was not offered, or that this client cannot do (§7.1).
    pub fn check(self, answer: &str) -> Option<Self> {
        let answer = Written::read(answer, false)?;
        let server = answer.server_max_window_bits.unwrap_or(15);
        let client = answer.client_max_window_bits.unwrap_or(15);
        let kept = answer.server_no_context_takeover || !self.server_no_context_takeover;
        // 8: zlib cannot compress so. A larger window than was offered is no answer to the offer.
        let fits = server <= self.server_max_window_bits
            && client != 8
            && (client <= self.client_max_window_bits || answer.client_max_window_bits.is_none());
        (kept && fits).then_some(Self {
            server_no_context_takeover: answer.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover
                | answer.client_no_context_takeover,
            server_max_window_bits: server,
            client_max_window_bits: client.min(self.client_max_window_bits),
        })
    }
}

impl Written {
    /// Reads one offer or answer; `None` if it is another extension, or if a parameter is unknown,
    /// stands twice or has a wrong value (§7.1).
    fn read(text: &str, is_offer: bool) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        if parts.next() != Some(NAME) {
            return None;
        }
        let mut written = Self::default();
        for part in parts {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name.trim_end(), Some(unquoted(value.trim_start()))),
                None => (part, None),
            };
            let first = match (name, value) {
                ("server_no_context_takeover", None) => {
                    !std::mem::replace(&mut written.server_no_context_takeover, true)
                }
                ("client_no_context_takeover", None) => {
                    !std::mem::replace(&mut written.client_no_context_takeover, true)
                }
                ("server_max_window_bits", Some(value)) => {
                    written.server_max_window_bits.replace(window_bits(value)?).is_none()
                }
                ("client_max_window_bits", None) if is_offer => {
                    written.client_max_window_bits.replace(15).is_none()
                }
                ("client_max_window_bits", Some(value)) => {
                    written.client_max_window_bits.replace(window_bits(value)?).is_none()
                }
                _ => false,
            };
            if !first {
                return None;
            }
        }
        Some(written)
    }
}

/// 8 to 15, without zeros in front (§7.1.2).
fn window_bits(text: &str) -> Option<u8> {
    let bits = text.parse().ok().filter(|bits| (8..=15).contains(bits))?;
    text.starts_with(['8', '9', '1']).then_some(bits)
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(server_no: bool, client_no: bool, server: u8, client: u8) -> Parameters {
        Parameters {
            server_no_context_takeover: server_no,
            client_no_context_takeover: client_no,
            server_max_window_bits: server,
            client_max_window_bits: client,
        }
    }

    #[test]
    fn a_server_takes_the_first_offer_that_it_can() {
        let any = Parameters::default();
        let small = parameters(true, false, 10, 11);
        let table: [(&str, Parameters, Option<&str>); 16] = [
            ("permessage-deflate", any, Some("")),
            ("permessage-deflate; client_max_window_bits", any, Some("")),
            (
                "x, permessage-deflate ;server_no_context_takeover",
                any,
                Some("; server_no_context_takeover"),
            ),
            (
                "permessage-deflate; server_max_window_bits=9",
                any,
                Some("; server_max_window_bits=9"),
            ),
            (
                "permessage-deflate; server_max_window_bits=\"15\"",
                any,
                Some("; server_max_window_bits=15"),
            ),
            ("permessage-deflate; server_max_window_bits=8, permessage-deflate", any, Some("")),
            (
                "permessage-deflate; client_max_window_bits=8",
                any,
                Some("; client_max_window_bits=8"),
            ),
            ("permessage-deflate; server_max_window_bits=8", any, None),
            ("permessage-deflate; server_max_window_bits=16", any, None),
            ("permessage-deflate; server_max_window_bits=09", any, None),
            ("permessage-deflate; server_max_window_bits", any, None),
            ("permessage-deflate; client_no_context_takeover=1", any, None),
            ("permessage-deflate; unknown", any, None),
            ("permessage-deflate; client_max_window_bits; client_max_window_bits", any, None),
            (
                "permessage-deflate; client_max_window_bits",
                small,
                Some(
                    "; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11",
                ),
            ),
            (
                "permessage-deflate",
                small,
                Some("; server_no_context_takeover; server_max_window_bits=10"),
            ),
        ];
        for (offer, config, answer) in table {
            let chosen = config.choose([offer].into_iter());
            let answer = answer.map(|answer| NAME.to_owned() + answer);
            assert_eq!(chosen.map(|chosen| chosen.1), answer, "{offer}");
        }
    }

    #[test]
    fn a_client_takes_only_answers_to_its_offer() {
        let any = Parameters::default();
        let small = parameters(true, false, 10, 11);
        let table: [(&str, Parameters, Option<Parameters>); 12] = [
            ("permessage-deflate", any, Some(any)),
            (
                "permessage-deflate; server_max_window_bits=9",
                any,
                Some(parameters(false, false, 9, 15)),
            ),
            (
                "permessage-deflate; client_max_window_bits=9",
                any,
                Some(parameters(false, false, 15, 9)),
            ),
            (
                "permessage-deflate; client_no_context_takeover",
                any,
                Some(parameters(false, true, 15, 15)),
            ),
            ("permessage-deflate; client_max_window_bits", any, None),
            ("permessage-deflate; client_max_window_bits=8", any, None),
            ("permessage-deflate; x", any, None),
            ("permessage-bzip2", any, None),
            ("permessage-deflate", small, None),
            ("permessage-deflate; server_no_context_takeover", small, None),
            (
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=10",
                small,
                Some(small),
            ),
            (
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=9; \
                 client_max_window_bits=12",
                small,
                None,
            ),
        ];
        for (answer, config, agreed) in table {
            assert_eq!(config.check(answer), agreed, "{answer}");
        }
    }

    #[test]
    fn whatever_is_offered_both_ends_agree() {
        let all = || {
            [false, true].into_iter().flat_map(|s| [false, true].map(|c| (s, c))).flat_map(
                |(s, c)| [(9, 15), (12, 9), (15, 15)].map(|(sw, cw)| parameters(s, c, sw, cw)),
            )
        };
        for client in all() {
            for server in all() {
                let (chosen, answer) = server.choose([&*client.offer()].into_iter()).unwrap();
                let checked = client.check(&answer).unwrap();
                assert_eq!(checked, chosen, "{client:?} {server:?}");
            }
        }
    }
}
