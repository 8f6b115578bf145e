//! `ping` and `traceroute`.

use super::{Happening, NetworkError};
use crate::base::{Chunk, Duration, Instant};
use crate::node::calls::Desk;
use crate::plan::program::Plan;
use crate::stack::transport::Endpoint;
use crate::trace::ProgramNote;
use std::net::Ipv4Addr;

/// Sends probes one after the other and times the answers.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    plan: Plan,
    /// Probes sent so far; a traceroute's is also the time to live of the last one.
    sent: u16,
    /// When the probes without an answer were sent.
    waiting: Vec<(u16, Instant)>,
    port: Option<u16>,
    done: bool,
}

/// How long `ping` waits for the last answer.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// The port that the first probe of a traceroute goes to; the next ones count up. Nobody listens
/// there, so that the target itself answers with "port unreachable".
const FIRST_PORT: u16 = 33_434;

impl Probe {
    pub(super) const fn new(plan: Plan) -> Self {
        Self { plan, sent: 0, waiting: Vec::new(), port: None, done: false }
    }

    pub(super) const fn starts_at(&self) -> Instant {
        match self.plan {
            Plan::Ping { at, .. } | Plan::Traceroute { at, .. } => at,
            _ => Instant::ZERO,
        }
    }

    pub(super) fn on(&mut self, happening: &Happening, desk: &mut Desk<'_, '_>) {
        match *happening {
            Happening::Deadline => self.go_on(desk),
            Happening::Echo { from, seq } => {
                if let Some(took) = self.answered(seq, desk.now()) {
                    desk.say(ProgramNote::PingAnswered { from, seq, took });
                    self.end_if_done(desk);
                }
            }
            Happening::Error { from, peer, error, seq } => match self.plan {
                Plan::Ping { .. } => {
                    if self.answered(seq, desk.now()).is_some() {
                        desk.say(ProgramNote::Unreachable(peer.address));
                        self.end_if_done(desk);
                    }
                }
                _ => self.hop(from, peer, error, desk),
            },
            Happening::Tcp { .. } | Happening::Accepted { .. } | Happening::Datagram { .. } => {}
        }
    }

    fn go_on(&mut self, desk: &mut Desk<'_, '_>) {
        if self.done {
            return;
        }
        match self.plan {
            Plan::Ping { to, count, every, octets, ttl, may_fragment, .. } => {
                if self.sent == count {
                    return self.give_up(desk);
                }
                self.sent += 1;
                self.waiting.push((self.sent, desk.now()));
                desk.wake_after(if self.sent == count { LAST_WAIT } else { every });
                desk.ping(to, self.sent, octets, (ttl, may_fragment));
            }
            Plan::Traceroute { to, max_hops, wait, .. } => {
                if let Some((seq, _)) = self.waiting.pop() {
                    desk.say(ProgramNote::NoAnswer { seq });
                }
                self.next_hop(to, max_hops, wait, desk);
            }
            _ => {}
        }
    }

    fn next_hop(&mut self, to: Ipv4Addr, max_hops: u8, wait: Duration, desk: &mut Desk<'_, '_>) {
        if self.port.is_none() {
            self.port = desk.bind(None);
        }
        let (true, Some(port)) = (self.sent < u16::from(max_hops), self.port) else {
            self.done = true;
            return desk.say(ProgramNote::Done);
        };
        self.sent += 1;
        self.waiting.push((self.sent, desk.now()));
        let target = Endpoint::new(to, FIRST_PORT + self.sent - 1);
        desk.wake_after(wait);
        desk.send_to(
            port,
            target,
            Chunk::from_static(b"framestep traceroute"),
            Some(self.sent as u8),
            true,
        );
    }

    /// An answer to a traceroute's probe; the port says to which.
    fn hop(
        &mut self,
        from: Ipv4Addr,
        peer: Endpoint,
        error: NetworkError,
        desk: &mut Desk<'_, '_>,
    ) {
        let Plan::Traceroute { to, max_hops, wait, .. } = self.plan else { return };
        let seq = peer.port.wrapping_sub(FIRST_PORT).wrapping_add(1);
        let Some(took) = self.answered(seq, desk.now()) else { return };
        match error {
            NetworkError::TtlExpired | NetworkError::PortUnreachable => {
                desk.say(ProgramNote::Hop { hops: seq as u8, address: from, took });
            }
            _ => desk.say(ProgramNote::Unreachable(peer.address)),
        }
        if error == NetworkError::TtlExpired {
            self.next_hop(to, max_hops, wait, desk);
        } else {
            self.done = true;
            desk.say(ProgramNote::Done);
        }
    }

    fn answered(&mut self, seq: u16, now: Instant) -> Option<Duration> {
        let place = self.waiting.iter().position(|probe| probe.0 == seq)?;
        Some(now.since(self.waiting.remove(place).1))
    }

    fn end_if_done(&mut self, desk: &mut Desk<'_, '_>) {
        if let Plan::Ping { count, .. } = self.plan
            && self.sent == count
            && self.waiting.is_empty()
        {
            self.done = true;
            desk.say(ProgramNote::Done);
        }
    }

    fn give_up(&mut self, desk: &mut Desk<'_, '_>) {
        for (seq, _) in self.waiting.drain(..) {
            desk.say(ProgramNote::NoAnswer { seq });
        }
        self.done = true;
        desk.say(ProgramNote::Done);
    }
}
