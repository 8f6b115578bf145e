//! The table of sockets that `ss` would print.

use crate::node::{Inspection, SocketKind, SocketView};
use std::fmt;

/// A device's sockets; `Display` draws the table.
#[derive(Clone, Copy, Debug)]
pub struct Sockets<'a>(pub &'a Inspection);

/// What `ss` calls the state of a socket: `LISTEN`, `ESTABLISHED`, `UNCONN`.
pub fn state(socket: &SocketView) -> &'static str {
    match (&socket.kind, &socket.tcp) {
        (SocketKind::TcpListener { .. }, _) => "LISTEN",
        (SocketKind::Tcp, Some(variables)) => variables.state.name(),
        (SocketKind::Tcp, None) | (SocketKind::Udp, _) => "UNCONN",
    }
}

/// `tcp` or `udp`.
pub const fn protocol(socket: &SocketView) -> &'static str {
    match socket.kind {
        SocketKind::TcpListener { .. } | SocketKind::Tcp => "tcp",
        SocketKind::Udp => "udp",
    }
}

impl fmt::Display for Sockets<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<5} {:<13} {:<21} peer", "proto", "state", "local")?;
        for socket in &self.0.sockets {
            let peer = socket.remote.map_or_else(|| "*".into(), |remote| remote.to_string());
            let local = socket.local.to_string();
            writeln!(f, "{:<5} {:<13} {local:<21} {peer}", protocol(socket), state(socket))?;
        }
        Ok(())
    }
}
