//! What ends a program is said as node says it, and with the line.

use super::*;

#[test]
fn messages_are_those_of_node() {
    check_all(&[
        (
            "const socket = {};\nsocket.emti('x');",
            "Uncaught 0:2 TypeError: socket.emti is not a function",
        ),
        ("missing();", "Uncaught 0:1 ReferenceError: missing is not defined"),
        (
            "\n\nnew (class { x = this.y(); })();",
            "Uncaught 0:3 TypeError: this.y is not a function",
        ),
        (
            "let a;\na.b;",
            "Uncaught 0:2 TypeError: Cannot read properties of undefined (reading 'b')",
        ),
        (
            "const a = { b: null };\na.b.c = 1;",
            "Uncaught 0:2 TypeError: Cannot set properties of null (setting 'c')",
        ),
        ("const a = 1;\na = 2;", "Uncaught 0:2 TypeError: Assignment to constant variable."),
        ("b; let b = 1;", "Uncaught 0:1 ReferenceError: Cannot access 'b' before initialization"),
        ("throw 'text';", "Uncaught ? Uncaught 'text'"),
        (
            "class Mine extends Error { name = 'Mine'; }\nthrow new Mine('m');",
            "Uncaught 0:2 Mine: m",
        ),
        (
            "document.title;",
            "Uncaught 0:1 ReferenceError: document is not defined (a simulated host has no document)",
        ),
        ("console.log(typeof document, typeof Worker);", "1 log undefined undefined"),
        (
            "async function f() {\n  await null;\n  null.x;\n}\nf();",
            "Rejection 0:3 TypeError: Cannot read properties of null (reading 'x')",
        ),
    ]);
}

#[test]
fn a_module_that_is_not_there_is_missed_at_its_line() {
    for (name, program, kind) in [
        (
            "main.js",
            "\nrequire('fs');",
            "Error: No such built-in module: fs (a simulated host has no fs; there are ",
        ),
        ("main.mjs", "\nimport fs from 'node:fs';", "Error: No such built-in module: fs ("),
        (
            "main.mjs",
            "\nimport x from 'express';",
            "Error: Cannot find package 'express' imported from main.mjs (",
        ),
        (
            "main.js",
            "\nrequire('./other');",
            "Error: Cannot find module './other' imported from main.js",
        ),
        (
            "main.mjs",
            "\nimport './other';",
            "Error: Cannot find module './other' imported from main.mjs",
        ),
    ] {
        let found = run(script(&[(name, program), ("other.mjs", "")]));
        assert!(found.starts_with(&format!("Uncaught 0:2 {kind}")), "{found}");
    }
    let caught = "try { require('fs') } catch (e) { console.log(e.code) }
        import('nothing').catch((e) => console.log(e.code));";
    check_all(&[(caught, "1 log ERR_UNKNOWN_BUILTIN_MODULE\n2 log MODULE_NOT_FOUND")]);
}

#[test]
fn a_stack_names_the_program_and_leaves_the_library_out() {
    let program = "function inner() {\n  throw new Error('x');\n}\n[1].forEach(() => inner());";
    let answer = History::new(Arc::new(script(&[("main.js", program)])), 1)
        .tell(told(Instant::ZERO, "start"));
    let fault = answer.fault.clone().unwrap();
    assert_eq!(
        fault.stack,
        "at inner (main.js:2:13)\nat main.js:4:19\nat forEach (<anonymous>)\nat main.js:4:5"
    );
    assert_eq!(fault.place, Some(Place { file: 0, line: 2, column: 13 }));
}

#[test]
fn syntax_is_checked_for_what_the_file_is() {
    let mut faults = String::new();
    for (name, text, expected) in [
        ("a.js", "const a = require('x');\nawait(a);", "fine"),
        ("a.js", "#!/usr/bin/env node\nimport x from 'y'; export default await x;", "fine"),
        ("a.js", "await Promise.resolve(1);", "fine"),
        ("a.js", "return 1;", "fine"),
        ("a.mjs", "return 1;", "1 SyntaxError: return not in a function"),
        ("a.cjs", "import x from 'y';", "1 SyntaxError: Unexpected identifier 'x'"),
        ("a.js", "let a = 1;\nlet b = a +* 2;", "2 SyntaxError: Unexpected token '*'"),
        ("a.js", "import x from 'y';\nlet b = +* 2;", "2 SyntaxError: Unexpected token '*'"),
        ("a.js", "const x = await 1;\nlet b = +* 2;", "2 SyntaxError: Unexpected token '*'"),
        ("a.js", "f(", "1 SyntaxError: Unexpected end of input"),
        ("a.js", "let a;\nlet a;", "2 SyntaxError: Identifier 'a' has already been declared"),
        ("a.json", "{ \"a\": 1 }", "fine"),
        ("a.js", "\0", "1 SyntaxError: Invalid or unexpected token"),
    ] {
        let found = check(&Source { name: name.into(), text: text.into() });
        let found = found.map_or_else(
            |fault| {
                assert_eq!(fault.kind, FaultKind::Syntax);
                format!("{} {}", fault.place.map_or(0, |place| place.line), fault.message)
            },
            |()| "fine".into(),
        );
        if found != expected {
            let _ = writeln!(faults, "{found:?}, not {expected:?}: {name} {text:?}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_program_that_is_no_javascript_does_not_begin() {
    check_all(&[(
        "console.log('never');\nlet = ;",
        "Syntax 0:2 SyntaxError: Unexpected token ';'",
    )]);
}
