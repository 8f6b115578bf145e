//! What happens next: events in the order of their time, and of being asked for.

use crate::base::{Instant, NodeId};
use crate::node::Timer;
use dary_heap::QuaternaryHeap;
use std::cmp::Ordering;

/// Everything that can happen by itself. Plain and small: it is copied, never allocated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Event {
    /// The first frame under way on a line (a link's direction) arrives.
    Arrival {
        /// Twice the link's number, plus one for the way back.
        line: u32,
    },
    /// A timer of a node is due.
    Wake {
        /// The node.
        node: NodeId,
        /// Which of its timers.
        timer: Timer,
    },
    /// A timed line of the scenario, by its place.
    Cue(u32),
}

/// The list of events. Times that are equal come out in the order in which they were asked for.
///
/// A heap with four children a node: as quick as anything below ten thousand pending events, and
/// there are few, since a line has one event for all the frames on it and a connection one for all
/// its timers. An event that no longer holds is skipped when its time comes.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    heap: QuaternaryHeap<Entry>,
    asked: u64,
}

/// An event and its place in the order: the time in the upper half of the key, the number of the
/// request in the lower. One comparison of wide numbers decides, and the event is not looked at.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: u128,
    event: Event,
}

impl Entry {
    const fn at(&self) -> Instant {
        Instant((self.key >> 64) as u64)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The soonest is the greatest: the heap gives the greatest first.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

impl Scheduler {
    /// Asks for an event.
    pub fn at(&mut self, at: Instant, event: Event) {
        self.asked += 1;
        self.heap.push(Entry { key: u128::from(at.0) << 64 | u128::from(self.asked), event });
    }

    /// When the next event is due.
    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(Entry::at)
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Instant, Event)> {
        self.heap.pop().map(|entry| (entry.at(), entry.event))
    }

    /// How many events are pending.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is left to happen.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_come_in_the_order_of_asking() {
        let mut scheduler = Scheduler::default();
        for (at, cue) in [(5, 0), (3, 1), (5, 2), (3, 3), (1, 4)] {
            scheduler.at(Instant(at), Event::Cue(cue));
        }
        let order: Vec<Event> =
            std::iter::from_fn(|| scheduler.pop().map(|(_, event)| event)).collect();
        assert_eq!(order, [4, 1, 3, 0, 2].map(Event::Cue));
    }
}
