//! What happens to a program's sockets, and how it is told.

use super::stations::{Station, Tcp};
use super::{JavaScript, Todo, made, number};
use crate::base::{Chunk, SocketId};
use crate::javascript::Value;
use crate::node::calls::Desk;
use crate::node::program::NetworkError;
use crate::node::program::client::ending;
use crate::node::program::lines::WAITING_MAX;
use crate::stack::application::web::Input;
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::Indication;
use crate::trace::ProgramNote;

/// The most that one handler gets at once, as node reads.
const READ_MAX: usize = 64 << 10;

/// An end of a connection, as two arguments.
pub(super) fn end(endpoint: Endpoint) -> [Value; 2] {
    [Value::Text(endpoint.address.to_string().into()), u64::from(endpoint.port).into()]
}

/// Why a connection is over, as node names it (`errno`).
const fn code(over: Indication) -> &'static str {
    match over {
        Indication::Refused => "ECONNREFUSED",
        Indication::TimedOut => "ETIMEDOUT",
        Indication::Unreachable => "EHOSTUNREACH",
        _ => "ECONNRESET",
    }
}

impl JavaScript {
    pub(super) fn accepted(&mut self, socket: SocketId, remote: Endpoint, desk: &mut Desk<'_, '_>) {
        let local = desk.local(socket);
        let Some((&server, station)) =
            self.stations.iter().find(|(_, station)| station.listens_on() == Some(local.port))
        else {
            return desk.close(socket);
        };
        let is_web = matches!(station, Station::Web(_));
        desk.say(ProgramNote::Accepted(remote));
        let connection = self.next;
        self.next += 1;
        if is_web {
            desk.no_delay(socket);
            self.servers.insert(connection, server);
            self.lines.add((server, connection), socket);
            self.give(server, Input::Opened { connection }, desk);
            return self.pass_on((server, connection), socket, desk);
        }
        let handle = made(connection);
        self.stations.insert(handle, Station::Tcp(Tcp { open: true, ..Tcp::default() }));
        self.lines.add((handle, 0), socket);
        let mut arguments = vec![number(server), number(handle)];
        arguments.extend(end(local).into_iter().chain(end(remote)));
        self.tell("accepted", arguments);
        self.queue.push_back(Todo::Read(handle));
    }

    pub(super) fn hear(
        &mut self,
        socket: SocketId,
        indication: Indication,
        desk: &mut Desk<'_, '_>,
    ) {
        let Some(key) = self.lines.key(socket) else { return };
        let is_own = matches!(self.stations.get(&key.0), Some(Station::Tcp(_)));
        match indication {
            Indication::Writable => {
                self.write(key, desk);
                if is_own { self.close_if_over(key.0) } else { self.pass_on(key, socket, desk) }
            }
            _ if is_own => self.hear_own(key.0, socket, indication, desk),
            Indication::Connected => {
                desk.say_connected(socket);
                self.give(key.0, Input::Opened { connection: key.1 }, desk);
            }
            Indication::Readable => self.pass_on(key, socket, desk),
            Indication::PeerClosed => {
                desk.say(ProgramNote::PeerClosed);
                self.give(key.0, Input::PeerClosed { connection: key.1 }, desk);
            }
            over => {
                if let Some(note) = ending(over) {
                    desk.say(note);
                    self.lose(key, code(over), desk);
                }
            }
        }
    }

    /// News of a connection of the program's own.
    fn hear_own(
        &mut self,
        handle: i64,
        socket: SocketId,
        indication: Indication,
        desk: &mut Desk<'_, '_>,
    ) {
        let Some(Station::Tcp(tcp)) = self.stations.get_mut(&handle) else { return };
        match indication {
            Indication::Connected => {
                tcp.open = true;
                desk.say_connected(socket);
                let mut arguments = vec![number(handle)];
                arguments
                    .extend(end(desk.local(socket)).into_iter().chain(end(desk.remote(socket))));
                self.tell("connected", arguments);
            }
            Indication::Readable => self.read(handle, desk),
            Indication::PeerClosed => {
                tcp.peer_closed = true;
                desk.say(ProgramNote::PeerClosed);
                self.read(handle, desk);
            }
            over => {
                let Some(note) = ending(over) else { return };
                let (open, all_told) = (tcp.open, tcp.end_told);
                desk.say(note);
                self.stations.remove(&handle);
                self.lines.remove((handle, 0));
                match over {
                    Indication::Closed => {
                        if !all_told {
                            self.tell("end", vec![number(handle)]);
                        }
                        self.tell("closed", vec![number(handle), Value::Null]);
                    }
                    _ if open => self.closed_by(handle, code(over)),
                    _ => self.fail(handle, code(over)),
                }
            }
        }
    }

