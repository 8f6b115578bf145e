//! TCP's options, one field each (RFC 9293 §3.2, RFC 7323, RFC 2018).

use super::dissection::FieldView;
use crate::base::octets::{u16_at, u32_at};

/// An option, well-formed and known, or the octets that are left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TcpOption<'a> {
    /// The list ends here; what follows is filling.
    End,
    /// One octet of filling.
    Nop,
    /// The largest segment that the sender takes.
    Mss(u16),
    /// By how many bits the window is shifted.
    WindowScale(u8),
    /// Selective acknowledgements are understood.
    SackPermitted,
    /// What has come out of order: pairs of 32-bit numbers.
    Sack(&'a [u8]),
    /// Value and echo.
    Timestamps(u32, u32),
    /// Some other kind.
    Unknown(u8),
    /// A length that does not fit: the rest cannot be read.
    Broken,
}

/// The options of a TCP header, each with the place of its first octet and its length.
pub(super) fn walk(header: &[u8]) -> Vec<(usize, usize, TcpOption<'_>)> {
    let mut found = Vec::new();
    let mut at = 20;
    while let Some(&kind) = header.get(at) {
        let left = header.len() - at;
        let (len, option) = match kind {
            0 => (left, TcpOption::End),
            1 => (1, TcpOption::Nop),
            _ => match header.get(at + 1).map(|&len| usize::from(len)) {
                Some(len) if (2..=left).contains(&len) => (len, known(&header[at..at + len])),
                _ => (left, TcpOption::Broken),
            },
        };
        found.push((at, len, option));
        at += len;
    }
    found
}

fn known(octets: &[u8]) -> TcpOption<'_> {
    match (octets[0], octets.len()) {
        (2, 4) => TcpOption::Mss(u16_at(octets, 2)),
        (3, 3) => TcpOption::WindowScale(octets[2]),
        (4, 2) => TcpOption::SackPermitted,
        (5, len) if len > 2 && (len - 2).is_multiple_of(8) => TcpOption::Sack(&octets[2..]),
        (8, 10) => TcpOption::Timestamps(u32_at(octets, 2), u32_at(octets, 6)),
        (kind, _) => TcpOption::Unknown(kind),
    }
}

/// The pairs of a SACK option.
pub(super) fn sack_blocks(octets: &[u8]) -> impl Iterator<Item = (u32, u32)> + '_ {
    octets.chunks_exact(8).map(|pair| (u32_at(pair, 0), u32_at(pair, 4)))
}

/// A field for each option of a TCP header that begins at octet `start` of the frame.
pub(super) fn fields(header: &[u8], start: usize) -> Vec<FieldView> {
    let view = |(at, len, option)| {
        let (name, filter, value, meaning) = describe(option, len);
        let first = start + at;
        FieldView {
            name: name.into(),
            filter,
            value,
            bits: first * 8..(first + len) * 8,
            meaning,
            inferred: false,
        }
    };
    walk(header).into_iter().map(view).collect()
}

fn describe(
    option: TcpOption<'_>,
    len: usize,
) -> (&'static str, &'static str, String, &'static str) {
    match option {
        TcpOption::End => (
            "End of Options",
            "tcp.options.eol",
            format!("{len} octets"),
            "The list ends; zeros fill the header to whole words.",
        ),
        TcpOption::Nop => (
            "No-Operation",
            "tcp.options.nop",
            "1 octet".into(),
            "Filling, so that the next option begins on a word.",
        ),
        TcpOption::Mss(mss) => (
            "Maximum Segment Size",
            "tcp.options.mss_val",
            format!("{mss} octets"),
            "The largest payload that the sender of this wants to get in one segment.",
        ),
        TcpOption::WindowScale(shift) => (
            "Window Scale",
            "tcp.options.wscale.shift",
            format!("{shift} (times {})", 1u64 << shift.min(14)),
            "How far the sender of this shifts its windows, so that they pass 65535.",
        ),
        TcpOption::SackPermitted => (
            "SACK Permitted",
            "tcp.options.sack_perm",
            "yes".into(),
            "Selective acknowledgements are welcome.",
        ),
        TcpOption::Sack(octets) => (
            "SACK",
            "tcp.options.sack",
            sack_blocks(octets).map(|(a, b)| format!("{a}–{b}")).collect::<Vec<_>>().join(", "),
            "What has arrived beyond a gap and need not be sent again.",
        ),
        TcpOption::Timestamps(value, echo) => (
            "Timestamps",
            "tcp.options.timestamp",
            format!("value {value}, echo {echo}"),
            "The sender's clock, and the peer's as it was last heard: measures the round trip.",
        ),
        TcpOption::Unknown(kind) => (
            "Unknown Option",
            "tcp.options.unknown",
            format!("kind {kind}, {len} octets"),
            "An option that is not known here; it is skipped.",
        ),
        TcpOption::Broken => (
            "Broken Option",
            "tcp.options.broken",
            format!("{len} octets"),
            "Its length does not fit into the header, so the rest cannot be read.",
        ),
    }
}
