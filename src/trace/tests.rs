//! What goes in comes out: records packed and unpacked, the view over them, and a step made again.

use super::packed::{Packed, Tables};
use super::{
    Excerpt, Fact, FrameLoss, Legend, Limit, LinkLegend, NodeKind, NodeLegend, ProgramNote, Record,
    Trace,
};
use crate::base::{
    Chunk, Duration, FrameId, Instant, InterfaceId, LinkId, Malformed, NodeId, Octets, SocketId,
};
use crate::stack::Layer;
use crate::stack::data_link::ethernet::{self, EtherType, MacAddress};
use crate::stack::data_link::{arp, bridge};
use crate::stack::network::{icmp, ipv4};
use crate::stack::transport::tcp::{self, SeqNumber, State, Trigger};
use crate::stack::transport::{Endpoint, udp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// What is said of where: what a record holds besides step and time.
type Said = (NodeId, Layer, Fact);

fn said() -> impl Strategy<Value = Said> {
    let node = (0u32..1 << 29).prop_map(NodeId);
    (node, select(&Layer::ALL[..]), fact())
}

/// Every variant of [`Fact`]; of the notes, which are kept as they are, the widest.
fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        Just(Fact::Started),
        (frame(), any::<[u64; 2]>()).prop_map(|(frame, [starts, arrives])| Fact::FrameSent {
            frame,
            starts: Instant(starts),
            arrives: Instant(arrives)
        }),
        (frame(), any::<[u64; 2]>()).prop_map(|(frame, [starts, arrives])| Fact::FrameDuplicated {
            frame,
            starts: Instant(starts),
            arrives: Instant(arrives)
        }),
        (frame(), interface())
            .prop_map(|(frame, interface)| Fact::FrameArrived { frame, interface }),
        (frame(), loss()).prop_map(|(frame, reason)| Fact::FrameLost { frame, reason }),
        (frame(), malformed()).prop_map(|(frame, malformed)| Fact::Malformed { frame, malformed }),
        mac().prop_map(|destination| Fact::Ethernet(ethernet::Note::NotForMe { destination })),
        any::<u16>().prop_map(|n| Fact::Ethernet(ethernet::Note::UnknownEtherType(EtherType(n)))),
        (ip(), mac(), mac()).prop_map(|(ip, old, new)| Fact::Arp(arp::Note::Changed {
            ip,
            old,
            new
        })),
        (mac(), interface(), interface())
            .prop_map(|(mac, from, to)| Fact::Bridge(bridge::Note::Moved { mac, from, to })),
        (ip(), ip(), interface()).prop_map(|(destination, next_hop, interface)| {
            Fact::Ip(ipv4::Note::Routed { destination, next_hop, interface })
        }),
        (ip(), any::<(u8, u8, u32)>()).prop_map(|(to, (kind, code, rest))| {
            Fact::Icmp(icmp::Note::Sent { to, message: icmp::Message::Other { kind, code, rest } })
        }),
        (socket(), udp_note()).prop_map(|(socket, note)| Fact::Udp { socket, note }),
        (socket(), end(), end(), tcp_note()).prop_map(|(socket, local, remote, note)| {
            Fact::Tcp { socket, local, remote, note }
        }),
        (any::<u16>(), program_note()).prop_map(|(program, note)| Fact::Program { program, note }),
        any::<(u32, bool)>().prop_map(|(link, up)| Fact::LinkChanged { link: LinkId(link), up }),
        limit().prop_map(Fact::LimitReached),
        Just(Fact::Ended),
    ]
}

fn frame() -> impl Strategy<Value = FrameId> {
    any::<u32>().prop_map(FrameId)
}

fn interface() -> impl Strategy<Value = InterfaceId> {
    any::<u16>().prop_map(InterfaceId)
}

fn mac() -> impl Strategy<Value = MacAddress> {
    any::<[u8; 6]>().prop_map(MacAddress)
}

