//! What runs on hosts.

use super::super::keys::{DATAGRAM_OCTETS_MAX, PAYLOAD_MAX, PROGRAMS_MAX};
use super::super::value::{Entry, Fields, Node as Raw, Value};
use super::groups::{self, Member};
use super::{Draft, links};
use crate::base::{Chunk, Duration, Instant, NodeId};
use crate::plan::blueprint::NodeKind;
use crate::plan::program::{Action, Plan, Then};
use crate::stack::transport::Endpoint;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::Arc;

/// The programs of every device; empty for those that are no hosts.
pub(super) fn collect(draft: &mut Draft<'_>, file: &Fields) -> Vec<Vec<Plan>> {
    let islands = islands(draft);
    let (mut groups, members) = groups::of(draft, file);
    let mut members = members.into_iter().peekable();
    let mut budget = Budget { octets: PAYLOAD_MAX, programs: PROGRAMS_MAX, hosts: None };
    let mut all = Vec::with_capacity(draft.nodes.len());
    for place in 0..draft.nodes.len() {
        let mut plans = Vec::new();
        if draft.nodes[place].kind() == NodeKind::Host {
            let host = NodeId(place as u32);
            let table = draft.nodes[place].origin.table();
            let ports = BTreeMap::new();
            let (islands, budget) = (&islands[..], &mut budget);
            let mut maker = Maker { draft, host, islands, ports, budget, member: None };
            for program in table.into_iter().flat_map(|fields| fields.tables("program")) {
                plans.extend(program.entries.iter().find_map(|entry| maker.program(entry)));
            }
            while let Some(member) = members.next_if(|member| member.host == host) {
                plans.extend(groups.program(member, &mut maker));
            }
        }
        all.push(plans);
    }
    all
}

/// What all programs of a file share: how much they may still have together, and whom they know.
pub(super) struct Budget {
    /// Octets of payload.
    octets: usize,
    /// Programs, and actions of scripts.
    programs: usize,
    /// The addresses of all devices by name, once somebody needs them.
    pub(super) hosts: Option<Arc<BTreeMap<String, Ipv4Addr>>>,
}

/// For each device a number that it shares with all that links join to it.
fn islands(draft: &Draft<'_>) -> Vec<u32> {
    let mut island = vec![u32::MAX; draft.nodes.len()];
    for first in 0..draft.nodes.len() {
        let mut waiting = vec![first];
        while let Some(node) = waiting.pop() {
            if island[node] != u32::MAX {
                continue;
            }
            island[node] = first as u32;
            for interface in &draft.nodes[node].interfaces {
                waiting.extend(draft.links[interface.link.index()].plan.ends.map(|e| e.0.index()));
            }
        }
    }
    island
}

/// Makes the programs of one host.
pub(super) struct Maker<'d, 'a> {
    pub(super) draft: &'d mut Draft<'a>,
    pub(super) host: NodeId,
    islands: &'d [u32],
    /// Who listens where: the program's key.
    ports: BTreeMap<(&'static str, u16), &'static str>,
    pub(super) budget: &'d mut Budget,
    /// What the host is among those that run this program; `None` if it runs on this one only.
    pub(super) member: Option<Member>,
}

impl Maker<'_, '_> {
    /// A program; `None` where something is wrong with it, or it would talk to itself.
    pub(super) fn program(&mut self, entry: &Entry) -> Option<Plan> {
        let name = entry.key.name;
        let actions = entry.value.elements().len().max(1);
        let Some(left) = self.budget.programs.checked_sub(actions) else {
            let message = format!("the file has more than {PROGRAMS_MAX} programs and actions");
            self.draft.faults.error(&entry.key_span, message).help("run it on fewer hosts");
            return None;
        };
        self.budget.programs = left;
        if name == "script" {
            return Some(Plan::Script { actions: self.actions(&entry.value) });
        }
        if name == "javascript" {
            return self.javascript(&entry.value);
        }
        let fields = entry.value.as_table()?;
        if fields.table.key("at").is_some() {
            self.draft.check_time(fields, "at");
        }
        match name {
            "tcp_echo" => Some(Plan::TcpEcho {
                port: self.port(fields, "tcp", name)?,
                backlog: fields.number("backlog").unwrap_or(128) as u16,
            }),
            "tcp_sink" => Some(Plan::TcpSink {
                port: self.port(fields, "tcp", name)?,
                read_after: fields.time("read_after").unwrap_or_default(),
                read_octets: fields.size("read").unwrap_or(0) as u32,
                read_every: fields.time("read_every").unwrap_or_default(),
                closes: fields.flag("closes").unwrap_or(true),
            }),
            "tcp_respond" => Some(Plan::TcpRespond {
                port: self.port(fields, "tcp", name)?,
                request: octets(fields, "request", 100),
                response: octets(fields, "response", 1_024),
            }),
            "udp_echo" => Some(Plan::UdpEcho { port: self.port(fields, "udp", name)? }),
            "web_server" | "http_client" | "websocket_client" | "socket_io_client" => {
                self.web(name, fields)
            }
            "udp_sink" => Some(Plan::UdpSink { port: self.port(fields, "udp", name)? }),
            _ => self.client(name, fields),
        }
    }

