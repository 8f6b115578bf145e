//! What is wrong with a file: where, what was expected, what to do. Told in the compiler's form,
//! with the line and a caret under the place.

use super::source::{Companion, Source};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;
use std::sync::Arc;

/// The most faults that are told of one file; what follows is counted.
const MOST: usize = 100;
/// A longer line is named but not drawn.
const LINE_MAX: usize = 2_000;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Severity {
    /// The file cannot be run.
    #[default]
    Error,
    /// The file runs, but probably not as it was meant.
    Warning,
}

/// One fault of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where: octets of [`Source::full`], or of the companion's text.
    pub span: Range<usize>,
    /// What is wrong, with the value in backquotes; lower case, no full stop.
    pub message: String,
    /// What to do; empty where the message says it.
    pub help: String,
    /// The file beside the scenario that it is about; `None` for the scenario itself.
    pub companion: Option<Arc<Companion>>,
}

impl Diagnostic {
    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = help.into();
        self
    }
}

/// Collects faults, so that all of a file are told at once.
#[derive(Default)]
pub(super) struct Faults {
    list: Vec<Diagnostic>,
    more: usize,
    /// Takes what is told after the list is full.
    spare: Diagnostic,
}

impl Faults {
    /// Notes a fault.
    pub(super) fn error(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(Severity::Error, span, message.into())
    }

    /// Notes a fault in a file beside the scenario.
    pub(super) fn error_in(
        &mut self,
        companion: &Arc<Companion>,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let fault = self.push(Severity::Error, span, message.into());
        fault.companion = Some(Arc::clone(companion));
        fault
    }

    /// Notes something doubtful.
    pub(super) fn warning(
        &mut self,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(Severity::Warning, span, message.into())
    }

    fn push(
        &mut self,
        severity: Severity,
        span: &Range<usize>,
        message: String,
    ) -> &mut Diagnostic {
        let new = Diagnostic { severity, span: span.clone(), message, ..Diagnostic::default() };
        if self.is_full() {
            self.more += 1;
            self.spare = new;
            return &mut self.spare;
        }
        self.list.push(new);
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Whether what is told from here on is only counted.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MOST
    }

    /// How many were noted.
    pub(super) const fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Whether one of the faults keeps the file from running.
    pub(super) fn any_error(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// The faults in the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| (d.companion.is_some(), d.span.start));
        if self.more > 0
            && let Some(last) = self.list.last_mut()
        {
            if !last.help.is_empty() {
                last.help.push_str("; ");
            }
            let more = format!("{} more faults are not shown", self.more);
            last.help.push_str(&more);
        }
        self.list
    }
}

/// The faults as text, one after the other with an empty line between; `color` for a terminal.
pub(super) fn report(source: &Source, diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&render(&renderer, source, diagnostic));
        text.push('\n');
    }
    text
}

fn render(renderer: &Renderer, source: &Source, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let place = match &diagnostic.companion {
        Some(companion) => companion.place(&diagnostic.span),
        None => source.place(&diagnostic.span),
    };
    let mut group = Group::with_title(level.primary_title(shown(&diagnostic.message)));
    group = if place.lines.len() > LINE_MAX {
        group.element(Origin::path(place.path).line(place.line).char_column(place.column))
    } else {
        group.element(
            Snippet::source(place.lines)
                .path(place.path)
                .line_start(place.line)
                .annotation(AnnotationKind::Primary.span(place.span)),
        )
    };
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(shown(&diagnostic.help)));
    }
    renderer.render(&[group])
}

/// Text of a file as it may be put on a terminal: no control characters, not endless.
fn shown(text: &str) -> String {
    const MOST: usize = 600;
    let mut clean = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut shown: String = clean.by_ref().take(MOST).collect();
    if clean.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The candidate that `word` was probably meant to be.
pub(super) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > 64 {
        return None;
    }
    let plain = |s: &str| s.to_lowercase().replace(['-', ' '], "_");
    let meant = plain(word);
    let most = (meant.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|c| c.len() <= 128)
        .map(|c| (strsim::damerau_levenshtein(&meant, &plain(c)), c))
        .filter(|(distance, c)| *distance <= most && *distance < c.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// ``did you mean `x`?``, or else what there is to choose from.
pub(super) fn suggest<'a>(
    word: &str,
    what: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    const MOST: usize = 24;
    if let Some(near) = closest(word, candidates.clone()) {
        return format!("did you mean `{near}`?");
    }
    let mut all = candidates.into_iter();
    let some: Vec<String> = all.by_ref().take(MOST).map(|c| format!("`{c}`")).collect();
    let rest = if all.next().is_some() { ", …" } else { "" };
    if some.is_empty() { String::new() } else { format!("{what}: {}{rest}", some.join(", ")) }
}
