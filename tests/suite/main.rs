//! The one integration test binary; a module a concern.

mod diagnostics;
mod network;
mod scenarios;
mod tcp_pair;
mod time_travel;
mod wire;
