//! A run before it runs: the network, its settings, what its hosts are to do, and when.
//!
//! Plain data, checked by whoever makes it (the scenario room, or a caller of the library). The
//! rooms above read it: `node` builds a device from its part, `sim` a world from the whole.

pub mod blueprint;
mod builder;
mod command;
pub mod program;

pub use blueprint::Blueprint;
pub use builder::Builder;
pub use command::Command;
