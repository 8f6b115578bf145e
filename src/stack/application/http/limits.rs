//! How much of a peer's octets is taken.

/// What a reader takes at most. Each limit is checked before memory is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Octets of a start line or of a chunk's size line. 8,000 is what RFC 9112 §3 recommends.
    pub line_max: usize,
    /// How many header fields.
    pub fields_max: usize,
    /// Octets of all header fields together, and once more of all trailers.
    pub fields_octets_max: usize,
    /// Octets of a body.
    pub body_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line_max: 8000, fields_max: 100, fields_octets_max: 16 << 10, body_max: 1 << 20 }
    }
}
