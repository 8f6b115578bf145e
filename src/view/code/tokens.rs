//! JavaScript in pieces, for colours. It need not be right where the text is wrong.

use std::collections::BTreeSet;
use std::ops::Range;

/// What a piece of a program is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Blanks, operators, brackets.
    Plain,
    /// A name.
    Name,
    /// A word of the language.
    Keyword,
    /// A string, a piece of a template, a regular expression.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
}

const KEYWORDS: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "if",
    "import",
    "in",
    "instanceof",
    "let",
    "new",
    "null",
    "of",
    "return",
    "set",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Keywords after which an operand follows, so that `/` begins a regular expression.
const BEFORE_OPERAND: &[&str] = &[
    "await",
    "case",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
];

/// The pieces of a text, one behind the other, without a gap.
pub fn tokens(text: &str) -> impl Iterator<Item = (Kind, Range<usize>)> {
    let mut reader = Reader { text, at: 0, templates: Vec::new(), ends_value: false };
    std::iter::from_fn(move || reader.piece())
}

/// The lines on which something is called, made, or begins as a function: only such a line can be
/// seen to run.
pub fn can_run(text: &str) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut line = 1;
    let mut before = (Kind::Plain, "");
    for (kind, range) in tokens(text) {
        let piece = &text[range];
        let is_call = piece == "(" && (before.0 == Kind::Name || matches!(before.1, ")" | "]"));
        let is_begun = kind == Kind::Keyword && matches!(piece, "new" | "function");
        if is_call || is_begun || kind == Kind::Plain && before.1 == "=" && piece == ">" {
            found.insert(line);
        }
        line += piece.matches('\n').count() as u32;
        if kind != Kind::Comment && !piece.trim().is_empty() {
            before = (kind, piece);
        }
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// For each template that an expression of is being read, its open braces.
    templates: Vec<usize>,
    /// Whether what came last ends a value, so that `/` divides.
    ends_value: bool,
}

impl Reader<'_> {
    fn piece(&mut self) -> Option<(Kind, Range<usize>)> {
        let start = self.at;
        let rest = &self.text[start..];
        let first = rest.chars().next()?;
        let (kind, len) = match first {
            _ if first.is_whitespace() => (Kind::Plain, run(rest, char::is_whitespace)),
            '#' if start == 0 && rest.starts_with("#!") => (Kind::Comment, line(rest)),
            '/' if rest.starts_with("//") => (Kind::Comment, line(rest)),
            '/' if rest.starts_with("/*") => {
                (Kind::Comment, rest[2..].find("*/").map_or(rest.len(), |end| end + 4))
            }
            '/' if !self.ends_value => (Kind::Text, expression(rest)),
            '"' | '\'' => (Kind::Text, string(rest, first)),
            '`' => (Kind::Text, 1 + self.template(&rest[1..])),
            '}' if self.templates.last() == Some(&0) => {
                self.templates.pop();
                (Kind::Text, 1 + self.template(&rest[1..]))
            }
            _ if first.is_ascii_digit() => (Kind::Number, number(rest)),
            _ if is_of_name(first) => {
                let len = first.len_utf8() + run(&rest[first.len_utf8()..], is_of_name);
                (self.word(&rest[..len]), len)
            }
            _ => (Kind::Plain, first.len_utf8()),
        };
        match (first, self.templates.last_mut()) {
            ('{', Some(open)) if kind == Kind::Plain => *open += 1,
            ('}', Some(open)) if kind == Kind::Plain => *open = open.saturating_sub(1),
            _ => {}
        }
        self.at += len;
        let piece = &rest[..len];
        if kind != Kind::Comment && !first.is_whitespace() {
            self.ends_value = match kind {
                Kind::Plain => matches!(first, ')' | ']' | '}'),
                Kind::Keyword => !BEFORE_OPERAND.contains(&piece),
                _ => !piece.ends_with("${"),
            };
        }
        Some((kind, start..self.at))
    }

    /// A name or a word of the language. After a dot everything is a name.
    fn word(&self, word: &str) -> Kind {
        let is_member =
            self.text[..self.at].ends_with('.') && !self.text[..self.at].ends_with("..");
        let is_keyword = !is_member && KEYWORDS.binary_search(&word).is_ok();
        if is_keyword { Kind::Keyword } else { Kind::Name }
    }

    /// The octets of a template up to its end, or up to an expression in it.
    fn template(&mut self, rest: &str) -> usize {
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => {
                    letters.next();
                }
                '`' => return at + 1,
                '$' if rest[at..].starts_with("${") => {
                    self.templates.push(0);
                    return at + 2;
                }
                _ => {}
            }
        }
        rest.len()
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$' | '#' | '@')
}

