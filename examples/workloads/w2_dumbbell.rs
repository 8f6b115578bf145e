//! Many transfers over one bottleneck.

use crate::report::{self, Report};
use crate::shared::{
    Control, Shared, cable, cidr, default_route, passive, settings, slash_30, until,
};
use crate::w1_bulk::sink;
use clap::Args;
use framestep::base::{Duration, Instant};
use framestep::plan::Builder;
use framestep::plan::blueprint::NodeKind;
use framestep::plan::program::Plan;
use framestep::stack::physical::Loss;
use framestep::stack::transport::Endpoint;

/// TCP flows over one bottleneck: 1 Gbit/s, 10 ms, a queue of 1000 frames, random loss of data.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    shared: Shared,
    /// How many flows; each begins 100 µs after the one before.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=16_384))]
    flows: u32,
    /// Simulated seconds.
    #[arg(long, default_value_t = 10.0)]
    secs: f64,
    /// The chance that a frame is lost on the bottleneck, in the direction of the data.
    #[arg(long, default_value_t = 0.001)]
    loss: f64,
    /// Congestion control.
    #[arg(long, value_enum, default_value = "TcpNewReno")]
    cc: Control,
    /// Selective acknowledgements.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=1))]
    sack: u8,
}

impl Options {
    #[expect(clippy::cast_sign_loss, reason = "both numbers are looked at first")]
    pub(crate) fn measure(&self) -> Result<Report, String> {
        if !(0.0..=1.0).contains(&self.loss) || !(0.0..1e9).contains(&self.secs) {
            return Err("--loss is a chance from 0 to 1, --secs a number of seconds".into());
        }
        let mut network = Builder::new(self.shared.seed);
        let [near, far] = ["near", "far"].map(|name| network.node(name, NodeKind::Router));
        for router in [near, far] {
            network.node_mut(router).settings = passive();
        }
        let bottleneck = network.join(near, far, &cable(1, Duration::from_millis(10), 1_000));
        network.address(near, bottleneck, cidr([10, 3, 0, 1], 30));
        network.address(far, bottleneck, cidr([10, 3, 0, 2], 30));
        network.route(near, cidr([10, 2, 0, 0], 16), [10, 3, 0, 2].into());
        network.route(far, cidr([10, 1, 0, 0], 16), [10, 3, 0, 1].into());
        network.link_mut(bottleneck).directions[0].faults.loss =
            Loss::Random((self.loss * 1e6).round() as u32);

        let access = cable(1, Duration::from_millis(1), 1_000);
        let settings = settings(self.cc, 1 << 20, self.sack == 1);
        let mut receivers = Vec::new();
        for flow in 0..self.flows {
            let sender = network.node(format!("sender{flow}"), NodeKind::Host);
            let receiver = network.node(format!("receiver{flow}"), NodeKind::Host);
            let [_, up] = network.connect(sender, near, &access, slash_30([10, 1, 0, 0], flow));
            let [to, back] = network.connect(receiver, far, &access, slash_30([10, 2, 0, 0], flow));
            default_route(&mut network, sender, up);
            default_route(&mut network, receiver, back);
            for host in [sender, receiver] {
                network.node_mut(host).settings = settings;
            }
            let at = Instant::ZERO + Duration::from_micros(100 * u64::from(flow));
            network.run(sender, Plan::TcpBulk { to: Endpoint::new(to, 80), at, octets: 1 << 40 });
            network.run(receiver, sink());
            receivers.push(receiver);
        }
        until(&mut network, Duration::from_nanos((self.secs * 1e9) as u64));

        let (mut report, delivered) = report::run("W2", network.build(), &receivers, &self.shared);
        // The bottleneck carries no more than 1448 octets of each 1538.
        let most = self.secs * 125e6 * 1448.0 / 1538.0;
        let got = delivered.octets;
        report.expect(got > 0 && got as f64 <= most, || {
            format!("{got} octets arrived over a link that carries {most:.0}")
        });
        Ok(report)
    }
}
