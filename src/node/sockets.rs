//! Which socket a segment or a datagram belongs to.

use super::{Alarm, Context, Due, Timer};
use crate::base::{FxHashMap, Instant, SocketId};
use crate::stack::Machine as _;
use crate::stack::transport::Endpoint;
use crate::stack::transport::tcp::{Config, Connection, Remnant};
use hashbrown::HashTable;
use std::hash::BuildHasher as _;
use std::rc::Rc;

/// One socket.
#[derive(Clone, Debug)]
pub(super) struct Socket {
    /// The place of the program that owns it.
    pub(super) program: u16,
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    pub(super) kind: Kind,
    alarm: Alarm,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Waits for connections.
    Listener {
        /// How many connections may be half open at once.
        backlog: u16,
        /// How many are.
        waiting: u16,
    },
    /// One connection.
    Connection {
        /// The machine.
        machine: Box<Connection>,
        /// The listener that it came from, until the program has been told of it.
        listener: Option<SocketId>,
    },
    /// What is left of one that waits in TIME-WAIT.
    TimeWait(Remnant),
    /// Takes datagrams.
    Datagram,
}

/// All sockets of a host. Every look-up is by hash or by place; none is linear in their number.
#[derive(Clone, Debug)]
pub(super) struct SocketTable {
    slots: Vec<Option<Socket>>,
    free: Vec<u32>,
    /// By the hash of their two ends.
    connections: HashTable<SocketId>,
    listeners: FxHashMap<u16, SocketId>,
    datagrams: FxHashMap<u16, SocketId>,
    limit: u32,
    next_port: u16,
    /// Sockets whose deadline may have changed in this step.
    touched: Vec<SocketId>,
    /// What the last connection was set to, for the next one to share.
    config: Option<Rc<Config>>,
}

/// The first of the ports that are given out (RFC 6335 §6).
const FIRST_EPHEMERAL: u16 = 49_152;

