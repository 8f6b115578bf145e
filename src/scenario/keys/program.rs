//! What runs on hosts.

use super::super::format::{Key, Kind, Table};
use super::{javascript, web};

/// What a client does at its end, and what that is.
const THEN_WORDS: &[(&str, &str)] = &[
    ("close", "send FIN and take no more; what still comes is answered with RST"),
    ("half-close", "send FIN and go on reading"),
    ("abort", "send RST"),
    ("stay", "leave the connection open"),
];
/// What a script can do without a value, and what that is.
const ACTION_WORDS: &[(&str, &str)] = &[
    ("close", "send FIN and take no more"),
    ("half-close", "send FIN and go on reading"),
    ("abort", "send RST"),
];

/// The most octets that one write or one bulk transfer may have.
const WRITE_MAX: u64 = 16 << 20;

pub(super) const PAYLOAD: Kind = Kind::Either(&[Kind::Text, Kind::Table(&FILLING)]);
const PAYLOADS: Kind = Kind::Either(&[
    Kind::Text,
    Kind::Table(&FILLING),
    Kind::List { of: &PAYLOAD, min: 0, max: 10_000 },
]);

pub(super) const PORT: Key =
    Key::new("port", Kind::PORT, "7000", "The port that it listens on.").required();
pub(super) const TO: Key =
    Key::new("to", Kind::Endpoint, "\"server:7000\"", "A host, by name or address, and a port.")
        .required();
const TO_HOST: Key =
    Key::new("to", Kind::Reference, "\"server\"", "A device, by name or address.").required();
pub(super) const AT: Key = Key::new("at", Kind::TIME, "\"10ms\"", "When it begins.").or("0ms");
const REQUEST: Key = Key::new(
    "request",
    Kind::Size { min: 1, max: WRITE_MAX },
    "\"10B\"",
    "The octets of one request.",
)
.or("100B");
const RESPONSE: Key = Key::new(
    "response",
    Kind::Size { min: 1, max: WRITE_MAX },
    "\"4KiB\"",
    "The octets of one response.",
)
.or("1KiB");
const MAY_FRAGMENT: Key = Key::new(
    "may_fragment",
    Kind::Flag,
    "false",
    "Whether its packets may be cut in pieces; if not they carry the flag \
     \"don't fragment\".",
)
.or("true");

/// What runs: exactly one of these.
pub(super) const CHOOSE: &[&str] = &[
    "tcp_echo",
    "tcp_sink",
    "tcp_respond",
    "tcp_client",
    "tcp_request",
    "tcp_bulk",
    "udp_echo",
    "udp_sink",
    "udp_client",
    "ping",
    "traceroute",
    "web_server",
    "http_client",
    "websocket_client",
    "socket_io_client",
    "javascript",
    "script",
];

