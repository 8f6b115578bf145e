//! The text of a scenario with its name, the settings that were put over it, and the files beside it.

use super::diagnostic::{Diagnostic, report};
use super::library;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// The largest file that is read, in octets.
pub const FILE_MAX: u64 = 16 << 20;

/// A scenario's text, and assignments like `link.loss=10%` that change it for one run.
///
/// Each assignment is kept as a line behind the text, so that one span can point into either.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    name: String,
    full: String,
    /// Octets of the file itself.
    file_len: usize,
    /// Where the assignments stand in `full`.
    assignments: Vec<Range<usize>>,
    /// Where files beside it are; `None` for a scenario that is built in.
    folder: Option<PathBuf>,
}

/// A file beside a scenario: a program that runs in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Companion {
    /// Its name, as the scenario or another companion gives it.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// The largest companion that is read, in octets.
const COMPANION_MAX: usize = 256 << 10;

/// Where a span is, with what is needed to draw it.
pub(super) struct Place<'a> {
    /// The file's name, or `--set`.
    pub(super) path: &'a str,
    /// The lines that the span touches.
    pub(super) lines: &'a str,
    /// The number of the first of them.
    pub(super) line: usize,
    /// The column of the span, in characters from 1.
    pub(super) column: usize,
    /// The span within `lines`.
    pub(super) span: Range<usize>,
}

impl Source {
    /// The text `text` of the file `name`.
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.into(),
            full: text.into(),
            file_len: text.len(),
            assignments: Vec::new(),
            folder: None,
        }
    }

    /// The same, whose companions are in that folder.
    #[must_use]
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_path_buf());
        self
    }

    /// The file of that name beside the scenario, or deeper: a scenario cannot reach for what lies
    /// elsewhere on the machine. The error is a sentence.
    pub fn companion(&self, name: &str) -> Result<Companion, String> {
        let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if name.is_empty() || name.contains('\\') || !Path::new(name).components().all(stays) {
            return Err(format!("`{name}` is no file beside the scenario"));
        }
        let text = if let Some(folder) = &self.folder {
            read_beside(&folder.join(name), name)?
        } else {
            let folder = self.name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let text = library::companion(folder, name);
            text.ok_or_else(|| format!("there is no file `{name}` beside the scenario"))?.into()
        };
        if text.len() > COMPANION_MAX {
            return Err(format!("`{name}` is larger than {} KiB", COMPANION_MAX >> 10));
        }
        Ok(Companion { name: name.to_owned(), text })
    }

    /// The same with an assignment `key=value` over it: `link.loss=10%`, `host.client.tcp.sack=false`,
    /// `seed=9`. Later ones win.
    #[must_use]
    pub fn with(mut self, assignment: &str) -> Self {
        self.full.push('\n');
        let start = self.full.len();
        self.full.push_str(assignment);
        self.assignments.push(start..self.full.len());
        self
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.full[..self.file_len]
    }

    /// The file's text and a line for each assignment: what the spans of diagnostics count in.
    pub fn full(&self) -> &str {
        &self.full
    }

    /// Where the assignments stand.
    pub(super) fn assignments(&self) -> &[Range<usize>] {
        &self.assignments
    }

    /// The faults as text for a person.
    pub fn report(&self, diagnostics: &[Diagnostic], color: bool) -> String {
        report(self, diagnostics, color)
    }

    /// The line and the column (both from 1, in characters) at which a span begins.
    pub fn line_and_column(&self, span: &Range<usize>) -> (usize, usize) {
        let place = self.place(span);
        (place.line, place.column)
    }

    pub(super) fn place(&self, span: &Range<usize>) -> Place<'_> {
        let assignment =
            self.assignments.iter().find(|a| a.contains(&span.start) || a.end == span.start);
        let (path, within) = match assignment {
            Some(range) => ("--set", range.clone()),
            None => (self.name.as_str(), 0..self.file_len),
        };
        let clamp = |at: usize| at.clamp(within.start, within.end) - within.start;
        place(path, &self.full[within.clone()], clamp(span.start)..clamp(span.end))
    }
}

impl Companion {
    pub(super) fn place(&self, span: &Range<usize>) -> Place<'_> {
        place(&self.name, &self.text, span.clone())
    }

    /// The octet at a line and a column (both from 1, in characters).
    pub(super) fn octet(&self, line: u32, column: u32) -> usize {
        let before = |line: &str| line.len() + 1;
        let start: usize =
            self.text.split('\n').take((line as usize).saturating_sub(1)).map(before).sum();
        let rest = self.text.get(start..).unwrap_or("");
        let within = rest.char_indices().nth((column as usize).saturating_sub(1));
        (start + within.map_or(0, |(at, _)| at)).min(self.text.len())
    }
}

/// The place of a span in a text.
fn place<'a>(path: &'a str, text: &'a str, span: Range<usize>) -> Place<'a> {
    let (start, end) = (floor(text, span.start), floor(text, span.end.max(span.start)));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    // A span over many lines (a table, a long text) is shown by its first.
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = end.min(line_end);
    Place {
        path,
        lines: &text[line_start..line_end],
        line: text[..start].bytes().filter(|b| *b == b'\n').count() + 1,
        column: text[line_start..start].chars().count() + 1,
        span: start - line_start..end - line_start,
    }
}

/// The greatest character boundary of `text` that is not after `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Reads a companion. Its name in the scenario is what the error says, for a person wrote that.
fn read_beside(path: &Path, name: &str) -> Result<String, String> {
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(format!("there is no file `{name}` beside the scenario"))
        }
        _ => read_file(path),
    }
}

/// Reads a file, but never more of it than [`FILE_MAX`]. The error is a sentence that names the
/// file and says what to do.
pub fn read_file(path: &Path) -> Result<String, String> {
    let name = path.display();
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => {
            format!("there is no file `{name}`; `framestep list` shows what is built in")
        }
        ErrorKind::PermissionDenied => format!("`{name}` may not be read: permission denied"),
        ErrorKind::IsADirectory => is_a_folder(path),
        _ => format!("`{name}` cannot be read: {error}"),
    };
    if path.is_dir() {
        return Err(is_a_folder(path));
    }
    let mut octets = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(FILE_MAX + 1).read_to_end(&mut octets).map_err(failed)?;
    if octets.len() as u64 > FILE_MAX {
        return Err(format!(
            "`{name}` is larger than {} MiB, the most that a scenario may have",
            FILE_MAX >> 20
        ));
    }
    String::from_utf8(octets).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|b| *b == b'\n').count();
        format!(
            "`{name}` is not UTF-8 text (line {line}, octet {at}); save it as UTF-8 in your editor"
        )
    })
}

fn is_a_folder(path: &Path) -> String {
    format!("`{}` is a folder; name a file in it", path.display())
}
