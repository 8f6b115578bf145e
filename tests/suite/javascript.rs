//! Programs in JavaScript on simulated hosts.

use framestep::base::{Instant, Rng};
use framestep::plan::Blueprint;
use framestep::scenario::{self, Builtin, Source, parse_source};
use framestep::sim::{Timeline, World};
use framestep::trace::Trace;
use framestep::trace::filter::Filter;
use framestep::view::console;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The scenarios whose programs are JavaScript.
fn scenarios() -> impl Iterator<Item = &'static Builtin> {
    scenario::library().iter().filter(|builtin| builtin.path.starts_with("70-javascript/"))
}

fn network(source: &Source) -> Blueprint {
    let (scenario, faults) = parse_source(source);
    scenario.unwrap_or_else(|| panic!("{}", source.report(&faults, false))).blueprint
}

fn built_in(builtin: &Builtin) -> Source {
    Source::new(builtin.path, builtin.text)
}

fn run(blueprint: &Blueprint) -> Trace {
    let mut world = World::new(blueprint);
    let mut trace = world.begin_trace(true);
    while world.step(&mut trace) {}
    trace
}

/// What each program printed: `server.1`, its lines.
fn consoles(trace: &Trace) -> BTreeMap<String, String> {
    let mut consoles = BTreeMap::new();
    for (place, node) in trace.legend().nodes.iter().enumerate() {
        for program in 1..=node.programs.len() {
            consoles.insert((place as u32, program as u16), String::new());
        }
    }
    for printed in trace.records().iter().filter_map(|record| console::printed(trace, &record)) {
        let console = consoles.get_mut(&(printed.node.0, printed.program + 1)).expect("a program");
        console.push_str(&printed.text);
        console.push('\n');
    }
    let name = |(node, program): (u32, u16)| {
        format!("{}.{program}", trace.legend().nodes[node as usize].name)
    };
    consoles.into_iter().map(|(whose, text)| (name(whose), text)).collect()
}

/// `.ci/peers/javascript.mjs` holds the same texts against real node.
#[test]
fn every_program_logs_what_it_logs_under_node() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/javascript");
    let mut compared = 0;
    for builtin in scenarios() {
        let source = built_in(builtin);
        let without_loss = source.clone().with("link.loss=0%");
        let trace =
            run(&network(if builtin.text.contains("loss") { &without_loss } else { &source }));
        let stem = builtin.path.trim_start_matches("70-javascript/").trim_end_matches(".toml");
        for (whose, text) in consoles(&trace) {
            let path = folder.join(format!("{stem}.{whose}.txt"));
            let expected = fs::read_to_string(&path).expect("node's log is kept");
            assert_eq!(text, expected, "{whose} in {stem}");
            compared += 1;
        }
    }
    assert_eq!(compared, fs::read_dir(folder).expect("the folder is there").count());
}

#[test]
fn ten_thousand_random_walks_end_as_a_straight_run_does() {
    for builtin in scenarios() {
        let walks = if builtin.name == "chat-socket-io" { 10_000 } else { 100 };
        let blueprint = network(&built_in(builtin));
        let straight = run(&blueprint);
        let mut timeline = Timeline::new(&blueprint);
        let mut rng = Rng::fork(5, builtin.name);
        let steps = straight.step_count();
        for _ in 0..walks {
            let step = rng.below(steps);
            assert_eq!(timeline.seek(step), step);
        }
        while timeline.explore(1000) {}
        assert_eq!(timeline.trace().fingerprint(), straight.fingerprint(), "{}", builtin.name);
    }
}

/// A copy of a world has its programs' histories and no engine that stands where they do: it must make
/// them again.
#[test]
fn a_copy_of_a_world_goes_on_as_the_world_does() {
    for builtin in scenarios() {
        let blueprint = network(&built_in(builtin));
        let mut world = World::new(&blueprint);
        let mut trace = world.begin_trace(true);
        let mut copies = Vec::new();
        while world.step(&mut trace) {
            if world.steps().is_multiple_of(97) {
                copies.push((world.clone(), trace.clone()));
            }
        }
        for (mut world, mut again) in copies.into_iter().rev() {
            while world.step(&mut again) {}
            assert_eq!(again.fingerprint(), trace.fingerprint(), "{}", builtin.name);
        }
    }
}

/// A scenario with this program on its first host, beside a second one.
fn with_program(program: &str) -> String {
    format!(
        "format = 1\ntitle = \"x\"\n[[host]]\nname = \"a\"\n[[host.program]]\njavascript = {program}\n\
         [[host]]\nname = \"b\"\n[[link]]\nends = [\"a\", \"b\"]\n"
    )
}

/// What the program prints, and what ends it.
fn printed_by(code: &str) -> String {
    let text = with_program(&format!("{{ code = '''{code}''' }}"));
    let trace = run(&network(&Source::new("test.toml", &text)));
    consoles(&trace)["a.1"].clone()
}

#[test]
fn a_fault_in_a_file_beside_the_scenario_is_shown_at_its_place_there() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("beside");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("main.js"), "import { x } from './lib.js';\nconsole.log(x);\n")
        .expect("written");
    fs::write(folder.join("lib.js"), "export const x = 1;\nexport const y = { a: 1;\n")
        .expect("written");
    let text = with_program("\"main.js\"");
    let source = Source::new("test.toml", &text).in_folder(&folder);
    let (scenario, faults) = parse_source(&source);
    assert!(scenario.is_none());
    let report = source.report(&faults, false);
    assert!(report.contains("--> lib.js:2:"), "{report}");
    fs::write(folder.join("lib.js"), "export const x = 'from beside';\n").expect("written");
    let trace = run(&network(&source));
    assert_eq!(consoles(&trace)["a.1"], "from beside\n");
}

