//! Datagrams through a line of devices.

use framestep::base::{Chunk, Duration, Instant};
use framestep::plan::Blueprint;
use framestep::plan::program::Plan;
use framestep::scenario;
use framestep::stack::transport::Endpoint;
use std::fmt::Write as _;

/// Two hosts with `between` devices of that kind in a line: ten thousand datagrams of 512 octets.
pub(crate) fn network(kind: &str, between: usize) -> Blueprint {
    let mut text = String::from("format = 1\ntitle = \"datagrams\"\n[[host]]\nname = \"client\"\n");
    text += "[[host]]\nname = \"server\"\n[[host.program]]\nudp_sink = { port = 9 }\n";
    let mut names = vec!["client".to_owned()];
    for place in 0..between {
        names.push(format!("{kind}{place}"));
        let _ = writeln!(text, "[[{kind}]]\nname = \"{kind}{place}\"");
    }
    names.push("server".into());
    for ends in names.windows(2) {
        let _ = writeln!(text, "[[link]]\nends = [\"{}\", \"{}\"]", ends[0], ends[1]);
        text += "delay = \"1ms\"\nrate = \"1Gbit/s\"\nqueue = 10000\n";
    }
    let (scenario, faults) = scenario::parse("datagrams", &text);
    let mut blueprint = scenario.unwrap_or_else(|| panic!("{faults:?}")).blueprint;
    let server = blueprint.nodes.iter().find(|node| node.name == "server").expect("it is there");
    let address = server.interfaces[0].address.expect("hosts have one").address;
    let client =
        blueprint.nodes.iter_mut().find(|node| node.name == "client").expect("it is there");
    client.programs.push(Plan::UdpClient {
        to: Endpoint::new(address, 9),
        at: Instant::ZERO,
        send: vec![Chunk::from(&[7; 512][..])],
        times: 10_000,
        every: Duration::from_micros(5),
        may_fragment: true,
    });
    blueprint
}
