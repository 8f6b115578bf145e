//! The table that a switch learns (IEEE 802.1D §7).
//!
//! Read 802.1D §7.7 to §7.9 first: a switch looks at the source of each frame to learn where that
//! station is, and at the destination to decide where the frame goes. Nobody configures it.
//!
//! Left out: the spanning tree, so a loop of switches storms until the run's limits; VLANs;
//! entries set by hand.

use super::ethernet::MacAddress;
use crate::base::{Duration, FxHashMap, Instant, InterfaceId};
use crate::stack::Telling;
use std::fmt;

/// What is to be done with a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Send it through every interface but the one that it came in by.
    Flood,
    /// Send it through this one.
    Port(InterfaceId),
    /// Drop it: the receiver is on the side that it came from.
    Filter,
}

/// A station of the table, for screens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The station.
    pub mac: MacAddress,
    /// Through which interface it is reached.
    pub port: InterfaceId,
    /// How long that is believed, if it says nothing more.
    pub remaining: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    mac: MacAddress,
    port: InterfaceId,
    until: Instant,
}

/// Which station is behind which interface.
#[derive(Clone, Debug)]
pub struct Table {
    ageing_time: Duration,
    stations_max: usize,
    /// Places in `slots`; looked up, never walked.
    index: FxHashMap<MacAddress, u32>,
    slots: Vec<Slot>,
    /// No entry is too old before this. Frames make entries younger without touching it, so that
    /// learning stays one lookup; the sweep then finds the true next moment.
    sweep_at: Option<Instant>,
}

impl Table {
    /// An empty table that believes an entry for `ageing_time` and has room for `stations_max`.
    pub fn new(ageing_time: Duration, stations_max: usize) -> Self {
        Self {
            ageing_time,
            stations_max,
            index: FxHashMap::default(),
            slots: Vec::new(),
            sweep_at: None,
        }
    }

    /// How many stations it knows.
    pub fn stations(&self) -> usize {
        self.index.len()
    }

    /// Learns from a frame's source that it is behind `port`. Says something if that is news.
    pub fn learn(&mut self, now: Instant, mac: MacAddress, port: InterfaceId) -> Option<Note> {
        if mac.is_multicast() {
            // A group is not behind one interface (802.1D §7.8).
            return None;
        }
        let until = now + self.ageing_time;
        if let Some(&place) = self.index.get(&mac) {
            let slot = &mut self.slots[place as usize];
            let (was, was_until) = (slot.port, slot.until);
            (slot.port, slot.until) = (port, until);
            return if was_until <= now {
                Some(Note::Learned { mac, port })
            } else {
                (was != port).then_some(Note::Moved { mac, from: was, to: port })
            };
        }
        if self.slots.len() >= self.stations_max {
            return Some(Note::TableFull { mac, stations_max: self.stations_max as u32 });
        }
        self.index.insert(mac, self.slots.len() as u32);
        self.slots.push(Slot { mac, port, until });
        self.sweep_at = Some(self.sweep_at.map_or(until, |at| at.min(until)));
        Some(Note::Learned { mac, port })
    }

    /// Where a frame to `mac` that came in by `in_port` goes.
    pub fn forward(&self, now: Instant, mac: MacAddress, in_port: InterfaceId) -> Decision {
        if let [0x01, 0x80, 0xc2, 0, 0, 0..=0x0f] = mac.0 {
            // Kept for talk between neighbouring switches (802.1D §7.12.6).
            return Decision::Filter;
        }
        let known = self.index.get(&mac).map(|&place| self.slots[place as usize]);
        match known.filter(|slot| now < slot.until) {
            None => Decision::Flood,
            Some(slot) if slot.port == in_port => Decision::Filter,
            Some(slot) => Decision::Port(slot.port),
        }
    }

    /// When an entry may be too old.
    pub const fn deadline(&self) -> Option<Instant> {
        self.sweep_at
    }

    /// Forgets what is too old at `now`.
    pub fn on_deadline(&mut self, now: Instant, out: &mut Vec<Note>) {
        if self.sweep_at.is_none_or(|at| now < at) {
            return;
        }
        self.keep(|slot| now < slot.until, out);
    }

