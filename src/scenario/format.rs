//! The vocabulary in which the format is written down: tables, their keys, and the kinds of value.
//!
//! The format itself is in [`keys`](super::keys), as data. The reader of files, the JSON Schema and
//! the reference in `docs/SCENARIOS.md` are all made from that one description.

use crate::base::Duration;

/// One table of the format, `[[link]]` for instance.
#[derive(Debug)]
pub(super) struct Table {
    /// As messages and headings name it: `[[link]]`, `tcp_client`.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its keys, in the order of the reference.
    pub keys: &'static [Key],
    /// Of these keys there must be exactly one; empty where nothing is to be chosen.
    pub choose: &'static [&'static str],
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// The key.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// One or two sentences about it.
    pub about: &'static str,
    /// A value, as it is typed.
    pub example: &'static str,
    /// What it is when it is left out; empty where that needs no words.
    pub default: &'static str,
    /// Whether it must be there.
    pub required: bool,
}

impl Key {
    /// A key that may be left out.
    pub(super) const fn new(
        name: &'static str,
        kind: Kind,
        example: &'static str,
        about: &'static str,
    ) -> Self {
        Self { name, kind, about, example, default: "", required: false }
    }

    /// What holds when it is left out.
    #[must_use]
    pub(super) const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// It must be there.
    #[must_use]
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// The name that something gets.
    Name,
    /// The name of something that is there.
    Reference,
    /// A whole number.
    Number {
        /// The smallest.
        min: u64,
        /// The greatest.
        max: u64,
    },
    /// `true` or `false`.
    Flag,
    /// A length of time, `"20ms"`.
    Time {
        /// The shortest.
        min: Duration,
        /// The longest.
        max: Duration,
    },
    /// A rate, `"10Mbit/s"`.
    Rate,
    /// A number of octets, `"64KiB"`.
    Size {
        /// The fewest.
        min: u64,
        /// The most.
        max: u64,
    },
    /// A chance, `"5%"`, kept in parts per million.
    Chance,
    /// An interface's address with the length of its prefix, `"10.0.0.1/24"`.
    Address,
    /// A network, `"10.0.2.0/24"`, or `"default"` for all of them.
    Network,
    /// A hardware address.
    Mac,
    /// A host and a port, `"server:7000"`.
    Endpoint,
    /// One of these words, each with its meaning.
    Word(&'static [(&'static str, &'static str)]),
    /// A table in braces or under a header of its own.
    Table(&'static Table),
    /// Tables under `[[headers]]`, or in brackets.
    Tables(&'static Table),
    /// Several values of one kind in brackets.
    List {
        /// The kind.
        of: &'static Self,
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// A value or a list or a table; TOML tells which.
    Either(&'static [Self]),
}

/// The longest time that can be given: a year.
pub(super) const TIME_MAX: Duration = Duration::from_secs(366 * 24 * 3_600);

impl Kind {
    /// A length of time, zero too.
    pub(super) const TIME: Self = Self::Time { min: Duration::ZERO, max: TIME_MAX };
    /// A length of time, not zero.
    pub(super) const SOME_TIME: Self = Self::Time { min: Duration::from_nanos(1), max: TIME_MAX };
    /// A port.
    pub(super) const PORT: Self = Self::Number { min: 1, max: 65_535 };

    /// The kind in a few words, with its article.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Name => "a name".into(),
            Self::Reference => "the name of a node or link".into(),
            Self::Number { .. } => "a whole number".into(),
            Self::Flag => "`true` or `false`".into(),
            Self::Time { .. } => "a length of time".into(),
            Self::Rate => "a rate".into(),
            Self::Size { .. } => "a number of octets".into(),
            Self::Chance => "a percentage".into(),
            Self::Address => "an address with its prefix length".into(),
            Self::Network => "a network".into(),
            Self::Mac => "a hardware address".into(),
            Self::Endpoint => "a host and a port".into(),
            Self::Word(words) => {
                let words: Vec<_> = words.iter().map(|w| format!("`\"{}\"`", w.0)).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Table(_) => "a table".into(),
            Self::Tables(table) => format!("`{}` tables", table.name),
            Self::List { .. } => "a list".into(),
            Self::Either(kinds) => kinds.iter().map(Self::words).collect::<Vec<_>>().join(", or "),
        }
    }
}

impl Table {
    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|k| k.name == name)
    }
}
