//! Octets of scripted segments: inbound ones are made here, outbound ones are read by `etherparse`.

use crate::tcp::script::{Choice, LETTERS, Segment, Trick};
use etherparse::{TcpOptionElement, TcpSlice};
use framestep::base::octets::Checksum;
use framestep::stack::transport::Endpoint;
use std::fmt::Write;
use std::net::Ipv4Addr;

/// The machine under test.
pub(crate) const LOCAL: Endpoint = Endpoint::new(Ipv4Addr::new(192, 0, 2, 1), 8080);
/// Its peer, which is the script.
pub(crate) const REMOTE: Endpoint = Endpoint::new(Ipv4Addr::new(198, 51, 100, 2), 40000);

/// The zero points that a script's numbers are counted from.
#[derive(Clone, Copy)]
pub(crate) struct Bases {
    pub(crate) isn: u32,
    pub(crate) peer_isn: u32,
    /// The first timestamp value that the machine sent, and the last.
    pub(crate) stamps: Option<(u32, u32)>,
}

/// Octet `position` of the machine's stream; its first data octet has position 0.
pub(crate) fn ours(position: u32) -> u8 {
    (position % 251) as u8
}

/// Octet `position` of the peer's stream.
pub(crate) fn theirs(position: u32) -> u8 {
    (position % 241) as u8 ^ 0x55
}

/// A segment as it was on the wire, its numbers counted as scripts count them.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) flags: u8,
    pub(crate) seq: u32,
    pub(crate) raw_seq: u32,
    pub(crate) payload: Vec<u8>,
    pub(crate) ack: u32,
    pub(crate) raw_ack: u32,
    pub(crate) win: u16,
    pub(crate) urg: u16,
    pub(crate) options: Vec<Choice>,
    pub(crate) ecn_capable: bool,
}

/// The octets of an inbound segment.
pub(crate) fn build(segment: &Segment, bases: Bases) -> Vec<u8> {
    let mut options = Vec::new();
    for option in segment.options.iter().flatten() {
        put_option(&mut options, option, bases);
    }
    while options.len() % 4 != 0 {
        options.push(0);
    }
    let words = 5 + options.len() / 4;
    let offset =
        segment.tricks.iter().find_map(|t| if let Trick::Offset(n) = t { Some(*n) } else { None });
    let offset = offset.unwrap_or(words as u8);
    let seq = segment.seq.on_the_wire(bases.peer_isn);
    let mut octets = Vec::new();
    octets.extend(REMOTE.port.to_be_bytes());
    octets.extend(LOCAL.port.to_be_bytes());
    octets.extend(seq.to_be_bytes());
    octets.extend(segment.ack.map_or(0, |a| a.on_the_wire(bases.isn)).to_be_bytes());
    octets.extend([offset << 4, segment.flags]);
    octets.extend(segment.win.unwrap_or(0).to_be_bytes());
    octets.extend([0, 0]);
    octets.extend(segment.urg.unwrap_or(0).to_be_bytes());
    octets.extend(options);
    let syn = u32::from(segment.flags & 0x02 != 0);
    let first = seq.wrapping_sub(bases.peer_isn).wrapping_add(syn).wrapping_sub(1);
    let spoilt = if segment.tricks.contains(&Trick::Other) { 0xFF } else { 0 };
    octets.extend((0..segment.len).map(|i| theirs(first.wrapping_add(i)) ^ spoilt));
    let mut pseudo = Vec::new();
    pseudo.extend(REMOTE.address.octets());
    pseudo.extend(LOCAL.address.octets());
    pseudo.extend([0, 6]);
    pseudo.extend((octets.len() as u16).to_be_bytes());
    let sum = Checksum::new().add(&pseudo).add(&octets).finish();
    octets[16..18].copy_from_slice(&sum.to_be_bytes());
    for trick in &segment.tricks {
        match trick {
            Trick::Checksum => octets[17] ^= 1,
            Trick::Cut(len) => octets.truncate(*len),
            Trick::Offset(_) | Trick::Other => {}
        }
    }
    octets
}

fn put_option(octets: &mut Vec<u8>, option: &Choice, bases: Bases) {
    match option {
        Choice::Nop => octets.push(1),
        Choice::Mss(mss) => {
            octets.extend([2, 4]);
            octets.extend(mss.to_be_bytes());
        }
        Choice::Scale(shift) => octets.extend([3, 3, *shift]),
        Choice::SackOk => octets.extend([4, 2]),
        Choice::Sack(blocks) => {
            octets.extend([5, 2 + 8 * blocks.len() as u8]);
            for (first, end) in blocks {
                octets.extend(bases.isn.wrapping_add(*first).to_be_bytes());
                octets.extend(bases.isn.wrapping_add(*end).to_be_bytes());
            }
        }
        Choice::Stamp(value, echo) => {
            octets.extend([8, 10]);
            octets.extend(value.unwrap_or(0).to_be_bytes());
            let (first, last) = bases.stamps.unwrap_or((0, 0));
            octets.extend(echo.map_or(last, |e| first.wrapping_add(e)).to_be_bytes());
        }
        Choice::Raw(raw) => octets.extend(raw),
    }
}

