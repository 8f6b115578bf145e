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
pub enum Input<F> {
    /// A frame needs the hardware address of a neighbour. It has head room for its header.
    Resolve {
        /// Where the neighbour is.
        interface: InterfaceId,
        /// The neighbour.
        ip: Ipv4Addr,
        /// What waits for the answer.
        frame: F,
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
pub enum Output<F> {
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
        frame: F,
    },
    /// Nobody answered: the frame cannot go (host unreachable).
    Unresolved {
        /// Through which interface it should have gone.
        interface: InterfaceId,
        /// To which neighbour.
        ip: Ipv4Addr,
        /// The frame, as it was given.
        frame: F,
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
struct Pending<F> {
    tries: u32,
    next_try: Instant,
    waiting: VecDeque<F>,
}

/// The cache of a host or router, for all its interfaces. What waits for an answer (`F`: a frame,
/// and whatever its owner wants to know of it then) is kept and given back unseen.
///
/// The way of a known address is one hash lookup; everything else is rare and ordered. Each address
/// is either known or pending, and has exactly one place in `timers`.
#[derive(Clone, Debug, Default)]
pub struct Cache<F> {
    config: Config,
    /// What this node is called, by its interfaces in order.
    own: Vec<(InterfaceId, MacAddress, Ipv4Addr)>,
    known: FxHashMap<Key, Known>,
    pending: BTreeMap<Key, Pending<F>>,
    timers: BTreeSet<(Instant, Key)>,
}

impl<F: Clone + Default> Cache<F> {
    /// An empty cache.
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// Says which addresses an interface of this node has. Without them it neither asks nor answers.
    pub fn set_interface(&mut self, interface: InterfaceId, mac: MacAddress, ip: Ipv4Addr) {
        match self.own.binary_search_by_key(&interface, |own| own.0) {
            Ok(place) => self.own[place] = (interface, mac, ip),
            Err(place) => {
                self.own.reserve_exact(1);
                self.own.insert(place, (interface, mac, ip));
            }
        }
    }

    fn own(&self, interface: InterfaceId) -> Option<(MacAddress, Ipv4Addr)> {
        let place = self.own.binary_search_by_key(&interface, |own| own.0).ok()?;
        Some((self.own[place].1, self.own[place].2))
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
        waiting: F,
        out: &mut Vec<Output<F>>,
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
        let may_ask = self.own(interface).is_some() && self.config.tries_max > 0;
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
        out: &mut Vec<Output<F>>,
    ) {
        let Some((mac, ip)) = self.own(interface) else { return };
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
    pub fn announce(&mut self, interface: InterfaceId, out: &mut Vec<Output<F>>) {
        if let Some((_, ip)) = self.own(interface) {
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
    fn learn(&mut self, now: Instant, key: Key, mac: MacAddress, out: &mut Vec<Output<F>>) {
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
    fn make_room(&mut self, out: &mut Vec<Output<F>>) -> bool {
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

    fn ask(&self, (interface, ip): Key, tries: u32, out: &mut Vec<Output<F>>) {
        let tries_max = self.config.tries_max;
        out.push(Output::Note(Note::Asking { ip, tries, tries_max }));
        self.send_request(interface, ip, out);
    }

    fn send_request(&self, interface: InterfaceId, target_ip: Ipv4Addr, out: &mut Vec<Output<F>>) {
        let Some((sender_mac, sender_ip)) = self.own(interface) else { return };
        let operation = Operation::Request;
        let target_mac = MacAddress::default();
        let packet = Packet { operation, sender_mac, sender_ip, target_mac, target_ip };
        out.push(Output::Send { interface, packet });
    }

    /// The time of a pending address has come: ask again, or give up.
    fn retry(&mut self, now: Instant, key: Key, out: &mut Vec<Output<F>>) {
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

impl<F: Clone + Default> Machine for Cache<F> {
    type Input<'a> = Input<F>;
    type Output = Output<F>;

    fn handle(&mut self, now: Instant, input: Input<F>, out: &mut Vec<Output<F>>) {
        match input {
            Input::Resolve { interface, ip, frame } => self.resolve(now, interface, ip, frame, out),
            Input::Packet { interface, packet } => self.receive(now, interface, &packet, out),
            Input::Announce { interface } => self.announce(interface, out),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|timer| timer.0)
    }

    fn on_deadline(&mut self, now: Instant, out: &mut Vec<Output<F>>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Cache = super::Cache<Vec<u8>>;
    type Input = super::Input<Vec<u8>>;
    type Output = super::Output<Vec<u8>>;

    const IF: InterfaceId = InterfaceId(0);
    const MAC: MacAddress = MacAddress([2, 0, 0, 0, 0, 1]);
    const PEER_MAC: MacAddress = MacAddress([2, 0, 0, 0, 0, 2]);
    const IP: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
    const PEER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

    fn at(millis: u64) -> Instant {
        Instant::ZERO + Duration::from_millis(millis)
    }

    fn cache(config: Config) -> Cache {
        let mut cache = Cache::new(config);
        cache.set_interface(IF, MAC, IP);
        cache
    }

    /// From the peer: a request for `target_ip`, or an answer to it.
    fn from_peer(operation: Operation, target_ip: Ipv4Addr) -> Packet {
        let target_mac = if operation == Operation::Reply { MAC } else { MacAddress::default() };
        Packet { operation, sender_mac: PEER_MAC, sender_ip: PEER, target_mac, target_ip }
    }

    fn request(target_ip: Ipv4Addr) -> Output {
        let target_mac = MacAddress::default();
        let operation = Operation::Request;
        let packet = Packet { operation, sender_mac: MAC, sender_ip: IP, target_mac, target_ip };
        Output::Send { interface: IF, packet }
    }

    fn released(frame: u8) -> Output {
        Output::Release { interface: IF, mac: PEER_MAC, frame: vec![frame] }
    }

    /// What it wants done, without what it tells.
    fn deeds(out: &mut Vec<Output>) -> Vec<Output> {
        out.drain(..).filter(|output| !matches!(output, Output::Note(_))).collect()
    }

    #[test]
    fn frames_wait_for_the_answer_and_go_in_their_order() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        cache.resolve(at(0), IF, PEER, vec![1], &mut out);
        cache.resolve(at(500), IF, PEER, vec![2], &mut out);
        assert_eq!(deeds(&mut out), [request(PEER)], "one request for both");
        cache.receive(at(600), IF, &from_peer(Operation::Reply, IP), &mut out);
        assert_eq!(deeds(&mut out), [released(1), released(2)]);
        assert_eq!(cache.lookup(at(60_599), IF, PEER), Some(PEER_MAC));
        assert_eq!(cache.lookup(at(60_600), IF, PEER), None);
        cache.resolve(at(700), IF, PEER, vec![3], &mut out);
        assert_eq!(deeds(&mut out), [released(3)]);
        cache.on_deadline(at(60_600), &mut out);
        assert_eq!(out, [Output::Note(Note::Forgot { ip: PEER })]);
        assert_eq!(cache.deadline(), None);
    }

    #[test]
    fn three_requests_a_second_apart_then_the_host_is_unreachable() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        cache.resolve(at(0), IF, PEER, vec![1], &mut out);
        assert_eq!(deeds(&mut out), [request(PEER)]);
        for second in [1000, 2000] {
            cache.on_deadline(at(second - 1), &mut out);
            assert_eq!(out, []);
            cache.on_deadline(at(second), &mut out);
            assert_eq!(deeds(&mut out), [request(PEER)]);
        }
        let pending = EntryState::Pending { tries: 3, waiting: 1 };
        assert_eq!(cache.entries(at(2000))[0].state, pending);
        cache.on_deadline(at(3000), &mut out);
        let gave_up = Output::Unresolved { interface: IF, ip: PEER, frame: vec![1] };
        assert_eq!(deeds(&mut out), [gave_up]);
        assert_eq!((cache.deadline(), cache.entries(at(3000))), (None, vec![]));
    }

    #[test]
    fn the_target_of_a_request_answers_and_learns_from_it() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        cache.receive(at(0), IF, &from_peer(Operation::Request, IP), &mut out);
        let reply = Packet {
            operation: Operation::Reply,
            sender_mac: MAC,
            sender_ip: IP,
            target_mac: PEER_MAC,
            target_ip: PEER,
        };
        assert_eq!(deeds(&mut out), [Output::Send { interface: IF, packet: reply }]);
        assert_eq!(reply.frame_destination(), PEER_MAC);
        assert_eq!(cache.lookup(at(0), IF, PEER), Some(PEER_MAC));
        assert_eq!(cache.lookup(at(0), InterfaceId(1), PEER), None, "another link");
    }

    #[test]
    fn what_is_for_others_updates_but_never_adds() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        let for_other = from_peer(Operation::Request, Ipv4Addr::new(10, 0, 0, 3));
        cache.receive(at(0), IF, &for_other, &mut out);
        assert_eq!((out.len(), cache.lookup(at(0), IF, PEER)), (0, None));
        cache.receive(at(0), IF, &from_peer(Operation::Request, IP), &mut out);
        let new = MacAddress([2, 0, 0, 0, 0, 9]);
        let announcement = Packet { sender_mac: new, ..from_peer(Operation::Request, PEER) };
        assert!(announcement.is_gratuitous());
        out.clear();
        cache.receive(at(1), IF, &announcement, &mut out);
        assert_eq!(out, [Output::Note(Note::Changed { ip: PEER, old: PEER_MAC, new })]);
        assert_eq!(cache.lookup(at(1), IF, PEER), Some(new));
    }

    #[test]
    fn a_claim_to_our_address_is_told_and_not_believed() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        let claim = Packet { sender_ip: IP, ..from_peer(Operation::Request, IP) };
        cache.receive(at(0), IF, &claim, &mut out);
        assert_eq!(out, [Output::Note(Note::Conflict { ip: IP, mac: PEER_MAC })]);
        let many = Packet { sender_mac: MacAddress::BROADCAST, ..from_peer(Operation::Reply, IP) };
        cache.receive(at(0), IF, &many, &mut out);
        assert_eq!((out.len(), cache.entries(at(0))), (2, vec![]));
    }

    #[test]
    fn a_probe_is_answered_and_nothing_is_learned_from_it() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        let nobody = Ipv4Addr::UNSPECIFIED;
        let probe = Packet { sender_ip: nobody, ..from_peer(Operation::Request, IP) };
        cache.receive(at(0), IF, &probe, &mut out);
        assert!(matches!(deeds(&mut out)[..], [Output::Send { .. }]));
        assert_eq!(cache.entries(at(0)), []);
    }

    #[test]
    fn an_announcement_asks_for_itself() {
        let (mut cache, mut out) = (cache(Config::default()), Vec::new());
        cache.announce(IF, &mut out);
        assert_eq!(deeds(&mut out), [request(IP)]);
    }

    #[test]
    fn the_oldest_waiting_frame_gives_way_and_so_does_the_oldest_answer() {
        let config = Config { waiting_max: 2, entries_max: 1, ..Config::default() };
        let (mut cache, mut out) = (cache(config), Vec::new());
        for frame in 1..=3 {
            cache.resolve(at(0), IF, PEER, vec![frame], &mut out);
        }
        let full = Output::Note(Note::QueueFull { ip: PEER, waiting_max: 2 });
        assert_eq!(out.last(), Some(&full));
        out.clear();
        let other = Ipv4Addr::new(10, 0, 0, 3);
        cache.resolve(at(0), IF, other, vec![4], &mut out);
        let refused = Output::Unresolved { interface: IF, ip: other, frame: vec![4] };
        assert_eq!(out, [refused], "a pending address does not give way");
        out.clear();
        cache.receive(at(0), IF, &from_peer(Operation::Reply, IP), &mut out);
        assert_eq!(deeds(&mut out), [released(2), released(3)]);
        cache.resolve(at(1), IF, other, vec![5], &mut out);
        assert_eq!(out[0], Output::Note(Note::Forgot { ip: PEER }));
        assert_eq!(deeds(&mut out), [request(other)]);
    }

    proptest! {
        #[test]
        fn whatever_comes_the_laws_hold_and_no_frame_is_lost_or_doubled(
            moves in prop::collection::vec((0u8..5, 1u8..6, 0u8..6, 0u64..1500), 0..60),
            entries_max in 0usize..4,
        ) {
            let config = Config { entries_max, waiting_max: 2, ..Config::default() };
            let (mut cache, mut out) = (cache(config), Vec::new());
            let (mut now, mut given, mut back) = (Instant::ZERO, 0, 0);
            for (kind, who, whom, millis) in moves {
                now += Duration::from_millis(millis);
                let ip = |n: u8| Ipv4Addr::new(10, 0, 0, n);
                if cache.deadline().is_some_and(|deadline| now < deadline) {
                    let (before, said) = (cache.entries(now), out.len());
                    cache.on_deadline(now, &mut out);
                    prop_assert_eq!((cache.entries(now), out.len()), (before, said));
                }
                cache.on_deadline(now, &mut out);
                prop_assert!(cache.deadline().is_none_or(|deadline| now < deadline));
                let operation = if kind == 1 { Operation::Reply } else { Operation::Request };
                let sender_mac = MacAddress([who & 1, 0, 0, 0, 0, who]);
                let packet = Packet { sender_mac, sender_ip: ip(who), ..from_peer(operation, ip(whom)) };
                let input = match kind {
                    0 | 1 => Input::Packet { interface: IF, packet },
                    2 => Input::Announce { interface: InterfaceId(u16::from(who & 1)) },
                    _ => Input::Resolve { interface: IF, ip: ip(who), frame: vec![who] },
                };
                given += u32::from(kind >= 3);
                let mut twin = cache.clone();
                let mut twin_out = out.clone();
                cache.handle(now, input.clone(), &mut out);
                twin.handle(now, input, &mut twin_out);
                prop_assert_eq!(&out, &twin_out);
                prop_assert!(cache.entries(now).len() <= entries_max);
            }
            now += Duration::from_secs(100);
            while cache.deadline().is_some_and(|deadline| deadline <= now) {
                cache.on_deadline(now, &mut out);
                now += Duration::from_secs(1);
            }
            for output in &out {
                back += u32::from(matches!(
                    output,
                    Output::Release { .. }
                        | Output::Unresolved { .. }
                        | Output::Note(Note::QueueFull { .. })
                ));
            }
            prop_assert_eq!(given, back);
            prop_assert!(cache.known.is_empty() && cache.pending.is_empty());
        }
    }
}
