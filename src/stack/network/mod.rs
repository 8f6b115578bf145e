//! Layer 3: packets across networks.
//!
//! [`ipv4`] is the packet and its addresses, [`icmp`] what the network says about packets,
//! [`route`] where a packet goes next, [`fragment`] cutting and joining what does not fit, [`pmtu`]
//! what fits the whole way.

pub mod ipv4;

pub mod icmp;

pub mod route;

pub mod fragment;

pub mod pmtu;
