//! The index: which record begins a row, what became of each frame, where connections count from.

use super::choose::{is_joined, is_plumbing, is_row, stream};
use super::units::Units;
use super::{End, Hops, RowView};
use crate::base::octets::u32_at;
use crate::base::{FrameId, Instant, NodeId};
use crate::stack::transport::Endpoint;
use crate::trace::{Fact, Headers, NodeKind, Protocol, Record, Trace};
use crate::view::code;
use crate::view::story::{self, Told};
use crate::view::words;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// No frame: what a row that is a note has, and the end of a journey.
pub(super) const NONE: u32 = u32::MAX;

/// The rows of a trace.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// Every row.
    pub(super) rows: Vec<Row>,
    /// The places in `rows` of those that a joined ladder shows.
    pub(super) joined: Vec<u32>,
    frames: Vec<FrameState>,
    /// Where each direction of a connection counts from, by the record that said so.
    streams: BTreeMap<Stream, Vec<(u32, u32)>>,
    /// What lies where in the streams.
    pub(super) units: Units,
    /// Records taken in so far.
    seen: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) record: u32,
    pub(super) frame: u32,
}

#[derive(Clone, Copy, Debug)]
struct FrameState {
    /// Its row.
    row: u32,
    /// The record of its last arrival or of its loss; `NONE` while it is on its way.
    end: u32,
    /// The frame by which its journey began.
    root: u32,
    /// The next frame of the journey.
    next: u32,
    /// Of a root: the last frame of the journey.
    tail: u32,
}

/// One direction of a connection: from and to.
pub(in crate::view) type Stream = (End4, End4);
/// An address and a port.
pub(in crate::view) type End4 = (u32, u16);

impl Ladder {
    /// A ladder of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The ladder of a whole trace.
    pub fn of(trace: &Trace) -> Self {
        let mut ladder = Self::new();
        ladder.extend(trace);
        ladder
    }

    /// Takes in the records that are new. A trace that has become shorter is cut here too.
    pub fn extend(&mut self, trace: &Trace) {
        let records = trace.records();
        if records.len() < self.seen {
            self.truncate(records.len());
        }
        for (number, record) in records.iter().enumerate().skip(self.seen) {
            self.take(trace, number as u32, &record);
        }
        self.seen = records.len();
    }

    /// Forgets everything from record number `record` on, for a branch begins there.
    pub fn truncate(&mut self, record: usize) {
        if record >= self.seen {
            return;
        }
        self.seen = record;
        let record = record as u32;
        self.rows.truncate(self.rows.partition_point(|row| row.record < record));
        let rows = self.rows.len() as u32;
        self.joined.truncate(self.joined.partition_point(|&row| row < rows));
        self.frames.truncate(self.frames.partition_point(|frame| frame.row < rows));
        let frames = self.frames.len() as u32;
        for place in 0..self.frames.len() {
            let frame = &mut self.frames[place];
            if frame.end != NONE && frame.end >= record {
                frame.end = NONE;
            }
            if frame.next != NONE && frame.next >= frames {
                frame.next = NONE;
                let root = frame.root as usize;
                self.frames[root].tail = place as u32;
            }
        }
        self.units.truncate(record);
        self.streams.retain(|_, origins| {
            origins.truncate(origins.partition_point(|origin| origin.0 < record));
            !origins.is_empty()
        });
    }

    /// How many rows there are.
    pub fn len(&self, hops: Hops) -> usize {
        match hops {
            Hops::Each => self.rows.len(),
            Hops::Joined => self.joined.len(),
        }
    }

    /// Whether there is no row.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows at these places, ready to draw. Places beyond the last are left out.
    pub fn rows(&self, trace: &Trace, hops: Hops, places: Range<usize>) -> Vec<RowView> {
        let end = places.end.min(self.len(hops));
        (places.start..end).filter_map(|place| self.view(trace, hops, place)).collect()
    }

    /// The frame of a row, who sends it and who gets it, without making the row ready; `None` for a
    /// note.
    pub fn ends(&self, trace: &Trace, place: usize) -> Option<(FrameId, NodeId, NodeId)> {
        let frame = FrameId(self.rows.get(place)?.frame);
        let info = trace.frame_info(frame)?;
        let (to, _) = trace.legend().peer(info.from, info.interface)?;
        Some((frame, info.from, to))
    }

