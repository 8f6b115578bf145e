//! The receiving half: the window that is offered, joining what comes out of order, when to
//! acknowledge, and what SACK reports.

use super::note::Note;
use super::options::{SackBlocks, WINDOW_SCALE_MAX};
use super::ranges::Range;
use super::timers::Timer;
use super::{Connection, Flags, Header, Indication, Output, SeqNumber};
use crate::base::{Chunk, Duration, Instant};

impl Connection {
    /// How much the peer may send, as it knows.
    pub(super) fn receive_window(&self) -> u32 {
        if self.rcv.edge > self.rcv.nxt { self.rcv.edge.since(self.rcv.nxt) } else { 0 }
    }

    /// The shift that makes the whole buffer expressible (RFC 7323 §2.3).
    pub(super) fn window_shift(&self) -> u8 {
        let limit = self.receive_limit();
        (0..WINDOW_SCALE_MAX).find(|shift| limit >> shift <= 0xffff).unwrap_or(WINDOW_SCALE_MAX)
    }

    /// The least by which the window's right edge moves (RFC 9293 §3.8.6.2.2).
    fn window_step(&self) -> u32 {
        u32::from(self.agreed.mss).min(self.receive_limit() / 2).max(1)
    }

    /// Octets that fit into the receive buffer.
    fn receive_space(&self) -> u32 {
        self.receive_limit().saturating_sub(self.rcv.buffer.len())
    }

    /// The window field of the next segment. The right edge moves in worthwhile steps and never
    /// back, not even by what scaling rounds off.
    pub(super) fn offer_window(&mut self, syn: bool, acks: bool) -> u16 {
        // The window of a SYN is never scaled (RFC 7323 §2.2).
        let shift = if syn { 0 } else { self.agreed.receive_shift };
        let (known, space) = (self.receive_window(), self.receive_space());
        let wanted = if space >= known + self.window_step() { space } else { known };
        let mut field = (wanted >> shift).min(0xffff);
        if field << shift < known && field < 0xffff {
            field += 1;
        }
        if acks {
            self.rcv.edge = self.rcv.edge.max(self.rcv.nxt + (field << shift));
        }
        field as u16
    }

    /// The program has read: is the window so much larger that the peer should know at once? At
    /// least a step, and at least twice what the peer knows, lest each read send a segment.
    pub(super) fn reopen_window(&mut self, out: &mut Vec<Output>) {
        let (known, space) = (self.receive_window(), self.receive_space());
        let worth = space >= known + self.window_step() && space >= known.saturating_mul(2);
        if worth && self.state.receives() {
            self.rcv.ack_now = true;
            Self::note(Note::WindowUpdated { octets: space }, out);
        }
    }

    /// Takes the payload that begins at `seq` (RFC 9293 §3.10.7.4, seventh step). What lies
    /// outside the window is cut off; octets that are there already stay as they are.
    pub(super) fn take_text(
        &mut self,
        now: Instant,
        seq: SeqNumber,
        payload: &Chunk,
        out: &mut Vec<Output>,
    ) {
        let whole = Range { first: seq, end: seq + payload.len() as u32 };
        let part = Range {
            first: whole.first.max(self.rcv.nxt),
            end: whole.end.min(self.rcv.edge.max(self.rcv.nxt)),
        };
        self.report_twice(whole, out);
        if part.first >= part.end {
            self.rcv.ack_now = true;
            return;
        }
        self.rcv.full = self.rcv.full.max(payload.len() as u32);
        let octets = payload.slice(part.first.since(seq) as usize..payload.len());
        if part.first > self.rcv.nxt {
            return self.take_out_of_order(part, &octets, out);
        }
        self.keep(part, &octets);
        let gaps = !self.rcv.ranges.is_empty();
        let end = self.rcv.ranges.around(part.end).map_or(part.end, |range| range.end);
        self.rcv.buffer.extend(end.since(self.rcv.nxt));
        self.rcv.nxt = end;
        self.rcv.ranges.forget_before(end);
        if end > part.end {
            Self::note(Note::GapFilled { octets: end.since(part.end) }, out);
        }
        out.push(Output::Indicate(Indication::Readable));
        self.schedule_ack(now, gaps, out);
    }

