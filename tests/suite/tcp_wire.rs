//! TCP's header: what is written is read back, by us and by an independent parser.

use etherparse::{TcpHeaderSlice, TcpOptionElement};
use framestep::stack::transport::tcp::{
    FIELDS, Flags, Header, Options, SackBlocks, SeqNumber, reset_for,
};
use proptest::prelude::*;
use std::net::Ipv4Addr;

const A: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const B: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);

fn emitted(header: &Header, payload: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    header.emit(A, B, payload, &mut octets);
    octets.extend_from_slice(payload);
    octets
}

fn options() -> impl Strategy<Value = Options> {
    let blocks = proptest::collection::vec(any::<(u32, u32)>(), 0..=4);
    let plain = (any::<Option<u16>>(), any::<Option<u8>>(), any::<bool>());
    (plain, any::<Option<(u32, u32)>>(), blocks).prop_map(|(plain, timestamps, blocks)| {
        let mut sack = SackBlocks::default();
        // What fits into 40 octets: a SYN has no blocks, and timestamps leave room for three.
        let most = match (plain, timestamps) {
            ((None, None, false), Some(_)) => 3,
            ((None, None, false), None) => 4,
            _ => 0,
        };
        for (first, end) in blocks.into_iter().take(most) {
            sack.push(SeqNumber(first), SeqNumber(end));
        }
        let (mss, window_scale, sack_permitted) = plain;
        Options { mss, window_scale, sack_permitted, sack, timestamps }
    })
}

fn headers() -> impl Strategy<Value = Header> {
    (any::<(u16, u16, u32, u32, u8, u16, u16)>(), options()).prop_map(|(fields, options)| Header {
        source_port: fields.0,
        destination_port: fields.1,
        seq: SeqNumber(fields.2),
        ack: SeqNumber(fields.3),
        flags: Flags(fields.4),
        window: fields.5,
        urgent: fields.6,
        options,
    })
}

proptest! {
    #[test]
    fn a_segment_is_read_back_as_it_was_written(
        header in headers(), payload: Vec<u8>,
    ) {
        let octets = emitted(&header, &payload);
        prop_assert_eq!(octets.len(), header.octets() + payload.len());
        let (read, offset) = Header::parse(&octets, A, B).unwrap();
        prop_assert_eq!(read, header);
        prop_assert_eq!(&octets[offset..], &payload[..]);
        let (front, rest) = octets.split_at(offset);
        prop_assert_eq!(Header::parse_apart(front, rest, Some((A, B))), Ok((header, offset)));
        // One flipped bit is noticed, and so is another address.
        prop_assert!(Header::parse(&octets, A, A).is_err());
        let mut damaged = octets;
        damaged[6] ^= 0x10;
        prop_assert!(Header::parse(&damaged, A, B).is_err());
    }

    #[test]
    fn fields_are_where_the_parser_reads_them(header in headers()) {
        let octets = emitted(&header, &[]);
        let value = |name: &str| {
            let field = FIELDS.iter().find(|field| field.name == name).unwrap();
            field.read(&octets).unwrap()
        };
        prop_assert_eq!(value("Source Port"), u64::from(header.source_port));
        prop_assert_eq!(value("Destination Port"), u64::from(header.destination_port));
        prop_assert_eq!(value("Sequence Number"), u64::from(header.seq.0));
        prop_assert_eq!(value("Acknowledgment Number"), u64::from(header.ack.0));
        prop_assert_eq!(value("Data Offset") * 4, header.octets() as u64);
        prop_assert_eq!(value("Reserved"), 0);
        prop_assert_eq!(value("Window"), u64::from(header.window));
        prop_assert_eq!(value("Urgent Pointer"), u64::from(header.urgent));
        let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        let bits = names.iter().rev().fold(0, |bits, name| bits << 1 | value(name));
        prop_assert_eq!(bits, u64::from(header.flags.0));
        let end = FIELDS.iter().try_fold(0, |bit, f| (f.bit == bit).then_some(bit + f.bits));
        prop_assert_eq!(end, Some(160));
    }

    #[test]
    fn an_independent_parser_agrees(header in headers(), payload: Vec<u8>) {
        let octets = emitted(&header, &payload);
        let other = TcpHeaderSlice::from_slice(&octets).unwrap();
        prop_assert_eq!(other.source_port(), header.source_port);
        prop_assert_eq!(other.sequence_number(), header.seq.0);
        prop_assert_eq!(other.acknowledgment_number(), header.ack.0);
        prop_assert_eq!(other.window_size(), header.window);
        prop_assert_eq!(other.slice().len(), header.octets());
        let sum = other.calc_checksum_ipv4_raw(A.octets(), B.octets(), &payload).unwrap();
        prop_assert_eq!(sum, other.checksum());
        let mut sack = vec![];
        for option in other.options_iterator() {
            match option.unwrap() {
                TcpOptionElement::MaximumSegmentSize(mss) => {
                    prop_assert_eq!(Some(mss), header.options.mss);
                }
                TcpOptionElement::WindowScale(shift) => {
                    prop_assert_eq!(Some(shift), header.options.window_scale);
                }
                TcpOptionElement::Timestamp(value, echo) => {
                    prop_assert_eq!(Some((value, echo)), header.options.timestamps);
                }
                TcpOptionElement::SelectiveAcknowledgementPermitted => {
                    prop_assert!(header.options.sack_permitted);
                }
                TcpOptionElement::SelectiveAcknowledgement(first, rest) => {
                    sack.push(first);
                    sack.extend(rest.into_iter().flatten());
                }
                TcpOptionElement::Noop => {}
            }
        }
        let ours: Vec<_> =
            header.options.sack.as_slice().iter().map(|(a, b)| (a.0, b.0)).collect();
        prop_assert_eq!(sack, ours);
    }

    #[test]
    fn arbitrary_octets_never_panic(octets: Vec<u8>, options in prop::collection::vec(any::<u8>(), 0..=40)) {
        let _ = Header::parse(&octets, A, B);
        // And once more with a header that is right up to its options.
        let mut segment = emitted(&Header::default(), &[&options[..], &[0; 3]].concat());
        segment[12] = ((5 + options.len() / 4) << 4) as u8;
        segment[16..18].copy_from_slice(&[0, 0]);
        let sum = framestep::stack::transport::pseudo_header(A, B, 6, segment.len() as u16);
        let sum = sum.add(&segment).finish();
        segment[16..18].copy_from_slice(&sum.to_be_bytes());
        if let Ok((header, offset)) = Header::parse(&segment, A, B) {
            prop_assert!(offset <= segment.len());
            let _ = (header.to_string(), reset_for(&header, 3));
        }
    }
}

