//! The sentences of the notes: in the field's words, to a friend, and with their source.

use super::{Dropped, Note, State};
use crate::stack::Telling;
use std::fmt;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::IllegalFlags => "its flags never stand together",
            Self::OutsideWindow => "it lies outside the receive window",
            Self::NoAck => "it has no ACK",
            Self::AckOfUnsent => "it acknowledges what was never sent",
            Self::AckTooOld => "its ACK is too old",
            Self::NoTimestamp => "it has no timestamp",
            Self::ResetNotForUs => "its RST does not fit this connection",
            Self::ResetInTimeWait => "a RST does not end TIME-WAIT",
            Self::FromItself => "source and destination are the same",
            Self::NotExpected => "only SYN or RST count here",
            Self::NoConnection => "there is no connection",
        })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Entered { from, to, on } => write!(f, "{from} → {to}: {}", on.cause()),
            Self::SegmentDropped(why) => write!(f, "segment dropped: {why}"),
            Self::ResetSent => f.write_str("RST sent in answer"),
            Self::BacklogFull { backlog } => write!(f, "backlog of {backlog} full: SYN dropped"),
            Self::ChallengeAck => f.write_str("challenge ACK: repeat it at the right number"),
            Self::ChallengeWithheld => f.write_str("ACK withheld: rate limit reached"),
            Self::PawsDropped { value, recent } => {
                write!(f, "PAWS: timestamp {value} is older than {recent}, dropped")
            }
            Self::Negotiated { .. } => self.agreement(f),
            Self::MeasuredRtt { rtt, rto } => write!(f, "RTT {rtt} measured, RTO is {rto}"),
            Self::RtoExpired { rto, next } => {
                write!(f, "RTO of {rto} expired, next one after {next}")
            }
            Self::Resent { seq, octets } => {
                write!(f, "retransmission of seq {seq}, {octets} octets")
            }
            Self::FastRetransmit { seq } => write!(f, "fast retransmit of seq {seq}"),
            Self::DuplicateAck { count } => write!(f, "duplicate ACK number {count}"),
            Self::LimitedTransmit => f.write_str("limited transmit: new data on a duplicate ACK"),
            Self::RecoveryEntered { until } => write!(f, "loss recovery until {until}"),
            Self::PartialAck { seq } => write!(f, "partial ACK: {seq} is missing next"),
            Self::RecoveryLeft => f.write_str("loss recovery is over"),
            Self::Rescue => f.write_str("rescue retransmission of the last segment"),
            Self::Sacked { octets, total } => {
                write!(f, "SACK: {octets} octets more, {total} in all")
            }
            Self::DuplicateReported { first, end } => write!(f, "D-SACK: had {first}:{end} twice"),
            Self::CwndChanged { from, to } => write!(f, "cwnd {from} → {to}"),
            Self::SlowStart { ssthresh } => write!(f, "slow start up to {ssthresh}"),
            Self::CongestionAvoidance { cwnd } => write!(f, "congestion avoidance from {cwnd}"),
            Self::RestartAfterIdle { cwnd } => write!(f, "restart after idle with cwnd {cwnd}"),
            Self::CongestionMarked => f.write_str("congestion experienced: ECE until CWR"),
            Self::EcnReduced { cwnd } => write!(f, "ECE: cwnd reduced to {cwnd}"),
            Self::DelayedAckStarted { wait } => write!(f, "ACK delayed by up to {wait}"),
            Self::DelayedAckExpired => f.write_str("delayed ACK is due"),
            Self::NagleHolds { octets } => write!(f, "Nagle: {octets} octets wait for an ACK"),
            Self::SillyWindowHolds { usable } => {
                write!(f, "silly window: {usable} octets are too few to fill")
            }
            Self::ZeroWindow => f.write_str("the peer's window is closed"),
            Self::ProbeSent { next } => write!(f, "window probe sent, next one after {next}"),
            Self::WindowOpened { octets } => write!(f, "the peer's window opened: {octets} octets"),
            Self::WindowUpdated { octets } => write!(f, "window update: room for {octets} octets"),
            Self::WindowClosed => f.write_str("our window is closed"),
            Self::OutOfOrderKept { first, end, missing } => {
                write!(f, "out of order: {first}:{end} kept, {missing} is missing")
            }
            Self::GapFilled { octets } => {
                write!(f, "gap filled: {octets} octets more are in order")
            }
            Self::DuplicateData { octets } => write!(f, "{octets} octets came twice"),
            Self::FinWaits => f.write_str("FIN kept until the gap before it is filled"),
            Self::Urgent { end } => write!(f, "urgent data up to {end}"),
            Self::KeepAlive { count } => write!(f, "keep-alive probe number {count}"),
            Self::GaveUp => f.write_str("gave up: the connection is abandoned"),
            Self::TimeWaitRestarted => f.write_str("FIN came again: 2 MSL start anew"),
            Self::PathMtuLowered { mss } => write!(f, "path MTU lowered: mss is {mss}"),
            Self::SoftError => f.write_str("ICMP error noted: a soft one, go on"),
            Self::ErrorIgnored => f.write_str("ICMP error ignored: it quotes nothing in flight"),
        }
    }
}

