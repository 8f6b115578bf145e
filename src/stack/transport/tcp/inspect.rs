//! A connection's variables as plain data, for screens and tests.

use super::ranges::Range;
use super::recovery::Phase;
use super::timers::Timer;
use super::{Connection, SeqNumber, State};
use crate::base::{Duration, Instant};

/// What is so now. Names are RFC 9293's §3.3.1 and those of RFC 5681 and RFC 6298.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variables {
    /// The state.
    pub state: State,
    /// Our initial sequence number.
    pub iss: SeqNumber,
    /// Oldest number sent and not acknowledged.
    pub snd_una: SeqNumber,
    /// Next number to send.
    pub snd_nxt: SeqNumber,
    /// The peer's window in octets from `snd_una`.
    pub snd_wnd: u32,
    /// Sequence number of the last window update taken.
    pub snd_wl1: SeqNumber,
    /// Acknowledgement number of the last window update taken.
    pub snd_wl2: SeqNumber,
    /// The peer's initial sequence number.
    pub irs: SeqNumber,
    /// Next number expected.
    pub rcv_nxt: SeqNumber,
    /// Our window in octets, as the peer knows it.
    pub rcv_wnd: u32,
    /// Congestion window in octets; `None` without congestion control.
    pub cwnd: Option<u32>,
    /// Slow start threshold in octets; `None` before the first loss.
    pub ssthresh: Option<u32>,
    /// Whether the window is below the threshold.
    pub slow_start: bool,
    /// What loss recovery is busy with.
    pub recovery: Phase,
    /// Smoothed round-trip time; `None` before a measurement.
    pub srtt: Option<Duration>,
    /// Its variation; `None` before a measurement.
    pub rttvar: Option<Duration>,
    /// The retransmission time-out, back-off included.
    pub rto: Duration,
    /// How often it is doubled.
    pub backoff: u8,
    /// Payload of a full segment of ours.
    pub mss: u16,
    /// Shift of the peer's windows.
    pub snd_scale: u8,
    /// Shift of our windows.
    pub rcv_scale: u8,
    /// Whether SACK is used.
    pub sack: bool,
    /// Whether timestamps are used.
    pub timestamps: bool,
    /// Whether ECN is used.
    pub ecn: bool,
    /// Newest timestamp of the peer's (TS.Recent).
    pub ts_recent: u32,
    /// Every timer, and when it goes off if it runs.
    pub timers: [(Timer, Option<Instant>); Timer::ALL.len()],
    /// Sequence numbers sent and not acknowledged.
    pub in_flight: u32,
    /// Octets in the send buffer that were never sent.
    pub unsent: u32,
    /// Octets in the send buffer, sent and unsent.
    pub queued: u32,
    /// Octets that wait to be read.
    pub readable: u32,
    /// What came out of order.
    pub out_of_order: Vec<Range>,
    /// What the peer reported beyond its first hole.
    pub sacked: Vec<Range>,
    /// Duplicate acknowledgements in a row.
    pub duplicate_acks: u8,
}

impl Connection {
    /// The variables as they stand.
    pub fn variables(&self) -> Variables {
        // In TIME-WAIT nothing is sent any more: what was known for sending is forgotten.
        let sends = self.state != State::TimeWait;
        let measured = self.rto.is_measured() && sends;
        let controlled = !self.congestion.is_off() && sends;
        Variables {
            state: self.state,
            iss: self.snd.iss,
            snd_una: self.snd.una,
            snd_nxt: self.snd.nxt,
            snd_wnd: self.snd.wnd,
            snd_wl1: self.snd.wl1,
            snd_wl2: self.snd.wl2,
            irs: self.rcv.irs,
            rcv_nxt: self.rcv.nxt,
            rcv_wnd: self.receive_window(),
            cwnd: controlled.then(|| self.congestion.window()),
            ssthresh: self.congestion.threshold().filter(|_| controlled),
            slow_start: controlled && self.congestion.in_slow_start(),
            recovery: self.recovery.phase,
            srtt: measured.then_some(self.rto.srtt),
            rttvar: measured.then_some(self.rto.rttvar),
            rto: self.rto.current(&self.config),
            backoff: self.rto.backoff,
            mss: self.payload_max() as u16,
            snd_scale: self.agreed.send_shift,
            rcv_scale: self.agreed.receive_shift,
            sack: self.agreed.sack,
            timestamps: self.agreed.timestamps,
            ecn: self.agreed.ecn,
            ts_recent: self.rcv.ts_recent,
            timers: Timer::ALL.map(|timer| (timer, self.timers.get(timer))),
            in_flight: self.snd.flight(),
            unsent: self.snd.unsent(),
            queued: self.snd.buffer.len(),
            readable: self.rcv.buffer.len(),
            out_of_order: self.rcv.ranges.as_slice().to_vec(),
            sacked: self.scoreboard.ranges().to_vec(),
            duplicate_acks: self.recovery.duplicates,
        }
    }
}
