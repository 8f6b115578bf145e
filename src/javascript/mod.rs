//! Programs written in JavaScript, each in an engine of its own.
//!
//! A program is a pure function of what it is told ([`Told`]): it runs its handlers until nothing is
//! left to do at once, and answers with what it asks for ([`Answer`]). It sees no clock, no file, no
//! thread and no socket but by these. So its whole state is its text and the list of what it was
//! told ([`History`]), and going back in time is telling again.
//!
//! The engine is QuickJS-NG, by `rquickjs` and without a line of `unsafe` here. Under `library/` lies
//! what a program finds there: node's and the browser's interfaces, in JavaScript.
//!
//! Beneath the screen nothing else has interior mutability. Here it has two uses, and neither can be
//! seen from outside: the functions that an engine calls share its state with its owner
//! (`shared.rs`), and the clones of a history share a running engine, which only saves time
//! (`history.rs`).

mod check;
mod convert;
mod engine;
mod faults;
mod frames;
mod history;
mod host;
mod interface;
mod library;
mod loops;
mod messages;
mod modules;
mod shared;
#[cfg(test)]
mod tests;

pub use check::check;
pub use history::History;
pub use interface::{Answer, Call, Fault, FaultKind, Limits, Place, Script, Source, Told, Value};
