//! Layers 2 and 3 and UDP as they stand on the wire: round trips, hostile octets, the field tables
//! against the parsers, and `etherparse` as an independent judge.

use etherparse::{
    ArpPacket, Ethernet2Header, Icmpv4Header, Icmpv4Type, Ipv4Header, PacketBuilder, UdpHeader,
};
use framestep::stack::Field;
use framestep::stack::data_link::ethernet::{self, EtherType, MacAddress};
use framestep::stack::data_link::{arp, ethernet::Header as EthernetHeader};
use framestep::stack::network::icmp::{self, Message, Quoted, TimeExceededCode, UnreachableCode};
use framestep::stack::network::ipv4::{self, Protocol};
use framestep::stack::transport::{Endpoint, udp};
use proptest::prelude::*;
use std::net::Ipv4Addr;

fn macs() -> impl Strategy<Value = MacAddress> {
    any::<[u8; 6]>().prop_map(MacAddress)
}

fn addresses() -> impl Strategy<Value = Ipv4Addr> {
    any::<u32>().prop_map(Ipv4Addr::from_bits)
}

fn frames() -> impl Strategy<Value = EthernetHeader> {
    (macs(), macs(), any::<u16>()).prop_map(|(destination, source, number)| EthernetHeader {
        destination,
        source,
        ether_type: EtherType(number),
    })
}

fn arp_packets() -> impl Strategy<Value = arp::Packet> {
    let operation = prop_oneof![Just(arp::Operation::Request), Just(arp::Operation::Reply)];
    (operation, macs(), addresses(), macs(), addresses()).prop_map(
        |(operation, sender_mac, sender_ip, target_mac, target_ip)| arp::Packet {
            operation,
            sender_mac,
            sender_ip,
            target_mac,
            target_ip,
        },
    )
}

/// A header with the length of a payload of up to 99 octets.
fn ipv4_headers() -> impl Strategy<Value = ipv4::Header> {
    let first = (any::<u8>(), 20u16..120, any::<u16>(), any::<bool>(), any::<bool>(), 0u16..8192);
    (first, any::<u8>(), any::<u8>(), addresses(), addresses()).prop_map(
        |(
            (dscp_ecn, total_len, identification, df, mf, units),
            ttl,
            protocol,
            source,
            destination,
        )| {
            ipv4::Header {
                dscp_ecn,
                total_len,
                identification,
                dont_fragment: df,
                more_fragments: mf,
                fragment_offset: units * 8,
                ttl,
                protocol: Protocol(protocol),
                source,
                destination,
            }
        },
    )
}

fn messages() -> impl Strategy<Value = Message> {
    let code = prop::sample::select(UnreachableCode::ALL);
    let time = prop::sample::select(TimeExceededCode::ALL);
    prop_oneof![
        any::<(u16, u16)>().prop_map(|(id, seq)| Message::EchoRequest { id, seq }),
        any::<(u16, u16)>().prop_map(|(id, seq)| Message::EchoReply { id, seq }),
        code.prop_map(|code| Message::Unreachable { code, next_hop_mtu: 0 }),
        any::<u16>().prop_map(|next_hop_mtu| Message::Unreachable {
            code: UnreachableCode::FragmentationNeeded,
            next_hop_mtu,
        }),
        time.prop_map(|code| Message::TimeExceeded { code }),
        any::<u8>().prop_map(|pointer| Message::ParameterProblem { pointer }),
        (13u8.., any::<u8>(), any::<u32>()).prop_map(|(kind, code, rest)| Message::Other {
            kind,
            code,
            rest
        }),
    ]
}

fn written(header: &ipv4::Header) -> Vec<u8> {
    let mut packet = vec![0xa5; usize::from(header.total_len)];
    header.write(&mut packet);
    packet
}

/// The value of the field with this filter name, read by its bits.
fn read(fields: &[Field], filter: &str, octets: &[u8]) -> u64 {
    let field =
        fields.iter().find(|field| field.filter == filter).expect("the field is in the table");
    field.read(octets).expect("the header is long enough")
}