    fn closed_by(&mut self, handle: i64, code: &str) {
        self.tell("closed", vec![number(handle), Value::Text(code.into())]);
    }

    /// Reads once for a connection of the program's own, unless it wants no more; what is left is read
    /// when the program has had its say.
    pub(super) fn read(&mut self, handle: i64, desk: &mut Desk<'_, '_>) {
        let Some(socket) = self.lines.socket((handle, 0)) else { return };
        let Some(Station::Tcp(tcp)) = self.stations.get_mut(&handle) else { return };
        if tcp.paused || !tcp.open {
            return;
        }
        let octets = desk.read(socket, READ_MAX);
        let ends = tcp.peer_closed && desk.readable(socket) == 0;
        let tells_end = ends && !tcp.end_told;
        tcp.end_told |= ends;
        if !octets.is_empty() {
            self.tell("data", vec![number(handle), Value::Octets(octets)]);
            if !ends {
                self.queue.push_back(Todo::Read(handle));
            }
        }
        if tells_end {
            self.tell("end", vec![number(handle)]);
            self.close_if_over(handle);
        }
    }

    /// Tells the program that a connection is over once both directions are.
    pub(super) fn close_if_over(&mut self, handle: i64) {
        let Some(Station::Tcp(tcp)) = self.stations.get(&handle) else { return };
        if tcp.ended && tcp.end_told && self.lines.waiting((handle, 0)) == 0 {
            self.stations.remove(&handle);
            self.lines.remove((handle, 0));
            self.tell("closed", vec![number(handle), Value::Null]);
        }
    }

    /// Writes octets to a connection.
    pub(super) fn send(&mut self, key: (i64, u64), octets: Chunk, desk: &mut Desk<'_, '_>) {
        self.lines.send(key, octets, desk);
        self.written.push(key);
        if self.lines.waiting(key) > WAITING_MAX {
            desk.say(ProgramNote::Failed("too much waits for a peer that does not read"));
            if let Some(socket) = self.lines.remove(key) {
                desk.abort(socket);
            }
            if let Some(Station::Tcp(_)) = self.stations.get(&key.0) {
                self.stations.remove(&key.0);
                return self.closed_by(key.0, "ENOBUFS");
            }
            self.lose(key, "ENOBUFS", desk);
        }
    }

    /// There is room again on a connection.
    fn write(&mut self, key: (i64, u64), desk: &mut Desk<'_, '_>) {
        let before = self.lines.waiting(key);
        self.lines.write(key, desk);
        if self.lines.waiting(key) < before {
            self.tell_waiting(key);
        }
    }

    /// Tells the program what still waits on a connection.
    pub(super) fn tell_waiting(&mut self, key: (i64, u64)) {
        if let Some(handle) = self.handle_of(key) {
            let waiting = self.lines.waiting(key) as u64;
            self.tell("drained", vec![number(handle), waiting.into()]);
        }
    }

    pub(super) fn datagram(
        &mut self,
        port: u16,
        from: Endpoint,
        data: Chunk,
        desk: &mut Desk<'_, '_>,
    ) {
        let excerpt = desk.context.trace.keep(&data);
        desk.say(ProgramNote::ReceivedFrom { from, octets: data.len() as u32, excerpt });
        let is_it =
            |station: &Station| matches!(station, Station::Udp { port: own } if *own == port);
        let Some((&handle, _)) = self.stations.iter().find(|(_, station)| is_it(station)) else {
            return;
        };
        let mut arguments = vec![number(handle), Value::Octets(data)];
        arguments.extend(end(from));
        self.tell("datagram", arguments);
    }

    /// The network says that a datagram did not arrive. As under node, a socket that is not connected
    /// does not learn of it; the learner does.
    pub(super) fn error(peer: Endpoint, error: NetworkError, desk: &mut Desk<'_, '_>) {
        desk.say(match error {
            NetworkError::PortUnreachable => ProgramNote::Refused,
            _ => ProgramNote::Unreachable(peer.address),
        });
    }
}
