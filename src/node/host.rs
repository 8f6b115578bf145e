//! A host or a router: up and down the stack.
//!
//! Up: [`Host::receive`] takes a frame and gives its packet to `ip.rs`, which gives the payload to
//! `segments.rs` (TCP), `datagrams.rs` (UDP) or answers ICMP itself; what a program must know it is
//! told once the layers below are done. Down: a program's call (`calls.rs`) becomes a segment or a
//! datagram, `ip.rs` routes it, and [`Host::send_frame`] finds the neighbour and puts it on a link.
//!
//! A router is a host that forwards. What is left out: source routing and IP options (they are
//! skipped), multicast, redirects, IPv6.

use super::program::{Happening, Program};
use super::sockets::SocketTable;
use super::{Alarm, Context, Due, HEAD_ROOM, Held, Timer};
use crate::base::{Duration, Fork, FrameId, Instant, InterfaceId, Octets};
use crate::plan::blueprint::{InterfacePlan, NodeKind, NodePlan, Settings};
use crate::plan::program::Plan;
use crate::stack::data_link::ethernet::{self, EtherType, MacAddress};
use crate::stack::data_link::{arp, ethernet::Note};
use crate::stack::network::fragment::{self, Reassembly};
use crate::stack::network::icmp::Limiter;
use crate::stack::network::ipv4::Cidr;
use crate::stack::network::pmtu;
use crate::stack::network::route::{Route, Table};
use crate::stack::{Layer, Machine as _};
use crate::trace::Fact;
use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// What an address is to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Own {
    Address,
    Broadcast,
}

/// A program, and when it wants to be called.
#[derive(Clone, Debug)]
struct Running {
    program: Program,
    deadline: Option<Instant>,
    alarm: Alarm,
    /// It wants no small write held back (Nagle's algorithm off, `TCP_NODELAY`).
    no_delay: bool,
}

/// A device with addresses.
#[derive(Clone, Debug)]
pub struct Host {
    pub(super) forwards: bool,
    pub(super) interfaces: Vec<InterfacePlan>,
    /// The addresses that packets for this node bear, in order.
    addresses: Vec<(Ipv4Addr, Own)>,
    pub(super) settings: Rc<Settings>,
    pub(super) routes: Table,
    pub(super) arp: arp::Cache<Held>,
    pub(super) reassembly: Reassembly,
    pub(super) icmp_limiter: Limiter,
    pub(super) path_mtu: pmtu::Cache,
    /// The identification of the next packet that may be cut.
    pub(super) next_identification: u16,
    /// The key of the initial sequence numbers (RFC 6528).
    pub(super) isn_secret: u64,
    pub(super) sockets: SocketTable,
    programs: Vec<Running>,
    /// Programs that asked in this step to be called.
    touched: Vec<u16>,
    arp_alarm: Alarm,
    ageing_alarm: Alarm,
    loopback_alarm: Alarm,
    /// Packets that this host sends to itself, with head room.
    pub(super) loopback: VecDeque<Octets>,
    /// What programs are still to be told in this step.
    pub(super) happenings: VecDeque<(u16, Happening)>,
}

impl Host {
    pub(super) fn new(
        plan: &NodePlan,
        settings: Rc<Settings>,
        seed: u64,
        routes: Vec<(Cidr, Route)>,
    ) -> Self {
        let mut rng = Fork::new(seed).named("node ").named(&plan.name).rng();
        let mut table = Table::default();
        for (destination, route) in routes {
            table.insert(destination, route);
        }
        let mut arp = arp::Cache::new(arp::Config {
            reachable_time: plan.settings.arp_timeout,
            ..arp::Config::default()
        });
        let mut addresses = vec![(Ipv4Addr::BROADCAST, Own::Broadcast)];
        for (place, interface) in plan.interfaces.iter().enumerate() {
            if let Some(network) = interface.address {
                arp.set_interface(InterfaceId(place as u16), interface.mac, network.address);
                addresses.push((network.address, Own::Address));
                if let Some(everybody) = network.broadcast() {
                    addresses.push((everybody, Own::Broadcast));
                }
            }
        }
        // An address that is given twice is what was said of it last.
        addresses.reverse();
        addresses.sort_by_key(|own| own.0);
        addresses.dedup_by_key(|own| own.0);
        let fork = Fork::new(seed).named("program ").named(&plan.name);
        let running = |(place, plan): (usize, &Plan)| {
            let program = Program::new(plan, fork.named(&format!(" {place}")));
            let starts = program.starts_at();
            Running {
                no_delay: program.wants_no_delay(),
                program,
                deadline: Some(starts),
                alarm: Alarm { armed: starts },
            }
        };
        Self {
            forwards: plan.kind == NodeKind::Router,
            interfaces: plan.interfaces.clone(),
            settings,
            routes: table,
            addresses,
            arp,
            reassembly: Reassembly::new(fragment::Config {
                timeout: plan.settings.reassembly_timeout,
                ..fragment::Config::default()
            }),
            icmp_limiter: Limiter::default(),
            // RFC 1191 §6.3: an estimate is believed for ten minutes.
            path_mtu: pmtu::Cache::new(Duration::from_secs(600), 1024),
            next_identification: rng.bits() as u16,
            isn_secret: rng.bits(),
            sockets: SocketTable::new(plan.settings.max_sockets),
            programs: plan.programs.iter().enumerate().map(running).collect(),
            touched: Vec::new(),
            arp_alarm: Alarm::default(),
            ageing_alarm: Alarm::default(),
            loopback_alarm: Alarm::default(),
            loopback: VecDeque::new(),
            happenings: VecDeque::new(),
        }
    }