/// The programs.
pub(super) const KEYS: [Key; CHOOSE.len()] = [
    Key::new(
        "tcp_echo",
        Kind::Table(&TCP_ECHO),
        "{ port = 7 }",
        "A server that sends back what it gets.",
    ),
    Key::new(
        "tcp_sink",
        Kind::Table(&TCP_SINK),
        "{ port = 9 }",
        "A server that reads and throws away, slowly if asked.",
    ),
    Key::new(
        "tcp_respond",
        Kind::Table(&TCP_RESPOND),
        "{ port = 80 }",
        "A server that answers requests of a known size.",
    ),
    Key::new(
        "tcp_client",
        Kind::Table(&TCP_CLIENT),
        "{ to = \"server:7\", send = [\"one\", \"two\"] }",
        "A client that connects and sends.",
    ),
    Key::new(
        "tcp_request",
        Kind::Table(&TCP_REQUEST),
        "{ to = \"server:80\", times = 3 }",
        "A client that asks, waits, and asks again.",
    ),
    Key::new(
        "tcp_bulk",
        Kind::Table(&TCP_BULK),
        "{ to = \"server:9\", size = \"1MiB\" }",
        "A client that sends much, as fast as it can.",
    ),
    Key::new("udp_echo", Kind::Table(&UDP_ECHO), "{ port = 7 }", "Sends back each datagram."),
    Key::new(
        "udp_sink",
        Kind::Table(&UDP_SINK),
        "{ port = 9 }",
        "Takes datagrams and throws them away.",
    ),
    Key::new(
        "udp_client",
        Kind::Table(&UDP_CLIENT),
        "{ to = \"server:7\", send = [\"one\", \"two\"] }",
        "Sends datagrams.",
    ),
    Key::new(
        "ping",
        Kind::Table(&PING),
        "{ to = \"server\" }",
        "Asks whether a device is there (ICMP echo).",
    ),
    Key::new(
        "traceroute",
        Kind::Table(&TRACEROUTE),
        "{ to = \"server\" }",
        "Asks every router on the way to show itself.",
    ),
    Key::new(
        "web_server",
        Kind::Table(&web::WEB_SERVER),
        "{ port = 80, serve = [{ path = \"/\", body = \"hello\" }] }",
        "A server of HTTP, WebSocket, Engine.IO and Socket.IO.",
    ),
    Key::new(
        "http_client",
        Kind::Table(&web::HTTP_CLIENT),
        "{ to = \"server:80\", requests = [{ get = \"/\" }] }",
        "A client that asks over HTTP.",
    ),
    Key::new(
        "websocket_client",
        Kind::Table(&web::WEBSOCKET_CLIENT),
        "{ to = \"server:80\", path = \"/chat\", steps = [{ send = \"hi\" }] }",
        "A client that opens a WebSocket.",
    ),
    Key::new(
        "socket_io_client",
        Kind::Table(&web::SOCKET_IO_CLIENT),
        "{ to = \"server:3000\", steps = [{ emit = \"chat\", args = '[\"hi\"]' }] }",
        "A client that connects by Socket.IO.",
    ),
    Key::new(
        "javascript",
        javascript::TEXT,
        "\"server.js\"",
        "A program in JavaScript: a file beside the scenario, or a table that says more.",
    ),
    Key::new(
        "script",
        Kind::Tables(&ACTION),
        "[{ at = \"0ms\", connect = \"server:7\" }, { at = \"1s\", do = \"close\" }]",
        "Actions at given times, with one TCP connection at a time.",
    ),
];

/// `[[host.program]]`
pub(super) static PROGRAM: Table = Table {
    name: "[[host.program]]",
    about: "One program: exactly one of these keys.",
    choose: CHOOSE,
    keys: &KEYS,
};

const TIMES: Kind = Kind::Number { min: 1, max: 1_000_000 };

pub(super) static TCP_ECHO: Table = Table {
    name: "tcp_echo",
    about: "A TCP server that sends back what it gets and closes when the client has \
    closed.",
    choose: &[],
    keys: &[
        PORT,
        Key::new(
            "backlog",
            Kind::Number { min: 1, max: 65_535 },
            "5",
            "How many connections may wait to be accepted.",
        )
        .or("128"),
    ],
};

pub(super) static TCP_SINK: Table = Table {
    name: "tcp_sink",
    about: "A TCP server that reads and throws away.",
    choose: &[],
    keys: &[
        PORT,
        Key::new(
            "read_after",
            Kind::TIME,
            "\"2s\"",
            "How long after a connection is opened it begins to read.",
        )
        .or("0ms"),
        Key::new(
            "read",
            Kind::Size { min: 1, max: WRITE_MAX },
            "\"1KiB\"",
            "The most that it reads at a time.",
        )
        .or("all there is"),
        Key::new(
            "read_every",
            Kind::SOME_TIME,
            "\"100ms\"",
            "How long it waits between two reads.",
        )
        .or("reads at once"),
        Key::new(
            "closes",
            Kind::Flag,
            "false",
            "Whether it closes when the client has closed; if not the connection \
             stays half-closed.",
        )
        .or("true"),
    ],
};

pub(super) static TCP_RESPOND: Table = Table {
    name: "tcp_respond",
    about: "A TCP server that sends one response for each whole request.",
    choose: &[],
    keys: &[PORT, REQUEST, RESPONSE],
};

pub(super) static TCP_CLIENT: Table = Table {
    name: "tcp_client",
    about: "Connects, sends, reads what comes back, then does as told.",
    choose: &[],
    keys: &[
        TO,
        AT,
        Key::new(
            "send",
            PAYLOADS,
            "[\"one\", \"two\"]",
            "What it sends, one write each; `{ size = \"4KiB\" }` is so many octets.",
        )
        .or("nothing"),
        Key::new(
            "every",
            Kind::TIME,
            "\"50ms\"",
            "The time between two writes; the first is made when the connection is open.",
        )
        .or("0ms"),
        Key::new("then", Kind::Word(THEN_WORDS), "\"close\"", "What it does after the last write.")
            .or("half-close"),
        Key::new("then_after", Kind::TIME, "\"1s\"", "How long after the last write it does so.")
            .or("0ms"),
    ],
};

