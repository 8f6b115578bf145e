//! Everything that changes, and the one step that changes it.

use super::{Event, Scheduler, Topology};
use crate::base::{FrameId, Instant, InterfaceId, LinkId, NodeId, Octets};
use crate::node::{Context, Due, Effect, Inspection, Node, Scratch, WIRE_OVERHEAD, fcs};
use crate::plan::blueprint::{Limits, Settings};
use crate::plan::{Blueprint, Command};
use crate::stack::Layer;
use crate::stack::physical::{Channel, Flight, Frame, Line, Luck, Refused};
use crate::trace::{Fact, FrameLoss, Legend, Limit, Trace};
use std::rc::Rc;
use std::sync::Arc;

/// A network at one moment. A clone is a snapshot: nodes and lines are shared until they change.
#[derive(Clone, Debug)]
pub struct World {
    now: Instant,
    steps: u64,
    /// Steps at this moment, against storms.
    steps_at_now: u32,
    ended: bool,
    scheduler: Scheduler,
    nodes: Vec<Rc<Node>>,
    /// Two for each link: there and back.
    lines: Vec<Rc<Line>>,
    /// For each line, the time of the arrival that the scheduler has for it, or [`Instant::MAX`].
    armed: Vec<Instant>,
    next_frame: u32,
    /// What never changes.
    plan: Arc<Plan>,
    /// Room for what one step makes; empty between steps.
    scratch: Scratch,
    effects: Vec<Effect>,
}

/// What never changes in a run.
#[derive(Debug)]
struct Plan {
    limits: Limits,
    cues: Vec<(Instant, Command)>,
    legend: Arc<Legend>,
    /// The lines that leave each node, by its interfaces, one node after the other.
    line_of: Vec<u32>,
    /// Where each node's begin.
    lines_from: Vec<u32>,
    /// For each line, where it leads.
    leads_to: Vec<(NodeId, InterfaceId)>,
}

impl World {
    /// Builds the network and says how it begins: step 0 of the trace.
    pub fn new(blueprint: &Blueprint) -> Self {
        let topology = Topology::new(blueprint);
        let legend = Arc::new(topology.legend(blueprint));
        let mut lines = Vec::with_capacity(blueprint.links.len() * 2);
        let mut leads_to = Vec::with_capacity(blueprint.links.len() * 2);
        let mut lines_from = Vec::with_capacity(blueprint.nodes.len());
        let mut count = 0;
        for node in &blueprint.nodes {
            lines_from.push(count);
            count += node.interfaces.len() as u32;
        }
        let mut line_of = vec![0; count as usize];
        let mut alike: Rc<Channel> = Rc::default();
        for link in &blueprint.links {
            for way in 0..2 {
                let (node, interface) = link.ends[way];
                let from = lines_from[node.index()] as usize;
                line_of[from + interface.index()] = lines.len() as u32;
                leads_to.push(link.ends[1 - way]);
                let luck = Luck::new(blueprint.seed, &format!("{} {way}", link.name));
                let channel = &link.directions[way];
                if *alike != *channel {
                    alike = Rc::new(channel.clone());
                }
                lines.push(Rc::new(Line::new(Rc::clone(&alike), luck, link.up)));
            }
        }
        let mut settings: Rc<Settings> = Rc::default();
        let mut nodes = Vec::with_capacity(blueprint.nodes.len());
        for (place, plan) in blueprint.nodes.iter().enumerate() {
            let id = NodeId(place as u32);
            if *settings != plan.settings {
                settings = Rc::new(plan.settings);
            }
            let routes = topology.routes(blueprint, id);
            nodes.push(Rc::new(Node::new(id, blueprint, Rc::clone(&settings), routes)));
        }
        let mut scheduler = Scheduler::default();
        for (place, (at, _)) in blueprint.cues.iter().enumerate() {
            scheduler.at(*at, Event::Cue(place as u32));
        }
        for (place, node) in nodes.iter().enumerate() {
            for (timer, at) in node.first_wakes() {
                scheduler.at(at, Event::Wake { node: NodeId(place as u32), timer });
            }
        }
        let plan = Plan {
            limits: blueprint.limits,
            cues: blueprint.cues.clone(),
            legend,
            line_of,
            lines_from,
            leads_to,
        };
        Self {
            now: Instant::ZERO,
            steps: 0,
            steps_at_now: 0,
            ended: false,
            scheduler,
            nodes,
            armed: vec![Instant::MAX; lines.len()],
            lines,
            next_frame: 0,
            plan: Arc::new(plan),
            scratch: Scratch::default(),
            effects: Vec::new(),
        }
    }

