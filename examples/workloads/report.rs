//! Running a workload, measuring it, and looking at what came of it.

use crate::shared::Shared;
use framestep::base::{Instant, NodeId};
use framestep::plan::Blueprint;
use framestep::sim::World;
use framestep::stack::data_link::ethernet::{self, EtherType};
use framestep::trace::{Fact, FrameLoss, Trace};
use rustix::time::{ClockId, clock_gettime};
use std::fmt::{Display, Write as _};
use std::fs;

/// Processor seconds of this process so far, in user and in system mode.
pub(crate) fn cpu_seconds() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    used.tv_sec as f64 + used.tv_nsec as f64 * 1e-9
}

/// Resident memory in octets: `VmRSS`, now, or `VmHWM`, at most so far. Zero where there is no
/// such file.
pub(crate) fn memory(key: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    let kib = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0
}

const MIB: f64 = 1_048_576.0;

/// A workload that has been run.
pub(crate) struct Report {
    /// What is printed.
    pub(crate) line: String,
    /// What did not come out as it should.
    pub(crate) fault: Option<String>,
    /// As it was left.
    pub(crate) world: World,
    checks: bool,
}

/// What came through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Delivered {
    /// Octets that programs took.
    pub(crate) octets: u64,
    /// Octets that were not the ones sent.
    pub(crate) wrong: u64,
}

/// What programs on these hosts took, and held against what they should have got.
fn delivered(world: &World, receivers: &[NodeId]) -> Delivered {
    let tallies = receivers.iter().flat_map(|&node| world.inspect(node).tallies);
    tallies.fold(Delivered::default(), |sum, tally| Delivered {
        octets: sum.octets + tally.received,
        wrong: sum.wrong + tally.wrong,
    })
}

/// Runs a network to its end. `receivers` are the hosts whose programs' octets count.
pub(crate) fn run(
    name: &str,
    blueprint: Blueprint,
    receivers: &[NodeId],
    shared: &Shared,
) -> (Report, Delivered) {
    let mut world = World::new(&blueprint);
    drop(blueprint);
    let mut trace = world.begin_trace(shared.trace || shared.count);
    let (setup, resident) = (cpu_seconds(), memory("VmRSS"));
    while world.step(&mut trace) {}
    let run = cpu_seconds() - setup;
    let peak = memory("VmHWM");

    let delivered = delivered(&world, receivers);
    let (frames, events) = (f64::from(world.frames().max(1)), world.steps());
    let seconds = world.now().since(Instant::ZERO).as_nanos() as f64 * 1e-9;
    let mut report = Report { line: name.into(), fault: None, world, checks: shared.check };
    report.put("setup_cpu", format_args!("{setup:.4}"));
    report.put("run_cpu", format_args!("{run:.4}"));
    report.put("frames", frames);
    report.put("events", events);
    report.put("ns_per_hop", format_args!("{:.0}", run * 1e9 / frames));
    report.put("ns_per_event", format_args!("{:.0}", run * 1e9 / events.max(1) as f64));
    report.put("sim_s", format_args!("{seconds:.6}"));
    report.put("rss_setup_mib", format_args!("{:.1}", resident / MIB));
    report.put("peak_mib", format_args!("{:.1}", peak / MIB));
    report.put("payload", delivered.octets);
    report.put("wrong", delivered.wrong);
    report.expect(delivered.wrong == 0, || format!("{} wrong octets", delivered.wrong));
    if trace.is_enabled() {
        losses(&trace, &mut report);
    }
    (report, delivered)
}

/// Says what only the trace knows.
fn losses(trace: &Trace, report: &mut Report) {
    let (mut drops, mut lost) = (0u64, 0u64);
    for record in trace.records() {
        match record.fact {
            Fact::FrameLost { reason: FrameLoss::OnTheWay, .. } => lost += 1,
            Fact::FrameLost { .. } => drops += 1,
            _ => {}
        }
    }
    let frames = (0..trace.frame_count()).map(|n| trace.frame_head(framestep::base::FrameId(n)));
    let is_arp = |frame: &[u8]| {
        ethernet::Header::parse(frame).is_ok_and(|header| header.ether_type == EtherType::ARP)
    };
    let arp = frames.filter(|frame| is_arp(frame)).count();
    report.put("drops", drops);
    report.put("lost", lost);
    report.put("arp", arp);
    report.put("records", trace.records().len());
}

impl Report {
    /// Adds a figure.
    pub(crate) fn put(&mut self, key: &str, value: impl Display) {
        let _ = write!(self.line, " {key}={value}");
    }

    /// Remembers the first thing that is not so.
    pub(crate) fn expect(&mut self, so: bool, otherwise: impl FnOnce() -> String) {
        if self.checks && !so && self.fault.is_none() {
            self.fault = Some(otherwise());
        }
    }

    /// Holds what was delivered against what should have been.
    pub(crate) fn expect_octets(&mut self, delivered: Delivered, octets: u64) {
        let got = delivered.octets;
        self.expect(got == octets, || format!("{got} octets arrived, {octets} were sent"));
    }
}
