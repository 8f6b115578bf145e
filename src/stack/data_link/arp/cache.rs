//! The cache: who is where, who is being asked for, and what waits for the answer.

use super::{Note, Operation, Packet};
use crate::base::{Duration, FxHashMap, Instant, InterfaceId};
use crate::stack::Machine;
use crate::stack::data_link::ethernet::MacAddress;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::Ipv4Addr;

/// How patient a cache is and how much it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// How long an answer is believed. 60 s, the shorter of the lives that RFC 1122 §2.3.2.1 names.
    pub reachable_time: Duration,
    /// The time between two requests for one address: 1 s (RFC 1122 §2.3.2.1).
    pub retry_interval: Duration,
    /// How many requests are sent before the address counts as unreachable: 3.
    pub tries_max: u32,
    /// How many frames wait for one address; then the oldest goes. 64: the fragments of the largest
    /// UDP message are 45.
    pub waiting_max: usize,
    /// How many addresses are kept, asked for or known; then the one to be forgotten first goes.
    pub entries_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            reachable_time: Duration::from_secs(60),
            retry_interval: Duration::from_secs(1),
            tries_max: 3,
            waiting_max: 64,
            entries_max: 4096,
        }
    }
}

/// What can happen to a cache.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A frame needs the hardware address of a neighbour. It has head room for its header.
    Resolve {
        /// Where the neighbour is.
        interface: InterfaceId,
        /// The neighbour.
        ip: Ipv4Addr,
        /// What waits for the answer.
        frame: Vec<u8>,
    },
    /// A packet came.
    Packet {
        /// Through which interface.
        interface: InterfaceId,
        /// The packet.
        packet: Packet,
    },
    /// The neighbours shall know our own address (RFC 5227 §3): after it was set or has changed.
    Announce {
        /// To whose neighbours.
        interface: InterfaceId,
    },
}

/// What a cache wants done or said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// Send a packet, in a frame to [`Packet::frame_destination`].
    Send {
        /// Through which interface.
        interface: InterfaceId,
        /// The packet.
        packet: Packet,
    },
    /// A waiting frame can go.
    Release {
        /// Through which interface.
        interface: InterfaceId,
        /// To whom.
        mac: MacAddress,
        /// The frame, as it was given.
        frame: Vec<u8>,
    },
    /// Nobody answered: the frame cannot go (host unreachable).
    Unresolved {
        /// Through which interface it should have gone.
        interface: InterfaceId,
        /// To which neighbour.
        ip: Ipv4Addr,
        /// The frame, as it was given.
        frame: Vec<u8>,
    },
    /// Something worth telling.
    Note(Note),
}

/// An address of the cache, for screens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Where the neighbour is.
    pub interface: InterfaceId,
    /// The neighbour.
    pub ip: Ipv4Addr,
    /// What is known.
    pub state: EntryState,
    /// How long that stays so, if nothing comes.
    pub remaining: Duration,
}

/// What is known of an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryState {
    /// It is being asked for.
    Pending {
        /// How many requests went out.
        tries: u32,
        /// How many frames wait.
        waiting: u32,
    },
    /// It is known.
    Reachable {
        /// The answer.
        mac: MacAddress,
    },
}

type Key = (InterfaceId, Ipv4Addr);

#[derive(Clone, Debug)]
struct Known {
    mac: MacAddress,
    until: Instant,
}

#[derive(Clone, Debug)]
struct Pending {
    tries: u32,
    next_try: Instant,
    waiting: VecDeque<Vec<u8>>,
}

/// The cache of a host or router, for all its interfaces.
///
/// The way of a known address is one hash lookup; everything else is rare and ordered. Each address
/// is either known or pending, and has exactly one place in `timers`.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    config: Config,
    own: BTreeMap<InterfaceId, (MacAddress, Ipv4Addr)>,
    known: FxHashMap<Key, Known>,
    pending: BTreeMap<Key, Pending>,
    timers: BTreeSet<(Instant, Key)>,
}

impl Cache {
    /// An empty cache.
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// Says which addresses an interface of this node has. Without them it neither asks nor answers.
    pub fn set_interface(&mut self, interface: InterfaceId, mac: MacAddress, ip: Ipv4Addr) {
        self.own.insert(interface, (mac, ip));
    }

