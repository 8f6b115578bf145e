//! The house rules that a compiler does not know: who may import whom, how long a file may be, what
//! stays out of the rooms beneath the screen. Each failure names the file, the line and the rule.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import. `docs/ARCHITECTURE.md` says why.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("stack", &["base"]),
    ("javascript", &["base"]),
    ("trace", &["base", "stack"]),
    ("plan", &["base", "stack", "trace"]),
    ("node", &["base", "stack", "trace", "plan"]),
    ("sim", &["base", "stack", "trace", "plan", "node"]),
    ("scenario", &["base", "stack", "trace", "plan", "sim"]),
    ("view", &["base", "stack", "trace", "plan", "node::inspect"]),
    ("sweep", &["base", "stack", "trace", "plan", "sim", "scenario"]),
    ("tui", &["base", "stack", "trace", "plan", "node", "sim", "scenario", "view"]),
    ("cli", &["base", "stack", "trace", "plan", "node", "sim", "scenario", "view", "sweep", "tui"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// The layers from the wire up. A layer names no layer above it.
const LAYERS: &[&str] =
    &["physical", "data_link", "network", "transport", "session", "presentation", "application"];

/// The rooms that a run is made of.
const SIMULATOR: &[&str] = &["base", "stack", "trace", "plan", "node", "sim"];

/// What the simulator must not name: a clock, a file, a thread, a number that rounds differently
/// elsewhere, state that a clone of the world would not hold.
const ABSENT: &[&str] = &[
    "std::time",
    "std::thread",
    "std::fs",
    "std::env",
    "std::process",
    "f32",
    "f64",
    "RefCell",
    "OnceCell",
    "Mutex",
    "RwLock",
    "OnceLock",
    "LazyLock",
    "thread_local!",
    "async",
];

const CODE_LINES_MAX: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` whose names end so, in a fixed order; names relative to the root.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name =
                    path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

/// The text with comments blanked out, line for line. (No string in the code holds `//` but in a
/// URL, and what follows a URL on its line imports nothing.)
fn without_comments(text: &str) -> String {
    let line = |line: &str| match line.find("//") {
        Some(at) => line[..at].to_owned(),
        None => line.to_owned(),
    };
    text.lines().map(|l| line(l) + "\n").collect()
}

/// `src/stack/network/route.rs` is `["stack", "network", "route"]`.
fn module_of(file: &str) -> Vec<&str> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    inside.split('/').filter(|part| *part != "mod").collect()
}

/// Every path that the code names by `crate::`, `framestep::` or a chain of `super::`, whole from
/// the root of the crate, with its line. Groups in braces are taken apart.
fn paths(file: &str, text: &str) -> Vec<(usize, String)> {
    let code = without_comments(text);
    let mut found = Vec::new();
    let mut module = module_of(file);
    for (number, line) in code.lines().enumerate() {
        if line.trim_start().starts_with("mod ") && line.trim_end().ends_with('{') {
            module.push("tests");
        }
        let start: usize = code.lines().take(number).map(|l| l.len() + 1).sum();
        let mut from = 0;
        while let Some((at, word)) = ["crate::", "framestep::", "super::"]
            .iter()
            .filter_map(|word| Some((line[from..].find(word)? + from, *word)))
            .min()
        {
            from = at + word.len();
            if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let mut prefix = String::new();
            if word == "super::" {
                let mut supers = 1;
                while line[from..].starts_with(word) {
                    supers += 1;
                    from += word.len();
                }
                let kept = module.len().saturating_sub(supers);
                prefix = module[..kept].iter().flat_map(|part| [part, "::"]).collect();
            }
            for path in expand(&code[start + from..]) {
                found.push((number + 1, format!("{prefix}{path}")));
            }
        }
    }
    found
}

/// The paths that a text begins with: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(text: &str) -> Vec<String> {
    let head: String =
        text.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
    let Some(group) = text[head.len()..].strip_prefix('{') else { return vec![head] };
    let mut found = Vec::new();
    let mut depth = 0;
    let mut begin = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let member = group[begin..at].trim();
                if !member.is_empty() {
                    found.extend(expand(member).into_iter().map(|rest| format!("{head}{rest}")));
                }
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Why a file must not name a path; `None` if it may.
fn forbidden(file: &str, path: &str) -> Option<String> {
    let from = module_of(file);
    let (room, to) = (from[0], path.split("::").collect::<Vec<_>>());
    let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return Some(format!("`{room}` is not in the table of rooms"));
    };
    if !ROOMS.iter().any(|(name, _)| *name == to[0]) {
        // Not a room: a macro of the crate's, or a super chain that left the rooms.
        return to[0].is_empty().then(|| format!("`{path}` leaves the crate"));
    }
    if to[0] != room {
        let fits = |room: &&str| path.split("::").next() == Some(*room);
        let inspect = ["node::Inspection", "node::inspect"];
        let through_door = may.contains(&"node::inspect")
            && (inspect.iter().any(|p| path.starts_with(p))
                || path.ends_with("View")
                || path == "node::SocketKind");
        return (!may.iter().any(fits) && !through_door)
            .then(|| format!("`{room}` must not import `{path}`"));
    }
    let layer = |parts: &[&str]| LAYERS.iter().position(|l| parts.get(1) == Some(l));
    match (room, layer(&from), layer(&to)) {
        ("stack", Some(low), Some(high)) if low < high => {
            Some(format!("layer `{}` must not name the higher `{path}`", LAYERS[low]))
        }
        _ => None,
    }
}

