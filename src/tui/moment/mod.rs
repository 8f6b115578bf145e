//! The moment at hand as plain data for the panes, made anew whenever the cursor moves.
//!
//! Nothing here goes through the trace: every look-up is by step, record or frame.

pub(super) mod code;
mod crowd;
mod journey;
mod ladder;
mod layers;
mod network;
mod packet;
mod state;
mod story;

pub(super) use crowd::thousands;

use super::app::View;
use super::panes;
use super::walk::Walk;
use crate::base::{Duration, Instant, NodeId};
use network::Flying;

/// What the panes show.
#[derive(Clone, Debug, Default)]
pub(super) struct Moment {
    /// The network.
    pub(super) picture: panes::network::Picture,
    /// The packets in order of time.
    pub(super) ladder: panes::ladder::Ladder,
    /// The stacks.
    pub(super) layers: panes::layers::Layers,
    /// The frame at hand.
    pub(super) packet: panes::packet::Packet,
    /// The message at hand on its way.
    pub(super) journey: panes::journey::Journey,
    /// The program at hand.
    pub(super) code: panes::code::Code,
    /// The device at hand.
    pub(super) status: panes::state::Status,
    /// What happened.
    pub(super) story: panes::story::Story,
    /// Where in the run.
    pub(super) scale: panes::timeline::Scale,
    /// The name of the frame at hand.
    pub(super) subject: Option<String>,
    /// The device that the state pane is about.
    pub(super) node: Option<NodeId>,
    /// The packets on the cables, with their times.
    flying: Vec<Flying>,
}

impl Moment {
    /// Moves the packets to where they are at `time`.
    pub(super) fn fly(&mut self, time: Instant) {
        self.picture.flights = self.flying.iter().filter_map(|flying| flying.at(time)).collect();
    }

    /// Whether anything is on its way.
    pub(super) fn has_flights(&self) -> bool {
        self.flying.iter().any(Flying::moves)
    }
}

/// The moment at the cursor, with the packets where they are at `time`.
pub(super) fn of(walk: &Walk, view: &View, time: Instant) -> Moment {
    let frame = walk.frame(view.grain);
    let here = walk.beats().get(walk.beat()).or_else(|| walk.beats().last());
    let followed = walk.beats().first().map(|beat| beat.node);
    let node = view.node.or_else(|| here.map(|beat| beat.node)).or(followed).or(Some(NodeId(0)));
    let (picture, links) = network::picture(walk, view, node, frame);
    let mut moment = Moment {
        flying: network::flying(walk, frame, &links),
        picture,
        ladder: ladder::ladder(walk, frame),
        layers: layers::layers(walk, view.grain, frame),
        packet: packet::packet(walk, frame),
        journey: journey::journey(walk, view),
        code: code::code(walk, view),
        status: state::status(walk, node),
        story: story::story(walk, view),
        scale: scale(walk),
        subject: frame.map(|frame| super::facts::name(walk, frame)),
        node,
    };
    moment.fly(time);
    moment
}

/// Where in the run the cursor is.
pub(super) fn scale(walk: &Walk) -> panes::timeline::Scale {
    let timeline = walk.timeline();
    panes::timeline::Scale {
        step: timeline.step(),
        known: timeline.known(),
        complete: timeline.is_complete(),
        now: walk.now().to_string(),
        end: short(walk.trace().time_of_step(timeline.known())),
    }
}

/// A length of time to three digits: `59.9 s`, `347 µs`.
fn short_duration(time: Duration) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns")];
    let (unit, name) = UNITS.into_iter().find(|unit| time.0 >= unit.0).unwrap_or((1, "ns"));
    let whole = time.0 / unit;
    let tenth = time.0 % unit * 10 / unit;
    if whole >= 100 || tenth == 0 {
        format!("{whole} {name}")
    } else {
        format!("{whole}.{tenth} {name}")
    }
}

/// A time to three digits or so.
fn short(time: Instant) -> String {
    let micros = time.0 / 1_000;
    if micros < 10_000_000 {
        format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
    } else {
        format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000)
    }
}
