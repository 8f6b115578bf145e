//! Layer 3: packets across networks.
//!
//! [`ipv4`] is the packet and its addresses, [`icmp`] what the network says about packets.

pub mod ipv4;

pub mod icmp;