impl SocketTable {
    pub(super) fn new(limit: u32) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            connections: HashTable::new(),
            listeners: FxHashMap::default(),
            datagrams: FxHashMap::default(),
            limit,
            next_port: FIRST_EPHEMERAL,
            touched: Vec::new(),
            config: None,
        }
    }

    pub(super) fn get(&self, id: SocketId) -> Option<&Socket> {
        self.slots.get(id.index())?.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: SocketId) -> Option<&mut Socket> {
        self.slots.get_mut(id.index())?.as_mut()
    }

    /// What the last connection was set to.
    pub(super) fn config(&self) -> Rc<Config> {
        self.config.clone().unwrap_or_default()
    }

    /// These settings, shared with the last connection if it was set alike.
    pub(super) fn share(&mut self, config: Config) -> Rc<Config> {
        match &self.config {
            Some(last) if **last == config => Rc::clone(last),
            Some(_) | None => Rc::clone(self.config.insert(Rc::new(config))),
        }
    }

    /// A connection's machine, whole; whoever takes it may change its deadline.
    pub(super) fn machine_mut(&mut self, id: SocketId) -> Option<&mut Connection> {
        self.touched.push(id);
        let Socket { kind, local, remote, .. } = self.slots.get_mut(id.index())?.as_mut()?;
        if let Kind::TimeWait(remnant) = kind {
            let config = self.config.clone().unwrap_or_default();
            let whole = Connection::unfold(remnant, config, *local, *remote);
            *kind = Kind::Connection { machine: Box::new(whole), listener: None };
        }
        match kind {
            Kind::Connection { machine, .. } => Some(machine),
            Kind::TimeWait(_) | Kind::Listener { .. } | Kind::Datagram => None,
        }
    }

    pub(super) fn machine(&self, id: SocketId) -> Option<&Connection> {
        match &self.get(id)?.kind {
            Kind::Connection { machine, .. } => Some(machine),
            Kind::TimeWait(_) | Kind::Listener { .. } | Kind::Datagram => None,
        }
    }

    /// The connection between these two ends.
    pub(super) fn connection(&self, local: Endpoint, remote: Endpoint) -> Option<SocketId> {
        let ends = (local, remote);
        self.connections.find(hash(ends), |&id| ends_of(&self.slots, id) == Some(ends)).copied()
    }

    /// The socket that listens on a port.
    pub(super) fn listener(&self, port: u16) -> Option<SocketId> {
        self.listeners.get(&port).copied()
    }

    /// The socket that takes datagrams on a port, and its program.
    pub(super) fn datagram_socket(&self, port: u16) -> Option<(SocketId, u16)> {
        let id = *self.datagrams.get(&port)?;
        Some((id, self.get(id)?.program))
    }

    /// Adds a socket; `None` if there may be no more, or its place is taken.
    pub(super) fn add(
        &mut self,
        program: u16,
        local: Endpoint,
        remote: Endpoint,
        kind: Kind,
    ) -> Option<SocketId> {
        if self.slots.len() - self.free.len() >= self.limit as usize {
            return None;
        }
        let place = self.free.last().copied().unwrap_or(self.slots.len() as u32);
        let id = SocketId(place);
        let taken = match kind {
            Kind::Listener { .. } => self.listeners.contains_key(&local.port),
            Kind::Connection { .. } | Kind::TimeWait(_) => self.connection(local, remote).is_some(),
            Kind::Datagram => self.datagrams.contains_key(&local.port),
        };
        if taken {
            return None;
        }
        match kind {
            Kind::Listener { .. } => {
                self.listeners.insert(local.port, id);
            }
            Kind::Connection { .. } | Kind::TimeWait(_) => {
                let slots = &self.slots;
                let hash_of = |&id: &SocketId| ends_of(slots, id).map_or(0, hash);
                self.connections.insert_unique(hash((local, remote)), id, hash_of);
            }
            Kind::Datagram => {
                self.datagrams.insert(local.port, id);
            }
        }
        let socket = Some(Socket { program, local, remote, kind, alarm: Alarm::default() });
        if self.free.pop().is_some() {
            self.slots[id.index()] = socket;
        } else {
            self.slots.push(socket);
        }
        Some(id)
    }

    /// Whether there may be no more sockets.
    pub(super) fn is_full(&self) -> Option<u32> {
        (self.slots.len() - self.free.len() >= self.limit as usize).then_some(self.limit)
    }

    /// Takes a socket away.
    pub(super) fn remove(&mut self, id: SocketId) -> Option<Socket> {
        if let Some(ends) = ends_of(&self.slots, id)
            && let Ok(entry) = self.connections.find_entry(hash(ends), |&other| other == id)
        {
            entry.remove();
        }
        let socket = self.slots.get_mut(id.index())?.take()?;
        self.free.push(id.0);
        match &socket.kind {
            Kind::Listener { .. } => {
                self.listeners.remove(&socket.local.port);
            }
            Kind::Datagram => {
                self.datagrams.remove(&socket.local.port);
            }
            Kind::Connection { listener, .. } => self.leave_backlog(*listener),
            Kind::TimeWait(_) => {}
        }
        Some(socket)
    }

    /// A connection has been told to its program (or has died before): its listener has room again.
    pub(super) fn leave_backlog(&mut self, listener: Option<SocketId>) {
        if let Some(Socket { kind: Kind::Listener { waiting, .. }, .. }) =
            listener.and_then(|id| self.get_mut(id))
        {
            *waiting = waiting.saturating_sub(1);
        }
    }

    /// A local port that nobody uses; they are given out in order.
    pub(super) fn free_port(
        &mut self,
        address: std::net::Ipv4Addr,
        remote: Option<Endpoint>,
    ) -> Option<u16> {
        for _ in FIRST_EPHEMERAL..=u16::MAX {
            let port = self.next_port;
            self.next_port = if port == u16::MAX { FIRST_EPHEMERAL } else { port + 1 };
            let taken = match remote {
                Some(remote) => self.connection(Endpoint::new(address, port), remote).is_some(),
                None => self.datagrams.contains_key(&port),
            };
            if !taken {
                return Some(port);
            }
        }
        None
    }

    pub(super) fn due(&mut self, now: Instant, id: SocketId) -> Due {
        match self.slots.get_mut(id.index()) {
            Some(Some(Socket { kind: Kind::Connection { machine, .. }, alarm, .. })) => {
                alarm.due(now, machine.deadline())
            }
            Some(Some(Socket { kind: Kind::TimeWait(remnant), alarm, .. })) => {
                alarm.due(now, Some(remnant.until))
            }
            Some(_) | None => Due::Gone,
        }
    }

    /// Sees that every connection touched in this step will be called when it wants to be. One
    /// that only waits in TIME-WAIT from now on is folded.
    pub(super) fn set_alarms(&mut self, context: &mut Context<'_>) {
        while let Some(id) = self.touched.pop() {
            if let Some(Some(Socket { kind, alarm, .. })) = self.slots.get_mut(id.index())
                && let Kind::Connection { machine, .. } = kind
            {
                alarm.set(Timer::Socket(id), machine.deadline(), context);
                if let Some(remnant) = machine.fold() {
                    *kind = Kind::TimeWait(remnant);
                }
            }
        }
    }

    /// All sockets, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SocketId, &Socket)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(place, slot)| Some((SocketId(place as u32), slot.as_ref()?)))
    }

    pub(super) fn weight(&self) -> u64 {
        let each = |socket: &Socket| match &socket.kind {
            Kind::Connection { machine, .. } => 1024 + machine.weight(),
            Kind::TimeWait(_) | Kind::Listener { .. } | Kind::Datagram => 96,
        };
        self.iter().map(|(_, socket)| each(socket)).sum()
    }
}

/// Where connections between these two ends stand in the table.
fn hash(ends: (Endpoint, Endpoint)) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(ends)
}

fn ends_of(slots: &[Option<Socket>], id: SocketId) -> Option<(Endpoint, Endpoint)> {
    let socket = slots.get(id.index())?.as_ref()?;
    Some((socket.local, socket.remote))
}
