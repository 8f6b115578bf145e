//! What is so now on the links, as plain data for screens.

use super::World;
use crate::base::{FrameId, Instant, LinkId};

/// One link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkView {
    /// Whether it carries frames.
    pub up: bool,
    /// From the first end to the second, and back.
    pub directions: [DirectionView; 2],
}

/// One direction of a link.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DirectionView {
    /// Frames under way or waiting, in the order of arrival.
    pub frames: Vec<InFlight>,
    /// How many wait for the transmitter.
    pub waiting: u32,
    /// How many may.
    pub limit: u32,
}

/// A frame under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InFlight {
    /// Its number.
    pub frame: FrameId,
    /// When its first bit is sent.
    pub starts: Instant,
    /// When its last bit has been sent.
    pub ends: Instant,
    /// When its last bit is there.
    pub arrives: Instant,
    /// It will vanish on the way.
    pub lost: bool,
}

impl World {
    /// Whether a link carries frames.
    pub fn is_up(&self, link: LinkId) -> bool {
        self.line(link, 0).is_up()
    }

    /// How many frames are under way on a link or wait for it, both ways.
    pub fn frames_on(&self, link: LinkId) -> usize {
        [0, 1].map(|way| self.line(link, way).flights().count()).into_iter().sum()
    }

    /// What is on a link now. Costs as much as there are frames on it.
    pub fn link_view(&self, link: LinkId) -> LinkView {
        let directions = [0, 1].map(|way| {
            let line = self.line(link, way);
            let frames: Vec<InFlight> = line
                .flights()
                .map(|f| InFlight {
                    frame: f.frame.id,
                    starts: f.starts,
                    ends: f.ends,
                    arrives: f.arrives,
                    lost: f.lost,
                })
                .collect();
            let waiting = frames.iter().filter(|f| f.starts > self.now()).count() as u32;
            DirectionView { frames, waiting, limit: line.channel().queue_frames }
        });
        LinkView { up: self.line(link, 0).is_up(), directions }
    }
}