/// Few, so that values come again.
fn ip() -> impl Strategy<Value = Ipv4Addr> {
    (0u8..3).prop_map(|last| Ipv4Addr::new(10, 0, 0, last))
}

fn end() -> impl Strategy<Value = Endpoint> {
    (ip(), select(&[0, 80, u16::MAX][..])).prop_map(|(address, port)| Endpoint { address, port })
}

fn socket() -> impl Strategy<Value = Option<SocketId>> {
    proptest::option::of(select(&[0, 1, u32::MAX][..]).prop_map(SocketId))
}

fn malformed() -> impl Strategy<Value = Malformed> {
    let texts = || select(&["TCP", "IPv4", "a header of 8 octets", ""][..]);
    (texts(), 0u16..4, texts()).prop_map(|(protocol, at, expected)| Malformed {
        protocol,
        at,
        expected,
    })
}

fn loss() -> impl Strategy<Value = FrameLoss> {
    prop_oneof![
        select(&[FrameLoss::OnTheWay, FrameLoss::LinkDown, FrameLoss::Command][..]),
        any::<u32>().prop_map(FrameLoss::QueueFull),
        any::<(u32, u32)>().prop_map(|(carried, computed)| FrameLoss::BadFcs { carried, computed }),
    ]
}

fn udp_note() -> impl Strategy<Value = udp::Note> {
    prop_oneof![
        (end(), any::<(u16, u16)>()).prop_map(|(from, (port, octets))| udp::Note::Delivered {
            from,
            port,
            octets
        }),
        any::<u64>().prop_map(|octets| udp::Note::Refused { octets }),
    ]
}

fn tcp_note() -> impl Strategy<Value = tcp::Note> {
    prop_oneof![
        Just(tcp::Note::Entered { from: State::Closed, to: State::Listen, on: Trigger::Send }),
        any::<[u64; 2]>().prop_map(|[rtt, rto]| tcp::Note::MeasuredRtt {
            rtt: Duration(rtt),
            rto: Duration(rto)
        }),
        any::<[u32; 3]>().prop_map(|[first, end, missing]| tcp::Note::OutOfOrderKept {
            first: SeqNumber(first),
            end: SeqNumber(end),
            missing: SeqNumber(missing)
        }),
        any::<(u16, u8, u8, bool)>().prop_map(|(mss, receive_shift, send_shift, sack)| {
            let (timestamps, ecn) = (!sack, sack);
            tcp::Note::Negotiated { mss, receive_shift, send_shift, sack, timestamps, ecn }
        }),
    ]
}

fn program_note() -> impl Strategy<Value = ProgramNote> {
    let excerpt = || any::<(u64, u16)>().prop_map(|(start, len)| Excerpt { start, len });
    prop_oneof![
        Just(ProgramNote::Done),
        select(&[ProgramNote::Failed("no port is free"), ProgramNote::Failed("")][..]),
        (any::<u64>(), excerpt())
            .prop_map(|(octets, excerpt)| ProgramNote::Received { octets, excerpt }),
        (end(), any::<u32>(), excerpt()).prop_map(|(to, octets, excerpt)| ProgramNote::SentTo {
            to,
            octets,
            excerpt
        }),
        (any::<u8>(), ip(), any::<u64>()).prop_map(|(hops, address, took)| ProgramNote::Hop {
            hops,
            address,
            took: Duration(took)
        }),
    ]
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        any::<u64>().prop_map(|at| Limit::Until(Instant(at))),
        any::<u64>().prop_map(Limit::Octets),
        any::<u32>().prop_map(Limit::Sockets),
    ]
}

