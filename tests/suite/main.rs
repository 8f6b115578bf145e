//! The one integration test binary; a module a concern.

mod cli;
mod diagnostics;
mod filters;
mod generators;
mod hosts;
mod javascript;
mod judges;
mod laws;
mod network;
mod routes;
mod scenarios;
mod screens;
mod summaries;
mod swarm;
mod sweep;
mod tcp;
mod tcp_pair;
mod tcp_wire;
mod terminal;
mod tidy;
mod time_travel;
mod transitions;
mod views;
mod web;
mod wire;
