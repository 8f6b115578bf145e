//! One bulk transfer over host, router, host.

use crate::report::{self, Report};
use crate::shared::{Control, Shared, cable, default_route, passive, settings, slash_30, until};
use clap::Args;
use framestep::base::{Duration, Instant};
use framestep::plan::Builder;
use framestep::plan::blueprint::NodeKind;
use framestep::plan::program::Plan;
use framestep::stack::transport::Endpoint;

/// One TCP transfer over host, router, host: 1 Gbit/s a link, no loss.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    shared: Shared,
    /// Mebioctets to transfer.
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    mib: u64,
    /// Congestion control.
    #[arg(long, value_enum, default_value = "TcpNewReno")]
    cc: Control,
    /// Delay of each link, one way.
    #[arg(long, default_value = "5ms")]
    delay: Duration,
    /// Socket buffers in octets: the largest window.
    #[arg(long, default_value_t = 4 << 20)]
    buf: u32,
    /// Selective acknowledgements.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=1))]
    sack: u8,
}

impl Options {
    pub(crate) fn measure(&self) -> Report {
        let octets = self.mib << 20;
        let mut network = Builder::new(self.shared.seed);
        let client = network.node("client", NodeKind::Host);
        let router = network.node("router", NodeKind::Router);
        let server = network.node("server", NodeKind::Host);
        let channel = cable(1, self.delay, 10_000);
        let [_, near] = network.connect(client, router, &channel, slash_30([10, 0, 0, 0], 0));
        let [far, to] = network.connect(router, server, &channel, slash_30([10, 0, 0, 0], 1));
        default_route(&mut network, client, near);
        default_route(&mut network, server, far);
        network.node_mut(router).settings = passive();
        for host in [client, server] {
            network.node_mut(host).settings = settings(self.cc, self.buf, self.sack == 1);
        }
        let (to, at) = (Endpoint::new(to, 80), Instant::ZERO);
        network.run(client, Plan::TcpBulk { to, at, octets });
        network.run(server, sink());
        until(&mut network, Duration::from_secs(600));

        let (mut report, delivered) = report::run("W1", network.build(), &[server], &self.shared);
        // A connection's numbers begin anew after four gibioctets.
        if octets < 1 << 32 || self.shared.trace {
            report.expect_octets(delivered, octets);
        }
        report
    }
}

/// Takes everything on port 80, and keeps the connection when its peer has closed: what came can
/// be counted, and the run ends with the last octet.
pub(crate) const fn sink() -> Plan {
    Plan::TcpSink {
        port: 80,
        read_after: Duration::ZERO,
        read_octets: 0,
        read_every: Duration::ZERO,
        closes: false,
    }
}