fn as_number(octets: &[u8]) -> u64 {
    octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet))
}

proptest! {
    #[test]
    fn no_octets_upset_a_parser(octets in prop::collection::vec(any::<u8>(), 0..80), version: bool) {
        let mut octets = octets;
        if let (true, Some(first)) = (version, octets.first_mut()) {
            *first = 0x40 | *first & 0xf;
        }
        let (a, b) = (Ipv4Addr::LOCALHOST, Ipv4Addr::BROADCAST);
        if let Ok((_, header_len, end)) = ipv4::Header::parse(&octets) {
            prop_assert!(header_len <= end && end <= octets.len());
        }
        if let Ok(header) = udp::Header::parse(&octets, a, b) {
            prop_assert!(header.payload(&octets).len() + 8 <= octets.len());
        }
        prop_assert_eq!(EthernetHeader::parse(&octets).is_ok(), octets.len() >= 14);
        let _ = (arp::Packet::parse(&octets), icmp::Message::parse(&octets), Quoted::parse(&octets));
        prop_assert!(icmp::quote(&octets).len() <= octets.len());
        icmp::may_answer(&octets, false);
    }

    #[test]
    fn a_frame_header_is_read_as_written(header in frames()) {
        let mut frame = vec![0xa5; 20];
        header.write(&mut frame);
        prop_assert_eq!(EthernetHeader::parse(&frame), Ok(header));
        prop_assert_eq!(&frame[14..], [0xa5; 6]);
        let (judged, _) = Ethernet2Header::from_slice(&frame).unwrap();
        prop_assert_eq!(judged.source, header.source.0);
        prop_assert_eq!(judged.destination, header.destination.0);
        prop_assert_eq!(judged.ether_type.0, header.ether_type.0);
        let field = |name| read(ethernet::FIELDS, name, &frame);
        prop_assert_eq!(field("eth.dst"), as_number(&header.destination.0));
        prop_assert_eq!(field("eth.src"), as_number(&header.source.0));
        prop_assert_eq!(field("eth.type"), u64::from(header.ether_type.0));
        prop_assert_eq!(header.source.to_string().parse(), Ok(header.source));
    }

    #[test]
    fn an_arp_packet_is_read_as_written(packet in arp_packets()) {
        let mut octets = Vec::new();
        packet.emit(&mut octets);
        prop_assert_eq!(octets.len(), arp::PACKET_LEN);
        prop_assert_eq!(arp::Packet::parse(&octets), Ok(packet));
        let judged = ArpPacket::from_slice(&octets).unwrap().try_eth_ipv4().unwrap();
        prop_assert_eq!(judged.operation.0, packet.operation as u16);
        prop_assert_eq!(judged.sender_mac, packet.sender_mac.0);
        prop_assert_eq!(judged.sender_ipv4_addr(), packet.sender_ip);
        prop_assert_eq!(judged.target_mac, packet.target_mac.0);
        prop_assert_eq!(judged.target_ipv4, packet.target_ip.octets());
        let field = |name| read(arp::FIELDS, name, &octets);
        prop_assert_eq!(field("arp.hw.type") << 16 | field("arp.proto.type"), 0x0001_0800);
        prop_assert_eq!(field("arp.hw.size") << 8 | field("arp.proto.size"), 0x0604);
        prop_assert_eq!(field("arp.opcode"), packet.operation as u64);
        prop_assert_eq!(field("arp.src.hw_mac"), as_number(&packet.sender_mac.0));
        prop_assert_eq!(field("arp.src.proto_ipv4"), u64::from(packet.sender_ip.to_bits()));
        prop_assert_eq!(field("arp.dst.hw_mac"), as_number(&packet.target_mac.0));
        prop_assert_eq!(field("arp.dst.proto_ipv4"), u64::from(packet.target_ip.to_bits()));
    }

    #[test]
    fn an_ipv4_header_is_read_as_written(header in ipv4_headers()) {
        let packet = written(&header);
        let parsed = ipv4::Header::parse(&packet);
        prop_assert_eq!(parsed, Ok((header, 20, usize::from(header.total_len))));
        let (judged, _) = Ipv4Header::from_slice(&packet).unwrap();
        prop_assert_eq!(judged.calc_header_checksum(), judged.header_checksum);
        prop_assert_eq!(judged.total_len, header.total_len);
        prop_assert_eq!(judged.dscp.value() << 2 | judged.ecn.value(), header.dscp_ecn);
        prop_assert_eq!(judged.fragment_offset.value() * 8, header.fragment_offset);
        prop_assert_eq!(judged.dont_fragment, header.dont_fragment);
        prop_assert_eq!(judged.more_fragments, header.more_fragments);
        prop_assert_eq!(judged.time_to_live, header.ttl);
        prop_assert_eq!(judged.protocol.0, header.protocol.0);
        prop_assert_eq!(Ipv4Addr::from(judged.source), header.source);
        prop_assert_eq!(Ipv4Addr::from(judged.destination), header.destination);
    }

    #[test]
    fn the_ipv4_fields_say_what_the_parser_says(header in ipv4_headers()) {
        let packet = written(&header);
        let field = |name| read(ipv4::FIELDS, name, &packet);
        prop_assert_eq!(field("ip.version") << 4 | field("ip.hdr_len"), 0x45);
        prop_assert_eq!(field("ip.dsfield.dscp") << 2 | field("ip.dsfield.ecn"), u64::from(header.dscp_ecn));
        prop_assert_eq!(field("ip.len"), u64::from(header.total_len));
        prop_assert_eq!(field("ip.id"), u64::from(header.identification));
        prop_assert_eq!(field("ip.flags.rb"), 0);
        prop_assert_eq!(field("ip.flags.df"), u64::from(header.dont_fragment));
        prop_assert_eq!(field("ip.flags.mf"), u64::from(header.more_fragments));
        prop_assert_eq!(field("ip.frag_offset") * 8, u64::from(header.fragment_offset));
        prop_assert_eq!(field("ip.ttl"), u64::from(header.ttl));
        prop_assert_eq!(field("ip.proto"), u64::from(header.protocol.0));
        prop_assert_eq!(field("ip.checksum"), as_number(&packet[10..12]));
        prop_assert_eq!(field("ip.src"), u64::from(header.source.to_bits()));
        prop_assert_eq!(field("ip.dst"), u64::from(header.destination.to_bits()));
    }

    #[test]
    fn one_damaged_bit_of_an_ipv4_header_is_noticed(header in ipv4_headers(), bit in 0usize..160) {
        let mut packet = written(&header);
        packet[bit / 8] ^= 0x80 >> (bit % 8);
        prop_assert!(ipv4::Header::parse(&packet).is_err());
    }

    #[test]
    fn a_router_mends_the_checksum_as_if_it_had_summed_anew(header in ipv4_headers()) {
        let mut packet = written(&header);
        let left = ipv4::decrement_ttl(&mut packet);
        prop_assert_eq!(left, header.ttl.checked_sub(1).filter(|ttl| *ttl > 0));
        let ttl = left.unwrap_or(header.ttl);
        let passed = ipv4::Header { ttl, ..header };
        prop_assert_eq!(&packet, &written(&passed));
        let marked = ipv4::set_congestion_experienced(&mut packet);
        prop_assert_eq!(marked, header.dscp_ecn & 3 != 0);
        let dscp_ecn = if marked { passed.dscp_ecn | 3 } else { passed.dscp_ecn };
        prop_assert_eq!(packet, written(&ipv4::Header { dscp_ecn, ..passed }));
    }

    #[test]
    fn a_message_is_read_as_written(
        message in messages(),
        payload in prop::collection::vec(any::<u8>(), 0..64),
        damage in 0usize..64,
    ) {
        let mut octets = Vec::new();
        message.emit(&payload, &mut octets);
        prop_assert_eq!(Message::parse(&octets), Ok((message, 8)));
        prop_assert_eq!(&octets[8..], &payload);
        let (judged, _) = Icmpv4Header::from_slice(&octets).unwrap();
        prop_assert_eq!(judged.icmp_type.calc_checksum(&payload), judged.checksum);
        let field = |name| read(icmp::FIELDS, name, &octets);
        let head = field("icmp.type") << 24 | field("icmp.code") << 16 | field("icmp.checksum");
        prop_assert_eq!(head, as_number(&octets[..4]));
        let last = field("icmp.ident") << 16 | field("icmp.seq");
        match message {
            Message::EchoRequest { id, seq } | Message::EchoReply { id, seq } => {
                prop_assert_eq!(last, u64::from(id) << 16 | u64::from(seq));
            }
            Message::Unreachable { next_hop_mtu, .. } => prop_assert_eq!(last, u64::from(next_hop_mtu)),
            Message::TimeExceeded { .. } => prop_assert_eq!(last, 0),
            Message::ParameterProblem { pointer } => prop_assert_eq!(last, u64::from(pointer) << 24),
            Message::Other { rest, .. } => prop_assert_eq!(last, u64::from(rest)),
        }
        octets[damage % 8] ^= 1;
        prop_assert!(Message::parse(&octets).is_err());
    }

    #[test]
    fn a_datagram_is_read_as_written(
        from in (addresses(), any::<u16>()),
        to in (addresses(), any::<u16>()),
        payload in prop::collection::vec(any::<u8>(), 0..64),
        padding in 0usize..8,
        damage in 0usize..64,
    ) {
        let (source, destination) = (Endpoint::new(from.0, from.1), Endpoint::new(to.0, to.1));
        let mut octets = Vec::new();
        udp::emit(source, destination, &payload, &mut octets).unwrap();
        octets.extend_from_slice(&payload);
        let (judged, _) = UdpHeader::from_slice(&octets).unwrap();
        let sum = judged.calc_checksum_ipv4_raw(from.0.octets(), to.0.octets(), &payload).unwrap();
        prop_assert_eq!(judged.checksum, sum);
        prop_assert!(udp::carries_checksum(&octets));
        let field = |name| read(udp::FIELDS, name, &octets);
        prop_assert_eq!(field("udp.srcport") << 16 | field("udp.dstport"), u64::from(from.1) << 16 | u64::from(to.1));
        prop_assert_eq!(field("udp.length") as usize, octets.len());
        prop_assert_eq!(field("udp.checksum"), u64::from(sum));

        octets.resize(octets.len() + padding, 0xee);
        let header = udp::Header::parse(&octets, from.0, to.0).unwrap();
        prop_assert_eq!((header.source_port, header.destination_port), (from.1, to.1));
        prop_assert_eq!(header.payload(&octets), &payload);

        let place = damage % (8 + payload.len());
        octets[place] ^= 0x10;
        prop_assert!(udp::Header::parse(&octets, from.0, to.0).is_err());
    }
}

