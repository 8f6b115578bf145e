//! One direction of a link: a transmitter with its queue, and the frames under way.

use super::{Faults, Luck};
use crate::base::{Duration, FrameId, Instant, Octets, Rate};
use std::collections::VecDeque;
use std::rc::Rc;

/// What one direction of a link is like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    /// How long a bit is under way.
    pub delay: Duration,
    /// How fast bits follow each other.
    pub rate: Rate,
    /// How many frames may wait for the transmitter, the one being sent not counted.
    pub queue_frames: u32,
    /// From how many waiting frames on ECN-capable packets are marked (RFC 3168 §5); `None` is
    /// never.
    pub mark_from: Option<u32>,
    /// What goes wrong on the way.
    pub faults: Faults,
}

impl Default for Channel {
    /// A short, fast, faultless cable: 1 ms, 100 Mbit/s, a queue of 100 frames.
    fn default() -> Self {
        Self {
            delay: Duration::from_millis(1),
            rate: Rate::from_bits_per_second(100_000_000).expect("not zero"),
            queue_frames: 100,
            mark_from: None,
            faults: Faults::default(),
        }
    }
}

/// A frame on a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Its number.
    pub id: FrameId,
    /// Its octets, Ethernet header to padding. The check sequence follows them on the wire.
    pub octets: Octets,
    /// The check sequence that it carries, where that is not the one its octets give: bits were
    /// turned over. An undamaged frame's is computed when somebody looks.
    pub carried_fcs: Option<u32>,
}

/// A frame with the times of its journey.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flight {
    /// The frame.
    pub frame: Frame,
    /// When its first bit is sent; until then it waits in the queue.
    pub starts: Instant,
    /// When its last bit (and the gap after it) has been sent.
    pub ends: Instant,
    /// When its last bit is there.
    pub arrives: Instant,
    /// It vanishes on the way.
    pub lost: bool,
}

/// Why a frame was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// So many frames wait already, and no more may.
    QueueFull(u32),
    /// The link is cut.
    Down,
}

/// One direction of a link.
#[derive(Clone, Debug)]
pub struct Line {
    /// Shared with the lines that are alike.
    channel: Rc<Channel>,
    luck: Luck,
    up: bool,
    /// When the transmitter has sent everything that it was given.
    free_at: Instant,
    /// When the last frame that keeps its order arrives.
    last_arrival: Instant,
    /// When the frames that wait (or waited until lately) begin to be sent.
    starts: VecDeque<Instant>,
    /// In the order of arrival.
    flights: VecDeque<Flight>,
}

impl Line {
    /// A quiet line.
    pub const fn new(channel: Rc<Channel>, luck: Luck, up: bool) -> Self {
        Self {
            channel,
            luck,
            up,
            free_at: Instant::ZERO,
            last_arrival: Instant::ZERO,
            starts: VecDeque::new(),
            flights: VecDeque::new(),
        }
    }

    /// What it is like.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Changes what it is like, for the frames still to come.
    pub fn channel_mut(&mut self) -> &mut Channel {
        Rc::make_mut(&mut self.channel)
    }

    /// Whether it carries anything.
    pub const fn is_up(&self) -> bool {
        self.up
    }

    /// Frames waiting for the transmitter.
    pub fn waiting(&mut self, now: Instant) -> u32 {
        while self.starts.front().is_some_and(|&starts| starts <= now) {
            self.starts.pop_front();
        }
        self.starts.len() as u32
    }

    /// Takes a frame, unless the link is down or the queue full. `overhead` is what the medium
    /// carries besides the frame's octets. Gives the flight as planned, and whether the frame will
    /// arrive a second time: [`Self::repeat`] is to be called with that frame then.
    ///
    /// # Errors
    /// The frame comes back with the reason.
    pub fn offer(
        &mut self,
        now: Instant,
        mut frame: Frame,
        overhead: u64,
        fcs: impl FnOnce(&[u8]) -> u32,
    ) -> Result<(&Flight, bool), (Frame, Refused)> {
        if !self.up {
            return Err((frame, Refused::Down));
        }
        let waiting = self.waiting(now);
        if self.free_at > now && waiting >= self.channel.queue_frames {
            return Err((frame, Refused::QueueFull(waiting)));
        }
        let fate = self.luck.decide(&self.channel.faults, frame.octets.len() as u32 * 8);
        if let Some(bit) = fate.flipped_bit {
            let octets = frame.octets.joined();
            frame.carried_fcs = Some(fcs(octets));
            octets[bit as usize / 8] ^= 1 << (bit % 8);
        }
        let starts = self.free_at.max(now);
        let ends = starts + self.channel.rate.time_to_send(frame.octets.len() as u64 + overhead);
        self.free_at = ends;
        if starts > now {
            self.starts.push_back(starts);
        }
        let on_time = (ends + self.channel.delay + fate.jitter).max(self.last_arrival);
        if fate.held_back == Duration::ZERO {
            self.last_arrival = on_time;
        }
        let arrives = on_time + fate.held_back;
        let place = self.insert(Flight { frame, starts, ends, arrives, lost: fate.lost });
        Ok((&self.flights[place], fate.duplicated && !fate.lost))
    }

