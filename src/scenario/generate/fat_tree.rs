//! A fat tree of routers (M. Al-Fares and others, "A Scalable, Commodity Data Center Network
//! Architecture", SIGCOMM 2008), with the addresses and summary routes of a real fabric.
//!
//! Each pod has a /16, each of its routers a prefix within that: an edge router for the links to
//! its hosts and upwards, an aggregation router for those to the core. So a table has one route
//! for each router of the pod and one for all the rest, and a core router one for each pod.

use super::{Agent, Maker, PAIR, Part, Shape, Way, in_rows};
use crate::plan::blueprint::NodeKind;

/// The addresses of a pod.
const POD: u32 = 1 << 16;

/// `fat_tree`
pub(super) fn fat_tree(maker: &mut Maker<'_>) -> Option<Shape> {
    let k = maker.number("k")?;
    if !k.is_multiple_of(2) {
        let help = format!("half of a router's links lead up: `{}` or `{}`", k - 1, k + 1);
        maker.wrong("k", format!("`k` is odd: {k}"), help);
        return None;
    }
    maker.fits(k * k * k / 4 + k * k * 5 / 4, k * k * k * 3 / 4)?;
    let mut tree = Tree { k, half: k / 2, shape: Shape::hosts(k * k * k / 4) };
    tree.devices();
    tree.cables();
    tree.routes();
    tree.spare();
    tree.shape.room = (k as u32 * POD).next_power_of_two();
    Some(tree.shape)
}

struct Tree {
    k: usize,
    half: usize,
    shape: Shape,
}

impl Tree {
    fn devices(&mut self) {
        for pod in 0..self.k {
            for edge in 0..self.half {
                self.shape.add(NodeKind::Router, format!("pod{pod}-edge{edge}"));
            }
        }
        for pod in 0..self.k {
            for agg in 0..self.half {
                self.shape.add(NodeKind::Router, format!("pod{pod}-agg{agg}"));
            }
        }
        for core in 0..self.half * self.half {
            self.shape.add(NodeKind::Router, format!("core{core}"));
        }
        let (edges, aggs, cores) = (self.edge(0, 0), self.agg(0, 0), self.core(0, 0));
        let rows = [cores..self.shape.devices.len(), aggs..cores, edges..aggs, 0..edges];
        in_rows(&mut self.shape, &rows);
    }

    const fn edge(&self, pod: usize, edge: usize) -> usize {
        self.shape.hosts + pod * self.half + edge
    }

    const fn agg(&self, pod: usize, agg: usize) -> usize {
        self.shape.hosts + (self.k + pod) * self.half + agg
    }

    /// The core routers of a column are joined to the aggregation router of that number in every
    /// pod.
    const fn core(&self, column: usize, core: usize) -> usize {
        self.shape.hosts + 2 * self.k * self.half + column * self.half + core
    }

    /// How many addresses a router has.
    const fn unit(&self) -> u32 {
        if self.k <= 62 { 256 } else { 512 }
    }

    const fn edge_part(&self, pod: usize, edge: usize) -> Part {
        let first = pod as u32 * POD + edge as u32 * self.unit();
        Part { first, prefix_len: 32 - self.unit().trailing_zeros() as u8 }
    }

    const fn agg_part(&self, pod: usize, agg: usize) -> Part {
        self.edge_part(pod, self.half + agg)
    }

    /// Links, and with them the networks of two: those upwards belong to the lower router.
    fn cables(&mut self) {
        let (k, half) = (self.k, self.half);
        let within = |part: Part, place: usize| Some(Part::pair(part.first + place as u32 * PAIR));
        for host in 0..self.shape.hosts {
            let (pod, edge) = (host / half / half, host / half % half);
            let network = within(self.edge_part(pod, edge), host % half);
            self.shape.join(host, self.edge(pod, edge), network);
        }
        for pod in 0..k {
            for edge in 0..half {
                for agg in 0..half {
                    let network = within(self.edge_part(pod, edge), half + agg);
                    self.shape.join(self.edge(pod, edge), self.agg(pod, agg), network);
                }
            }
        }
        for pod in 0..k {
            for agg in 0..half {
                for core in 0..half {
                    let network = within(self.agg_part(pod, agg), core);
                    self.shape.join(self.agg(pod, agg), self.core(agg, core), network);
                }
            }
        }
    }

    const fn edge_agg(&self, pod: usize, edge: usize, agg: usize) -> usize {
        self.shape.hosts + (pod * self.half + edge) * self.half + agg
    }

    const fn agg_core(&self, pod: usize, agg: usize, core: usize) -> usize {
        self.edge_agg(self.k + pod, agg, core)
    }

    /// Up by the router of the same number, so that the traffic of a pod spreads over all of them;
    /// down by the prefix. A neighbour beside, which no link leads to, is reached by way of one
    /// below.
    fn routes(&mut self) {
        let (k, half) = (self.k, self.half);
        let mut routes = Vec::new();
        let mut add = |device, to, over| routes.push(Way { device, to, over });
        for host in 0..self.shape.hosts {
            add(host, None, host);
        }
        for (pod, own) in (0..k).flat_map(|pod| (0..half).map(move |own| (pod, own))) {
            let edge = self.edge(pod, own);
            for agg in 0..half {
                add(edge, Some(self.agg_part(pod, agg)), self.edge_agg(pod, own, agg));
            }
            add(edge, None, self.edge_agg(pod, own, own));
            let agg = self.agg(pod, own);
            for edge in 0..half {
                add(agg, Some(self.edge_part(pod, edge)), self.edge_agg(pod, edge, own));
            }
            for beside in (0..half).filter(|beside| *beside != own) {
                add(agg, Some(self.agg_part(pod, beside)), self.edge_agg(pod, own, own));
            }
            add(agg, None, self.agg_core(pod, own, (pod + own) % half));
        }
        for (column, core) in (0..half).flat_map(|column| (0..half).map(move |n| (column, n))) {
            for pod in 0..k {
                let to = Part { first: pod as u32 * POD, prefix_len: 16 };
                add(self.core(column, core), Some(to), self.agg_core(pod, column, core));
            }
        }
        self.shape.routes = routes;
    }

    /// What is left of a router's prefix is for networks that the file hangs on it. A core router
    /// has no prefix; the first aggregation router below it has one to spare.
    fn spare(&mut self) {
        let (half, unit) = (self.half, self.unit());
        for (pod, own) in (0..self.k).flat_map(|pod| (0..half).map(move |own| (pod, own))) {
            for (device, part, used) in [
                (self.edge(pod, own), self.edge_part(pod, own), self.k),
                (self.agg(pod, own), self.agg_part(pod, own), half),
            ] {
                let used = used as u32 * PAIR;
                self.shape.spare.push((device, part.first + used..part.first + unit));
            }
        }
        for (column, core) in (0..half).flat_map(|column| (0..half).map(move |n| (column, n))) {
            let (device, by) = (self.core(column, core), self.agg(0, column));
            self.shape.agents.push(Agent { device, by, over: self.agg_core(0, column, core) });
        }
    }
}
