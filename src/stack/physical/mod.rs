//! Layer 1: bits on a medium.
//!
//! A frame takes its place on the wire for as long as its bits take at the link's rate (preamble,
//! check sequence and gap included, IEEE 802.3 §3 and §4.4.2) and arrives a propagation delay
//! later. Both directions are independent (full duplex). What is left out: collisions, half duplex,
//! auto-negotiation, line coding. The bits are shown as they are handed to the coder.

mod bits;
mod fault;
mod line;

pub use bits::{Bit, wire_bits};
pub use fault::{Fate, Faults, Loss, Luck};
pub use line::{Channel, Flight, Frame, Line, Refused};
