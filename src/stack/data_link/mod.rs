//! Layer 2: frames to the neighbour.
