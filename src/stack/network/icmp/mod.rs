//! ICMP: what the network says about packets, and echo (RFC 792).
//!
//! Read RFC 792 first, then RFC 1122 §3.2.2 for when a host must keep silent, RFC 1812 §4.3 for
//! routers, and RFC 1191 §4 for the MTU inside "fragmentation needed". [`Message`] is the unit;
//! [`may_answer`] and [`Limiter`] guard the sender; [`Quoted`] reads what an error is about.
//!
//! Left out: redirect, source quench (RFC 6633 retired it), timestamps and the other questions.
//! They parse as [`Message::Other`].

mod error;
mod message;
mod note;

pub use error::{Limiter, QUOTE_MAX, Quoted, may_answer, quote};
pub use message::{FIELDS, HEADER_LEN, Message, TimeExceededCode, UnreachableCode};
pub use note::Note;
