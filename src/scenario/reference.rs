//! The format as a page to read: the reference part of `docs/SCENARIOS.md`.

use super::format::{Key, Kind, Table};
use super::keys::TABLES;
use std::fmt::Write;

/// Every table and every key, in Markdown.
pub fn reference() -> String {
    let mut page = String::new();
    for table in TABLES {
        section(&mut page, table);
    }
    page
}

fn section(page: &mut String, table: &Table) {
    let name = match table.name {
        "the file" => "At the top of the file".to_owned(),
        name => format!("`{name}`"),
    };
    // Writing into a `String` cannot fail.
    let _ = write!(page, "### {name}\n\n{}\n\n", table.about);
    page.push_str("| key | what it is | example | left out |\n|---|---|---|---|\n");
    for key in table.keys {
        let left_out = match (key.required, key.default) {
            (true, _) => "**must be there**",
            (false, default) => default,
        };
        let about = about(key);
        let _ = writeln!(page, "| `{}` | {about} | `{}` | {left_out} |", key.name, key.example);
    }
    page.push('\n');
}

/// The sentence about a key, with its words or its bounds.
fn about(key: &Key) -> String {
    let more = match key.kind {
        Kind::Number { max, .. } if max > u64::from(u32::MAX) => " A whole number.".to_owned(),
        Kind::Number { min, max } => format!(" {min} to {max}."),
        Kind::Word(words) => {
            let one = |(word, meaning): &(&str, &str)| format!("`\"{word}\"` ({meaning})");
            format!(" One of {}.", words.iter().map(one).collect::<Vec<_>>().join(", "))
        }
        _ => String::new(),
    };
    format!("{}{more}", key.about)
}

#[cfg(test)]
mod tests {
    use super::super::{diagnostic::Faults, file::Reader};
    use super::*;
    use toml::de::DeTable;

    #[test]
    fn every_example_of_a_key_is_accepted_for_it() {
        for table in TABLES {
            for key in table.keys {
                let text = format!("{} = {}", key.name, key.example);
                let root = DeTable::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
                let (_, value) = root.get_ref().iter().next().expect("one key");
                let mut faults = Faults::default();
                let mut reader = Reader {
                    text: &text,
                    offset: 0,
                    faults: &mut faults,
                    fractions: false,
                    refused: Vec::new(),
                };
                reader.value(value, &key.kind, key);
                assert_eq!(faults.into_sorted(), [], "{text}");
            }
        }
    }

    #[test]
    fn what_is_to_be_chosen_is_a_key() {
        for table in TABLES {
            for name in table.choose {
                assert!(table.key(name).is_some_and(|k| !k.required), "{name} in {}", table.name);
            }
        }
    }
}
