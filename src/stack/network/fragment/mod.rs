//! Cutting packets that do not fit a link, and joining them at their end (RFC 791 §2.3, §3.2).
//!
//! Read RFC 791 §3.2 first, then RFC 1122 §3.3.2 for how long a host waits, and RFC 5722 for why
//! fragments that overlap are refused: what two readers would join differently is a way past a
//! filter. [`cut`] makes the fragments, [`Reassembly`] is the machine that joins them.
//!
//! Left out: options, which a cut packet loses; a router here never joins what it passes on.

mod cut;
mod reassembly;

pub use cut::{Cut, Piece, cut};
pub use reassembly::{Config, Input, Output, Reassembly, Waiting};