impl Note {
    /// The words for what a handshake settled.
    fn agreement(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Negotiated { mss, receive_shift, send_shift, sack, timestamps, ecn } = *self
        else {
            return Ok(());
        };
        write!(f, "agreed: mss {mss}, window shifts {receive_shift} (ours) and {send_shift}")?;
        let extras = [(sack, "SACK"), (timestamps, "timestamps"), (ecn, "ECN")];
        extras.iter().filter(|extra| extra.0).try_for_each(|extra| write!(f, ", {}", extra.1))
    }
}

impl Telling for Note {
    fn friend(&self) -> Option<String> {
        Some(match *self {
            Self::Entered { to, .. } => entered(to).into(),
            Self::SegmentDropped(why) => {
                format!("This one goes into the bin: {why}. Nothing is answered unless the rules ask for it.")
            }
            Self::ResetSent => "That belongs to no conversation I know, so I say: stop.".into(),
            Self::BacklogFull { backlog } => {
                format!("{backlog} are in the doorway already. Whoever knocks now must knock again later.")
            }
            Self::ChallengeAck => "That looks odd, perhaps forged. I ask: if you mean it, prove that you know where we are.".into(),
            Self::ChallengeWithheld => "I have answered enough oddities for the moment.".into(),
            Self::PawsDropped { .. } => "This letter carries an old date; it got lost and came late. Away with it.".into(),
            Self::Negotiated { mss, .. } => {
                format!("We agreed on how to talk: pieces of at most {mss} octets, and which extras we both know.")
            }
            Self::MeasuredRtt { rtt, rto } => {
                format!("There and back took {rtt}. So if I hear nothing for {rto}, something was probably lost.")
            }
            Self::RtoExpired { rto, next } => {
                format!("I waited {rto} and heard nothing. I send it again, and this time I am patient for {next}.")
            }
            Self::Resent { octets, .. } => format!("The same {octets} octets once more."),
            Self::FastRetransmit { .. } => "Three times the same question: that piece must be lost. I send it now instead of waiting.".into(),
            Self::DuplicateAck { count } => {
                format!("\"I still wait for the same piece\", says the other side, for the {count}. time. Something came, but not the right one.")
            }
            Self::LimitedTransmit => "A first doubt. I send something new and see what comes back.".into(),
            Self::RecoveryEntered { .. } => "Something was lost. First I repair that.".into(),
            Self::PartialAck { .. } => "One hole is mended, and behind it the next one shows.".into(),
            Self::RecoveryLeft => "All repaired. Business as usual.".into(),
            Self::Rescue => "To be safe I send the last piece again: nobody could have told me that it was lost.".into(),
            Self::Sacked { octets, .. } => {
                format!("The other side has {octets} octets from further on. These I need not send again.")
            }
            Self::DuplicateReported { .. } => "I sent something needlessly: it had arrived already.".into(),
            Self::CwndChanged { from, to } if to > from => format!("Clear road: I dare {to} octets."),
            Self::CwndChanged { to, .. } => format!("The road seems crowded: only {to} octets at once for now."),
            Self::SlowStart { .. } => "I feel my way, but quickly: twice as much each round.".into(),
            Self::CongestionAvoidance { .. } => "From here on I speed up gently.".into(),
            Self::RestartAfterIdle { .. } => "We were silent for long. Who knows what the road is like now; I begin carefully.".into(),
            Self::CongestionMarked => "A router marked this: it gets crowded here. I pass that on.".into(),
            Self::EcnReduced { .. } => "I hear that it gets crowded on the way, so I slow down before anything is lost.".into(),
            Self::DelayedAckStarted { wait } => {
                format!("I wait up to {wait} before I say thanks: perhaps one word can cover two letters.")
            }
            Self::DelayedAckExpired => "Nothing else came. So I say thanks for this one.".into(),
            Self::NagleHolds { octets } => {
                format!("{octets} octets alone are hardly worth a letter. I wait until my last one is confirmed.")
            }
            Self::SillyWindowHolds { .. } => "The other side has only little room. I wait until a whole piece fits.".into(),
            Self::ZeroWindow => "The other side says: stop, my desk is full.".into(),
            Self::ProbeSent { .. } => "Is there room again? I ask with a single octet.".into(),
            Self::WindowOpened { .. } => "There is room again. On we go.".into(),
            Self::WindowUpdated { octets } => format!("I have room again, for {octets} octets. I had better say so."),
            Self::WindowClosed => "My desk is full until the program reads. I ask the other side to wait.".into(),
            Self::OutOfOrderKept { .. } => "This piece came too early. I keep it until the missing one is here.".into(),
            Self::GapFilled { .. } => "The missing piece is here, and what I kept fits behind it.".into(),
            Self::DuplicateData { .. } => "I have that already. I say again how far I am.".into(),
            Self::FinWaits => "The other side is done, but something from before is still missing.".into(),
            Self::Urgent { .. } => "The other side marks something as urgent.".into(),
            Self::KeepAlive { .. } => "Long silence. Are you still there?".into(),
            Self::GaveUp => "I have tried long enough. I tell the program that nobody answers.".into(),
            Self::TimeWaitRestarted => "The other side said goodbye again: my answer was lost. I repeat it and stay a little longer.".into(),
            Self::PathMtuLowered { mss } => {
                format!("Somewhere on the way the door is narrow. From now on pieces of {mss} octets.")
            }
            Self::SoftError => "The network grumbles. That often passes; I keep trying.".into(),
            Self::ErrorIgnored => "A complaint about something that I never sent. I do not believe it.".into(),
        })
    }