    /// Forgets every station behind `port`: its link is down.
    pub fn forget_port(&mut self, port: InterfaceId, out: &mut Vec<Note>) {
        self.keep(|slot| slot.port != port, out);
    }

    /// All stations, in the order of their addresses.
    pub fn entries(&self, now: Instant) -> Vec<Entry> {
        let young = self.slots.iter().filter(|slot| now < slot.until);
        let mut entries: Vec<Entry> = young
            .map(|&Slot { mac, port, until }| Entry { mac, port, remaining: until.since(now) })
            .collect();
        entries.sort_unstable_by_key(|entry| entry.mac);
        entries
    }

    fn keep(&mut self, stays: impl Fn(&Slot) -> bool, out: &mut Vec<Note>) {
        self.slots.retain(|slot| {
            let stays = stays(slot);
            if !stays {
                out.push(Note::Forgot { mac: slot.mac, port: slot.port });
            }
            stays
        });
        self.index.clear();
        self.index.extend(self.slots.iter().zip(0..).map(|(slot, place)| (slot.mac, place)));
        self.sweep_at = self.slots.iter().map(|slot| slot.until).min();
    }
}

/// 300 s, as 802.1D §7.9.2 recommends, and room for 8192 stations, as a small switch has it.
impl Default for Table {
    fn default() -> Self {
        Self::new(Duration::from_secs(300), 8192)
    }
}

/// What a switch tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// A station was heard for the first time.
    Learned {
        /// The station.
        mac: MacAddress,
        /// Where.
        port: InterfaceId,
    },
    /// A station was heard elsewhere than before.
    Moved {
        /// The station.
        mac: MacAddress,
        /// Where it was.
        from: InterfaceId,
        /// Where it is.
        to: InterfaceId,
    },
    /// There is no room to learn a station.
    TableFull {
        /// The station.
        mac: MacAddress,
        /// How many are known.
        stations_max: u32,
    },
    /// A frame goes everywhere but back.
    Flooding {
        /// Its destination: everybody, a group, or a station that is not known.
        destination: MacAddress,
    },
    /// A frame goes one way.
    Forwarding {
        /// Its destination.
        destination: MacAddress,
        /// Which way.
        port: InterfaceId,
    },
    /// A frame goes nowhere.
    Filtered {
        /// Its destination.
        destination: MacAddress,
    },
    /// A station was silent for too long, or its link went down.
    Forgot {
        /// The station.
        mac: MacAddress,
        /// Where it was.
        port: InterfaceId,
    },
}

