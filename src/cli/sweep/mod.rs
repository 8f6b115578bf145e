//! `framestep sweep`: a scenario with every combination of settings and seeds, on all cores.

mod crew;
mod keep;
mod progress;

use super::input::{accept, fault_in_argument, find};
use super::{Failure, SweepArguments};
use crate::sweep::{Case, Grid, Marks, Shard, Summary, Sweep};
use keep::{Kept, line};
use progress::Progress;
use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How wide a summary is that is not shown on a terminal.
const WIDTH: usize = 100;

pub(super) fn sweep(arguments: &SweepArguments, out: &mut impl Write) -> Result<(), Failure> {
    let Some(name) = &arguments.scenario else { return sum_up(&arguments.summary, out) };
    let usage = |words| Failure::Usage(format!("error: {words}"));
    let (axes, seeds) = (arguments.settings.clone(), arguments.seeds.clone());
    let grid = Grid::new(axes, seeds, arguments.shard.unwrap_or(Shard::WHOLE)).map_err(usage)?;
    let sweep = Sweep::new(find(name)?, grid, arguments.measures.clone()).map_err(usage)?;
    let pool = crew::pool(arguments.jobs.map_or(0, usize::from))?;
    let header = sweep.header(&check(&sweep, &pool)?);
    let mut summary = Summary::new(header).expect("it is the header of a sweep");
    let sweep = Arc::new(sweep);
    if let Some(path) = &arguments.out {
        into_file(&sweep, &pool, path, arguments.fresh, &mut summary)?;
        return Ok(write!(out, "{}", text(&summary, &io::stdout()))?);
    }
    out.write_all(&line(summary.header()))?;
    make(&sweep, &pool, 0, &mut summary, io::stdout().is_terminal(), |row| {
        out.write_all(row)?;
        Ok(out.flush()?)
    })?;
    // The rows have been printed; nobody is helped by a failure to sum them up.
    let _ = write!(io::stderr().lock(), "{}", text(&summary, &io::stderr()));
    Ok(())
}

/// Looks at every combination of settings before any work; gives the first of them.
fn check(sweep: &Sweep, pool: &ThreadPool) -> Result<Case, Failure> {
    let cases = (0..sweep.grid.cases()).into_par_iter();
    match pool.install(|| cases.find_map_first(|case| look(sweep, case).err())) {
        Some(failure) => Err(failure),
        None => look(sweep, 0).map(|(case, warnings)| {
            // Nobody is helped by a failure to warn.
            let _ = write!(io::stderr().lock(), "{warnings}");
            case
        }),
    }
}

/// A case that can be run, with the warnings about it.
fn look(sweep: &Sweep, case: u64) -> Result<(Case, String), Failure> {
    let loaded = accept(&sweep.source(case))?;
    let case = Case::new(loaded.scenario, &sweep.measures).map_err(|(wanted, mut fault)| {
        let text = format!("{}={}", wanted.name, wanted.filter);
        let before = wanted.name.len() + 1;
        fault.span = fault.span.start + before..fault.span.end + before;
        Failure::Usage(fault_in_argument("--measure", &text, &fault))
    })?;
    Ok((case, loaded.warnings))
}

/// Makes the runs from place `from` on, and writes the row of each.
fn make(
    sweep: &Arc<Sweep>,
    pool: &ThreadPool,
    from: u64,
    summary: &mut Summary,
    hidden: bool,
    mut write: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let progress = Progress::new(sweep.grid.len(), from, hidden, marks());
    crew::work(sweep, from, pool, |row| {
        write(&line(&row))?;
        summary.add(&row);
        progress.step();
        Ok(())
    })
}

/// Makes the runs that the file beside `path` does not have, and then the file of them all.
fn into_file(
    sweep: &Arc<Sweep>,
    pool: &ThreadPool,
    path: &Path,
    fresh: bool,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let (mut has_header, mut rows, all) = (false, 0, sweep.grid.len());
    let mut kept = Kept::open(path, &sweep.digest(), fresh, |cells| {
        if !has_header {
            has_header = cells == summary.header();
            return has_header;
        }
        let fits = rows < all
            && cells.len() == summary.header().len()
            && cells.starts_with(&sweep.prefix(&sweep.grid.place(rows)));
        if fits {
            summary.add(cells);
            rows += 1;
        }
        fits
    })?;
    if !has_header {
        kept.push(&line(summary.header()))?;
    }
    let mut done = rows;
    let made = make(sweep, pool, rows, summary, false, |row| {
        kept.push(row)?;
        done += 1;
        Ok(())
    });
    if let Err(Failure::Signal(_)) = made {
        let words =
            format!("stopped after {done} of {all} runs; the same command goes on from there");
        // The signal may have come because nobody reads any more.
        let _ = writeln!(io::stderr().lock(), "{words}");
    }
    made?;
    kept.finish()
}

/// Sums up results that were made before, of one sweep or of its parts.
fn sum_up(paths: &[PathBuf], out: &mut impl Write) -> Result<(), Failure> {
    let mut all: Option<Summary> = None;
    for path in paths {
        let name = path.display();
        let wrong = |words: &str| Failure::Failed(format!("error: `{name}` {words}"));
        let unreadable = |error: csv::Error| wrong(&format!("cannot be read: {error}"));
        let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
        // A terminal obeys control characters.
        let clean = |cell: &str| cell.replace(char::is_control, "\u{fffd}");
        let cells = |record: &csv::StringRecord| record.iter().map(clean).collect();
        let header: Vec<String> = cells(reader.headers().map_err(unreadable)?);
        let summary = match &mut all {
            Some(summary) if summary.header() != header => {
                return Err(wrong("has other columns than the file before it"));
            }
            Some(summary) => summary,
            None => all.insert(
                Summary::new(header).ok_or_else(|| wrong("has not the columns of a sweep"))?,
            ),
        };
        for record in reader.records() {
            let row: Vec<String> = cells(&record.map_err(unreadable)?);
            summary.add(&row);
        }
    }
    let all = all.map_or_else(String::new, |summary| text(&summary, &io::stdout()));
    Ok(write!(out, "{all}")?)
}

/// The summary as it fits a stream.
fn text(summary: &Summary, stream: &impl IsTerminal) -> String {
    let columns = crossterm::terminal::size().map_or(WIDTH, |(columns, _)| columns.into());
    summary.text(if stream.is_terminal() { columns } else { WIDTH }, marks())
}

/// What the terminal can draw, as the locale says it.
fn marks() -> Marks {
    let said = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(env::var_os);
    let locale = said.map(|value| value.to_string_lossy().to_lowercase()).find(|v| !v.is_empty());
    match locale {
        Some(locale) if locale.contains("utf-8") || locale.contains("utf8") => Marks::Unicode,
        _ => Marks::Ascii,
    }
}
