//! A blueprint made by code: for networks that are computed, and too large to be typed.

use super::blueprint::{
    InterfacePlan, Limits, LinkPlan, NodeKind, NodePlan, Settings, StaticRoute,
};
use super::program::Plan;
use super::{Blueprint, Command};
use crate::base::{Instant, InterfaceId, LinkId, NodeId};
use crate::stack::data_link::ethernet::{MTU, MacAddress};
use crate::stack::network::ipv4::Cidr;
use crate::stack::physical::Channel;
use std::net::Ipv4Addr;

/// Makes a [`Blueprint`] device by device and cable by cable.
///
/// It gives hardware addresses (02:00:00:00:00:01 and up, in the order of the cables) and fills in
/// what the format's defaults would. What a scenario file is checked for is up to the caller here:
/// names that differ, addresses that differ, next hops that are neighbours, programs on hosts only.
///
/// ```
/// use framestep::plan::Builder;
/// use framestep::plan::blueprint::NodeKind;
/// use framestep::plan::program::Plan;
/// use framestep::sim::World;
/// use framestep::stack::physical::Channel;
///
/// let mut network = Builder::new(1);
/// let a = network.node("a", NodeKind::Host);
/// let b = network.node("b", NodeKind::Host);
/// let cable = network.join(a, b, &Channel::default());
/// network.address(a, cable, "10.0.0.1/24".parse()?);
/// network.address(b, cable, "10.0.0.2/24".parse()?);
/// network.run(b, Plan::UdpEcho { port: 7 });
///
/// let mut world = World::new(&network.build());
/// let mut trace = world.begin_trace(true);
/// while world.step(&mut trace) {}
/// assert!(world.is_over());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    blueprint: Blueprint,
    macs: u32,
}

impl Builder {
    /// An empty network whose luck comes from `seed`.
    pub fn new(seed: u64) -> Self {
        let limits = Limits::default();
        let blueprint =
            Blueprint { seed, nodes: Vec::new(), links: Vec::new(), cues: Vec::new(), limits };
        Self { blueprint, macs: 0 }
    }

    /// Adds a device without cables.
    pub fn node(&mut self, name: impl Into<String>, kind: NodeKind) -> NodeId {
        self.blueprint.nodes.push(NodePlan {
            name: name.into(),
            kind,
            interfaces: Vec::new(),
            routes: Vec::new(),
            settings: Settings::default(),
            programs: Vec::new(),
            position: None,
        });
        NodeId(self.blueprint.nodes.len() as u32 - 1)
    }

    /// Joins two devices by a cable that is alike both ways. It is called after them, as in a
    /// scenario file; a second cable between the same two needs another name.
    pub fn join(&mut self, one: NodeId, other: NodeId, channel: &Channel) -> LinkId {
        let ends = [one, other].map(|node| {
            self.macs += 1;
            let [a, b, c, d] = self.macs.to_be_bytes();
            let mac = MacAddress([2, 0, a, b, c, d]);
            let interfaces = &mut self.node_mut(node).interfaces;
            interfaces.push(InterfacePlan { mac, address: None, mtu: MTU as u16 });
            (node, InterfaceId(interfaces.len() as u16 - 1))
        });
        let [one, other] = [one, other].map(|node| self.node_mut(node).name.clone());
        self.blueprint.links.push(LinkPlan {
            name: format!("{one}-{other}"),
            ends,
            directions: [channel.clone(), channel.clone()],
            up: true,
        });
        LinkId(self.blueprint.links.len() as u32 - 1)
    }

    /// Gives a device's end of a cable its address and the length of its network's prefix.
    pub fn address(&mut self, node: NodeId, link: LinkId, address: Cidr) {
        let ends = self.blueprint.link(link).ends;
        for (node, interface) in ends.into_iter().filter(|end| end.0 == node) {
            self.node_mut(node).interfaces[interface.index()].address = Some(address);
        }
    }

    /// Joins two devices by a cable that is a network of its own, a /30: `one` gets its first
    /// address, `other` its second. Gives both.
    pub fn connect(
        &mut self,
        one: NodeId,
        other: NodeId,
        channel: &Channel,
        network: Ipv4Addr,
    ) -> [Ipv4Addr; 2] {
        let link = self.join(one, other, channel);
        let addresses = [1, 2].map(|host| Ipv4Addr::from_bits(network.to_bits() + host));
        for (node, address) in [one, other].into_iter().zip(addresses) {
            self.address(node, link, Cidr { address, prefix_len: 30 });
        }
        addresses
    }

    /// Adds a static route. Where no device is given any, routes are computed.
    pub fn route(&mut self, node: NodeId, destination: Cidr, next_hop: Ipv4Addr) {
        self.node_mut(node).routes.push(StaticRoute { destination, next_hop });
    }

    /// Has a program run on a host.
    pub fn run(&mut self, host: NodeId, program: Plan) {
        self.node_mut(host).programs.push(program);
    }

    /// Has something happen to the network at some moment.
    pub fn cue(&mut self, at: Instant, command: Command) {
        self.blueprint.cues.push((at, command));
    }

    /// A device, to be changed.
    pub fn node_mut(&mut self, node: NodeId) -> &mut NodePlan {
        &mut self.blueprint.nodes[node.index()]
    }

    /// A cable, to be changed.
    pub fn link_mut(&mut self, link: LinkId) -> &mut LinkPlan {
        &mut self.blueprint.links[link.index()]
    }

    /// Where the run stops in any case.
    pub const fn limits_mut(&mut self) -> &mut Limits {
        &mut self.blueprint.limits
    }

    /// The network.
    pub fn build(self) -> Blueprint {
        self.blueprint
    }
}
