//! The journey of what a program writes itself, into a connection of TCP or as a datagram: no protocol
//! of layer 7 says where it lies.

use super::{Walk, Way};
use crate::base::FrameId;
use crate::trace::{Excerpt, Fact, FrameInfo, ProgramNote, Protocol};
use crate::view::ladder::End;

impl Walk<'_> {
    /// What record number `record` says was written: over the links, and up at the other end.
    pub(super) fn written(&mut self, record: u32) {
        self.say(Way::Down, record);
        let Some(said) = self.record(record) else { return };
        match said.fact {
            Fact::Program { note: ProgramNote::Sent { octets, .. }, .. } => {
                self.in_a_stream(record, octets as u32);
            }
            Fact::Program { note: ProgramNote::SentTo { excerpt, .. }, .. } => {
                self.in_a_datagram(record, excerpt);
            }
            _ => {}
        }
    }

    /// The stream is that of the first segment with octets that the step sends after the write, which
    /// is where the write lies.
    fn in_a_stream(&mut self, record: u32, octets: u32) {
        let (trace, ladder) = (self.trace, self.ladder);
        let step = self.record(record).map(|said| trace.records_of_step(said.step));
        let mut sent = (record..step.map_or(record, |step| step.end as u32))
            .filter_map(|number| self.sent(number))
            .filter_map(|frame| Some((frame, ladder.part(trace, frame)?)));
        let Some((first, (stream, records, part))) = sent.find(|(_, (.., part))| !part.is_empty())
        else {
            return;
        };
        let lies = part.start..part.start.wrapping_add(octets);
        let mut arrived = None;
        for frame in (first.0..trace.frame_count()).map(FrameId) {
            let is_first = |info: FrameInfo| info.parent.is_none() && info.record < records.end;
            if !trace.frame_info(frame).is_some_and(is_first) {
                continue;
            }
            let Some((other, _, part)) = ladder.part(trace, frame) else { continue };
            if other != stream || part.start >= lies.end || part.end <= lies.start {
                continue;
            }
            let is_whole = part.start <= lies.start && part.end >= lies.end;
            self.on_the_way(frame, "TCP segment", is_whole);
            if part.end >= lies.end {
                arrived = self.delivered(frame);
                if arrived.is_some() {
                    break;
                }
            }
        }
        self.read_after(arrived);
    }

    /// The datagram is the next one with these octets; it may have waited for ARP.
    fn in_a_datagram(&mut self, record: u32, excerpt: Excerpt) {
        let trace = self.trace;
        let Some(said) = self.record(record) else { return };
        let begins = trace.excerpt(excerpt);
        let holds = |frame: &FrameId| {
            let headers = trace.headers(*frame);
            headers.find(Protocol::Udp).is_some_and(|udp| {
                trace.frame(*frame).get(udp.payload()).is_some_and(|data| data.starts_with(begins))
            })
        };
        let all = (record..trace.records().len() as u32)
            .filter(|&number| self.record(number).is_some_and(|other| other.node == said.node));
        let Some(frame) = all.filter_map(|number| self.sent(number)).find(holds) else { return };
        self.on_the_way(frame, "UDP datagram", true);
        let arrived = self.delivered(frame);
        self.read_after(arrived);
    }

    /// The frame that a record says was sent, if its journey begins there.
    fn sent(&self, record: u32) -> Option<FrameId> {
        let Fact::FrameSent { frame, .. } = self.record(record)?.fact else { return None };
        self.trace.frame_info(frame).filter(|info| info.parent.is_none()).map(|_| frame)
    }

    /// The record by which a packet came to the device that it is for.
    fn delivered(&self, frame: FrameId) -> Option<u32> {
        let (trace, ladder) = (self.trace, self.ladder);
        let wanted = crate::view::ladder::destination_of(trace, frame)?;
        let is_there = |frame: &FrameId| {
            let peer = |info: FrameInfo| trace.legend().peer(info.from, info.interface);
            let to = trace.frame_info(*frame).and_then(peer).map(|(node, _)| node);
            to == Some(wanted) && matches!(ladder.end(trace, *frame), Some(End::Arrived(_)))
        };
        ladder.journey(frame).into_iter().find(is_there).and_then(|frame| ladder.end_record(frame))
    }

    /// Up at the device where it arrived, from the first that the program there reads then.
    fn read_after(&mut self, arrived: Option<u32>) {
        let Some((arrived, there)) = arrived.and_then(|at| Some((at, self.record(at)?))) else {
            return;
        };
        let reads = |number: &u32| {
            self.record(*number).is_some_and(|record| {
                let is_read = matches!(
                    record.fact,
                    Fact::Program {
                        note: ProgramNote::Received { .. } | ProgramNote::ReceivedFrom { .. },
                        ..
                    }
                );
                is_read && record.node == there.node
            })
        };
        let read = (arrived..self.trace.records().len() as u32).find(reads);
        if let Some(read) = read {
            self.up(read);
        }
    }
}
