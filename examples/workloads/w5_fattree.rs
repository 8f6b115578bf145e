//! A fat-tree of routers: built, routed, pinged.

use crate::report::{self, Report, cpu_seconds, memory};
use crate::shared::{Shared, cable, cidr, default_route, passive, until};
use clap::Args;
use framestep::base::{Duration, Instant, NodeId, Rng};
use framestep::node::program::numbered;
use framestep::plan::Builder;
use framestep::plan::blueprint::NodeKind;
use framestep::plan::program::Plan;
use framestep::stack::network::ipv4::Cidr;
use framestep::stack::physical::Channel;
use framestep::stack::transport::Endpoint;
use std::net::Ipv4Addr;

/// A k-ary fat-tree of routers (k³/4 hosts, 5k²/4 routers) with all its routes, and echoed
/// datagrams of 56 octets between hosts chosen by chance.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    shared: Shared,
    /// Ports of a router, and pods: an even number.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(2..=128))]
    k: u32,
    /// Pairs of hosts that ping.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pings: u32,
}

const OCTETS: usize = 56;

impl Options {
    pub(crate) fn measure(&self) -> Result<Report, String> {
        if !self.k.is_multiple_of(2) {
            return Err("--k must be even".into());
        }
        let (cpu, resident) = (cpu_seconds(), memory("VmRSS"));
        let mut tree = FatTree::new(self.k, self.shared.seed);
        let hosts = tree.build();
        let mut network = tree.network;
        self.ping(&mut network, &hosts);
        until(&mut network, Duration::from_secs(10));
        let blueprint = network.build();
        let nodes: Vec<NodeId> = hosts.iter().map(|host| host.0).collect();
        let (devices, links) = (blueprint.nodes.len(), blueprint.links.len());
        let planned = cpu_seconds() - cpu;

        let (mut report, delivered) = report::run("W5", blueprint, &nodes, &self.shared);
        report.put("nodes", devices);
        report.put("links", links);
        report.put("plan_cpu", format_args!("{planned:.4}"));
        let each = (memory("VmRSS") - resident) / devices as f64;
        report.put("bytes_per_node", format_args!("{each:.0}"));
        // Each ping is taken twice: by the echo, and by whoever asked.
        let pings = u64::from(self.pings);
        report.put("replies", (delivered.octets / OCTETS as u64).saturating_sub(pings));
        report.expect_octets(delivered, 2 * pings * OCTETS as u64);
        Ok(report)
    }

    /// Has pairs of hosts ping each other, one a microsecond.
    fn ping(&self, network: &mut Builder, hosts: &[(NodeId, Ipv4Addr)]) {
        let mut rng = Rng::fork(self.shared.seed, "pings");
        let mut draw = || rng.below(hosts.len() as u64) as usize;
        let mut echoes = vec![false; hosts.len()];
        for ping in 0..self.pings {
            let (from, mut to) = (draw(), draw());
            if from == to {
                to = (from + hosts.len() / 2) % hosts.len();
            }
            if !std::mem::replace(&mut echoes[to], true) {
                network.run(hosts[to].0, Plan::UdpEcho { port: 7 });
            }
            network.run(
                hosts[from].0,
                Plan::UdpClient {
                    to: Endpoint::new(hosts[to].1, 7),
                    at: Instant::ZERO + Duration::from_micros(u64::from(ping)),
                    send: vec![numbered(0, OCTETS)],
                    times: 1,
                    every: Duration::ZERO,
                    may_fragment: true,
                },
            );
        }
    }
}

/// Pod p is 10.p.0.0/16. In it each edge router has a block for the cables to its hosts, and each
/// aggregation router one for those to the edges and one for those to the core: one route leads to
/// a block, and one up to everything else.
struct FatTree {
    network: Builder,
    half: u32,
    /// Addresses of a block: four for each cable, a power of two.
    block: u32,
    channel: Channel,
}

