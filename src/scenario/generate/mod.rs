//! Networks made by a rule: from a few numbers to devices, links, addresses and routes.
//!
//! A [`Shape`] counts its devices, its links and its addresses from zero; `resolve` puts it into
//! the file's network, behind what else is there. Making one takes as long as it is large, and
//! what is too large is refused before it is made.

mod fat_tree;
mod random;
mod ring;
mod star;
mod tree;

use super::diagnostic::Faults;
use super::keys::{GENERATED_LINKS_MAX, GENERATED_MAX};
use super::value::{Entry, Fields};
use crate::plan::blueprint::NodeKind;

/// A network before it has its place among others.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Shape {
    /// Its devices, the hosts first.
    pub(super) devices: Vec<Device>,
    /// How many of them are hosts.
    pub(super) hosts: usize,
    /// Its links, those of hosts first and in the order of the hosts.
    pub(super) cables: Vec<Cable>,
    /// How many addresses are set aside for it; 0 where they are given as for any network.
    pub(super) room: u32,
    /// Its static routes.
    pub(super) routes: Vec<Way>,
    /// Addresses for networks of other devices that hang on its routers: by device, the part of
    /// its room that is left.
    pub(super) spare: Vec<(usize, std::ops::Range<u32>)>,
    /// Routes to such networks: from the second device's neighbour, the first, over this link.
    pub(super) agents: Vec<Agent>,
}

/// A device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Device {
    /// Its name behind the network's own and a hyphen.
    pub(super) name: String,
    pub(super) kind: NodeKind,
    /// Where it stands in the picture, across and down in permille.
    pub(super) at: Option<(u16, u16)>,
}

/// A link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cable {
    pub(super) ends: [usize; 2],
    /// Its network, where the shape numbers it: the first address within the room.
    pub(super) network: Option<Part>,
}

/// A prefix within the room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) first: u32,
    pub(super) prefix_len: u8,
}

/// A route: to a part of the room or, without one, to everywhere; over a link of the device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Way {
    pub(super) device: usize,
    pub(super) to: Option<Part>,
    pub(super) over: usize,
}

/// A device that has no addresses of its own to give to a network that hangs on it: another
/// gives them, and passes on over a link what goes there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Agent {
    pub(super) device: usize,
    pub(super) by: usize,
    pub(super) over: usize,
}

/// A link of two: four addresses.
const PAIR: u32 = 4;

impl Part {
    /// A link of two at this address.
    const fn pair(first: u32) -> Self {
        Self { first, prefix_len: 30 }
    }
}

impl Shape {
    /// The shape that a `[[network]]` asks for; `room` is how many devices and links the file may
    /// still have. What cannot be is told.
    pub(super) fn of(fields: &Fields, left: (usize, usize), faults: &mut Faults) -> Option<Self> {
        let entry = fields.entries.iter().find(|e| fields.table.choose.contains(&e.key.name))?;
        let table = entry.value.as_table()?;
        let mut maker = Maker { entry, fields: table, left, faults };
        match entry.key.name {
            "star" => star::star(&mut maker),
            "tree" => tree::tree(&mut maker),
            "ring" => ring::ring(&mut maker),
            "random" => random::random(&mut maker),
            "fat_tree" => fat_tree::fat_tree(&mut maker),
            _ => None,
        }
    }

    fn hosts(count: usize) -> Self {
        let host = |n| Device { name: format!("h{n}"), kind: NodeKind::Host, at: None };
        Self { devices: (0..count).map(host).collect(), hosts: count, ..Self::default() }
    }

    /// Adds a device; gives its number.
    fn add(&mut self, kind: NodeKind, name: String) -> usize {
        self.devices.push(Device { name, kind, at: None });
        self.devices.len() - 1
    }

    /// Adds a switch or router with the number `n`.
    fn add_numbered(&mut self, kind: NodeKind, n: usize) -> usize {
        let letter = if kind == NodeKind::Switch { 's' } else { 'r' };
        self.add(kind, format!("{letter}{n}"))
    }

    /// Adds a link; gives its number.
    fn join(&mut self, from: usize, to: usize, network: Option<Part>) -> usize {
        self.cables.push(Cable { ends: [from, to], network });
        self.cables.len() - 1
    }
}

/// What a shape is made from.
struct Maker<'a> {
    entry: &'a Entry,
    fields: &'a Fields,
    /// How many devices and links the file may still have.
    left: (usize, usize),
    faults: &'a mut Faults,
}

impl Maker<'_> {
    fn number(&self, key: &str) -> Option<usize> {
        self.fields.number(key).map(|n| n as usize)
    }

    /// A number that may be left out; `None` if it is wrong.
    fn number_or(&self, key: &str, default: usize) -> Option<usize> {
        if self.fields.has(key) { self.number(key) } else { Some(default) }
    }

    fn kind(&self, key: &str, default: NodeKind) -> Option<NodeKind> {
        if !self.fields.has(key) {
            return Some(default);
        }
        match self.fields.text(key)?.text() {
            "switch" => Some(NodeKind::Switch),
            "router" => Some(NodeKind::Router),
            _ => None,
        }
    }

    fn wrong(&mut self, key: &str, message: String, help: String) {
        self.faults.error(&self.fields.span_of(key), message).help(help);
    }

    /// Whether so many devices and links may be made; tells when not.
    fn fits(&mut self, devices: usize, links: usize) -> Option<()> {
        let (what, most) = if devices > self.left.0 {
            (format!("{devices} devices"), format!("at most {GENERATED_MAX} devices"))
        } else if links > self.left.1 {
            (format!("{links} links"), format!("at most {GENERATED_LINKS_MAX} links"))
        } else {
            return Some(());
        };
        let span = &self.entry.value.span;
        self.faults
            .error(span, format!("this `{}` has {what}", self.entry.key.name))
            .help(format!("{most} are simulated in all: make it smaller"));
        None
    }
}

/// Rows of devices, evenly spread from the top down: where each stands, in permille.
fn in_rows(shape: &mut Shape, rows: &[std::ops::Range<usize>]) {
    let cell = |place: usize, of: usize| ((2 * place + 1) * 1000 / (2 * of.max(1))) as u16;
    for (down, row) in rows.iter().enumerate() {
        for (across, device) in shape.devices[row.clone()].iter_mut().enumerate() {
            device.at = Some((cell(across, row.len()), cell(down, rows.len())));
        }
    }
}
