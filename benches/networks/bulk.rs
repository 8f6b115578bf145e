//! A bulk transfer.

use framestep::scenario::{self, Scenario};

/// Two hosts with a router between them: `size` from one to the other over TCP, with buffers of
/// `window`; 4 MiB never limit. Every octet is compared.
pub(crate) fn network(size: &str, window: &str) -> Scenario {
    let tcp = format!(r#"tcp = {{ receive_buffer = "{window}", send_buffer = "{window}" }}"#);
    let text = format!(
        r#"
format = 1
title = "bulk"
[[host]]
name = "client"
{tcp}
[[host.program]]
tcp_bulk = {{ to = "server:9", size = "{size}" }}
[[host]]
name = "server"
{tcp}
[[host.program]]
tcp_sink = {{ port = 9 }}
[[router]]
name = "router"
[[link]]
ends = ["client", "router"]
delay = "5ms"
rate = "1Gbit/s"
queue = 10000
[[link]]
ends = ["router", "server"]
delay = "5ms"
rate = "1Gbit/s"
queue = 10000
"#
    );
    let (scenario, faults) = scenario::parse("bulk", &text);
    let mut scenario = scenario.unwrap_or_else(|| panic!("{faults:?}"));
    for node in &mut scenario.blueprint.nodes {
        node.settings.numbered = true;
    }
    scenario
}
