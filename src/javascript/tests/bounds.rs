//! Programs that want too much.

use super::*;

fn ended_by(program: &str, limits: Limits) -> Option<(FaultKind, Option<u32>)> {
    let script = Script { limits, ..script(&[("main.js", program)]) };
    let mut history = History::new(Arc::new(script), 1);
    let answer = history.tell(told(Instant::ZERO, "start"));
    let fault = answer.fault.clone()?;
    let after = history.tell(told(Instant(1), "deadline"));
    assert_eq!(*after, Answer::default(), "a program went on after {fault:?}");
    Some((fault.kind, fault.place.map(|place| place.line)))
}

#[test]
fn each_way_to_want_too_much_ends_the_program_with_its_line() {
    use FaultKind::{Memory, Output, Stack, Work};
    let limits = Limits {
        work_callback: 1_000_000,
        memory: 4 << 20,
        output_octets: 1 << 20,
        ..Limits::default()
    };
    let mut faults = String::new();
    for (program, expected) in [
        ("\nfor (;;);", (Work, Some(2))),
        ("\nfor (;;) { try { null.x; } catch {} }", (Work, Some(2))),
        (
            "\nfor (;;) { try { for (;;); } catch { console.log('never'); } finally { for (;;); } }",
            (Work, Some(2)),
        ),
        (
            "\n(async () => { try { await (async () => { for (;;); })(); } catch { for (;;); } })();",
            (Work, Some(2)),
        ),
        ("for (;;) new Error('x').stack;", (Work, Some(1))),
        ("\nfunction f() { f(); }\nf();", (Stack, Some(2))),
        ("\nfunction f() { f(); }\ntry { f(); } catch { console.log('never'); }", (Stack, Some(2))),
        ("const f = async () => { await f(); }; f();", (Stack, Some(1))),
        ("const p = new Proxy({}, { get: () => p.x }); p.x;", (Stack, Some(1))),
        ("function f() { process.nextTick(f); } f();", (Work, Some(1))),
        ("function f() { setImmediate(f); } f();", (Output, Some(1))),
        ("(async () => { for (;;) await null; })();", (Work, None)),
        ("const a = []; for (;;) a.push({ a: [] });", (Memory, None)),
        ("'x'.repeat(1e9);", (Memory, Some(1))),
        ("let s = 'x'; for (;;) s += s;", (Memory, Some(1))),
        ("new Array(1e8).fill(0);", (Work, Some(1))),
        ("new Uint8Array(9e6);", (Memory, Some(1))),
        ("for (;;) setTimeout(() => {}, 1);", (Memory, None)),
        ("new Array(2 ** 32 - 1).join('');", (Work, Some(1))),
        ("let a = [];\nfor (;;) a = [...a, 1];", (Work, Some(2))),
        ("/^(a+)+$/.test('a'.repeat(40) + 'b');", (Work, Some(1))),
        ("for (;;) new Function('a', 'return a;');", (Work, Some(1))),
        ("for (;;) process.stdout.write('x');", (Output, Some(1))),
        ("process.stdout.write('x'.repeat(5e6));", (Memory, Some(1))),
        ("const s = 'x'.repeat(1e5);\nfor (;;) process.stdout.write(s);", (Output, Some(2))),
    ] {
        let found = ended_by(program, limits);
        if found != Some(expected) {
            let _ = writeln!(faults, "{found:?}, not {expected:?}: {program}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
    let run = Limits { work_run: 100_000, ..Limits::default() };
    assert_eq!(ended_by("for (;;);", run), Some((Work, Some(1))));
    assert_eq!(ended_by("for (let i = 0; i < 1e6; i++);", Limits::default()), None);
}

#[test]
fn a_program_cannot_change_what_the_library_stands_on() {
    check_all(&[
        (
            "Error.prepareStackTrace = () => 'x'; Error.stackTraceLimit = 0;
             Uint8Array.prototype.toHex = () => ''; Object.defineProperty(Error.prototype, 'name', { get() { throw 1; } });
             setTimeout(() => { null.x; }, 1);",
            "3 > setTimeout 1\nUncaught 0:3 TypeError: Cannot read properties of null (reading 'x')",
        ),
        (
            "const e = new Error('m'); Object.defineProperty(e, 'stack', { get() { throw 1; } }); throw e;",
            "Uncaught ? Error: m",
        ),
        ("console.log('\\ud800');", "1 log \u{fffd}"),
    ]);
}
