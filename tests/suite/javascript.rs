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
        Some(printed.text.split('\n').map(|line| format!("{name}: {line}\n")).collect::<String>())
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
