//! One direction of a link: its delay, its rate, its faults.

use super::super::value::{Fields, Node as Raw, Value};
use crate::base::Duration;
use crate::plan::blueprint::Channel;
use crate::stack::physical::{Faults, Loss};

/// Both directions of a link, forward first.
pub(super) fn both(link: &Fields) -> [Channel; 2] {
    ["forward", "backward"].map(|way| one(link, link.table(way)))
}

/// Both directions of every link of a network, which says less about them.
pub(super) fn of_network(cable: &Fields) -> Channel {
    let mut channel = Channel::default();
    channel.delay = cable.time("delay").unwrap_or(channel.delay);
    channel.rate = cable.rate("rate").unwrap_or(channel.rate);
    channel.queue_frames = cable.number("queue").map_or(channel.queue_frames, |n| n as u32);
    channel.mark_from = cable.number("mark_from").map(|n| n as u32);
    channel.faults.loss = cable.get("loss").map_or(Loss::None, loss);
    channel.faults.jitter = cable.time("jitter").unwrap_or_default();
    channel
}

/// One direction: what its own table says, else what the link says, else what is usual.
fn one(link: &Fields, way: Option<&Fields>) -> Channel {
    let pick = |key: &str| way.filter(|w| w.has(key)).unwrap_or(link);
    let mut channel = Channel::default();
    channel.delay = pick("delay").time("delay").unwrap_or(channel.delay);
    channel.rate = pick("rate").rate("rate").unwrap_or(channel.rate);
    channel.queue_frames = pick("queue").number("queue").map_or(channel.queue_frames, |n| n as u32);
    channel.mark_from = pick("mark_from").number("mark_from").map(|n| n as u32);
    let faults = &mut channel.faults;
    faults.loss = pick("loss").get("loss").map_or(Loss::None, loss);
    faults.jitter = pick("jitter").time("jitter").unwrap_or_default();
    faults.duplicate = pick("duplicate").chance("duplicate").unwrap_or(0);
    if let Some(value) = pick("bit_errors").get("bit_errors") {
        bit_errors(value, faults);
    }
    if let Some(value) = pick("reorder").get("reorder") {
        reorder(value, channel.delay, faults);
    }
    channel
}

/// What `loss` says.
pub(super) fn loss(value: &Value) -> Loss {
    match &value.node {
        Raw::Chance(0) => Loss::None,
        Raw::Chance(chance) => Loss::Random(*chance),
        Raw::Table(fields) => {
            if let Some(these) = fields.get("these") {
                return Loss::These(numbers(these));
            }
            let Some(bursts) = fields.table("bursts") else { return Loss::None };
            let chance = |key| bursts.chance(key).unwrap_or(0);
            Loss::Bursts { begin: chance("begin"), end: chance("end") }
        }
        _ => Loss::None,
    }
}

fn bit_errors(value: &Value, faults: &mut Faults) {
    match &value.node {
        Raw::Chance(chance) => faults.bit_error = *chance,
        Raw::Table(fields) => {
            faults.bit_error_these = fields.get("these").map_or_else(Vec::new, numbers);
        }
        _ => {}
    }
}

fn reorder(value: &Value, delay: Duration, faults: &mut Faults) {
    if matches!(value.node, Raw::Chance(0)) {
        return;
    }
    faults.reorder_by = delay.times(2).max(Duration::from_millis(1));
    match &value.node {
        Raw::Chance(chance) => faults.reorder = *chance,
        Raw::Table(fields) => {
            faults.reorder = fields.chance("chance").unwrap_or(0);
            faults.reorder_by = fields.time("by").unwrap_or(faults.reorder_by);
        }
        _ => {}
    }
}

fn numbers(value: &Value) -> Vec<u32> {
    let number = |v: &Value| if let Raw::Number(n) = v.node { Some(n as u32) } else { None };
    let mut numbers: Vec<u32> = value.elements().iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
