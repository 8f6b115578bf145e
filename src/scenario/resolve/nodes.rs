//! Hosts, switches and routers: their names, and the order in which the file has them.

use super::super::diagnostic::Faults;
use super::super::keys::NODES_MAX;
use super::super::value::{Fields, Node as Raw};
use super::{Draft, Node, settings};
use crate::base::NodeId;
use crate::plan::blueprint::{NodeKind, NodePlan};

/// Collects the devices; `None` when there are none or too many to go on.
pub(super) fn collect<'a>(draft: &mut Draft<'a>, file: &'a Fields) -> Option<()> {
    let kinds =
        [("host", NodeKind::Host), ("switch", NodeKind::Switch), ("router", NodeKind::Router)];
    let mut found: Vec<(&Fields, NodeKind)> = Vec::new();
    for (key, kind) in kinds {
        found.extend(file.tables(key).map(|fields| (fields, kind)));
        draft.every_name_is_known &= !broken(file, key);
    }
    found.sort_by_key(|(fields, _)| fields.span.start);
    if found.is_empty() {
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
    for (fields, kind) in found {
        add(draft, fields, kind);
    }
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
    } else if let Some(before) = draft.names.insert(name, id) {
        let line = draft.node(before).kind;
        draft
            .faults
            .error(
                &fields.span_of("name"),
                format!("the name `{name}` is taken: {} before has it", article(line)),
            )
            .help("every device needs a name of its own");
    }
    let plan = NodePlan {
        name: name.into(),
        kind,
        interfaces: Vec::new(),
        routes: Vec::new(),
        settings: settings::of(fields, kind, draft.faults),
        programs: Vec::new(),
        position: position(fields),
    };
    draft.nodes.push(Node { fields, kind, name, interfaces: Vec::new(), plan });
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
    for node in draft.nodes.iter().filter(|n| n.interfaces.is_empty() && !n.name.is_empty()) {
        faults
            .error(&node.fields.span_of("name"), format!("no link goes to `{}`", node.name))
            .help(format!("add a `[[link]]` with `ends = [\"{}\", …]`", node.name));
    }
}
