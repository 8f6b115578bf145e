//! IP addresses in a sentence become the names of their devices. Hardware addresses stay: that a
//! name has one is the very thing that ARP and switches tell.

use crate::trace::Legend;
use std::net::Ipv4Addr;

/// The text with the known addresses in it replaced: `10.0.0.2:80` becomes `server:80`.
pub fn name_hosts(text: &str, legend: &Legend) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':');
        let len = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(len);
        // A prefix stays a prefix: `10.0.0.0/24` is a network.
        if after.starts_with('/') {
            out.push_str(word);
        } else {
            replace(word, legend, &mut out);
        }
        let gap = after.find(is_part).unwrap_or(after.len());
        // A number behind the blank or slash begins a word of its own.
        out.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    out
}

fn replace(word: &str, legend: &Legend, out: &mut String) {
    // The sentence's own full stop or colon is no part of the address.
    let bare = word.trim_end_matches(['.', ':']);
    let (host, port) = match bare.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (bare, None),
    };
    let by_address = host
        .parse::<Ipv4Addr>()
        .ok()
        .and_then(|address| legend.node_of_address(address))
        .map(|node| legend.name(node));
    match (by_address, port) {
        (Some(name), Some(port)) => {
            out.push_str(name);
            out.push(':');
            out.push_str(port);
        }
        (Some(name), None) => out.push_str(name),
        (None, _) => out.push_str(bare),
    }
    out.push_str(&word[bare.len()..]);
}
