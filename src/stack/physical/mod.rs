//! Layer 1: bits on a medium.