#[test]
fn what_etherparse_builds_is_read_layer_by_layer() {
    let (a, b) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
    let builder = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
        .ipv4(a.octets(), b.octets(), 17)
        .udp(40_000, 53);
    let mut frame = Vec::new();
    builder.write(&mut frame, b"hello").unwrap();
    ethernet::pad(&mut frame);
    assert_eq!(frame.len(), ethernet::MIN);
    let header = EthernetHeader::parse(&frame).unwrap();
    assert_eq!(header.to_string(), "02:00:00:00:00:01 > 02:00:00:00:00:02, IPv4");
    let packet = &frame[ethernet::HEADER_LEN..];
    let (header, header_len, end) = ipv4::Header::parse(packet).unwrap();
    assert_eq!(header.to_string(), "10.0.0.1 > 10.0.0.2: UDP, ttl 17, length 33");
    let datagram = &packet[header_len..end];
    let header = udp::Header::parse(datagram, a, b).unwrap();
    assert_eq!(header.to_string(), "40000 > 53: length 5");
    assert_eq!(header.payload(datagram), b"hello");
}

#[test]
fn an_echo_that_etherparse_builds_is_understood() {
    let header = Icmpv4Type::EchoRequest(etherparse::IcmpEchoHeader { id: 7, seq: 9 });
    let mut octets = Icmpv4Header::with_checksum(header, b"odd").to_bytes().to_vec();
    octets.extend(b"odd");
    assert_eq!(Message::parse(&octets), Ok((Message::EchoRequest { id: 7, seq: 9 }, 8)));
}