    /// Writes those octets of `part` into the buffer that are not there yet: the first to come
    /// are the ones delivered.
    fn keep(&mut self, part: Range, octets: &Chunk) {
        let mut rest = part;
        while let Some(hole) = self.rcv.ranges.hole(rest) {
            let at = hole.first.since(part.first) as usize;
            let distance = self.rcv.buffer.len() + hole.first.since(self.rcv.nxt);
            self.rcv.buffer.write(distance, octets.slice(at..at + hole.len() as usize));
            rest.first = hole.end;
        }
    }

    /// Remembers octets beyond a hole, and asks for the hole at once (RFC 5681 §4.2).
    fn take_out_of_order(&mut self, part: Range, octets: &Chunk, out: &mut Vec<Output>) {
        self.rcv.ack_now = true;
        if !self.rcv.ranges.takes(part) {
            return;
        }
        self.keep(part, octets);
        self.rcv.ranges.insert(part);
        self.rcv.recent.rotate_right(1);
        self.rcv.recent[0] = part.first;
        let missing = self.rcv.nxt;
        Self::note(Note::OutOfOrderKept { first: part.first, end: part.end, missing }, out);
    }

    /// Notices what came twice, for a D-SACK block (RFC 2883 §4).
    pub(super) fn report_twice(&mut self, whole: Range, out: &mut Vec<Output>) {
        let old_end = whole.end.min(self.rcv.nxt);
        let twice = if whole.first < old_end {
            Range { first: whole.first, end: old_end }
        } else if whole.first < whole.end && self.rcv.ranges.covered(whole) == whole.len() {
            whole
        } else {
            return;
        };
        self.rcv.twice = Some(twice);
        self.rcv.ack_now = true;
        Self::note(Note::DuplicateData { octets: twice.len() }, out);
    }

    /// Acknowledge now or a little later (RFC 1122 §4.2.3.2, RFC 5681 §4.2): at once where there
    /// is or was a gap, and at least every second full segment.
    fn schedule_ack(&mut self, now: Instant, gaps: bool, out: &mut Vec<Output>) {
        let wait = self.config.delayed_ack.min(Duration::from_millis(500));
        let unacknowledged = self.rcv.nxt.since(self.rcv.acked);
        let due = unacknowledged >= self.rcv.full.saturating_mul(2);
        if gaps || due || wait == Duration::ZERO {
            self.rcv.ack_now = true;
        } else if !self.timers.runs(Timer::DelayedAck) {
            self.timers.set(Timer::DelayedAck, now, wait);
            Self::note(Note::DelayedAckStarted { wait }, out);
        }
    }

    /// A segment with this header goes out: what it acknowledges need not be acknowledged again.
    pub(super) fn acknowledged_by(&mut self, header: &Header) {
        if header.flags.contains(Flags::ACK) {
            self.rcv.acked = header.ack;
            self.rcv.ack_now = false;
            self.timers.stop(Timer::DelayedAck);
        }
    }

    /// How many SACK blocks the next segment would carry: three beside timestamps, else four.
    pub(super) fn blocks_due(&self) -> usize {
        if !self.agreed.sack {
            return 0;
        }
        let most = if self.agreed.timestamps { 3 } else { 4 };
        (usize::from(self.rcv.twice.is_some()) + self.rcv.ranges.as_slice().len()).min(most)
    }

    /// The blocks to report: what came twice (once only), then the ranges, those that changed
    /// last first (RFC 2018 §4).
    pub(super) fn take_blocks(&mut self) -> SackBlocks {
        let most = self.blocks_due();
        let mut blocks = SackBlocks::default();
        let twice = self.rcv.twice.take();
        if most == 0 {
            return blocks;
        }
        if let Some(twice) = twice {
            blocks.push(twice.first, twice.end);
        }
        for seq in self.rcv.recent {
            let Some(range) = self.rcv.ranges.around(seq) else { continue };
            let block = (range.first, range.end);
            let reported = &blocks.as_slice()[usize::from(twice.is_some())..];
            if blocks.as_slice().len() < most && !reported.contains(&block) {
                blocks.push(block.0, block.1);
            }
        }
        blocks
    }
}
