//! The conversations that a machine of the web has, from HTTP up, for whoever looks at a host.

use crate::base::SocketId;
use crate::node::inspect::Conversation;
use crate::stack::application::web::{Client, Protocol, Server};
use crate::stack::application::{engine_io, socket_io};
use std::fmt::Display;

/// Those of a server; `socket` says on which socket a connection is.
pub(super) fn of_server(
    machine: &Server,
    socket: impl Fn(u64) -> Option<SocketId>,
) -> Vec<Conversation> {
    let on = |connection| place(socket(connection));
    let http = machine.http().map(|(c, http)| made(Protocol::Http, &http.state(), &on(c)));
    let websockets = machine.websockets();
    let websockets = websockets.map(|(c, ws)| made(Protocol::WebSocket, &ws.state(), &on(c)));
    let sessions = machine.sessions().into_iter().flat_map(engine_io::Server::sessions);
    let sessions = sessions.map(|(id, state)| made(Protocol::EngineIo, &state, &id));
    let sockets = machine.sockets().into_iter().flat_map(socket_io::Server::sockets);
    let sockets = sockets.map(|(id, namespace, state)| {
        made(Protocol::SocketIo, &state, &format!("{namespace} {id}"))
    });
    http.chain(websockets).chain(sessions).chain(sockets).collect()
}

/// Those of a client.
pub(super) fn of_client(
    machine: &Client,
    socket: impl Fn(u64) -> Option<SocketId>,
) -> Vec<Conversation> {
    let on = |connection| place(socket(connection));
    let http = machine.http().map(|(c, http)| made(Protocol::Http, &http.state(), &on(c)));
    let websockets = machine.websockets();
    let websockets = websockets.map(|(c, ws)| made(Protocol::WebSocket, &ws.state(), &on(c)));
    let engine = machine.engine().map(|engine| {
        let sid = engine.open_packet().map_or_else(String::new, |open| open.sid.clone());
        made(Protocol::EngineIo, &engine.state(), &sid)
    });
    let sockets = machine.sockets().into_iter().flat_map(socket_io::Client::sockets);
    let sockets = sockets.map(|(namespace, state, sid)| {
        made(Protocol::SocketIo, &state, &format!("{namespace} {}", sid.unwrap_or_default()))
    });
    http.chain(websockets).chain(engine).chain(sockets).collect()
}

fn place(socket: Option<SocketId>) -> String {
    socket.map_or_else(|| "closed".to_owned(), |socket| format!("socket {}", socket.0))
}

fn made(protocol: Protocol, state: &dyn Display, about: &dyn Display) -> Conversation {
    Conversation { protocol, state: state.to_string(), about: about.to_string() }
}
