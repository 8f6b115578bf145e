//! From a file of the right shape to a network: names become numbers, what was left out is filled
//! in, and everything that cannot be is told at once.

mod addresses;
mod blocks;
mod channel;
mod groups;
mod javascript;
mod links;
mod networks;
mod nodes;
mod programs;
mod routes;
mod run;
mod settings;
mod web;

use super::diagnostic::Faults;
use super::source::Source;
use super::value::{Fields, Value};
use crate::base::{Duration, Instant, InterfaceId, LinkId, NodeId};
use crate::plan::blueprint::{Blueprint, LinkPlan, NodeKind, NodePlan};
use networks::Made;
use std::collections::BTreeMap;
use std::ops::Range;

/// An expectation before its filter is read.
pub(super) struct Wanted {
    pub(super) that: Value,
    pub(super) within: Option<Duration>,
    pub(super) span: Range<usize>,
}

/// Makes the network of a file; `None` when there are too many devices to go on.
pub(super) fn resolve(
    source: &Source,
    file: &Fields,
    faults: &mut Faults,
) -> Option<(Blueprint, Vec<Wanted>)> {
    let limits = run::limits(file);
    let mut draft = Draft {
        source,
        faults,
        nodes: Vec::new(),
        links: Vec::new(),
        names: BTreeMap::new(),
        link_names: BTreeMap::new(),
        made: Vec::new(),
        every_name_is_known: true,
        every_link_is_known: true,
        until: limits.until,
        seed: file.number("seed").unwrap_or(1),
    };
    nodes::collect(&mut draft, file)?;
    links::collect(&mut draft, file);
    addresses::assign(&mut draft);
    routes::collect(&mut draft);
    let programs = programs::collect(&mut draft, file);
    let cues = run::cues(&mut draft, file);
    let wanted = run::expects(&mut draft, file);
    let plans = draft.nodes.into_iter().zip(programs);
    let blueprint = Blueprint {
        seed: draft.seed,
        nodes: plans.map(|(node, programs)| node.plan(programs)).collect(),
        links: draft.links.into_iter().map(|link| link.plan).collect(),
        cues,
        limits,
    };
    Some((blueprint, wanted))
}

/// A network on its way.
struct Draft<'a> {
    /// Where the files beside it come from.
    source: &'a Source,
    faults: &'a mut Faults,
    nodes: Vec<Node<'a>>,
    links: Vec<Link<'a>>,
    names: BTreeMap<String, NodeId>,
    link_names: BTreeMap<String, LinkId>,
    /// The networks that were made by a rule.
    made: Vec<Made<'a>>,
    /// Whether no device's name was broken: only then is an unknown name a fault of its own.
    every_name_is_known: bool,
    /// Whether no link's ends were broken.
    every_link_is_known: bool,
    /// The end of the run.
    until: Instant,
    /// Where all luck begins.
    seed: u64,
}

/// A device on its way.
struct Node<'a> {
    origin: Origin<'a>,
    interfaces: Vec<Interface>,
    plan: NodePlan,
}

/// Where a device or a link comes from.
#[derive(Clone, Copy)]
enum Origin<'a> {
    /// It stands in the file.
    Table(&'a Fields),
    /// The `[[network]]` made it.
    Network(&'a Fields),
}

/// An interface on its way.
struct Interface {
    link: LinkId,
    plan: crate::plan::blueprint::InterfacePlan,
}

/// A link on its way.
struct Link<'a> {
    origin: Origin<'a>,
    plan: LinkPlan,
}

impl<'a> Origin<'a> {
    /// Its table in the file, if it stands there.
    const fn table(self) -> Option<&'a Fields> {
        match self {
            Self::Table(fields) => Some(fields),
            Self::Network(_) => None,
        }
    }

    /// The place that says its `key`; of what a network made, the network's name.
    fn span_of(self, key: &str) -> Range<usize> {
        match self {
            Self::Table(fields) => fields.span_of(key),
            Self::Network(fields) => fields.span_of("name"),
        }
    }
}

impl Node<'_> {
    fn name(&self) -> &str {
        &self.plan.name
    }

    const fn kind(&self) -> NodeKind {
        self.plan.kind
    }

    fn plan(self, programs: Vec<crate::plan::program::Plan>) -> NodePlan {
        let interfaces = self.interfaces.iter().map(|i| i.plan).collect();
        NodePlan { interfaces, programs, ..self.plan }
    }
}

impl Draft<'_> {
    fn node(&self, id: NodeId) -> &Node<'_> {
        &self.nodes[id.index()]
    }

    /// The places of the devices that have addresses.
    fn stations(&self) -> Vec<usize> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter(|(_, n)| n.kind() != NodeKind::Switch).map(|(place, _)| place).collect()
    }

    /// The largest packet that a link takes.
    fn mtu(&self, link: LinkId) -> u16 {
        let end = self.links[link.index()].plan.ends[0];
        self.interface(end).plan.mtu
    }

    fn interface(&self, (node, interface): (NodeId, InterfaceId)) -> &Interface {
        &self.nodes[node.index()].interfaces[interface.index()]
    }

    /// Tells of a time that the run does not reach.
    fn check_time(&mut self, fields: &Fields, key: &str) {
        let Some(time) = fields.time(key) else { return };
        if Instant::ZERO + time > self.until {
            let end = self.until.since(Instant::ZERO);
            self.faults
                .error(&fields.span_of(key), format!("`{time}` is after the end of the run"))
                .help(format!(
                    "the run ends at {end}: make it earlier, or raise `until` in `[limits]`"
                ));
        }
    }
}