impl Note {
    /// A decision in words.
    pub const fn of(decision: Decision, destination: MacAddress) -> Self {
        match decision {
            Decision::Flood => Self::Flooding { destination },
            Decision::Port(port) => Self::Forwarding { destination, port },
            Decision::Filter => Self::Filtered { destination },
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Learned { mac, port } => write!(f, "{mac} is behind {port}: learned"),
            Self::Moved { mac, from, to } => write!(f, "{mac} moved from {from} to {to}"),
            Self::TableFull { mac, stations_max } => {
                write!(f, "table is full ({stations_max} stations): {mac} not learned")
            }
            Self::Flooding { destination } if destination.is_multicast() => {
                write!(f, "{destination} is a group: flooding")
            }
            Self::Flooding { destination } => write!(f, "{destination} is unknown: flooding"),
            Self::Forwarding { destination, port } => {
                write!(f, "{destination} is behind {port}: forwarding")
            }
            Self::Filtered { destination } => {
                write!(f, "{destination} is not reached from here: filtered")
            }
            Self::Forgot { mac, port } => write!(f, "{mac} behind {port}: forgotten"),
        }
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match self {
            Self::Learned { .. } => {
                "The switch sees who sent this and notes at which socket that machine is.".into()
            }
            Self::Moved { .. } => "That machine is plugged in elsewhere now; noted.".into(),
            Self::TableFull { .. } => "The switch's notebook is full.".into(),
            Self::Flooding { destination } if destination.is_multicast() => {
                "For everybody: the switch sends it out of every socket but the one it came from."
                    .into()
            }
            Self::Flooding { .. } => {
                "The switch does not know yet where that is, so it tries every other socket.".into()
            }
            Self::Forwarding { .. } => "The switch knows where that is: only there it goes.".into(),
            Self::Filtered { .. } => "The receiver has it already: it goes no further.".into(),
            Self::Forgot { .. } => "Not heard of for long: the switch strikes it out.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Learned { .. } | Self::Moved { .. } | Self::TableFull { .. } => {
                "IEEE 802.1D §7.8"
            }
            Self::Flooding { .. } | Self::Forwarding { .. } | Self::Filtered { .. } => {
                "IEEE 802.1D §7.7"
            }
            Self::Forgot { .. } => "IEEE 802.1D §7.9.2",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: MacAddress = MacAddress([2, 0, 0, 0, 0, 1]);
    const B: MacAddress = MacAddress([2, 0, 0, 0, 0, 2]);
    const LEFT: InterfaceId = InterfaceId(0);
    const RIGHT: InterfaceId = InterfaceId(1);

    fn at(secs: u64) -> Instant {
        Instant::ZERO + Duration::from_secs(secs)
    }

    #[test]
    fn a_switch_floods_until_it_has_heard_the_receiver() {
        let mut table = Table::default();
        assert_eq!(table.learn(at(0), A, LEFT), Some(Note::Learned { mac: A, port: LEFT }));
        assert_eq!(table.forward(at(0), B, LEFT), Decision::Flood);
        assert_eq!(table.learn(at(1), B, RIGHT), Some(Note::Learned { mac: B, port: RIGHT }));
        assert_eq!(table.forward(at(1), A, RIGHT), Decision::Port(LEFT));
        assert_eq!(table.learn(at(2), A, LEFT), None);
        assert_eq!(table.forward(at(2), B, LEFT), Decision::Port(RIGHT));
    }

    #[test]
    fn a_frame_for_its_own_side_is_filtered_and_a_broadcast_always_floods() {
        let mut table = Table::default();
        table.learn(at(0), A, LEFT);
        assert_eq!(table.learn(at(0), MacAddress::BROADCAST, LEFT), None);
        assert_eq!(table.forward(at(0), A, LEFT), Decision::Filter);
        assert_eq!(table.forward(at(0), MacAddress::BROADCAST, LEFT), Decision::Flood);
        let spanning_tree = MacAddress([1, 0x80, 0xc2, 0, 0, 0]);
        assert_eq!(table.forward(at(0), spanning_tree, LEFT), Decision::Filter);
    }

    #[test]
    fn a_station_that_appears_elsewhere_has_moved() {
        let mut table = Table::default();
        table.learn(at(0), A, LEFT);
        let moved = Note::Moved { mac: A, from: LEFT, to: RIGHT };
        assert_eq!(table.learn(at(1), A, RIGHT), Some(moved));
        assert_eq!(table.forward(at(1), A, LEFT), Decision::Port(RIGHT));
    }

    #[test]
    fn a_silent_station_is_forgotten_and_a_talking_one_is_not() {
        let mut table = Table::default();
        table.learn(at(0), A, LEFT);
        table.learn(at(0), B, RIGHT);
        table.learn(at(100), B, RIGHT);
        let mut out = Vec::new();
        table.on_deadline(at(299), &mut out);
        assert_eq!((out.len(), table.deadline()), (0, Some(at(300))));
        assert_eq!(table.forward(at(300), A, RIGHT), Decision::Flood);
        table.on_deadline(at(300), &mut out);
        assert_eq!(out, [Note::Forgot { mac: A, port: LEFT }]);
        assert_eq!(table.deadline(), Some(at(400)));
        assert_eq!(table.forward(at(399), B, LEFT), Decision::Port(RIGHT));
        table.on_deadline(at(400), &mut out);
        assert_eq!((table.entries(at(400)), table.deadline()), (vec![], None));
    }

    #[test]
    fn a_full_table_learns_nobody_new_and_still_follows_the_known() {
        let mut table = Table::new(Duration::from_secs(300), 1);
        table.learn(at(0), A, LEFT);
        assert_eq!(table.learn(at(0), B, LEFT), Some(Note::TableFull { mac: B, stations_max: 1 }));
        assert!(matches!(table.learn(at(1), A, RIGHT), Some(Note::Moved { .. })));
        table.forget_port(RIGHT, &mut Vec::new());
        assert!(matches!(table.learn(at(2), B, LEFT), Some(Note::Learned { .. })));
    }
}
