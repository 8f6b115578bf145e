//! Links: which devices they join, what they are called, how they behave.

use super::super::keys::{INTERFACES_MAX, LINKS_MAX};
use super::super::value::{Fields, Node as Raw, Value};
use super::{Draft, Interface, Link, Origin, channel, networks, nodes};
use crate::base::{InterfaceId, LinkId, NodeId};
use crate::plan::blueprint::{InterfacePlan, LinkPlan};
use crate::stack::data_link::ethernet::MacAddress;
use std::ops::Range;

/// The largest packet where the file says nothing.
pub(super) const MTU: u64 = 1_500;

/// Collects the links and gives the devices an interface for each end.
///
/// What a `[[network]]` makes comes before what the file writes out, so that the first interface
/// of a generated device is always on a link of its network.
pub(super) fn collect<'a>(draft: &mut Draft<'a>, file: &'a Fields) {
    networks::join(draft);
    let given = file.get("link").map_or(&[][..], Value::elements);
    if let Some(value) = file.get("link")
        && matches!(value.node, Raw::Broken)
    {
        draft.every_link_is_known = false;
    }
    if let Some(first_too_many) = given.get(LINKS_MAX) {
        let message = format!("{} links", given.len());
        draft
            .faults
            .error(&first_too_many.span, message)
            .help(format!("at most {LINKS_MAX} are simulated"));
        draft.every_link_is_known = false;
        return;
    }
    for value in given {
        match value.as_table() {
            Some(fields) => add(draft, fields),
            None => draft.every_link_is_known = false,
        }
    }
    nodes::check_linked(draft);
}

fn add<'a>(draft: &mut Draft<'a>, fields: &'a Fields) {
    let ends = fields.get("ends").map_or(&[][..], Value::elements);
    let found: Vec<Option<NodeId>> = ends.iter().map(|end| node(draft, end)).collect();
    let [Some(one), Some(other)] = found[..] else {
        draft.every_link_is_known = false;
        return;
    };
    if one == other {
        let message = format!("this link joins `{}` with itself", draft.node(one).name());
        draft.faults.error(&ends[1].span, message).help("a link needs two different devices");
        draft.every_link_is_known = false;
        return;
    }
    let link = LinkId(draft.links.len() as u32);
    let mtu = fields.number("mtu").unwrap_or(MTU);
    let ends = plug(draft, [one, other], mtu as u16);
    for (node, interface) in ends {
        if interface.index() == INTERFACES_MAX {
            let message =
                format!("more than {INTERFACES_MAX} links at `{}`", draft.node(node).name());
            draft.faults.error(&fields.span, message).help("divide it among several devices");
        }
    }
    let name = name(draft, fields, one, other, link);
    let directions = channel::both(fields);
    let up = fields.flag("up").unwrap_or(true);
    let plan = LinkPlan { name, ends, directions, up };
    draft.links.push(Link { origin: Origin::Table(fields), plan });
}

/// Gives two devices an interface each for the next link.
pub(super) fn plug(
    draft: &mut Draft<'_>,
    ends: [NodeId; 2],
    mtu: u16,
) -> [(NodeId, InterfaceId); 2] {
    let link = LinkId(draft.links.len() as u32);
    ends.map(|node| {
        let interfaces = &mut draft.nodes[node.index()].interfaces;
        let plan = InterfacePlan { mac: MacAddress::default(), address: None, mtu };
        interfaces.push(Interface { link, plan });
        (node, InterfaceId((interfaces.len() - 1) as u16))
    })
}

/// The name that was given, or the two ends' names, with a number where that is taken.
fn name(draft: &mut Draft<'_>, fields: &Fields, one: NodeId, other: NodeId, id: LinkId) -> String {
    let given = fields.text("name");
    let mut name = given.map_or_else(
        || format!("{}-{}", draft.node(one).name(), draft.node(other).name()),
        |v| v.text().to_owned(),
    );
    if draft.link_names.contains_key(&name) {
        if given.is_some() {
            let message = format!("the name `{name}` is taken: a link before has it");
            draft
                .faults
                .error(&fields.span_of("name"), message)
                .help("every link needs a name of its own");
        }
        // Parallel links are rare, so the number of the link itself is a short way to a free name.
        name = format!("{name}-{}", id.0 + 1);
    }
    draft.link_names.insert(name.clone(), id);
    name
}

/// The device that a text names.
pub(super) fn node(draft: &mut Draft<'_>, value: &Value) -> Option<NodeId> {
    if matches!(value.node, Raw::Broken) {
        return None;
    }
    let text = value.text();
    find(draft, text, &value.part(0..text.len()))
}

/// The device of that name; tells when there is none.
pub(super) fn find(draft: &mut Draft<'_>, name: &str, span: &Range<usize>) -> Option<NodeId> {
    let found = draft.names.get(name).copied();
    if found.is_none() && draft.every_name_is_known {
        let help = networks::help(draft, name);
        draft.faults.error(span, format!("no device is called `{name}`")).help(help);
    }
    found
}
