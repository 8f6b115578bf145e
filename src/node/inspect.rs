//! What is so now at a device, as plain data for screens.

use super::program::{Program, Tally};
use super::sockets::{Kind, Socket};
use super::{Host, Node};
use crate::base::{Instant, InterfaceId, SocketId};
use crate::javascript::Script;
use crate::plan::blueprint::{InterfacePlan, NodeKind};
use crate::stack::application::web;
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::data_link::{arp, bridge};
use crate::stack::network::ipv4::Cidr;
use crate::stack::transport::{Endpoint, tcp};
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;

/// A device at one moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Inspection {
    /// What it is.
    pub kind: NodeKind,
    /// Its interfaces, by number.
    pub interfaces: Vec<InterfaceView>,
    /// What ARP knows and asks.
    pub neighbours: Vec<arp::Entry>,
    /// Its routes, the longest prefix first.
    pub routes: Vec<RouteView>,
    /// Its sockets, by number.
    pub sockets: Vec<SocketView>,
    /// What its programs counted, by their places.
    pub tallies: Vec<Tally>,
    /// The conversations of layer 7 that programs have.
    pub conversations: Vec<Conversation>,
    /// The sources of its programs in JavaScript, by the programs' places; `None` for others.
    pub scripts: Vec<Option<Arc<Script>>>,
    /// What a switch has learnt.
    pub mac_table: Vec<bridge::Entry>,
}

/// An interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InterfaceView {
    /// Its hardware address.
    pub mac: MacAddress,
    /// Its address and network.
    pub address: Option<Cidr>,
    /// The largest packet it sends.
    pub mtu: u16,
}

impl InterfaceView {
    pub(super) const fn of(plan: &InterfacePlan) -> Self {
        Self { mac: plan.mac, address: plan.address, mtu: plan.mtu }
    }
}

/// A route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RouteView {
    /// Where to.
    pub destination: Cidr,
    /// Through which router; `None` for a network of the node's own.
    pub next_hop: Option<Ipv4Addr>,
    /// Through which interface.
    pub interface: InterfaceId,
}

/// What a socket is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SocketKind {
    /// It waits for connections.
    TcpListener {
        /// How many may be half open.
        backlog: u16,
        /// How many are.
        waiting: u16,
    },
    /// A connection.
    Tcp,
    /// It takes datagrams.
    Udp,
}

/// A socket.
#[derive(Clone, PartialEq, Debug)]
pub struct SocketView {
    /// Its number.
    pub id: SocketId,
    /// Whose it is.
    pub program: u16,
    /// What it is.
    pub kind: SocketKind,
    /// This end.
    pub local: Endpoint,
    /// The other end, of a connection.
    pub remote: Option<Endpoint>,
    /// A connection's variables.
    pub tcp: Option<Box<tcp::Variables>>,
}

/// A conversation of layer 7.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conversation {
    /// In which protocol.
    pub protocol: web::Protocol,
    /// Its state, in the protocol's words.
    pub state: String,
    /// Which it is: the connection's socket, the session's id, the namespace.
    pub about: String,
}

impl Node {
    /// What is so at `now`.
    pub fn inspect(&self, now: Instant) -> Inspection {
        match self {
            Self::Host(host) => inspect_host(host, now),
            Self::Switch(switch) => Inspection {
                kind: NodeKind::Switch,
                interfaces: switch.interfaces.clone(),
                neighbours: Vec::new(),
                routes: Vec::new(),
                sockets: Vec::new(),
                tallies: Vec::new(),
                conversations: Vec::new(),
                scripts: Vec::new(),
                mac_table: switch.table.entries(now),
            },
        }
    }
}

fn inspect_host(host: &Host, now: Instant) -> Inspection {
    let route = |(destination, route): (Cidr, crate::stack::network::route::Route)| RouteView {
        destination,
        next_hop: route.next_hop,
        interface: route.interface,
    };
    let sockets = host.sockets.iter();
    let sockets = sockets.map(|(id, socket)| view(id, socket, host.sockets.config()));
    Inspection {
        kind: if host.forwards { NodeKind::Router } else { NodeKind::Host },
        interfaces: host.interfaces.iter().map(InterfaceView::of).collect(),
        neighbours: host.arp.entries(now),
        routes: host.routes.entries().map(route).collect(),
        sockets: sockets.collect(),
        tallies: host.programs().map(Program::tally).collect(),
        conversations: host.programs().flat_map(Program::conversations).collect(),
        scripts: host.programs().map(Program::script).collect(),
        mac_table: Vec::new(),
    }
}

fn view(id: SocketId, socket: &Socket, config: Rc<tcp::Config>) -> SocketView {
    let (kind, remote, tcp) = match &socket.kind {
        &Kind::Listener { backlog, waiting } => {
            (SocketKind::TcpListener { backlog, waiting }, None, None)
        }
        Kind::Connection { machine, .. } => {
            (SocketKind::Tcp, Some(socket.remote), Some(Box::new(machine.variables())))
        }
        Kind::TimeWait(remnant) => {
            let (local, remote) = (socket.local, socket.remote);
            let whole = tcp::Connection::unfold(remnant, config, local, remote);
            (SocketKind::Tcp, Some(remote), Some(Box::new(whole.variables())))
        }
        Kind::Datagram => (SocketKind::Udp, None, None),
    };
    SocketView { id, program: socket.program, kind, local: socket.local, remote, tcp }
}
