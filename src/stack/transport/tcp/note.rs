//! What TCP decides, as plain data; `telling` has the sentences.

use super::{SeqNumber, State, Trigger};
use crate::base::Duration;

/// Why a segment was dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dropped {
    /// Bits that never stand together: SYN with FIN, SYN with RST, or none.
    IllegalFlags,
    /// Outside the receive window (RFC 9293 §3.4).
    OutsideWindow,
    /// A synchronised connection takes no segment without ACK.
    NoAck,
    /// It acknowledges what was never sent.
    AckOfUnsent,
    /// It acknowledges what was acknowledged long ago.
    AckTooOld,
    /// The connection uses timestamps and it has none.
    NoTimestamp,
    /// A RST that cannot be meant for this connection.
    ResetNotForUs,
    /// A RST in TIME-WAIT, which would end the wait too early.
    ResetInTimeWait,
    /// A SYN that claims to come from where it goes to.
    FromItself,
    /// Neither SYN nor RST, while a SYN is waited for.
    NotExpected,
    /// There is no connection for it.
    NoConnection,
}

/// A decision worth telling. Small and plain; the sentences are only made when somebody reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// The state changed.
    Entered {
        /// The state before.
        from: State,
        /// The state now.
        to: State,
        /// What led there.
        on: Trigger,
    },
    /// A segment was dropped.
    SegmentDropped(Dropped),
    /// A RST answers a segment.
    ResetSent,
    /// A SYN is dropped: too many connections wait to be accepted already.
    BacklogFull {
        /// How many connections may be half open.
        backlog: u16,
    },
    /// An ACK asks a doubtful peer to prove itself (RFC 5961).
    ChallengeAck,
    /// An ACK that was due is not sent: there were too many of them lately.
    ChallengeWithheld,
    /// A segment older than what was seen already (PAWS).
    PawsDropped {
        /// Its timestamp.
        value: u32,
        /// The newest seen.
        recent: u32,
    },
    /// What both sides agreed upon in the handshake.
    Negotiated {
        /// Octets of payload that a segment of ours may have.
        mss: u16,
        /// Our window's shift.
        receive_shift: u8,
        /// The peer's window's shift.
        send_shift: u8,
        /// Whether SACK is used.
        sack: bool,
        /// Whether timestamps are used.
        timestamps: bool,
        /// Whether ECN is used.
        ecn: bool,
    },
    /// A round trip was measured.
    MeasuredRtt {
        /// The measurement.
        rtt: Duration,
        /// The time-out that follows from it.
        rto: Duration,
    },
    /// Nothing was acknowledged in time.
    RtoExpired {
        /// The time that has passed.
        rto: Duration,
        /// How long the next attempt waits.
        next: Duration,
    },
    /// A segment is sent again.
    Resent {
        /// Its first number.
        seq: SeqNumber,
        /// Its payload.
        octets: u32,
    },
    /// Sent again without waiting for the time-out.
    FastRetransmit {
        /// Its first number.
        seq: SeqNumber,
    },
    /// The peer asked again for the same octet.
    DuplicateAck {
        /// How often in a row.
        count: u8,
    },
    /// New data goes out on an early duplicate.
    LimitedTransmit,
    /// Loss recovery began.
    RecoveryEntered {
        /// It ends when all before this number is acknowledged.
        until: SeqNumber,
    },
    /// Part of the loss was made good, the next hole shows.
    PartialAck {
        /// The next number that the peer lacks.
        seq: SeqNumber,
    },
    /// Loss recovery is over.
    RecoveryLeft,
    /// The last segment is sent once more in case it was lost.
    Rescue,
    /// The peer reported octets beyond a hole.
    Sacked {
        /// Octets that are news.
        octets: u32,
        /// Octets reported in all.
        total: u32,
    },
    /// The peer reported something that it had twice (D-SACK).
    DuplicateReported {
        /// Its first number.
        first: SeqNumber,
        /// The number after its last.
        end: SeqNumber,
    },
    /// The congestion window changed.
    CwndChanged {
        /// Octets before.
        from: u32,
        /// Octets now.
        to: u32,
    },
    /// The window now doubles each round trip.
    SlowStart {
        /// Until here, in octets.
        ssthresh: u32,
    },
    /// The window now grows carefully.
    CongestionAvoidance {
        /// The window, in octets.
        cwnd: u32,
    },
    /// After a silence the window begins anew.
    RestartAfterIdle {
        /// The window, in octets.
        cwnd: u32,
    },
    /// The network marked a packet (CE); the peer is told.
    CongestionMarked,
    /// The peer says that the network marked a packet of ours: we slow down.
    EcnReduced {
        /// The window now, in octets.
        cwnd: u32,
    },
    /// An acknowledgement waits for company.
    DelayedAckStarted {
        /// At most so long.
        wait: Duration,
    },
    /// It found none.
    DelayedAckExpired,
    /// Little data waits until all before it is acknowledged.
    NagleHolds {
        /// Octets that wait.
        octets: u32,
    },
    /// The peer's window is too small to fill: wait for more (silly window).
    SillyWindowHolds {
        /// Octets that the peer would take.
        usable: u32,
    },
    /// The peer takes nothing for now.
    ZeroWindow,
    /// One octet asks whether the window has opened.
    ProbeSent {
        /// How long until the next.
        next: Duration,
    },
    /// The peer takes data again.
    WindowOpened {
        /// So many octets.
        octets: u32,
    },
    /// We tell the peer that there is room again.
    WindowUpdated {
        /// So many octets.
        octets: u32,
    },
    /// We take nothing for now: the program does not read.
    WindowClosed,
    /// Data beyond a hole is kept.
    OutOfOrderKept {
        /// Its first number.
        first: SeqNumber,
        /// The number after its last.
        end: SeqNumber,
        /// The number that is missing.
        missing: SeqNumber,
    },
    /// The hole is filled.
    GapFilled {
        /// Octets that can now be read besides those that just came.
        octets: u32,
    },
    /// Octets that were here already.
    DuplicateData {
        /// So many.
        octets: u32,
    },
    /// A FIN waits until the data before it is here.
    FinWaits,
    /// Urgent data was announced.
    Urgent {
        /// The number after its last.
        end: SeqNumber,
    },
    /// Nothing was heard for long: is the peer there?
    KeepAlive {
        /// The probes sent so far.
        count: u8,
    },
    /// No hope is left.
    GaveUp,
    /// The FIN-WAIT-2 or TIME-WAIT clock starts again.
    TimeWaitRestarted,
    /// A smaller path MTU is heeded.
    PathMtuLowered {
        /// Payload of a segment from now on.
        mss: u16,
    },
    /// The network's complaint is remembered, but hope is not given up (RFC 5461).
    SoftError,
    /// The network's complaint is about nothing that is on its way: perhaps forged.
    ErrorIgnored,
}