#[test]
fn a_segment_is_described_as_tcpdump_would() {
    let header = Header {
        seq: SeqNumber(1),
        ack: SeqNumber(2),
        flags: Flags::SYN | Flags::ACK,
        window: 65_535,
        options: Options {
            mss: Some(1460),
            window_scale: Some(7),
            sack_permitted: true,
            timestamps: Some((10, 20)),
            ..Options::default()
        },
        ..Header::default()
    };
    assert_eq!(
        header.to_string(),
        "Flags [S.], seq 1, ack 2, win 65535, \
         options [mss 1460,sackOK,TS val 10 ecr 20,wscale 7]"
    );
    assert_eq!(header.flags.words().to_string(), "SYN, ACK");
}

/// A header without payload whose octets were changed by `change`, its checksum made right again.
fn changed(options: &[u8], change: impl Fn(&mut Vec<u8>)) -> Result<(Header, usize), String> {
    let mut octets = emitted(&Header::default(), options);
    octets[12] = ((5 + options.len() / 4) << 4) as u8;
    change(&mut octets);
    octets[16..18].copy_from_slice(&[0, 0]);
    let sum = framestep::stack::transport::pseudo_header(A, B, 6, octets.len() as u16);
    let sum = sum.add(&octets).finish();
    octets[16..18].copy_from_slice(&sum.to_be_bytes());
    Header::parse(&octets, A, B).map_err(|wrong| wrong.to_string())
}

#[test]
fn each_malformed_header_says_where_it_is_wrong() {
    let offset = |words: u8| changed(&[], |octets| octets[12] = words << 4).unwrap_err();
    assert_eq!(offset(4), "malformed TCP at octet 12: expected a data offset of at least 5");
    assert!(offset(6).contains("octet 12: expected a data offset that lies within"));
    let option = |octets: &[u8]| changed(octets, |_| {}).unwrap_err();
    assert!(option(&[2, 1, 0, 0]).contains("octet 21: expected an option length of at least 2"));
    assert!(option(&[1, 1, 2, 4]).contains("octet 23: expected an option that ends within"));
    assert!(option(&[1, 1, 1, 2]).contains("octet 23: expected a length after the kind"));
    assert!(option(&[2, 3, 0, 0]).contains("octet 21: expected the length that this kind"));
    assert!(changed(&[200, 4, 9, 9], |_| {}).unwrap().0.options.is_empty());
    let short = Header::parse(&[0; 19], A, B).unwrap_err();
    assert_eq!(
        short.to_string(),
        "malformed TCP at octet 19: expected at least 20 octets of header"
    );
}

#[test]
fn a_segment_without_a_connection_is_answered_by_reset() {
    let header = |flags, seq, ack| Header {
        source_port: 1,
        destination_port: 2,
        seq: SeqNumber(seq),
        ack: SeqNumber(ack),
        flags,
        ..Header::default()
    };
    assert_eq!(reset_for(&header(Flags::RST, 5, 6), 0), None);
    let to_ack = reset_for(&header(Flags::ACK, 5, 6), 10).unwrap();
    assert_eq!((to_ack.seq.0, to_ack.flags), (6, Flags::RST));
    assert_eq!((to_ack.source_port, to_ack.destination_port), (2, 1));
    let to_syn = reset_for(&header(Flags::SYN, u32::MAX, 0), 0).unwrap();
    assert_eq!((to_syn.seq.0, to_syn.ack.0, to_syn.flags), (0, 0, Flags::RST | Flags::ACK));
}