    /// An empty trace that fits this world, with its step 0.
    pub fn begin_trace(&self, enabled: bool) -> Trace {
        let mut trace = Trace::new(Arc::clone(&self.plan.legend), enabled);
        trace.begin_step(0, Instant::ZERO);
        trace.say(NodeId(0), Layer::Application, Fact::Started);
        trace
    }

    /// The names of things.
    pub fn legend(&self) -> &Arc<Legend> {
        &self.plan.legend
    }

    /// The moment of the last step.
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// How many steps were made.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// How many frames were given to a link so far.
    pub const fn frames(&self) -> u32 {
        self.next_frame
    }

    /// Whether the run is over: nothing is left to happen, or a limit was reached.
    pub const fn is_over(&self) -> bool {
        self.ended
    }

    /// When the next event is due. (It may turn out to hold no longer.)
    pub fn next_at(&self) -> Option<Instant> {
        if self.ended { None } else { self.scheduler.next_at() }
    }

    /// What is so now at a node.
    pub fn inspect(&self, node: NodeId) -> Inspection {
        self.nodes[node.index()].inspect(self.now)
    }

    /// One direction of a link: way 0 leads from its first end to its second.
    pub(super) fn line(&self, link: LinkId, way: usize) -> &Line {
        &self.lines[link.index() * 2 + way]
    }

    /// About how many octets of memory this world holds that `before`, an earlier moment of it,
    /// does not hold too.
    pub(super) fn weight_beside(&self, before: Option<&Self>) -> u64 {
        let shared = |n: &usize| before.is_some_and(|b| Rc::ptr_eq(&self.nodes[*n], &b.nodes[*n]));
        let nodes = (0..self.nodes.len()).filter(|n| !shared(n)).map(|n| self.nodes[n].weight());
        let shared = |n: &usize| before.is_some_and(|b| Rc::ptr_eq(&self.lines[*n], &b.lines[*n]));
        let frame = |f: &Flight| {
            let octets = f.frame.octets.head.len() as u64 + f.frame.octets.tail.weight();
            octets + size_of::<Flight>() as u64
        };
        let line =
            |n: usize| size_of::<Line>() as u64 + self.lines[n].flights().map(frame).sum::<u64>();
        let lines = (0..self.lines.len()).filter(|n| !shared(n)).map(line);
        // Of everything else there is a pointer or a time.
        let rest = 8 * self.nodes.len() + 16 * self.lines.len() + 32 * self.scheduler.len();
        nodes.sum::<u64>() + lines.sum::<u64>() + rest as u64
    }

    /// Lets the next thing happen. The only place where time moves.
    ///
    /// Gives `false` when the run is over; the last step says why ([`Fact::Ended`],
    /// [`Fact::LimitReached`]).
    pub fn step(&mut self, trace: &mut Trace) -> bool {
        while !self.ended {
            let limits = &self.plan.limits;
            let Some(at) = self.scheduler.next_at() else {
                self.end(Fact::Ended, trace);
                return true;
            };
            let steps_at = if at == self.now { self.steps_at_now } else { 0 };
            let limit = if at > limits.until {
                Some(Limit::Until(limits.until))
            } else if self.steps >= limits.steps {
                Some(Limit::Steps(limits.steps))
            } else if steps_at >= limits.steps_per_instant {
                Some(Limit::StepsPerInstant(limits.steps_per_instant))
            } else if trace.next_record() >= limits.records {
                Some(Limit::Records(limits.records))
            } else if trace.octet_count() >= limits.octets {
                Some(Limit::Octets(limits.octets))
            } else {
                None
            };
            if let Some(limit) = limit {
                self.end(Fact::LimitReached(limit), trace);
                return true;
            }
            let Some((at, event)) = self.scheduler.pop() else { return false };
            if self.happens(at, event, trace) {
                return true;
            }
        }
        false
    }

