//! What a sweep comes to, as text: for each combination of settings the median and the quartiles of
//! what was measured, and a plot of them.
//!
//! A quartile is the nearest rank: the smallest value such that at least a quarter (the half, three
//! quarters) of the values are no greater. So it is always a value that occurred, without rounding.

use super::figures::{Five, Unit, five, is_seconds, number, shown};
use super::plot::{Marks, boxplot};
use super::tally::COLUMNS;
use super::{EXPECT, RUN, SEED};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// The columns that are summed up, besides the measures.
const SHOWN: [&str; 4] = ["completion_s", "goodput_bps", "frames_lost", "resent"];
/// The widest that a setting's value is shown.
const VALUE_MAX: usize = 24;
/// The narrowest and the widest plot.
const PLOT: (usize, usize) = (20, 60);

/// The rows of a sweep, summed up one after another.
#[derive(Clone, Debug)]
pub struct Summary {
    header: Vec<String>,
    /// How many settings there are: the columns after the first.
    settings: usize,
    /// Columns of numbers, with their units, and of expectations.
    numbers: Vec<(usize, Unit)>,
    expects: Vec<usize>,
    groups: Vec<Group>,
    places: BTreeMap<Vec<String>, usize>,
    runs: u64,
}

/// The runs with the same settings.
#[derive(Clone, Debug)]
struct Group {
    /// The number of the first of them.
    first: u64,
    settings: Vec<String>,
    /// The values of each column of numbers; a run without one has none here.
    values: Vec<Vec<u64>>,
    /// How many runs met each expectation, and how many could.
    held: Vec<(u64, u64)>,
    /// How the runs ended.
    ends: BTreeMap<String, u64>,
}

impl Summary {
    /// An empty one for the rows under this header; `None` if it is not that of a sweep.
    pub fn new(header: Vec<String>) -> Option<Self> {
        let settings = header.iter().position(|name| name == SEED)?.checked_sub(1)?;
        let (own, more) = header.get(settings + 2..)?.split_at_checked(COLUMNS.len())?;
        if header[0] != RUN || own != COLUMNS {
            return None;
        }
        let behind = header.len() - more.len();
        let (expects, measures): (Vec<_>, Vec<_>) =
            (behind..header.len()).partition(|&at| header[at].starts_with(EXPECT));
        let own = SHOWN.iter().filter_map(|name| COLUMNS.iter().position(|own| own == name));
        let unit = |at: &usize| if header[*at] == "goodput_bps" { Unit::Rate } else { Unit::Plain };
        let numbers = own.map(|at| settings + 2 + at).chain(measures).map(|at| (at, unit(&at)));
        let numbers = numbers.collect();
        let (groups, places) = (Vec::new(), BTreeMap::new());
        Some(Self { header, settings, numbers, expects, groups, places, runs: 0 })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Takes a row into account, which has a cell for each column.
    pub fn add(&mut self, row: &[String]) {
        let settings = &row[1..=self.settings];
        let place = self.places.get(settings).copied().unwrap_or_else(|| {
            self.groups.push(Group {
                first: u64::MAX,
                settings: settings.to_vec(),
                values: vec![Vec::new(); self.numbers.len()],
                held: vec![(0, 0); self.expects.len()],
                ends: BTreeMap::new(),
            });
            self.places.insert(settings.to_vec(), self.groups.len() - 1);
            self.groups.len() - 1
        });
        let group = &mut self.groups[place];
        group.first = group.first.min(row[0].parse().unwrap_or(u64::MAX));
        for ((column, unit), values) in self.numbers.iter_mut().zip(&mut group.values) {
            values.extend(number(&row[*column]));
            if is_seconds(&row[*column]) {
                *unit = Unit::Time;
            }
        }
        for (&column, held) in self.expects.iter().zip(&mut group.held) {
            held.0 += u64::from(row[column] == "true");
            held.1 += u64::from(!row[column].is_empty());
        }
        *group.ends.entry(row[self.settings + 2].clone()).or_default() += 1;
        self.runs += 1;
    }

    /// The summary, at most `width` places wide if that is not too little.
    pub fn text(&self, width: usize, marks: Marks) -> String {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| group.first);
        let mut page = Page { summary: self, groups, width, marks, text: String::new() };
        page.write();
        page.text
    }
}