    pub(super) fn first_wakes(&self) -> Vec<(Timer, Instant)> {
        let wakes = self.programs.iter().enumerate();
        wakes.filter_map(|(place, p)| Some((Timer::Program(place as u16), p.deadline?))).collect()
    }

    /// A sound frame has arrived: is it for this interface, and for which protocol?
    pub(super) fn receive(&mut self, at: InterfaceId, octets: Octets, context: &mut Context<'_>) {
        let header = match ethernet::Header::parse(&octets.head) {
            Ok(header) => header,
            Err(malformed) => {
                context.malformed(Layer::DataLink, malformed);
                return context.scratch.pool.give_frame(octets);
            }
        };
        let destination = header.destination;
        if destination != self.interfaces[at.index()].mac && destination != MacAddress::BROADCAST {
            let note = Note::NotForMe { destination };
            context.say(Layer::DataLink, Fact::Ethernet(note));
            return context.scratch.pool.give_frame(octets);
        }
        match header.ether_type {
            EtherType::IPV4 => {
                let was_broadcast = destination == MacAddress::BROADCAST;
                self.receive_packet(octets, was_broadcast, context);
            }
            EtherType::ARP => {
                self.receive_arp(at, &octets.head[ethernet::HEADER_LEN..], context);
                context.scratch.pool.give_frame(octets);
            }
            unknown => {
                let note = Note::UnknownEtherType(unknown);
                context.say(Layer::DataLink, Fact::Ethernet(note));
                context.scratch.pool.give_frame(octets);
            }
        }
        self.settle(context);
    }

    fn receive_arp(&mut self, at: InterfaceId, octets: &[u8], context: &mut Context<'_>) {
        match arp::Packet::parse(octets) {
            Ok(packet) => {
                let mut out = std::mem::take(&mut context.scratch.arp);
                self.arp.receive(context.now, at, &packet, &mut out);
                self.obey_arp(out, context);
            }
            Err(malformed) => context.malformed(Layer::DataLink, malformed),
        }
    }

    /// Sends an IPv4 packet, which has head room before it, to a neighbour: now if its hardware
    /// address is known, else when ARP has found it.
    pub(super) fn send_frame(
        &mut self,
        interface: InterfaceId,
        next_hop: Ipv4Addr,
        mut frame: Octets,
        parent: Option<FrameId>,
        context: &mut Context<'_>,
    ) {
        let known = if self.is_broadcast(next_hop) {
            Some(MacAddress::BROADCAST)
        } else {
            self.arp.lookup(context.now, interface, next_hop)
        };
        if let Some(destination) = known {
            let source = self.interfaces[interface.index()].mac;
            let header = ethernet::Header { destination, source, ether_type: EtherType::IPV4 };
            header.write(&mut frame.head);
            pad(&mut frame);
            return context.transmit(interface, frame, parent);
        }
        let mut out = std::mem::take(&mut context.scratch.arp);
        let held = Held { octets: frame, parent };
        self.arp.resolve(context.now, interface, next_hop, held, &mut out);
        self.obey_arp(out, context);
    }

    /// Does what ARP wants done; its outputs' buffer goes back to the scratch.
    fn obey_arp(&mut self, mut out: Vec<arp::Output<Held>>, context: &mut Context<'_>) {
        for output in out.drain(..) {
            match output {
                arp::Output::Note(note) => context.say(Layer::DataLink, Fact::Arp(note)),
                arp::Output::Send { interface, packet } => {
                    let destination = packet.frame_destination();
                    let source = self.interfaces[interface.index()].mac;
                    let header =
                        ethernet::Header { destination, source, ether_type: EtherType::ARP };
                    let mut frame = context.scratch.pool.take();
                    frame.resize(ethernet::HEADER_LEN, 0);
                    header.write(&mut frame);
                    packet.emit(&mut frame);
                    ethernet::pad(&mut frame);
                    context.transmit(interface, frame.into(), None);
                }
                arp::Output::Release { interface, mac, frame: Held { mut octets, parent } } => {
                    let source = self.interfaces[interface.index()].mac;
                    let header =
                        ethernet::Header { destination: mac, source, ether_type: EtherType::IPV4 };
                    header.write(&mut octets.head);
                    pad(&mut octets);
                    context.transmit(interface, octets, parent);
                }
                arp::Output::Unresolved { frame, .. } => {
                    self.host_unreachable(frame.octets, context);
                }
            }
        }
        context.scratch.arp = out;
    }

