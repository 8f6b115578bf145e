//! `framestep run`: the whole run at once, printed in one of four ways.

use super::input::{Loaded, fault_in_argument, load};
use super::{Failure, Format, RunArguments};
use crate::base::{Duration, Instant, NodeId};
use crate::sim::World;
use crate::trace::filter::{Filter, Watch};
use crate::trace::{Fact, Trace};
use crate::view::code::Sources;
use crate::view::ladder::{Text, packet_line};
use crate::view::{Hops, Ladder, console, events, journey, pcapng};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// Steps between two looks at the clock.
const LOOK_EVERY: u64 = 4_096;
/// How long a run is silent before it shows how far it is.
const SILENT: std::time::Duration = std::time::Duration::from_millis(300);

/// Where a run stops before its end.
pub(super) enum Stop {
    /// At its end.
    Never,
    /// Before the first step that is later.
    At(Instant),
    /// When the filter is met.
    Met(Filter),
}

pub(super) fn run(arguments: &RunArguments, out: &mut impl Write) -> Result<(), Failure> {
    let Loaded { scenario, warnings, .. } = load(&arguments.chosen)?;
    if !warnings.is_empty() {
        // Nobody is helped by a failure to warn.
        let _ = write!(io::stderr().lock(), "{warnings}");
    }
    let mut world = World::new(&scenario.blueprint);
    let stop = match &arguments.until {
        None => Stop::Never,
        Some(text) => stop(text, &world)?,
    };
    let trace = simulate(&mut world, &stop);
    if let Some(path) = &arguments.pcap {
        write_file(path, |file| pcapng::write(&trace, file))?;
    }
    match arguments.journey {
        Some(number) => follow(number, &world, &trace, out)?,
        None => print(arguments, &trace, out)?,
    }
    match stop {
        Stop::Met(ref filter) if !filter.judge(&trace, None).holds => {
            let text = arguments.until.as_deref().unwrap_or_default();
            Err(Failure::Failed(format!("error: the run ended before `{text}` was met")))
        }
        _ => Ok(()),
    }
}

fn stop(text: &str, world: &World) -> Result<Stop, Failure> {
    let begins_with_number = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    match text.parse::<Duration>() {
        Ok(time) => return Ok(Stop::At(Instant::ZERO + time)),
        Err(error) if begins_with_number && !text.contains(['=', '<', '>']) => {
            return Err(Failure::Usage(format!("error: --until: {error}")));
        }
        Err(_) => {}
    }
    let filter = Filter::parse(text, world.legend());
    filter
        .map(Stop::Met)
        .map_err(|fault| Failure::Usage(fault_in_argument("--until", text, &fault)))
}

/// Runs a network on from where it is; what happened.
pub(super) fn simulate(world: &mut World, stop: &Stop) -> Trace {
    let mut trace = world.begin_trace(true);
    let mut watch = match stop {
        Stop::Met(filter) => Some(Watch::new(filter)),
        Stop::Never | Stop::At(_) => None,
    };
    let mut seen = 0;
    let mut progress = Progress::new();
    loop {
        if let Some(watch) = &mut watch {
            for record in seen..trace.records().len() {
                watch.see(&trace, record);
            }
            seen = trace.records().len();
            if watch.is_met() {
                break;
            }
        }
        if let Stop::At(end) = stop
            && world.next_at().is_none_or(|next| next > *end)
        {
            break;
        }
        if !world.step(&mut trace) {
            break;
        }
        if world.steps().is_multiple_of(LOOK_EVERY) {
            progress.show(world);
        }
    }
    progress.clear();
    trace
}

/// A line on the terminal while a run takes long.
struct Progress {
    began: std::time::Instant,
    is_shown: bool,
    is_terminal: bool,
}

impl Progress {
    #[expect(clippy::disallowed_methods, reason = "a person waits here, by a real clock")]
    fn new() -> Self {
        let is_terminal = io::stderr().is_terminal();
        Self { began: std::time::Instant::now(), is_shown: false, is_terminal }
    }

    fn show(&mut self, world: &World) {
        if self.is_terminal && self.began.elapsed() > SILENT {
            self.is_shown = true;
            let (steps, now) = (world.steps(), world.now());
            let _ = write!(io::stderr().lock(), "\r{steps} steps, {now} simulated\x1b[K");
        }
    }

    fn clear(&self) {
        if self.is_shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn print(arguments: &RunArguments, trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let ladder = Ladder::of(trace);
    let numbers = 0..trace.records().len();
    match arguments.format {
        Format::Ladder => {
            let hops = if arguments.joined { Hops::Joined } else { Hops::Each };
            write!(out, "{}", Text::new(&ladder, trace, hops, arguments.friend))
        }
        Format::Packets => {
            for record in trace.records() {
                let (Fact::FrameSent { frame, starts: at, .. }
                | Fact::FrameDuplicated { frame, starts: at, .. }) = record.fact
                else {
                    continue;
                };
                let joined_away = arguments.joined
                    && trace.frame_info(frame).is_some_and(|info| info.parent.is_some());
                if let Some(line) = packet_line(&ladder, trace, frame, at).filter(|_| !joined_away)
                {
                    writeln!(out, "{line}")?;
                }
            }
            Ok(())
        }
        Format::Events => numbers
            .filter_map(|number| events::line(&ladder, trace, number, arguments.friend))
            .try_for_each(|line| writeln!(out, "{line}")),
        Format::Json => numbers
            .filter_map(|number| events::json(&ladder, trace, number))
            .try_for_each(|object| writeln!(out, "{object}")),
        Format::Console => {
            for record in trace.records() {
                let Some(printed) = console::printed(trace, &record) else { continue };
                let name = console::name(trace, &printed);
                for line in printed.text.split('\n') {
                    writeln!(out, "{name}: {line}")?;
                }
            }
            Ok(())
        }
    }
}

/// Prints the journey of message `number`, or for zero which messages there are.
fn follow(
    number: usize,
    world: &World,
    trace: &Trace,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let ladder = Ladder::of(trace);
    let messages = journey::messages(trace);
    if number == 0 {
        for (place, &record) in messages.iter().enumerate() {
            let line = events::line(&ladder, trace, record as usize, false).unwrap_or_default();
            writeln!(out, "{:>3}  {line}", place + 1)?;
        }
        return Ok(());
    }
    let Some(&record) = messages.get(number - 1) else {
        let there = match messages.len() {
            0 => "the run has no message of a web program".to_owned(),
            count => format!("the run has messages 1 to {count}; `--journey` alone lists them"),
        };
        return Err(Failure::Usage(format!("error: there is no message {number}\nhelp: {there}")));
    };
    let nodes = (0..trace.legend().nodes.len() as u32).map(NodeId);
    let sources = Sources::of(nodes.map(|node| (node, world.inspect(node))));
    Ok(write!(out, "{}", journey::journey(trace, &ladder, record).with_sources(&sources))?)
}

/// Writes a file beside its place and moves it there when it is whole, so that nobody ever sees
/// half of one.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut beside = OsString::from(path);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let made = File::create(&beside).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.flush()?;
        fs::rename(&beside, path)
    });
    made.map_err(|error| {
        // It may not be there; then there is nothing to clean up.
        let _ = fs::remove_file(&beside);
        cannot_write(path, &error)
    })
}

/// A file that was asked for cannot be written.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let help = "help: name a file in a folder that exists and can be written";
    Failure::Usage(format!("error: cannot write `{}`: {error}\n{help}", path.display()))
}