proptest! {
    #[test]
    fn a_packed_record_says_what_was_said(all in vec(said(), 1..40)) {
        let mut tables = Tables::default();
        let packed: Vec<Packed> = all
            .iter()
            .map(|&(node, layer, fact)| Packed::new(node, layer, fact, &mut tables))
            .collect();
        for (packed, said) in packed.iter().zip(&all) {
            prop_assert_eq!(packed.unpack(&tables), *said);
        }
    }

    #[test]
    fn records_are_compared_by_what_they_say_not_by_their_numbers(all in vec(said(), 1..20)) {
        let (mut one, mut other) = (Tables::default(), Tables::default());
        let pack = |&(node, layer, fact): &Said, tables: &mut Tables| {
            Packed::new(node, layer, fact, tables)
        };
        let forwards: Vec<Packed> = all.iter().map(|said| pack(said, &mut one)).collect();
        let mut backwards: Vec<Packed> =
            all.iter().rev().map(|said| pack(said, &mut other)).collect();
        backwards.reverse();
        for (a, packed) in forwards.iter().enumerate() {
            for (b, again) in backwards.iter().enumerate() {
                prop_assert_eq!(packed.says_the_same(&one, again, &other), all[a] == all[b]);
            }
        }
    }

    #[test]
    fn a_view_reads_as_a_list_of_records_does(
        steps in vec((0u64..1000, vec(said(), 0..5)), 1..30),
        moves in vec(0usize..4, 0..60),
        (from, to) in (0usize..80, 0usize..80),
    ) {
        let mut trace = Trace::new(Arc::default(), true);
        let mut list = Vec::new();
        let mut at = Instant::ZERO;
        for (step, (gap, all)) in (0..).zip(steps) {
            at += Duration(gap);
            trace.begin_step(step, at);
            for (node, layer, fact) in all {
                trace.say(node, layer, fact);
                list.push(Record { step, at, node, layer, fact });
            }
        }
        let view = trace.records();
        prop_assert_eq!(view.len(), list.len());
        prop_assert_eq!(view.last(), list.last().copied());
        for place in 0..=list.len() {
            prop_assert_eq!(view.get(place), list.get(place).copied());
        }
        let (end, start) = (to.min(list.len()), from.min(to).min(list.len()));
        let (view, list) = (view.slice(from..to), &list[start..end]);
        prop_assert_eq!(view.iter().collect::<Vec<_>>(), list);
        prop_assert_eq!(view.get(0), list.first().copied());
        // From both ends, with leaps.
        let (mut view, mut list) = (view.iter(), list.iter().copied());
        for way in moves {
            prop_assert_eq!(view.len(), list.len());
            match way {
                0 => prop_assert_eq!(view.next_back(), list.next_back()),
                leap => prop_assert_eq!(view.nth(leap - 1), list.nth(leap - 1)),
            }
        }
    }
}

/// Two nodes and a link, and a few steps with everything that a step may have.
fn a_run() -> Trace {
    let node = |name: &str| NodeLegend {
        name: name.into(),
        kind: NodeKind::Host,
        interfaces: Vec::new(),
        programs: Vec::new(),
        position: (0, 0),
    };
    let ends = [(NodeId(0), InterfaceId(0)), (NodeId(1), InterfaceId(3))];
    let link = LinkLegend { name: "a-b".into(), ends, label: String::new() };
    let legend = Legend::new(vec![node("a"), node("b")], vec![link], Instant::MAX);
    let mut trace = Trace::new(Arc::new(legend), true);
    for step in 0..5 {
        take_step(&mut trace, step, &Step::default());
    }
    trace
}

/// What may differ when a step is made again.
struct Step {
    late: u64,
    octet: u8,
    from: usize,
    port: u16,
    expected: &'static str,
    records: usize,
}

impl Default for Step {
    fn default() -> Self {
        Self { late: 0, octet: 7, from: 0, port: 80, expected: "more", records: 3 }
    }
}

