//! Layer 2: frames to the neighbour.
//!
//! [`ethernet`] is the frame itself; [`arp`] finds the neighbour's address (it stands here because
//! RFC 1122 §2.3.2 puts it in the link layer).

pub mod ethernet;

pub mod arp;
