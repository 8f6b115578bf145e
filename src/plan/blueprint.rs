//! A network before it lives: what a scenario file comes down to once every name is resolved and
//! everything left out has been filled in. Plain data; `sim::World::new` builds on it without
//! asking questions, so everything in it has been checked.

use super::Command;
use super::program::Plan;
use crate::base::{Duration, Instant, InterfaceId, LinkId, NodeId};
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::network::ipv4::Cidr;
pub use crate::stack::physical::Channel;
use crate::stack::transport::tcp;
pub use crate::trace::NodeKind;
use std::net::Ipv4Addr;

/// A whole network and what is to happen in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Blueprint {
    /// The seed of every random choice.
    pub seed: u64,
    /// The devices; their places are the [`NodeId`]s.
    pub nodes: Vec<NodePlan>,
    /// The cables; their places are the [`LinkId`]s.
    pub links: Vec<LinkPlan>,
    /// Timed changes of the network, in the order of the file.
    pub cues: Vec<(Instant, Command)>,
    /// Where the run stops in any case.
    pub limits: Limits,
}

/// One device.
#[derive(Clone, PartialEq, Debug)]
pub struct NodePlan {
    /// Its name, unique in the scenario.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its interfaces, in order; their places are the [`InterfaceId`]s. One for each link end.
    pub interfaces: Vec<InterfacePlan>,
    /// Static routes of the file. Where the whole file gives none, routes are computed
    /// (`sim::Topology::routes`).
    pub routes: Vec<StaticRoute>,
    /// What its layers are set to.
    pub settings: Settings,
    /// What runs on it, in the order of the file. Hosts only.
    pub programs: Vec<Plan>,
    /// Where the file puts it in the picture: across and down, in permille of the pane.
    pub position: Option<(u16, u16)>,
}

/// One interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InterfacePlan {
    /// Its hardware address, unique in the scenario.
    pub mac: MacAddress,
    /// Its address and network; `None` on a switch.
    pub address: Option<Cidr>,
    /// The largest IP packet that it sends, in octets: the MTU of its link.
    pub mtu: u16,
}

/// A route that the file gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StaticRoute {
    /// Where to.
    pub destination: Cidr,
    /// The router to give it to, on a network of one of the node's interfaces.
    pub next_hop: Ipv4Addr,
}

/// What a node's layers are set to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// TCP on this host.
    pub tcp: tcp::Config,
    /// The time to live of packets that it sends.
    pub ttl: u8,
    /// How long an ARP entry is trusted.
    pub arp_timeout: Duration,
    /// How long a switch remembers where an address was seen.
    pub mac_ageing: Duration,
    /// How long fragments wait for the rest.
    pub reassembly_timeout: Duration,
    /// The most sockets that may be open at once.
    pub max_sockets: u32,
    /// Whether senders that make up their octets fill streams by place, and receivers count what
    /// does not fit (`node::program::Tally`): for whoever wants every octet compared.
    pub numbered: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tcp: tcp::Config::default(),
            ttl: 64,
            arp_timeout: Duration::from_secs(60),
            mac_ageing: Duration::from_secs(300),
            reassembly_timeout: Duration::from_secs(30),
            max_sockets: 65_536,
            numbered: false,
        }
    }
}

/// One cable: full duplex, both directions alike unless the file says otherwise.
#[derive(Clone, PartialEq, Debug)]
pub struct LinkPlan {
    /// Its name: given, or the two ends' names joined by a hyphen (`client-server`).
    pub name: String,
    /// The two ends.
    pub ends: [(NodeId, InterfaceId); 2],
    /// From the first end to the second, and back.
    pub directions: [Channel; 2],
    /// Whether it carries anything at the start.
    pub up: bool,
}

/// What can grow stops here; reaching a limit is a fact of the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The run ends here if it has not ended by itself.
    pub until: Instant,
    /// Most steps of a run.
    pub steps: u64,
    /// Most steps at one moment: more is a storm without time passing.
    pub steps_per_instant: u32,
    /// Most records of the trace.
    pub records: u32,
    /// Most octets of frames that the trace keeps.
    pub octets: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            until: Instant::ZERO + Duration::from_secs(3_600),
            steps: 100_000_000,
            steps_per_instant: 100_000,
            records: 4_000_000,
            octets: 1 << 30,
        }
    }
}

impl Blueprint {
    /// The link of that number.
    pub fn link(&self, id: LinkId) -> &LinkPlan {
        &self.links[id.index()]
    }
}
