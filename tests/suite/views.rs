//! What is made of a trace: dissections, ladders, stories, captures. Expected texts stand under
//! `tests/data`; `UPDATE_EXPECT=1` writes them anew.

use etherparse::PacketBuilder;
use framestep::base::{FrameId, Instant};
use framestep::scenario;
use framestep::sim::World;
use framestep::stack::data_link::ethernet;
use framestep::trace::{Fact, FrameLoss, Headers, ProgramNote, Protocol, Trace};
use framestep::view::ladder::packet_line;
use framestep::view::{Dissection, Hops, Ladder, RowKind, Text, dissect, events, octets, pcapng};
use framestep::view::{summary, tell};
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketOption;
use pcap_file::pcapng::blocks::interface_description::InterfaceDescriptionOption;
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::{Block, PcapNgReader};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Compares with the text of a file under `tests/data`.
pub(crate) fn check(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("can be made");
        fs::write(&path, found).expect("writable");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{file} is not as expected, but:\n{found}");
}

/// The whole run of a built-in scenario.
pub(crate) fn trace_of(name: &str) -> Trace {
    let builtin = scenario::find(name).expect("a scenario");
    let (scenario, _) = scenario::parse(builtin.path, builtin.text);
    let mut world = World::new(&scenario.expect("without faults").blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    trace
}

fn tree(frame: &[u8]) -> String {
    let Dissection { sections, stop, .. } = dissect(frame);
    let mut out = String::new();
    for section in sections {
        let quoted = if section.quoted { " (quoted)" } else { "" };
        let (layer, protocol) = (section.layer.number(), section.protocol);
        writeln!(out, "{layer} {protocol}{quoted}: {}", section.summary).expect("a string");
        for field in section.fields {
            let mark = if field.inferred { " (inferred)" } else { "" };
            let (bits, filter) = (field.bits, field.filter);
            let place = format!("{}..{}", bits.start, bits.end);
            writeln!(out, "    {place:<9} {filter:<26} {}{mark}", field.value).expect("a string");
        }
    }
    if let Some(stop) = stop {
        writeln!(out, "stopped: {stop}").expect("a string");
    }
    let named = summary(frame);
    writeln!(out, "{}: {} | {}", named.letter(), named.name, named.words).expect("a string");
    for line in octets::lines(frame) {
        writeln!(out, "{line}").expect("a string");
    }
    out
}

const MACS: ([u8; 6], [u8; 6]) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
const ADDRESSES: ([u8; 4], [u8; 4]) = ([10, 0, 0, 1], [10, 0, 0, 2]);

fn syn() -> Vec<u8> {
    use etherparse::TcpOptionElement::{
        MaximumSegmentSize, Noop, SelectiveAcknowledgementPermitted, Timestamp, WindowScale,
    };
    let options = [
        MaximumSegmentSize(1460),
        SelectiveAcknowledgementPermitted,
        Timestamp(7, 0),
        Noop,
        WindowScale(3),
    ];
    let mut frame = Vec::new();
    PacketBuilder::ethernet2(MACS.0, MACS.1)
        .ipv4(ADDRESSES.0, ADDRESSES.1, 64)
        .tcp(49_152, 80, 1_000, 65_535)
        .syn()
        .options(&options)
        .expect("they fit")
        .write(&mut frame, &[])
        .expect("a vector");
    frame
}

fn datagram(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    PacketBuilder::ethernet2(MACS.0, MACS.1)
        .ipv4(ADDRESSES.0, ADDRESSES.1, 64)
        .udp(5_000, 53)
        .write(&mut frame, payload)
        .expect("a vector");
    ethernet::pad(&mut frame);
    frame
}

fn port_unreachable() -> Vec<u8> {
    let quoted = &datagram(b"anybody?")[14..50];
    let mut frame = Vec::new();
    PacketBuilder::ethernet2(MACS.1, MACS.0)
        .ipv4(ADDRESSES.1, ADDRESSES.0, 64)
        .icmpv4_raw(3, 3, [0; 4])
        .write(&mut frame, quoted)
        .expect("a vector");
    frame
}

fn arp_request() -> Vec<u8> {
    let mut frame = [[0xff; 6], MACS.0].concat();
    frame.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]);
    frame.extend([&MACS.0[..], &ADDRESSES.0, &[0; 6], &ADDRESSES.1].concat());
    ethernet::pad(&mut frame);
    frame
}

fn later_fragment() -> Vec<u8> {
    let mut frame = datagram(b"the middle of something");
    // Offset 1480, more to follow; the checksum no longer fits, and is told so.
    frame[20..22].copy_from_slice(&[0x20, 0xb9]);
    frame
}