    /// Lets an event happen; `false` if it no longer holds.
    fn happens(&mut self, at: Instant, event: Event, trace: &mut Trace) -> bool {
        match event {
            Event::Arrival { line } => {
                if self.armed[line as usize] != at {
                    return false;
                }
                self.armed[line as usize] = Instant::MAX;
                let taken = Rc::make_mut(&mut self.lines[line as usize]).take(at);
                self.arm(line);
                let Some(flight) = taken else { return false };
                self.begin(at, trace);
                self.arrive(line, flight, trace);
            }
            Event::Wake { node, timer } => {
                match Rc::make_mut(&mut self.nodes[node.index()]).due(at, timer) {
                    Due::Gone => return false,
                    Due::Later(later) => {
                        self.scheduler.at(later, Event::Wake { node, timer });
                        return false;
                    }
                    Due::Now => {}
                }
                self.begin(at, trace);
                self.with_node(node, None, trace, |node, context| node.wake(timer, context));
            }
            Event::Cue(place) => {
                self.begin(at, trace);
                let plan = Arc::clone(&self.plan);
                self.apply(&plan.cues[place as usize].1, trace);
            }
        }
        true
    }

    fn begin(&mut self, at: Instant, trace: &mut Trace) {
        self.steps_at_now = if at == self.now { self.steps_at_now + 1 } else { 1 };
        self.now = at;
        self.steps += 1;
        trace.begin_step(self.steps, at);
    }

    fn end(&mut self, fact: Fact, trace: &mut Trace) {
        self.begin(self.now, trace);
        self.ended = true;
        trace.say(NodeId(0), Layer::Application, fact);
    }

    fn arrive(&mut self, line: u32, flight: Flight, trace: &mut Trace) {
        let (node, interface) = self.plan.leads_to[line as usize];
        let frame = flight.frame.id;
        if flight.lost {
            let reason = FrameLoss::OnTheWay;
            trace.say(node, Layer::Physical, Fact::FrameLost { frame, reason });
            self.scratch.pool.give_frame(flight.frame.octets);
            return;
        }
        self.with_node(node, Some(frame), trace, |node, context| {
            node.receive(interface, flight.frame, context);
        });
    }

