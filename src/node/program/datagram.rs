//! Programs over UDP.

use super::filler::Tally;
use super::{Happening, NetworkError};
use crate::base::Instant;
use crate::node::calls::Desk;
use crate::plan::program::Plan;
use crate::trace::ProgramNote;

/// An echo, a sink or a client.
#[derive(Clone, Debug)]
pub(crate) struct Datagram {
    plan: Plan,
    port: Option<u16>,
    sent: u64,
    tally: Tally,
}

impl Datagram {
    pub(super) const fn new(plan: Plan) -> Self {
        Self { plan, port: None, sent: 0, tally: Tally { received: 0, wrong: 0 } }
    }

    pub(super) const fn starts_at(&self) -> Instant {
        match self.plan {
            Plan::UdpClient { at, .. } => at,
            _ => Instant::ZERO,
        }
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    pub(super) fn on(&mut self, happening: Happening, desk: &mut Desk<'_, '_>) {
        match happening {
            Happening::Deadline => self.go_on(desk),
            Happening::Datagram { from, data, .. } => {
                let excerpt = desk.context.trace.keep(&data);
                let octets = data.len() as u32;
                desk.say(ProgramNote::ReceivedFrom { from, octets, excerpt });
                if desk.host.settings.numbered {
                    self.tally.compare(0, &data);
                }
                if let (Plan::UdpEcho { .. }, Some(port)) = (&self.plan, self.port) {
                    desk.send_to(port, from, data, None, true);
                }
            }
            Happening::Error { peer, error, .. } => desk.say(match error {
                NetworkError::PortUnreachable => ProgramNote::Refused,
                _ => ProgramNote::Unreachable(peer.address),
            }),
            Happening::Tcp { .. } | Happening::Accepted { .. } | Happening::Echo { .. } => {}
        }
    }

    fn go_on(&mut self, desk: &mut Desk<'_, '_>) {
        match &self.plan {
            Plan::UdpEcho { port } | Plan::UdpSink { port } => {
                self.port = desk.bind(Some(*port));
                if self.port.is_some() {
                    desk.say(ProgramNote::Listens(*port));
                }
            }
            Plan::UdpClient { to, send, times, every, may_fragment, .. } => {
                if self.port.is_none() {
                    self.port = desk.bind(None);
                }
                let all = send.len() as u64 * u64::from(*times);
                let (Some(port), true) = (self.port, self.sent < all) else { return };
                let data = send[(self.sent % send.len() as u64) as usize].clone();
                self.sent += 1;
                desk.send_to(port, *to, data, None, *may_fragment);
                if self.sent < all {
                    desk.wake_after(*every);
                }
            }
            _ => {}
        }
    }
}
