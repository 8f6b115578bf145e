//! The filter language: what it finds, what it refuses, and how it judges a run.

use crate::views::trace_of;
use framestep::base::{Duration, Instant};
use framestep::scenario;
use framestep::trace::filter::{Fault, Filter, Measure, Measured, Watch};
use framestep::trace::{Legend, Trace};
use proptest::prelude::*;

fn filter(trace: &Trace, text: &str) -> Filter {
    Filter::parse(text, trace.legend()).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

/// How many records fit.
fn hits(trace: &Trace, text: &str) -> usize {
    let filter = filter(trace, text);
    (0..trace.records().len()).filter(|&record| filter.holds(trace, record)).count()
}

#[test]
fn fields_hosts_and_events_find_their_records() {
    let trace = trace_of("arp-and-ping");
    for (text, wanted) in [
        // Two pings over four links each, and as many answers.
        ("icmp.type == 8", 8),
        ("icmp.type == 8 sent", 8),
        ("icmp.type == 8 arrived", 8),
        ("icmp.type == 8 arrived at bob", 2),
        ("icmp from bob", 8),
        ("icmp from bob and at bob", 2),
        ("icmp to bob", 8),
        ("icmp and ip.src == ann", 8),
        ("icmp and ip.src == 10.0.0.1", 8),
        ("icmp and ip.dst == 10.0.2.0/24", 8),
        ("icmp && ip.addr != bob", 0),
        // One link behind two routers on the way there, two on the way back.
        ("ip.ttl == 62", 6),
        ("ip.ttl < 64 and ip.ttl >= 63", 4),
        ("arp or icmp", 16 + hits(&trace, "arp")),
        ("arp not arp.opcode == 1", hits(&trace, "arp.opcode == 2")),
        ("frame.len > 90", 16),
        ("eth.type == arp and eth.dst == ff:ff:ff:ff:ff:ff", hits(&trace, "arp.opcode == 1")),
        ("icmp and time < 500ms", 8),
        ("lost", 0),
        ("ended", 1),
        ("program.ping_answered at ann", 2),
        ("program.pings", 2),
        ("note request at west", 1),
        ("note \"who has\" and arp at ann", 1),
        ("tcp", 0),
        ("count(icmp.type == 8) == 1 and icmp.type == 0 and from bob", 4),
    ] {
        assert_eq!(hits(&trace, text), wanted, "{text}");
    }
}

#[test]
fn what_programs_say_is_searched_by_its_text() {
    let trace = trace_of("udp-closed-port");
    for (text, wanted) in [
        ("program.sent contains \"anybody\"", 1),
        ("program.sent contains \"nobody\"", 0),
        ("program.sent and udp", 1),
        ("program.sent and tcp", 0),
        ("udp contains \"anybody\"", 1),
        ("data contains \"anybody\" arrived", 1),
        ("udp.port == 9999", 1),
        ("udp.dstport != 9999", 0),
        ("udp.length == 22 and data.len == 14", 1),
        ("frame contains \"anybody\" and ip", 1),
    ] {
        assert_eq!(hits(&trace, text), wanted, "{text}");
    }
}

#[test]
fn the_flags_of_tcp_have_short_names() {
    let trace = trace_of("tcp-handshake");
    for (text, wanted) in [
        ("tcp.syn", 2),
        ("tcp.flags.syn", 2),
        ("tcp.syn and tcp.ack", 1),
        ("tcp.syn and not tcp.ack", 1),
        ("tcp.syn from client", 1),
        ("tcp.state == ESTABLISHED", 2),
        ("tcp.state == syn_sent at client", 1),
        ("tcp.rst", 0),
    ] {
        assert_eq!(hits(&trace, text), wanted, "{text}");
    }
}

#[test]
fn the_next_and_the_previous_hit_are_found() {
    let trace = trace_of("arp-and-ping");
    let filter = filter(&trace, "icmp.type == 8 arrived at bob");
    let first = filter.find(&trace, 0, true).expect("a first");
    let second = filter.find(&trace, first, true).expect("a second");
    assert_eq!(filter.find(&trace, second, true), None);
    assert_eq!(filter.find(&trace, second, false), Some(first));
    assert_eq!(filter.find(&trace, usize::MAX, false), Some(second));
}

#[test]
fn runs_are_judged_by_what_was_seen_in_time() {
    let trace = trace_of("arp-and-ping");
    let end = Some(Instant::ZERO + Duration::from_millis(100));
    for (text, until, wanted) in [
        ("program.ping_answered at ann", None, true),
        ("program.ping_answered at ann", end, true),
        ("program.done at ann", end, false),
        ("not program.done at ann", end, true),
        ("not program.done at ann", None, false),
        ("count(icmp.type == 8) == 2", None, true),
        ("count(icmp.type == 8) == 2", end, false),
        ("count(icmp.type == 8) == 1", end, true),
        ("count(lost) == 0", None, true),
        ("count(arp) > 3 and not lost", None, true),
        ("count(icmp) == 1 or program.done at ann", None, true),
        ("first(arp) < first(icmp)", None, true),
        ("last(icmp) > 1s", None, true),
        ("first(lost) < 10s", None, false),
        ("count(icmp from ann) == count(icmp from bob)", None, true),
    ] {
        let verdict = filter(&trace, text).judge(&trace, until);
        assert_eq!(verdict.holds, wanted, "{text}: {}", verdict.found);
        assert_eq!(verdict.since.is_some(), wanted, "{text}");
    }
}

#[test]
fn a_verdict_says_since_when_and_what_was_found() {
    let trace = trace_of("udp-closed-port");
    let verdict = filter(&trace, "icmp.type == 3 and icmp.code == 3").judge(&trace, None);
    assert_eq!(verdict.since, Some(Instant(30_020_160)));
    let verdict = filter(&trace, "count(udp lost) == 1").judge(&trace, None);
    assert_eq!(verdict.found, "`udp lost` was not seen");
    let verdict = filter(&trace, "count(udp) == 2").judge(&trace, None);
    assert_eq!(verdict.found, "`udp` was seen once, first at 20.013 ms");
}

#[test]
fn a_watch_is_met_at_the_record_that_meets_it() {
    let trace = trace_of("udp-closed-port");
    let filter = filter(&trace, "icmp arrived at client");
    let mut watch = Watch::new(&filter);
    let met = (0..trace.records().len()).find(|&record| {
        watch.see(&trace, record);
        watch.is_met()
    });
    assert_eq!(met, filter.find(&trace, 0, true));
    assert!(met.is_some());
}

fn fault(text: &str) -> Fault {
    Filter::parse(text, &legend()).expect_err(text)
}

fn legend() -> Legend {
    let builtin = scenario::find("tcp-and-udp").expect("a scenario");
    let (scenario, _) = scenario::parse(builtin.path, builtin.text);
    let world = framestep::sim::World::new(&scenario.expect("without faults").blueprint);
    Legend::clone(world.legend())
}

#[test]
fn what_cannot_be_read_is_pointed_at_with_advice() {
    for (text, place, help) in [
        ("", "", "say what to look for"),
        ("tcp.syc", "tcp.syc", "did you mean `tcp.syn`?"),
        ("udp from clinet", "clinet", "did you mean `client`?"),
        ("client", "client", "write `from client`, `to client` or `at client`"),
        ("udp from", "from", "the network has client, server"),
        ("tcp.state == ESTABLISHD", "ESTABLISHD", "did you mean `ESTABLISHED`?"),
        ("tcp.state < CLOSED", "<", "compare with `==` or `!=`"),
        ("ip.ttl == 300", "300", "compare it with a smaller number"),
        ("ip.ttl = 3", "=", "write `==`"),
        ("ip.src == sever", "sever", "did you mean `server`?"),
        ("ip.ttl == many", "many", "`ip.ttl` is compared with a number"),
        ("ip.src < server", "", ""),
        ("(udp", "(", "write `)` where it ends"),
        ("udp)", ")", "take it away, or open a bracket before"),
        ("udp and", "", "say what to look for"),
        (
            "count(udp)",
            "count(udp)",
            "compare it: `count(udp lost) == 1`, `first(tcp.syn) < 100ms`",
        ),
        ("count(count(udp) == 1) == 1", "count", "count first, then compare the counts"),
        (
            "count(udp) < 3ms",
            "count(udp) < 3ms",
            "compare `count` with numbers, `first` and `last` with times: `first(udp) < 100ms`",
        ),
        ("\"hello\"", "\"hello\"", "write `note \"hello\"` or `data contains \"hello\"`"),
        ("note \"hello", "\"hello", "close it with `\"`"),
        ("time < soon", "soon", "write `100ms`"),
        ("frame.len", "frame.len", "compare it with a number of octets: `==`, `<`, `>=`"),
        ("udp; drop", ";", "write words, comparisons and brackets: `tcp.syn from client`"),
    ] {
        if help.is_empty() {
            // A host with one address has an order like any number.
            assert!(Filter::parse(text, &legend()).is_ok(), "{text}");
            continue;
        }
        let found = fault(text);
        assert_eq!((&text[found.span.clone()], &*found.help), (place, help), "{text}");
    }
}

#[test]
fn a_measure_is_a_number_or_a_moment_of_a_run() {
    let trace = trace_of("arp-and-ping");
    let take = |text: &str| Measure::parse(text, trace.legend()).expect(text).take(&trace);
    // A packet counts once, however many links it crosses.
    for text in ["icmp.type == 8", "count(icmp.type == 8)", " ( icmp.type == 8 ) "] {
        assert_eq!(take(text), Measured::Count(2), "{text}");
    }
    assert_eq!(take("lost"), Measured::Count(0));
    assert_eq!(take("first(lost)"), Measured::At(None));
    let at = |text: &str, last: bool| {
        let filter = filter(&trace, text);
        let mut hits = trace.records().iter().enumerate().filter(|(n, _)| filter.holds(&trace, *n));
        let hit = if last { hits.next_back() } else { hits.next() };
        Measured::At(Some(hit.expect("there is one").1.at))
    };
    assert_eq!(take("first(icmp at bob)"), at("icmp at bob", false));
    assert_eq!(take("last(icmp at bob)"), at("icmp at bob", true));
    assert_ne!(take("last(icmp at bob)"), take("first(icmp at bob)"));
}

#[test]
fn what_is_no_measure_is_pointed_at_with_advice() {
    let alone = "write one alone: `count(udp lost)`, `first(tcp.syn)`";
    for (text, place, help) in [
        ("count(udp) == 1", "== 1", alone),
        ("first(udp) or lost", "or lost", alone),
        ("lost and count(udp) == 1", "lost and count(udp) == 1", alone),
        ("3", "3", "compare it: `count(udp lost) == 1`, `first(tcp.syn) < 100ms`"),
        ("count(udp", "(", "write `)` where it ends"),
        ("udp)", ")", "take it away, or open a bracket before"),
        ("", "", "say what to look for"),
        ("udp form client", "form", "did you mean `from`?"),
    ] {
        let found = Measure::parse(text, &legend()).expect_err(text);
        assert_eq!((&text[found.span.clone()], &*found.help), (place, help), "{text}");
    }
}

#[test]
fn deep_and_long_texts_are_refused_and_not_followed() {
    let deep = format!("{}udp{}", "(".repeat(1_000), ")".repeat(1_000));
    assert_eq!(fault(&deep).help, "write it with fewer brackets");
    let nots = format!("{}udp", "not ".repeat(1_000));
    assert_eq!(fault(&nots).help, "write it with fewer brackets");
    let long = "udp and ".repeat(1_000);
    assert_eq!(fault(&long).help, "at most 4096 are read");
    assert!(Filter::parse(&format!("udp{}", " and udp".repeat(500)), &legend()).is_ok());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        outcome(&text);
    }

    #[test]
    fn any_row_of_words_is_read_or_refused(words in prop::collection::vec(0..WORDS.len(), 0..12)) {
        let text: Vec<&str> = words.into_iter().map(|word| WORDS[word]).collect();
        outcome(&text.join(" "));
    }
}

/// A fault must point into the text, at whole characters.
fn outcome(text: &str) {
    let read = Filter::parse(text, &legend()).err();
    let measured = Measure::parse(text, &legend()).err();
    for fault in [read, measured].into_iter().flatten() {
        assert!(text.get(fault.span.clone()).is_some(), "{text:?}: {fault:?}");
    }
}

const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "(",
    ")",
    "count",
    "first",
    "last",
    "tcp",
    "udp.port",
    "==",
    "<",
    "80",
    "10ms",
    "client",
    "at",
    "from",
    "to",
    "note",
    "\"x\"",
    "contains",
    "program.sent",
    "tcp.state",
    "lost",
    "ip.src",
    "10.0.0.0/8",
    "time",
    "frame.len",
    "data",
    "!=",
    "0x10",
];
