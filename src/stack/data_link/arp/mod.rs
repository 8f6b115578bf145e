//! ARP: which interface on this link has that IP address (RFC 826)?
//!
//! Read RFC 826 first, its "Packet Reception" above all, then RFC 1122 §2.3.2 for what a host owes
//! beside it: entries age, requests do not flood, a packet waits for its answer. [`Packet`] is the
//! unit, [`Cache`] the machine.
//!
//! Left out: hardware and protocols other than Ethernet and IPv4, proxy ARP, reverse ARP, and
//! probing an address before use (RFC 5227 §2.1; a clash that shows later is told).

mod cache;
mod note;
mod packet;

pub use cache::{Cache, Config, Entry, EntryState, Input, Output};
pub use note::Note;
pub use packet::{FIELDS, Operation, PACKET_LEN, Packet};
