//! From a file of the right shape to a network: names become numbers, what was left out is filled
//! in, and everything that cannot be is told at once.

mod addresses;
mod channel;
mod links;
mod nodes;
mod programs;
mod routes;
mod run;
mod settings;

use super::diagnostic::Faults;
use super::value::{Fields, Value};
use crate::base::{Duration, Instant, InterfaceId, LinkId, NodeId};
use crate::plan::blueprint::{Blueprint, LinkPlan, NodeKind, NodePlan};
use std::collections::BTreeMap;
use std::ops::Range;

/// An expectation before its filter is read.
pub(super) struct Wanted {
    pub(super) that: Value,
    pub(super) within: Option<Duration>,
    pub(super) span: Range<usize>,
}

/// Makes the network of a file; `None` when there are too many devices to go on.
pub(super) fn resolve(file: &Fields, faults: &mut Faults) -> Option<(Blueprint, Vec<Wanted>)> {
    let limits = run::limits(file);
    let mut draft = Draft {
        faults,
        nodes: Vec::new(),
        links: Vec::new(),
        names: BTreeMap::new(),
        link_names: BTreeMap::new(),
        every_name_is_known: true,
        every_link_is_known: true,
        until: limits.until,
    };
    nodes::collect(&mut draft, file)?;
    links::collect(&mut draft, file);
    addresses::assign(&mut draft);
    routes::collect(&mut draft);
    let programs = programs::collect(&mut draft);
    let cues = run::cues(&mut draft, file);
    let wanted = run::expects(&mut draft, file);
    let plans = draft.nodes.iter().zip(programs);
    let blueprint = Blueprint {
        seed: file.number("seed").unwrap_or(1),
        nodes: plans.map(|(node, programs)| node.plan(programs)).collect(),
        links: draft.links.into_iter().map(|link| link.plan).collect(),
        cues,
        limits,
    };
    Some((blueprint, wanted))
}

/// A network on its way.
struct Draft<'a> {
    faults: &'a mut Faults,
    nodes: Vec<Node<'a>>,
    links: Vec<Link<'a>>,
    names: BTreeMap<&'a str, NodeId>,
    link_names: BTreeMap<String, LinkId>,
    /// Whether no device's name was broken: only then is an unknown name a fault of its own.
    every_name_is_known: bool,
    /// Whether no link's ends were broken.
    every_link_is_known: bool,
    /// The end of the run.
    until: Instant,
}

/// A device on its way.
struct Node<'a> {
    fields: &'a Fields,
    kind: NodeKind,
    name: &'a str,
    interfaces: Vec<Interface>,
    plan: NodePlan,
}

/// An interface on its way.
struct Interface {
    link: LinkId,
    plan: crate::plan::blueprint::InterfacePlan,
}

/// A link on its way.
struct Link<'a> {
    fields: &'a Fields,
    plan: LinkPlan,
}

impl Node<'_> {
    fn plan(&self, programs: Vec<crate::plan::program::Plan>) -> NodePlan {
        NodePlan {
            interfaces: self.interfaces.iter().map(|i| i.plan).collect(),
            programs,
            ..self.plan.clone()
        }
    }
}

impl Draft<'_> {
    fn node(&self, id: NodeId) -> &Node<'_> {
        &self.nodes[id.index()]
    }

    /// The places of the devices that have addresses.
    fn stations(&self) -> Vec<usize> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter(|(_, n)| n.kind != NodeKind::Switch).map(|(place, _)| place).collect()
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