fn complain(faults: &[String]) {
    assert!(faults.is_empty(), "{} fault(s):\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_room_imports_a_room_above_it() {
    let mut faults = Vec::new();
    for (file, text) in files("src", ".rs") {
        for (line, path) in paths(&file, &text) {
            if let Some(fault) = forbidden(&file, &path) {
                faults.push(format!("{file}:{line}: {fault}"));
            }
        }
    }
    complain(&faults);
}

/// The reader of imports, held against code that breaks the rules in each way it knows.
#[test]
fn a_forbidden_import_is_seen_however_it_is_written() {
    let seen = |file: &str, code: &str| {
        let mut text = String::new();
        for (line, path) in paths(file, code) {
            if let Some(fault) = forbidden(file, &path) {
                let _ = writeln!(text, "{line}: {fault}");
            }
        }
        text
    };
    let above = seen("src/stack/network/route.rs", "\nuse crate::node::Host;\n");
    assert_eq!(above, "2: `stack` must not import `node::Host`\n");
    let group = "use crate::{base::Rng,\n sim::{World, Timeline},\n trace};\n";
    assert_eq!(
        seen("src/node/ip.rs", group),
        "1: `node` must not import `sim::World`\n1: `node` must not import `sim::Timeline`\n"
    );
    let chain = "mod tests {\n    use super::super::super::transport::tcp;\n}\n";
    assert_eq!(
        seen("src/stack/network/route.rs", chain),
        "2: layer `network` must not name the higher `stack::transport::tcp`\n"
    );
    let named = "fn f(w: &crate::sim::World) {} // crate::tui is only a comment\n";
    assert_eq!(seen("src/view/ladder.rs", named), "1: `view` must not import `sim::World`\n");
    assert_eq!(seen("src/view/sockets.rs", "use crate::node::{Inspection, SocketView};"), "");
    assert_eq!(
        seen("src/new/a.rs", "use crate::base::Rng;"),
        "1: `new` is not in the table of rooms\n"
    );
}

#[test]
fn the_simulator_has_no_clock_file_thread_or_float() {
    let mut faults = Vec::new();
    for (file, text) in files("src", ".rs") {
        if !SIMULATOR.contains(&module_of(&file)[0]) {
            continue;
        }
        for (number, line) in without_comments(&text).lines().enumerate() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            for word in ABSENT {
                let found = line.match_indices(word).any(|(at, _)| {
                    let after = &line[at + word.len()..];
                    !line[..at].ends_with(is_word) && !after.starts_with(is_word)
                });
                if found {
                    faults.push(format!("{file}:{}: `{word}` has no place here", number + 1));
                }
            }
        }
    }
    complain(&faults);
}

#[test]
fn no_file_is_longer_than_four_hundred_lines_of_code() {
    let mut faults = Vec::new();
    for folder in ["src", "benches", "examples"] {
        for (file, text) in files(folder, ".rs") {
            let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
            let lines = without_comments(code).lines().filter(|l| !l.trim().is_empty()).count();
            if lines > CODE_LINES_MAX {
                faults.push(format!("{file}: {lines} lines of code"));
            }
        }
    }
    complain(&faults);
}

#[test]
fn nothing_is_left_undone() {
    let words = [
        concat!("to", "do!"),
        concat!("un", "implemented!"),
        concat!("db", "g!"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("#[ig", "nore"),
        concat!("#[should", "_panic"),
    ];
    let mut faults = Vec::new();
    for (folder, ending) in [
        ("src", ".rs"),
        ("tests", ".rs"),
        ("benches", ".rs"),
        ("examples", ".rs"),
        ("scenarios", ".toml"),
        ("docs", ".md"),
    ] {
        for (file, text) in files(folder, ending) {
            for (number, line) in text.lines().enumerate() {
                for word in words.iter().filter(|word| line.contains(**word)) {
                    faults.push(format!("{file}:{}: `{word}`", number + 1));
                }
            }
        }
    }
    complain(&faults);
}

/// Links and paths in the documents lead somewhere.
#[test]
fn every_file_that_a_document_names_is_there() {
    let mut faults = Vec::new();
    let mut documents = files("docs", ".md");
    for name in ["README.md", "CHANGELOG.md"] {
        documents.push((name.into(), fs::read_to_string(root().join(name)).unwrap()));
    }
    for (file, text) in documents {
        let folder = root().join(&file);
        let folder = folder.parent().unwrap();
        for (number, line) in text.lines().enumerate() {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
            for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
                if !folder.join(link).exists() {
                    faults.push(format!("{file}:{}: no file `{link}`", number + 1));
                }
            }
            let paths = line.split('`').skip(1).step_by(2).filter(|word| {
                ["src/", "tests/", "benches/", "examples/", "scenarios/", "docs/", ".ci/"]
                    .iter()
                    .any(|start| word.starts_with(start))
                    && !word.contains(['<', '*', ' ', '{', '…'])
            });
            for path in paths.filter(|path| !root().join(path).exists()) {
                faults.push(format!("{file}:{}: no file `{path}`", number + 1));
            }
        }
    }
    complain(&faults);
}