pub(super) static TCP_REQUEST: Table = Table {
    name: "tcp_request",
    about: "Asks over TCP, waits for the answer, asks again, closes.",
    choose: &[],
    keys: &[
        TO,
        AT,
        REQUEST,
        RESPONSE,
        Key::new("times", TIMES, "3", "How many times it asks.").or("1"),
    ],
};

pub(super) static TCP_BULK: Table = Table {
    name: "tcp_bulk",
    about: "Sends so much over TCP as fast as it can, then closes.",
    choose: &[],
    keys: &[
        TO,
        AT,
        Key::new("size", Kind::Size { min: 1, max: 1 << 40 }, "\"1MiB\"", "How much.").required(),
    ],
};

pub(super) static UDP_ECHO: Table =
    Table { name: "udp_echo", about: "Sends back each datagram.", choose: &[], keys: &[PORT] };

pub(super) static UDP_SINK: Table = Table {
    name: "udp_sink",
    about: "Takes datagrams and throws them away.",
    choose: &[],
    keys: &[PORT],
};

pub(super) static UDP_CLIENT: Table = Table {
    name: "udp_client",
    about: "Sends datagrams and says what comes back.",
    choose: &[],
    keys: &[
        TO,
        AT,
        Key::new(
            "send",
            PAYLOADS,
            "[\"one\", \"two\"]",
            "What it sends, one datagram each; `{ size = \"3KiB\" }` is so many octets.",
        )
        .required(),
        Key::new("times", TIMES, "3", "How often it sends them all.").or("1"),
        Key::new("every", Kind::TIME, "\"50ms\"", "The time between two.").or("0ms"),
        MAY_FRAGMENT,
    ],
};

pub(super) static PING: Table = Table {
    name: "ping",
    about: "ICMP echo requests, and how long each answer took.",
    choose: &[],
    keys: &[
        TO_HOST,
        AT,
        Key::new("count", Kind::Number { min: 1, max: 65_535 }, "3", "How many.").or("4"),
        Key::new("every", Kind::SOME_TIME, "\"200ms\"", "The time between two.").or("1s"),
        Key::new(
            "size",
            Kind::Size { min: 0, max: super::DATAGRAM_OCTETS_MAX as u64 },
            "\"100B\"",
            "The octets of data in each.",
        )
        .or("56B"),
        Key::new("ttl", Kind::Number { min: 1, max: 255 }, "2", "Their time to live.")
            .or("the host's"),
        MAY_FRAGMENT,
    ],
};

pub(super) static TRACEROUTE: Table = Table {
    name: "traceroute",
    about: "Sends with a growing time to live, so that each router on the way answers.",
    choose: &[],
    keys: &[
        TO_HOST,
        AT,
        Key::new("max_hops", Kind::Number { min: 1, max: 255 }, "10", "The greatest time to live.")
            .or("30"),
        Key::new("wait", Kind::SOME_TIME, "\"500ms\"", "How long it waits for an answer.").or("1s"),
    ],
};

/// One of `script`.
pub(super) static ACTION: Table = Table {
    name: "script",
    about: "One action: exactly one of `connect`, `listen`, `send` and `do`.",
    choose: &["connect", "listen", "send", "do"],
    keys: &[
        Key::new("at", Kind::TIME, "\"10ms\"", "When.").required(),
        Key::new("connect", Kind::Endpoint, "\"server:80\"", "Connects over TCP."),
        Key::new("from", Kind::PORT, "5000", "With `connect`: its own port.").or("a free one"),
        Key::new(
            "listen",
            Kind::PORT,
            "80",
            "Begins to listen on this TCP port; the connection accepted last is the \
             one that later actions use.",
        ),
        Key::new(
            "send",
            PAYLOAD,
            "\"hello\"",
            "Writes into the connection; with `to`, sends one UDP datagram.",
        ),
        Key::new("to", Kind::Endpoint, "\"server:53\"", "With `send`: to whom the datagram goes."),
        Key::new(
            "do",
            Kind::Word(ACTION_WORDS),
            "\"half-close\"",
            "Ends the connection, or its own direction.",
        ),
    ],
};

/// A payload of which only the size matters.
pub(super) static FILLING: Table = Table {
    name: "send",
    about: "A payload of which only the size matters: the letters a to z over and over.",
    choose: &[],
    keys: &[Key::new("size", Kind::Size { min: 1, max: WRITE_MAX }, "\"4KiB\"", "Its octets.")
        .required()],
};