#[test]
fn a_well_known_header_has_its_well_known_checksum() {
    let packet = [
        0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0x00,
        0x01, 0xc0, 0xa8, 0x00, 0xc7,
    ];
    let mut whole = packet.to_vec();
    whole.resize(0x73, 0);
    let (header, ..) = ipv4::Header::parse(&whole).unwrap();
    assert_eq!(written(&header)[..20], packet);
}

#[test]
fn options_are_skipped_and_padding_is_cut_off() {
    let mut options = etherparse::Ipv4Options::new();
    options.clone_from(&[1, 1, 1, 0].into());
    let mut header = Ipv4Header::new(3, 64, 17.into(), [10, 0, 0, 1], [10, 0, 0, 2]).unwrap();
    header.options = options;
    header.total_len = 27;
    header.header_checksum = header.calc_header_checksum();
    let mut packet = header.to_bytes().to_vec();
    packet.extend(b"abc and padding");
    let (parsed, header_len, end) = ipv4::Header::parse(&packet).unwrap();
    assert_eq!((header_len, &packet[header_len..end]), (24, &b"abc"[..]));
    assert_eq!(parsed.protocol, Protocol::UDP);
}

#[test]
fn a_sum_of_zero_is_sent_as_ffff_and_a_zero_is_not_checked() {
    let (source, destination) = (Endpoint::UNSPECIFIED, Endpoint::UNSPECIFIED);
    // Protocol 17 and twice the length 10 make 37; this word brings the sum to 0xffff.
    let payload = (0xffff - 37u16).to_be_bytes();
    let mut octets = Vec::new();
    udp::emit(source, destination, &payload, &mut octets).unwrap();
    octets.extend_from_slice(&payload);
    assert_eq!(octets[6..8], [0xff, 0xff]);
    assert!(udp::Header::parse(&octets, source.address, destination.address).is_ok());
    octets[6..8].fill(0);
    octets[9] ^= 1;
    assert!(!udp::carries_checksum(&octets));
    assert!(udp::Header::parse(&octets, source.address, destination.address).is_ok());
}

