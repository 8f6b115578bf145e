//! Networks that are made by a rule, put among what the file writes out.

use super::super::diagnostic::suggest;
use super::super::generate::Shape;
use super::super::keys::{GENERATED_LINKS_MAX, GENERATED_MAX};
use super::super::value::Fields;
use super::{Draft, Link, Origin, channel, links, nodes, settings};
use crate::base::{InterfaceId, LinkId, NodeId};
use crate::plan::blueprint::{Channel, LinkPlan, NodeKind, Settings};
use std::ops::Range;

/// A network that was made.
pub(super) struct Made<'a> {
    pub(super) fields: &'a Fields,
    pub(super) shape: Shape,
    /// Its first device and its first link.
    pub(super) first: (u32, u32),
    /// Its first address, once it has a place.
    pub(super) base: u32,
    /// Hosts of others that hang on its routers, each with the interface of the router.
    pub(super) guests: Vec<(NodeId, (NodeId, InterfaceId))>,
}

impl Made<'_> {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        self.fields.text("name").map_or("", |v| v.text())
    }

    /// One of its devices.
    pub(super) const fn node(&self, device: usize) -> NodeId {
        NodeId(self.first.0 + device as u32)
    }

    /// One of its links.
    pub(super) const fn link(&self, cable: usize) -> LinkId {
        LinkId(self.first.1 + cable as u32)
    }

    /// Its hosts.
    pub(super) const fn hosts(&self) -> Range<u32> {
        self.first.0..self.first.0 + self.shape.hosts as u32
    }

    /// The number within it of one of its devices.
    pub(super) fn device(&self, node: NodeId) -> Option<usize> {
        let device = node.index().checked_sub(self.first.0 as usize)?;
        (device < self.shape.devices.len()).then_some(device)
    }
}

/// Adds the devices of a network.
pub(super) fn add<'a>(draft: &mut Draft<'a>, fields: &'a Fields) {
    let cables = draft.made.iter().map(|made| made.shape.cables.len()).sum::<usize>();
    let left = (
        GENERATED_MAX.saturating_sub(draft.nodes.len()),
        GENERATED_LINKS_MAX.saturating_sub(cables),
    );
    let shape = Shape::of(fields, left, draft.faults);
    let (Some(mut shape), Some(name)) = (shape, fields.text("name")) else {
        draft.every_name_is_known = false;
        draft.every_link_is_known = false;
        return;
    };
    let mut usual = Settings::default();
    if let Some(tcp) = fields.table("tcp") {
        usual.tcp = settings::tcp(tcp, draft.faults);
    }
    let first = (draft.nodes.len() as u32, 0);
    let mut taken = None;
    for device in &mut shape.devices {
        let name = format!("{}-{}", name.text(), std::mem::take(&mut device.name));
        let id = NodeId(draft.nodes.len() as u32);
        // Whoever has a name keeps it: one fault is enough.
        let before = *draft.names.entry(name.clone()).or_insert(id);
        if before != id {
            taken = taken.or_else(|| Some(nodes::taken(draft, &name, before)));
        }
        nodes::push(draft, Origin::Network(fields), (name, device.kind), usual, device.at);
    }
    if let Some(message) = taken {
        draft
            .faults
            .error(&name.part(0..name.text().len()), message)
            .help("the names of a network's devices begin with its own: give it another");
    }
    draft.made.push(Made { fields, shape, first, base: 0, guests: Vec::new() });
}

/// Tells of networks that have the name of a device: `on` could mean either.
pub(super) fn check_names(draft: &mut Draft<'_>) {
    for made in &draft.made {
        if draft.names.contains_key(made.name()) {
            let message = format!("the name `{}` is taken: a device has it", made.name());
            draft
                .faults
                .error(&made.fields.span_of("name"), message)
                .help("a network needs a name of its own");
        }
    }
}

/// Adds the links of all networks.
pub(super) fn join(draft: &mut Draft<'_>) {
    for place in 0..draft.made.len() {
        draft.made[place].first.1 = draft.links.len() as u32;
        let made = &draft.made[place];
        let (fields, cables) = (made.fields, made.shape.cables.clone());
        let first = made.first.0;
        let cable = fields.table("link");
        let channel = cable.map_or_else(Channel::default, channel::of_network);
        let mtu = cable.and_then(|cable| cable.number("mtu")).unwrap_or(links::MTU) as u16;
        for cable in cables {
            let ends = cable.ends.map(|device| NodeId(first + device as u32));
            let name = format!("{}-{}", draft.node(ends[0]).name(), draft.node(ends[1]).name());
            draft.link_names.insert(name.clone(), LinkId(draft.links.len() as u32));
            let ends = links::plug(draft, ends, mtu);
            let directions = [channel.clone(), channel.clone()];
            let plan = LinkPlan { name, ends, directions, up: true };
            draft.links.push(Link { origin: Origin::Network(fields), plan });
        }
    }
}

/// What to do about a name that no device has: what a network's devices are called, if the name
/// begins as theirs do, else what the file's are.
pub(super) fn help(draft: &Draft<'_>, name: &str) -> String {
    let begins =
        |made: &&Made<'_>| name.strip_prefix(made.name()).is_some_and(|rest| rest.starts_with('-'));
    let Some(made) = draft.made.iter().find(begins) else {
        let is_written = |id: &NodeId| draft.node(*id).origin.table().is_some();
        let written = draft.names.iter().filter(|(_, id)| is_written(id));
        let first = draft.made.iter().map(|made| draft.node(made.node(0)).name());
        return suggest(name, "there are", written.map(|(name, _)| name.as_str()).chain(first));
    };
    let name_of = |device: usize| draft.node(made.node(device)).name();
    let (hosts, all) = (made.shape.hosts, made.shape.devices.len());
    let others = match all - hosts {
        1 => format!("`{}`", name_of(hosts)),
        _ => format!("`{}` to `{}`", name_of(hosts), name_of(all - 1)),
    };
    let (first, last) = (name_of(0), name_of(hosts - 1));
    format!("network `{}` has hosts `{first}` to `{last}`, and {others}", made.name())
}

/// Tells of routers that a network with routes of its own leaves without any.
pub(super) fn check_routes(draft: &mut Draft<'_>) {
    let Some(fabric) = draft.made.iter().find(|made| !made.shape.routes.is_empty()) else { return };
    let name = fabric.name().to_owned();
    let inside = |node: NodeId| {
        draft.made.iter().any(|m| !m.shape.routes.is_empty() && m.device(node).is_some())
    };
    let mut told = None;
    for (place, node) in draft.nodes.iter().enumerate() {
        let is_left_out = node.kind() == NodeKind::Router && node.plan.routes.is_empty();
        // Of those that one table made, the first is enough.
        let span = node.origin.span_of("name");
        if is_left_out && !inside(NodeId(place as u32)) && told.as_ref() != Some(&span) {
            draft
                .faults
                .error(&span, format!("`{}` has no routes", node.name()))
                .help(format!("network `{name}` brings routes of its own, so none are computed: give this one `routes`, or join only hosts and switches to `{name}`"));
            told = Some(span);
        }
    }
}
