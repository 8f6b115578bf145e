//! How TCP is set.

use super::super::format::{Key, Kind, Table};

/// The congestion controls and what they are.
const CONGESTION_WORDS: &[(&str, &str)] = &[
    ("none", "only the receiver's window limits"),
    ("reno", "slow start, congestion avoidance, fast recovery (RFC 5681, RFC 6582)"),
    ("cubic", "CUBIC (RFC 9438)"),
];
/// The presets and what they are.
const PRESET_WORDS: &[(&str, &str)] = &[
    ("rfc", "what RFC 9293, RFC 6298 and RFC 1122 recommend"),
    ("linux", "close to what Linux does: shorter time-outs, a larger buffer"),
];

const MEBI: u64 = 1 << 20;

/// The `tcp` table of a host.
pub(super) static TCP: Table = Table {
    name: "tcp",
    about: "How a host's TCP is set. What is left out is as the preset has it.",
    choose: &[],
    keys: &[
        Key::new("preset", Kind::Word(PRESET_WORDS), "\"linux\"", "Where to begin from.").or("rfc"),
        Key::new("congestion", Kind::Word(CONGESTION_WORDS), "\"reno\"", "Congestion control.")
            .or("cubic"),
        Key::new(
            "mss",
            Kind::Number { min: 1, max: 8_960 },
            "1000",
            "The largest segment that it asks the peer to send, in octets of data \
             (the MSS option).",
        )
        .or("1460"),
        Key::new(
            "receive_buffer",
            Kind::Size { min: 1, max: 1_024 * MEBI },
            "\"16KiB\"",
            "The receive buffer: its size is the largest window that it offers.",
        )
        .or("65535B"),
        Key::new(
            "send_buffer",
            Kind::Size { min: 1, max: 1_024 * MEBI },
            "\"32KiB\"",
            "The send buffer.",
        )
        .or("64KiB"),
        Key::new(
            "initial_window",
            Kind::Number { min: 1, max: 10 },
            "2",
            "Segments that it may send before the first acknowledgement (RFC 6928).",
        )
        .or("10"),
        Key::new(
            "window_scaling",
            Kind::Flag,
            "false",
            "Whether it offers window scaling (RFC 7323 §2).",
        )
        .or("true"),
        Key::new("timestamps", Kind::Flag, "false", "Whether it offers timestamps (RFC 7323 §3).")
            .or("true"),
        Key::new(
            "sack",
            Kind::Flag,
            "false",
            "Whether it offers selective acknowledgements (RFC 2018).",
        )
        .or("true"),
        Key::new(
            "ecn",
            Kind::Flag,
            "true",
            "Whether it offers explicit congestion notification (RFC 3168).",
        )
        .or("false"),
        Key::new(
            "nagle",
            Kind::Flag,
            "false",
            "Nagle's algorithm: small writes wait for the last acknowledgement (RFC \
             9293 §3.7.4).",
        )
        .or("true"),
        Key::new(
            "delayed_ack",
            Kind::Time {
                min: crate::base::Duration::ZERO,
                max: crate::base::Duration::from_millis(500),
            },
            "\"0ms\"",
            "How long an acknowledgement may wait, at most half a second (RFC 1122 \
             §4.2.3.2); `\"0ms\"` acknowledges at once.",
        )
        .or("40ms"),
        Key::new(
            "rto_initial",
            Kind::SOME_TIME,
            "\"500ms\"",
            "The retransmission time before anything is measured (RFC 6298 §2.1).",
        )
        .or("1s"),
        Key::new("rto_min", Kind::SOME_TIME, "\"200ms\"", "Its floor (RFC 6298 §2.4).").or("1s"),
        Key::new("rto_max", Kind::SOME_TIME, "\"120s\"", "Its cap (RFC 6298 §2.5).").or("60s"),
        Key::new(
            "syn_retries",
            Kind::Number { min: 0, max: 20 },
            "2",
            "How often a SYN is sent again before the open fails (RFC 9293 §3.8.3).",
        )
        .or("5"),
        Key::new(
            "data_retries",
            Kind::Number { min: 0, max: 30 },
            "5",
            "How often data is sent again before the connection is given up (RFC 9293 \
             §3.8.3).",
        )
        .or("15"),
        Key::new(
            "user_timeout",
            Kind::SOME_TIME,
            "\"30s\"",
            "Give up when data stays unacknowledged for so long (RFC 9293 §3.9.1).",
        )
        .or("never"),
        Key::new(
            "keep_alive",
            Kind::SOME_TIME,
            "\"2min\"",
            "Ask whether the peer is alive after so long without a segment (RFC 9293 \
             §3.8.4).",
        )
        .or("never"),
        Key::new(
            "keep_alive_interval",
            Kind::SOME_TIME,
            "\"10s\"",
            "The time between such questions.",
        )
        .or("75s"),
        Key::new(
            "keep_alive_probes",
            Kind::Number { min: 1, max: 100 },
            "3",
            "How many go unanswered before the connection is given up.",
        )
        .or("9"),
        Key::new(
            "msl",
            Kind::SOME_TIME,
            "\"1s\"",
            "The maximum segment lifetime: TIME-WAIT lasts twice as long (RFC 9293 \
             §3.4.2).",
        )
        .or("120s"),
        Key::new(
            "time_wait_reset",
            Kind::Flag,
            "true",
            "Whether a RST ends TIME-WAIT; if not it is ignored (RFC 1337).",
        )
        .or("false"),
        Key::new(
            "limited_transmit",
            Kind::Flag,
            "false",
            "Whether the first two duplicate acknowledgements may each release a new \
             segment (RFC 3042).",
        )
        .or("true"),
    ],
};
