//! From text to a tree of the right shape: every key known, every value of its kind. Whatever is
//! not is told, all of it, each at its place.

use super::diagnostic::{Faults, closest, suggest};
use super::format::{Key, Kind, Table};
use super::keys::{FORMAT, LINKS_MAX};
use super::scalar;
use super::value::{Entry, Fields, Node, Value};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue};

/// The largest text, in octets, of which every syntax error is told.
const EVERY_ERROR_UP_TO: usize = 1 << 20;

/// Reads values out of TOML that stands at `offset` of the source.
pub(super) struct Reader<'a> {
    /// The text that the spans of the TOML count in.
    pub(super) text: &'a str,
    /// Where that text stands in the source.
    pub(super) offset: usize,
    pub(super) faults: &'a mut Faults,
    /// Whether a number from 0 to 1 may stand for a chance, as in assignments.
    pub(super) fractions: bool,
    /// Lines that TOML itself refuses: what is wrong there has been said.
    pub(super) refused: Vec<Range<usize>>,
}

/// Reads the whole text of a file; `None` when it is so wrong that nothing can be made of it.
pub(super) fn read(text: &str, table: &'static Table, faults: &mut Faults) -> Option<Fields> {
    let (root, errors) = parse(text);
    let mut refused = Vec::new();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        faults.error(&span, syntax(error.message())).help(syntax_help(error.message()));
        refused.push(line_of(text, &span));
    }
    if errors.is_empty() && root.get_ref().is_empty() {
        faults.error(&(0..0), "the file is empty").help(
            "begin with `format = 1`, a `title`, two `[[host]]` tables and a `[[link]]` between them",
        );
        return None;
    }
    if let Some(newer) = root.get_ref().get("format").filter(|v| is_newer(v.get_ref())) {
        let found = text.get(newer.span()).unwrap_or_default();
        faults
            .error(
                &newer.span(),
                format!("the file is of format {found}, this program reads format {FORMAT}"),
            )
            .help("get a newer framestep, or a file for this one");
        return None;
    }
    let mut reader = Reader { text, offset: 0, faults, fractions: false, refused };
    let fields = reader.table(root.get_ref(), &(0..0), table);
    errors.is_empty().then_some(fields)
}

/// The TOML of a text, with everything that is no TOML. Of a large text only the first such place
/// is asked for: a file of nothing else would fill the memory with them.
fn parse(text: &str) -> (Spanned<DeTable<'_>>, Vec<toml::de::Error>) {
    if text.len() <= EVERY_ERROR_UP_TO {
        return DeTable::parse_recoverable(text);
    }
    match DeTable::parse(text) {
        Ok(root) => (root, Vec::new()),
        Err(error) => (Spanned::new(0..0, DeTable::new()), vec![error]),
    }
}

fn is_newer(format: &DeValue<'_>) -> bool {
    let DeValue::Integer(number) = format else { return false };
    number.as_str().parse::<u64>().is_ok_and(|n| n > FORMAT)
}

/// TOML's own words, in this program's form.
fn syntax(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or("this is not TOML");
    lines.fold(first.to_owned(), |all, line| format!("{all}, {line}"))
}

fn syntax_help(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "a key stands once in a table; for another table of the same name write `[[name]]`"
    } else if message.contains("recursion limit") {
        "nothing in a scenario is nested so deeply"
    } else if message.contains("string") {
        "texts stand in double quotes and end on the same line; longer ones in three double quotes"
    } else if message.contains("key with no value") || message.contains("missing `=`") {
        "write `key = value`"
    } else {
        ""
    }
}

fn line_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let octets = text.as_bytes();
    let start = span.start.min(octets.len());
    let end = span.end.clamp(start, octets.len());
    let before = octets[..start].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let after = octets[end..].iter().position(|b| *b == b'\n').map_or(octets.len(), |at| end + at);
    before..after
}

