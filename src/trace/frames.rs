//! The frames of a trace and the octets of programs: what a record refers to by number.

use super::{Excerpt, Headers, Trace};
use crate::base::{Chunk, FrameId, InterfaceId, LinkId, NodeId, Octets};
use std::borrow::Cow;

/// Where a frame went, and where its octets are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FrameEntry {
    start: u64,
    len: u32,
    /// The link's number times two, and which of its ends sends.
    line: u32,
    /// [`NO_PARENT`] for a new frame.
    parent: u32,
    record: u32,
    /// The number of its tail, or [`NO_TAIL`].
    tail: u32,
}

const _: () = assert!(size_of::<FrameEntry>() == 32);

const NO_PARENT: u32 = u32::MAX;
const NO_TAIL: u32 = u32::MAX;

/// The payload of a frame, which it shares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tail {
    octets: Chunk,
    /// Octets of all tails before it.
    before: u64,
}

impl Tail {
    /// Octets of all tails up to it.
    pub(super) const fn end(&self) -> u64 {
        self.before + self.octets.len() as u64
    }
}

/// What is known of a frame besides its octets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameInfo {
    /// The link that it was sent on.
    pub link: LinkId,
    /// The sending node.
    pub from: NodeId,
    /// The interface it left by.
    pub interface: InterfaceId,
    /// The frame whose arrival at `from` it forwards (or copies); `None` for a new one.
    pub parent: Option<FrameId>,
    /// The number of the record that says that it was sent (or dropped before that).
    pub record: u32,
}

impl Trace {
    /// How many frames were sent or dropped so far; [`FrameId`]s count from zero.
    pub fn frame_count(&self) -> u32 {
        self.frames.len() as u32
    }

    /// The octets of a frame as it was sent, from the Ethernet header to the padding, without the
    /// frame check sequence. Empty for a frame that is not known.
    ///
    /// They are put together where they are kept in two pieces. Whoever needs the headers only
    /// asks for [`frame_head`](Self::frame_head), which is always at hand.
    pub fn frame(&self, frame: FrameId) -> Cow<'_, [u8]> {
        let head = self.frame_head(frame);
        match self.frames.get(frame.index()).and_then(|entry| self.tail_of(entry)) {
            Some(tail) => Cow::Owned([head, &tail.octets].concat()),
            None => Cow::Borrowed(head),
        }
    }

    /// The first octets of a frame: all its headers at least. Empty for a frame that is not known.
    pub fn frame_head(&self, frame: FrameId) -> &[u8] {
        self.frames.get(frame.index()).map_or(&[], |entry| self.head_of(entry))
    }

    /// How many octets [`frame`](Self::frame) has.
    pub fn frame_len(&self, frame: FrameId) -> usize {
        self.frames.get(frame.index()).map_or(0, |entry| entry.len as usize)
    }

    /// Which header lies where in a frame.
    pub fn headers(&self, frame: FrameId) -> Headers {
        Headers::of_head(self.frame_head(frame), self.frame_len(frame))
    }

    /// Where a frame went.
    pub fn frame_info(&self, frame: FrameId) -> Option<FrameInfo> {
        let entry = self.frames.get(frame.index())?;
        let link = LinkId(entry.line / 2);
        let ends = self.legend.links.get(link.index())?.ends;
        let (from, interface) = ends[(entry.line % 2) as usize];
        let parent = (entry.parent != NO_PARENT).then_some(FrameId(entry.parent));
        Some(FrameInfo { link, from, interface, parent, record: entry.record })
    }

    /// The first octets of what a program sent or got.
    pub fn excerpt(&self, excerpt: Excerpt) -> &[u8] {
        self.kept(excerpt.start, excerpt.len.into())
    }

    /// Keeps the first octets of something a program sent or got.
    pub fn keep(&mut self, octets: &[u8]) -> Excerpt {
        self.keep_at_most(octets, Excerpt::MAX)
    }

    /// Keeps a text for the learner.
    pub fn keep_text(&mut self, text: &str) -> Excerpt {
        self.keep_at_most(text.as_bytes(), Excerpt::TEXT_MAX)
    }

    fn keep_at_most(&mut self, octets: &[u8], most: usize) -> Excerpt {
        if !self.enabled {
            return Excerpt::default();
        }
        let kept = &octets[..octets.len().min(most)];
        let start = self.next().octets;
        self.octets.extend_from_slice(kept);
        Excerpt { start, len: kept.len() as u16 }
    }

    /// Keeps a frame's octets under its number, which must be the next one. The record that says
    /// what becomes of it must be the next one too. `from` is an end of the link.
    #[inline]
    pub(crate) fn keep_frame(
        &mut self,
        frame: FrameId,
        octets: &Octets,
        link: LinkId,
        from: (NodeId, InterfaceId),
        parent: Option<FrameId>,
    ) {
        if self.enabled {
            self.append_frame(frame, octets, link, from, parent);
        }
    }

    fn append_frame(
        &mut self,
        frame: FrameId,
        octets: &Octets,
        link: LinkId,
        from: (NodeId, InterfaceId),
        parent: Option<FrameId>,
    ) {
        let next = self.next();
        debug_assert_eq!(frame.0, next.frames, "frames in order");
        let ends = self.legend.links[link.index()].ends;
        debug_assert!(ends.contains(&from), "a frame leaves by an end of its link");
        let mut tail = NO_TAIL;
        if !octets.tail.is_empty() {
            tail = next.tails;
            let before = self.shared_until(self.tails.len());
            self.tails.push(Tail { octets: octets.tail.clone(), before });
        }
        self.octets.extend_from_slice(&octets.head);
        self.frames.push(FrameEntry {
            start: next.octets,
            len: octets.len() as u32,
            line: link.0 * 2 + u32::from(ends[1] == from),
            parent: parent.map_or(NO_PARENT, |parent| parent.0),
            record: next.records,
            tail,
        });
    }

    fn tail_of(&self, entry: &FrameEntry) -> Option<&Tail> {
        self.tails.get(entry.tail as usize)
    }

    fn head_of(&self, entry: &FrameEntry) -> &[u8] {
        let tail = self.tail_of(entry).map_or(0, |tail| tail.octets.len());
        self.kept(entry.start, entry.len - tail as u32)
    }

    /// Each shared payload in order: where in the octets it belongs, what it is, and how many
    /// octets of payloads there are up to its end.
    pub(super) fn shared(&self) -> impl Iterator<Item = (u64, &[u8], u64)> {
        self.frames.iter().filter_map(|entry| {
            let tail = self.tail_of(entry)?;
            let at = entry.start + self.head_of(entry).len() as u64;
            Some((at, &*tail.octets, tail.end()))
        })
    }

    fn kept(&self, start: u64, len: u32) -> &[u8] {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        self.octets.get(start..start.saturating_add(len as usize)).unwrap_or(&[])
    }
}
