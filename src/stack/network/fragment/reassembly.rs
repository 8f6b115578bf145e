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

#[cfg(test)]
mod tests {
    use super::super::cut;
    use super::*;
    use proptest::prelude::*;

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Duration::from_secs(secs)
    }

    fn header(identification: u16, total_len: usize) -> Header {
        Header {
            dscp_ecn: 0,
            total_len: total_len as u16,
            identification,
            dont_fragment: false,
            more_fragments: false,
            fragment_offset: 0,
            ttl: 64,
            protocol: Protocol::UDP,
            source: Ipv4Addr::new(10, 0, 0, 1),
            destination: Ipv4Addr::new(10, 0, 0, 2),
        }
    }

    fn payload(len: usize) -> Vec<u8> {
        (0..len).map(|n| (n ^ n >> 8) as u8).collect()
    }

    /// The fragments of a packet as they stand on the wire.
    fn fragments(packet: &[u8], mtu: usize) -> Vec<Vec<u8>> {
        let (header, header_len, end) = Header::parse(packet).unwrap();
        let payload = &packet[header_len..end];
        let written = |piece: crate::stack::network::fragment::Piece| {
            let mut fragment = vec![0; HEADER_LEN];
            fragment.extend(&payload[piece.payload.clone()]);
            piece.header.write(&mut fragment);
            fragment
        };
        cut(&header, payload.len(), mtu).map(written).collect()
    }

    fn packet(identification: u16, len: usize) -> Vec<u8> {
        let mut packet = vec![0; HEADER_LEN];
        packet.extend(payload(len));
        header(identification, packet.len()).write(&mut packet);
        packet
    }

    /// A fragment with a payload of nothing in particular.
    fn piece(offset: u16, len: usize, more: bool) -> Vec<u8> {
        let mut piece = vec![0; HEADER_LEN + len];
        let whole = header(1, HEADER_LEN + len);
        Header { fragment_offset: offset, more_fragments: more, ..whole }.write(&mut piece);
        piece
    }

    fn give(joining: &mut Reassembly, now: Instant, packet: &[u8], out: &mut Vec<Output>) {
        let (header, header_len, end) = Header::parse(packet).unwrap();
        joining.handle(now, Input { header: &header, header_len, packet: &packet[..end] }, out);
    }

    fn wholes(out: &[Output]) -> Vec<&Vec<u8>> {
        let mut found = Vec::new();
        for output in out {
            if let Output::Whole(packet) = output {
                found.push(packet);
            }
        }
        found
    }

    fn refusals(out: &[Output]) -> usize {
        let refused = |o: &&Output| matches!(o, Output::Note(Note::FragmentRefused { .. }));
        out.iter().filter(refused).count()
    }

    #[test]
    fn a_packet_is_cut_at_units_of_eight_octets() {
        let cuts: Vec<_> = cut(&header(1, 1520), 1500, 520)
            .map(|p| (p.header.fragment_offset, p.payload.len(), p.header.more_fragments))
            .collect();
        assert_eq!(cuts, [(0, 496, true), (496, 496, true), (992, 496, true), (1488, 12, false)]);
        assert_eq!(cut(&header(1, 520), 500, 520).count(), 1, "what fits stays whole");
        assert_eq!(cut(&header(1, 20), 0, 520).count(), 1);
        assert_eq!(cut(&header(1, 36), 16, 0).count(), 2, "eight octets at the least");
    }

    #[test]
    fn the_time_of_a_packet_runs_from_its_first_fragment_to_come() {
        let (mut joining, mut out) = (Reassembly::default(), Vec::new());
        let pieces = fragments(&packet(1, 300), 120);
        give(&mut joining, at(0), &pieces[0], &mut out);
        give(&mut joining, at(20), &pieces[1], &mut out);
        assert_eq!(joining.deadline(), Some(at(30)));
        out.clear();
        joining.on_deadline(at(29), &mut out);
        assert_eq!(out, []);
        joining.on_deadline(at(30), &mut out);
        let note = Note::ReassemblyTimedOut { identification: 1, first_came: true };
        let first = Some(pieces[0][..84].to_vec());
        assert_eq!(out, [Output::Note(note), Output::TimedOut { first }]);
        assert_eq!((joining.deadline(), joining.octets), (None, 0));
    }

    #[test]
    fn without_the_first_fragment_there_is_nothing_to_quote() {
        let (mut joining, mut out) = (Reassembly::default(), Vec::new());
        give(&mut joining, at(0), &fragments(&packet(1, 300), 120)[1], &mut out);
        joining.on_deadline(at(30), &mut out);
        assert_eq!(out.last(), Some(&Output::TimedOut { first: None }));
    }

    #[test]
    fn an_overlap_drops_the_whole_packet_and_all_that_follows_of_it() {
        let (mut joining, mut out) = (Reassembly::default(), Vec::new());
        give(&mut joining, at(0), &piece(0, 16, true), &mut out);
        give(&mut joining, at(0), &piece(8, 16, true), &mut out);
        assert_eq!(refusals(&out), 1);
        for again in [piece(0, 16, true), piece(16, 8, false)] {
            give(&mut joining, at(1), &again, &mut out);
        }
        assert_eq!((wholes(&out).len(), refusals(&out), joining.octets), (0, 1, 0));
        out.clear();
        joining.on_deadline(at(30), &mut out);
        assert_eq!((out.len(), joining.deadline()), (0, None), "and it ends without a word");
    }

    #[test]
    fn absurd_fragments_are_refused() {
        let behind_the_end = [piece(8, 8, false), piece(16, 8, true)];
        let two_ends = [piece(8, 8, false), piece(16, 8, false)];
        let end_before = [piece(16, 8, true), piece(8, 8, false)];
        let alone = [piece(0, 12, true), piece(8, 0, true), piece(65_528, 8, false)];
        let pairs = [behind_the_end, two_ends, end_before];
        for pair in &pairs {
            let (mut joining, mut out) = (Reassembly::default(), Vec::new());
            for piece in pair {
                give(&mut joining, at(0), piece, &mut out);
            }
            assert_eq!((refusals(&out), wholes(&out).len()), (1, 0), "{pair:?}");
        }
        for piece in &alone {
            let (mut joining, mut out) = (Reassembly::default(), Vec::new());
            give(&mut joining, at(0), piece, &mut out);
            assert_eq!(refusals(&out), 1, "{piece:?}");
        }
        let (mut joining, mut out) = (Reassembly::default(), Vec::new());
        give(&mut joining, at(0), &piece(0, 8, false), &mut out);
        assert_eq!(wholes(&out).len(), 1, "a last fragment at zero is a packet");
    }

    #[test]
    fn the_longest_packet_is_joined() {
        let (mut joining, mut out) = (Reassembly::default(), Vec::new());
        let sent = packet(1, 65_515);
        for piece in fragments(&sent, 1500) {
            give(&mut joining, at(0), &piece, &mut out);
        }
        assert_eq!(wholes(&out), [&sent]);
    }

    #[test]
    fn memory_is_bounded_in_packets_and_in_octets() {
        let config = Config { packets_max: 3, octets_max: 70_000, ..Config::default() };
        let (mut joining, mut out) = (Reassembly::new(config), Vec::new());
        for id in 0..10 {
            give(&mut joining, at(id.into()), &fragments(&packet(id, 300), 120)[0], &mut out);
        }
        let ids: Vec<u16> = joining.waiting(at(10)).map(|w| w.identification).collect();
        assert_eq!(ids, [7, 8, 9]);
        give(&mut joining, at(10), &piece(65_000, 8, true), &mut out);
        give(&mut joining, at(11), &fragments(&packet(20, 9000), 9000)[0], &mut out);
        assert!(joining.octets <= 70_000, "{}", joining.octets);
        assert!(joining.waiting(at(11)).count() <= 3);
    }

    proptest! {
        #[test]
        fn cut_twice_shuffled_and_doubled_it_comes_back_as_it_was(
            len in 1usize..3000,
            first_mtu in 28usize..1600,
            second_mtu in 28usize..1600,
            order in prop::collection::vec(any::<u32>(), 1..40),
        ) {
            let sent = packet(7, len);
            let mut pieces: Vec<Vec<u8>> = fragments(&sent, first_mtu)
                .iter()
                .flat_map(|piece| fragments(piece, second_mtu))
                .collect();
            let fits = pieces.iter().all(|piece| piece.len() <= first_mtu.min(second_mtu));
            prop_assert!(fits);
            // Some twice; never all of them, or the packet would come twice.
            let doubled = pieces[0].clone();
            for draw in &order {
                let n = pieces.len();
                pieces.swap(*draw as usize % n, (*draw >> 16) as usize % n);
            }
            if pieces.len() > 1 && pieces.last() != Some(&doubled) {
                pieces.insert(0, doubled);
            }
            let (mut joining, mut out) = (Reassembly::default(), Vec::new());
            for piece in &pieces {
                give(&mut joining, at(0), piece, &mut out);
            }
            prop_assert_eq!(wholes(&out), [&sent]);
            prop_assert_eq!((joining.octets, joining.deadline()), (0, None));
        }

        #[test]
        fn whatever_fragments_come_the_laws_hold(
            moves in prop::collection::vec((0u16..3, 0u16..8, 0usize..40, any::<bool>(), 0u64..8), 0..60),
        ) {
            let config = Config { packets_max: 2, octets_max: 150, ..Config::default() };
            let (mut joining, mut out) = (Reassembly::new(config), Vec::new());
            let mut now = at(0);
            for (id, units, len, more, secs) in moves {
                now += Duration::from_secs(secs);
                if joining.deadline().is_some_and(|deadline| now < deadline) {
                    let said = out.len();
                    joining.on_deadline(now, &mut out);
                    prop_assert_eq!(out.len(), said);
                }
                joining.on_deadline(now, &mut out);
                prop_assert!(joining.deadline().is_none_or(|deadline| now < deadline));
                let mut hostile = piece(units * 8, len, more);
                Header { fragment_offset: units * 8, more_fragments: more, ..header(id, 20 + len) }
                    .write(&mut hostile);
                give(&mut joining, now, &hostile, &mut out);
                let kept: usize = joining.partials.values().map(|partial| partial.octets.len()).sum();
                prop_assert_eq!(joining.octets, kept);
                prop_assert!(kept <= 150 && joining.partials.len() <= 2);
            }
        }
    }
}
