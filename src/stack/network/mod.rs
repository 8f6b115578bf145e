//! Layer 3: packets across networks.
