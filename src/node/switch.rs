//! A learning switch: frames go out by the port where their destination was last seen.

use super::{Alarm, Context, Due, InterfaceView, Timer};
use crate::base::{Instant, InterfaceId, Octets};
use crate::plan::blueprint::NodePlan;
use crate::stack::Layer;
use crate::stack::data_link::bridge::{Decision, Note, Table};
use crate::stack::data_link::ethernet;
use crate::trace::Fact;

/// How many stations a switch can remember: as many as a small real one.
const STATIONS_MAX: usize = 8192;

/// A switch. It looks at layer 2 alone (802.1D §7).
#[derive(Clone, Debug)]
pub struct Switch {
    pub(super) interfaces: Vec<InterfaceView>,
    pub(super) table: Table,
    alarm: Alarm,
}

impl Switch {
    pub(super) fn new(plan: &NodePlan) -> Self {
        let interfaces = plan.interfaces.iter().map(InterfaceView::of).collect();
        Self {
            interfaces,
            table: Table::new(plan.settings.mac_ageing, STATIONS_MAX),
            alarm: Alarm::default(),
        }
    }

    pub(super) fn receive(&mut self, port: InterfaceId, octets: Octets, context: &mut Context<'_>) {
        let header = match ethernet::Header::parse(&octets.head) {
            Ok(header) => header,
            Err(malformed) => {
                context.malformed(Layer::DataLink, malformed);
                return context.scratch.pool.give_frame(octets);
            }
        };
        if let Some(note) = self.table.learn(context.now, header.source, port) {
            context.say(Layer::DataLink, Fact::Bridge(note));
        }
        let decision = self.table.forward(context.now, header.destination, port);
        let note = Note::of(decision, header.destination);
        context.say(Layer::DataLink, Fact::Bridge(note));
        self.alarm.set(Timer::Ageing, self.table.deadline(), context);
        match decision {
            Decision::Port(out) => context.transmit(out, octets, context.cause),
            Decision::Filter => context.scratch.pool.give_frame(octets),
            Decision::Flood => {
                let ports = self.interfaces.len() as u16;
                for out in (0..ports).map(InterfaceId).filter(|&out| out != port) {
                    let mut head = context.scratch.pool.take();
                    head.extend_from_slice(&octets.head);
                    let copy = Octets { head, tail: octets.tail.clone() };
                    context.transmit(out, copy, context.cause);
                }
                context.scratch.pool.give_frame(octets);
            }
        }
    }

    /// About how many octets its table holds.
    pub(super) fn weight(&self) -> u64 {
        48 * self.table.stations() as u64
    }

    pub(super) fn due(&mut self, now: Instant) -> Due {
        self.alarm.due(now, self.table.deadline())
    }

    /// Forgets the stations that were silent for too long.
    pub(super) fn wake(&mut self, context: &mut Context<'_>) {
        let mut notes = Vec::new();
        self.table.on_deadline(context.now, &mut notes);
        for note in notes {
            context.say(Layer::DataLink, Fact::Bridge(note));
        }
        self.alarm.set(Timer::Ageing, self.table.deadline(), context);
    }
}
