//! The scenarios of the course: each is a good file, and its run is what it promises.

use framestep::base::{Duration, Instant};
use framestep::plan::Command;
use framestep::plan::blueprint::NodePlan;
use framestep::scenario::{self, Builtin, Scenario, Source, parse_source};
use framestep::sim::World;
use framestep::stack::physical::Loss;
use framestep::stack::transport::tcp::Algorithm;
use framestep::trace::filter::Filter;
use serde_json::Value;

fn report(builtin: &Builtin) -> String {
    let source = Source::new(builtin.path, builtin.text);
    let (_, diagnostics) = parse_source(&source);
    source.report(&diagnostics, false)
}

#[test]
fn every_scenario_is_without_faults() {
    for builtin in scenario::library() {
        assert_eq!(report(builtin), "");
    }
}

#[test]
fn every_file_of_the_folder_is_built_in_and_in_its_order() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut found = Vec::new();
    for track in std::fs::read_dir(folder).expect("the folder is there") {
        let track = track.expect("readable").path();
        for file in std::fs::read_dir(&track).expect("a folder") {
            let path = file.expect("readable").path();
            if path.is_dir() {
                continue;
            }
            let path = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
            found.push(path);
        }
    }
    found.sort();
    let built_in: Vec<&str> = scenario::library().iter().map(|b| b.path).collect();
    assert_eq!(found, built_in);
}

#[test]
fn a_scenario_is_found_by_its_name_its_file_and_its_path() {
    for builtin in scenario::library() {
        let stem = builtin.path.rsplit('/').next().expect("a name");
        for name in [builtin.name, stem, stem.trim_end_matches(".toml"), builtin.path] {
            assert_eq!(scenario::find(name), Ok(builtin));
        }
    }
    let told = scenario::find("tcp-and-ucp").expect_err("no such scenario");
    assert_eq!(told, "no scenario is called `tcp-and-ucp`; did you mean `tcp-and-udp`?");
}

#[test]
fn every_scenario_says_what_it_is_about_and_what_it_expects() {
    for builtin in scenario::library() {
        let (scenario, _) = scenario::parse(builtin.path, builtin.text);
        let scenario = scenario.expect("without faults");
        assert_eq!(scenario.name, builtin.name);
        // A dot within a word, as in Socket.IO, ends nothing.
        let words = scenario.about.split_whitespace();
        let sentences = words.filter(|word| word.ends_with(['.', '?', '!'])).count();
        assert!((2..=6).contains(&sentences), "{}: {}", builtin.path, scenario.about);
        assert!(!scenario.about.contains('\n'), "{}", builtin.path);
        assert!(scenario.minutes.is_some() && !scenario.expects.is_empty(), "{}", builtin.path);
    }
}

const PAGE: &str = include_str!("../../docs/SCENARIOS.md");
const MARK: &str = "## Every table and key\n\n";

#[test]
fn every_example_of_the_page_is_a_file_without_faults() {
    let examples: Vec<&str> = PAGE.split("```toml\n").skip(1).collect();
    assert!(examples.len() >= 4);
    for example in examples {
        let text = example.split("```").next().expect("an end");
        let source = Source::new("SCENARIOS.md", text);
        let (_, diagnostics) = parse_source(&source);
        assert_eq!(source.report(&diagnostics, false), "");
    }
}

/// `UPDATE_EXPECT=1` writes the reference anew.
#[test]
fn the_page_has_every_key_as_the_reader_knows_it() {
    let (before, reference) = PAGE.split_once(MARK).expect("the heading is there");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let page = format!("{before}{MARK}{}", scenario::reference());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/SCENARIOS.md");
        std::fs::write(path, page).expect("writable");
    } else {
        assert_eq!(reference, scenario::reference());
    }
}

/// The network of a text, or the report why there is none.
fn network(text: &str, assignments: &[&str]) -> Scenario {
    let text = format!("format = 1\ntitle = \"x\"\n{text}");
    let mut source = Source::new("test.toml", &text);
    for assignment in assignments {
        source = source.with(assignment);
    }
    let (scenario, diagnostics) = parse_source(&source);
    scenario.unwrap_or_else(|| panic!("{}", source.report(&diagnostics, false)))
}