#[test]
fn frames_are_taken_apart_to_the_last_bit() {
    check("dissections/syn.txt", &tree(&syn()));
    check("dissections/datagram.txt", &tree(&datagram(b"hi")));
    check("dissections/port-unreachable.txt", &tree(&port_unreachable()));
    check("dissections/arp-request.txt", &tree(&arp_request()));
    check("dissections/later-fragment.txt", &tree(&later_fragment()));
}

#[test]
fn of_a_cut_frame_what_is_there_is_told() {
    check("dissections/cut-syn.txt", &tree(&syn()[..50]));
    check("dissections/cut-header.txt", &tree(&syn()[..20]));
    check("dissections/nothing.txt", &tree(&[]));
}

/// Whoever has only the first octets finds the same headers as whoever has them all.
#[test]
fn a_head_that_holds_the_headers_is_enough_to_find_them() {
    for builtin in scenario::library() {
        let trace = trace_of(builtin.name);
        for frame in (0..trace.frame_count()).map(FrameId) {
            let octets = trace.frame(frame);
            let whole = Headers::of(&octets);
            let end = whole.parts().iter().map(|part| part.body).max().unwrap_or(0);
            let head = Headers::of_head(&octets[..end], octets.len());
            assert_eq!(format!("{head:?}"), format!("{whole:?}"), "{} {frame}", builtin.name);
            assert!(trace.frame_head(frame).len() >= end, "{} {frame}", builtin.name);
        }
    }
}

#[test]
fn the_fields_of_each_header_cover_every_bit_of_it_once() {
    for protocol in Protocol::ALL {
        let mut at = 0;
        for field in protocol.fields() {
            assert_eq!(usize::from(field.bit), at, "{}", field.filter);
            assert!(field.filter.starts_with(protocol.filter()), "{}", field.filter);
            at += usize::from(field.bits);
        }
        assert_eq!(at, protocol.header_len() * 8, "{}", protocol.name());
    }
}

#[test]
fn every_octet_of_a_whole_frame_belongs_to_a_field() {
    for frame in [syn(), datagram(b"hi"), port_unreachable(), arp_request(), later_fragment()] {
        let dissection = dissect(&frame);
        for octet in 0..frame.len() {
            let (section, field) = dissection.field_at(octet).expect("a field");
            let field = dissection.field(section, field).expect("it is there");
            assert!(field.octets().contains(&octet), "{octet}: {field:?}");
        }
        assert_eq!(dissection.field_at(frame.len()), None);
    }
}

#[test]
fn layers_are_put_on_from_the_top_and_taken_off_from_the_bottom() {
    let dissection = dissect(&datagram(b"hi"));
    let down: Vec<_> = dissection.top_down().map(|section| section.protocol).collect();
    assert_eq!(down, ["Data", "UDP", "IPv4", "Ethernet II"]);
    let up: Vec<_> = dissection.bottom_up().map(|section| section.layer.number()).collect();
    assert_eq!(up, [2, 3, 4, 7]);
}

#[test]
fn a_line_of_a_dump_knows_which_columns_to_light() {
    let octets: Vec<u8> = (0..40).collect();
    let columns: Vec<_> = octets::lines(&octets).map(|line| line.columns(&(14..34))).collect();
    assert_eq!(columns, [14..16, 0..16, 0..2]);
    let text = octets::lines(&octets).next().expect("a line").to_string();
    let at = octets::Line::text_column(14);
    assert_eq!(&text[at..at + 2], "0e");
}

proptest! {
    #[test]
    fn arbitrary_octets_are_dissected_without_panic_and_within_bounds(
        mut frame in prop::collection::vec(any::<u8>(), 0..200),
        kind in 0..4,
    ) {
        // Half of them lead into the parsers behind Ethernet.
        let lead: &[u8] = match kind {
            0 => &[8, 0, 0x45],
            1 => &[8, 6],
            2 => &[8, 0, 0x46],
            _ => &[],
        };
        if frame.len() > 17 {
            frame[12..12 + lead.len()].copy_from_slice(lead);
        }
        in_bounds(&frame);
    }

    #[test]
    fn a_good_frame_with_some_octets_changed_is_dissected(
        which in 0usize..4, changes in prop::collection::vec((any::<usize>(), any::<u8>()), 0..6), cut in any::<usize>(),
    ) {
        let mut frame = [syn(), datagram(b"hi"), port_unreachable(), arp_request()][which].clone();
        for (at, octet) in changes {
            let at = at % frame.len();
            frame[at] = octet;
        }
        in_bounds(&frame);
        in_bounds(&frame[..cut % frame.len()]);
    }
}

fn in_bounds(frame: &[u8]) {
    let dissection = dissect(frame);
    for field in dissection.sections.iter().flat_map(|section| &section.fields) {
        assert!(
            field.bits.start <= field.bits.end && field.bits.end <= frame.len() * 8,
            "{field:?}"
        );
    }
    assert!(!summary(frame).name.is_empty());
}

