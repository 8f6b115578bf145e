//! The sender's scoreboard: what the peer has beyond the first hole, what is lost, what was sent
//! again (RFC 6675). Without SACK it holds no range and serves time-outs all the same.

use super::SeqNumber;
use super::ranges::{Range, Ranges};

/// Duplicate acknowledgements that mean a loss (RFC 5681 §3.2, `DupThresh` of RFC 6675).
pub(super) const DUPLICATES: u8 = 3;

/// Nothing here walks the window: sums are kept as ranges come and go.
#[derive(Clone, Debug, Default)]
pub(super) struct Scoreboard {
    ranges: Ranges,
    /// Octets in `ranges`.
    sacked: u32,
    /// Octets in `ranges` before `resent`.
    sacked_before_resent: u32,
    /// Everything before it and not acknowledged was sent again (`HighRxt` + 1 of RFC 6675).
    resent: SeqNumber,
    /// Everything before it and not acknowledged is lost: a time-out says so.
    given_up: SeqNumber,
    /// A rescue retransmission was sent in this recovery (RFC 6675 §4, rule 4).
    pub(super) rescued: bool,
}

impl Scoreboard {
    /// A scoreboard for a connection whose first sequence number is `iss`.
    pub(super) fn new(iss: SeqNumber) -> Self {
        Self { resent: iss, given_up: iss, ..Self::default() }
    }

    /// The ranges that the peer reported.
    pub(super) fn ranges(&self) -> &[Range] {
        self.ranges.as_slice()
    }

    /// Octets that the peer reported beyond the first hole.
    pub(super) const fn sacked(&self) -> u32 {
        self.sacked
    }

    /// Takes a block of the peer's; how many octets of it are news.
    pub(super) fn mark(&mut self, block: Range) -> u32 {
        let known = self.ranges.covered(block);
        let before = Range { first: block.first, end: block.end.min(self.resent) };
        let known_before =
            if before.first < before.end { self.ranges.covered(before) } else { before.len() };
        let news = block.len() - known;
        if news == 0 || self.ranges.insert(block).is_none() {
            return 0;
        }
        self.sacked += news;
        if before.first < before.end {
            self.sacked_before_resent += before.len() - known_before;
        }
        news
    }

    /// All before `una` is acknowledged.
    pub(super) fn acknowledge(&mut self, una: SeqNumber) {
        let gone = self.ranges.forget_before(una);
        self.sacked -= gone;
        self.given_up = self.given_up.max(una);
        if self.resent <= una {
            self.resent = una;
            self.sacked_before_resent = 0;
        } else {
            self.sacked_before_resent -= gone;
        }
    }

    /// All before `end` and not acknowledged was sent again.
    pub(super) fn resend_to(&mut self, end: SeqNumber) {
        if end > self.resent {
            self.sacked_before_resent += self.ranges.covered(Range { first: self.resent, end });
            self.resent = end;
        }
    }

    /// Begins to send again from `una`.
    pub(super) const fn resend_from(&mut self, una: SeqNumber) {
        self.resent = una;
        self.sacked_before_resent = 0;
        self.rescued = false;
    }

    /// Everything from `una` up to `end` that the peer did not report is lost. If the peer
    /// reported the very octet that it now asks for, it has thrown away what it had (RFC 2018
    /// §8), and the whole report is void.
    pub(super) fn give_up(&mut self, una: SeqNumber, end: SeqNumber) {
        if self.ranges.around(una).is_some() {
            self.ranges.clear();
            self.sacked = 0;
        }
        self.resend_from(una);
        self.given_up = end;
    }

    /// What is left to be lost after a time-out.
    pub(super) const fn given_up(&self) -> SeqNumber {
        self.given_up
    }

    /// The end of what SACK shows to be lost (`IsLost` of RFC 6675 §4): three ranges or more than
    /// two full segments lie beyond it. At most three ranges are looked at.
    pub(super) fn lost_by_sack(&self, una: SeqNumber, mss: u32) -> SeqNumber {
        let mut beyond = 0;
        for (n, range) in self.ranges().iter().rev().take(usize::from(DUPLICATES)).enumerate() {
            beyond += range.len();
            if n + 1 == usize::from(DUPLICATES) || beyond > mss * u32::from(DUPLICATES - 1) {
                return range.first;
            }
        }
        una
    }

    /// An estimate of the octets on their way (`pipe` of RFC 6675 §4): all but what was reported,
    /// what is before `lost`, and, in turn, what of that was sent again.
    pub(super) fn pipe(&self, una: SeqNumber, nxt: SeqNumber, lost: SeqNumber) -> u32 {
        let beyond: u32 = self
            .ranges()
            .iter()
            .rev()
            .take_while(|range| range.end > lost)
            .map(|range| range.end.since(range.first.max(lost)))
            .sum();
        let beyond = if lost == una { self.sacked } else { beyond };
        let resent = self.resent.since(una) - self.sacked_before_resent;
        nxt.since(lost) - beyond + resent
    }

    /// The first part before `end` that was neither reported nor sent again yet.
    pub(super) fn next_hole(&self, end: SeqNumber) -> Option<Range> {
        if self.resent >= end {
            return None;
        }
        self.ranges.hole(Range { first: self.resent, end })
    }

    /// The last octets, up to `octets` of them, that the peer did not report (rule 4).
    pub(super) fn last_hole(&self, nxt: SeqNumber, octets: u32) -> Range {
        let last = self.ranges().last().filter(|range| range.end >= nxt);
        let end = last.map_or(nxt, |range| range.first);
        Range { first: end - octets, end }
    }

    /// The end of the highest range.
    pub(super) fn highest(&self) -> Option<SeqNumber> {
        self.ranges().last().map(|range| range.end)
    }

    /// Whether there is no range.
    pub(super) const fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}