    fn client(&mut self, name: &str, fields: &Fields) -> Option<Plan> {
        match name {
            "tcp_client" => self.tcp_client(fields),
            "tcp_request" => Some(Plan::TcpRequest {
                to: self.endpoint(fields.text("to")?)?,
                at: self.moment(fields),
                request: octets(fields, "request", 100),
                response: octets(fields, "response", 1_024),
                times: fields.number("times").unwrap_or(1) as u32,
            }),
            "tcp_bulk" => Some(Plan::TcpBulk {
                to: self.endpoint(fields.text("to")?)?,
                at: self.moment(fields),
                octets: fields.size("size")?,
            }),
            "udp_client" => Some(Plan::UdpClient {
                to: self.endpoint(fields.text("to")?)?,
                at: self.moment(fields),
                send: self.payloads(fields.get("send"), DATAGRAM_OCTETS_MAX),
                times: fields.number("times").unwrap_or(1) as u32,
                every: fields.time("every").unwrap_or_default(),
                may_fragment: fields.flag("may_fragment").unwrap_or(true),
            }),
            "ping" => Some(Plan::Ping {
                to: self.device(fields.text("to")?)?,
                at: self.moment(fields),
                count: fields.number("count").unwrap_or(4) as u16,
                every: fields.time("every").unwrap_or(Duration::from_secs(1)),
                octets: fields.size("size").unwrap_or(56) as u16,
                ttl: fields.number("ttl").map(|n| n as u8),
                may_fragment: fields.flag("may_fragment").unwrap_or(true),
            }),
            "traceroute" => Some(Plan::Traceroute {
                to: self.device(fields.text("to")?)?,
                at: self.moment(fields),
                max_hops: fields.number("max_hops").unwrap_or(30) as u8,
                wait: fields.time("wait").unwrap_or(Duration::from_secs(1)),
            }),
            _ => None,
        }
    }

    fn tcp_client(&mut self, fields: &Fields) -> Option<Plan> {
        let then = match fields.text("then").map(Value::text) {
            Some("close") => Then::Close,
            Some("abort") => Then::Abort,
            Some("stay") => Then::Stay,
            _ => Then::HalfClose,
        };
        Some(Plan::TcpClient {
            to: self.endpoint(fields.text("to")?)?,
            at: self.moment(fields),
            send: self.payloads(fields.get("send"), PAYLOAD_MAX),
            every: fields.time("every").unwrap_or_default(),
            then,
            then_after: fields.time("then_after").unwrap_or_default(),
        })
    }

    fn actions(&mut self, script: &Value) -> Vec<(Instant, Action)> {
        let mut actions = Vec::new();
        for fields in script.elements().iter().filter_map(Value::as_table) {
            self.draft.check_time(fields, "at");
            for (key, with) in [("from", "connect"), ("to", "send")] {
                if let Some(entry) = fields.entry(key)
                    && !fields.has(with)
                {
                    let message = format!("`{key}` without `{with}`");
                    let help = format!("it says more about `{with}`: add that, or take it away");
                    self.draft.faults.error(&entry.key_span, message).help(help);
                }
            }
            let at = self.moment(fields);
            actions.extend(self.action(fields).map(|action| (at, action)));
        }
        actions.sort_by_key(|(at, _)| *at);
        actions
    }

    fn action(&mut self, fields: &Fields) -> Option<Action> {
        if let Some(to) = fields.text("connect") {
            let from = fields.number("from").map(|n| n as u16);
            return Some(Action::Connect { to: self.endpoint(to)?, from });
        }
        if fields.has("listen") {
            return Some(Action::Listen { port: self.listen(fields, "listen", "tcp", "script")? });
        }
        if let Some(payload) = fields.get("send") {
            let Some(to) = fields.get("to") else {
                return Some(Action::Send(self.payload(payload, PAYLOAD_MAX)?));
            };
            let data = self.payload(payload, DATAGRAM_OCTETS_MAX);
            return Some(Action::SendTo { to: self.endpoint(to)?, data: data? });
        }
        match fields.text("do")?.text() {
            "close" => Some(Action::Close),
            "half-close" => Some(Action::HalfClose),
            "abort" => Some(Action::Abort),
            _ => None,
        }
    }

    /// When something begins, on this host.
    pub(super) fn moment(&self, fields: &Fields) -> Instant {
        let later = self.member.map_or(Duration::ZERO, |member| member.later);
        Instant::ZERO + fields.time("at").unwrap_or_default() + later
    }

