//! Sequence numbers in TCP's notes, counted from the connection's beginning as the ladder counts.

use crate::stack::transport::tcp::{Note, SeqNumber};
use crate::view::words::Origin;

/// The note with its numbers counted from the initial ones, where those are known.
pub(super) fn relative(note: Note, origin: Origin) -> Note {
    let ours = |number: SeqNumber| number - origin.seq.unwrap_or(0);
    let theirs = |number: SeqNumber| number - origin.ack.unwrap_or(0);
    match note {
        Note::Resent { seq, octets } => Note::Resent { seq: ours(seq), octets },
        Note::FastRetransmit { seq } => Note::FastRetransmit { seq: ours(seq) },
        Note::RecoveryEntered { until } => Note::RecoveryEntered { until: ours(until) },
        Note::PartialAck { seq } => Note::PartialAck { seq: ours(seq) },
        Note::DuplicateReported { first, end } => {
            Note::DuplicateReported { first: ours(first), end: ours(end) }
        }
        Note::OutOfOrderKept { first, end, missing } => Note::OutOfOrderKept {
            first: theirs(first),
            end: theirs(end),
            missing: theirs(missing),
        },
        Note::Urgent { end } => Note::Urgent { end: theirs(end) },
        // The others carry no sequence number.
        note => note,
    }
}
