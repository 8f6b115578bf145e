//! TCP.

pub mod config;
pub mod connection;
mod pending;
pub mod segment;
pub mod seq;
pub mod state;

pub use config::{Algorithm, Config};
pub use connection::{Connection, Indication, Input, Misuse, Output, Transmit};
pub use pending::{FIELDS, Note, Variables, initial_sequence_number, reset_for};
pub use segment::{Flags, Header, Options, SackBlocks};
pub use seq::SeqNumber;
pub use state::{State, Trigger};
