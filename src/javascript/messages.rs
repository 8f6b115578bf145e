//! The engine's messages in node's words.

use super::interface::{Place, Script};

/// Between these two stands a name: the engine's words, then node's.
const NAMED: &[(&str, &str, &str, &str)] = &[
    (
        "cannot read property '",
        "' of undefined",
        "Cannot read properties of undefined (reading '",
        "')",
    ),
    ("cannot read property '", "' of null", "Cannot read properties of null (reading '", "')"),
    (
        "cannot set property '",
        "' of undefined",
        "Cannot set properties of undefined (setting '",
        "')",
    ),
    ("cannot set property '", "' of null", "Cannot set properties of null (setting '", "')"),
    ("", " is not initialized", "Cannot access '", "' before initialization"),
    ("unexpected token in expression: '", "'", "Unexpected token '", "'"),
];

/// Whole messages that say the same.
const WHOLE: &[(&str, &str)] = &[
    ("object is not extensible", "Cannot add property, object is not extensible"),
    (
        "class constructors must be invoked with 'new'",
        "Class constructor cannot be invoked without 'new'",
    ),
    ("circular reference", "Converting circular structure to JSON"),
    ("Unexpected token ''", "Unexpected end of input"),
    ("unexpected character", "Invalid or unexpected token"),
    ("invalid array length", "Invalid array length"),
    ("invalid 'instanceof' right operand", "Right-hand side of 'instanceof' is not callable"),
];

/// What a browser or node has and a simulated host has not.
const ABSENT: &[&str] = &[
    "XMLHttpRequest",
    "document",
    "window",
    "localStorage",
    "sessionStorage",
    "navigator",
    "location",
    "alert",
    "Worker",
    "SharedWorker",
    "EventSource",
    "RTCPeerConnection",
    "indexedDB",
    "SharedArrayBuffer",
    "Atomics",
    "WeakRef",
    "FinalizationRegistry",
    "Intl",
    "WebAssembly",
    "ReadableStream",
    "WritableStream",
    "TransformStream",
    "BroadcastChannel",
    "MessageChannel",
    "FormData",
    "File",
];

/// The message as node has it; none if it needs no change.
pub(super) fn as_node(
    name: &str,
    message: &str,
    place: Option<Place>,
    script: &Script,
) -> Option<String> {
    if name == "ReferenceError"
        && let Some(variable) = message.strip_suffix(" is not defined")
    {
        return ABSENT
            .contains(&variable)
            .then(|| format!("{message} (a simulated host has no {variable})"));
    }
    if name == "TypeError" {
        let expression = || place.and_then(|place| expression(script, place));
        match message {
            "not a function" => return Some(format!("{} is not a function", expression()?)),
            "not a constructor" => return Some(format!("{} is not a constructor", expression()?)),
            "value is not iterable" => return Some(format!("{} is not iterable", expression()?)),
            _ => {}
        }
        if message.starts_with('\'') && message.ends_with("' is read-only") {
            return Some(match expression() {
                Some(text) if !text.contains('.') => "Assignment to constant variable.".into(),
                _ => format!(
                    "Cannot assign to read only property {}",
                    &message[..message.len() - 13]
                ),
            });
        }
    }
    if name == "SyntaxError"
        && let Some(place) = place
    {
        if is_end(script, place) {
            return Some("Unexpected end of input".into());
        }
        if message.starts_with("invalid redefinition of ") {
            let word = expression(script, place)?;
            return Some(format!("Identifier '{word}' has already been declared"));
        }
    }
    let whole = || WHOLE.iter().find(|(own, _)| *own == message).map(|(_, node)| (*node).into());
    let named = NAMED.iter().find_map(|(before, after, node_before, node_after)| {
        let name = message.strip_prefix(before)?.strip_suffix(after)?;
        Some(format!("{node_before}{name}{node_after}"))
    });
    named.or_else(whole)
}

/// Whether nothing stands behind a place.
fn is_end(script: &Script, place: Place) -> bool {
    let text = &script.files[usize::from(place.file)].text;
    let mut behind = text.lines().skip(place.line as usize - 1);
    let rest = behind.next().map_or(0, |line| line.chars().skip(place.column as usize - 1).count());
    rest == 0 && behind.next().is_none()
}

/// What is called, or used, at this place: `socket.emti`.
fn expression(script: &Script, place: Place) -> Option<String> {
    let text = &script.files.get(usize::from(place.file))?.text;
    let line: Vec<char> = text.lines().nth(place.line as usize - 1)?.chars().collect();
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '.' || c == '#';
    let at = (place.column as usize - 1).min(line.len());
    let start = line[..at].iter().rposition(|c| !is_name(*c)).map_or(0, |before| before + 1);
    let end = line[at..].iter().position(|c| !is_name(*c)).map_or(line.len(), |after| at + after);
    let found: String = line[start..end].iter().collect();
    let found = found.trim_matches('.');
    let keyword =
        matches!(found, "for" | "of" | "await" | "yield" | "new" | "const" | "let" | "var");
    (!found.is_empty() && !keyword).then(|| found.to_owned())
}
