//! Up, down and Enter within a pane.

use super::App;
use crate::base::NodeId;
use crate::tui::action::{Grain, Pane, Way};

impl App {
    pub(super) fn move_in_pane(&mut self, way: Way, by: usize) {
        match self.focus {
            Pane::Packet => {
                let last = self.moment.packet.fields.len().saturating_sub(1);
                self.view.field = Some(match way {
                    Way::Back => self.field().saturating_sub(by),
                    Way::On => (self.field() + by).min(last),
                });
            }
            Pane::Network if self.moment.picture.crowd.is_some() => self.move_in_crowd(way, by),
            Pane::Network | Pane::State => {
                let count = self.walk.trace().legend().nodes.len().max(1);
                let here = self.moment.node.map_or(0, NodeId::index);
                let next = match way {
                    Way::Back => (here + count - 1) % count,
                    Way::On => (here + 1) % count,
                };
                self.view.node = Some(NodeId(next as u32));
            }
            Pane::Ladder => {
                for _ in 0..by {
                    self.walk.go(Grain::Packet, way);
                }
            }
            Pane::Layers | Pane::Story => {
                for _ in 0..by {
                    self.walk.go(Grain::Layer, way);
                }
                self.view.grain = Grain::Layer;
            }
            Pane::Timeline => {
                self.walk.go_mark(way);
            }
            Pane::Journey => self.move_in_journey(way, by),
            Pane::Code => self.move_in_code(way, by),
        }
    }

    /// To another part of the message's journey, and to the moment when it happened.
    fn move_in_journey(&mut self, way: Way, by: usize) {
        let journey = &self.moment.journey;
        let last = journey.rows.len().saturating_sub(1);
        let next = match way {
            Way::Back => journey.cursor.saturating_sub(by),
            Way::On => (journey.cursor + by).min(last),
        };
        let Some(row) = journey.rows.get(next) else { return };
        (self.view.message, self.view.part) = (Some(journey.call), Some(next));
        let record = row.record as usize;
        if let Some(record) = self.walk.trace().records().get(record) {
            self.play.stop();
            self.walk.seek(record.step);
        }
    }

    /// Up and down in the table of a large network.
    fn move_in_crowd(&mut self, way: Way, by: usize) {
        let Some(crowd) = &self.moment.picture.crowd else { return };
        let last = crowd.rows.len().saturating_sub(1);
        let next = match (crowd.cursor, way) {
            (None, _) => 0,
            (Some(here), Way::Back) => here.saturating_sub(by),
            (Some(here), Way::On) => (here + by).min(last),
        };
        self.view.node = crowd.rows.get(next).map(|row| row.node);
    }

    /// Enter: look closer at what the pane is about.
    pub(super) fn enter(&mut self) {
        let chosen = self.view.node.filter(|_| self.moment.picture.crowd.is_some());
        match self.focus {
            Pane::Network if chosen.is_some() && chosen != self.view.centre => {
                self.view.centre = chosen;
            }
            Pane::Network => self.show(Pane::State),
            Pane::Ladder | Pane::Layers => self.show(Pane::Packet),
            Pane::State => self.view.node = None,
            Pane::Code => self.go_to_line(),
            Pane::Packet | Pane::Story | Pane::Timeline | Pane::Journey => {
                self.zoomed = !self.zoomed;
            }
        }
    }
}