/// The summary as text, while it is written.
struct Page<'a> {
    summary: &'a Summary,
    /// In the order of their runs.
    groups: Vec<&'a Group>,
    width: usize,
    marks: Marks,
    text: String,
}

impl Page<'_> {
    fn write(&mut self) {
        let (runs, settings) = (self.summary.runs, self.groups.len());
        let plural = |one: bool| if one { "" } else { "s" };
        let _ = writeln!(
            self.text,
            "{runs} run{}, {settings} combination{} of settings",
            plural(runs == 1),
            plural(settings == 1)
        );
        for place in 0..self.summary.numbers.len() {
            self.numbers(place);
        }
        for (place, &column) in self.summary.expects.iter().enumerate() {
            let held =
                |group: &&Group| format!("{} of {}", group.held[place].0, group.held[place].1);
            self.table(
                &self.summary.header[column],
                "held",
                self.groups.iter().map(held).collect(),
            );
        }
        if self.groups.iter().any(|group| group.ends.keys().any(|end| end != "ended")) {
            let told = |(end, count): (&String, &u64)| format!("{end} {count}");
            let ends = |group: &&Group| group.ends.iter().map(told).collect::<Vec<_>>().join(", ");
            self.table("end", "runs", self.groups.iter().map(ends).collect());
        }
    }

    /// A column of numbers: a line and a plot for each group. Nothing if no run has a value.
    fn numbers(&mut self, place: usize) {
        let fives = self.groups.iter().map(|group| five(group.values[place].clone()));
        let fives: Vec<Option<Five>> = fives.collect();
        let all = || fives.iter().flatten();
        let least = all().map(|five| five[0]).min();
        let Some(axis) = least.zip(all().map(|five| five[4]).max()) else { return };
        let (column, unit) = self.summary.numbers[place];
        let line = |runs: &str, [lower, median, upper]: [String; 3]| {
            format!("{runs:>6} {lower:>12} {median:>12} {upper:>12}")
        };
        let title = line("runs", ["quartile", "median", "quartile"].map(str::to_owned));
        let indent = self.labels()[0].width() + 2 + title.width() + 2;
        let room = self.width.saturating_sub(indent).clamp(PLOT.0, PLOT.1);
        let lines = self.groups.iter().zip(&fives).map(|(group, five)| {
            let runs = group.values[place].len().to_string();
            let told = |at: usize| five.map_or("-".to_owned(), |five| shown(five[at], unit));
            let plot = five.map(|five| boxplot(five, axis, room, self.marks)).unwrap_or_default();
            format!("{}  {plot}", line(&runs, [1, 2, 3].map(told))).trim_end().to_owned()
        });
        let lines = lines.collect();
        self.table(&self.summary.header[column], &title, lines);
        let (from, to) = (shown(axis.0, unit), shown(axis.1, unit));
        let gap = room.saturating_sub(from.width() + to.width()).max(1);
        let ends = if axis.0 == axis.1 { from } else { format!("{from}{:gap$}{to}", "") };
        let _ = writeln!(self.text, "{:indent$}{ends}", "");
    }

    /// A heading, and a line for each group behind its settings.
    fn table(&mut self, name: &str, title: &str, lines: Vec<String>) {
        let _ = writeln!(self.text, "\n{name}");
        let lines = std::iter::once(title.to_owned()).chain(lines);
        for (label, line) in self.labels().iter().zip(lines) {
            let _ = writeln!(self.text, "{label}  {line}");
        }
    }

    /// The settings' keys, then each group's values under them; all of one width.
    fn labels(&self) -> Vec<String> {
        let mut labels = vec![String::new(); self.groups.len() + 1];
        for at in 0..self.summary.settings {
            let values = self.groups.iter().map(|group| group.settings[at].as_str());
            let cells = std::iter::once(self.summary.header[at + 1].as_str()).chain(values);
            let cells: Vec<String> = cells.map(|cell| cut(cell, self.marks)).collect();
            let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
            for (label, cell) in labels.iter_mut().zip(cells) {
                let pad = width - cell.width();
                let _ = write!(label, "  {cell}{:pad$}", "");
            }
        }
        labels
    }
}

/// A cell on a line of the summary.
fn cut(cell: &str, marks: Marks) -> String {
    if cell.chars().count() <= VALUE_MAX {
        return cell.to_owned();
    }
    cell.chars().take(VALUE_MAX - 1).chain([marks.cut()]).collect()
}