    /// The hardware address of a neighbour, if it is known. This is the way of nearly every frame.
    pub fn lookup(&self, now: Instant, interface: InterfaceId, ip: Ipv4Addr) -> Option<MacAddress> {
        self.known.get(&(interface, ip)).filter(|known| now < known.until).map(|known| known.mac)
    }

    /// Lets a frame go if its neighbour is known; else keeps it and asks.
    pub fn resolve(
        &mut self,
        now: Instant,
        interface: InterfaceId,
        ip: Ipv4Addr,
        waiting: Vec<u8>,
        out: &mut Vec<Output>,
    ) {
        if let Some(mac) = self.lookup(now, interface, ip) {
            out.push(Output::Release { interface, mac, frame: waiting });
            return;
        }
        let key = (interface, ip);
        if let Some(pending) = self.pending.get_mut(&key) {
            pending.waiting.push_back(waiting);
            if pending.waiting.len() > self.config.waiting_max {
                pending.waiting.pop_front();
                out.push(Output::Note(Note::QueueFull {
                    ip,
                    waiting_max: self.config.waiting_max as u32,
                }));
            }
            return;
        }
        self.forget(key);
        let may_ask = self.own.contains_key(&interface) && self.config.tries_max > 0;
        if !may_ask || !self.make_room(out) {
            out.push(Output::Unresolved { interface, ip, frame: waiting });
            return;
        }
        let next_try = now + self.config.retry_interval;
        self.pending.insert(key, Pending { tries: 1, next_try, waiting: [waiting].into() });
        self.timers.insert((next_try, key));
        self.ask(key, 1, out);
    }

    /// Takes a packet, in the order of RFC 826 "Packet Reception": update what is there; if it is
    /// for us, add what is not; if it asks, answer.
    pub fn receive(
        &mut self,
        now: Instant,
        interface: InterfaceId,
        packet: &Packet,
        out: &mut Vec<Output>,
    ) {
        let Some(&(mac, ip)) = self.own.get(&interface) else { return };
        let Packet { sender_mac, sender_ip, target_ip, operation, .. } = *packet;
        if sender_mac.is_multicast() {
            // RFC 1812 §3.3.2: many stations cannot have one address.
            out.push(Output::Note(Note::Ignored { sender_mac, sender_ip }));
            return;
        }
        if sender_ip == ip {
            // RFC 5227 §2.4. Our own frames do not come back but through a loop of switches.
            if sender_mac != mac {
                out.push(Output::Note(Note::Conflict { ip, mac: sender_mac }));
            }
            return;
        }
        let key = (interface, sender_ip);
        let for_me = target_ip == ip;
        let is_there = self.known.contains_key(&key) || self.pending.contains_key(&key);
        // A sender without an address asks only (RFC 5227 §2.1.1): nothing to learn.
        if !sender_ip.is_unspecified() && (is_there || for_me) {
            self.learn(now, key, sender_mac, out);
        }
        if for_me && operation == Operation::Request {
            let reply = Packet {
                operation: Operation::Reply,
                sender_mac: mac,
                sender_ip: ip,
                target_mac: sender_mac,
                target_ip: sender_ip,
            };
            out.push(Output::Note(Note::Answering { ip: sender_ip }));
            out.push(Output::Send { interface, packet: reply });
        }
    }

    /// Tells an interface's neighbours its address: a request for itself (RFC 5227 §3).
    pub fn announce(&mut self, interface: InterfaceId, out: &mut Vec<Output>) {
        if let Some(&(_, ip)) = self.own.get(&interface) {
            out.push(Output::Note(Note::Announcing { ip }));
            self.send_request(interface, ip, out);
        }
    }

