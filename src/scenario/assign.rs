//! Settings put over a file for one run: `link.loss=10%`, `host.client.tcp.sack=false`, `seed=9`.
//!
//! A path goes through the keys of the format. Behind `host`, `switch`, `router` and `link` a name
//! may stand for one of them; without it all are meant.

use super::diagnostic::{Faults, closest, suggest};
use super::file::{Reader, takes};
use super::format::{Key, Kind, Table};
use super::source::Source;
use super::value::{Entry, Fields, Node, Value};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// Puts the source's assignments over the file, in their order.
pub(super) fn assign(source: &Source, file: &mut Fields, faults: &mut Faults) {
    for range in source.assignments() {
        let text = &source.full()[range.clone()];
        let Some((path, value)) = text.split_once('=') else {
            faults
                .error(range, format!("`{text}` sets nothing"))
                .help("write a key and a value: `link.loss=10%`");
            continue;
        };
        let mut at = range.start;
        let mut steps = Vec::new();
        for step in path.split('.') {
            let lead = step.len() - step.trim_start().len();
            let start = at + lead;
            steps.push((step.trim(), start..start + step.trim().len()));
            at += step.len() + 1;
        }
        let setting = Setting { value: value.trim(), at: range.end - value.trim_start().len() };
        let table = file.table;
        put(vec![file], table, &steps, &setting, faults);
    }
}

/// The right side of an assignment.
struct Setting<'a> {
    value: &'a str,
    at: usize,
}

type Step<'a> = (&'a str, Range<usize>);

/// Goes one step of the path in every target.
fn put(
    mut targets: Vec<&mut Fields>,
    table: &'static Table,
    steps: &[Step<'_>],
    setting: &Setting<'_>,
    faults: &mut Faults,
) {
    let Some(((name, span), rest)) = steps.split_first() else { return };
    let Some(key) = table.key(name) else {
        let known = table.keys.iter().map(|k| k.name);
        let help = suggest(name, "known here are", known);
        faults.error(span, format!("unknown key `{name}`")).help(help);
        return;
    };
    match (key.kind, rest) {
        (Kind::Tables(inner), [_, ..]) => {
            let all = targets.into_iter().flat_map(|t| inner_tables(t, key)).collect();
            put_in_tables(all, inner, (name, span), rest, setting, faults);
        }
        (Kind::Tables(_), []) => {
            faults
                .error(span, format!("`{name}` alone cannot be set"))
                .help(format!("say which key of it: `{name}.key=value`"));
        }
        (_, []) => {
            let value = read(key, setting, faults);
            for target in &mut targets {
                target.set(Entry { key, key_span: span.clone(), value: value.clone() });
            }
        }
        (Kind::Table(inner), _) => {
            let chosen = table.choose.contains(&key.name);
            targets.retain(|t| !chosen || t.has(key.name));
            if targets.is_empty() {
                faults.error(span, format!("there is no `{name}` to set"));
            } else {
                let all = targets.into_iter().filter_map(|t| inner_table(t, key, inner, span));
                put(all.collect(), inner, rest, setting, faults);
            }
        }
        (_, [(next, span), ..]) => {
            faults
                .error(span, format!("`{name}` has no key `{next}`"))
                .help(format!("set it whole: `{name}={}`", key.example.trim_matches('"')));
        }
    }
}

/// The next step is a key of all these tables, or the name of one of them.
fn put_in_tables(
    all: Vec<&mut Fields>,
    inner: &'static Table,
    (of, of_span): (&str, &Range<usize>),
    rest: &[Step<'_>],
    setting: &Setting<'_>,
    faults: &mut Faults,
) {
    let Some(((next, span), behind)) = rest.split_first() else { return };
    if all.is_empty() {
        faults.error(of_span, format!("the file has no `[[{of}]]`"));
    } else if inner.key(next).is_some() {
        put(all, inner, rest, setting, faults);
    } else {
        let names: Vec<String> = all.iter().map(|t| name_of(t)).filter(|n| !n.is_empty()).collect();
        let keys = inner.keys.iter().map(|k| k.name);
        let named: Vec<_> = all.into_iter().filter(|t| name_of(t) == *next).collect();
        if named.is_empty() {
            let known = keys.clone().chain(names.iter().map(String::as_str));
            let help = match closest(next, known) {
                Some(near) => format!("did you mean `{of}.{near}`?"),
                None => suggest(next, "known here are", names.iter().map(String::as_str)),
            };
            faults
                .error(span, format!("`{next}` is neither a key nor the name of a `{of}`"))
                .help(help);
        } else if behind.is_empty() {
            faults
                .error(span, format!("`{of}.{next}` alone cannot be set"))
                .help(format!("say which key of it: `{of}.{next}.key=value`"));
        } else {
            put(named, inner, behind, setting, faults);
        }
    }
}

/// A table's name: its own, or that which a link has from its ends.
fn name_of(fields: &Fields) -> String {
    if let Some(name) = fields.table.key("name").and_then(|_| fields.text("name")) {
        return name.text().to_owned();
    }
    if fields.table.key("ends").is_none() {
        return String::new();
    }
    let ends = fields.get("ends").map_or(&[][..], Value::elements);
    ends.iter().map(Value::text).collect::<Vec<_>>().join("-")
}

fn inner_tables<'a>(target: &'a mut Fields, key: &'static Key) -> Vec<&'a mut Fields> {
    let entry = target.entries.iter_mut().find(|e| e.key.name == key.name);
    let Some(Node::List(list)) = entry.map(|e| &mut e.value.node) else { return Vec::new() };
    list.iter_mut().filter_map(as_table_mut).collect()
}

const fn as_table_mut(value: &mut Value) -> Option<&mut Fields> {
    if let Node::Table(fields) = &mut value.node { Some(fields) } else { None }
}

/// The table behind a key, made when it is not there.
fn inner_table<'a>(
    target: &'a mut Fields,
    key: &'static Key,
    table: &'static Table,
    span: &Range<usize>,
) -> Option<&'a mut Fields> {
    if !target.has(key.name) {
        let fields = Fields { table, span: span.clone(), entries: Vec::new() };
        let value = Value::new(span.clone(), Node::Table(fields));
        target.set(Entry { key, key_span: span.clone(), value });
    }
    let entry = target.entries.iter_mut().find(|e| e.key.name == key.name)?;
    as_table_mut(&mut entry.value)
}

