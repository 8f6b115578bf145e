//! Networks that are made by a rule, and programs on many hosts.

use super::super::format::{Key, Kind, Table};
use super::{link, program, tcp};

/// What hosts hang on.
const KIND_WORDS: &[(&str, &str)] = &[
    ("switch", "one network, in which frames are forwarded"),
    ("router", "every link a network of its own, between which packets are forwarded"),
];

/// The most links at one device: interfaces are numbered in 16 bits.
const FAN_MAX: u64 = super::INTERFACES_MAX as u64;
const DEVICES_MAX: u64 = super::GENERATED_MAX as u64;

const KIND: Key = Key::new("kind", Kind::Word(KIND_WORDS), "\"router\"", "What joins the hosts.");

/// `[[network]]`
pub(super) static NETWORK: Table = Table {
    name: "[[network]]",
    about: "A network made by a rule, of any size: exactly one of `star`, `tree`, `ring`, \
    `random` and `fat_tree`. Its devices have names, by which links, programs and filters mean \
    them: hosts are `f-h0`, `f-h1`, … where `f` is the network's own name.",
    choose: &["star", "tree", "ring", "random", "fat_tree"],
    keys: &[
        Key::new("name", Kind::Name, "\"f\"", "What the names of its devices begin with.")
            .required(),
        Key::new(
            "star",
            Kind::Table(&STAR),
            "{ hosts = 1000 }",
            "Hosts around one switch or router: `f-h0`, … around `f-s0` or `f-r0`.",
        ),
        Key::new(
            "tree",
            Kind::Table(&TREE),
            "{ depth = 3, fanout = 10 }",
            "Switches or routers above each other, hosts below: `f-s0` or `f-r0` is the root, \
             the others are counted from the top down and from left to right.",
        ),
        Key::new(
            "ring",
            Kind::Table(&RING),
            "{ nodes = 50, hosts_each = 2 }",
            "Routers (or switches, which storm) in a circle: `f-r0` to `f-r49`, with `f-h0` and \
             `f-h1` at the first, and so on.",
        ),
        Key::new(
            "random",
            Kind::Table(&RANDOM),
            "{ hosts = 10000, routers = 500, links = 1500, seed = 3 }",
            "Routers joined at random so that each reaches all, the hosts spread evenly over \
             them: `f-r0`, …, the first hosts at `f-r0`.",
        ),
        Key::new(
            "fat_tree",
            Kind::Table(&FAT_TREE),
            "{ k = 4 }",
            "A data centre of equal routers (Al-Fares 2008): `f-pod0-edge0`, `f-pod0-agg0`, …, \
             `f-core0`, …, with `f-h0` at `f-pod0-edge0`. It brings addresses by pod and \
             router, and static routes.",
        ),
        Key::new(
            "link",
            Kind::Table(&CABLE),
            "{ rate = \"1Gbit/s\", delay = \"10us\" }",
            "How all its links are.",
        ),
        Key::new("tcp", Kind::Table(&tcp::TCP), "{ sack = false }", "How TCP is set on its hosts."),
    ],
};

/// `star`
pub(super) static STAR: Table = Table {
    name: "star",
    about: "Hosts around one device.",
    choose: &[],
    keys: &[
        Key::new("hosts", Kind::Number { min: 1, max: FAN_MAX }, "1000", "How many hosts.")
            .required(),
        Key::new("centre", Kind::Word(KIND_WORDS), "\"router\"", "What is in the middle.")
            .or("switch"),
    ],
};

/// `tree`
pub(super) static TREE: Table = Table {
    name: "tree",
    about: "A tree whose leaves are hosts.",
    choose: &[],
    keys: &[
        Key::new(
            "depth",
            Kind::Number { min: 1, max: 16 },
            "3",
            "How many links lead from the root to a host.",
        )
        .required(),
        Key::new(
            "fanout",
            Kind::Number { min: 1, max: FAN_MAX },
            "10",
            "How many devices hang below each that is no host.",
        )
        .required(),
        KIND.or("switch"),
    ],
};

