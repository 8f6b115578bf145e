//! How a device's layers are set.

use super::super::diagnostic::Faults;
use super::super::value::Fields;
use crate::base::Duration;
use crate::plan::blueprint::{NodeKind, Settings};
use crate::stack::transport::tcp::{Algorithm, Config};

/// The settings of a device.
pub(super) fn of(fields: &Fields, kind: NodeKind, faults: &mut Faults) -> Settings {
    let mut settings = Settings::default();
    if kind == NodeKind::Switch {
        put(&mut settings.mac_ageing, fields.time("mac_ageing"));
        return settings;
    }
    put(&mut settings.ttl, fields.number("ttl").map(|n| n as u8));
    put(&mut settings.arp_timeout, fields.time("arp_timeout"));
    put(&mut settings.reassembly_timeout, fields.time("reassembly_timeout"));
    if kind == NodeKind::Host {
        put(&mut settings.max_sockets, fields.number("max_sockets").map(|n| n as u32));
        if let Some(given) = fields.table("tcp") {
            settings.tcp = tcp(given, faults);
        }
    }
    settings
}

fn put<T>(setting: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *setting = given;
    }
}

/// Close to what Linux does (net/ipv4 defaults): shorter time-outs, a larger buffer.
fn linux() -> Config {
    Config {
        receive_buffer: 131_072,
        send_buffer: 131_072,
        rto_min: Duration::from_millis(200),
        rto_max: Duration::from_secs(120),
        syn_retries: 6,
        msl: Duration::from_secs(30),
        time_wait_reset: true,
        ..Config::default()
    }
}

/// TCP's settings, as a `tcp` table says.
pub(super) fn tcp(given: &Fields, faults: &mut Faults) -> Config {
    let preset = given.text("preset").map_or("rfc", |v| v.text());
    let mut config = if preset == "linux" { linux() } else { Config::default() };
    let octet = |key| given.number(key).map(|n| n as u8);
    let size = |key| given.size(key).map(|n| n as u32);
    put(&mut config.congestion, given.text("congestion").and_then(|v| algorithm(v.text())));
    put(&mut config.mss, given.number("mss").map(|n| n as u16));
    put(&mut config.receive_buffer, size("receive_buffer"));
    put(&mut config.send_buffer, size("send_buffer"));
    put(&mut config.initial_window, octet("initial_window"));
    put(&mut config.window_scaling, given.flag("window_scaling"));
    put(&mut config.timestamps, given.flag("timestamps"));
    put(&mut config.sack, given.flag("sack"));
    put(&mut config.ecn, given.flag("ecn"));
    put(&mut config.nagle, given.flag("nagle"));
    put(&mut config.delayed_ack, given.time("delayed_ack"));
    put(&mut config.rto_initial, given.time("rto_initial"));
    put(&mut config.rto_min, given.time("rto_min"));
    put(&mut config.rto_max, given.time("rto_max"));
    put(&mut config.syn_retries, octet("syn_retries"));
    put(&mut config.data_retries, octet("data_retries"));
    put(&mut config.user_timeout, given.time("user_timeout").map(Some));
    put(&mut config.keep_alive, given.time("keep_alive").map(Some));
    put(&mut config.keep_alive_interval, given.time("keep_alive_interval"));
    put(&mut config.keep_alive_probes, octet("keep_alive_probes"));
    put(&mut config.msl, given.time("msl"));
    put(&mut config.time_wait_reset, given.flag("time_wait_reset"));
    put(&mut config.limited_transmit, given.flag("limited_transmit"));
    for (key, value) in [("rto_min", config.rto_min), ("rto_initial", config.rto_initial)] {
        if value > config.rto_max {
            let place = if given.has(key) { given.span_of(key) } else { given.span_of("rto_max") };
            faults
                .error(
                    &place,
                    format!("`{key}` ({value}) is longer than `rto_max` ({})", config.rto_max),
                )
                .help("the retransmission time lies between `rto_min` and `rto_max`");
        }
    }
    config
}

fn algorithm(word: &str) -> Option<Algorithm> {
    match word {
        "none" => Some(Algorithm::NoControl),
        "reno" => Some(Algorithm::Reno),
        "cubic" => Some(Algorithm::Cubic),
        _ => None,
    }
}
