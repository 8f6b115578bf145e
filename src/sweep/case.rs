//! One combination of settings, ready to be run with any seed.

use super::tally::{COLUMNS, Tally, seconds};
use crate::base::Instant;
use crate::plan::Blueprint;
use crate::scenario::Scenario;
use crate::sim::World;
use crate::trace::Trace;
use crate::trace::filter::{Fault, Filter, Measure, Measured};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

/// Something to be measured: `lost=count(tcp lost)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The name of its column.
    pub name: String,
    /// A measure in the language of filters.
    pub filter: String,
}

impl FromStr for Wanted {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((name, filter)) = text.split_once('=') else {
            return Err("it has no name; write one before it: `lost=count(tcp lost)`".into());
        };
        let name = name.trim();
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(is_letter) {
            return Err(format!("`{name}` is no name; it has letters, digits, `_` and `-`"));
        }
        if COLUMNS.contains(&name) || [super::RUN, super::SEED].contains(&name) {
            return Err(format!("every sweep has a column `{name}`; name it otherwise"));
        }
        Ok(Self { name: name.to_owned(), filter: filter.to_owned() })
    }
}

/// A combination of settings, ready to be run.
#[derive(Debug)]
pub struct Case {
    blueprint: Blueprint,
    /// The expectations: text, filter, and by when.
    expects: Vec<(String, Filter, Option<Instant>)>,
    measures: Vec<Measure>,
}

impl Case {
    /// Prepares a scenario; the error is the first measure that cannot be read, and why.
    pub fn new(scenario: Scenario, wanted: &[Wanted]) -> Result<Self, (&Wanted, Fault)> {
        let legend = World::new(&scenario.blueprint).legend().clone();
        let measures = wanted
            .iter()
            .map(|wanted| Measure::parse(&wanted.filter, &legend).map_err(|fault| (wanted, fault)));
        let measures = measures.collect::<Result<_, _>>()?;
        let expects = scenario.expects.into_iter().map(|expect| {
            let filter = Filter::parse(&expect.that, &legend).expect("tried when it was read");
            (expect.that, filter, expect.within.map(|within| Instant::ZERO + within))
        });
        Ok(Self { expects: expects.collect(), blueprint: scenario.blueprint, measures })
    }

    /// The texts of the expectations.
    pub fn expects(&self) -> impl Iterator<Item = &str> {
        self.expects.iter().map(|(that, ..)| that.as_str())
    }

    /// The scenario's own seed.
    pub const fn seed(&self) -> u64 {
        self.blueprint.seed
    }

    /// Makes the run with that seed: the cells from the seed's column on. A run that panics has a
    /// row like any other; its `end` says so.
    pub fn row(&self, seed: u64) -> Vec<String> {
        let width = COLUMNS.len() + self.expects.len() + self.measures.len();
        let cells = guarded(width, || self.measure(seed));
        [seed.to_string()].into_iter().chain(cells).collect()
    }

    fn measure(&self, seed: u64) -> Vec<String> {
        let trace = simulate(&Blueprint { seed, ..self.blueprint.clone() });
        let mut tally = Tally::default();
        trace.records().iter().for_each(|record| tally.see(&record));
        let expects = self.expects.iter();
        let held = expects.map(|(_, filter, until)| filter.judge(&trace, *until).holds.to_string());
        let measured = self.measures.iter().map(|measure| match measure.take(&trace) {
            Measured::Count(count) => count.to_string(),
            Measured::At(None) => String::new(),
            Measured::At(Some(at)) => seconds(at.since(Instant::ZERO)),
        });
        tally.cells().into_iter().chain(held).chain(measured).collect()
    }
}

fn simulate(blueprint: &Blueprint) -> Trace {
    let mut world = World::new(blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    trace
}

/// The cells that `make` gives, or, if it panics, a row of this width that says so.
fn guarded(width: usize, make: impl FnOnce() -> Vec<String>) -> Vec<String> {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_| {
        let mut cells = vec![String::new(); width];
        "panic".clone_into(&mut cells[0]);
        cells
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_panics_has_a_row_of_its_own() {
        let row = guarded(3, || panic!("this is a test"));
        assert_eq!(row, ["panic", "", ""]);
        assert_eq!(guarded(1, || vec!["ended".into()]), ["ended"]);
    }

    #[test]
    fn a_measure_has_a_name_of_its_own() {
        let read = |text: &str| text.parse::<Wanted>();
        let wanted = Wanted { name: "syns".into(), filter: "count(tcp.syn == 1)".into() };
        assert_eq!(read(" syns =count(tcp.syn == 1)"), Ok(wanted));
        for (text, words) in [
            ("lost", "it has no name; write one before it: `lost=count(tcp lost)`"),
            ("=lost", "`` is no name; it has letters, digits, `_` and `-`"),
            ("a,b=lost", "`a,b` is no name; it has letters, digits, `_` and `-`"),
            ("tcp.syn == 1", "`tcp.syn` is no name; it has letters, digits, `_` and `-`"),
            ("seed=lost", "every sweep has a column `seed`; name it otherwise"),
            ("end_s=lost", "every sweep has a column `end_s`; name it otherwise"),
        ] {
            assert_eq!(read(text), Err(words.to_owned()), "{text}");
        }
    }
}