fn ladder_text(name: &str, hops: Hops, friend: bool) -> String {
    let trace = trace_of(name);
    Text::new(&Ladder::of(&trace), &trace, hops, friend).to_string()
}

#[test]
fn runs_are_drawn_as_ladders() {
    check("ladders/udp-closed-port.txt", &ladder_text("udp-closed-port", Hops::Each, false));
    check("ladders/tcp-handshake.txt", &ladder_text("tcp-handshake", Hops::Each, false));
    check("ladders/tcp-handshake-friend.txt", &ladder_text("tcp-handshake", Hops::Each, true));
    check("ladders/arp-and-ping.txt", &ladder_text("arp-and-ping", Hops::Each, false));
    check("ladders/traceroute-joined.txt", &ladder_text("traceroute", Hops::Joined, false));
    check("ladders/lost-syn-ack.txt", &ladder_text("lost-syn-ack", Hops::Each, false));
}

#[test]
fn packets_are_written_as_tcpdump_writes_them() {
    let trace = trace_of("tcp-handshake");
    let ladder = Ladder::of(&trace);
    let mut out = String::new();
    for record in trace.records() {
        if let Fact::FrameSent { frame, starts, .. } = record.fact {
            let line = packet_line(&ladder, &trace, frame, starts).expect("a frame");
            writeln!(out, "{line}").expect("a string");
        }
    }
    check("ladders/tcp-handshake-packets.txt", &out);
}

/// Every row of both kinds, as text.
fn rows(ladder: &Ladder, trace: &Trace) -> String {
    let mut out = String::new();
    for hops in [Hops::Each, Hops::Joined] {
        for row in ladder.rows(trace, hops, 0..usize::MAX) {
            writeln!(out, "{row:?}").expect("a string");
        }
    }
    out
}

#[test]
fn a_ladder_that_grows_and_is_cut_equals_one_made_at_once() {
    for name in ["tcp-and-udp", "switch-learning", "fragmentation"] {
        let builtin = scenario::find(name).expect("a scenario");
        let (scenario, _) = scenario::parse(builtin.path, builtin.text);
        let mut world = World::new(&scenario.expect("without faults").blueprint);
        let mut trace = world.begin_trace(true);
        let mut ladder = Ladder::new();
        let mut cuts = Vec::new();
        while world.step(&mut trace) {
            ladder.extend(&trace);
            if world.steps().is_multiple_of(7) {
                cuts.push((trace.clone(), trace.records().len()));
            }
        }
        let whole = rows(&Ladder::of(&trace), &trace);
        assert_eq!(rows(&ladder, &trace), whole, "{name}");
        for (earlier, records) in cuts.iter().rev() {
            ladder.truncate(*records);
            assert_eq!(rows(&ladder, earlier), rows(&Ladder::of(earlier), earlier), "{name}");
        }
        ladder.extend(&trace);
        assert_eq!(rows(&ladder, &trace), whole, "{name}");
    }
}

#[test]
fn rows_are_found_by_record_and_by_frame() {
    let trace = trace_of("arp-and-ping");
    let ladder = Ladder::of(&trace);
    for hops in [Hops::Each, Hops::Joined] {
        for row in ladder.rows(&trace, hops, 0..usize::MAX) {
            assert_eq!(ladder.row_of_record(hops, row.record as usize), Some(row.place));
            if let RowKind::Arrow(arrow) = row.kind {
                assert_eq!(ladder.row_of_frame(hops, arrow.frame), Some(row.place));
            }
        }
    }
    assert_eq!(ladder.row_of_record(Hops::Each, 0), None);
}

#[test]
fn a_ping_over_three_networks_is_one_journey() {
    let trace = trace_of("arp-and-ping");
    let ladder = Ladder::of(&trace);
    let pings: Vec<_> = ladder
        .rows(&trace, Hops::Joined, 0..usize::MAX)
        .into_iter()
        .filter_map(|row| match row.kind {
            RowKind::Arrow(arrow) if arrow.name == "ping" => Some(arrow),
            _ => None,
        })
        .collect();
    assert_eq!(pings.len(), 2);
    let legend = trace.legend();
    for ping in pings {
        assert_eq!((legend.name(ping.from), legend.name(ping.to)), ("ann", "bob"));
        // Over the switch to the first router, to the second, to bob.
        assert_eq!(ping.links, 4);
        let journey = ladder.journey(ping.frame);
        assert_eq!(journey.len(), 4);
        assert_eq!(ladder.journey(journey[3]), journey);
    }
}