    /// Whether an alarm that rang is due.
    pub(super) fn due(&mut self, now: Instant, timer: Timer) -> Due {
        match timer {
            Timer::Neighbours => self.arp_alarm.due(now, self.arp.deadline()),
            Timer::Ageing => self.ageing_alarm.due(now, self.reassembly.deadline()),
            Timer::Loopback => self.loopback_alarm.due(now, self.loopback.front().map(|_| now)),
            Timer::Program(place) => match self.programs.get_mut(usize::from(place)) {
                Some(running) => running.alarm.due(now, running.deadline),
                None => Due::Gone,
            },
            Timer::Socket(id) => self.sockets.due(now, id),
        }
    }

    /// A timer goes off.
    pub(super) fn wake(&mut self, timer: Timer, context: &mut Context<'_>) {
        match timer {
            Timer::Neighbours => {
                let mut out = std::mem::take(&mut context.scratch.arp);
                self.arp.on_deadline(context.now, &mut out);
                self.obey_arp(out, context);
            }
            Timer::Ageing => self.give_up_fragments(context),
            Timer::Loopback => {
                if let Some(frame) = self.loopback.pop_front() {
                    self.receive_packet(frame, false, context);
                }
            }
            Timer::Program(place) => {
                self.programs[usize::from(place)].deadline = None;
                self.happenings.push_back((place, Happening::Deadline));
            }
            Timer::Socket(id) => self.connection_deadline(id, context),
        }
        self.settle(context);
    }

    /// Tells the programs what happened, until nothing more does, and sets the alarms.
    fn settle(&mut self, context: &mut Context<'_>) {
        while let Some((place, happening)) = self.happenings.pop_front() {
            // The program is taken out while it runs: it calls the host, which must not hold it.
            let Some(running) = self.programs.get_mut(usize::from(place)) else { continue };
            let mut program = std::mem::take(&mut running.program);
            program.on(place, happening, self, context);
            self.programs[usize::from(place)].program = program;
        }
        self.touched.sort_unstable();
        for place in self.touched.drain(..) {
            let Running { deadline, alarm, .. } = &mut self.programs[usize::from(place)];
            alarm.set(Timer::Program(place), *deadline, context);
        }
        self.arp_alarm.set(Timer::Neighbours, self.arp.deadline(), context);
        self.ageing_alarm.set(Timer::Ageing, self.reassembly.deadline(), context);
        let waiting = self.loopback.front().map(|_| context.now);
        self.loopback_alarm.set(Timer::Loopback, waiting, context);
        self.sockets.set_alarms(context);
    }

    pub(super) fn weight(&self) -> u64 {
        self.sockets.weight() + self.loopback.iter().map(|f| f.len() as u64).sum::<u64>()
    }

    /// The programs, by their places.
    pub(super) fn programs(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter().map(|running| &running.program)
    }

    /// A program asks to be called then; a later request replaces an earlier one.
    pub(super) fn call_program(&mut self, place: u16, at: Instant) {
        self.programs[usize::from(place)].deadline = Some(at);
        self.touched.push(place);
    }

    /// Whether a program wants no small write held back.
    pub(super) fn wants_no_delay(&self, place: u16) -> bool {
        self.programs.get(usize::from(place)).is_some_and(|running| running.no_delay)
    }

    /// What an address is to this node; `None` for somebody else's.
    pub(super) fn own(&self, address: Ipv4Addr) -> Option<Own> {
        let place = self.addresses.binary_search_by_key(&address, |own| own.0).ok()?;
        Some(self.addresses[place].1)
    }

    /// Whether an address is one of this node's.
    pub(super) fn owns(&self, address: Ipv4Addr) -> bool {
        self.own(address) == Some(Own::Address)
    }

    /// Whether an address means everybody on a network of this node's.
    pub(super) fn is_broadcast(&self, address: Ipv4Addr) -> bool {
        self.own(address) == Some(Own::Broadcast)
    }

    /// The address of an interface.
    pub(super) fn address_of(&self, interface: InterfaceId) -> Ipv4Addr {
        self.interfaces[interface.index()].address.map_or(Ipv4Addr::UNSPECIFIED, |a| a.address)
    }

    /// A buffer with head room for the headers of layers 2 and 3.
    pub(super) fn buffer(context: &mut Context<'_>) -> Vec<u8> {
        let buffer = context.scratch.pool.take_with_head_room();
        debug_assert_eq!(buffer.len(), HEAD_ROOM, "the headers' room and nothing else");
        buffer
    }
}

/// Fills a short frame up; one with a shared payload is never short.
fn pad(frame: &mut Octets) {
    if frame.tail.is_empty() {
        ethernet::pad(&mut frame.head);
    }
}