    pub(super) fn port(
        &mut self,
        fields: &Fields,
        protocol: &'static str,
        program: &'static str,
    ) -> Option<u16> {
        self.listen(fields, "port", protocol, program)
    }

    /// The port of a listener; tells when another program of the host has it.
    fn listen(
        &mut self,
        fields: &Fields,
        key: &str,
        protocol: &'static str,
        program: &'static str,
    ) -> Option<u16> {
        let port = fields.number(key)? as u16;
        if let Some(other) = self.ports.insert((protocol, port), program) {
            let host = self.draft.node(self.host).name().to_owned();
            let message = format!(
                "{} port {port} of `{host}` is taken: `{other}` listens there",
                protocol.to_uppercase()
            );
            self.draft
                .faults
                .error(&fields.span_of(key), message)
                .help("give each program a port of its own");
        }
        Some(port)
    }

    /// A host by name or address, and a port.
    pub(super) fn endpoint(&mut self, value: &Value) -> Option<Endpoint> {
        let (host, port) = value.text().rsplit_once(':')?;
        let address = self.address(host, &value.part(0..host.len()))?;
        Some(Endpoint::new(address, port.parse().ok()?))
    }

    /// A device by name or address.
    fn device(&mut self, value: &Value) -> Option<Ipv4Addr> {
        let text = value.text();
        self.address(text, &value.part(0..text.len()))
    }

    fn address(&mut self, text: &str, span: &Range<usize>) -> Option<Ipv4Addr> {
        let here = self.draft.node(self.host).name().to_owned();
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            if self.own(address) {
                self.sends_to_itself(span, &here);
            }
            return Some(address);
        }
        let other = if groups::is_placeholder(text) {
            groups::meant(self, text, span)?
        } else {
            links::find(self.draft, text, span)?
        };
        if other == self.host {
            // Of many hosts, the one that the others talk to has nobody to talk to.
            if self.member.is_none_or(|member| member.of == 1) {
                self.sends_to_itself(span, &here);
            }
            return None;
        }
        let node = self.draft.node(other);
        if node.kind() == NodeKind::Switch {
            self.draft
                .faults
                .error(span, format!("`{text}` is a switch and has no address"))
                .help("name a host or a router");
            return None;
        }
        let address = node.interfaces.first().and_then(|i| i.plan.address).map(|c| c.address);
        let apart = self.islands[other.index()] != self.islands[self.host.index()];
        if apart && address.is_some() && self.draft.every_link_is_known {
            self.draft
                .faults
                .warning(span, format!("no way leads from `{here}` to `{text}`"))
                .help("no chain of links joins them: add a `[[link]]`");
        }
        address
    }

    fn own(&self, address: Ipv4Addr) -> bool {
        let interfaces = &self.draft.node(self.host).interfaces;
        interfaces.iter().filter_map(|i| i.plan.address).any(|c| c.address == address)
    }

    fn sends_to_itself(&mut self, span: &Range<usize>, here: &str) {
        self.draft
            .faults
            .error(span, format!("`{here}` would send to itself"))
            .help("name another device: what stays in a host crosses no link");
    }

    fn payloads(&mut self, value: Option<&Value>, most: usize) -> Vec<Chunk> {
        let elements = value.map_or(&[][..], Value::elements);
        elements.iter().filter_map(|v| self.payload(v, most)).collect()
    }

    /// What is sent: the text, or so many letters.
    pub(super) fn payload(&mut self, value: &Value, most: usize) -> Option<Chunk> {
        let octets = match &value.node {
            Raw::Text { text, .. } => text.len(),
            Raw::Table(fields) => usize::try_from(fields.size("size")?).ok()?,
            _ => return None,
        };
        if octets == 0 && most == PAYLOAD_MAX {
            self.draft
                .faults
                .error(&value.span, "an empty text sends nothing over TCP")
                .help("TCP carries octets, not messages: write some, or take it away");
            return None;
        }
        if octets > most && most == DATAGRAM_OCTETS_MAX {
            let message = format!("{octets} octets do not fit into one datagram");
            self.draft.faults.error(&value.span, message).help(format!("the most is {most}"));
            return None;
        }
        let Some(left) = self.budget.octets.checked_sub(octets) else {
            self.draft
                .faults
                .error(
                    &value.span,
                    format!("the payloads of the file have more than {} MiB", PAYLOAD_MAX >> 20),
                )
                .help("to send much, use `tcp_bulk`");
            return None;
        };
        self.budget.octets = left;
        Some(match &value.node {
            Raw::Text { text, .. } => Chunk::from(text.as_bytes()),
            _ => Chunk::from(&(b'a'..=b'z').cycle().take(octets).collect::<Vec<u8>>()[..]),
        })
    }
}

fn octets(fields: &Fields, key: &str, default: u32) -> u32 {
    fields.size(key).map_or(default, |n| n as u32)
}
