//! What a person (or a timed line of the scenario) does to the world.

use crate::base::{Duration, FrameId, LinkId, Rate};
use crate::stack::physical::Faults;

/// A change from outside. Commands are kept with the step at which they were given, so a run can
/// be made again from them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// The cable is cut: what is on it or waits for it is lost, and so is what comes.
    Cut(LinkId),
    /// The cable is mended.
    Mend(LinkId),
    /// Another delay, both ways.
    Delay(LinkId, Duration),
    /// Another rate, both ways.
    Rate(LinkId, Rate),
    /// Other faults, both ways.
    Faults(LinkId, Faults),
    /// This frame, on its way now, is lost.
    Drop(FrameId),
}