#[test]
fn every_record_of_every_scenario_is_told_in_both_voices() {
    for builtin in scenario::library() {
        let trace = trace_of(builtin.name);
        let ladder = Ladder::of(&trace);
        for (number, record) in trace.records().iter().enumerate() {
            let told = tell(&record, &trace);
            assert!(!told.text.is_empty() && !told.source.is_empty(), "{record:?}");
            assert!(!told.voice(true).is_empty(), "{record:?}");
            // A line of a program that runs stands before what it does, on one line with it.
            let is_part =
                matches!(record.fact, Fact::Program { note: ProgramNote::Runs { .. }, .. });
            let line = events::line(&ladder, &trace, number, false);
            assert!(line.is_some() || is_part, "{record:?}");
            assert!(line.is_none_or(|line| !line.contains('\n')), "{record:?}");
        }
    }
}

#[test]
fn a_capture_read_back_holds_each_frame_at_both_ends_of_its_link() {
    for builtin in scenario::library() {
        let trace = trace_of(builtin.name);
        let mut file = Vec::new();
        pcapng::write(&trace, &mut file).expect("a vector");
        let mut reader = PcapNgReader::new(&file[..]).expect("a section header");
        let (mut names, mut last, mut packets) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(block) = reader.next_block() {
            match block.expect("a good block").0 {
                Block::InterfaceDescription(block) => {
                    let name = block.options.iter().find_map(|option| match option {
                        InterfaceDescriptionOption::IfName(name) => Some(name.to_string()),
                        _ => None,
                    });
                    names.push(name.expect("it has a name"));
                    last.push(std::time::Duration::ZERO);
                }
                Block::EnhancedPacket(packet) => {
                    let interface = packet.interface_id as usize;
                    assert!(last[interface] <= packet.timestamp, "{}", builtin.name);
                    last[interface] = packet.timestamp;
                    packets.push((interface, packet.timestamp, packet.data.to_vec()));
                }
                _ => {}
            }
        }
        let links = &trace.legend().links;
        assert_eq!(names.len(), links.len() * 2, "{}", builtin.name);
        assert!(names[0].ends_with(&format!(":if0@{}", links[0].name)), "{}", names[0]);
        // Each frame is there once where it was sent, and once more where it arrived.
        let count = |wanted: fn(&Fact) -> bool| {
            trace.records().iter().filter(|record| wanted(&record.fact)).count()
        };
        let sent = count(|fact| matches!(fact, Fact::FrameSent { .. }));
        let arrived = count(|fact| matches!(fact, Fact::FrameArrived { .. }));
        assert_eq!(packets.len(), sent + arrived, "{}", builtin.name);
        for record in trace.records() {
            if let Fact::FrameSent { frame, starts, .. } = record.fact {
                let at = std::time::Duration::from_nanos(starts.0);
                let octets = trace.frame(frame);
                assert!(packets.iter().any(|p| p.1 == at && p.2 == *octets), "{frame} is missing");
            }
        }
    }
}

#[test]
fn a_captures_comments_tell_what_the_stack_had_to_say() {
    let trace = trace_of("udp-closed-port");
    let mut file = Vec::new();
    pcapng::write(&trace, &mut file).expect("a vector");
    let mut reader = PcapNgReader::new(&file[..]).expect("a section header");
    let mut comments = Vec::new();
    while let Some(block) = reader.next_block() {
        if let Block::EnhancedPacket(packet) = block.expect("a good block").0 {
            comments.extend(packet.options.iter().filter_map(|option| match option {
                EnhancedPacketOption::Common(CommonOption::Comment(text)) => Some(text.to_string()),
                _ => None,
            }));
        }
    }
    assert!(
        comments.iter().any(|text| text == "no program has port 9999: refused"),
        "{comments:?}"
    );
}

#[test]
fn a_damaged_frame_does_not_arrive_in_the_capture() {
    let builtin = scenario::find("udp-closed-port").expect("a scenario");
    let source = scenario::Source::new(builtin.path, builtin.text).with("link.bit_errors=100%");
    let (scenario, faults) = scenario::parse_source(&source);
    let mut world = World::new(&scenario.unwrap_or_else(|| panic!("{faults:?}")).blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    let bad =
        |fact: &Fact| matches!(fact, Fact::FrameLost { reason: FrameLoss::BadFcs { .. }, .. });
    let damaged = trace.records().iter().filter(|record| bad(&record.fact)).count();
    assert_eq!(damaged, trace.frame_count() as usize);
    let mut file = Vec::new();
    pcapng::write(&trace, &mut file).expect("a vector");
    let mut reader = PcapNgReader::new(&file[..]).expect("a section header");
    let mut packets = 0;
    while let Some(block) = reader.next_block() {
        packets += usize::from(matches!(block.expect("good").0, Block::EnhancedPacket(_)));
    }
    assert_eq!(packets, damaged);
    let first = Ladder::of(&trace).end(&trace, FrameId(0));
    let is_lost =
        matches!(first, Some(framestep::view::End::Lost { at, .. }) if at > Instant::ZERO);
    assert!(is_lost, "{first:?}");
}
