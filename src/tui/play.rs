//! The pace of the screen: flights of packets between two steps, and playing.
//!
//! It is paced for eyes, not for clocks: a flight takes the same time on the screen whether the
//! cable takes 20 µs or 300 ms, and silence takes none.

use super::action::Way;
use crate::base::Instant;
use std::time::Duration;

/// Speeds of playing, and what they are called.
const SPEEDS: [(u32, &str); 6] =
    [(25, "x¼"), (50, "x½"), (100, "x1"), (200, "x2"), (400, "x4"), (1000, "x10")];
const NORMAL: usize = 2;

/// How long a flight takes on the screen while playing, and at a single step.
const FLIGHT: Duration = Duration::from_secs(1);
const SINGLE: Duration = Duration::from_millis(420);
/// How long the screen rests between two steps while playing.
const REST: Duration = Duration::from_millis(900);

/// What is due when time has passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Due {
    /// Nothing.
    Nothing,
    /// A flight is over.
    Landing,
    /// The next step of the play.
    Step(Way),
}

/// What moves, and how fast.
#[derive(Clone, Debug)]
pub(super) struct Play {
    animated: bool,
    way: Option<Way>,
    speed: usize,
    rest: Duration,
    flight: Option<Flight>,
}

/// Simulated time running from one moment to another, evenly on the wall's clock.
#[derive(Clone, Copy, Debug)]
struct Flight {
    from: Instant,
    to: Instant,
    passed: Duration,
    whole: Duration,
    /// Whether the screen is to show what was before the step until it is over.
    holds: bool,
}

impl Play {
    /// At rest. Without animation steps follow each other with nothing between.
    pub(super) const fn new(animated: bool) -> Self {
        Self { animated, way: None, speed: NORMAL, rest: Duration::ZERO, flight: None }
    }

    /// Which way it plays, if it does.
    pub(super) const fn way(&self) -> Option<Way> {
        self.way
    }

    /// Whether the screen must be drawn again soon.
    pub(super) const fn is_moving(&self) -> bool {
        self.way.is_some() || self.flight.is_some()
    }

    /// Whether what is shown is still what was before the step.
    pub(super) const fn is_holding(&self) -> bool {
        matches!(self.flight, Some(Flight { holds: true, .. }))
    }

    /// Plays this way, or stops if it does already.
    pub(super) fn toggle(&mut self, way: Way) {
        self.way = if self.way == Some(way) { None } else { Some(way) };
        self.rest = Duration::ZERO;
    }

    /// Stops playing.
    pub(super) const fn stop(&mut self) {
        self.way = None;
    }

    /// One speed up.
    pub(super) const fn faster(&mut self) {
        if self.speed + 1 < SPEEDS.len() {
            self.speed += 1;
        }
    }

    /// One speed down.
    pub(super) const fn slower(&mut self) {
        self.speed = self.speed.saturating_sub(1);
    }

    /// Lets packets fly through this time. With `holds` the screen keeps what it shows until then.
    pub(super) fn fly(&mut self, from: Instant, to: Instant, holds: bool) {
        if !self.animated || from == to {
            return;
        }
        let whole = if self.way.is_some() { self.paced(FLIGHT) } else { SINGLE };
        self.flight = Some(Flight { from, to, passed: Duration::ZERO, whole, holds });
    }

    /// Ends a flight at once.
    pub(super) fn land(&mut self) {
        if self.flight.take().is_some() {
            self.rest = self.paced(REST);
        }
    }

    /// After a step without a flight: the time to read what it says.
    pub(super) fn rest(&mut self) {
        self.rest = self.paced(REST);
    }

    /// So much time has passed on the wall's clock.
    pub(super) fn pass(&mut self, passed: Duration) -> Due {
        if let Some(flight) = &mut self.flight {
            flight.passed += passed;
            return if flight.passed >= flight.whole { Due::Landing } else { Due::Nothing };
        }
        let Some(way) = self.way else { return Due::Nothing };
        self.rest = self.rest.saturating_sub(passed);
        if self.rest.is_zero() { Due::Step(way) } else { Due::Nothing }
    }

    /// The simulated time that the screen shows while packets fly.
    pub(super) fn shown_time(&self) -> Option<Instant> {
        let flight = self.flight?;
        let whole = flight.whole.as_millis().max(1);
        let passed = flight.passed.as_millis().min(whole);
        let way = u128::from(flight.from.0.abs_diff(flight.to.0)) * passed / whole;
        let way = u64::try_from(way).unwrap_or(u64::MAX);
        Some(if flight.from <= flight.to {
            Instant(flight.from.0.saturating_add(way))
        } else {
            Instant(flight.from.0.saturating_sub(way))
        })
    }

    /// What the head line says about it.
    pub(super) fn doing(&self) -> String {
        let (_, name) = SPEEDS[self.speed];
        match self.way {
            Some(Way::On) => format!("▶ {name}"),
            Some(Way::Back) => format!("◀ {name}"),
            None if self.speed == NORMAL => "paused".to_owned(),
            None => format!("paused {name}"),
        }
    }

    fn paced(&self, time: Duration) -> Duration {
        time * 100 / SPEEDS[self.speed].0
    }
}
