//! The one integration test binary; a module a concern.

mod diagnostics;
mod network;
mod time_travel;
mod wire;