fn take_step(trace: &mut Trace, step: u64, what: &Step) {
    trace.begin_step(step, Instant(step * 10 + what.late));
    let (frame, link) = (FrameId(step as u32), LinkId(0));
    let from = trace.legend().links[0].ends[what.from];
    let octets = Octets { head: vec![what.octet], tail: Chunk::from(&[step as u8][..]) };
    let parent = step.checked_sub(1).map(|before| FrameId(before as u32));
    trace.keep_frame(frame, &octets, link, from, parent);
    let malformed = Malformed { protocol: "TCP", at: 0, expected: what.expected };
    let local = Endpoint::new(Ipv4Addr::LOCALHOST, what.port);
    let note = tcp::Note::ResetSent;
    let facts = [
        Fact::FrameLost { frame, reason: FrameLoss::OnTheWay },
        Fact::Malformed { frame, malformed },
        Fact::Tcp { socket: None, local, remote: Endpoint::UNSPECIFIED, note },
    ];
    for fact in facts.into_iter().take(what.records) {
        trace.say(from.0, Layer::Physical, fact);
    }
    let excerpt = trace.keep(&[step as u8; 3]);
    let note = ProgramNote::Sent { octets: 3, excerpt };
    trace.say(from.0, Layer::Application, Fact::Program { program: 0, note });
}

#[test]
fn a_step_that_comes_out_differently_is_noticed_whatever_differs() {
    let trace = a_run();
    let mut scratch = Trace::new(Arc::clone(trace.legend()), true);
    let mut again = |step: u64, what: &Step| {
        trace.replay_after(step - 1, &mut scratch);
        take_step(&mut scratch, step, what);
        trace.agrees_with(&scratch)
    };
    for step in [4, 1, 3, 2] {
        assert!(again(step, &Step::default()), "step {step} came out the same");
        for what in [
            Step { late: 1, ..Step::default() },
            Step { octet: 8, ..Step::default() },
            Step { from: 1, ..Step::default() },
            Step { port: 81, ..Step::default() },
            Step { expected: "less", ..Step::default() },
            Step { records: 2, ..Step::default() },
        ] {
            assert!(!again(step, &what), "step {step} came out differently");
        }
    }
}

#[test]
fn what_was_cut_off_and_happens_again_is_as_before() {
    let whole = a_run();
    let mut trace = whole.clone();
    trace.truncate_from(2);
    assert_eq!((trace.step_count(), trace.records().len(), trace.frame_count()), (2, 8, 2));
    take_step(&mut trace, 2, &Step { port: 99, ..Step::default() });
    assert_ne!(trace.fingerprint(), whole.fingerprint());
    trace.truncate_from(2);
    for step in 2..5 {
        take_step(&mut trace, step, &Step::default());
    }
    assert_eq!(trace.fingerprint(), whole.fingerprint());
    assert!(trace.records().iter().eq(whole.records()));
}

#[test]
fn a_frame_is_found_with_its_way() {
    let mut trace = a_run();
    take_step(&mut trace, 5, &Step { from: 1, ..Step::default() });
    let info = trace.frame_info(FrameId(5)).expect("it was kept");
    assert_eq!((info.link, info.from, info.interface), (LinkId(0), NodeId(1), InterfaceId(3)));
    assert_eq!((info.parent, info.record), (Some(FrameId(4)), 20));
    assert_eq!((&*trace.frame(FrameId(5)), trace.frame_len(FrameId(5))), (&[7, 5][..], 2));
    assert_eq!(trace.frame_info(FrameId(0)).expect("it was kept").parent, None);
    assert_eq!((trace.frame_info(FrameId(6)), trace.frame_len(FrameId(6))), (None, 0));
    assert!(trace.frame(FrameId(6)).is_empty());
}

#[test]
fn a_trace_that_is_off_keeps_nothing() {
    let mut trace = Trace::new(Arc::clone(a_run().legend()), false);
    take_step(&mut trace, 0, &Step::default());
    assert_eq!((trace.step_count(), trace.records().len(), trace.frame_count()), (0, 0, 0));
    assert_eq!(trace.octet_count(), 0);
}