/// Every device with its addresses: `ann 10.0.0.1/24`.
fn addresses(text: &str) -> String {
    let line = |node: &NodePlan| {
        let all = node.interfaces.iter().filter_map(|i| i.address);
        let all: Vec<String> = all.map(|a| a.to_string()).collect();
        format!("{} {}", node.name, all.join(" "))
    };
    let lines: Vec<String> = network(text, &[]).blueprint.nodes.iter().map(line).collect();
    lines.join("\n")
}

const TWO: &str =
    "[[host]]\nname = \"a\"\n[[host]]\nname = \"b\"\n[[link]]\nends = [\"a\", \"b\"]\n";

#[test]
fn hosts_are_numbered_from_the_first_address_and_routers_from_the_last() {
    let text = "[[host]]\nname = \"ann\"\n[[router]]\nname = \"west\"\n[[switch]]\nname = \"s\"\n\
                [[host]]\nname = \"carl\"\n[[router]]\nname = \"east\"\n[[host]]\nname = \"bob\"\n\
                [[link]]\nends = [\"s\", \"carl\"]\n[[link]]\nends = [\"west\", \"east\"]\n\
                [[link]]\nends = [\"s\", \"ann\"]\n[[link]]\nends = [\"s\", \"west\"]\n\
                [[link]]\nends = [\"bob\", \"east\"]\n";
    assert_eq!(
        addresses(text),
        "ann 10.0.0.1/24\nwest 10.0.1.254/24 10.0.0.254/24\ns \ncarl 10.0.0.2/24\n\
         east 10.0.1.253/24 10.0.2.254/24\nbob 10.0.2.1/24"
    );
}

#[test]
fn addresses_of_the_file_are_kept_and_the_others_fitted_in() {
    let text = "[[host]]\nname = \"a\"\n[[host]]\nname = \"b\"\naddress = \"10.0.0.1/24\"\n\
                [[router]]\nname = \"r\"\n[[host]]\nname = \"c\"\n[[host]]\nname = \"d\"\naddress = \"10.0.1.9/30\"\n\
                [[switch]]\nname = \"s\"\n\
                [[link]]\nends = [\"r\", \"c\"]\n[[link]]\nends = [\"a\", \"s\"]\n\
                [[link]]\nends = [\"b\", \"s\"]\n[[link]]\nends = [\"r\", \"s\"]\n[[link]]\nends = [\"r\", \"d\"]\n";
    assert_eq!(
        addresses(text),
        "a 10.0.0.2/24\nb 10.0.0.1/24\nr 10.0.2.254/24 10.0.0.254/24 10.0.1.10/30\nc 10.0.2.1/24\n\
         d 10.0.1.9/30\ns "
    );
}

#[test]
fn a_network_of_many_gets_a_prefix_that_holds_them() {
    let mut text = String::from("[[switch]]\nname = \"s\"\n");
    for n in 0..300 {
        text.extend([format!("[[host]]\nname = \"h{n}\"\n[[link]]\nends = [\"h{n}\", \"s\"]\n")]);
    }
    assert!(addresses(&text).ends_with("h299 10.0.1.44/23"));
}

#[test]
fn parallel_links_get_names_of_their_own() {
    let text = format!("{TWO}[[link]]\nends = [\"a\", \"b\"]\n[[link]]\nends = [\"b\", \"a\"]\n");
    let names: Vec<String> =
        network(&text, &[]).blueprint.links.into_iter().map(|link| link.name).collect();
    assert_eq!(names, ["a-b", "a-b-2", "b-a"]);
}

#[test]
fn assignments_go_over_the_file_and_later_ones_win() {
    let text = format!("seed = 3\n{TWO}delay = \"5ms\"\n");
    let assignments = [
        "seed=9",
        "link.loss=0.1",
        "link.a-b.delay=50ms",
        "link.delay = \"60ms\"",
        "link.backward.loss={these=[3]}",
        "host.b.tcp.sack=false",
        "host.tcp.congestion=reno",
        "limits.until=5s",
        "title=A=B",
    ];
    let scenario = network(&text, &assignments);
    let [forward, backward] = &scenario.blueprint.links[0].directions;
    assert_eq!(scenario.title, "A=B");
    assert_eq!(scenario.blueprint.seed, 9);
    assert_eq!(
        (&forward.faults.loss, forward.delay),
        (&Loss::Random(100_000), Duration::from_millis(60))
    );
    assert_eq!(backward.faults.loss, Loss::These(vec![3]));
    assert_eq!(scenario.blueprint.limits.until, Instant::ZERO + Duration::from_secs(5));
    let tcp: Vec<_> = scenario.blueprint.nodes.iter().map(|n| n.settings.tcp).collect();
    assert_eq!((tcp[0].sack, tcp[1].sack), (true, false));
    assert!(tcp.iter().all(|t| t.congestion == Algorithm::Reno));
}

