//! Programs on many hosts: who runs them, and whom `{next}`, `{opposite}` and `{random}` mean.

use super::super::keys::PROGRAMS_MAX;
use super::super::value::{Fields, Value};
use super::programs::Maker;
use super::{Draft, Made, networks};
use crate::base::{Duration, Instant, NodeId, Rng};
use crate::plan::blueprint::NodeKind;
use crate::plan::program::Plan;
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands for another host of the network.
const PLACEHOLDERS: [&str; 3] = ["{next}", "{opposite}", "{random}"];

/// A host that runs a program which others run too.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) host: NodeId,
    /// How much later than on the first host it begins.
    pub(super) later: Duration,
    /// On how many hosts it runs.
    pub(super) of: usize,
    /// The program, by its place.
    group: usize,
}

/// The `[[program]]` tables of a file.
pub(super) struct Groups<'f> {
    tables: Vec<&'f Fields>,
    /// Of these a fault was told: it would be the same on each host.
    broken: BTreeSet<usize>,
}

/// The programs that run on many hosts, and who runs them, in the order of the hosts.
pub(super) fn of<'f>(draft: &mut Draft<'_>, file: &'f Fields) -> (Groups<'f>, Vec<Member>) {
    let tables: Vec<&Fields> = file.tables("program").collect();
    let mut members = Vec::new();
    for (group, table) in tables.iter().enumerate() {
        let hosts = hosts(draft, table);
        let of = hosts.len();
        if members.len() + of > PROGRAMS_MAX {
            let message = format!("the file has more than {PROGRAMS_MAX} programs");
            draft.faults.error(&table.span_of("on"), message).help("run it on fewer hosts");
            break;
        }
        let apart = table.time("apart").unwrap_or_default();
        check_last(draft, table, apart, of);
        members.extend(hosts.into_iter().enumerate().map(|(number, host)| {
            let later = apart.times(number as u64);
            Member { host, later, of, group }
        }));
    }
    members.sort_by_key(|member| member.host);
    (Groups { tables, broken: BTreeSet::new() }, members)
}

/// The hosts that `on` names, each once.
fn hosts(draft: &mut Draft<'_>, table: &Fields) -> Vec<NodeId> {
    let mut seen = BTreeSet::new();
    let mut hosts = Vec::new();
    for value in table.get("on").map_or(&[][..], Value::elements) {
        let name = value.text();
        let span = value.part(0..name.len());
        if let Some(&node) = draft.names.get(name) {
            if draft.node(node).kind() == NodeKind::Host {
                hosts.extend(seen.insert(node).then_some(node));
            } else {
                draft
                    .faults
                    .error(&span, format!("`{name}` is no host"))
                    .help("programs run on hosts only");
            }
        } else if let Some(made) = draft.made.iter().find(|made| made.name() == name) {
            hosts.extend(made.hosts().map(NodeId).filter(|node| seen.insert(*node)));
        } else if !name.is_empty() && draft.every_name_is_known {
            let message = format!("no host and no network is called `{name}`");
            let help = networks::help(draft, name);
            draft.faults.error(&span, message).help(help);
        }
    }
    hosts
}

/// Tells when the run ends before the last host has begun.
fn check_last(draft: &mut Draft<'_>, table: &Fields, apart: Duration, hosts: usize) {
    let program = table.entries.iter().find_map(|e| e.value.as_table());
    let begins = program.filter(|p| p.table.key("at").is_some()).and_then(|p| p.time("at"));
    let late = apart.times(hosts.saturating_sub(1) as u64).0;
    let last = Instant(begins.unwrap_or_default().0.saturating_add(late));
    if late > 0 && last > draft.until {
        let message = format!("the last of {hosts} hosts would begin at {last}");
        let end = draft.until.since(Instant::ZERO);
        draft.faults.error(&table.span_of("apart"), message).help(format!(
            "the run ends at {end}: make `apart` shorter, or raise `until` in `[limits]`"
        ));
    }
}

impl Groups<'_> {
    /// The program of a member; `None` where something is wrong with it, or it would talk to
    /// itself.
    pub(super) fn program(&mut self, member: Member, maker: &mut Maker<'_, '_>) -> Option<Plan> {
        let table = self.tables[member.group];
        let entry = table.entries.iter().find(|e| table.table.choose.contains(&e.key.name))?;
        if self.broken.contains(&member.group) {
            return None;
        }
        maker.member = Some(member);
        let before = maker.draft.faults.count();
        let plan = maker.program(entry);
        if maker.draft.faults.count() > before {
            self.broken.insert(member.group);
        }
        plan
    }
}

/// Whether a text stands for another host of the network.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.starts_with('{')
}

/// The host that a placeholder means; tells when nobody is meant.
pub(super) fn meant(maker: &mut Maker<'_, '_>, text: &str, span: &Range<usize>) -> Option<NodeId> {
    let draft = &mut *maker.draft;
    if !PLACEHOLDERS.contains(&text) {
        let known = PLACEHOLDERS.map(|p| format!("`{p}`")).join(", ");
        let message = format!("`{text}` stands for nobody");
        draft.faults.error(span, message).help(format!("it may be one of {known}"));
        return None;
    }
    let host = maker.host;
    let last = draft.made.partition_point(|made| made.first.0 <= host.0).checked_sub(1);
    let made: Option<&Made<'_>> = last.map(|place| &draft.made[place]);
    let Some(hosts) = made.map(Made::hosts).filter(|hosts| hosts.contains(&host.0)) else {
        let message = format!("`{text}` of `{}` is nobody", draft.node(host).name());
        draft
            .faults
            .error(span, message)
            .help("only the hosts of a `[[network]]` have others beside them: name a host");
        return None;
    };
    let count = hosts.end - hosts.start;
    if count == 1 {
        let message = format!("`{}` has no other host beside it", draft.node(host).name());
        draft.faults.error(span, message).help("name a host, or make the network larger");
        return None;
    }
    let by = match text {
        "{next}" => 1,
        "{opposite}" => count / 2,
        _ => {
            let group = maker.member.map_or(0, |member| member.group);
            let name = format!("program {group} {}", draft.node(host).name());
            1 + Rng::fork(draft.seed, &name).below(u64::from(count - 1)) as u32
        }
    };
    Some(NodeId(hosts.start + (host.0 - hosts.start + by) % count))
}