impl FatTree {
    fn new(k: u32, seed: u64) -> Self {
        let half = k / 2;
        Self {
            network: Builder::new(seed),
            half,
            block: (4 * half).next_power_of_two(),
            channel: cable(1, Duration::from_micros(10), 100),
        }
    }

    /// Builds it; gives the hosts.
    fn build(&mut self) -> Vec<(NodeId, Ipv4Addr)> {
        let half = self.half;
        let core: Vec<NodeId> =
            (0..half * half).map(|c| self.device(format!("core{c}"), NodeKind::Router)).collect();
        let mut hosts = Vec::new();
        for pod in 0..2 * half {
            let [edges, aggregations] = ["edge", "aggregation"].map(|name| {
                let name = |place| format!("{name}{pod}.{place}");
                (0..half)
                    .map(|place| self.device(name(place), NodeKind::Router))
                    .collect::<Vec<_>>()
            });
            for (place, &edge) in (0..).zip(&edges) {
                for port in 0..half {
                    let host = self.device(format!("host{}", hosts.len()), NodeKind::Host);
                    let link = self.link(pod, Row::Hosts, place, port);
                    let [own, router] = self.network.connect(host, edge, &self.channel, link);
                    default_route(&mut self.network, host, router);
                    hosts.push((host, own));
                }
            }
            for (place, &aggregation) in (0..).zip(&aggregations) {
                self.join_edges(pod, place, aggregation, &edges);
                self.join_core(pod, place, aggregation, &core);
            }
        }
        hosts
    }

    /// Joins an aggregation router to the edges of its pod.
    fn join_edges(&mut self, pod: u32, place: u32, aggregation: NodeId, edges: &[NodeId]) {
        for (port, &edge) in (0..).zip(edges) {
            let link = self.link(pod, Row::Edges, place, port);
            let [down, up] = self.network.connect(edge, aggregation, &self.channel, link);
            for row in [Row::Edges, Row::Core] {
                let block = self.block(pod, row, place);
                self.network.route(edge, block, up);
            }
            // Edges take turns in whom they send everything else to.
            if place == port {
                default_route(&mut self.network, edge, up);
            }
            let block = self.block(pod, Row::Hosts, port);
            self.network.route(aggregation, block, down);
            // The blocks of the aggregation routers beside it, each by another edge.
            if place != port {
                for row in [Row::Edges, Row::Core] {
                    let block = self.block(pod, row, port);
                    self.network.route(aggregation, block, down);
                }
            }
        }
    }

    /// Joins an aggregation router to its share of the core.
    fn join_core(&mut self, pod: u32, place: u32, aggregation: NodeId, core: &[NodeId]) {
        for port in 0..self.half {
            let router = core[(place * self.half + port) as usize];
            let link = self.link(pod, Row::Core, place, port);
            let [down, up] = self.network.connect(aggregation, router, &self.channel, link);
            if port == pod % self.half {
                default_route(&mut self.network, aggregation, up);
            }
            self.network.route(router, cidr([10, pod as u8, 0, 0], 16), down);
        }
    }

    /// The network of a cable.
    fn link(&self, pod: u32, row: Row, place: u32, port: u32) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.block(pod, row, place).address.to_bits() + 4 * port)
    }

    /// A block of cables.
    fn block(&self, pod: u32, row: Row, place: u32) -> Cidr {
        let rows = self.half.next_power_of_two() * self.block;
        let from = row as u32 * rows + place * self.block;
        cidr(Ipv4Addr::from_bits((10 << 24) + (pod << 16) + from), 32 - self.block.ilog2() as u8)
    }

    fn device(&mut self, name: String, kind: NodeKind) -> NodeId {
        let node = self.network.node(name, kind);
        self.network.node_mut(node).settings = passive();
        node
    }
}

/// The cables of a pod, from below.
#[derive(Clone, Copy)]
enum Row {
    Hosts,
    Edges,
    Core,
}
