//! A file once its shape is right: every value of the kind that its key wants, each with its place.

use super::format::{Key, Table};
use crate::base::{Duration, Rate};
use crate::stack::data_link::ethernet::MacAddress;
use crate::stack::network::ipv4::Cidr;
use std::ops::Range;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) span: Range<usize>,
    pub(super) node: Node,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// It is wrong, which has been said; whoever needs it goes on without.
    Broken,
    /// A text; `at` is where its first letter stands when it is typed as it is read, without
    /// escapes.
    Text {
        text: String,
        at: Option<usize>,
    },
    Number(u64),
    Flag(bool),
    Time(Duration),
    Rate(Rate),
    /// Octets.
    Size(u64),
    /// Parts per million.
    Chance(u32),
    Address(Cidr),
    Mac(MacAddress),
    Table(Fields),
    List(Vec<Value>),
}

/// A table's keys that were given.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) table: &'static Table,
    /// Its header, or all of it when it stands in braces.
    pub(super) span: Range<usize>,
    pub(super) entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: &'static Key,
    pub(super) key_span: Range<usize>,
    pub(super) value: Value,
}

impl Value {
    pub(super) const fn new(span: Range<usize>, node: Node) -> Self {
        Self { span, node }
    }

    /// The text of a text; empty for anything else.
    pub(super) fn text(&self) -> &str {
        if let Node::Text { text, .. } = &self.node { text } else { "" }
    }

    /// Where these octets of the text stand; the whole value when it is typed with escapes.
    pub(super) fn part(&self, part: Range<usize>) -> Range<usize> {
        match self.node {
            Node::Text { at: Some(at), .. } => {
                (at + part.start).min(self.span.end)..(at + part.end).min(self.span.end)
            }
            _ => self.span.clone(),
        }
    }

    /// The elements of a list; a value that is no list counts as a list of itself.
    pub(super) fn elements(&self) -> &[Self] {
        match &self.node {
            Node::List(list) => list,
            Node::Broken => &[],
            _ => std::slice::from_ref(self),
        }
    }
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident, $variant:ident, $type:ty) => {
        $(#[$doc])*
        pub(super) fn $name(&self, key: &str) -> Option<$type> {
            match self.get(key)?.node {
                Node::$variant(value) => Some(value),
                _ => None,
            }
        }
    };
}

impl Fields {
    /// An entry; `None` when the key was left out.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        debug_assert!(self.table.key(key).is_some(), "`{key}` is no key of {}", self.table.name);
        self.entries.iter().find(|e| e.key.name == key)
    }

    /// A value; `None` when the key was left out. It may be broken.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|e| &e.value)
    }

    /// Whether the key was given, be it broken.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Where a key's value stands; the table's header when the key was left out.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.get(key).map_or_else(|| self.span.clone(), |v| v.span.clone())
    }

    getter!(
        /// A number.
        number, Number, u64
    );
    getter!(
        /// A flag.
        flag, Flag, bool
    );
    getter!(
        /// A length of time.
        time, Time, Duration
    );
    getter!(
        /// A rate.
        rate, Rate, Rate
    );
    getter!(
        /// So many octets.
        size, Size, u64
    );
    getter!(
        /// A chance in parts per million.
        chance, Chance, u32
    );

    /// A text, whole.
    pub(super) fn text(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|v| matches!(v.node, Node::Text { .. }))
    }

    /// A table.
    pub(super) fn table(&self, key: &str) -> Option<&Self> {
        self.get(key)?.as_table()
    }

    /// The tables of a list of tables, the broken ones left out.
    pub(super) fn tables<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a Self> {
        self.get(key).map_or(&[][..], Value::elements).iter().filter_map(Value::as_table)
    }

    /// Puts a value in, in place of the one that was there.
    pub(super) fn set(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|e| e.key.name == entry.key.name) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }
}

impl Value {
    pub(super) fn as_table(&self) -> Option<&Fields> {
        if let Node::Table(fields) = &self.node { Some(fields) } else { None }
    }
}
