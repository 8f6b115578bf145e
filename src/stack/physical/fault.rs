//! What can go wrong on a wire, and the luck that decides it.

use crate::base::{Duration, Fork, Rng};

/// The faults of one direction of a link. Chances are in parts per million.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults {
    /// Which frames vanish.
    pub loss: Loss,
    /// The chance that a frame has one bit turned over on the way.
    pub bit_error: u32,
    /// Frames (counted from 1) that have a bit turned over for certain.
    pub bit_error_these: Vec<u32>,
    /// The chance that a frame arrives twice.
    pub duplicate: u32,
    /// The chance that a frame is held back so that later ones overtake it.
    pub reorder: u32,
    /// How long such a frame is held back.
    pub reorder_by: Duration,
    /// Each frame takes up to so much longer, evenly spread; order is kept.
    pub jitter: Duration,
}

/// Which frames vanish.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Loss {
    /// None.
    #[default]
    None,
    /// Each with this chance, in parts per million.
    Random(u32),
    /// These, counted from 1 in the order in which they are sent: exact, for lessons.
    These(Vec<u32>),
    /// In bursts (the Gilbert–Elliott model): a good and a bad state with a chance to change from
    /// one to the other before each frame; in the bad one every frame is lost.
    Bursts {
        /// Good to bad.
        begin: u32,
        /// Bad to good.
        end: u32,
    },
}

/// What happens to one frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fate {
    /// It vanishes.
    pub lost: bool,
    /// This bit of it is turned over.
    pub flipped_bit: Option<u32>,
    /// It arrives twice.
    pub duplicated: bool,
    /// It is this much later than the others, and they may overtake it.
    pub held_back: Duration,
    /// It is this much later than it would have been, and the ones after it wait for it.
    pub jitter: Duration,
}

impl Faults {
    /// Whether anything can go wrong.
    pub fn any(&self) -> bool {
        self.loss != Loss::None
            || self.bit_error > 0
            || !self.bit_error_these.is_empty()
            || self.duplicate > 0
            || self.reorder > 0
            || self.jitter > Duration::ZERO
    }
}

/// The luck of one direction of a link: a stream of randomness of its own for each kind of fault,
/// so that setting one leaves the others' luck as it was.
#[derive(Clone, Debug)]
pub struct Luck {
    fork: Fork,
    /// Made when they are first needed: most links have no faults.
    streams: Option<Box<Streams>>,
    /// Frames seen so far.
    count: u32,
    in_burst: bool,
}

#[derive(Clone, Debug)]
struct Streams {
    loss: Rng,
    bits: Rng,
    duplicate: Rng,
    reorder: Rng,
    jitter: Rng,
}

impl Luck {
    /// The luck of the direction `name` of a link under `seed`.
    pub fn new(seed: u64, name: &str) -> Self {
        let fork = Fork::new(seed).named("link ").named(name).named(" ");
        Self { fork, streams: None, count: 0, in_burst: false }
    }

    /// Decides about the next frame, of `bits` bits.
    pub fn decide(&mut self, faults: &Faults, bits: u32) -> Fate {
        self.count = self.count.saturating_add(1);
        if !faults.any() {
            return Fate::default();
        }
        let fork = |kind| self.fork.named(kind).rng();
        let streams = self.streams.get_or_insert_with(|| {
            Box::new(Streams {
                loss: fork("loss"),
                bits: fork("bits"),
                duplicate: fork("duplicate"),
                reorder: fork("reorder"),
                jitter: fork("jitter"),
            })
        });
        let flips =
            streams.bits.chance(faults.bit_error) || faults.bit_error_these.contains(&self.count);
        Fate {
            lost: match &faults.loss {
                Loss::None => false,
                Loss::Random(chance) => streams.loss.chance(*chance),
                Loss::These(these) => these.contains(&self.count),
                Loss::Bursts { begin, end } => {
                    let change = if self.in_burst { *end } else { *begin };
                    self.in_burst ^= streams.loss.chance(change);
                    self.in_burst
                }
            },
            flipped_bit: flips.then(|| streams.bits.below(u64::from(bits)) as u32),
            duplicated: streams.duplicate.chance(faults.duplicate),
            held_back: if streams.reorder.chance(faults.reorder) {
                faults.reorder_by
            } else {
                Duration::ZERO
            },
            jitter: match faults.jitter {
                Duration::ZERO => Duration::ZERO,
                most => Duration(streams.jitter.below(most.0.saturating_add(1))),
            },
        }
    }
}
