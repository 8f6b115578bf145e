//! Text to words.

use super::{Compare, Fault, TEXT_MAX};
use std::ops::Range;

/// A word of the language and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A name, a number, an address, a time: whatever is written without blanks.
    Word(String),
    /// In quotes; quotes and escapes taken off.
    Text(String),
    Compare(Compare),
    Open,
    Close,
    And,
    Or,
    Not,
    End,
}

/// Splits a text; the last token is [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    if text.len() > TEXT_MAX {
        return Err(Fault {
            span: 0..0,
            message: format!("the filter is {} octets long", text.len()),
            help: format!("at most {TEXT_MAX} are read"),
        });
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, len) = token(text, at, first)?;
        found.push(Token { kind, span: at..at + len });
        at += len;
    }
    found.push(Token { kind: Kind::End, span: text.len()..text.len() });
    Ok(found)
}

/// The token that begins at `at`, and its length.
fn token(text: &str, at: usize, first: char) -> Result<(Kind, usize), Fault> {
    let rest = &text[at..];
    let pairs = [
        ("==", Kind::Compare(Compare::Equal)),
        ("!=", Kind::Compare(Compare::NotEqual)),
        ("<=", Kind::Compare(Compare::LessOrEqual)),
        (">=", Kind::Compare(Compare::GreaterOrEqual)),
        ("&&", Kind::And),
        ("||", Kind::Or),
        ("<", Kind::Compare(Compare::Less)),
        (">", Kind::Compare(Compare::Greater)),
        ("!", Kind::Not),
        ("(", Kind::Open),
        (")", Kind::Close),
    ];
    if let Some((sign, kind)) = pairs.into_iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((kind, sign.len()));
    }
    match first {
        '"' | '“' | '”' => quoted(text, at, first),
        _ if is_word(first) => {
            let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let kind = match &rest[..len] {
                "and" => Kind::And,
                "or" => Kind::Or,
                "not" => Kind::Not,
                "eq" => Kind::Compare(Compare::Equal),
                "ne" => Kind::Compare(Compare::NotEqual),
                "lt" => Kind::Compare(Compare::Less),
                "le" => Kind::Compare(Compare::LessOrEqual),
                "gt" => Kind::Compare(Compare::Greater),
                "ge" => Kind::Compare(Compare::GreaterOrEqual),
                word => Kind::Word(word.into()),
            };
            Ok((kind, len))
        }
        '=' => Err(Fault {
            span: at..at + 1,
            message: "`=` compares nothing".into(),
            help: "write `==`".into(),
        }),
        _ => Err(Fault {
            span: at..at + first.len_utf8(),
            message: format!("`{first}` has no meaning here"),
            help: "write words, comparisons and brackets: `tcp.syn from client`".into(),
        }),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '/' | '%' | '#')
}

/// Text in quotes, with `\"`, `\\`, `\n`, `\r` and `\t` in it; its length counts the quotes.
fn quoted(text: &str, at: usize, first: char) -> Result<(Kind, usize), Fault> {
    let begin = at + first.len_utf8();
    let mut out = String::new();
    let mut chars = text[begin..].char_indices();
    while let Some((place, c)) = chars.next() {
        match c {
            '"' | '”' | '“' => return Ok((Kind::Text(out), begin + place + c.len_utf8() - at)),
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 'r')) => out.push('\r'),
                Some((_, 't')) => out.push('\t'),
                Some((_, c)) => out.push(c),
                None => break,
            },
            _ => out.push(c),
        }
    }
    Err(Fault {
        span: at..text.len(),
        message: "this text does not end".into(),
        help: "close it with `\"`".into(),
    })
}
