//! A capture for Wireshark: every link end is an interface, every frame is there as sent and as it
//! arrived, and a packet's comments say what the stacks had to tell at that moment.

use super::story;
use crate::base::{FrameId, Instant, InterfaceId, LinkId, NodeId};
use crate::stack::Layer;
use crate::trace::{Fact, FrameLoss, Legend, Record, Trace};
use pcap_file::DataLink;
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
};
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use std::io::{self, Write};
use std::time::Duration;

/// A frame at one end of its link.
#[derive(Clone, Copy)]
struct Sighting {
    at: Instant,
    interface: u32,
    frame: FrameId,
    /// The record that says it.
    record: u32,
}

/// Writes the whole trace.
pub fn write(trace: &Trace, out: impl Write) -> io::Result<()> {
    let broken = |error| io::Error::other(format!("pcapng: {error}"));
    let section = SectionHeaderBlock {
        options: vec![SectionHeaderOption::UserApplication("framestep".into())],
        ..SectionHeaderBlock::default()
    };
    let mut writer = PcapNgWriter::with_section_header(out, section).map_err(broken)?;
    for link in 0..trace.legend().links.len() as u32 {
        for end in 0..2 {
            let block = interface(trace.legend(), LinkId(link), end);
            writer.write_pcapng_block(block).map_err(broken)?;
        }
    }
    for sighting in sightings(trace) {
        let octets = trace.frame(sighting.frame);
        let block = EnhancedPacketBlock {
            interface_id: sighting.interface,
            timestamp: Duration::from_nanos(sighting.at.0),
            original_len: octets.len() as u32,
            data: octets,
            options: comments(trace, &sighting)
                .map(|text| EnhancedPacketOption::Common(CommonOption::Comment(text.into())))
                .collect(),
        };
        writer.write_pcapng_block(block).map_err(broken)?;
    }
    writer.get_mut().flush()
}

/// The interface of one link end: `client:if0@client-server`.
fn interface(legend: &Legend, link: LinkId, end: usize) -> InterfaceDescriptionBlock<'static> {
    let (name, description) =
        legend.links.get(link.index()).map_or_else(Default::default, |link| {
            let (node, interface) = link.ends[end];
            (format!("{}:{interface}@{}", legend.name(node), link.name), link.label.clone())
        });
    InterfaceDescriptionBlock {
        linktype: DataLink::ETHERNET,
        // No limit: frames are kept whole.
        snaplen: 0,
        options: vec![
            InterfaceDescriptionOption::IfName(name.into()),
            InterfaceDescriptionOption::IfDescription(description.into()),
            InterfaceDescriptionOption::IfTsResol(InterfaceTsResolution::NANO),
        ],
    }
}

/// The number of a link end's interface in the file.
fn number(legend: &Legend, link: LinkId, end: (NodeId, InterfaceId)) -> Option<u32> {
    let place = legend.links.get(link.index())?.ends.iter().position(|&e| e == end)?;
    Some(link.0 * 2 + place as u32)
}

/// Every frame at each end of its link, in the order of time.
fn sightings(trace: &Trace) -> Vec<Sighting> {
    let legend = trace.legend();
    let mut found = Vec::new();
    // By frame, where its sending stands in `found`, so that it can be taken back.
    let mut sent = vec![None; trace.frame_count() as usize];
    for (record, said) in trace.records().iter().enumerate() {
        let record = record as u32;
        match said.fact {
            Fact::FrameSent { frame, starts, .. } => {
                let Some(info) = trace.frame_info(frame) else { continue };
                let end = (info.from, info.interface);
                let Some(interface) = number(legend, info.link, end) else { continue };
                if let Some(place) = sent.get_mut(frame.index()) {
                    *place = Some(found.len());
                }
                found.push(Some(Sighting { at: starts, interface, frame, record }));
            }
            Fact::FrameArrived { frame, interface } => {
                let Some(info) = trace.frame_info(frame) else { continue };
                let end = (said.node, interface);
                let Some(interface) = number(legend, info.link, end) else { continue };
                found.push(Some(Sighting { at: said.at, interface, frame, record }));
            }
            // The interface refuses what is damaged; nobody behind it sees it.
            Fact::FrameLost { frame, reason: FrameLoss::BadFcs { .. } }
                if found.last().is_some_and(|last| is_arrival(*last, frame, record)) =>
            {
                found.pop();
            }
            // A frame that still waited when it was lost was never on the wire.
            Fact::FrameLost { frame, reason: FrameLoss::LinkDown | FrameLoss::Command } => {
                let place = sent.get(frame.index()).copied().flatten();
                if let Some(slot) = place.and_then(|place: usize| found.get_mut(place))
                    && slot.is_some_and(|sighting| sighting.at > said.at)
                {
                    *slot = None;
                }
            }
            _ => {}
        }
    }
    let mut found: Vec<Sighting> = found.into_iter().flatten().collect();
    // Frames that wait are sent later than they are said to be; the sort keeps ties in order.
    found.sort_by_key(|sighting| sighting.at);
    found
}

/// Whether the sighting is the arrival of that frame, said just before record number `record`.
fn is_arrival(sighting: Option<Sighting>, frame: FrameId, record: u32) -> bool {
    sighting.is_some_and(|last| last.frame == frame && last.record + 1 == record)
}

/// What was told about the frame: where it was sent, what led to it; where it came, what followed.
fn comments(trace: &Trace, sighting: &Sighting) -> impl Iterator<Item = String> {
    let records = trace.records();
    let at = sighting.record as usize;
    let Some(said) = records.get(at) else { return Vec::new().into_iter() };
    let same = |record: &Record| record.step == said.step && record.node == said.node;
    let is_frame = |record: &Record| matches!(record.fact, Fact::FrameSent { .. });
    let told: Vec<Record> = if is_frame(&said) {
        let before = records.slice(0..at).iter().rev();
        let mut told: Vec<Record> = before.take_while(same).take_while(|r| !is_frame(r)).collect();
        told.reverse();
        told
    } else {
        records.slice(at + 1..usize::MAX).iter().take_while(same).collect()
    };
    // Wireshark shows every comment; a few say enough.
    let comments: Vec<String> = told
        .into_iter()
        .filter(|record| record.layer != Layer::Physical)
        .map(|record| story::tell(&record, trace).text)
        .take(COMMENTS_MAX)
        .collect();
    comments.into_iter()
}

/// The most comments of one packet.
const COMMENTS_MAX: usize = 12;