    fn source(&self) -> &'static str {
        match self {
            Self::Entered { .. } => "RFC 9293 §3.3.2",
            Self::SegmentDropped(why) => why.source(),
            Self::ResetSent => "RFC 9293 §3.5.2",
            Self::BacklogFull { .. } => "RFC 9293 §3.9.1.1",
            Self::ChallengeAck => "RFC 5961 §3, §4, §5",
            Self::ChallengeWithheld => "RFC 5961 §7",
            Self::PawsDropped { .. } => "RFC 7323 §5",
            Self::Negotiated { .. } => "RFC 9293 §3.7.1, RFC 7323, RFC 2018",
            Self::MeasuredRtt { .. } => "RFC 6298 §2",
            Self::RtoExpired { .. } | Self::Resent { .. } => "RFC 6298 §5",
            Self::FastRetransmit { .. } | Self::DuplicateAck { .. } => "RFC 5681 §3.2",
            Self::LimitedTransmit => "RFC 3042",
            Self::RecoveryEntered { .. } | Self::RecoveryLeft => "RFC 6582 §3.2, RFC 6675 §5",
            Self::PartialAck { .. } => "RFC 6582 §3.2",
            Self::Rescue => "RFC 6675 §4",
            Self::Sacked { .. } => "RFC 2018 §4",
            Self::DuplicateReported { .. } => "RFC 2883 §4",
            Self::CwndChanged { .. } | Self::SlowStart { .. } => "RFC 5681 §3.1",
            Self::CongestionAvoidance { .. } => "RFC 5681 §3.1, RFC 9438 §4",
            Self::RestartAfterIdle { .. } => "RFC 5681 §4.1",
            Self::CongestionMarked | Self::EcnReduced { .. } => "RFC 3168 §6.1",
            Self::DelayedAckStarted { .. } | Self::DelayedAckExpired => "RFC 1122 §4.2.3.2",
            Self::NagleHolds { .. } => "RFC 9293 §3.7.4",
            Self::SillyWindowHolds { .. } => "RFC 9293 §3.8.6.2.1",
            Self::ZeroWindow | Self::ProbeSent { .. } | Self::WindowOpened { .. } => {
                "RFC 9293 §3.8.6.1"
            }
            Self::WindowUpdated { .. } | Self::WindowClosed => "RFC 9293 §3.8.6.2.2",
            Self::OutOfOrderKept { .. }
            | Self::GapFilled { .. }
            | Self::DuplicateData { .. }
            | Self::FinWaits
            | Self::TimeWaitRestarted => "RFC 9293 §3.10.7.4",
            Self::Urgent { .. } => "RFC 9293 §3.8.5",
            Self::KeepAlive { .. } => "RFC 9293 §3.8.4",
            Self::GaveUp => "RFC 9293 §3.8.3",
            Self::PathMtuLowered { .. } => "RFC 1191 §6.4",
            Self::SoftError => "RFC 5461, RFC 1122 §4.2.3.9",
            Self::ErrorIgnored => "RFC 5927 §4",
        }
    }
}

impl Dropped {
    const fn source(self) -> &'static str {
        match self {
            Self::IllegalFlags => "RFC 9293 §3.1",
            Self::OutsideWindow => "RFC 9293 §3.4",
            Self::NoAck | Self::AckOfUnsent => "RFC 9293 §3.10.7.4",
            Self::AckTooOld => "RFC 5961 §5",
            Self::NoTimestamp => "RFC 7323 §3.2",
            Self::ResetNotForUs => "RFC 5961 §3",
            Self::ResetInTimeWait => "RFC 1337",
            Self::FromItself => "RFC 1122 §4.2.3.10",
            Self::NotExpected => "RFC 9293 §3.10.7.3",
            Self::NoConnection => "RFC 9293 §3.10.7.1",
        }
    }
}

const fn entered(to: State) -> &'static str {
    match to {
        State::Closed => "The conversation is over and forgotten.",
        State::Listen => "I am here. Whoever wants to talk, come in.",
        State::SynSent => "I knocked and wait for an answer.",
        State::SynReceived => "Somebody knocked. I said \"come in\" and wait for a nod.",
        State::Established => "We know each other. Now both can talk.",
        State::FinWait1 => "I have said my last word and wait for it to be heard.",
        State::FinWait2 => "My goodbye was heard. I listen until the other side is done too.",
        State::CloseWait => "The other side is done. I may still finish what I have to say.",
        State::Closing => "We both said goodbye at once. I wait until mine is heard.",
        State::LastAck => "I said goodbye too and wait for the last nod.",
        State::TimeWait => "All is said. I stay a while, in case the last nod got lost.",
    }
}