    /// The last row that begins at or before record number `record`.
    pub fn row_of_record(&self, hops: Hops, record: usize) -> Option<usize> {
        let is_past = |row: &Row| row.record as usize <= record;
        match hops {
            Hops::Each => self.rows.partition_point(is_past),
            Hops::Joined => self.joined.partition_point(|&row| is_past(&self.rows[row as usize])),
        }
        .checked_sub(1)
    }

    /// The row that shows a frame; in a joined ladder, its journey.
    pub fn row_of_frame(&self, hops: Hops, frame: FrameId) -> Option<usize> {
        let state = self.frames.get(frame.index())?;
        match hops {
            Hops::Each => Some(state.row as usize),
            Hops::Joined => {
                let root = self.frames.get(state.root as usize)?;
                self.joined.binary_search(&root.row).ok()
            }
        }
    }

    /// The frames of the packet's whole journey, in the order in which they were sent.
    pub fn journey(&self, frame: FrameId) -> Vec<FrameId> {
        let Some(state) = self.frames.get(frame.index()) else { return Vec::new() };
        self.chain(state.root).collect()
    }

    /// What became of a frame.
    pub fn end(&self, trace: &Trace, frame: FrameId) -> Option<End> {
        let state = self.frames.get(frame.index())?;
        let said = |record: u32| trace.records().get(record as usize);
        let first = said(self.rows.get(state.row as usize)?.record)?;
        match (said(state.end), first.fact) {
            (Some(Record { fact: Fact::FrameLost { reason, .. }, at, .. }), _) => {
                Some(End::Lost { at, reason })
            }
            (Some(record), _) => Some(End::Arrived(record.at)),
            (None, Fact::FrameSent { arrives, .. } | Fact::FrameDuplicated { arrives, .. }) => {
                Some(End::Due(arrives))
            }
            (None, _) => None,
        }
    }

    /// The devices that have a lifeline, from the left of the picture to its right.
    pub fn lifelines(&self, trace: &Trace, hops: Hops) -> Vec<NodeId> {
        let nodes = &trace.legend().nodes;
        let mut ids: Vec<NodeId> = (0..nodes.len() as u32).map(NodeId).collect();
        if hops == Hops::Joined {
            let talks = self.talkers(trace);
            ids.retain(|id| nodes[id.index()].kind == NodeKind::Host || talks.contains(id));
        }
        ids.sort_by_key(|id| nodes[id.index()].position);
        ids
    }

