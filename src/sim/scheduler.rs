//! What happens next: events in the order of their time, and of being asked for.

use crate::base::{Instant, NodeId};
use crate::node::Timer;
use dary_heap::QuaternaryHeap;
use std::cmp::Reverse;

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
    heap: QuaternaryHeap<Reverse<(Instant, u64, Event)>>,
    asked: u64,
}

impl Scheduler {
    /// Asks for an event.
    pub fn at(&mut self, at: Instant, event: Event) {
        self.asked += 1;
        self.heap.push(Reverse((at, self.asked, event)));
    }

    /// When the next event is due.
    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse(entry)| entry.0)
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Instant, Event)> {
        self.heap.pop().map(|Reverse((at, _, event))| (at, event))
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
