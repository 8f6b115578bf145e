//! The one integration test binary; a module a concern.

mod cli;
mod diagnostics;
mod filters;
mod hosts;
mod laws;
mod network;
mod scenarios;
mod screens;
mod tcp;
mod tcp_pair;
mod tcp_wire;
mod terminal;
mod time_travel;
mod transitions;
mod views;
mod wire;
