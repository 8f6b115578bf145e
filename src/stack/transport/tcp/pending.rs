//! Shapes that the host needs, until the machine is there. This file goes when it comes.

use super::{Connection, Flags, Header, SeqNumber, State};
use crate::base::{Instant, Malformed};
use crate::stack::{Field, Telling};
use crate::stack::transport::Endpoint;
use std::fmt;
use std::net::Ipv4Addr;

/// What is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The state changed.
    Entered {
        /// The state before.
        from: State,
        /// The state now.
        to: State,
        /// What led there.
        on: super::Trigger,
    },
    /// A RST was sent for a segment without a connection.
    ResetSent,
    /// The backlog is full: the SYN is dropped.
    BacklogFull {
        /// How many connections may be half open.
        backlog: u16,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        None
    }
    fn source(&self) -> &'static str {
        "RFC 9293 §3.10.7.1"
    }
}

/// A connection's variables.
#[derive(Clone, PartialEq, Debug)]
pub struct Variables {
    /// The state.
    pub state: State,
}

/// The RST that answers a segment without a connection.
pub fn reset_for(_header: &Header, _payload_len: u32) -> Option<Header> {
    None
}

/// The first sequence number of a connection.
pub fn initial_sequence_number(_: Instant, _: u64, _: Endpoint, _: Endpoint) -> SeqNumber {
    SeqNumber(0)
}

impl Connection {
    /// Variables.
    pub fn variables(&self) -> Variables {
        Variables { state: self.state() }
    }
    /// Whether a SYN reopens it.
    pub fn reopens(&self, _header: &Header) -> bool {
        false
    }
    /// Octets held.
    pub fn buffered(&self) -> u64 {
        0
    }
    /// It was open (or opening) and is no more.
    pub fn is_over(&self) -> bool {
        false
    }
    /// The path takes packets of so many octets.
    pub fn limit_path_mtu(&mut self, _mtu: u16) {}
}

impl Flags {
    /// SYN.
    pub const SYN: Self = Self(2);
    /// RST.
    pub const RST: Self = Self(4);
    /// ACK.
    pub const ACK: Self = Self(16);
    /// Whether all of these are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
    /// Whether any of these is set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl std::ops::BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Header {
    /// Parse.
    pub fn parse(_: &[u8], _: Ipv4Addr, _: Ipv4Addr) -> Result<(Self, usize), Malformed> {
        Err(Malformed { protocol: "TCP", at: 0, expected: "a machine" })
    }
    /// Emit.
    pub fn emit(&self, _: Ipv4Addr, _: Ipv4Addr, _: (&[u8], &[u8]), _: &mut Vec<u8>) {}
}

/// The header's fields.
pub const FIELDS: &[Field] = &[];
