//! Links and what goes wrong on them.

use super::super::format::{Key, Kind, Table};

const NUMBERS: Kind =
    Kind::List { of: &Kind::Number { min: 1, max: u32::MAX as u64 }, min: 1, max: 10_000 };

static BIT_ERRORS_KINDS: [Kind; 2] = [Kind::Chance, Kind::Table(&THESE)];
static REORDER_KINDS: [Kind; 2] = [Kind::Chance, Kind::Table(&REORDER)];
/// What `loss` may be.
pub(super) static LOSS_KINDS: [Kind; 2] = [Kind::Chance, Kind::Table(&LOSS)];

pub(super) const DELAY: Key =
    Key::new("delay", Kind::TIME, "\"20ms\"", "How long a bit is under way.").or("1ms");
pub(super) const RATE: Key = Key::new(
    "rate",
    Kind::Rate,
    "\"10Mbit/s\"",
    "How fast bits follow each other (bit/s, kbit/s, Mbit/s, Gbit/s).",
)
.or("100Mbit/s");
/// The largest packet.
pub(super) const MTU: Key = Key::new(
    "mtu",
    Kind::Number { min: 68, max: 9_000 },
    "1400",
    "The largest IP packet that fits into a frame, in octets.",
)
.or("1500");
pub(super) const QUEUE: Key = Key::new(
    "queue",
    Kind::Number { min: 0, max: 1_000_000 },
    "10",
    "How many frames may wait for the transmitter; more are lost.",
)
.or("100");
pub(super) const MARK_FROM: Key = Key::new(
    "mark_from",
    Kind::Number { min: 0, max: 1_000_000 },
    "5",
    "From how many waiting frames on packets are marked instead of waiting to \
     be lost (ECN, RFC 3168).",
)
.or("never");
pub(super) const JITTER: Key = Key::new(
    "jitter",
    Kind::TIME,
    "\"3ms\"",
    "Each frame takes up to so much longer; the order is kept.",
)
.or("0ms");
const LOSS_KEY: Key = Key::new(
    "loss",
    Kind::Either(&LOSS_KINDS),
    "\"5%\"",
    "Which frames vanish: a chance, `{ these = [3, 9] }` for exactly these, \
     or `{ bursts = … }`.",
)
.or("0%");
const BIT_ERRORS: Key = Key::new(
    "bit_errors",
    Kind::Either(&BIT_ERRORS_KINDS),
    "{ these = [2] }",
    "Which frames have one bit turned over: a chance, or exactly these.",
)
.or("0%");
const DUPLICATE: Key =
    Key::new("duplicate", Kind::Chance, "\"1%\"", "The chance that a frame arrives twice.")
        .or("0%");
const REORDER_KEY: Key = Key::new(
    "reorder",
    Kind::Either(&REORDER_KINDS),
    "\"1%\"",
    "The chance that a frame is held back so that later ones overtake it.",
)
.or("0%");

/// `[[link]]`
pub(super) static LINK: Table = Table {
    name: "[[link]]",
    about: "A cable between two devices. Both directions are alike unless `forward` \
    or `backward` says otherwise.",
    choose: &[],
    keys: &[
        Key::new(
            "ends",
            Kind::List { of: &Kind::Reference, min: 2, max: 2 },
            "[\"client\", \"server\"]",
            "The two devices. From the first to the second is forward.",
        )
        .required(),
        Key::new("name", Kind::Name, "\"backbone\"", "Its name, for `[[at]]` and `--set`.")
            .or("the two ends' names with a hyphen: `client-server`"),
        DELAY,
        RATE,
        MTU,
        QUEUE,
        MARK_FROM,
        JITTER,
        LOSS_KEY,
        BIT_ERRORS,
        DUPLICATE,
        REORDER_KEY,
        Key::new("up", Kind::Flag, "false", "Whether it carries anything at the beginning.")
            .or("true"),
        Key::new(
            "forward",
            Kind::Table(&DIRECTION),
            "{ loss = \"5%\" }",
            "What differs from the first end to the second.",
        ),
        Key::new(
            "backward",
            Kind::Table(&DIRECTION),
            "{ rate = \"1Mbit/s\" }",
            "What differs from the second end to the first.",
        ),
    ],
};

/// `forward` and `backward`
pub(super) static DIRECTION: Table = Table {
    name: "forward, backward",
    about: "One direction of a link: what is given here holds there only.",
    choose: &[],
    keys: &[DELAY, RATE, QUEUE, MARK_FROM, JITTER, LOSS_KEY, BIT_ERRORS, DUPLICATE, REORDER_KEY],
};

/// Exactly these frames.
pub(super) static THESE: Table = Table {
    name: "bit_errors",
    about: "Exactly these frames have one bit turned over.",
    choose: &[],
    keys: &[Key::new(
        "these",
        NUMBERS,
        "[3, 9]",
        "The frames' numbers: each direction counts from 1 in the order of sending.",
    )
    .required()],
};

/// `loss`
pub(super) static LOSS: Table = Table {
    name: "loss",
    about: "Frames that vanish, exactly or in bursts.",
    choose: &["these", "bursts"],
    keys: &[
        Key::new(
            "these",
            NUMBERS,
            "[3, 9]",
            "Exactly these frames: each direction counts from 1 in the order of sending.",
        ),
        Key::new(
            "bursts",
            Kind::Table(&BURSTS),
            "{ begin = \"1%\", end = \"30%\" }",
            "Bursts, by the model of Gilbert and Elliott: a good state, and a bad one \
             in which every frame is lost.",
        ),
    ],
};

/// `bursts`
pub(super) static BURSTS: Table = Table {
    name: "bursts",
    about: "How bursts of loss begin and end.",
    choose: &[],
    keys: &[
        Key::new(
            "begin",
            Kind::Chance,
            "\"1%\"",
            "The chance, before each frame, that a burst begins.",
        )
        .required(),
        Key::new("end", Kind::Chance, "\"30%\"", "The chance, before each frame, that it ends.")
            .required(),
    ],
};

/// `reorder`
pub(super) static REORDER: Table = Table {
    name: "reorder",
    about: "Frames that are overtaken.",
    choose: &[],
    keys: &[
        Key::new("chance", Kind::Chance, "\"1%\"", "The chance that a frame is held back.")
            .required(),
        Key::new("by", Kind::SOME_TIME, "\"5ms\"", "How long.").or("twice the link's delay"),
    ],
};
