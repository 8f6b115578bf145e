//! Layer 4: from program to program.

pub mod tcp;

use std::fmt;
use std::net::Ipv4Addr;

/// An address and a port: one end of a conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Endpoint {
    /// The host's address.
    pub address: Ipv4Addr,
    /// The program's port.
    pub port: u16,
}

impl Endpoint {
    /// Nothing yet: what a listening socket has in place of its peer.
    pub const UNSPECIFIED: Self = Self { address: Ipv4Addr::UNSPECIFIED, port: 0 };

    /// An address and a port.
    pub const fn new(address: Ipv4Addr, port: u16) -> Self {
        Self { address, port }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.address, self.port)
    }
}
