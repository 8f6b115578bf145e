//! A flood of datagrams through a tree.

use crate::report::{self, Report};
use crate::shared::{Shared, cable, cidr, default_route, passive, slash_30, until};
use clap::{Args, ValueEnum};
use framestep::base::{Duration, Instant, NodeId};
use framestep::node::program::numbered;
use framestep::plan::Builder;
use framestep::plan::blueprint::NodeKind;
use framestep::plan::program::Plan;
use framestep::stack::transport::Endpoint;
use std::net::Ipv4Addr;

/// Hosts in a two-level tree; each sends datagrams of 512 octets, one a millisecond, to the host
/// half the tree away: four links each.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    shared: Shared,
    /// How many hosts.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=65_534))]
    hosts: u32,
    /// Devices between the hosts and the one in the middle.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=254))]
    edges: u32,
    /// Datagrams a host.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    datagrams: u32,
    /// Routers and a network for each cable, or switches and one network.
    #[arg(long, value_enum, default_value = "routed")]
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Routed,
    Switched,
}

const OCTETS: usize = 512;

impl Options {
    pub(crate) fn measure(&self) -> Result<Report, String> {
        if !self.hosts.is_multiple_of(self.edges) {
            return Err("--hosts must be a multiple of --edges".into());
        }
        let mut network = Builder::new(self.shared.seed);
        let hosts: Vec<(NodeId, Ipv4Addr)> = match self.mode {
            Mode::Routed => self.routed(&mut network),
            Mode::Switched => self.switched(&mut network),
        };
        for (place, &(host, _)) in hosts.iter().enumerate() {
            let (_, address) = hosts[(place + hosts.len() / 2) % hosts.len()];
            network.run(host, Plan::UdpSink { port: 9 });
            network.run(
                host,
                Plan::UdpClient {
                    to: Endpoint::new(address, 9),
                    at: Instant::ZERO + Duration::from_micros(1_007 * place as u64),
                    send: vec![numbered(0, OCTETS)],
                    times: self.datagrams,
                    every: Duration::from_millis(1),
                    may_fragment: true,
                },
            );
        }
        // As in ns-3, but for more hosts or datagrams than it could send in its minute.
        let last = 1_007 * u64::from(self.hosts) + 1_000 * u64::from(self.datagrams);
        until(&mut network, Duration::from_secs(60).max(Duration::from_micros(2 * last)));

        let name = if self.mode == Mode::Routed { "W3-routed" } else { "W3-switched" };
        let receivers: Vec<NodeId> = hosts.iter().map(|host| host.0).collect();
        let (mut report, delivered) = report::run(name, network.build(), &receivers, &self.shared);
        let sent = u64::from(self.hosts) * u64::from(self.datagrams);
        report.expect_octets(delivered, sent * OCTETS as u64);
        let frames = u64::from(report.world.frames());
        // Below one edge router a datagram takes two cables.
        let hops = if self.edges == 1 { 2 } else { 4 };
        report.expect(frames >= hops * sent, || format!("{frames} frames for {sent} datagrams"));
        Ok(report)
    }

    fn routed(&self, network: &mut Builder) -> Vec<(NodeId, Ipv4Addr)> {
        let [near, far] = [1, 10].map(|rate| cable(rate, Duration::from_micros(10), 1_000));
        let core = device(network, "core", NodeKind::Router);
        let mut hosts = Vec::new();
        for edge in 0..self.edges {
            let router = device(network, &format!("edge{edge}"), NodeKind::Router);
            let block = [10, edge as u8 + 1, 0, 0];
            let [down, up] = network.connect(router, core, &far, slash_30([10, 255, 0, 0], edge));
            default_route(network, router, up);
            network.route(core, cidr(block, 16), down);
            for place in 0..self.hosts / self.edges {
                let host = device(network, &format!("host{}", hosts.len()), NodeKind::Host);
                let [address, router] =
                    network.connect(host, router, &near, slash_30(block, place));
                default_route(network, host, router);
                hosts.push((host, address));
            }
        }
        hosts
    }

    fn switched(&self, network: &mut Builder) -> Vec<(NodeId, Ipv4Addr)> {
        let [near, far] = [1, 10].map(|rate| cable(rate, Duration::from_nanos(500), 1_000));
        let core = device(network, "core", NodeKind::Switch);
        let mut hosts = Vec::new();
        for edge in 0..self.edges {
            let switch = device(network, &format!("edge{edge}"), NodeKind::Switch);
            network.join(switch, core, &far);
            for _ in 0..self.hosts / self.edges {
                let host = device(network, &format!("host{}", hosts.len()), NodeKind::Host);
                let cable = network.join(host, switch, &near);
                let address = Ipv4Addr::from_bits((10 << 24) + 1 + hosts.len() as u32);
                network.address(host, cable, cidr(address, 16));
                hosts.push((host, address));
            }
        }
        hosts
    }
}

fn device(network: &mut Builder, name: &str, kind: NodeKind) -> NodeId {
    let node = network.node(name, kind);
    network.node_mut(node).settings = passive();
    node
}
