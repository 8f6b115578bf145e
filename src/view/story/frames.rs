//! What the wire does.

use super::{Told, name};
use crate::base::octets::u16_at;
use crate::base::{FrameId, Instant};
use crate::trace::{FrameLoss, Headers, Part, Protocol, Trace};
use crate::view::words;

/// A frame is given to the transmitter.
pub(super) fn sent(trace: &Trace, frame: FrameId, starts: Instant, arrives: Instant) -> Told {
    let octets = &*trace.frame(frame);
    let headers = Headers::of(octets);
    let part = words::innermost(&headers);
    let what = words::name(octets, &part);
    let Some(info) = trace.frame_info(frame) else {
        return Told::new(format!("{what} sent"), None, SOURCE);
    };
    let to =
        trace.legend().peer(info.from, info.interface).map_or("?", |(node, _)| name(trace, node));
    let verb = if info.parent.is_some() { "passed on" } else { "sent" };
    let text = format!(
        "{what} {verb} to {to}: {} octets, first bit at {starts}, last bit due at {arrives}",
        octets.len()
    );
    let friend = if info.parent.is_some() {
        "Passing it along…".to_owned()
    } else {
        plainly(octets, &part)
    };
    Told::new(text, Some(friend), SOURCE)
}

/// The link made a second copy of a frame.
pub(super) fn duplicated(trace: &Trace, frame: FrameId, arrives: Instant) -> Told {
    let octets = &*trace.frame(frame);
    let what = words::name(octets, &words::innermost(&Headers::of(octets)));
    let text = format!("{what} duplicated on the way: the copy is due at {arrives}");
    Told::new(text, Some("Oh, there are two of it now!".to_owned()), "the scenario's link")
}

/// A frame arrived whole.
pub(super) fn arrived(trace: &Trace, frame: FrameId) -> Told {
    let octets = &*trace.frame(frame);
    let what = words::name(octets, &words::innermost(&Headers::of(octets)));
    let from = trace.frame_info(frame).map_or("?", |info| name(trace, info.from));
    let text = format!("{what} from {from} arrived: {} octets", octets.len());
    Told::new(text, Some(format!("Something came from {from}.")), SOURCE)
}

/// A frame will not arrive.
pub(super) fn lost(trace: &Trace, frame: FrameId, reason: FrameLoss) -> Told {
    let octets = &*trace.frame(frame);
    let what = words::name(octets, &words::innermost(&Headers::of(octets)));
    let why = reason_words(reason);
    let friend = match reason {
        FrameLoss::OnTheWay => "It got lost on the way, and nobody noticed.".to_owned(),
        FrameLoss::QueueFull(waiting) => {
            format!("The line is busy and {waiting} are waiting already. Thrown away.")
        }
        FrameLoss::LinkDown => "The cable is cut. It goes nowhere.".to_owned(),
        FrameLoss::Command => "You snatched it away!".to_owned(),
        FrameLoss::BadFcs { .. } => {
            "It came, but smudged: the check number does not fit. Thrown away.".to_owned()
        }
    };
    let source = match reason {
        FrameLoss::BadFcs { .. } => "IEEE 802.3 §3.2.9",
        FrameLoss::OnTheWay
        | FrameLoss::QueueFull(_)
        | FrameLoss::LinkDown
        | FrameLoss::Command => "the scenario's link",
    };
    Told::new(format!("{what} lost: {why}"), Some(friend), source)
}

/// Why a frame did not arrive, in a few words.
pub(in crate::view) fn reason_words(reason: FrameLoss) -> String {
    match reason {
        FrameLoss::OnTheWay => "on the way".into(),
        FrameLoss::QueueFull(waiting) => format!("queue full, {waiting} waiting"),
        FrameLoss::LinkDown => "link down".into(),
        FrameLoss::Command => "dropped by hand".into(),
        FrameLoss::BadFcs { carried, computed } => {
            format!("damaged, FCS {carried:08x} is not {computed:08x}")
        }
    }
}

/// What the sender would say to a friend.
fn plainly(octets: &[u8], part: &Part) -> String {
    let header = part.header(octets);
    if header.len() < part.protocol.header_len() {
        return "Here is… something.".into();
    }
    match part.protocol {
        Protocol::Tcp => segment(header[13], part.payload().len()),
        Protocol::Udp => "Full send! I hope you get it.".into(),
        Protocol::Arp if u16_at(header, 6) == 1 => "Hello, everybody! Who has this address?".into(),
        Protocol::Arp => "That is me! Here is where I am.".into(),
        Protocol::Icmp => match header[0] {
            8 => "Are you there?".into(),
            0 => "Yes, I am here!".into(),
            3 => "Sorry, it cannot be delivered.".into(),
            11 => "Sorry, it was on the way for too long.".into(),
            _ => "A word about the network itself.".into(),
        },
        Protocol::Ipv4 => "A piece of something bigger.".into(),
        Protocol::Ethernet => "Here is something for you.".into(),
    }
}

fn segment(flags: u8, payload: usize) -> String {
    let is_set = |bit: u8| flags & bit != 0;
    match (is_set(0x02), is_set(0x10), is_set(0x01), is_set(0x04)) {
        (_, _, _, true) => "Stop! We are done, right now.",
        (true, true, ..) => "Okay, I am ready. And I have something for you too.",
        (true, false, ..) => "I'd like to send you something.",
        (_, _, true, _) if payload > 0 => "Here comes the last bit, and that is all from me.",
        (_, _, true, _) => "That is all from me.",
        _ if payload > 0 => "Here it comes.",
        _ => "Okay, got it.",
    }
    .into()
}

const SOURCE: &str = "IEEE 802.3 §4.1";
