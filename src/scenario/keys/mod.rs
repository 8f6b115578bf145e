//! The scenario format, written down once: every table, every key, what it may be, what it is for,
//! what it is when it is left out.

mod javascript;
mod link;
mod network;
mod node;
mod program;
mod run;
mod tcp;
mod web;

use super::format::{Key, Kind, Table};

/// The format that this program reads.
pub const FORMAT: u64 = 1;
/// The most hosts, switches and routers that a file may write out.
pub const NODES_MAX: usize = 10_000;
/// The most links that a file may write out.
pub const LINKS_MAX: usize = 100_000;
/// The most devices in all, with those that `[[network]]` makes.
pub const GENERATED_MAX: usize = 200_000;
/// The most links in all.
pub(super) const GENERATED_LINKS_MAX: usize = 600_000;
/// The most links at one device.
pub(super) const INTERFACES_MAX: usize = 65_000;
/// The most programs in all, each action of a script counted as one.
pub(super) const PROGRAMS_MAX: usize = 500_000;
/// The most octets of payload that a file may ask for, all programs together.
pub(super) const PAYLOAD_MAX: usize = 64 << 20;
/// The most octets of one UDP datagram (RFC 768: 65,535 less the headers).
pub(super) const DATAGRAM_OCTETS_MAX: usize = 65_507;

/// The whole file.
pub(super) static FILE: Table = Table {
    name: "the file",
    about: "A network, what runs on it, and what is to be seen.",
    choose: &[],
    keys: &[
        Key::new(
            "format",
            Kind::Number { min: 1, max: u64::MAX },
            "1",
            "The number of the format that the file is written in.",
        )
        .required(),
        Key::new("title", Kind::Text, "\"A lost segment\"", "What lists and headings show.")
            .required(),
        Key::new(
            "about",
            Kind::Text,
            "\"One segment is lost, and the receiver asks for it.\"",
            "A few sentences to the learner.",
        ),
        Key::new(
            "minutes",
            Kind::Number { min: 1, max: 600 },
            "5",
            "About how long a learner takes.",
        ),
        Key::new(
            "seed",
            Kind::Number { min: 0, max: i64::MAX as u64 },
            "7",
            "Where all luck begins: the same seed gives the same run, octet for octet.",
        )
        .or("1"),
        Key::new(
            "host",
            Kind::Tables(&node::HOST),
            "[{ name = \"client\" }]",
            "A device that runs programs.",
        ),
        Key::new(
            "switch",
            Kind::Tables(&node::SWITCH),
            "[{ name = \"s1\" }]",
            "A device that forwards frames within one network.",
        ),
        Key::new(
            "router",
            Kind::Tables(&node::ROUTER),
            "[{ name = \"r1\" }]",
            "A device that forwards packets between networks.",
        ),
        Key::new(
            "link",
            Kind::Tables(&link::LINK),
            "[{ ends = [\"client\", \"server\"] }]",
            "A cable between two devices.",
        ),
        Key::new(
            "network",
            Kind::Tables(&network::NETWORK),
            "[{ name = \"f\", star = { hosts = 1000 } }]",
            "Many devices and links, made by a rule.",
        ),
        Key::new(
            "program",
            Kind::Tables(&network::PROGRAM_ON),
            "[{ on = \"f\", ping = { to = \"{opposite}\" } }]",
            "A program on many hosts.",
        ),
        Key::new(
            "at",
            Kind::Tables(&run::CUE),
            "[{ time = \"2s\", cut = \"client-server\" }]",
            "A change of the network at a given time.",
        ),
        Key::new(
            "limits",
            Kind::Table(&run::LIMITS),
            "{ until = \"10s\" }",
            "Where a run stops in any case.",
        ),
        Key::new(
            "expect",
            Kind::Tables(&run::EXPECT),
            "[{ that = \"udp lost\", within = \"1s\" }]",
            "What must be true of the run; `framestep check` tries it.",
        ),
    ],
};

/// Every table of the format, in the order of the reference.
pub(super) static TABLES: &[&Table] = &[
    &FILE,
    &node::HOST,
    &tcp::TCP,
    &node::SWITCH,
    &node::ROUTER,
    &node::ROUTE,
    &link::LINK,
    &link::DIRECTION,
    &link::THESE,
    &link::LOSS,
    &link::BURSTS,
    &link::REORDER,
    &program::PROGRAM,
    &program::TCP_ECHO,
    &program::TCP_SINK,
    &program::TCP_RESPOND,
    &program::TCP_CLIENT,
    &program::TCP_REQUEST,
    &program::TCP_BULK,
    &program::UDP_ECHO,
    &program::UDP_SINK,
    &program::UDP_CLIENT,
    &program::PING,
    &program::TRACEROUTE,
    &javascript::JAVASCRIPT,
    &program::ACTION,
    &program::FILLING,
    &web::WEB_SERVER,
    &web::SERVE,
    &web::WEBSOCKET,
    &web::SOCKET_IO,
    &web::RULE,
    &web::ENGINE_IO,
    &web::HTTP_CLIENT,
    &web::REQUEST,
    &web::WEBSOCKET_CLIENT,
    &web::WEBSOCKET_STEP,
    &web::SOCKET_IO_CLIENT,
    &web::SOCKET_IO_STEP,
    &network::NETWORK,
    &network::STAR,
    &network::TREE,
    &network::RING,
    &network::RANDOM,
    &network::FAT_TREE,
    &network::CABLE,
    &network::PROGRAM_ON,
    &run::CUE,
    &run::LIMITS,
    &run::EXPECT,
];
