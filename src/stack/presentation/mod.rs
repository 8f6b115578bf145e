//! Layer 6: duties that give octets a meaning.
//!
//! No Internet protocol lives here alone. What several protocols above share stands here: [`utf8`]
//! is text that may arrive cut anywhere. Base64, SHA-1, deflate and JSON come from kept crates.

pub mod utf8;
