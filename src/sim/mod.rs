//! The event kernel: time, links, and the run as a thing to go back and forth in.
//!
//! [`World`] is everything that changes, as one value: cloning it is a snapshot. [`World::step`] is
//! the only place where time moves. [`Timeline`] goes to any step by a snapshot and a replay. There
//! is no clock, no thread, no global and no order that depends on a hash in here or beneath.

mod scheduler;
mod segments;
mod timeline;
mod topology;
mod view;
mod ways;
mod world;

pub use scheduler::{Event, Scheduler};
pub use timeline::Timeline;
pub use topology::Topology;
pub use view::{DirectionView, InFlight, LinkView};
pub use world::World;