    /// Routers that speak for themselves. They are looked for among the first rows only, as each
    /// lesson has few.
    fn talkers(&self, trace: &Trace) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        for &row in self.joined.iter().take(10_000) {
            let frame = self.rows[row as usize].frame;
            found.extend(trace.frame_info(FrameId(frame)).map(|info| info.from));
        }
        found
    }

    /// What the numbers of a TCP segment are counted from, at the time of record number `record`.
    pub fn origin(&self, frame: &[u8], record: u32) -> words::Origin {
        let headers = Headers::of(frame);
        let Some((from, to)) = stream(frame, &headers) else { return words::Origin::default() };
        self.origin_of(from, to, record)
    }

    /// Tells record number `record`, with sequence numbers counted from the connection's beginning
    /// and the line of a program that did it in front.
    pub fn tell(&self, trace: &Trace, record: usize) -> Option<Told> {
        Some(code::with_line(trace, record, self.tell_alone(trace, record)?))
    }

    /// The same without the line.
    pub(in crate::view) fn tell_alone(&self, trace: &Trace, record: usize) -> Option<Told> {
        let said = trace.records().get(record)?;
        let end = |end: Endpoint| (end.address.to_bits(), end.port);
        let origin = match said.fact {
            Fact::Tcp { local, remote, .. } => {
                self.origin_of(end(local), end(remote), record as u32)
            }
            _ => words::Origin::default(),
        };
        Some(story::tell_from(&said, trace, origin))
    }

    fn origin_of(&self, from: End4, to: End4, record: u32) -> words::Origin {
        let isn = |stream| {
            let origins: &Vec<(u32, u32)> = self.streams.get(&stream)?;
            let known = origins.partition_point(|origin| origin.0 <= record);
            Some(origins.get(known.checked_sub(1)?)?.1)
        };
        words::Origin { seq: isn((from, to)), ack: isn((to, from)) }
    }

    /// The records during which a direction of a connection is the one that `record` belongs to, and
    /// its initial sequence number.
    pub(super) fn epoch(&self, stream: Stream, record: u32) -> Option<(Range<u32>, u32)> {
        let origins = self.streams.get(&stream)?;
        let known = origins.partition_point(|origin| origin.0 <= record);
        let (from, isn) = *origins.get(known.checked_sub(1)?)?;
        let to = origins.get(known).map_or(u32::MAX, |next| next.0);
        Some((from..to, isn))
    }

    pub(super) fn chain(&self, root: u32) -> impl Iterator<Item = FrameId> + '_ {
        let known = |frame: u32| (frame as usize) < self.frames.len();
        std::iter::successors(Some(root).filter(|&root| known(root)), move |&frame| {
            Some(self.frames[frame as usize].next).filter(|&next| known(next))
        })
        .map(FrameId)
    }

    fn take(&mut self, trace: &Trace, number: u32, record: &Record) {
        self.units.take(number, record);
        match record.fact {
            Fact::FrameSent { frame, .. } | Fact::FrameDuplicated { frame, .. } => {
                self.begin(trace, number, frame);
            }
            Fact::FrameArrived { frame, .. } => {
                if let Some(state) = self.frames.get_mut(frame.index()) {
                    state.end = state.end.min(number);
                }
            }
            Fact::FrameLost { frame, .. } => {
                if frame.index() >= self.frames.len() {
                    self.begin(trace, number, frame);
                }
                // A damaged frame arrives and is refused at once: it is lost.
                if let Some(state) = self.frames.get_mut(frame.index()) {
                    state.end = number;
                }
            }
            ref fact if is_row(fact) && !is_plumbing(trace, record) => {
                self.joined.push(self.rows.len() as u32);
                self.rows.push(Row { record: number, frame: NONE });
            }
            _ => {}
        }
    }

    /// The first that is heard of a frame.
    fn begin(&mut self, trace: &Trace, number: u32, frame: FrameId) {
        let own = self.frames.len() as u32;
        if frame.0 != own {
            return;
        }
        let row = self.rows.len() as u32;
        self.rows.push(Row { record: number, frame: frame.0 });
        let info = trace.frame_info(frame);
        let parent = info.and_then(|info| self.frames.get(info.parent?.index()));
        let root = parent.map_or(own, |parent| parent.root);
        self.frames.push(FrameState { row, end: NONE, root, next: NONE, tail: own });
        let (octets, headers) = (trace.frame_head(frame), trace.headers(frame));
        if root == own {
            if info.is_some_and(|info| is_joined(trace, octets, &headers, &info)) {
                self.joined.push(row);
            }
        } else {
            let tail = self.frames[root as usize].tail;
            self.frames[tail as usize].next = own;
            self.frames[root as usize].tail = own;
        }
        self.note_origin(octets, &headers, number);
    }

    /// Remembers where a direction of a connection counts from when its SYN goes by.
    fn note_origin(&mut self, octets: &[u8], headers: &Headers, number: u32) {
        let Some(stream) = stream(octets, headers) else { return };
        let Some(part) = headers.find(Protocol::Tcp) else { return };
        let header = part.header(octets);
        if header.len() >= 20 && header[13] & 0x02 != 0 {
            let isn = u32_at(header, 4);
            let origins = self.streams.entry(stream).or_default();
            if origins.last().is_none_or(|origin| origin.1 != isn) {
                origins.push((number, isn));
            }
        }
    }
}

/// When the rows of a ladder begin and end.
impl Ladder {
    /// The time of the last record taken in.
    pub fn end_time(&self, trace: &Trace) -> Instant {
        self.seen
            .checked_sub(1)
            .and_then(|last| trace.records().get(last))
            .map_or(Instant::ZERO, |r| r.at)
    }
}
