//! Programs in JavaScript: the files beside the scenario, and their syntax.

use super::super::source::Companion;
use super::super::value::{Fields, Node, Value};
use super::programs::Maker;
use crate::base::Instant;
use crate::javascript::{self, Fault, Limits, Script};
use crate::plan::program::Plan;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// The most files that one program may have.
const FILES_MAX: usize = 64;

impl Maker<'_, '_> {
    /// A program in JavaScript: `"server.js"`, or a table.
    pub(super) fn javascript(&mut self, value: &Value) -> Option<Plan> {
        let (files, fields) = match &value.node {
            Node::Table(fields) => (self.source(fields)?, Some(fields)),
            Node::Text { .. } => (self.files(value)?, None),
            _ => return None,
        };
        let at = fields.map_or(Instant::ZERO, |fields| self.moment(fields));
        let arguments =
            fields.and_then(|fields| fields.get("args")).map_or(&[][..], Value::elements);
        let script = Script {
            files,
            arguments: arguments.iter().map(|argument| argument.text().to_owned()).collect(),
            host: self.draft.node(self.host).name().to_owned(),
            hosts: self.hosts(),
            limits: Limits::default(),
            epoch: Script::EPOCH,
        };
        let restarts = fields.map_or_else(Vec::new, |fields| self.restarts(fields, at));
        Some(Plan::JavaScript { script: Arc::new(script), at, restarts })
    }

    /// The files of a program that is given as a table.
    fn source(&mut self, fields: &Fields) -> Option<Vec<javascript::Source>> {
        let Some(code) = fields.text("code") else { return self.files(fields.text("file")?) };
        let name = fields.text("name").map_or("program.js", Value::text).to_owned();
        let main = Arc::new(Companion { name, text: code.text().to_owned() });
        self.holds(&main)?;
        self.with_imports(main, &code.span)
    }

    /// The file that a value names, and what it imports.
    fn files(&mut self, value: &Value) -> Option<Vec<javascript::Source>> {
        let main = match self.draft.source.companion(value.text()) {
            Ok(main) => Arc::new(main),
            Err(error) => {
                let help = "name a file in the scenario's folder, or give the program as `code`";
                self.draft.faults.error(&value.span, error).help(help);
                return None;
            }
        };
        self.holds(&main)?;
        self.with_imports(main, &value.span)
    }

    /// Tells where a file is no JavaScript.
    fn holds(&mut self, file: &Arc<Companion>) -> Option<()> {
        let Err(fault) = check(file) else { return Some(()) };
        self.draft.faults.error_in(file, &span_of(file, &fault), message(&fault)).help(HELP);
        None
    }

    /// A file with those that it imports from beside it, and those that they do. What looks like an
    /// import and is none does no harm; an import of what is not there fails when it is reached.
    fn with_imports(
        &mut self,
        main: Arc<Companion>,
        span: &Range<usize>,
    ) -> Option<Vec<javascript::Source>> {
        let mut files = vec![main];
        let mut read = 0;
        while let Some(file) = files.get(read).cloned() {
            read += 1;
            for name in imports(&file) {
                if files.iter().any(|known| known.name == name) {
                    continue;
                }
                let Ok(import) = self.draft.source.companion(&name) else { continue };
                if files.len() == FILES_MAX {
                    let message = format!("the program has more than {FILES_MAX} files");
                    self.draft.faults.error(span, message).help("join some of them");
                    return None;
                }
                let import = Arc::new(import);
                if Path::new(&import.name).extension().is_none_or(|ending| ending != "json") {
                    self.holds(&import)?;
                }
                files.push(import);
            }
        }
        let source = |file: Arc<Companion>| javascript::Source {
            name: file.name.clone(),
            text: file.text.clone(),
        };
        Some(files.into_iter().map(source).collect())
    }

    /// Where each host is, by name.
    fn hosts(&mut self) -> Arc<BTreeMap<String, Ipv4Addr>> {
        let nodes = &self.draft.nodes;
        let known = self.budget.hosts.get_or_insert_with(|| {
            let address = |node: &super::Node<'_>| {
                let address = node.interfaces.iter().find_map(|i| i.plan.address)?;
                Some((node.name().to_owned(), address.address))
            };
            Arc::new(nodes.iter().filter_map(address).collect())
        });
        Arc::clone(known)
    }

    /// When it is started anew, in order; each after the one before.
    fn restarts(&mut self, fields: &Fields, at: Instant) -> Vec<Instant> {
        let mut restarts: Vec<Instant> = Vec::new();
        for value in fields.get("restart").map_or(&[][..], Value::elements) {
            let Node::Time(after) = value.node else { continue };
            let moment = Instant::ZERO + after;
            if moment <= restarts.last().copied().unwrap_or(at) {
                let message =
                    "a restart must come after the start, and after the restart before it";
                self.draft.faults.error(&value.span, message).help("give the times in order");
            }
            restarts.push(moment);
        }
        restarts
    }
}

const HELP: &str = "the program must be JavaScript that node would take";

fn check(file: &Companion) -> Result<(), Fault> {
    let (name, text) = (file.name.clone(), file.text.clone());
    javascript::check(&javascript::Source { name, text })
}

/// What is wrong, as a message of ours: `expected …`, without the class of the error.
fn message(fault: &Fault) -> String {
    let bare = fault.message.strip_prefix("SyntaxError: ").unwrap_or(&fault.message);
    format!("syntax error: {bare}")
}

fn span_of(file: &Companion, fault: &Fault) -> Range<usize> {
    let at = fault.place.map_or(0, |place| file.octet(place.line, place.column));
    let end = file.text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    at..end
}

/// The names of the files beside `file` that it may import: every quoted text that begins like a
/// relative path.
fn imports(file: &Companion) -> impl Iterator<Item = String> {
    let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let quoted = |quote: char| file.text.split(quote).skip(1).step_by(2);
    let relative =
        |text: &&str| text.len() <= 256 && (text.starts_with("./") || text.starts_with("../"));
    let names: Vec<String> = ['"', '\'', '`']
        .into_iter()
        .flat_map(quoted)
        .filter(relative)
        .filter_map(|path| joined(folder, path))
        .collect();
    names.into_iter()
}

/// A relative path from a folder, without dots; `None` if it leads out of the scenario's.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
