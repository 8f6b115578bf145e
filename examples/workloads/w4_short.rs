//! Many short connections.

use crate::report::{self, Report, memory};
use crate::shared::{Control, Shared, cable, default_route, passive, settings, slash_30, until};
use clap::Args;
use clap::builder::BoolishValueParser;
use framestep::base::{Duration, Instant, NodeId};
use framestep::plan::Builder;
use framestep::plan::blueprint::NodeKind;
use framestep::plan::program::{Plan, Then};
use framestep::stack::transport::{Endpoint, tcp};

/// Short TCP connections to one server behind one router: connect, 100 octets, 1024 octets back,
/// close.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    shared: Shared,
    /// How many connections.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    conns: u32,
    /// How many client hosts, which take turns.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    clients: u32,
    /// Microseconds between two connections.
    #[arg(long, default_value_t = 100)]
    gap: u64,
    /// Keep every connection open and send nothing.
    #[arg(long, default_value = "off", value_parser = BoolishValueParser::new())]
    #[arg(num_args = 0..=1, default_missing_value = "on")]
    hold: bool,
}

/// A host gives out the ports from 49152 on (RFC 6335 §6), and here all lead to one server.
const CONNECTIONS_A_CLIENT: u32 = 16_384;

const REQUEST: u32 = 100;
const REPLY: u32 = 1_024;

impl Options {
    pub(crate) fn measure(&self) -> Result<Report, String> {
        if self.conns.div_ceil(self.clients) > CONNECTIONS_A_CLIENT {
            return Err(format!(
                "a client has {CONNECTIONS_A_CLIENT} ports for connections to one server; give --clients={} or more",
                self.conns.div_ceil(CONNECTIONS_A_CLIENT)
            ));
        }
        let before = memory("VmRSS");
        let (network, clients) = self.network();
        let (mut report, delivered) = report::run("W4", network.build(), &clients, &self.shared);
        let each = (memory("VmRSS") - before) / f64::from(self.conns);

        let sockets = clients.iter().flat_map(|&client| report.world.inspect(client).sockets);
        let connections = sockets.filter_map(|socket| socket.tcp);
        let up = connections.filter(|tcp| tcp.state == tcp::State::Established).count() as u32;
        report.put("up", up);
        report.put("bytes_per_connection_both_ends", format_args!("{each:.0}"));
        if self.hold {
            let all = self.conns;
            report.expect(up == all, || format!("{up} connections of {all} are open"));
        } else {
            report.expect_octets(delivered, u64::from(self.conns) * u64::from(REPLY));
        }
        Ok(report)
    }

    fn network(&self) -> (Builder, Vec<NodeId>) {
        let channel = cable(1, Duration::from_millis(1), 10_000);
        let settings = settings(Control::TcpNewReno, 65_536, true);
        let mut network = Builder::new(self.shared.seed);
        let router = network.node("router", NodeKind::Router);
        network.node_mut(router).settings = passive();
        let host = |network: &mut Builder, name: String, place| {
            let host = network.node(name, NodeKind::Host);
            network.node_mut(host).settings = settings;
            let link = slash_30([10, 0, 0, 0], place);
            let [own, up] = network.connect(host, router, &channel, link);
            default_route(network, host, up);
            (host, own)
        };
        let (server, address) = host(&mut network, "server".into(), 0);
        let clients: Vec<NodeId> = (0..self.clients)
            .map(|client| host(&mut network, format!("client{client}"), client + 1).0)
            .collect();
        network.run(server, Plan::TcpRespond { port: 80, request: REQUEST, response: REPLY });
        let to = Endpoint::new(address, 80);
        for place in 0..self.conns {
            let at = Instant::ZERO + Duration::from_micros(self.gap * u64::from(place));
            let program = if self.hold {
                let (every, then_after) = (Duration::ZERO, Duration::ZERO);
                Plan::TcpClient { to, at, send: Vec::new(), every, then: Then::Stay, then_after }
            } else {
                Plan::TcpRequest { to, at, request: REQUEST, response: REPLY, times: 1 }
            };
            network.run(clients[(place % self.clients) as usize], program);
        }
        // A second after the last one began; what has closed rests in TIME-WAIT longer than that.
        let last = Duration::from_micros(self.gap * u64::from(self.conns));
        until(&mut network, last + Duration::from_secs(1));
        (network, clients)
    }
}