#[test]
fn a_message_longer_than_any_datagram_is_refused() {
    let mut octets = Vec::new();
    let payload = vec![0; udp::MAX_PAYLOAD + 1];
    let end = Endpoint::UNSPECIFIED;
    assert_eq!(udp::emit(end, end, &payload, &mut octets), Err(udp::TooLong { octets: 65_508 }));
    assert!(octets.is_empty());
    assert_eq!(udp::emit(end, end, &payload[1..], &mut octets), Ok(()));
}

#[test]
fn units_are_described_as_tcpdump_does() {
    let ask = arp::Packet {
        operation: arp::Operation::Request,
        sender_mac: MacAddress([2, 0, 0, 0, 0, 1]),
        sender_ip: Ipv4Addr::new(10, 0, 0, 1),
        target_mac: MacAddress::default(),
        target_ip: Ipv4Addr::new(10, 0, 0, 2),
    };
    assert_eq!(ask.to_string(), "who-has 10.0.0.2 tell 10.0.0.1");
    let reply = arp::Packet { operation: arp::Operation::Reply, ..ask };
    assert_eq!(reply.to_string(), "10.0.0.1 is-at 02:00:00:00:00:01");
    let code = UnreachableCode::FragmentationNeeded;
    let message = Message::Unreachable { code, next_hop_mtu: 1400 };
    assert_eq!(message.to_string(), "unreachable - need to frag (mtu 1400)");
}

