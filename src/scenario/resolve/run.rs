//! Timed changes, limits, expectations.

use super::super::diagnostic::suggest;
use super::super::value::{Entry, Fields, Node as Raw};
use super::{Draft, Wanted, channel};
use crate::base::{Instant, LinkId};
use crate::plan::Command;
use crate::plan::blueprint::Limits;
use crate::stack::physical::Faults;
use std::collections::BTreeMap;

/// What `[limits]` says.
pub(super) fn limits(file: &Fields) -> Limits {
    let mut limits = Limits::default();
    let Some(fields) = file.table("limits") else { return limits };
    limits.until = fields.time("until").map_or(limits.until, |until| Instant::ZERO + until);
    limits.steps = fields.number("steps").unwrap_or(limits.steps);
    limits.steps_per_instant =
        fields.number("steps_per_instant").map_or(limits.steps_per_instant, |n| n as u32);
    limits.octets = fields.size("octets").unwrap_or(limits.octets);
    limits.records = fields.number("records").map_or(limits.records, |n| n as u32);
    limits
}

/// The timed changes, in the order of their times.
pub(super) fn cues(draft: &mut Draft<'_>, file: &Fields) -> Vec<(Instant, Command)> {
    let mut sorted: Vec<&Fields> = file.tables("at").collect();
    sorted.sort_by_key(|cue| cue.time("time"));
    let mut now: BTreeMap<LinkId, Faults> = BTreeMap::new();
    let mut cues = Vec::new();
    for cue in sorted {
        draft.check_time(cue, "time");
        check_change(draft, cue);
        let at = Instant::ZERO + cue.time("time").unwrap_or_default();
        for (key, command) in
            [("cut", Command::Cut as fn(LinkId) -> Command), ("mend", Command::Mend)]
        {
            if let Some(link) = cue.entry(key).and_then(|entry| link(draft, entry)) {
                cues.push((at, command(link)));
            }
        }
        if let Some(link) = cue.entry("change").and_then(|entry| link(draft, entry)) {
            cues.extend(changes(draft, cue, link, &mut now).into_iter().map(|c| (at, c)));
        }
    }
    cues
}

const CHANGES: [&str; 4] = ["delay", "rate", "loss", "jitter"];

/// Tells of a change that changes nothing, and of values for no change.
fn check_change(draft: &mut Draft<'_>, cue: &Fields) {
    let given: Vec<&Entry> = CHANGES.iter().filter_map(|key| cue.entry(key)).collect();
    if cue.has("change") {
        if given.is_empty() {
            draft
                .faults
                .error(&cue.span_of("change"), "this changes nothing")
                .help("add `delay`, `rate`, `loss` or `jitter`");
        }
        return;
    }
    for entry in given {
        draft
            .faults
            .error(&entry.key_span, format!("`{}` without `change`", entry.key.name))
            .help("add `change = \"…\"` with the name of the link");
    }
}

fn changes(
    draft: &Draft<'_>,
    cue: &Fields,
    link: LinkId,
    now: &mut BTreeMap<LinkId, Faults>,
) -> Vec<Command> {
    let mut commands = Vec::new();
    commands.extend(cue.time("delay").map(|delay| Command::Delay(link, delay)));
    commands.extend(cue.rate("rate").map(|rate| Command::Rate(link, rate)));
    if cue.has("loss") || cue.has("jitter") {
        let plan = &draft.links[link.index()].plan;
        let faults = now.entry(link).or_insert_with(|| plan.directions[0].faults.clone());
        if let Some(loss) = cue.get("loss") {
            faults.loss = channel::loss(loss);
        }
        faults.jitter = cue.time("jitter").unwrap_or(faults.jitter);
        commands.push(Command::Faults(link, faults.clone()));
    }
    commands
}

/// The link that a cue names.
fn link(draft: &mut Draft<'_>, entry: &Entry) -> Option<LinkId> {
    let value = &entry.value;
    if matches!(value.node, Raw::Broken) {
        return None;
    }
    let name = value.text();
    let found = draft.link_names.get(name).copied();
    if found.is_none() && draft.every_link_is_known {
        let names = draft.link_names.keys().map(String::as_str);
        let turned = name.split_once('-').map(|(one, other)| format!("{other}-{one}"));
        let help = match turned.filter(|turned| draft.link_names.contains_key(turned)) {
            Some(turned) => format!("did you mean `{turned}`?"),
            None => suggest(name, "there are", names),
        };
        let span = value.part(0..name.len());
        draft.faults.error(&span, format!("no link is called `{name}`")).help(help);
    }
    found
}

/// What `[[expect]]` says; the filters are read later, when the network is known.
pub(super) fn expects(draft: &mut Draft<'_>, file: &Fields) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for fields in file.tables("expect") {
        draft.check_time(fields, "within");
        if let Some(that) = fields.text("that") {
            let span = that.part(0..that.text().len());
            wanted.push(Wanted { that: that.clone(), within: fields.time("within"), span });
        }
    }
    wanted
}
