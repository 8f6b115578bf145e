//! What is told at the cursor.

use crate::base::{FrameId, Instant};
use crate::stack::Layer;
use crate::trace::{Fact, FrameLoss, Record};
use crate::tui::action::Grain;
use crate::tui::app::View;
use crate::tui::beats::{Beat, Kind};
use crate::tui::facts;
use crate::tui::panes::story::{Line, Story};
use crate::tui::walk::Walk;

/// The most sentences: more than the tallest terminal shows.
const LINES_MAX: usize = 64;

/// The sentences of the step at hand, and the next step.
pub(super) fn story(walk: &Walk, view: &View) -> Story {
    let fine = view.grain == Grain::Layer;
    let beats = walk.beats().iter().enumerate();
    let shown: Vec<(usize, &Beat)> =
        beats.filter(|(_, beat)| fine || beat.kind == Kind::Said).collect();
    let cursor = shown.iter().rposition(|&(place, _)| place <= walk.beat()).unwrap_or(0);
    let kept = kept(walk, &shown, cursor, fine);
    let lines: Vec<Line> = kept.iter().filter_map(|&place| line(walk, shown[place].1)).collect();
    let more = shown.len() - kept.len();
    let cursor = kept.iter().rposition(|&place| place <= cursor).unwrap_or(0);
    Story { lines, more, cursor, whole: !fine, next: next(walk), friend: view.friend }
}

/// The places of the beats that are put into words: those up to the one at hand or, of a whole
/// step, its cause and the weightiest of the others. A switch may send ten thousand frames in one.
fn kept(walk: &Walk, shown: &[(usize, &Beat)], cursor: usize, fine: bool) -> Vec<usize> {
    if shown.len() <= LINES_MAX {
        return (0..shown.len()).collect();
    }
    if fine {
        let end = shown.len().min(cursor + 2);
        return (end.saturating_sub(LINES_MAX)..end).collect();
    }
    let weight = |place: &usize| {
        let record = walk.trace().records().get(shown[*place].1.record);
        let weighty = record.is_some_and(|record| facts::is_weighty(&record.fact));
        (*place > 0, !weighty, std::cmp::Reverse(shown[*place].1.layer), *place)
    };
    let mut places: Vec<usize> = (0..shown.len()).collect();
    places.select_nth_unstable_by_key(LINES_MAX, weight);
    places.truncate(LINES_MAX);
    places.sort_unstable();
    places
}

fn line(walk: &Walk, beat: &Beat) -> Option<Line> {
    let (frame, on) = match beat.kind {
        Kind::Said => return facts::told(walk.trace(), beat.record),
        Kind::PutOn(frame) => (frame, true),
        Kind::TakenOff(frame) => (frame, false),
    };
    let (text, friend) = header(walk, frame, beat.layer, on);
    let who = walk.trace().legend().name(beat.node).to_owned();
    Some(Line {
        layer: beat.layer,
        who,
        text,
        friend: Some(friend),
        source: String::new(),
        weighty: false,
    })
}

/// What is said of a header as it is put on or taken off.
fn header(walk: &Walk, frame: FrameId, layer: Layer, on: bool) -> (String, String) {
    let said = facts::by_layer(walk, frame)[layer as usize - 1].clone();
    let number = layer.number();
    let text = match (layer, on) {
        (Layer::Application, true) => format!("Layer {number}: the program hands down {said}."),
        (Layer::Application, false) => {
            format!("Layer {number}: what is left is the program's: {said}.")
        }
        (_, true) => format!("Layer {number}, {layer}, puts its header on: {said}."),
        (_, false) => {
            format!("Layer {number}, {layer}, reads its header and takes it off: {said}.")
        }
    };
    let friend = match (layer, on) {
        (Layer::Application, true) => "“This is what I want to say.”",
        (Layer::Application, false) => "“Ah, that is what you wanted to say.”",
        (Layer::Transport, true) => "“I note which program it is for, and which page this is.”",
        (Layer::Transport, false) => "“For which program, and which page? I see.”",
        (Layer::Network, true) => "“I write the address on the envelope.”",
        (Layer::Network, false) => "“Is the address on the envelope mine?”",
        (_, true) => "“I give it to the next door, by name.”",
        (_, false) => "“It was handed to me: let me see.”",
    };
    (text, friend.to_owned())
}

/// The next step in words, before it happens. Whether a packet arrives is not given away.
fn next(walk: &Walk) -> String {
    let trace = walk.trace();
    let Some(record) = trace
        .records()
        .get(trace.records_of_step(walk.step() + 1).start)
        .filter(|_| !walk.is_at_end())
    else {
        return "the run is over; Home goes back to its start".to_owned();
    };
    let when = when(walk.now(), record.at);
    let legend = trace.legend();
    let who = legend.name(record.node);
    match record.fact {
        Fact::FrameArrived { frame, .. } => {
            format!("{when} the {} reaches {who}", facts::name(walk, frame))
        }
        Fact::FrameLost {
            frame, reason: FrameLoss::OnTheWay | FrameLoss::BadFcs { .. }, ..
        } => {
            let to =
                trace.frame_info(frame).and_then(|info| legend.peer(info.from, info.interface));
            let to = to.map_or(who, |end| legend.name(end.0));
            format!("{when} the {} should be at {to}", facts::name(walk, frame))
        }
        Fact::FrameSent { frame, .. } => {
            format!("{when} {who} sends the {}", facts::name(walk, frame))
        }
        _ => format!("{when} {}", coming(&record, who)),
    }
}

fn coming(record: &Record, who: &str) -> String {
    match record.fact {
        Fact::Program { .. } | Fact::Web { .. } => format!("the program on {who} acts"),
        Fact::Tcp { .. } => format!("a timer of TCP on {who} runs out"),
        Fact::Arp(_) => format!("ARP on {who} acts"),
        Fact::LinkChanged { up: false, .. } => "a cable is cut".to_owned(),
        Fact::LinkChanged { up: true, .. } => "a cable is mended".to_owned(),
        Fact::Ended | Fact::LimitReached(_) => "the run ends".to_owned(),
        _ => format!("something happens in layer {} of {who}", record.layer.number()),
    }
}

fn when(now: Instant, then: Instant) -> String {
    let time = then.since(now);
    if time.0 == 0 {
        "at the same moment".to_owned()
    } else {
        format!("in {}", super::short_duration(time))
    }
}
