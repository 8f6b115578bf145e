//! Layer 6: duties that give octets a meaning.
//!
//! No Internet protocol lives here alone. What several protocols above share (text encodings,
//! base64, JSON) will stand here.
