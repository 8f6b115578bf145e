//! What is left of a connection in TIME-WAIT.
//!
//! A server that closes first has tens of thousands of them, and all that they do is to know old
//! segments for what they are (RFC 9293 §3.6.1). For that the numbers of both ends are enough: what
//! congestion control knew, the timers and the buffers are forgotten, as real stacks forget them.

use super::connection::Agreed;
use super::timers::Timer;
use super::{Config, Connection, SeqNumber, State};
use crate::base::Instant;
use crate::stack::transport::Endpoint;
use std::rc::Rc;

/// A connection in TIME-WAIT, folded to what it still needs. [`Connection::unfold`] gives back one
/// that answers as the whole one would.
#[derive(Clone, Copy, Debug)]
pub struct Remnant {
    /// When the wait is over.
    pub until: Instant,
    ts_recent_at: Instant,
    ts_recent: u32,
    iss: SeqNumber,
    snd_nxt: SeqNumber,
    wnd_max: u32,
    irs: SeqNumber,
    rcv_nxt: SeqNumber,
    edge: SeqNumber,
    mss: u16,
    /// The shift of the peer's windows in the upper four bits, that of ours in the lower.
    shifts: u8,
    /// A bit each: scaling, SACK, timestamps; passive, released.
    flags: u8,
}

const _: () = assert!(size_of::<Remnant>() == 48);

impl Connection {
    /// What is left of it, if it waits in TIME-WAIT and that is all it does: with octets still to
    /// be read, marks of congestion to be echoed or challenges to be counted it stays whole.
    pub fn fold(&self) -> Option<Remnant> {
        let until = self.timers.get(Timer::TimeWait).filter(|_| self.state == State::TimeWait)?;
        let rests = self.rcv.buffer.len() == 0
            && self.rcv.acked == self.rcv.nxt
            && self.rcv.twice.is_none()
            && self.challenges.count == 0
            && self.snd.flight() == 0
            && self.snd.wnd > 0
            && !self.agreed.ecn
            && !self.complained;
        rests.then_some(Remnant {
            until,
            ts_recent_at: self.rcv.ts_recent_at,
            ts_recent: self.rcv.ts_recent,
            iss: self.snd.iss,
            snd_nxt: self.snd.nxt,
            wnd_max: self.snd.wnd_max,
            irs: self.rcv.irs,
            rcv_nxt: self.rcv.nxt,
            edge: self.rcv.edge,
            mss: self.agreed.mss,
            shifts: self.agreed.send_shift << 4 | self.agreed.receive_shift,
            flags: u8::from(self.agreed.scaling)
                | u8::from(self.agreed.sack) << 1
                | u8::from(self.agreed.timestamps) << 2
                | u8::from(self.passive) << 3
                | u8::from(self.released) << 4,
        })
    }

    /// The connection between these ends that `remnant` was folded from. Of its settings only the
    /// MSS may differ, which counts in a SYN alone.
    pub fn unfold(
        remnant: &Remnant,
        config: Rc<Config>,
        local: Endpoint,
        remote: Endpoint,
    ) -> Self {
        let mut whole = Self::new(config, local, remote, remnant.iss);
        whole.state = State::TimeWait;
        whole.opened = true;
        let flag = |bit: u8| remnant.flags >> bit & 1 == 1;
        whole.agreed = Agreed {
            mss: remnant.mss,
            scaling: flag(0),
            send_shift: remnant.shifts >> 4,
            receive_shift: remnant.shifts & 15,
            sack: flag(1),
            timestamps: flag(2),
            ecn: false,
        };
        (whole.passive, whole.released) = (flag(3), flag(4));
        (whole.snd.una, whole.snd.nxt) = (remnant.snd_nxt, remnant.snd_nxt);
        (whole.snd.wnd, whole.snd.wnd_max) = (remnant.wnd_max, remnant.wnd_max);
        (whole.snd.wl1, whole.snd.wl2) = (remnant.rcv_nxt, remnant.snd_nxt);
        (whole.snd.fin_queued, whole.snd.fin_sent) = (true, true);
        whole.rcv.irs = remnant.irs;
        (whole.rcv.nxt, whole.rcv.acked) = (remnant.rcv_nxt, remnant.rcv_nxt);
        whole.rcv.edge = remnant.edge;
        whole.rcv.ts_recent = remnant.ts_recent;
        whole.rcv.ts_recent_at = remnant.ts_recent_at;
        whole.scoreboard.acknowledge(remnant.snd_nxt);
        whole.timers.set_at(Timer::TimeWait, remnant.until);
        whole
    }
}
