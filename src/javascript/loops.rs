//! The loop that does not end. The engine knows the line of calls and of properties; for `while
//! (true) n += 1;` it names what ran last before it. So loops are looked for in the text.

use std::ops::Range;

/// Where a loop that was interrupted at a place begins, as an offset into the text: there, if the
/// place is in a loop; else at the next loop behind it.
pub(super) fn blamed(text: &str, place: usize) -> Option<usize> {
    let loops = all(text);
    let is_inside = loops.iter().any(|range| range.contains(&place));
    let next = || loops.iter().map(|range| range.start).filter(|start| *start >= place).min();
    if is_inside { Some(place) } else { next() }
}

/// From its keyword to its end, each loop of a text.
fn all(text: &str) -> Vec<Range<usize>> {
    let code = blanked(text);
    let is_name = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'$' || c == b'.';
    let mut found = Vec::new();
    for keyword in ["for", "while", "do"] {
        for (start, _) in code.match_indices(keyword) {
            let (before, behind) = (code[..start].bytes().last(), &code[start + keyword.len()..]);
            if !before.is_some_and(is_name) && !behind.bytes().next().is_some_and(is_name) {
                found.push(start..code.len() - end(behind, keyword).len());
            }
        }
    }
    found
}

/// What is left behind a loop's body.
fn end<'t>(behind: &'t str, keyword: &str) -> &'t str {
    let mut rest = behind.trim_start();
    rest = rest.strip_prefix("await").unwrap_or(rest).trim_start();
    if keyword != "do" && rest.starts_with('(') {
        rest = skip_group(rest).trim_start();
    }
    if rest.starts_with('{') {
        return skip_group(rest);
    }
    // One statement, which may have functions and objects in it.
    while let Some(at) = rest.find(['(', '[', '{', ';', '}', ')']) {
        match rest.as_bytes()[at] {
            b'(' | b'[' | b'{' => rest = skip_group(&rest[at..]),
            _ => return &rest[at..],
        }
    }
    ""
}

/// What is left behind a pair of brackets that the text begins with.
fn skip_group(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in text.bytes().enumerate() {
        match c {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

/// The text with spaces for what is in comments, quotes and template literals, and for all that is
/// not ASCII. Regular expressions are taken for code.
fn blanked(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let blank = match c {
            '\'' | '"' | '`' => quoted(rest, c),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            c if c.is_ascii() => 0,
            c => c.len_utf8(),
        };
        if blank == 0 {
            code.push(c);
        } else {
            code.extend(std::iter::repeat_n(' ', blank));
        }
        rest = &rest[blank.max(c.len_utf8())..];
    }
    code
}

/// How long a quoted text is, with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + 1,
            '\n' if quote != '`' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_around_a_place_or_the_next_behind_it_is_blamed() {
        let text = "a();\nwhile (true) { b(); }\nc('for (;;)'); // while\ndo d; while (e)\nfor (const x of f({ g })) h(() => { i; });\nj();";
        for (at, blamed_at) in [
            ("a", "while"),
            ("b()", "b()"),
            ("c(", "do d"),
            ("d;", "d;"),
            ("i;", "i;"),
            ("g }", "g }"),
        ] {
            assert_eq!(blamed(text, text.find(at).unwrap()), text.find(blamed_at), "{at}");
        }
        assert_eq!(blamed(text, text.find("j()").unwrap()), None);
        for text in ["for", "for (", "while {)]}", "'", "/*", "`${", "do", "é for(;;)'\\"] {
            blamed(text, 0);
        }
    }
}
