//! The words that every room uses. This room knows nothing of networks and imports nothing.

mod chunk;
pub mod id;
pub mod octets;
pub mod rate;
pub mod rng;
pub mod time;

pub use chunk::{Chunk, Octets};
pub use id::{FrameId, InterfaceId, LinkId, NodeId, SocketId};
pub use octets::Malformed;
pub use rate::Rate;
pub use rng::{Fork, Rng};
pub use time::{Duration, Instant};

/// A quick map that hashes the same on every machine: looked up, never iterated.
#[expect(clippy::disallowed_types, reason = "with this hasher the map is not randomly seeded")]
pub type FxHashMap<K, V> = std::collections::HashMap<K, V, rustc_hash::FxBuildHasher>;