    /// Lets a node act, then does what it wants done.
    fn with_node(
        &mut self,
        id: NodeId,
        cause: Option<FrameId>,
        trace: &mut Trace,
        act: impl FnOnce(&mut Node, &mut Context<'_>),
    ) {
        let mut effects = std::mem::take(&mut self.effects);
        let node = Rc::make_mut(&mut self.nodes[id.index()]);
        let mut context = Context::new(self.now, id, cause, trace, &mut self.scratch, &mut effects);
        act(node, &mut context);
        for effect in effects.drain(..) {
            match effect {
                Effect::Transmit { interface, octets, parent } => {
                    self.transmit((id, interface), octets, parent, trace);
                }
                Effect::Wake { timer, at } => {
                    self.scheduler.at(at, Event::Wake { node: id, timer });
                }
            }
        }
        self.effects = effects;
    }

    fn transmit(
        &mut self,
        from: (NodeId, InterfaceId),
        mut octets: Octets,
        parent: Option<FrameId>,
        trace: &mut Trace,
    ) {
        let first = self.plan.lines_from[from.0.index()] as usize;
        let line_id = self.plan.line_of[first + from.1.index()];
        let link = LinkId(line_id / 2);
        let line = Rc::make_mut(&mut self.lines[line_id as usize]);
        if line.channel().mark_from.is_some_and(|from| line.waiting(self.now) >= from) {
            crate::node::mark_congestion(&mut octets.head);
        }
        let frame = FrameId(self.next_frame);
        self.next_frame += 1;
        trace.keep_frame(frame, &octets, link, from, parent);
        let offered = Frame { id: frame, octets, carried_fcs: None };
        let (node, layer) = (from.0, Layer::Physical);
        match line.offer(self.now, offered, WIRE_OVERHEAD, fcs) {
            Ok((flight, again)) => {
                let (starts, arrives) = (flight.starts, flight.arrives);
                let first = again.then(|| flight.clone());
                trace.say(node, layer, Fact::FrameSent { frame, starts, arrives });
                if let Some(first) = first {
                    let copy = FrameId(self.next_frame);
                    self.next_frame += 1;
                    trace.keep_frame(copy, &first.frame.octets, link, from, Some(frame));
                    let arrives = line.repeat(&first, copy).arrives;
                    trace.say(node, layer, Fact::FrameDuplicated { frame: copy, starts, arrives });
                }
                self.arm(line_id);
            }
            Err((refused, reason)) => {
                let reason = match reason {
                    Refused::QueueFull(waiting) => FrameLoss::QueueFull(waiting),
                    Refused::Down => FrameLoss::LinkDown,
                };
                trace.say(node, layer, Fact::FrameLost { frame, reason });
                self.scratch.pool.give_frame(refused.octets);
            }
        }
    }

    /// Sees that the scheduler has an event for the first arrival on a line.
    fn arm(&mut self, line: u32) {
        let next = self.lines[line as usize].next_arrival();
        let armed = &mut self.armed[line as usize];
        if let Some(at) = next
            && *armed > at
        {
            *armed = at;
            self.scheduler.at(at, Event::Arrival { line });
        }
    }

    /// Does what a person (or a cue) commands, at this moment.
    pub fn apply(&mut self, command: &Command, trace: &mut Trace) {
        let (link, up) = match command {
            Command::Cut(link) => (*link, Some(false)),
            Command::Mend(link) => (*link, Some(true)),
            Command::Delay(link, _) | Command::Rate(link, _) | Command::Faults(link, _) => {
                (*link, None)
            }
            Command::Drop(frame) => return self.drop_frame(*frame, trace),
        };
        for way in 0..2 {
            let place = link.index() * 2 + way;
            let Some(line) = self.lines.get_mut(place).map(Rc::make_mut) else { return };
            let channel = line.channel_mut();
            match command {
                Command::Delay(_, delay) => channel.delay = *delay,
                Command::Rate(_, rate) => channel.rate = *rate,
                Command::Faults(_, faults) => channel.faults = faults.clone(),
                Command::Cut(_) | Command::Mend(_) | Command::Drop(_) => {}
            }
            let up = up.unwrap_or_else(|| line.is_up());
            if way == 0 {
                let node = self.plan.leads_to[place + 1].0;
                trace.say(node, Layer::Physical, Fact::LinkChanged { link, up });
            }
            let lost = line.set_up(self.now, up);
            for flight in lost {
                let (frame, reason) = (flight.frame.id, FrameLoss::LinkDown);
                let node = self.plan.leads_to[place].0;
                trace.say(node, Layer::Physical, Fact::FrameLost { frame, reason });
            }
            if !up {
                self.armed[place] = Instant::MAX;
            }
        }
    }

    fn drop_frame(&mut self, frame: FrameId, trace: &mut Trace) {
        for place in 0..self.lines.len() {
            if self.lines[place].flights().all(|flight| flight.frame.id != frame) {
                continue;
            }
            Rc::make_mut(&mut self.lines[place]).remove(frame);
            let (node, reason) = (self.plan.leads_to[place].0, FrameLoss::Command);
            trace.say(node, Layer::Physical, Fact::FrameLost { frame, reason });
        }
    }
}