/// `ring`
pub(super) static RING: Table = Table {
    name: "ring",
    about: "Devices in a circle, each with hosts.",
    choose: &[],
    keys: &[
        Key::new(
            "nodes",
            Kind::Number { min: 3, max: DEVICES_MAX },
            "50",
            "How many routers (or switches) are in the circle.",
        )
        .required(),
        Key::new(
            "hosts_each",
            Kind::Number { min: 1, max: FAN_MAX },
            "2",
            "How many hosts each of them has.",
        )
        .or("1"),
        KIND.or("router"),
    ],
};

/// `random`
pub(super) static RANDOM: Table = Table {
    name: "random",
    about: "Routers joined at random.",
    choose: &[],
    keys: &[
        Key::new("hosts", Kind::Number { min: 1, max: DEVICES_MAX }, "10000", "How many hosts.")
            .required(),
        Key::new("routers", Kind::Number { min: 1, max: DEVICES_MAX }, "500", "How many routers.")
            .required(),
        Key::new(
            "links",
            Kind::Number { min: 0, max: super::GENERATED_LINKS_MAX as u64 },
            "1500",
            "How many links there are between routers: at least one fewer than routers.",
        )
        .required(),
        Key::new(
            "seed",
            Kind::Number { min: 0, max: i64::MAX as u64 },
            "3",
            "Which of all such networks: the same numbers give the same network.",
        )
        .or("1"),
    ],
};

/// `fat_tree`
pub(super) static FAT_TREE: Table = Table {
    name: "fat_tree",
    about: "Routers with k links each in k pods: k³/4 hosts, k²/2 edge and aggregation routers \
    each half, k²/4 core routers.",
    choose: &[],
    keys: &[Key::new(
        "k",
        Kind::Number { min: 2, max: 90 },
        "4",
        "The links of a router, an even number.",
    )
    .required()],
};

/// The links of a network.
pub(super) static CABLE: Table = Table {
    name: "network.link",
    about: "How the links of a network are: all alike, both ways. `[[at]]` changes one by its \
    name, which is that of its two ends with a hyphen: `f-h0-f-s0`.",
    choose: &[],
    keys: &[
        link::DELAY,
        link::RATE,
        link::MTU,
        link::QUEUE,
        link::MARK_FROM,
        link::JITTER,
        Key::new("loss", Kind::Chance, "\"1%\"", "The chance that a frame vanishes.").or("0%"),
    ],
};

const ON: Key = Key::new(
    "on",
    Kind::Either(&[Kind::Reference, Kind::List { of: &Kind::Reference, min: 1, max: 10_000 }]),
    "[\"f-h0\", \"f-h9\"]",
    "The hosts that it runs on: the name of a host, or of a network for all its hosts, or \
     several of these.",
)
.required();
const APART: Key = Key::new(
    "apart",
    Kind::TIME,
    "\"1ms\"",
    "How much later it begins on each host than on the one before.",
)
.or("0ms");

static ON_KEYS: [Key; program::KEYS.len() + 2] = {
    let mut keys = [ON; program::KEYS.len() + 2];
    keys[1] = APART;
    let mut place = 0;
    while place < program::KEYS.len() {
        keys[place + 2] = program::KEYS[place];
        place += 1;
    }
    keys
};

/// `[[program]]`
pub(super) static PROGRAM_ON: Table = Table {
    name: "[[program]]",
    about: "One program on many hosts, or on a generated one: `on`, and exactly one of the \
    programs. On the hosts of a network `to` may be `{next}`, the host with the next number, \
    `{opposite}`, the one half the network away, or `{random}`, any other, by the file's seed. A \
    host that `to` names is itself left out.",
    choose: program::CHOOSE,
    keys: &ON_KEYS,
};
