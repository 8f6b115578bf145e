//! Timed changes, limits and expectations.

use super::super::format::{Key, Kind, Table};

/// `[[at]]`
pub(super) static CUE: Table = Table {
    name: "[[at]]",
    about: "A change of the network at a given time: exactly one of `cut`, `mend` \
    and `change`.",
    choose: &["cut", "mend", "change"],
    keys: &[
        Key::new("time", Kind::TIME, "\"2s\"", "When.").required(),
        Key::new(
            "cut",
            Kind::Reference,
            "\"client-server\"",
            "Cuts this link: what is on it is lost, and so is what comes.",
        ),
        Key::new("mend", Kind::Reference, "\"client-server\"", "Mends this link."),
        Key::new(
            "change",
            Kind::Reference,
            "\"client-server\"",
            "Changes this link, both ways: with any of the keys below.",
        ),
        Key::new("delay", Kind::TIME, "\"200ms\"", "With `change`: its delay from now on."),
        Key::new("rate", Kind::Rate, "\"1Mbit/s\"", "With `change`: its rate from now on."),
        Key::new(
            "loss",
            Kind::Either(&super::link::LOSS_KINDS),
            "\"10%\"",
            "With `change`: its loss from now on.",
        ),
        Key::new("jitter", Kind::TIME, "\"5ms\"", "With `change`: its jitter from now on."),
    ],
};

/// `[limits]`
pub(super) static LIMITS: Table = Table {
    name: "[limits]",
    about: "Where a run stops in any case.",
    choose: &[],
    keys: &[
        Key::new("until", Kind::SOME_TIME, "\"10s\"", "The simulated time.").or("60min"),
        Key::new(
            "steps",
            Kind::Number { min: 1, max: 1_000_000_000_000 },
            "1000000",
            "The most steps.",
        )
        .or("100000000"),
        Key::new(
            "steps_per_instant",
            Kind::Number { min: 1, max: 100_000_000 },
            "10000",
            "The most steps without time passing: more is a storm.",
        )
        .or("100000"),
        Key::new(
            "records",
            Kind::Number { min: 1, max: 100_000_000 },
            "500000",
            "The most records of the trace.",
        )
        .or("4000000"),
        Key::new(
            "octets",
            Kind::Size { min: 1, max: 1 << 40 },
            "\"256MiB\"",
            "The most octets of frames that the trace keeps.",
        )
        .or("1GiB"),
    ],
};

/// `[[expect]]`
pub(super) static EXPECT: Table = Table {
    name: "[[expect]]",
    about: "What must become true in the run.",
    choose: &[],
    keys: &[
        Key::new(
            "that",
            Kind::Text,
            "\"udp lost\"",
            "A filter over the trace, as in the search line.",
        )
        .required(),
        Key::new("within", Kind::SOME_TIME, "\"100ms\"", "By when, counted from the beginning.")
            .or("the end of the run"),
    ],
};
