//! WebSocket: messages both ways over one TCP connection, opened by an HTTP request (RFC 6455),
//! compressed if both ends like (RFC 7692).
//!
//! Read [`frame`] for the octets, [`state`] for the diagram, then [`Connection`], the machine for
//! both roles.
//!
//! | file | what | RFC |
//! |---|---|---|
//! | `frame`, `violation` | the header, the mask, the rules and their codes | 6455 §5, §7.4 |
//! | `handshake`, `negotiate` | request and answer, and each end's checks | 6455 §4; 7692 §5, §7.1 |
//! | `state` | the diagram as data | 6455 §4.1, §7.1 |
//! | `connection`, `interface`, `config` | the machine, what it takes and gives, its settings | 6455 §6, §7 |
//! | `opening` | the opening handshake as it happens | 6455 §4 |
//! | `receive`, `send` | from octets to messages and back | 6455 §5, §6, §8.1 |
//! | `deflate` | compression | 7692 §7.2 |
//! | `note` | what is worth telling | |
//!
//! A broken rule is answered by a Close frame with the code, then TCP is closed, by either role
//! (§7.1.7 lets an end close TCP at once, which would leave the peer without the reason).
//!
//! Left out, and what a student would notice: no TLS (`wss`), no redirects and no authentication in
//! the handshake, no extension but permessage-deflate, no compression window of 256 octets. A
//! compressed message is inflated, and its text checked, when it is complete. HTTP/2 (RFC 8441) is
//! not spoken.

mod config;
mod connection;
mod deflate;
pub mod frame;
pub mod handshake;
mod interface;
mod negotiate;
mod note;
mod opening;
mod receive;
mod send;
pub mod state;
mod violation;

#[cfg(test)]
mod tests;

pub use config::{Config, Opening};
pub use connection::Connection;
pub use frame::{FIELDS, Header, Opcode, fields_of};
pub use handshake::Refusal;
pub use interface::{Indication, Input, Misuse, Output, Role};
pub use negotiate::Parameters;
pub use note::Note;
pub use state::{State, Trigger};
pub use violation::{Violation, may_be_sent};
