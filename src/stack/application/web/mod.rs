//! The web's protocols put together: a server and a client as one machine each, over connections
//! that somebody else owns.
//!
//! HTTP, WebSocket, Engine.IO and Socket.IO are machines that do not know each other. Here is what
//! a program on a host makes of them: a connection begins with HTTP and may become a WebSocket, which
//! may carry an Engine.IO session, which may carry Socket.IO. A host gives them its TCP connections
//! and its time; so does a loopback port of the real machine (`examples/serve.rs`), and neither
//! knows more of the protocols than [`Input`] and [`Output`].
//!
//! Read `interface` first, then `site` (what a server serves) and `server`, then `visit` (what a
//! client does) and `client`. What happens at an endpoint, to an event, at a step is decided in
//! `serve`, `rules` and `steps`, or, of a machine that is driven, by a program outside: see
//! `program`.

mod client;
mod hub;
mod interface;
mod line;
mod lines;
mod orders;
mod program;
mod rules;
mod serve;
mod server;
mod session;
mod site;
mod steps;
#[cfg(test)]
mod tests;
mod visit;
mod work;

pub use client::Client;
pub use interface::{Input, News, Output, Protocol, Unit};
pub use program::{Call, Indication, Opened, Order};
pub use server::Server;
pub use site::{Endpoint, Gathering, Manner, Push, Reaction, Route, Rule, Site};
pub use visit::{Action, Speaks, Step, Visit};
