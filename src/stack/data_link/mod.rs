//! Layer 2: frames to the neighbour.
//!
//! [`ethernet`] is the frame itself; [`arp`] finds the neighbour's address (it stands here because
//! RFC 1122 §2.3.2 puts it in the link layer); [`bridge`] is the table that a switch learns.

pub mod ethernet;

pub mod arp;

pub mod bridge;