/// The octets of the letters that it begins with.
fn run(text: &str, is_one: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_one(letter)).unwrap_or(text.len())
}

/// The octets up to the end of the line.
fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// A string with its quotes; it ends with the line at the latest.
fn string(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\n' => return at,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A regular expression with its flags, or a slash alone where the line has no other.
fn expression(text: &str) -> usize {
    let mut is_in_class = false;
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '\n' => return 1,
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '/' if !is_in_class => return at + 1 + run(&text[at + 1..], char::is_alphanumeric),
            _ => {}
        }
    }
    1
}

fn number(text: &str) -> usize {
    let len = run(text, |letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
    let is_exponent = text[..len].ends_with(['e', 'E']) && !text.starts_with("0x");
    match text[len..].strip_prefix(['+', '-']) {
        Some(rest) if is_exponent => len + 1 + run(rest, |letter| letter.is_ascii_digit()),
        _ => len,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `k:const n:x s:'hi'`: the pieces that have a colour.
    fn coloured(text: &str) -> String {
        let shown = tokens(text).filter_map(|(kind, range)| {
            let letter = match kind {
                Kind::Plain | Kind::Name => return None,
                Kind::Keyword => 'k',
                Kind::Text => 's',
                Kind::Number => 'n',
                Kind::Comment => 'c',
            };
            Some(format!("{letter}:{}", &text[range]))
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn words_strings_numbers_and_comments_are_told_apart() {
        for (text, expected) in [
            ("const x = 0x1f + 2.5e-3; // so", "k:const n:0x1f n:2.5e-3 c:// so"),
            ("a.default = 'it\\'s'", "s:'it\\'s'"),
            ("[...new Set()]", "k:new"),
            ("/* two\nlines */ x", "c:/* two\nlines */"),
            ("s = 'no end\nlet y", "s:'no end k:let"),
            ("`hi ${who.map((x) => `${x}!`)} there`", "s:`hi ${ s:`${ s:}!` s:} there`"),
            ("`${{ a: 1 }.a}`", "s:`${ n:1 s:}`"),
            ("x = /[/\"]+/g.test(y) / 2 / z", "s:/[/\"]+/g n:2"),
            ("return /a/", "k:return s:/a/"),
            ("#!/usr/bin/node\n#own", "c:#!/usr/bin/node"),
            ("`never closed ${ 'or so", "s:`never closed ${ s:'or so"),
        ] {
            assert_eq!(coloured(text), expected, "{text}");
        }
    }

    #[test]
    fn a_line_can_run_where_it_calls_or_begins_a_function() {
        let text =
            "// f()\nconst a = 1;\nf(a);\nif (a) {\n  g = () => a;\n}\n\nnew X;\n'f(x)'\nh[0]()";
        assert_eq!(can_run(text).into_iter().collect::<Vec<_>>(), [3, 5, 8, 10]);
    }

    proptest! {
        #[test]
        fn whatever_the_text_the_pieces_are_the_text(
            text in "([a-z/\"'`${}\\\\\n*0-9.+é文 ]|=>){0,80}"
        ) {
            let mut end = 0;
            for (_, range) in tokens(&text) {
                prop_assert_eq!(range.start, end);
                prop_assert!(range.end > end);
                end = range.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
