//! The names of things, for whoever shows a trace.

use crate::base::{Instant, InterfaceId, LinkId, NodeId};
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::network::ipv4::Cidr;
use std::net::Ipv4Addr;

/// What a device is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// Runs programs; does not forward.
    Host,
    /// Forwards packets between networks.
    Router,
    /// Forwards frames within one network.
    Switch,
}

/// Names, addresses and the shape of the network. Links that are cut stay in it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Legend {
    /// The devices, by [`NodeId`].
    pub nodes: Vec<NodeLegend>,
    /// The links, by [`LinkId`].
    pub links: Vec<LinkLegend>,
    /// The end that the scenario sets to the run.
    pub until: Instant,
    /// Who has which address, in the order of the addresses.
    addresses: Vec<(Ipv4Addr, NodeId)>,
    /// The same of the hardware addresses.
    macs: Vec<(MacAddress, NodeId)>,
}

/// A device.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeLegend {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its interfaces, by [`InterfaceId`].
    pub interfaces: Vec<InterfaceLegend>,
    /// The names of its programs, in order: `tcp_client`.
    pub programs: Vec<&'static str>,
    /// Where it stands in the picture, across and down in permille.
    pub position: (u16, u16),
}

/// An interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InterfaceLegend {
    /// Its hardware address.
    pub mac: MacAddress,
    /// Its address and network.
    pub address: Option<Cidr>,
    /// The link on it.
    pub link: LinkId,
}

/// A link.
#[derive(Clone, PartialEq, Debug)]
pub struct LinkLegend {
    /// Its name.
    pub name: String,
    /// Its two ends.
    pub ends: [(NodeId, InterfaceId); 2],
    /// What is written beside it: rate and delay.
    pub label: String,
}

impl Legend {
    /// The legend of these devices and links.
    pub fn new(nodes: Vec<NodeLegend>, links: Vec<LinkLegend>, until: Instant) -> Self {
        let mut addresses = Vec::new();
        let mut macs = Vec::new();
        for (place, node) in nodes.iter().enumerate() {
            let id = NodeId(place as u32);
            for interface in &node.interfaces {
                addresses.extend(interface.address.map(|cidr| (cidr.address, id)));
                macs.push((interface.mac, id));
            }
        }
        addresses.sort_unstable();
        macs.sort_unstable();
        Self { nodes, links, until, addresses, macs }
    }

    /// A node's name.
    pub fn name(&self, node: NodeId) -> &str {
        self.nodes.get(node.index()).map_or("?", |n| &n.name)
    }

    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.nodes.iter().position(|n| n.name == name).map(|place| NodeId(place as u32))
    }

    /// The link of that name.
    pub fn link(&self, name: &str) -> Option<LinkId> {
        self.links.iter().position(|l| l.name == name).map(|place| LinkId(place as u32))
    }

    /// The node that has this address.
    pub fn node_of_address(&self, address: Ipv4Addr) -> Option<NodeId> {
        owner(&self.addresses, address)
    }

    /// The node that has this hardware address.
    pub fn node_of_mac(&self, mac: MacAddress) -> Option<NodeId> {
        owner(&self.macs, mac)
    }

    /// The node at the other end of the link on that interface.
    pub fn peer(&self, node: NodeId, interface: InterfaceId) -> Option<(NodeId, InterfaceId)> {
        let link = self.nodes.get(node.index())?.interfaces.get(interface.index())?.link;
        let ends = self.links.get(link.index())?.ends;
        Some(if ends[0] == (node, interface) { ends[1] } else { ends[0] })
    }
}

/// The first node that has it.
fn owner<T: Ord + Copy>(owners: &[(T, NodeId)], wanted: T) -> Option<NodeId> {
    let place = owners.partition_point(|(had, _)| *had < wanted);
    owners.get(place).filter(|(had, _)| *had == wanted).map(|(_, node)| *node)
}
