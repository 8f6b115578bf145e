//! From text to a checked network.
//!
//! A scenario file is TOML. It goes through three stages, and each tells all the faults it finds:
//! `file` holds the text against the format (`keys`, which is data), `assign` puts settings from
//! outside over it, and `resolve` turns names into numbers and fills in what was left out. What
//! comes out is a [`Blueprint`], which needs no further questions.
//!
//! This room runs nothing. The JSON Schema and the reference in `docs/SCENARIOS.md` are made from the
//! same data that the reader works by, so that the three cannot disagree.

mod assign;
mod diagnostic;
mod file;
mod format;
mod generate;
mod keys;
mod library;
mod reference;
mod resolve;
mod scalar;
mod schema;
mod source;
mod value;

pub use diagnostic::{Diagnostic, Severity};
pub use keys::{FORMAT, GENERATED_MAX, LINKS_MAX, NODES_MAX};
pub use library::{Builtin, find, library};
pub use reference::reference;
pub use schema::schema;
pub use source::{Companion, FILE_MAX, Source, read_file};

use crate::base::Duration;
use crate::plan::blueprint::Blueprint;
use crate::sim::Topology;
use crate::trace::filter::Filter;
use diagnostic::Faults;
use resolve::Wanted;
use std::ops::Range;

/// A network that can be run, with what is to be said about it.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    /// The file's name without folder, number and ending: `tcp-and-udp`.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// A few sentences to the learner; may be empty.
    pub about: String,
    /// About how many minutes a learner takes.
    pub minutes: Option<u32>,
    /// The network and what happens in it.
    pub blueprint: Blueprint,
    /// What must be true of its run.
    pub expects: Vec<Expect>,
}

/// What a list shows of a scenario: what its file says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// Its heading.
    pub title: String,
    /// A few sentences to the learner; may be empty.
    pub about: String,
    /// About how many minutes a learner takes.
    pub minutes: Option<u32>,
    /// The names of its first devices and networks, in the order of the file.
    pub devices: Vec<String>,
}

/// Reads what a scenario file says of itself, but makes no network of it: a list of scenarios is
/// there at once, however large they are. `None` where the file is no scenario.
pub fn heading(text: &str) -> Option<Heading> {
    /// The most devices that are named.
    const DEVICES_MAX: usize = 8;
    let file = file::read(text, &keys::FILE, &mut Faults::default())?;
    let kinds = ["host", "switch", "router", "network"];
    let mut devices: Vec<_> = kinds.iter().flat_map(|kind| file.tables(kind)).collect();
    devices.sort_by_key(|fields| fields.span.start);
    let name = |fields: &&value::Fields| Some(fields.text("name")?.text().to_owned());
    Some(Heading {
        title: said(&file, "title"),
        about: said(&file, "about"),
        minutes: file.number("minutes").map(|n| n as u32),
        devices: devices.iter().filter_map(name).take(DEVICES_MAX).collect(),
    })
}

/// A text of the file; empty where it is left out.
fn said(file: &value::Fields, key: &str) -> String {
    file.text(key).map_or_else(String::new, |v| v.text().trim().to_owned())
}

/// Something that must become true in the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expect {
    /// A filter over the trace.
    pub that: String,
    /// By when, from the beginning of the run; `None` is by its end.
    pub within: Option<Duration>,
    /// Where the filter stands in the source.
    pub span: Range<usize>,
}

/// Reads the scenario file `name`. All its faults come back; with an error among them there is no
/// scenario.
pub fn parse(name: &str, text: &str) -> (Option<Scenario>, Vec<Diagnostic>) {
    parse_source(&Source::new(name, text))
}

/// The same with the settings that the source carries.
pub fn parse_source(source: &Source) -> (Option<Scenario>, Vec<Diagnostic>) {
    let mut faults = Faults::default();
    let scenario = read(source, &mut faults);
    (scenario.filter(|_| !faults.any_error()), faults.into_sorted())
}

fn read(source: &Source, faults: &mut Faults) -> Option<Scenario> {
    if source.text().len() as u64 > FILE_MAX {
        let message = format!("the file is larger than {} MiB", FILE_MAX >> 20);
        faults.error(&(0..0), message).help("a scenario is a short text: make it smaller");
        return None;
    }
    let mut file = file::read(source.text(), &keys::FILE, faults)?;
    assign::assign(source, &mut file, faults);
    let (blueprint, wanted) = resolve::resolve(source, &file, faults)?;
    let expects = expects(&blueprint, &wanted, faults);
    Some(Scenario {
        name: stem(source.name()).to_owned(),
        title: said(&file, "title"),
        about: said(&file, "about"),
        minutes: file.number("minutes").map(|n| n as u32),
        blueprint,
        expects,
    })
}

/// The expectations; their filters are tried on the network, so that a mistake in one is told at
/// its place in the file.
fn expects(blueprint: &Blueprint, wanted: &[Wanted], faults: &mut Faults) -> Vec<Expect> {
    let legend = (!wanted.is_empty() && !faults.any_error()).then(|| Topology::names(blueprint));
    let mut expects = Vec::new();
    for Wanted { that, within, span } in wanted {
        let text = that.text();
        if let Some(Err(fault)) = legend.as_ref().map(|legend| Filter::parse(text, legend)) {
            faults.error(&that.part(fault.span), fault.message).help(fault.help);
        }
        expects.push(Expect { that: text.to_owned(), within: *within, span: span.clone() });
    }
    expects
}

/// A path without its folders, the number before the name, and its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.strip_suffix(".toml").unwrap_or(name);
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-');
    if bare.is_empty() { name } else { bare }
}
