//! TCP: a stream of octets in order, without loss or repetition, over a network that promises
//! nothing (RFC 9293).
//!
//! Read [`state`] for the diagram, then [`connection`], the machine; `arrives` takes a segment
//! through the steps of RFC 9293 §3.10.7 in their order, `send` decides what goes out next.
//!
//! | file | what | RFC |
//! |---|---|---|
//! | `segment`, `flags`, `options`, `seq` | the header, octet by octet | 9293 §3.1, §3.4; 7323; 2018 |
//! | `state` | the diagram as data | 9293 §3.3.2 |
//! | `connection`, `interface`, `program` | the machine, what it takes and gives, the user's calls | 9293 §3.9, §3.10 |
//! | `arrives`, `acknowledge` | a segment arrives | 9293 §3.10.7; 5961; 7323 §5 |
//! | `receive` | window, joining, delayed ACK, SACK blocks | 9293 §3.8.6; 1122 §4.2.3.2; 2018; 2883 |
//! | `send` | Nagle, silly windows, what goes next | 9293 §3.7.4, §3.8.6.2 |
//! | `expire`, `timers`, `rto` | time-outs, probes, keep-alive | 6298; 9293 §3.8 |
//! | `recovery`, `sack`, `ranges` | finding and repairing losses | 5681 §3.2; 6582; 6675; 3042 |
//! | `congestion`, `cubic` | how much may be on its way | 5681; 6928; 9438; 3168 |
//! | `note` | what is worth telling | |
//!
//! Where the textbook has one connection that moves from LISTEN to SYN-RECEIVED, a host keeps its
//! listener and makes a fresh listening [`Connection`] for each SYN, as real systems do.
//!
//! Left out, and what a student would notice: data in a SYN is not kept (the peer sends it
//! again); urgent data is announced but not sent; no tail loss probe, RACK or F-RTO, so the loss
//! of the last segments costs a time-out; the timestamp clock starts with the run instead of at
//! random (RFC 7323 §7.1), so that its values can be read as milliseconds.

mod acknowledge;
mod arrives;
mod buffer;
pub mod config;
mod congestion;
pub mod connection;
mod cubic;
mod expire;
mod flags;
pub mod inspect;
pub mod interface;
pub mod note;
mod options;
mod program;
pub mod ranges;
mod receive;
pub mod recovery;
mod rto;
mod sack;
pub mod segment;
mod send;
pub mod seq;
pub mod state;
mod telling;
mod time_wait;
pub mod timers;

pub use config::{Algorithm, Config};
pub use connection::Connection;
pub use flags::Flags;
pub use inspect::Variables;
pub use interface::{Indication, Input, Misuse, Output, Transmit};
pub use note::{Dropped, Note};
pub use options::{Options, SackBlocks, WINDOW_SCALE_MAX};
pub use ranges::Range;
pub use recovery::Phase;
pub use segment::{FIELDS, HEADER_LEN, Header, PROTOCOL, reset_for};
pub use seq::{SeqNumber, initial_sequence_number};
pub use state::{State, Trigger};
pub use time_wait::Remnant;
pub use timers::Timer;