/// Reads an outbound segment with a parser that is not ours, and judges its checksum.
pub(crate) fn read(octets: &[u8], bases: Bases, ecn_capable: bool) -> Result<Seen, String> {
    let slice = TcpSlice::from_slice(octets).map_err(|e| format!("unreadable: {e}"))?;
    let sum = slice
        .calc_checksum_ipv4(LOCAL.address.octets(), REMOTE.address.octets())
        .map_err(|e| format!("no checksum: {e}"))?;
    if sum != slice.checksum() {
        return Err(format!("checksum {:#06x} where {sum:#06x} is right", slice.checksum()));
    }
    if (slice.source_port(), slice.destination_port()) != (LOCAL.port, REMOTE.port) {
        return Err(format!("ports {} > {}", slice.source_port(), slice.destination_port()));
    }
    let mut options = Vec::new();
    for option in slice.options_iterator() {
        let option = option.map_err(|e| format!("unreadable option: {e}"))?;
        options.push(match option {
            TcpOptionElement::Noop => continue,
            TcpOptionElement::MaximumSegmentSize(mss) => Choice::Mss(mss),
            TcpOptionElement::WindowScale(shift) => Choice::Scale(shift),
            TcpOptionElement::SelectiveAcknowledgementPermitted => Choice::SackOk,
            TcpOptionElement::SelectiveAcknowledgement(first, others) => {
                let blocks = std::iter::once(first).chain(others.into_iter().flatten());
                let near = |n: u32| n.wrapping_sub(bases.peer_isn);
                Choice::Sack(blocks.map(|(a, b)| (near(a), near(b))).collect())
            }
            TcpOptionElement::Timestamp(value, echo) => {
                let first = bases.stamps.map_or(value, |s| s.0);
                Choice::Stamp(Some(value.wrapping_sub(first)), Some(echo))
            }
        });
    }
    Ok(Seen {
        flags: octets[13],
        seq: slice.sequence_number().wrapping_sub(bases.isn),
        raw_seq: slice.sequence_number(),
        payload: slice.payload().to_vec(),
        ack: slice.acknowledgment_number().wrapping_sub(bases.peer_isn),
        raw_ack: slice.acknowledgment_number(),
        win: slice.window_size(),
        urg: slice.urgent_pointer(),
        options,
        ecn_capable,
    })
}

/// The first timestamp option's value in outbound octets, as it stands.
pub(crate) fn stamp_of(octets: &[u8]) -> Option<u32> {
    let slice = TcpSlice::from_slice(octets).ok()?;
    slice.options_iterator().flatten().find_map(|option| match option {
        TcpOptionElement::Timestamp(value, _) => Some(value),
        _ => None,
    })
}

/// The control bits in tcpdump's letters.
fn letters(flags: u8) -> String {
    let set = (0..8).rev().filter(|bit| flags & 1 << (7 - bit) != 0);
    let text: String = set.map(|bit| LETTERS[bit]).collect();
    if text.is_empty() { "-".into() } else { text }
}

/// A segment in the scripts' own notation, so that it can be compared by eye and pasted.
pub(crate) fn describe(seen: &Seen) -> String {
    let len = seen.payload.len() as u32;
    let end = seen.seq.wrapping_add(len);
    let mut text = format!("{} {}:{end}({len})", letters(seen.flags), seen.seq);
    if seen.flags & 0x10 != 0 {
        let _ = write!(text, " ack {}", seen.ack);
    }
    let _ = write!(text, " win {}", seen.win);
    if seen.flags & 0x20 != 0 {
        let _ = write!(text, " urg {}", seen.urg);
    }
    if !seen.options.is_empty() {
        let options: Vec<String> = seen.options.iter().map(describe_option).collect();
        let _ = write!(text, " <{}>", options.join(","));
    }
    if seen.ecn_capable {
        text.insert_str(0, "[ect0] ");
    }
    text
}

fn describe_option(option: &Choice) -> String {
    let any = |n: &Option<u32>| n.map_or("*".into(), |n| n.to_string());
    match option {
        Choice::Nop => "nop".into(),
        Choice::Mss(mss) => format!("mss {mss}"),
        Choice::Scale(shift) => format!("wscale {shift}"),
        Choice::SackOk => "sackOK".into(),
        Choice::Sack(blocks) => {
            blocks.iter().fold("sack".into(), |text, (first, end)| format!("{text} {first}:{end}"))
        }
        Choice::Stamp(value, echo) => format!("TS val {} ecr {}", any(value), any(echo)),
        Choice::Raw(raw) => {
            raw.iter().fold("raw ".into(), |text, octet| format!("{text}{octet:02x}"))
        }
    }
}
