//! What the workloads have in common: options, settings, cables.

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use framestep::base::{Duration, NodeId, Rate};
use framestep::plan::Builder;
use framestep::plan::blueprint::{Limits, Settings};
use framestep::stack::network::ipv4::Cidr;
use framestep::stack::physical::Channel;
use framestep::stack::transport::tcp;
use std::net::Ipv4Addr;

/// Options that all workloads share.
#[derive(Args)]
pub(crate) struct Shared {
    /// Keep the trace of the run, as the walk does.
    #[arg(long, default_value = "off", value_parser = BoolishValueParser::new())]
    #[arg(num_args = 0..=1, default_missing_value = "on")]
    pub(crate) trace: bool,

    /// Hold what was delivered against what should have been; exit code 1 if it differs. What
    /// cannot be counted without a trace is checked with `--count=1`.
    #[arg(long, default_value = "on", value_parser = BoolishValueParser::new())]
    #[arg(num_args = 0..=1, default_missing_value = "on")]
    pub(crate) check: bool,

    /// Count losses and ARP frames too. Keeps the trace for it: not for timing.
    #[arg(long, default_value = "off", value_parser = BoolishValueParser::new())]
    #[arg(num_args = 0..=1, default_missing_value = "on")]
    pub(crate) count: bool,

    /// Taken for ns-3's sake and without effect: real octets and checksums are always on here.
    #[arg(long, default_value = "on", value_parser = BoolishValueParser::new())]
    #[arg(num_args = 0..=1, default_missing_value = "on")]
    pub(crate) real: bool,

    /// Taken for ns-3's sake and without effect: routes here are static.
    #[arg(long, default_value = "static")]
    pub(crate) routing: String,

    /// The seed of every random choice.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// The congestion controls, by ns-3's names.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "PascalCase")]
pub(crate) enum Control {
    TcpNewReno,
    TcpCubic,
}

/// What ns-3's TCP is set to in its programs: no Nagle, an acknowledgement for every second
/// segment or after 200 ms. The rest is the default of both: an initial window of 10 segments,
/// timestamps, and segments that fill 1500 octets.
pub(crate) fn settings(control: Control, buffer: u32, sack: bool) -> Settings {
    let tcp = tcp::Config {
        congestion: match control {
            Control::TcpNewReno => tcp::Algorithm::Reno,
            Control::TcpCubic => tcp::Algorithm::Cubic,
        },
        receive_buffer: buffer,
        send_buffer: buffer,
        sack,
        nagle: false,
        delayed_ack: Duration::from_millis(200),
        ..tcp::Config::default()
    };
    Settings { tcp, max_sockets: u32::MAX, ..passive() }
}

/// What a device without TCP is set to: it never forgets a neighbour, since ns-3's point-to-point
/// links have no ARP to ask again. Every octet that programs get is compared.
pub(crate) fn passive() -> Settings {
    Settings { arp_timeout: Duration::from_secs(86_400), numbered: true, ..Settings::default() }
}

/// No limits but the end of the run.
pub(crate) fn until(network: &mut Builder, end: Duration) {
    *network.limits_mut() = Limits {
        until: framestep::base::Instant::ZERO + end,
        steps: u64::MAX,
        steps_per_instant: u32::MAX,
        records: u32::MAX,
        octets: u64::MAX,
    };
}

/// A faultless cable.
pub(crate) fn cable(gigabits: u64, delay: Duration, queue_frames: u32) -> Channel {
    let rate = Rate::from_bits_per_second(gigabits * 1_000_000_000).expect("not zero");
    Channel { delay, rate, queue_frames, ..Channel::default() }
}

/// The `n`th network of four addresses from `first` on.
pub(crate) fn slash_30(first: [u8; 4], n: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::from(first).to_bits() + 4 * n)
}

/// A network.
pub(crate) fn cidr(address: impl Into<Ipv4Addr>, prefix_len: u8) -> Cidr {
    Cidr { address: address.into(), prefix_len }
}

/// Sends what a node has no other way for to a router.
pub(crate) fn default_route(network: &mut Builder, node: NodeId, router: Ipv4Addr) {
    network.route(node, Cidr::ALL, router);
}
