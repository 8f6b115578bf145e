//! An independent parser, `etherparse`, reads every frame of every scenario of the course: each header
//! parses, each length fits, each checksum is what it computes itself.

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use framestep::base::FrameId;
use framestep::scenario;
use framestep::sim::World;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What the judge made of one frame.
fn judge(octets: &[u8], seen: &mut BTreeMap<&'static str, u32>) -> Result<(), String> {
    let mut count = |what| *seen.entry(what).or_default() += 1;
    let packet = SlicedPacket::from_ethernet(octets).map_err(|e| format!("{e:?}"))?;
    let ip = match packet.net {
        Some(NetSlice::Arp(_)) => {
            count("arp");
            return Ok(());
        }
        Some(NetSlice::Ipv4(ip)) => ip,
        _ => return Err("neither ARP nor IPv4".into()),
    };
    let header = ip.header().to_header();
    if header.header_checksum != header.calc_header_checksum() {
        return Err(format!("IPv4 checksum {:#06x}", header.header_checksum));
    }
    let total = 14 + usize::from(header.total_len);
    if total > octets.len() || octets.len() > total.max(60) {
        return Err(format!("{} octets of frame, {total} of them used", octets.len()));
    }
    if ip.is_payload_fragmented() {
        count("fragment");
        return Ok(());
    }
    let (carried, computed) = match packet.transport {
        Some(TransportSlice::Tcp(tcp)) => {
            count("tcp");
            let computed = tcp.to_header().calc_checksum_ipv4(&header, tcp.payload());
            (tcp.checksum(), computed.map_err(|e| format!("{e:?}"))?)
        }
        Some(TransportSlice::Udp(udp)) => {
            count("udp");
            let computed = udp.to_header().calc_checksum_ipv4(&header, udp.payload());
            (udp.checksum(), computed.map_err(|e| format!("{e:?}"))?)
        }
        Some(TransportSlice::Icmpv4(icmp)) => {
            count("icmp");
            (icmp.checksum(), icmp.icmp_type().calc_checksum(icmp.payload()))
        }
        other => return Err(format!("unexpected transport {other:?}")),
    };
    if carried == computed {
        Ok(())
    } else {
        Err(format!("checksum {carried:#06x}, should be {computed:#06x}"))
    }
}

#[test]
fn an_independent_parser_agrees_with_every_frame_of_the_course() {
    let mut seen = BTreeMap::new();
    let mut faults = Vec::new();
    for builtin in scenario::library() {
        let (scenario, _) = scenario::parse(builtin.path, builtin.text);
        let mut world = World::new(&scenario.expect("without faults").blueprint);
        let mut trace = world.begin_trace(true);
        while world.step(&mut trace) {}
        for frame in (0..trace.frame_count()).map(FrameId) {
            if let Err(fault) = judge(&trace.frame(frame), &mut seen) {
                faults.push(format!("{} {frame}: {fault}", builtin.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let kinds: Vec<&str> = seen.keys().copied().collect();
    assert_eq!(kinds, ["arp", "fragment", "icmp", "tcp", "udp"], "{seen:?}");
}

/// The judge judges: it notices every turned bit behind the frame's addresses but the four reserved
/// ones, which it does not keep.
#[test]
fn the_judge_notices_a_turned_bit() {
    let builtin = scenario::find("tcp-handshake").expect("it is in the course");
    let (scenario, _) = scenario::parse(builtin.path, builtin.text);
    let mut world = World::new(&scenario.expect("without faults").blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    let is_tcp = |octets: &Cow<'_, [u8]>| octets[12..14] == [8, 0] && octets[23] == 6;
    let segment = (0..trace.frame_count()).map(|f| trace.frame(FrameId(f))).find(is_tcp).unwrap();
    let used = 14 + usize::from(u16::from_be_bytes([segment[16], segment[17]]));
    let is_unnoticed = |bit: &usize| {
        let mut octets = segment.to_vec();
        octets[bit / 8] ^= 1 << (bit % 8);
        judge(&octets, &mut BTreeMap::new()).is_ok()
    };
    let unnoticed: Vec<usize> = (14 * 8..used * 8).filter(is_unnoticed).collect();
    let (ip_flags, tcp_offset) = ((14 + 6) * 8, (14 + 20 + 12) * 8);
    assert_eq!(unnoticed, [ip_flags + 7, tcp_offset + 1, tcp_offset + 2, tcp_offset + 3]);
}