/// Reads the right side: TOML where that fits the key, else the bare word as a text.
fn read(key: &'static Key, setting: &Setting<'_>, faults: &mut Faults) -> Value {
    let text = setting.value;
    let word = || Spanned::new(0..text.len(), DeValue::String(text.into()));
    let number = |v: &DeValue<'_>| matches!(v, DeValue::Integer(_) | DeValue::Float(_));
    let fits = |v: &DeValue<'_>| takes(&key.kind, v) || (number(v) && is_chance(&key.kind));
    let typed = DeValue::parse(text).ok();
    let typed = match typed {
        Some(typed) if fits(typed.get_ref()) || !takes(&key.kind, word().get_ref()) => typed,
        _ => word(),
    };
    let mut reader =
        Reader { text, offset: setting.at, faults, fractions: true, refused: Vec::new() };
    reader.value(&typed, &key.kind, key)
}

fn is_chance(kind: &Kind) -> bool {
    match kind {
        Kind::Chance => true,
        Kind::Either(kinds) => kinds.iter().any(is_chance),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::TABLES;
    use super::super::{Scenario, parse_source};
    use super::*;

    /// Every table that an assignment reaches is in it, with no more than must be there.
    const BARE: &str = r#"
        format = 1
        title = "x"
        [limits]
        [[host]]
        name = "client"
        program = [
            { tcp_client = { to = "server:7", send = ["x", "y"] } }, { tcp_request = { to = "server:80" } },
            { tcp_bulk = { to = "server:9", size = "2MiB" } }, { ping = { to = "server" } },
            { udp_client = { to = "server:7", send = ["x", "y"] } }, { traceroute = { to = "server" } },
        ]
        [[host]]
        name = "server"
        program = [
            { tcp_echo = { port = 7 } }, { tcp_sink = { port = 9 } }, { tcp_respond = { port = 80 } },
            { udp_echo = { port = 17 } }, { udp_sink = { port = 19 } },
        ]
        [[host]]
        name = "third"
        [[switch]]
        name = "switch"
        [[router]]
        name = "router"
        [[link]]
        ends = ["client", "switch"]
        [[link]]
        ends = ["switch", "server"]
        [[link]]
        ends = ["switch", "router"]
        [[link]]
        ends = ["router", "third"]
    "#;

    fn with(assignment: &str) -> Scenario {
        let source = Source::new("bare.toml", BARE).with(assignment);
        let (scenario, diagnostics) = parse_source(&source);
        scenario.unwrap_or_else(|| panic!("{}", source.report(&diagnostics, false)))
    }

    /// Where the keys of a table stand in [`BARE`]; `None` for tables that are not set by key.
    fn path(table: &Table) -> Option<String> {
        let path = match table.name {
            "[[host]]" => "host.client",
            "tcp" => "host.client.tcp",
            "[[switch]]" => "switch",
            "[[router]]" => "router",
            "[[link]]" => "link.router-third",
            "forward, backward" => "link.router-third.backward",
            "[limits]" => "limits",
            "tcp_echo" | "tcp_sink" | "tcp_respond" | "udp_echo" | "udp_sink" => {
                return Some(format!("host.server.program.{}", table.name));
            }
            "tcp_client" | "tcp_request" | "tcp_bulk" | "udp_client" | "ping" | "traceroute" => {
                return Some(format!("host.client.program.{}", table.name));
            }
            _ => return None,
        };
        Some(path.to_owned())
    }

    /// Tables, and names that others go by, are not set by assignment.
    fn is_settable(key: &Key) -> bool {
        !matches!(key.kind, Kind::Tables(_)) && !matches!(key.name, "name" | "ends" | "mtu")
    }

    #[test]
    fn every_key_has_an_effect() {
        let bare = with("seed=1");
        for table in TABLES {
            let Some(path) = path(table) else { continue };
            for key in table.keys.iter().filter(|k| is_settable(k)) {
                let example = match (table.name, key.name) {
                    ("[[host]]" | "[[router]]", "address") => "10.0.0.77/24".to_owned(),
                    _ => key.example.replace("server", "third"),
                };
                let assignment = format!("{path}.{}={example}", key.name);
                assert!(with(&assignment).blueprint != bare.blueprint, "{assignment}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_what_the_reference_says() {
        let bare = with("seed=1");
        let mut tried = 0;
        for table in TABLES {
            let Some(path) = path(table) else { continue };
            for key in table.keys.iter().filter(|k| is_settable(k) && !k.default.is_empty()) {
                let said = key.default;
                let is_value = said.starts_with(|c: char| c.is_ascii_digit())
                    || ["true", "false", "cubic", "rfc", "close"].contains(&said);
                if is_value {
                    tried += 1;
                    let assignment = format!("{path}.{}={said}", key.name);
                    assert!(with(&assignment).blueprint == bare.blueprint, "{assignment}");
                }
            }
        }
        assert!(tried > 60, "{tried}");
    }
}
