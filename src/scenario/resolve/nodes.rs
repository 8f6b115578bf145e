//! Hosts, switches and routers: their names, and the order in which the file has them.

use super::super::diagnostic::Faults;
use super::super::keys::NODES_MAX;
use super::super::value::{Fields, Node as Raw};
use super::{Draft, Node, Origin, networks, settings};
use crate::base::NodeId;
use crate::plan::blueprint::{NodeKind, NodePlan, Settings};

/// Collects the devices; `None` when there are none or too many to go on.
pub(super) fn collect<'a>(draft: &mut Draft<'a>, file: &'a Fields) -> Option<()> {
    let kinds =
        [("host", NodeKind::Host), ("switch", NodeKind::Switch), ("router", NodeKind::Router)];
    let mut found: Vec<(&Fields, NodeKind)> = Vec::new();
    for (key, kind) in kinds {
        found.extend(file.tables(key).map(|fields| (fields, kind)));
        draft.every_name_is_known &= !broken(file, key);
    }
    draft.every_name_is_known &= !broken(file, "network");
    found.sort_by_key(|(fields, _)| fields.span.start);
    let mut networks: Vec<&Fields> = file.tables("network").collect();
    networks.sort_by_key(|fields| fields.span.start);
    if found.is_empty() && networks.is_empty() {
        if draft.every_name_is_known {
            draft.faults.error(&(0..0), "there is no device").help(
                "add two `[[host]]` tables with a `name` each, and a `[[link]]` between them",
            );
        }
        return None;
    }
    if let Some((first_too_many, _)) = found.get(NODES_MAX) {
        let message = format!("{} devices", found.len());
        let help = format!("at most {NODES_MAX} are simulated");
        draft.faults.error(&first_too_many.span, message).help(help);
        return None;
    }
    let mut written = found.into_iter().peekable();
    for network in networks {
        while let Some((fields, kind)) = written.next_if(|w| w.0.span.start < network.span.start) {
            add(draft, fields, kind);
        }
        networks::add(draft, network);
    }
    for (fields, kind) in written {
        add(draft, fields, kind);
    }
    networks::check_names(draft);
    Some(())
}

fn broken(file: &Fields, key: &str) -> bool {
    let is_broken = |value: &super::Value| !matches!(value.node, Raw::Table(_));
    file.get(key).is_some_and(|value| {
        matches!(value.node, Raw::Broken) || value.elements().iter().any(is_broken)
    })
}

fn add<'a>(draft: &mut Draft<'a>, fields: &'a Fields, kind: NodeKind) {
    let id = NodeId(draft.nodes.len() as u32);
    let name = fields.text("name").map_or("", |v| v.text());
    if name.is_empty() {
        draft.every_name_is_known = false;
    } else if let Some(before) = draft.names.insert(name.to_owned(), id) {
        let message = taken(draft, name, before);
        draft
            .faults
            .error(&fields.span_of("name"), message)
            .help("every device needs a name of its own");
    }
    let settings = settings::of(fields, kind, draft.faults);
    push(draft, Origin::Table(fields), (name.into(), kind), settings, position(fields));
}

/// What is said of a name that another device has.
pub(super) fn taken(draft: &Draft<'_>, name: &str, before: NodeId) -> String {
    format!("the name `{name}` is taken: {} before has it", article(draft.node(before).kind()))
}

/// Adds a device.
pub(super) fn push<'a>(
    draft: &mut Draft<'a>,
    origin: Origin<'a>,
    (name, kind): (String, NodeKind),
    settings: Settings,
    position: Option<(u16, u16)>,
) {
    let (interfaces, routes, programs) = (Vec::new(), Vec::new(), Vec::new());
    let plan = NodePlan { name, kind, interfaces, routes, settings, programs, position };
    draft.nodes.push(Node { origin, interfaces: Vec::new(), plan });
}

const fn article(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Host => "a host",
        NodeKind::Router => "a router",
        NodeKind::Switch => "a switch",
    }
}

/// Percent in the file, permille in the plan.
fn position(fields: &Fields) -> Option<(u16, u16)> {
    let [across, down] = fields.get("at")?.elements() else { return None };
    match (&across.node, &down.node) {
        (Raw::Number(across), Raw::Number(down)) => Some((*across as u16 * 10, *down as u16 * 10)),
        _ => None,
    }
}

/// Tells of devices that no link goes to.
pub(super) fn check_linked(draft: &mut Draft<'_>) {
    if !draft.every_link_is_known {
        return;
    }
    let faults: &mut Faults = draft.faults;
    for node in draft.nodes.iter().filter(|n| n.interfaces.is_empty() && !n.name().is_empty()) {
        faults
            .error(&node.origin.span_of("name"), format!("no link goes to `{}`", node.name()))
            .help(format!("add a `[[link]]` with `ends = [\"{}\", …]`", node.name()));
    }
}
