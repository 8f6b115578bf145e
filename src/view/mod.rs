//! From a trace to something readable. Plain data in, plain data out: no view ever sees a world.
//!
//! [`dissection`] takes a frame apart, [`octets`] dumps it, [`words`] names it. [`ladder`] is the
//! run as rows between lifelines, [`story`] tells a record in two voices, [`events`] writes records
//! as lines and as JSON, [`sockets`] is the table that `ss` would print, and [`pcapng`] the capture
//! that Wireshark opens. [`code`] sets programs' sources beside what they did, and [`cause`] says
//! which line caused a packet.

pub mod words;

mod carried;

mod options;

mod packets;
mod values;

pub mod dissection;

pub mod octets;

pub mod story;

pub mod ladder;

pub mod events;

pub mod console;

pub mod code;

pub mod cause;

pub mod journey;

pub mod sockets;

pub mod pcapng;

pub use dissection::{Dissection, FieldView, Section, dissect, dissect_whole};
pub use journey::{Journey, journey};
pub use ladder::{Arrow, End, Hops, Ladder, RowKind, RowView, Text};
pub use story::{Told, tell, tell_with_line};
pub use words::{Summary, summary};
