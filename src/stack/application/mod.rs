//! Layer 7: what programs say to each other.
//!
//! The programs of [`node`](crate::node) send plain octets so far: lines of text and bulk data need
//! no protocol of their own.
