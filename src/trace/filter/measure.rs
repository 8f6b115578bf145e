//! A number or a moment that is read off a whole run.

use super::{Fault, Filter, Quantity, Watch, parser};
use crate::base::Instant;
use crate::trace::{Legend, Trace};

/// What is read off a run: `count(udp lost)`, `first(tcp.syn from client)`, `last(lost)`. A filter
/// alone is counted.
#[derive(Clone, PartialEq, Debug)]
pub struct Measure {
    /// Its slots are what is counted.
    pub(super) filter: Filter,
    pub(super) quantity: Quantity,
}

/// What a measure gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measured {
    /// How many; a packet once, however many links it crossed.
    Count(u64),
    /// The moment of the first or the last; `None` when there was none.
    At(Option<Instant>),
}

impl Measure {
    /// Reads a measure. Host names are those of `legend`.
    pub fn parse(text: &str, legend: &Legend) -> Result<Self, Fault> {
        parser::measure(text, legend)
    }

    /// Takes it of a run.
    pub fn take(&self, trace: &Trace) -> Measured {
        let mut watch = Watch::new(&self.filter);
        (0..trace.records().len()).for_each(|record| watch.see(trace, record));
        let tally = &watch.slots()[0];
        match self.quantity {
            Quantity::First(_) => Measured::At(tally.first.map(|(_, at)| at)),
            Quantity::Last(_) => Measured::At(tally.last.map(|(_, at)| at)),
            Quantity::Count(_) | Quantity::Number(_) | Quantity::Time(_) => {
                Measured::Count(tally.count)
            }
        }
    }
}
