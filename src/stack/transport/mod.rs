//! Layer 4: from program to program.

pub mod tcp;
pub mod udp;

use crate::base::octets::Checksum;
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

/// The sum over the pseudo-header that TCP and UDP put in front of their own (RFC 9293 §3.1,
/// RFC 768): it ties a segment to the addresses that the network layer carries. `length` is that
/// of the transport's header and payload.
pub fn pseudo_header(
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: u8,
    length: u16,
) -> Checksum {
    Checksum::new()
        .add(&source.octets())
        .add(&destination.octets())
        .add_word(protocol.into())
        .add_word(length)
}
