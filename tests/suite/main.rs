//! The one integration test binary; a module a concern.
mod network;
mod time_travel;
