//! Who waits for which acknowledgement, and how long.

use crate::base::{Duration, Instant};
use std::collections::{BTreeMap, BTreeSet};

/// That an event is to be acknowledged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ack {
    /// The program's own name for it, given back with the answer.
    pub token: u64,
    /// How long it waits; `None` for as long as the connection lasts.
    pub timeout: Option<Duration>,
}

/// What a machine waits for. `K` is the conversation in which an id counts.
#[derive(Clone, Debug)]
pub(super) struct Acks<K> {
    waiting: BTreeMap<(K, u64), (u64, Option<Instant>)>,
    timers: BTreeSet<(Instant, K, u64)>,
}

impl<K: Ord + Clone> Acks<K> {
    pub(super) const fn new() -> Self {
        Self { waiting: BTreeMap::new(), timers: BTreeSet::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.timers.first().map(|timer| timer.0)
    }

    pub(super) fn expect(&mut self, now: Instant, key: K, id: u64, ack: Ack) {
        let until = ack.timeout.map(|timeout| now + timeout);
        self.timers.extend(until.map(|until| (until, key.clone(), id)));
        self.waiting.insert((key, id), (ack.token, until));
    }

    /// The token of an acknowledgement that came.
    pub(super) fn take(&mut self, key: K, id: u64) -> Option<u64> {
        let (token, until) = self.waiting.remove(&(key.clone(), id))?;
        until.map(|until| self.timers.remove(&(until, key, id)));
        Some(token)
    }

    /// One that has not come in time: its conversation, id and token.
    pub(super) fn expire(&mut self, now: Instant) -> Option<(K, u64, u64)> {
        let (at, key, id) = self.timers.first().cloned()?;
        if at > now {
            return None;
        }
        let token = self.take(key.clone(), id)?;
        Some((key, id, token))
    }

    /// The conversation is over: the tokens of those that cannot come any more.
    pub(super) fn lose(&mut self, key: &K, keep: impl Fn(u64) -> bool) -> Vec<u64> {
        let all = (key.clone(), 0)..=(key.clone(), u64::MAX);
        let ids: Vec<u64> = self.waiting.range(all).map(|((_, id), _)| *id).collect();
        ids.into_iter()
            .filter(|id| !keep(*id))
            .filter_map(|id| self.take(key.clone(), id))
            .collect()
    }
}
