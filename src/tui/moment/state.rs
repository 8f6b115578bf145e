//! What a device keeps at the cursor.

use crate::base::{Duration, NodeId};
use crate::node::{Inspection, SocketKind};
use crate::tui::panes::state::{Connection, Status, Table};
use crate::tui::walk::Walk;

/// The state of `node`.
pub(super) fn status(walk: &Walk, node: Option<NodeId>) -> Status {
    let Some(node) = node else { return Status::default() };
    let legend = walk.trace().legend();
    if node.index() >= legend.nodes.len() {
        return Status::default();
    }
    let inspection = walk.timeline().world().inspect(node);
    Status {
        node: legend.name(node).to_owned(),
        connection: connection(&inspection),
        tables: tables(&inspection),
    }
}

fn connection(inspection: &Inspection) -> Option<Connection> {
    let socket = inspection.sockets.iter().rev().find(|socket| socket.tcp.is_some())?;
    let variables = socket.tcp.as_deref()?;
    let remote = socket.remote.map_or_else(String::new, |remote| remote.to_string());
    Some(Connection {
        ends: format!("{} ↔ {remote}", socket.local),
        state: variables.state,
        ..Connection::default()
    })
}

fn tables(inspection: &Inspection) -> Vec<Table> {
    let head = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut sockets = vec![head(&["kind", "here", "peer"])];
    sockets.extend(inspection.sockets.iter().map(|socket| {
        let kind = match socket.kind {
            SocketKind::TcpListener { backlog, waiting } => format!("LISTEN {waiting}/{backlog}"),
            SocketKind::Tcp => "TCP".to_owned(),
            SocketKind::Udp => "UDP".to_owned(),
        };
        let remote = socket.remote.map_or_else(|| "*".to_owned(), |remote| remote.to_string());
        vec![kind, socket.local.to_string(), remote]
    }));
    let mut routes = vec![head(&["to", "through", "by"])];
    routes.extend(inspection.routes.iter().map(|route| {
        let hop = route.next_hop.map_or_else(|| "own network".to_owned(), |hop| hop.to_string());
        vec![route.destination.to_string(), hop, route.interface.to_string()]
    }));
    let _ = Duration::ZERO;
    vec![Table { title: "Sockets", rows: sockets }, Table { title: "Routes", rows: routes }]
}
