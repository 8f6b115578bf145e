//! Joining: fragments wait until all of their packet are there.

use crate::base::{Duration, Instant};
use crate::stack::Machine;
use crate::stack::network::ipv4::{HEADER_LEN, Header, Note, Protocol};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// The octets of the first fragment's payload that are kept to tell its source what is missing.
const QUOTED_PAYLOAD: usize = 64;

/// How patient the joining is and how much it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// How long the first fragment that came waits for the others: 30 s, as Linux has it. RFC 1122
    /// §3.3.2 wants 60 to 120, RFC 791 §3.2 proposes 15.
    pub timeout: Duration,
    /// How many packets may be incomplete at once: 64.
    pub packets_max: usize,
    /// How many octets all of them may take: 1 MiB.
    pub octets_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), packets_max: 64, octets_max: 1 << 20 }
    }
}

/// A fragment that came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Input<'a> {
    /// Its header, as parsed from `packet`.
    pub header: &'a Header,
    /// That header's length in octets.
    pub header_len: usize,
    /// The fragment from its header to its end, without the frame's padding.
    pub packet: &'a [u8],
}

/// What the joining wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// The packet, with a header of 20 octets that shows no trace of the cutting.
    Whole(Vec<u8>),
    /// Fragments that did not come in time.
    TimedOut {
        /// The beginning of the first fragment as it came, if it did: what the ICMP error (time
        /// exceeded, code 1) quotes. Without it no error is due (RFC 792).
        first: Option<Vec<u8>>,
    },
    /// Something worth telling.
    Note(Note),
}

/// An incomplete packet, for screens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// Who sent it.
    pub source: Ipv4Addr,
    /// Its number.
    pub identification: u16,
    /// How many fragments have come.
    pub fragments: u32,
    /// How many octets of payload have come.
    pub octets: u32,
    /// How long it still waits.
    pub remaining: Duration,
}

/// Which packet a fragment belongs to (RFC 791 §3.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: Protocol,
    identification: u16,
}

/// Where a fragment's payload begins and ends in the whole.
type Span = (u32, u32);

#[derive(Clone, Debug)]
struct Partial {
    until: Instant,
    /// A fragment of it could not be: what else comes of it is dropped (RFC 5722 §4).
    is_refused: bool,
    /// Room for the header, then the payload as far as it reaches.
    octets: Vec<u8>,
    /// In order; they do not overlap.
    spans: Vec<Span>,
    /// Where the payload ends, once the last fragment came.
    end: Option<u32>,
    /// The first fragment's header, and the beginning of that fragment.
    first: Option<(Header, Vec<u8>)>,
}

impl Partial {
    const fn new(until: Instant) -> Self {
        Self {
            until,
            is_refused: false,
            octets: Vec::new(),
            spans: Vec::new(),
            end: None,
            first: None,
        }
    }

    /// Whether a span, which ends the packet or not, goes with what is there.
    fn place(&self, (start, end): Span, more: bool) -> Place {
        let after = self.spans.partition_point(|span| span.0 < start);
        let last = self.spans.last().map_or(0, |span| span.1);
        if self.spans.get(after) == Some(&(start, end)) && (more || self.end == Some(end)) {
            return Place::Again;
        }
        let is_clear = self.spans[..after].last().is_none_or(|before| before.1 <= start)
            && self.spans.get(after).is_none_or(|behind| end <= behind.0);
        // The end, once known, stays; no fragment lies behind it.
        let is_inside = self.end.is_none_or(|known| if more { end < known } else { end == known });
        let is_last = more || last <= end;
        if is_clear && is_inside && is_last { Place::At(after) } else { Place::Nowhere }
    }

    /// The packet, if nothing is missing.
    fn whole(&mut self) -> Option<Vec<u8>> {
        let end = self.end?;
        let reached = self.spans.iter().try_fold(0, |at, span| (span.0 == at).then_some(span.1));
        let (header, _) = self.first.as_ref().filter(|_| reached == Some(end))?;
        let total_len = u16::try_from(HEADER_LEN + end as usize).ok()?;
        let header = Header { total_len, more_fragments: false, fragment_offset: 0, ..*header };
        let mut packet = std::mem::take(&mut self.octets);
        header.write(&mut packet);
        Some(packet)
    }
}

enum Place {
    At(usize),
    Again,
    Nowhere,
}

/// The incomplete packets of a host.
#[derive(Clone, Debug, Default)]
pub struct Reassembly {
    config: Config,
    partials: BTreeMap<Key, Partial>,
    octets: usize,
}

