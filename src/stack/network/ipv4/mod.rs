//! IPv4 (RFC 791): the header, addresses with their prefix, and what a host or router tells.
//!
//! Read RFC 791 §3.1 first, then RFC 1812 §5 for what a router does with a packet and RFC 1624 for
//! how it mends the checksum. [`Header`] is parsed from any octets and written in place.
//!
//! Left out: options. They are accepted and skipped, and none is sent; a router passes them on
//! untouched, but a packet that is cut loses them.

mod cidr;
mod header;
mod note;

pub use cidr::Cidr;
pub use header::{FIELDS, HEADER_LEN, Header, Protocol, decrement_ttl, set_congestion_experienced};
pub use note::Note;