impl Reader<'_> {
    fn at(&self, span: &Range<usize>) -> Range<usize> {
        span.start + self.offset..span.end + self.offset
    }

    fn error(&mut self, span: &Range<usize>, message: String, help: String) {
        // What TOML makes up after a mistake has no place in the text.
        let made_up = !self.refused.is_empty() && span.is_empty();
        if !made_up && !self.refused.iter().any(|line| line.contains(&span.start)) {
            self.faults.error(&self.at(span), message).help(help);
        }
    }

    /// Reads a table: what is known of it comes back, what is wrong is told.
    pub(super) fn table(
        &mut self,
        from: &DeTable<'_>,
        span: &Range<usize>,
        table: &'static Table,
    ) -> Fields {
        let mut entries = Vec::new();
        let mut meant = Vec::new();
        for (name, value) in from {
            let Some(key) = table.key(name.get_ref()) else {
                meant.push(self.unknown_key(name, table));
                continue;
            };
            let key_span = self.at(&name.span());
            entries.push(Entry { key, key_span, value: self.value(value, &key.kind, key) });
        }
        entries.sort_by_key(|e| e.key_span.start);
        let fields = Fields { table, span: self.at(span), entries };
        self.missing(&fields, span, &meant);
        fields
    }

    /// Tells of a key that is not known; gives the one that was probably meant.
    fn unknown_key(
        &mut self,
        name: &Spanned<impl AsRef<str>>,
        table: &'static Table,
    ) -> Option<&'static str> {
        let text = name.get_ref().as_ref();
        let known = table.keys.iter().map(|k| k.name);
        let place = match table.name {
            "the file" => "at the top of the file".to_owned(),
            other => format!("in `{other}`"),
        };
        let runs_on_hosts = text == "program" || text == "tcp";
        if self.faults.is_full() {
            self.error(&name.span(), String::new(), String::new());
            return None;
        }
        let help = if runs_on_hosts && matches!(table.name, "[[switch]]" | "[[router]]") {
            "programs and TCP are on hosts only: make this a `[[host]]`".to_owned()
        } else {
            suggest(text, "known here are", known.clone())
        };
        self.error(&name.span(), format!("unknown key `{text}` {place}"), help);
        closest(text, known)
    }

    /// Tells of keys that must be there and are not, except those that a typo explains.
    fn missing(&mut self, fields: &Fields, span: &Range<usize>, meant: &[Option<&str>]) {
        if !self.refused.is_empty() {
            return;
        }
        let table = fields.table;
        for key in table.keys.iter().filter(|k| k.required && !fields.has(k.name)) {
            if !meant.contains(&Some(key.name)) {
                self.error(
                    span,
                    format!("missing key `{}` in `{}`", key.name, table.name)
                        .replace("`the file`", "the file"),
                    format!("add `{} = {}`: {}", key.name, key.example, lower(key.about)),
                );
            }
        }
        let mut chosen = fields.entries.iter().filter(|e| table.choose.contains(&e.key.name));
        let names: Vec<String> = table.choose.iter().map(|n| format!("`{n}`")).collect();
        let (first, second) = (chosen.next(), chosen.next());
        if let (Some(first), Some(second)) = (first, second) {
            let message = format!(
                "`{}` stands beside `{}`, but only one of them may",
                second.key.name, first.key.name
            );
            let help = if table.name.starts_with("[[") {
                format!("begin another `{}` for the second", table.name)
            } else {
                "keep one of them".to_owned()
            };
            self.faults.error(&second.key_span, message).help(help);
        } else if first.is_none() && !names.is_empty() && meant.is_empty() {
            let message = format!("nothing chosen in `{}`", table.name);
            self.error(span, message, format!("add exactly one of {}", names.join(", ")));
        }
    }

    /// Reads one value.
    pub(super) fn value(&mut self, from: &Spanned<DeValue<'_>>, kind: &Kind, key: &Key) -> Value {
        let span = from.span();
        let node = match (kind, from.get_ref()) {
            (Kind::Either(kinds), value) => {
                return match kinds.iter().find(|k| takes(k, value)) {
                    Some(one) => self.value(from, one, key),
                    None if self.fractions && kinds.iter().any(|k| matches!(k, Kind::Chance)) => {
                        self.value(from, &Kind::Chance, key)
                    }
                    None => self.wrong_type(from, kind, key),
                };
            }
            (Kind::Flag, DeValue::Boolean(flag)) => Node::Flag(*flag),
            (Kind::Number { min, max }, DeValue::Integer(number)) => {
                self.number(number, &span, key, *min..=*max)
            }
            (Kind::Chance, DeValue::Integer(_) | DeValue::Float(_)) if self.fractions => {
                let text = self.text.get(span.clone()).unwrap_or_default().to_owned();
                let read = scalar::fraction(&text);
                self.told(read, &span)
            }
            (Kind::Table(table), DeValue::Table(inner)) => {
                Node::Table(self.table(inner, &span, table))
            }
            (Kind::Tables(table), DeValue::Array(array)) => self.tables(array, &span, table, key),
            (Kind::List { of, min, max }, DeValue::Array(array)) => {
                self.list(array, &span, key, of, *min..=*max)
            }
            (_, DeValue::String(text)) if takes(kind, from.get_ref()) => {
                let read = scalar::read(kind, text);
                match self.told(read, &span) {
                    Node::Text { text, .. } => {
                        let at = self.literal(&span, &text);
                        Node::Text { text, at }
                    }
                    other => other,
                }
            }
            _ => return self.wrong_type(from, kind, key),
        };
        Value::new(self.at(&span), node)
    }

    fn told(&mut self, read: Result<Node, scalar::Wrong>, span: &Range<usize>) -> Node {
        read.unwrap_or_else(|(message, help)| {
            self.error(span, message, help);
            Node::Broken
        })
    }

    /// Where the letters of a text begin, when it is typed without escapes.
    fn literal(&self, span: &Range<usize>, text: &str) -> Option<usize> {
        let typed = self.text.get(span.clone())?;
        let quote = typed.len().checked_sub(text.len())?;
        let start = typed.find(text).filter(|start| *start * 2 == quote)?;
        Some(self.offset + span.start + start)
    }

    fn number(
        &mut self,
        number: &DeInteger<'_>,
        span: &Range<usize>,
        key: &Key,
        range: std::ops::RangeInclusive<u64>,
    ) -> Node {
        let read = i128::from_str_radix(number.as_str(), number.radix()).ok();
        if let Some(n) = read.and_then(|n| u64::try_from(n).ok()).filter(|n| range.contains(n)) {
            return Node::Number(n);
        }
        let (min, max) = (range.start(), range.end());
        let help = if *max == u64::MAX {
            format!("it is at least {min}")
        } else {
            format!("it may be from {min} to {max}")
        };
        self.error(span, format!("`{number}` is out of range for `{}`", key.name), help);
        Node::Broken
    }

    fn tables(
        &mut self,
        array: &DeArray<'_>,
        span: &Range<usize>,
        table: &'static Table,
        key: &Key,
    ) -> Node {
        if array.len() > LINKS_MAX {
            let message = format!("{} times `{}`", array.len(), table.name);
            self.error(span, message, format!("at most {LINKS_MAX} are simulated"));
            return Node::Broken;
        }
        let read = |v: &Spanned<DeValue<'_>>| match v.get_ref() {
            DeValue::Table(inner) => {
                let fields = self.table(inner, &v.span(), table);
                Value::new(fields.span.clone(), Node::Table(fields))
            }
            _ => self.wrong_type(v, &Kind::Table(table), key),
        };
        Node::List(array.iter().map(read).collect())
    }

    fn list(
        &mut self,
        array: &DeArray<'_>,
        span: &Range<usize>,
        key: &Key,
        of: &Kind,
        lengths: std::ops::RangeInclusive<usize>,
    ) -> Node {
        if !lengths.contains(&array.len()) {
            let (min, max) = (lengths.start(), lengths.end());
            let wanted = if min == max { format!("{min}") } else { format!("{min} to {max}") };
            let message = format!("`{}` has {} elements, expected {wanted}", key.name, array.len());
            self.error(span, message, format!("for example `{} = {}`", key.name, key.example));
            return Node::Broken;
        }
        Node::List(array.iter().map(|v| self.value(v, of, key)).collect())
    }

    fn wrong_type(&mut self, from: &Spanned<DeValue<'_>>, kind: &Kind, key: &Key) -> Value {
        let span = from.span();
        let typed: String =
            self.text.get(span.clone()).unwrap_or_default().chars().take(40).collect();
        let found = match from.get_ref() {
            DeValue::String(_) => "a text".to_owned(),
            DeValue::Integer(_) | DeValue::Float(_) => format!("the number `{typed}`"),
            DeValue::Boolean(flag) => format!("`{flag}`"),
            DeValue::Datetime(_) => format!("the date `{typed}`"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        let message = format!("expected {} for `{}`, found {found}", kind.words(), key.name);
        let whole = matches!(from.get_ref(), DeValue::Integer(_));
        let help = match kind {
            Kind::Time { .. } if whole => format!("write the unit too: `\"{typed}ms\"`"),
            Kind::Tables(_) if matches!(from.get_ref(), DeValue::Table(_)) => {
                format!("write `[[{}]]`, with two brackets: there may be several", key.name)
            }
            _ => format!("for example `{} = {}`", key.name, key.example),
        };
        self.error(&span, message, help);
        Value::new(self.at(&span), Node::Broken)
    }
}

/// Whether a TOML value has the type in which this kind is written.
pub(super) fn takes(kind: &Kind, value: &DeValue<'_>) -> bool {
    match kind {
        Kind::Number { .. } => matches!(value, DeValue::Integer(_)),
        Kind::Flag => matches!(value, DeValue::Boolean(_)),
        Kind::Table(_) => matches!(value, DeValue::Table(_)),
        Kind::Tables(_) | Kind::List { .. } => matches!(value, DeValue::Array(_)),
        Kind::Either(kinds) => kinds.iter().any(|k| takes(k, value)),
        _ => matches!(value, DeValue::String(_)),
    }
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