#[test]
fn a_program_that_goes_too_far_ends_and_the_run_goes_on() {
    let table = [
        ("for (;;) {}", "steps"),
        ("function f() { f(); } f();", "call stack"),
        ("function f() { try { f(); } finally { f(); } } f();", ""),
        ("const a = []; for (;;) a.push('x'.repeat(1000));", "out of memory"),
        ("'x'.repeat(2 ** 29).split('');", ""),
        ("for (;;) console.log('x');", "calls at once"),
        ("const f = () => Promise.resolve().then(f); f();", ""),
        ("const f = () => process.nextTick(f); f();", ""),
        ("const f = () => setImmediate(f); f();", ""),
        (
            "Object.prototype.then = 1; Array.prototype.push = null; throw new Error('polluted');",
            "polluted",
        ),
        ("JSON.parse('['.repeat(1e6));", ""),
        ("/^(a+)+$/.test('a'.repeat(40) + 'b');", ""),
        ("new Array(2 ** 32 - 1).join('x');", ""),
        ("throw { toString() { throw new Error('twice'); } };", ""),
    ];
    for (code, words) in table {
        let printed = printed_by(code);
        let last = printed.lines().last().unwrap_or_default();
        assert!(!last.is_empty() && last.contains(words), "{code}: {last}");
    }
}

#[test]
fn a_program_reaches_nothing_of_the_real_machine() {
    let table = [
        ("require('fs')", "a simulated host has no fs"),
        ("require('child_process')", "a simulated host has no child_process"),
        ("import('fs').catch((e) => console.log(e.code))", "ERR_UNKNOWN_BUILTIN_MODULE"),
        ("console.log(Object.keys(process.env).length)", "0"),
        ("console.log(new Date().toISOString())", "2025-01-01T00:00:00.000Z"),
        ("console.log(new Date().getTimezoneOffset())", "0"),
        ("console.log(typeof std, typeof os, typeof WeakRef)", "undefined undefined undefined"),
        ("console.log(typeof XMLHttpRequest)", "undefined"),
        ("document.title", "a simulated host has no document"),
    ];
    for (code, words) in table {
        let printed = printed_by(code);
        assert!(printed.contains(words), "{code}: {printed}");
    }
}

#[test]
fn an_unknown_name_is_an_error_of_the_socket() {
    let printed = printed_by(
        "require('net').connect(1, 'nowhere').on('error', (e) => console.log(e.message));",
    );
    assert_eq!(printed, "getaddrinfo ENOTFOUND nowhere\n");
}

#[test]
fn a_program_is_started_anew_and_remembers_nothing() {
    let text = with_program(
        "{ code = 'globalThis.n = (globalThis.n ?? 0) + 1; console.log(n, performance.now() < 1)', \
         restart = [\"1s\", \"2s\"] }",
    );
    let trace = run(&network(&Source::new("test.toml", &text)));
    assert_eq!(consoles(&trace)["a.1"], "1 true\n1 true\n1 true\n");
}

const PAGE: &str = include_str!("../../docs/JAVASCRIPT.md");
const SCENARIO: &str = "```toml\n";
const CONSOLE: &str = "\n```console\n";

/// What `--format console` prints of a scenario, which must be without faults and what it expects.
fn console_of(text: &str) -> String {
    let source = Source::new("JAVASCRIPT.md", text);
    let (scenario, faults) = parse_source(&source);
    assert_eq!(source.report(&faults, false), "");
    let scenario = scenario.expect("without faults");
    let trace = run(&scenario.blueprint);
    for expect in &scenario.expects {
        let filter = Filter::parse(&expect.that, trace.legend()).expect("tried when read");
        let verdict = filter.judge(&trace, expect.within.map(|within| Instant::ZERO + within));
        assert!(verdict.holds, "{}: {}: {}", scenario.title, expect.that, verdict.found);
    }
    let lines = |record| {
        let printed = console::printed(&trace, &record)?;
        let name = console::name(&trace, &printed);
        let lines = printed.text.split('\n');
        Some(lines.flat_map(|line| [&name, ": ", line, "\n"]).collect::<String>())
    };
    trace.records().iter().filter_map(lines).collect()
}

/// Each scenario of the page stands before what it prints. `UPDATE_EXPECT=1` writes that anew.
#[test]
fn every_example_of_the_page_prints_what_it_says() {
    let mut parts = PAGE.split(SCENARIO);
    let mut page = parts.next().unwrap_or_default().to_owned();
    let mut examples = 0;
    for part in parts {
        let (text, rest) = part.split_once("```\n").expect("a scenario ends");
        let rest = rest.strip_prefix(CONSOLE).expect("what it prints stands behind a scenario");
        let (_, rest) = rest.split_once("```\n").expect("a console ends");
        page.extend([SCENARIO, text, "```\n", CONSOLE, &console_of(text), "```\n", rest]);
        examples += 1;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/JAVASCRIPT.md");
        fs::write(path, &page).expect("the page can be written");
    } else {
        assert_eq!(page, PAGE);
    }
    assert!(examples >= 8, "{examples}");
}