    /// All addresses, in order.
    pub fn entries(&self, now: Instant) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self
            .timers
            .iter()
            .filter_map(|&(at, (interface, ip))| {
                let key = (interface, ip);
                let state = match (self.known.get(&key), self.pending.get(&key)) {
                    (Some(known), _) => EntryState::Reachable { mac: known.mac },
                    (None, Some(Pending { tries, waiting, .. })) => {
                        EntryState::Pending { tries: *tries, waiting: waiting.len() as u32 }
                    }
                    (None, None) => return None,
                };
                Some(Entry { interface, ip, state, remaining: at.since(now) })
            })
            .collect();
        entries.sort_unstable_by_key(|entry| (entry.interface, entry.ip));
        entries
    }

    /// Believes that `mac` has the address of `key`, and lets go what waited for it.
    fn learn(&mut self, now: Instant, key: Key, mac: MacAddress, out: &mut Vec<Output>) {
        let (interface, ip) = key;
        let waiting = self.pending.get_mut(&key).map(|p| std::mem::take(&mut p.waiting));
        let before = self.known.get(&key).map(|known| known.mac);
        self.forget(key);
        if !self.make_room(out) {
            return;
        }
        match before {
            Some(old) if old != mac => out.push(Output::Note(Note::Changed { ip, old, new: mac })),
            Some(_) => {}
            None => out.push(Output::Note(Note::Learned { ip, mac })),
        }
        let until = now + self.config.reachable_time;
        self.known.insert(key, Known { mac, until });
        self.timers.insert((until, key));
        for frame in waiting.into_iter().flatten() {
            out.push(Output::Release { interface, mac, frame });
        }
    }

    /// Whether there is room for one more address, made by forgetting the known one that would be
    /// forgotten first anyway.
    fn make_room(&mut self, out: &mut Vec<Output>) -> bool {
        if self.timers.len() < self.config.entries_max {
            return true;
        }
        let first = self.timers.iter().map(|timer| timer.1).find(|k| self.known.contains_key(k));
        let Some(key) = first else { return false };
        self.forget(key);
        out.push(Output::Note(Note::Forgot { ip: key.1 }));
        true
    }

    fn forget(&mut self, key: Key) {
        if let Some(known) = self.known.remove(&key) {
            self.timers.remove(&(known.until, key));
        }
        if let Some(pending) = self.pending.remove(&key) {
            self.timers.remove(&(pending.next_try, key));
        }
    }

    fn ask(&self, (interface, ip): Key, tries: u32, out: &mut Vec<Output>) {
        let tries_max = self.config.tries_max;
        out.push(Output::Note(Note::Asking { ip, tries, tries_max }));
        self.send_request(interface, ip, out);
    }

    fn send_request(&self, interface: InterfaceId, target_ip: Ipv4Addr, out: &mut Vec<Output>) {
        let Some(&(sender_mac, sender_ip)) = self.own.get(&interface) else { return };
        let operation = Operation::Request;
        let target_mac = MacAddress::default();
        let packet = Packet { operation, sender_mac, sender_ip, target_mac, target_ip };
        out.push(Output::Send { interface, packet });
    }

    /// The time of a pending address has come: ask again, or give up.
    fn retry(&mut self, now: Instant, key: Key, out: &mut Vec<Output>) {
        let Some(mut pending) = self.pending.remove(&key) else { return };
        if pending.tries < self.config.tries_max {
            pending.tries += 1;
            pending.next_try = now + self.config.retry_interval;
            self.timers.insert((pending.next_try, key));
            let tries = pending.tries;
            self.pending.insert(key, pending);
            self.ask(key, tries, out);
            return;
        }
        let (interface, ip) = key;
        out.push(Output::Note(Note::GaveUp { ip, tries: pending.tries }));
        for frame in pending.waiting {
            out.push(Output::Unresolved { interface, ip, frame });
        }
    }
}

impl Machine for Cache {
    type Input<'a> = Input;
    type Output = Output;

    fn handle(&mut self, now: Instant, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Resolve { interface, ip, frame } => self.resolve(now, interface, ip, frame, out),
            Input::Packet { interface, packet } => self.receive(now, interface, &packet, out),
            Input::Announce { interface } => self.announce(interface, out),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|timer| timer.0)
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output>) {
        // Of each address at most one timer is due: a retry sets its next one later than `now`.
        while let Some(&(at, key)) = self.timers.first().filter(|timer| timer.0 <= now) {
            self.timers.remove(&(at, key));
            if self.known.remove(&key).is_some() {
                out.push(Output::Note(Note::Forgot { ip: key.1 }));
            } else {
                self.retry(now, key, out);
            }
        }
    }
}