    /// Puts a second copy of a frame on the way, right behind the first one.
    pub fn repeat(&mut self, first: &Flight, id: FrameId) -> &Flight {
        let mut copy = first.clone();
        copy.frame.id = id;
        let place = self.insert(copy);
        &self.flights[place]
    }

    /// Keeps the flights in the order of arrival, and of being asked for where that is the same.
    /// Almost always the new one is the last.
    fn insert(&mut self, flight: Flight) -> usize {
        let later = self.flights.iter().rev().take_while(|f| f.arrives > flight.arrives).count();
        let place = self.flights.len() - later;
        if later == 0 {
            self.flights.push_back(flight);
        } else {
            self.flights.insert(place, flight);
        }
        place
    }

    /// When the next frame arrives.
    pub fn next_arrival(&self) -> Option<Instant> {
        self.flights.front().map(|flight| flight.arrives)
    }

    /// The frame that has arrived by `now`, if one has.
    pub fn take(&mut self, now: Instant) -> Option<Flight> {
        self.flights.pop_front_if(|flight| flight.arrives <= now)
    }

    /// Takes away a frame that is under way, or will vanish later on.
    pub fn remove(&mut self, frame: FrameId) -> Option<Flight> {
        let place = self.flights.iter().position(|flight| flight.frame.id == frame)?;
        self.flights.remove(place)
    }

    /// Cuts the link (what is on it or waits for it is given back, lost) or mends it.
    pub fn set_up(&mut self, now: Instant, up: bool) -> impl Iterator<Item = Flight> + use<> {
        self.up = up;
        let lost = if up { VecDeque::new() } else { std::mem::take(&mut self.flights) };
        if !up {
            self.starts.clear();
            self.free_at = now;
            self.last_arrival = now;
        }
        lost.into_iter()
    }

    /// The frames under way or waiting, in the order of arrival.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OVERHEAD: u64 = 24;

    fn line(faults: Faults) -> Line {
        let rate = Rate::from_bits_per_second(8_000_000).unwrap();
        let delay = Duration::from_millis(5);
        let channel = Channel { delay, rate, queue_frames: 2, mark_from: None, faults };
        Line::new(Rc::new(channel), Luck::new(1, "a-b"), true)
    }

    fn frame(id: u32) -> Frame {
        Frame { id: FrameId(id), octets: vec![0; 76].into(), carried_fcs: None }
    }

    fn arrivals(line: &mut Line) -> Vec<(u32, u64)> {
        std::iter::from_fn(|| line.take(Instant::MAX))
            .map(|f| (f.frame.id.0, f.arrives.0 / 1000))
            .collect()
    }

    #[test]
    fn frames_are_sent_one_after_the_other_and_arrive_a_delay_later() {
        let mut line = line(Faults::default());
        for id in 0..3 {
            assert!(line.offer(Instant::ZERO, frame(id), OVERHEAD, |_| 0).is_ok());
        }
        assert_eq!(line.waiting(Instant::ZERO), 2);
        let refused = line.offer(Instant::ZERO, frame(3), OVERHEAD, |_| 0).unwrap_err();
        assert_eq!(refused.1, Refused::QueueFull(2));
        assert_eq!(arrivals(&mut line), [(0, 5_100), (1, 5_200), (2, 5_300)]);
    }

    #[test]
    fn a_frame_held_back_is_overtaken() {
        let mut line = line(Faults {
            reorder: 1_000_000,
            reorder_by: Duration::from_millis(1),
            ..Faults::default()
        });
        assert!(line.offer(Instant::ZERO, frame(0), OVERHEAD, |_| 0).is_ok());
        line.channel_mut().faults = Faults::default();
        assert!(line.offer(Instant::ZERO, frame(1), OVERHEAD, |_| 0).is_ok());
        assert_eq!(arrivals(&mut line), [(1, 5_200), (0, 6_100)]);
    }

    #[test]
    fn a_turned_bit_leaves_the_check_sequence_of_what_was_sent() {
        let mut line = line(Faults { bit_error_these: vec![1], ..Faults::default() });
        let (flight, _) = line.offer(Instant::ZERO, frame(0), OVERHEAD, |_| 77).unwrap();
        assert_eq!(flight.frame.carried_fcs, Some(77));
        assert_eq!(flight.frame.octets.head.iter().map(|o| o.count_ones()).sum::<u32>(), 1);
    }

    #[test]
    fn a_cut_gives_back_what_was_on_the_way() {
        let mut line = line(Faults::default());
        assert!(line.offer(Instant::ZERO, frame(0), OVERHEAD, |_| 0).is_ok());
        assert_eq!(line.set_up(Instant(1), false).count(), 1);
        assert_eq!(line.offer(Instant(2), frame(1), OVERHEAD, |_| 0).unwrap_err().1, Refused::Down);
    }
}
