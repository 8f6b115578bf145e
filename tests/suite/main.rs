//! The one integration test binary; a module a concern.

mod diagnostics;
mod network;
mod scenarios;
mod time_travel;
mod wire;