impl Reassembly {
    /// Nothing is waiting yet.
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// Takes a fragment; when it was the last one missing, the whole packet is in `out`.
    pub fn accept(&mut self, now: Instant, input: Input<'_>, out: &mut Vec<Output>) {
        let Input { header, header_len, packet } = input;
        let Header { source, destination, protocol, identification, .. } = *header;
        let key = Key { source, destination, protocol, identification };
        let payload = packet.get(header_len..).unwrap_or(&[]);
        let start = u32::from(header.fragment_offset);
        let end = start + payload.len() as u32;
        let more = header.more_fragments;
        // Nothing in it, half a unit in its middle, or longer than a packet can be.
        let is_absurd = payload.is_empty()
            || more && !payload.len().is_multiple_of(8)
            || end as usize + HEADER_LEN > usize::from(u16::MAX);

        if !self.partials.contains_key(&key) {
            while self.partials.len() >= self.config.packets_max.max(1) {
                self.evict(out);
            }
        }
        let until = now + self.config.timeout;
        let partial = self.partials.entry(key).or_insert_with(|| Partial::new(until));
        if partial.is_refused {
            return;
        }
        let place = if is_absurd { Place::Nowhere } else { partial.place((start, end), more) };
        let place = match place {
            Place::At(place) => place,
            Place::Again => return,
            Place::Nowhere => {
                self.octets -= partial.octets.len();
                *partial = Partial { is_refused: true, ..Partial::new(partial.until) };
                let offset = header.fragment_offset;
                out.push(Output::Note(Note::FragmentRefused { identification, offset }));
                return;
            }
        };
        let (from, to) = (HEADER_LEN + start as usize, HEADER_LEN + end as usize);
        if partial.octets.len() < to {
            self.octets += to - partial.octets.len();
            partial.octets.resize(to, 0);
        }
        partial.octets[from..to].copy_from_slice(payload);
        partial.spans.insert(place, (start, end));
        if !more {
            partial.end = Some(end);
        }
        if start == 0 {
            let quoted = &packet[..packet.len().min(header_len + QUOTED_PAYLOAD)];
            partial.first = Some((*header, quoted.to_vec()));
        }
        let octets = payload.len() as u16;
        let offset = header.fragment_offset;
        out.push(Output::Note(Note::FragmentKept { identification, offset, octets }));
        if let Some(whole) = partial.whole() {
            self.octets -= whole.len();
            self.partials.remove(&key);
            let octets = (whole.len() - HEADER_LEN) as u16;
            out.push(Output::Note(Note::Reassembled { identification, octets }));
            out.push(Output::Whole(whole));
        }
        while self.octets > self.config.octets_max {
            self.evict(out);
        }
    }

    /// The incomplete packets, in order.
    pub fn waiting(&self, now: Instant) -> impl Iterator<Item = Waiting> {
        let partials = self.partials.iter().filter(|(_, partial)| !partial.is_refused);
        partials.map(move |(key, partial)| Waiting {
            source: key.source,
            identification: key.identification,
            fragments: partial.spans.len() as u32,
            octets: partial.spans.iter().map(|(start, end)| end - start).sum(),
            remaining: partial.until.since(now),
        })
    }

    /// Gives up the packet that has waited longest.
    fn evict(&mut self, out: &mut Vec<Output>) {
        let oldest = self.partials.iter().min_by_key(|(_, partial)| partial.until);
        if let Some(key) = oldest.map(|(key, _)| *key)
            && let Some(partial) = self.partials.remove(&key)
        {
            self.octets -= partial.octets.len();
            if !partial.is_refused {
                let identification = key.identification;
                out.push(Output::Note(Note::ReassemblyFull { identification }));
            }
        }
    }
}

impl Machine for Reassembly {
    type Input<'a> = Input<'a>;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input<'_>, out: &mut Vec<Output>) {
        self.accept(now, input, out);
    }

    fn deadline(&self) -> Option<Instant> {
        self.partials.values().map(|partial| partial.until).min()
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        let octets = &mut self.octets;
        self.partials.retain(|key, partial| {
            if now < partial.until {
                return true;
            }
            *octets -= partial.octets.len();
            if !partial.is_refused {
                let identification = key.identification;
                let first_came = partial.first.is_some();
                out.push(Output::Note(Note::ReassemblyTimedOut { identification, first_came }));
                out.push(Output::TimedOut { first: partial.first.take().map(|first| first.1) });
            }
            false
        });
    }
}
