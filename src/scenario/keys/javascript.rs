//! Programs in JavaScript.

use super::super::format::{Key, Kind, Table};
use super::program::AT;

/// A file, or a table that says more.
pub(super) const TEXT: Kind = Kind::Either(&[Kind::Text, Kind::Table(&JAVASCRIPT)]);

/// The text of a program.
pub(super) static JAVASCRIPT: Table = Table {
    name: "javascript",
    about: "A program in JavaScript (see [JAVASCRIPT.md](JAVASCRIPT.md)): a file, or its text.",
    choose: &["file", "code"],
    keys: &[
        Key::new(
            "file",
            Kind::Text,
            "\"server.js\"",
            "The file, from the scenario's folder on. It may import others that lie there.",
        ),
        Key::new("code", Kind::Text, "'console.log(\"hello\")'", "The program itself."),
        Key::new("name", Kind::Text, "\"client.js\"", "The name of a program given as `code`.")
            .or("program.js"),
        AT,
        Key::new(
            "args",
            Kind::List { of: &Kind::Text, min: 0, max: 100 },
            "[\"alice\"]",
            "Its arguments: `process.argv` from the third on.",
        )
        .or("none"),
        Key::new(
            "restart",
            Kind::Either(&[Kind::TIME, Kind::List { of: &Kind::TIME, min: 1, max: 100 }]),
            "\"5s\"",
            "When it is ended and started anew, remembering nothing.",
        )
        .or("never"),
    ],
};