#[test]
fn a_change_of_loss_keeps_the_other_faults_of_the_link() {
    let cue = "[[at]]\ntime = \"2s\"\nchange = \"a-b\"\nloss = \"10%\"\n[[at]]\ntime = \"1s\"\nchange = \"a-b\"\njitter = \"1ms\"\n";
    let scenario = network(&format!("{TWO}duplicate = \"2%\"\n{cue}"), &[]);
    let last = scenario.blueprint.cues.last().expect("two changes");
    let Command::Faults(_, faults) = &last.1 else { panic!("{last:?}") };
    assert_eq!((faults.duplicate, &faults.loss), (20_000, &Loss::Random(100_000)));
    assert_eq!(faults.jitter, Duration::from_millis(1));
}

#[test]
fn every_run_is_what_its_scenario_expects() {
    let mut broken = Vec::new();
    for builtin in scenario::library() {
        let (scenario, _) = scenario::parse(builtin.path, builtin.text);
        let scenario = scenario.expect("without faults");
        let mut world = World::new(&scenario.blueprint);
        let mut trace = world.begin_trace(true);
        while world.step(&mut trace) {}
        for expect in &scenario.expects {
            let filter = Filter::parse(&expect.that, world.legend()).expect("tried when read");
            let until = expect.within.map(|within| Instant::ZERO + within);
            let verdict = filter.judge(&trace, until);
            if !verdict.holds {
                broken.push(format!("{}: {}: {}", builtin.path, expect.that, verdict.found));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Whether a schema takes a value: as much of JSON Schema as the scenario schema uses, but for
/// patterns.
fn takes(root: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(name) = schema["$ref"].as_str() {
        return takes(root, &root["$defs"][name.trim_start_matches("#/$defs/")], value);
    }
    let count =
        |list: &Value| list.as_array().map(|l| l.iter().filter(|s| takes(root, s, value)).count());
    let of_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    let bounded = value.as_i64().is_none_or(|n| {
        schema["minimum"].as_i64().is_none_or(|min| n >= min)
            && schema["maximum"].as_i64().is_none_or(|max| n <= max)
    });
    let keys = value.as_object().into_iter().flatten();
    let known = keys.clone().all(|(key, inner)| match schema["properties"].get(key) {
        Some(property) => takes(root, property, inner),
        None => schema["additionalProperties"] != Value::Bool(false),
    });
    let mut required = schema["required"].as_array().into_iter().flatten();
    let whole = required.all(|key| value.get(key.as_str().expect("a name")).is_some());
    let mut elements = value.as_array().into_iter().flatten();
    let items = elements.all(|e| schema.get("items").is_none_or(|items| takes(root, items, e)));
    of_type
        && bounded
        && known
        && whole
        && items
        && schema.get("const").is_none_or(|only| only == value)
        && count(&schema["oneOf"]).is_none_or(|n| n == 1)
        && count(&schema["anyOf"]).is_none_or(|n| n >= 1)
}

#[test]
fn the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses() {
    let schema = scenario::schema();
    let read = |text: &str| toml::from_str::<Value>(text).expect("TOML");
    for builtin in scenario::library() {
        assert!(takes(&schema, &schema, &read(builtin.text)), "{}", builtin.path);
    }
    let whole = include_str!("../data/whole.toml");
    assert!(takes(&schema, &schema, &read(whole)));
    // Every line with a key, made into one that is not known.
    let mut tried = 0;
    for (place, line) in whole.lines().enumerate() {
        let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains([' ', '"']))
        else {
            continue;
        };
        let changed = |(number, text): (usize, &str)| {
            if number == place {
                text.replacen(key, &format!("{key}x"), 1)
            } else {
                text.to_owned()
            }
        };
        let text: Vec<String> = whole.lines().enumerate().map(changed).collect();
        let text = text.join("\n");
        assert!(!takes(&schema, &schema, &read(&text)), "line {}: {line}", place + 1);
        assert!(scenario::parse("x", &text).0.is_none(), "line {}: {line}", place + 1);
        tried += 1;
    }
    assert!(tried > 80, "{tried}");
}
