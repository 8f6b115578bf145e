//! Servers and clients of the web.

use super::super::format::{Key, Kind, Table};
use super::program::{AT, PAYLOAD, PORT, TO};

const TEXTS: Kind = Kind::List { of: &Kind::Text, min: 0, max: 100 };
const STEPS_AFTER: Key = Key::new(
    "after",
    Kind::TIME,
    "\"1s\"",
    "How long after the step before, or after the beginning.",
)
.or("0ms");
const COMPRESS: Key = Key::new(
    "compress",
    Kind::Flag,
    "true",
    "Whether messages are compressed (permessage-deflate), if the other end likes it too.",
)
.or("false");
const PROTOCOLS: Key = Key::new(
    "protocols",
    TEXTS,
    "[\"chat.v1\"]",
    "Subprotocols: what a client offers, best first; what a server takes.",
)
.or("none");
const PING_EVERY: Key = Key::new(
    "ping_every",
    Kind::SOME_TIME,
    "\"20s\"",
    "Pings the other end after so long without a pong.",
)
.or("never");
const PONG_WITHIN: Key = Key::new(
    "pong_within",
    Kind::SOME_TIME,
    "\"2s\"",
    "With `ping_every`: how long the pong may take; then the connection is given up.",
)
.or("20s");
const SESSION_PATH: Key =
    Key::new("path", Kind::Text, "\"/socket.io/\"", "The path of its requests.");
const PING_INTERVAL: Key = Key::new(
    "ping_interval",
    Kind::SOME_TIME,
    "\"5s\"",
    "The time between a pong and the server's next ping.",
)
.or("25s");
const PING_TIMEOUT: Key = Key::new(
    "ping_timeout",
    Kind::SOME_TIME,
    "\"2s\"",
    "How long the pong may take; then the session is over.",
)
.or("20s");
const MAY_UPGRADE: Key = Key::new(
    "websocket",
    Kind::Flag,
    "false",
    "Whether a session may move to a WebSocket, or begin with one.",
)
.or("true");

/// What an endpoint does with messages.
const MANNERS: &[(&str, &str)] = &[
    ("echo", "send each message back"),
    ("broadcast", "send it to everybody who is connected there"),
    ("listen", "do nothing"),
];

/// What a rule does.
const REACTIONS: &[(&str, &str)] = &[
    ("reply", "send an event to its sender"),
    ("all", "send one to everybody in the namespace"),
    ("others", "send one to everybody but its sender"),
    ("room", "send one to everybody in a room"),
    ("join", "put its sender into a room"),
    ("leave", "take its sender out of a room"),
    ("acknowledge", "answer it, if it asks for that"),
    ("disconnect", "send its sender away"),
];

/// What carries a session.
const TRANSPORTS: &[(&str, &str)] =
    &[("polling", "requests that wait for an answer"), ("websocket", "one WebSocket")];

pub(super) static WEB_SERVER: Table = Table {
    name: "web_server",
    about: "Serves HTTP/1.1, WebSocket, Engine.IO and Socket.IO on one port.",
    choose: &[],
    keys: &[
        PORT,
        Key::new(
            "serve",
            Kind::Tables(&SERVE),
            "[{ path = \"/\", body = \"hello\" }]",
            "What plain requests are answered with; all others with 404.",
        ),
        Key::new(
            "websocket",
            Kind::Tables(&WEBSOCKET),
            "[{ path = \"/chat\", do = \"broadcast\" }]",
            "Where WebSockets are taken.",
        ),
        Key::new(
            "socket_io",
            Kind::Table(&SOCKET_IO),
            "{ on = [{ event = \"chat\", do = \"others\" }] }",
            "A Socket.IO server.",
        ),
        Key::new(
            "engine_io",
            Kind::Table(&ENGINE_IO),
            "{ path = \"/engine.io/\" }",
            "An Engine.IO server without Socket.IO, which sends each message back. Not beside \
             `socket_io`.",
        ),
    ],
};

pub(super) static SERVE: Table = Table {
    name: "serve",
    about: "What requests for a path are answered with.",
    choose: &[],
    keys: &[
        Key::new("path", Kind::Text, "\"/\"", "The path.").required(),
        Key::new("body", Kind::Text, "\"<h1>Hello</h1>\"", "The body.").or("that of the request"),
        Key::new("type", Kind::Text, "\"text/html\"", "Its `Content-Type`.")
            .or("text/plain; charset=utf-8"),
        Key::new("status", Kind::Number { min: 200, max: 599 }, "503", "The status.").or("200"),
    ],
};