/// A UDP packet from 10.0.0.1 to `destination` with `payload` octets behind its header.
fn packet(protocol: Protocol, destination: Ipv4Addr, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0; 20];
    packet.extend(payload);
    let header = ipv4::Header {
        dscp_ecn: 0,
        total_len: packet.len() as u16,
        identification: 1,
        dont_fragment: false,
        more_fragments: false,
        fragment_offset: 0,
        ttl: 64,
        protocol,
        source: Ipv4Addr::new(10, 0, 0, 1),
        destination,
    };
    header.write(&mut packet);
    packet
}

#[test]
fn no_error_is_sent_where_rfc_1122_forbids_it() {
    let b = Ipv4Addr::new(10, 0, 0, 2);
    let plain = packet(Protocol::UDP, b, &[0; 8]);
    assert!(icmp::may_answer(&plain, false));
    assert!(icmp::may_answer(&plain[..24], false), "the beginning is enough");
    assert!(!icmp::may_answer(&plain, true), "a frame to many");
    for many in [Ipv4Addr::BROADCAST, Ipv4Addr::new(224, 0, 0, 1)] {
        assert!(!icmp::may_answer(&packet(Protocol::UDP, many, &[0; 8]), false), "{many}");
    }
    for (kind, may) in
        [(0, true), (8, true), (3, false), (4, false), (5, false), (11, false), (12, false)]
    {
        assert_eq!(icmp::may_answer(&packet(Protocol::ICMP, b, &[kind; 8]), false), may, "{kind}");
    }
    for (flags, may) in [([0x20, 0], true), ([0x20, 1], false), ([0, 9], false), ([0x40, 0], true)]
    {
        let mut fragment = plain.clone();
        fragment[6..8].copy_from_slice(&flags);
        assert_eq!(icmp::may_answer(&fragment, false), may, "{flags:?}");
    }
    for source in [[0, 0, 0, 0], [127, 0, 0, 1], [224, 0, 0, 1], [240, 0, 0, 1], [255; 4]] {
        let mut from_nobody = plain.clone();
        from_nobody[12..16].copy_from_slice(&source);
        assert!(!icmp::may_answer(&from_nobody, false), "{source:?}");
    }
}

#[test]
fn an_error_quotes_what_fits_576_octets_without_the_padding() {
    let b = Ipv4Addr::new(10, 0, 0, 2);
    let mut long = packet(Protocol::UDP, b, &[7; 1400]);
    assert_eq!(icmp::quote(&long), &long[..548]);
    long.truncate(100);
    assert_eq!(icmp::quote(&long), &long);
    let mut short = packet(Protocol::UDP, b, &[7; 10]);
    short.extend([0; 16]);
    assert_eq!(icmp::quote(&short), &short[..30]);
}

#[test]
fn a_quote_says_whose_packet_it_was() {
    let b = Ipv4Addr::new(10, 0, 0, 2);
    let datagram = [0x9c, 0x40, 0, 53, 0, 8, 0, 0];
    let quoted = Quoted::parse(&packet(Protocol::UDP, b, &datagram)).unwrap();
    assert_eq!((quoted.source, quoted.destination), (Ipv4Addr::new(10, 0, 0, 1), b));
    assert_eq!((quoted.ports, quoted.tcp_seq, quoted.echo), (Some((40_000, 53)), None, None));
    let quoted = Quoted::parse(&packet(Protocol::TCP, b, &datagram)).unwrap();
    assert_eq!((quoted.ports, quoted.tcp_seq), (Some((40_000, 53)), Some(0x0008_0000)));
    let echo = [8, 0, 0, 0, 0, 1, 0, 2];
    let quoted = Quoted::parse(&packet(Protocol::ICMP, b, &echo)).unwrap();
    assert_eq!((quoted.ports, quoted.echo), (None, Some((1, 2))));
    let mut later = packet(Protocol::UDP, b, &datagram);
    later[7] = 1;
    assert_eq!(Quoted::parse(&later).unwrap().ports, None);
    assert_eq!(Quoted::parse(&later[..19]), None);
}
