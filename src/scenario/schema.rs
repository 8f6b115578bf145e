//! The format as a JSON Schema, for editors: they complete keys, show what each is for, and mark
//! mistakes while somebody types.

use super::format::{Key, Kind, Table};
use super::keys::{FILE, FORMAT, TABLES};
use serde_json::{Map, Value, json};

/// The schema of a scenario file (JSON Schema, draft 2020-12).
pub fn schema() -> Value {
    let mut root = table(&FILE);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("framestep scenario");
    root["properties"]["format"]["const"] = json!(FORMAT);
    let inner = TABLES.iter().filter(|t| t.name != FILE.name);
    root["$defs"] = inner.map(|t| (id(t), table(t))).collect::<Map<_, _>>().into();
    root
}

/// A table's name in `$defs`.
fn id(table: &Table) -> String {
    let plain = table.name.trim_matches(['[', ']']);
    plain.split(',').next().unwrap_or(plain).replace('.', "-")
}

fn table(table: &Table) -> Value {
    let properties: Map<String, Value> =
        table.keys.iter().map(|k| (k.name.to_owned(), property(k))).collect();
    let required: Vec<&str> = table.keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    let mut schema = json!({
        "type": "object",
        "description": table.about,
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if !table.choose.is_empty() {
        let one = |name: &&str| json!({ "required": [name] });
        schema["oneOf"] = table.choose.iter().map(one).collect();
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = kind(&key.kind);
    let default = match key.default {
        "" => String::new(),
        default => format!("\n\nLeft out: {default}."),
    };
    schema["description"] = json!(format!("{}{default}", key.about));
    let example = toml::from_str::<Map<String, Value>>(&format!("example = {}", key.example));
    if let Ok(example) = example {
        schema["examples"] = json!([example["example"]]);
    }
    schema
}

fn kind(kind: &Kind) -> Value {
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match kind {
        Kind::Text | Kind::Reference => json!({ "type": "string" }),
        Kind::Name => pattern("^[A-Za-z][A-Za-z0-9_-]{0,63}$"),
        Kind::Number { min, max } if *max > i64::MAX as u64 => {
            json!({ "type": "integer", "minimum": min })
        }
        Kind::Number { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Time { .. } => pattern(r"^\s*[0-9]+(\.[0-9]+)?\s*(ns|us|µs|ms|s|min)\s*$"),
        Kind::Rate => pattern(r"^\s*[0-9]+(\.[0-9]+)?\s*[kKmMgG]?[bB][iI][tT]/[sS]\s*$"),
        Kind::Size { .. } => pattern(r"^\s*[0-9]+(\.[0-9]+)?\s*(B|kB|KiB|MB|MiB|GB|GiB)\s*$"),
        Kind::Chance => pattern(r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$"),
        Kind::Address => pattern(r"^\s*[0-9]+(\.[0-9]+){3}/[0-9]+\s*$"),
        Kind::Network => pattern(r"^(default|\s*[0-9]+(\.[0-9]+){3}/[0-9]+\s*)$"),
        Kind::Mac => pattern("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$"),
        Kind::Endpoint => pattern("^.+:[0-9]+$"),
        Kind::Word(words) => {
            let one = |w: &(&str, &str)| json!({ "const": w.0, "description": w.1 });
            json!({ "oneOf": words.iter().map(one).collect::<Vec<_>>() })
        }
        Kind::Table(table) => json!({ "$ref": format!("#/$defs/{}", id(table)) }),
        Kind::Tables(table) => {
            json!({ "type": "array", "items": { "$ref": format!("#/$defs/{}", id(table)) } })
        }
        Kind::List { of, min, max } => {
            json!({ "type": "array", "items": self::kind(of), "minItems": min, "maxItems": max })
        }
        Kind::Either(kinds) => {
            json!({ "anyOf": kinds.iter().map(self::kind).collect::<Vec<_>>() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_has_a_name_of_its_own_and_every_reference_leads_somewhere() {
        let schema = schema();
        let ids: BTreeSet<String> = TABLES.iter().map(|t| id(t)).collect();
        assert_eq!(ids.len(), TABLES.len());
        let text = schema.to_string();
        for part in text.split("\"#/$defs/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
    }
}
