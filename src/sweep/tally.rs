//! What is counted of every run, in whole numbers.

use crate::base::{Duration, Instant, NodeId, SocketId};
use crate::stack::transport::tcp::{Note, State, Trigger};
use crate::trace::{Fact, FrameLoss, Limit, ProgramNote, Record};
use std::collections::BTreeSet;

/// The columns that every sweep has, in the order of [`Tally::cells`]. `docs/SWEEPS.md` says what
/// each means.
pub(super) const COLUMNS: [&str; 24] = [
    "end",
    "end_s",
    "steps",
    "completion_s",
    "goodput_bps",
    "octets_sent",
    "octets_received",
    "frames_sent",
    "frames_lost",
    "lost_on_the_way",
    "lost_queue_full",
    "lost_link_down",
    "lost_bad_fcs",
    "resent",
    "resent_octets",
    "timeouts",
    "fast_retransmits",
    "connections_opened",
    "connections_established",
    "connections_closed",
    "connections_refused",
    "connections_reset",
    "connections_timed_out",
    "connections_aborted",
];

/// What was counted of a run so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Why it ended, and when.
    end: (&'static str, Instant),
    steps: u64,
    /// When a program first connected or sent.
    began: Option<Instant>,
    /// When a program last received.
    received_at: Option<Instant>,
    octets_sent: u64,
    octets_received: u64,
    frames_sent: u64,
    lost: Lost,
    resent: u64,
    resent_octets: u64,
    timeouts: u64,
    fast_retransmits: u64,
    connections: Connections,
}

/// Frames that did not arrive, by the reason.
#[derive(Debug, Default)]
struct Lost {
    on_the_way: u64,
    queue_full: u64,
    link_down: u64,
    bad_fcs: u64,
}

/// What became of connections, each counted at the end that opened it.
#[derive(Debug, Default)]
struct Connections {
    /// Those of which the end is still to come.
    open: BTreeSet<(NodeId, SocketId)>,
    opened: u64,
    established: u64,
    closed: u64,
    refused: u64,
    reset: u64,
    timed_out: u64,
    aborted: u64,
}

impl Tally {
    /// Takes the next record into account.
    pub(super) fn see(&mut self, record: &Record) {
        (self.steps, self.end.1) = (record.step, record.at);
        match record.fact {
            Fact::FrameSent { .. } => self.frames_sent += 1,
            Fact::FrameLost { reason, .. } => match reason {
                FrameLoss::OnTheWay => self.lost.on_the_way += 1,
                FrameLoss::QueueFull(_) => self.lost.queue_full += 1,
                FrameLoss::LinkDown => self.lost.link_down += 1,
                FrameLoss::BadFcs { .. } => self.lost.bad_fcs += 1,
                // Only a person at the screen drops a frame.
                FrameLoss::Command => {}
            },
            Fact::Program { note, .. } => self.program(record.at, note),
            Fact::Tcp { socket, note, .. } => self.tcp(record.node, socket, note),
            Fact::LimitReached(limit) => self.end.0 = key(limit),
            Fact::Ended => self.end.0 = "ended",
            _ => {}
        }
    }

    fn program(&mut self, at: Instant, note: ProgramNote) {
        let (sent, received) = match note {
            ProgramNote::Connects(_) => (0, None),
            ProgramNote::Sent { octets, .. } => (octets, None),
            ProgramNote::SentTo { octets, .. } => (octets.into(), None),
            ProgramNote::Received { octets, .. } => (0, Some(octets)),
            ProgramNote::ReceivedFrom { octets, .. } => (0, Some(octets.into())),
            _ => return,
        };
        self.began = self.began.or(Some(at));
        self.octets_sent += sent;
        if let Some(octets) = received {
            self.octets_received += octets;
            self.received_at = Some(at);
        }
    }

    fn tcp(&mut self, node: NodeId, socket: Option<SocketId>, note: Note) {
        match (note, socket) {
            (Note::Entered { from, to, on }, Some(socket)) => {
                self.connections.enter((node, socket), from, to, on);
            }
            (Note::Resent { octets, .. }, _) => {
                self.resent += 1;
                self.resent_octets += u64::from(octets);
            }
            (Note::RtoExpired { .. }, _) => self.timeouts += 1,
            (Note::FastRetransmit { .. }, _) => self.fast_retransmits += 1,
            _ => {}
        }
    }

    /// From the first deed of a program to the last octet that one received; `None` when none did.
    fn took(&self) -> Option<Duration> {
        Some(self.received_at?.since(self.began?))
    }

    /// The cells of [`COLUMNS`]. What has no value in this run is empty.
    pub(super) fn cells(&self) -> [String; COLUMNS.len()] {
        let Self { lost, connections, .. } = self;
        let is_complete = self.octets_sent == self.octets_received;
        let completion = self.took().filter(|_| is_complete);
        let goodput = self.took().filter(|took| *took > Duration::ZERO).map(|took| {
            u128::from(self.octets_received) * 8_000_000_000 / u128::from(took.as_nanos())
        });
        let all_lost = lost.on_the_way + lost.queue_full + lost.link_down + lost.bad_fcs;
        [
            self.end.0.to_owned(),
            seconds(self.end.1.since(Instant::ZERO)),
            self.steps.to_string(),
            completion.map_or_else(String::new, seconds),
            goodput.map_or_else(String::new, |bits| bits.to_string()),
            self.octets_sent.to_string(),
            self.octets_received.to_string(),
            self.frames_sent.to_string(),
            all_lost.to_string(),
            lost.on_the_way.to_string(),
            lost.queue_full.to_string(),
            lost.link_down.to_string(),
            lost.bad_fcs.to_string(),
            self.resent.to_string(),
            self.resent_octets.to_string(),
            self.timeouts.to_string(),
            self.fast_retransmits.to_string(),
            connections.opened.to_string(),
            connections.established.to_string(),
            connections.closed.to_string(),
            connections.refused.to_string(),
            connections.reset.to_string(),
            connections.timed_out.to_string(),
            connections.aborted.to_string(),
        ]
    }
}

impl Connections {
    fn enter(&mut self, end: (NodeId, SocketId), from: State, to: State, on: Trigger) {
        if to == State::SynSent {
            self.opened += 1;
            self.open.insert(end);
        }
        if to == State::Established && self.open.contains(&end) {
            self.established += 1;
        }
        if !matches!(to, State::TimeWait | State::Closed) || !self.open.remove(&end) {
            return;
        }
        let counted = match on {
            Trigger::GaveUp | Trigger::OrphanTimeout => &mut self.timed_out,
            Trigger::ResetAfterActiveOpen | Trigger::HardError => &mut self.refused,
            Trigger::ResetArrives => &mut self.reset,
            Trigger::Abort | Trigger::DataAfterRelease => &mut self.aborted,
            // Nothing was sent yet: the program thought better of it.
            _ if from == State::SynSent => &mut self.aborted,
            _ => &mut self.closed,
        };
        *counted += 1;
    }
}

/// A length of time in seconds, exact to the nanosecond.
pub(super) fn seconds(time: Duration) -> String {
    let nanos = time.as_nanos();
    format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
}

/// The key under `[limits]` by which the run was ended.
const fn key(limit: Limit) -> &'static str {
    match limit {
        Limit::Until(_) => "until",
        Limit::Steps(_) => "steps",
        Limit::StepsPerInstant(_) => "steps_per_instant",
        Limit::Records(_) => "records",
        Limit::Octets(_) => "octets",
        // A host's; the run goes on.
        Limit::Sockets(_) => "",
    }
}
