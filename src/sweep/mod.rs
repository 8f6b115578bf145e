//! A sweep: one scenario, run with every combination of some settings and with many seeds, and what
//! all these runs come to.
//!
//! This room says which runs there are ([`Grid`]), makes one of them ([`Case`]), and makes text of
//! many ([`Summary`]). It is plain data and whole numbers, so that a sweep comes out alike on every
//! machine; threads, files and the clock are the command's (`cli::sweep`).

mod case;
mod figures;
mod grid;
mod plot;
mod seeds;
mod summary;
mod tally;

pub use case::{Case, Wanted};
pub use grid::{Axis, CASES_MAX, Grid, Place, RUNS_MAX, Shard};
pub use plot::Marks;
pub use seeds::Seeds;
pub use summary::Summary;

use crate::scenario::Source;
use tally::COLUMNS;

/// What a sweep is: a scenario, which of its runs there are, and what is read off each.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The scenario, without settings.
    source: Source,
    /// Its runs.
    pub grid: Grid,
    /// What is measured besides the columns that every sweep has.
    pub measures: Vec<Wanted>,
}

impl Sweep {
    /// A sweep; the error says what does not go together.
    pub fn new(source: Source, grid: Grid, measures: Vec<Wanted>) -> Result<Self, String> {
        let is_second = |at: &usize| measures[..*at].iter().any(|m| m.name == measures[*at].name);
        match (1..measures.len()).find(is_second) {
            Some(at) => Err(format!("two measures are called `{}`", measures[at].name)),
            None => Ok(Self { source, grid, measures }),
        }
    }

    /// The scenario with the settings of a case over it.
    pub fn source(&self, case: u64) -> Source {
        let settings = self.grid.keys().zip(self.grid.values(case));
        settings.fold(self.source.clone(), |source, (key, value)| {
            source.with(&format!("{key}={value}"))
        })
    }

    /// The names of the columns. A case stands for all: they expect the same.
    pub fn header(&self, case: &Case) -> Vec<String> {
        let settings = self.grid.keys().map(str::to_owned);
        let first = [RUN.to_owned()].into_iter().chain(settings).chain([SEED.to_owned()]);
        let columns = COLUMNS.iter().map(|column| (*column).to_owned());
        let expects = case.expects().map(|that| format!("{EXPECT}{that}"));
        let measures = self.measures.iter().map(|wanted| wanted.name.clone());
        first.chain(columns).chain(expects).chain(measures).map(|name| line(&name)).collect()
    }

    /// How the row of a run begins, whatever comes of it: its number and its settings.
    pub fn prefix(&self, place: &Place) -> Vec<String> {
        let settings = self.grid.values(place.case).map(str::to_owned);
        [place.number.to_string()].into_iter().chain(settings).collect()
    }

    /// A number that is another one when the sweep is: another text of the scenario, other settings,
    /// seeds, measures, or another version of this program.
    pub fn digest(&self) -> String {
        let mut digest = crc32fast::Hasher::new();
        let mut take = |text: &str| {
            digest.update(&(text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        };
        take(env!("CARGO_PKG_VERSION"));
        take(self.source.text());
        take(&format!("{COLUMNS:?} {:?} {:?}", self.grid, self.measures));
        format!("{:08x}", digest.finalize())
    }
}

/// The column of the run's number.
const RUN: &str = "run";
/// The column of the run's seed; the settings stand between the two.
const SEED: &str = "seed";
/// What the columns of expectations begin with.
const EXPECT: &str = "expect: ";

/// A text on one line without control characters, as a name of a column must be.
fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
