//! The command line: arguments in, exit code out.
//!
//! The exit code is 0 when all went well, 1 when a scenario is faulty or does not do what it
//! expects, 2 when the command itself was wrong.

mod check;
mod input;
mod list;
mod run;
mod sweep;

use crate::scenario;
use crate::sweep::{Axis, Seeds, Shard, Wanted};
use crate::tui::{self, terminal::Leave};
use clap::{Parser, Subcommand, ValueEnum};
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Step the network, frame by frame.
#[derive(Parser, Debug)]
#[command(name = "framestep", version, about, disable_help_subcommand = true)]
#[command(after_help = "Without a command it opens the list of scenarios, or prints it when the \
output is no terminal.")]
struct Arguments {
    /// Jump from step to step: no packets in flight on the screen
    #[arg(long, global = true)]
    no_animation: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Walk through a scenario on the screen
    Open(Chosen),
    /// Run a scenario and print what happened
    Run(RunArguments),
    /// Run a scenario with many seeds and settings, on all cores, and tabulate what was measured
    Sweep(SweepArguments),
    /// Look for every fault in scenario files and hold their runs against what they expect
    Check(CheckArguments),
    /// List the scenarios that are built in
    List {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of the scenario format, for editors
    Schema,
}

/// A scenario and what is to be different about it.
#[derive(clap::Args, Debug)]
struct Chosen {
    /// The name of a scenario (see `framestep list`) or a file
    scenario: String,
    /// Another seed for everything random
    #[arg(long)]
    seed: Option<u64>,
    /// Other settings, such as `link.loss=10%`; may be given again
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

#[derive(clap::Args, Debug)]
struct RunArguments {
    #[command(flatten)]
    chosen: Chosen,
    /// How to print the run
    #[arg(long, value_enum, default_value_t = Format::Ladder)]
    format: Format,
    /// Write a capture that Wireshark opens
    #[arg(long, value_name = "FILE")]
    pcap: Option<PathBuf>,
    /// Stop at a time (`500ms`) or when a filter is met (`tcp.state == ESTABLISHED at client`)
    #[arg(long, value_name = "TIME|FILTER")]
    until: Option<String>,
    /// Follow one message of layer 7 down to the bits and up again; without a number list them
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "0")]
    journey: Option<usize>,
    /// Show each packet once for its whole way, not once a link
    #[arg(long)]
    joined: bool,
    /// Tell it as to a friend who is not technical
    #[arg(long)]
    friend: bool,
}

#[derive(clap::Args, Debug)]
struct SweepArguments {
    /// The name of a scenario (see `framestep list`) or a file
    #[arg(required_unless_present = "summary")]
    scenario: Option<String>,
    /// Seeds, such as `1..1000`, `7` or `1,5,9..12`; the scenario's own when there are none
    #[arg(long)]
    seeds: Option<Seeds>,
    /// A setting and its values, such as `link.loss=0,0.01,0.05`; may be given again
    #[arg(long = "set", value_name = "KEY=VALUE,…")]
    settings: Vec<Axis>,
    /// A column more: how many (`lost=tcp lost`) or when (`open=first(tcp.state == ESTABLISHED)`)
    #[arg(long = "measure", value_name = "NAME=FILTER")]
    measures: Vec<Wanted>,
    /// Write the table there; what an interrupted sweep has done is kept beside it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Begin anew, whatever is there
    #[arg(long, requires = "out")]
    fresh: bool,
    /// Only every so manyth run, such as `3/16`: a part for one of many machines
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<Shard>,
    /// Threads; one for each core when left out
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Only sum up tables that were made before
    #[arg(long, value_name = "FILE", num_args = 1.., exclusive = true)]
    summary: Vec<PathBuf>,
}

#[derive(clap::Args, Debug)]
struct CheckArguments {
    /// Scenario files or names of built-in scenarios; all built-in ones when none is given
    files: Vec<String>,
}

/// How a run is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    /// Arrows between lifelines
    Ladder,
    /// A line for each packet, as tcpdump prints it
    Packets,
    /// A line for each thing that happened
    Events,
    /// A JSON object for each thing that happened
    Json,
    /// What the programs print, a line each behind the name of the host
    Console,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
enum Failure {
    /// Standing output could not be written.
    Output(io::Error),
    /// The command was wrong: exit code 2.
    Usage(String),
    /// The scenario is faulty, or its run was not as expected: exit code 1.
    Failed(String),
    /// A signal ended it.
    Signal(u8),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; a closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let done = dispatch(arguments, &mut out).and_then(|()| Ok(out.flush()?));
    let (code, words) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            return ExitCode::SUCCESS;
        }
        Err(Failure::Output(error)) => (1, format!("error: cannot write the output: {error}")),
        Err(Failure::Usage(words)) => (2, words),
        Err(Failure::Failed(words)) => (1, words),
        // As a shell tells it.
        Err(Failure::Signal(number)) => return ExitCode::from(128 + number),
    };
    // What was said before the fault comes before it.
    let _ = out.flush();
    let _ = writeln!(io::stderr().lock(), "{}", words.trim_end());
    ExitCode::from(code)
}

fn dispatch(arguments: Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let screen = tui::Options {
        animated: !arguments.no_animation,
        palette: tui::Options::palette_of_environment(),
    };
    match arguments.command {
        None if is_terminal() => on_screen(tui::home(screen)),
        None => list::list(false, out),
        Some(Command::Open(chosen)) => open(&chosen, screen),
        Some(Command::Run(arguments)) => run::run(&arguments, out),
        Some(Command::Sweep(arguments)) => sweep::sweep(&arguments, out),
        Some(Command::Check(arguments)) => check::check(&arguments.files, out),
        Some(Command::List { json }) => list::list(json, out),
        Some(Command::Schema) => Ok(writeln!(out, "{:#}", scenario::schema())?),
    }
}

/// Whether both ends of the conversation are a person's.
fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Walks through a scenario on the screen.
fn open(chosen: &Chosen, screen: tui::Options) -> Result<(), Failure> {
    let scenario = input::load(chosen)?.scenario;
    if !is_terminal() {
        let words = "error: `open` needs a terminal\nhelp: `framestep run` prints the same walk";
        return Err(Failure::Usage(words.into()));
    }
    on_screen(tui::open(&scenario, screen))
}

/// What leaving the screen means for the exit code.
fn on_screen(left: io::Result<Leave>) -> Result<(), Failure> {
    match left? {
        Leave::Back | Leave::Quit => Ok(()),
        Leave::Signal(number) => Err(Failure::Signal(u8::try_from(number & 0x7f).unwrap_or(0))),
    }
}