pub(super) static WEBSOCKET: Table = Table {
    name: "websocket",
    about: "An endpoint for WebSockets.",
    choose: &[],
    keys: &[
        Key::new("path", Kind::Text, "\"/chat\"", "The path; `*` is every other one.").or("*"),
        Key::new("do", Kind::Word(MANNERS), "\"broadcast\"", "What becomes of messages.")
            .or("echo"),
        Key::new(
            "push",
            Kind::Text,
            "\"news\"",
            "A message that the server sends unasked, with a number behind it.",
        )
        .or("none"),
        Key::new("push_every", Kind::SOME_TIME, "\"500ms\"", "The time between two of them.")
            .or("1s"),
        Key::new("push_times", Kind::Number { min: 1, max: 100_000 }, "3", "How many.").or("1"),
        PROTOCOLS,
        Key::new(
            "origins",
            TEXTS,
            "[\"https://example.org\"]",
            "The web pages that may connect; others are refused with 403.",
        )
        .or("all"),
        COMPRESS,
        PING_EVERY,
        PONG_WITHIN,
        Key::new(
            "message_max",
            Kind::Size { min: 1, max: 64 << 20 },
            "\"1KiB\"",
            "The octets that a message may have; a larger one fails the connection with 1009.",
        )
        .or("64MiB"),
    ],
};

pub(super) static SOCKET_IO: Table = Table {
    name: "socket_io",
    about: "A Socket.IO server, protocol version 5.",
    choose: &[],
    keys: &[
        SESSION_PATH.or("/socket.io/"),
        Key::new("namespaces", TEXTS, "[\"/\", \"/admin\"]", "Its namespaces.").or("/"),
        PING_INTERVAL,
        PING_TIMEOUT,
        Key::new(
            "connect_timeout",
            Kind::SOME_TIME,
            "\"1s\"",
            "How long a client may be without a namespace.",
        )
        .or("45s"),
        MAY_UPGRADE,
        Key::new(
            "recovery",
            Kind::SOME_TIME,
            "\"2min\"",
            "Connections that broke can be taken up again for so long.",
        )
        .or("not at all"),
        Key::new(
            "token",
            Kind::Text,
            "\"secret\"",
            "Lets in only clients whose `auth` has this `token`.",
        )
        .or("everybody is let in"),
        Key::new(
            "on",
            Kind::Tables(&RULE),
            "[{ event = \"chat\", do = \"others\" }]",
            "What it does when an event arrives.",
        ),
    ],
};

pub(super) static RULE: Table = Table {
    name: "on",
    about: "What is done when an event arrives.",
    choose: &[],
    keys: &[
        Key::new(
            "event",
            Kind::Text,
            "\"chat\"",
            "Its name; `connection` when a client comes, `*` for every event.",
        )
        .required(),
        Key::new("do", Kind::Word(REACTIONS), "\"reply\"", "What is done.").required(),
        Key::new("emit", Kind::Text, "\"chat\"", "The name of the event that is sent.")
            .or("the same"),
        Key::new("with", Kind::Text, "'[\"hi\", 1]'", "Its arguments, as a JSON array.")
            .or("the same"),
        Key::new("room", Kind::Text, "\"lobby\"", "The room that is meant.")
            .or("the one that the first argument names"),
        Key::new("volatile", Kind::Flag, "true", "Whether it may be lost if it cannot go at once.")
            .or("false"),
    ],
};

pub(super) static ENGINE_IO: Table = Table {
    name: "engine_io",
    about: "An Engine.IO server, protocol version 4.",
    choose: &[],
    keys: &[SESSION_PATH.or("/engine.io/"), PING_INTERVAL, PING_TIMEOUT, MAY_UPGRADE],
};

pub(super) static HTTP_CLIENT: Table = Table {
    name: "http_client",
    about: "Asks over HTTP/1.1, one request after the other, and keeps the connection.",
    choose: &[],
    keys: &[
        TO,
        AT,
        Key::new(
            "requests",
            Kind::Tables(&REQUEST),
            "[{ get = \"/\" }]",
            "What it asks for; the next one goes when the answer is there.",
        )
        .required(),
    ],
};

pub(super) static REQUEST: Table = Table {
    name: "requests",
    about: "One request: exactly one of `get`, `head`, `post`, `put`, `delete` and `options`.",
    choose: &["get", "head", "post", "put", "delete", "options"],
    keys: &[
        STEPS_AFTER,
        Key::new("get", Kind::Text, "\"/news\"", "GET this path."),
        Key::new("head", Kind::Text, "\"/news\"", "HEAD this path."),
        Key::new("post", Kind::Text, "\"/news\"", "POST to this path."),
        Key::new("put", Kind::Text, "\"/news\"", "PUT to this path."),
        Key::new("delete", Kind::Text, "\"/news\"", "DELETE this path."),
        Key::new("options", Kind::Text, "\"/news\"", "OPTIONS of this path."),
        Key::new("headers", TEXTS, "[\"Accept: text/html\"]", "Header fields besides `Host`."),
        Key::new("body", PAYLOAD, "\"hello\"", "The body.").or("none"),
    ],
};

