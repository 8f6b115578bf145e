//! Hosts, switches and routers.

use super::super::format::{Key, Kind, Table};
use super::{program, tcp};

const ADDRESSES: Kind =
    Kind::Either(&[Kind::Address, Kind::List { of: &Kind::Address, min: 1, max: 1_000 }]);
const MACS: Kind = Kind::Either(&[Kind::Mac, Kind::List { of: &Kind::Mac, min: 1, max: 1_000 }]);

const NAME: Key = Key::new(
    "name",
    Kind::Name,
    "\"client\"",
    "Its name: letters, digits, `-` and `_`. No two devices share one.",
)
.required();
const ADDRESS: Key = Key::new(
    "address",
    ADDRESSES,
    "\"10.0.0.1/24\"",
    "Its address and the length of its network's prefix. A device with \
     several links has a list, in the order in which the links stand in the \
     file.",
)
.or("given: 10.0.0.0/24 for the first network, 10.0.1.0/24 for the next; \
hosts from .1 up, routers from .254 down");
const MAC: Key = Key::new(
    "mac",
    MACS,
    "\"02:00:00:00:00:0a\"",
    "Its hardware address; with several links a list, in the order of the links.",
)
.or("given: 02:00:00:00:00:01 and up");
const ROUTES: Key = Key::new(
    "routes",
    Kind::Tables(&ROUTE),
    "[{ to = \"10.0.1.0/24\", via = \"r1\" }]",
    "Static routes. As soon as one device of the file has some, every device \
     has only what the file gives it.",
)
.or("computed over the network, shortest way first");
const TTL: Key = Key::new(
    "ttl",
    Kind::Number { min: 1, max: 255 },
    "32",
    "The time to live of the packets that it sends: how many routers may \
     forward one.",
)
.or("64");
const ARP_TIMEOUT: Key = Key::new(
    "arp_timeout",
    Kind::SOME_TIME,
    "\"30s\"",
    "How long an entry of the ARP cache is trusted (RFC 1122 §2.3.2.1).",
)
.or("60s");
const REASSEMBLY_TIMEOUT: Key = Key::new(
    "reassembly_timeout",
    Kind::SOME_TIME,
    "\"15s\"",
    "How long the fragments of a packet wait for the rest (RFC 1122 §3.3.2).",
)
.or("30s");
const AT: Key = Key::new(
    "at",
    Kind::List { of: &Kind::Number { min: 0, max: 100 }, min: 2, max: 2 },
    "[20, 50]",
    "Where it stands in the picture, across and down in percent.",
)
.or("placed by itself");

/// `[[host]]`
pub(super) static HOST: Table = Table {
    name: "[[host]]",
    about: "A device that runs programs and does not forward.",
    choose: &[],
    keys: &[
        NAME,
        ADDRESS,
        MAC,
        Key::new(
            "program",
            Kind::Tables(&program::PROGRAM),
            "[{ udp_echo = { port = 7 } }]",
            "What runs on it: any number of programs.",
        ),
        Key::new("tcp", Kind::Table(&tcp::TCP), "{ sack = false }", "How its TCP is set."),
        ROUTES,
        TTL,
        ARP_TIMEOUT,
        REASSEMBLY_TIMEOUT,
        Key::new(
            "max_sockets",
            Kind::Number { min: 1, max: 1_000_000 },
            "1000",
            "The most sockets that may be open at once.",
        )
        .or("65536"),
        AT,
    ],
};

/// `[[switch]]`
pub(super) static SWITCH: Table = Table {
    name: "[[switch]]",
    about: "A device that forwards frames within one network and learns where each \
    address is.",
    choose: &[],
    keys: &[
        NAME,
        Key::new(
            "mac_ageing",
            Kind::SOME_TIME,
            "\"60s\"",
            "How long it remembers where an address was seen (IEEE 802.1D §7.9).",
        )
        .or("300s"),
        AT,
    ],
};

/// `[[router]]`
pub(super) static ROUTER: Table = Table {
    name: "[[router]]",
    about: "A device that forwards packets between networks, one interface on each.",
    choose: &[],
    keys: &[NAME, ADDRESS, MAC, ROUTES, TTL, ARP_TIMEOUT, REASSEMBLY_TIMEOUT, AT],
};

/// One of `routes`.
pub(super) static ROUTE: Table = Table {
    name: "routes",
    about: "One static route.",
    choose: &[],
    keys: &[
        Key::new(
            "to",
            Kind::Network,
            "\"10.0.1.0/24\"",
            "The network that it leads to, or `\"default\"` for every other.",
        )
        .required(),
        Key::new(
            "via",
            Kind::Reference,
            "\"r1\"",
            "The router to give packets to: its name, or its address on a network of \
             this device.",
        )
        .required(),
    ],
};
