//! What is kept of connections that broke off: who they were, and the packets since.
//!
//! Each event that can be sent again carries an offset as its last argument. A client that comes
//! back says the offset of the last event that it saw.

use super::{Reach, Recovery};
use crate::base::Instant;
use crate::stack::application::Message;
use crate::stack::session::id::SessionId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// A connection that broke off.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) socket: SessionId,
    pub(super) namespace: Rc<str>,
    /// The rooms that it was in, its own among them.
    pub(super) rooms: BTreeSet<Rc<str>>,
}

#[derive(Clone, Debug)]
struct Sent {
    at: Instant,
    reach: Reach,
    messages: Vec<Message>,
    octets: usize,
}

/// The memory of a server that recovers connections.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    config: Recovery,
    broken: BTreeMap<SessionId, (Instant, Broken)>,
    ends: BTreeSet<(Instant, SessionId)>,
    /// The last packets; the offset of the first is `first`, and they have no gaps.
    sent: VecDeque<Sent>,
    first: u64,
    octets: usize,
}

impl Memory {
    pub(super) const fn new(config: Recovery) -> Self {
        Self {
            config,
            broken: BTreeMap::new(),
            ends: BTreeSet::new(),
            sent: VecDeque::new(),
            first: 0,
            octets: 0,
        }
    }

    /// The offset of the packet that is remembered next.
    pub(super) fn next_offset(&self) -> u64 {
        self.first + self.sent.len() as u64
    }

    /// Remembers a packet.
    pub(super) fn remember(&mut self, now: Instant, reach: Reach, messages: Vec<Message>) {
        let octets = messages.iter().map(|message| message.octets().len()).sum();
        self.octets += octets;
        self.sent.push_back(Sent { at: now, reach, messages, octets });
        while let Some(first) = self.sent.front() {
            let too_old = first.at + self.config.duration < now;
            let too_much = self.octets > self.config.octets_max;
            if !too_old && !too_much && self.sent.len() <= self.config.packets_max {
                return;
            }
            self.octets -= first.octets;
            self.sent.pop_front();
            self.first += 1;
        }
    }

    /// Remembers a connection under the secret that only its client knows.
    pub(super) fn keep(&mut self, now: Instant, pid: SessionId, broken: Broken) {
        let until = now + self.config.duration;
        self.broken.insert(pid, (until, broken));
        self.ends.insert((until, pid));
        while let Some(&(until, pid)) = self.ends.first() {
            if until > now && self.broken.len() <= self.config.connections_max {
                return;
            }
            self.ends.remove(&(until, pid));
            self.broken.remove(&pid);
        }
    }

    /// The connection of `pid`, if it is not too old and nothing that it missed is forgotten, and
    /// the messages of each packet that it missed.
    pub(super) fn restore(
        &mut self,
        now: Instant,
        namespace: &str,
        pid: SessionId,
        offset: &str,
    ) -> Option<(Broken, Vec<Vec<Message>>)> {
        let (until, broken) = self.broken.get(&pid)?;
        if *until <= now || &*broken.namespace != namespace {
            return None;
        }
        let offset: u64 = offset.parse().ok()?;
        let seen = usize::try_from(offset.checked_sub(self.first)?).ok()?;
        if seen >= self.sent.len() {
            return None;
        }
        self.ends.remove(&(*until, pid));
        let (_, broken) = self.broken.remove(&pid)?;
        let missed = self.sent.range(seen + 1..).filter(|sent| {
            sent.reach.namespace == broken.namespace && sent.reach.includes(&broken.rooms)
        });
        let missed = missed.map(|sent| sent.messages.clone()).collect();
        Some((broken, missed))
    }
}