pub(super) static WEBSOCKET_CLIENT: Table = Table {
    name: "websocket_client",
    about: "Opens a WebSocket, and does its steps once it is open.",
    choose: &[],
    keys: &[
        TO,
        AT,
        Key::new("path", Kind::Text, "\"/chat\"", "The path.").or("/"),
        Key::new("origin", Kind::Text, "\"https://example.org\"", "The web page that asks.")
            .or("none"),
        PROTOCOLS,
        COMPRESS,
        Key::new(
            "fragment",
            Kind::Size { min: 1, max: 1 << 20 },
            "\"100B\"",
            "Sends messages in fragments of at most so many octets.",
        )
        .or("never"),
        PING_EVERY,
        PONG_WITHIN,
        Key::new(
            "steps",
            Kind::Tables(&WEBSOCKET_STEP),
            "[{ send = \"hi\" }, { after = \"1s\", close = 1000 }]",
            "What it does.",
        ),
    ],
};

pub(super) static WEBSOCKET_STEP: Table = Table {
    name: "steps",
    about: "One step: exactly one of `send`, `binary`, `part`, `ping` and `close`.",
    choose: &["send", "binary", "part", "ping", "close"],
    keys: &[
        STEPS_AFTER,
        Key::new("send", PAYLOAD, "\"hi\"", "Sends a text."),
        Key::new("binary", PAYLOAD, "\"hi\"", "Sends octets."),
        Key::new("part", PAYLOAD, "\"hel\"", "Sends a part of a text."),
        Key::new("last", Kind::Flag, "true", "With `part`: the text ends with it.").or("false"),
        Key::new("ping", Kind::Text, "\"there?\"", "Sends a ping."),
        Key::new("close", Kind::Number { min: 1000, max: 4999 }, "1000", "Closes with this code."),
        Key::new("reason", Kind::Text, "\"bye\"", "With `close`: why.").or("none"),
    ],
};

pub(super) static SOCKET_IO_CLIENT: Table = Table {
    name: "socket_io_client",
    about: "Connects by Socket.IO, and does its steps once it is in its namespace.",
    choose: &[],
    keys: &[
        TO,
        AT,
        SESSION_PATH.or("/socket.io/"),
        Key::new(
            "transports",
            Kind::List { of: &Kind::Word(TRANSPORTS), min: 1, max: 2 },
            "[\"websocket\"]",
            "What may carry the session: it begins with the first.",
        )
        .or("polling, then websocket"),
        Key::new("namespace", Kind::Text, "\"/admin\"", "The namespace that it joins.").or("/"),
        Key::new(
            "auth",
            Kind::Text,
            "'{\"token\": \"secret\"}'",
            "What it says of itself there, as a JSON object.",
        )
        .or("nothing"),
        Key::new("reconnection", Kind::Flag, "false", "Whether it tries again.").or("true"),
        Key::new(
            "steps",
            Kind::Tables(&SOCKET_IO_STEP),
            "[{ emit = \"chat\", args = '[\"hi\"]', ack = true }]",
            "What it does.",
        ),
    ],
};

pub(super) static SOCKET_IO_STEP: Table = Table {
    name: "steps of `socket_io_client`",
    about: "One step: exactly one of `emit`, `join` and `leave`.",
    choose: &["emit", "join", "leave"],
    keys: &[
        STEPS_AFTER,
        Key::new("emit", Kind::Text, "\"chat\"", "Sends an event of this name."),
        Key::new("args", Kind::Text, "'[\"hi\", 1]'", "Its arguments, as a JSON array.").or("none"),
        Key::new("octets", PAYLOAD, "\"hi\"", "Octets as its last argument.").or("none"),
        Key::new("ack", Kind::Flag, "true", "Whether it is to be acknowledged.").or("false"),
        Key::new("ack_within", Kind::SOME_TIME, "\"1s\"", "How long that may take.").or("for ever"),
        Key::new("volatile", Kind::Flag, "true", "Whether it may be lost if it cannot go at once.")
            .or("false"),
        Key::new("namespace", Kind::Text, "\"/admin\"", "With `emit`: in which namespace.")
            .or("the first"),
        Key::new("join", Kind::Text, "\"/admin\"", "Joins a namespace."),
        Key::new("auth", Kind::Text, "'{\"token\": 1}'", "With `join`: what it says of itself.")
            .or("nothing"),
        Key::new("leave", Kind::Text, "\"/\"", "Leaves a namespace."),
    ],
};
