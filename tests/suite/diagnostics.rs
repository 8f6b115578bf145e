//! What a broken scenario file is told: every fault at once, each at its place, and never a panic.
//!
//! The reports stand beside the files in `tests/data/faults`; `UPDATE_EXPECT=1` writes them anew.

use framestep::scenario::{self, Diagnostic, Source, parse, parse_source};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn faults() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/faults");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
    files.sort();
    files
}

/// The report on a text, as `framestep check` prints it.
fn report(name: &str, text: &str) -> String {
    let source = Source::new(name, text);
    let (_, diagnostics) = parse_source(&source);
    source.report(&diagnostics, false)
}

#[test]
fn every_fault_is_told_as_it_stands_beside_the_file() {
    let mut wrong = Vec::new();
    let files = faults();
    assert!(files.len() >= 40, "{} files", files.len());
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("text");
        let found = report(&name, &text);
        let beside = file.with_extension("txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&beside, &found).expect("writable");
        } else if fs::read_to_string(&beside).unwrap_or_default() != found {
            wrong.push(format!("{name}:\n{found}"));
        }
        assert!(!found.is_empty(), "{name} has no fault");
    }
    assert!(wrong.is_empty(), "these reports are not as expected:\n{}", wrong.join("\n"));
}

/// A file in which everything is used, to be broken in every way.
const WHOLE: &str = include_str!("../data/whole.toml");

#[test]
fn the_file_that_uses_everything_has_no_fault() {
    assert_eq!(report("whole.toml", WHOLE), "");
}

#[test]
fn a_file_of_a_million_hosts_is_refused_in_one_report() {
    let mut text = String::from("format = 1\ntitle = \"many\"\n");
    text.push_str(&"[[host]]\n".repeat(1_000_000));
    let found = report("many.toml", &text);
    assert!(found.contains("1000000 times `[[host]]`"), "{found}");
    assert!(found.len() < 2_000);
}

#[test]
fn more_than_ten_thousand_devices_are_refused_and_ten_thousand_are_not() {
    let network = |hosts: usize| {
        let mut text = String::from("format = 1\ntitle = \"many\"\n[[router]]\nname = \"r\"\n");
        for host in 1..hosts {
            text.extend([format!(
                "[[host]]\nname = \"h{host}\"\n[[link]]\nends = [\"h{host}\", \"r\"]\n"
            )]);
        }
        text
    };
    assert_eq!(report("many.toml", &network(10_000)), "");
    let found = report("many.toml", &network(10_001));
    assert!(found.contains("10001 devices"), "{found}");
}

#[test]
fn a_hundred_thousand_links_are_taken_and_one_more_is_not() {
    let mut text = String::from("format = 1\ntitle = \"many\"\n");
    for host in 0..400 {
        text.extend([format!("[[router]]\nname = \"h{host}\"\n")]);
    }
    for link in 0..scenario::LINKS_MAX {
        let (one, other) = (link % 400, (link % 400 + 1 + link / 400) % 400);
        text.extend([format!("[[link]]\nends = [\"h{one}\", \"h{other}\"]\n")]);
    }
    assert_eq!(report("many.toml", &text), "");
    text += "[[link]]\nends = [\"h0\", \"h1\"]\n";
    assert!(report("many.toml", &text).contains("100001 times `[[link]]`"));
}

#[test]
fn nothing_is_nested_so_deeply_that_the_reader_falls() {
    for (open, close) in [("[", "]"), ("{ a = ", "}"), ("a.", "")] {
        let text =
            format!("format = 1\nabout = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
        assert!(report("deep.toml", &text).starts_with("error"));
        let text = format!("{}a = 1\n", open.repeat(100_000));
        assert!(report("deep.toml", &text).starts_with("error"));
    }
}

#[test]
fn of_very_many_faults_a_hundred_are_shown_and_the_others_counted() {
    let keys: Vec<String> = (0..5_000).map(|n| format!("key{n} = {n}\n")).collect();
    let text = format!("format = 1\ntitle = \"x\"\n{}", keys.concat());
    let (_, diagnostics) = parse("x.toml", &text);
    assert_eq!(diagnostics.len(), 100);
    assert!(diagnostics.last().is_some_and(|d| d.help.contains("4901 more")), "{diagnostics:#?}");
}

#[test]
fn a_long_line_is_named_but_not_drawn() {
    let text = format!("format = 1\ntitle = \"x\"\ntitel = \"{}\"\n", "y".repeat(1_000_000));
    let found = report("long.toml", &text);
    assert!(found.contains("long.toml:3:1"), "{found}");
    assert!(found.len() < 1_000);
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_a_sentence() {
    let folder = std::env::temp_dir().join(format!("framestep-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("x.toml");
    let told = |path: &Path| scenario::read_file(path).expect_err("cannot be read");
    assert!(told(&file).contains("there is no file"));
    assert!(told(&folder).contains("is a folder"));
    fs::write(&file, b"format = 1\ntitle = \"\xff\"\n").expect("written");
    assert!(told(&file).contains("is not UTF-8 text (line 2, octet 20)"), "{}", told(&file));
    let large = fs::File::create(&file).expect("written");
    large.set_len(10 << 30).expect("a file with a hole");
    assert!(told(&file).contains("larger than 16 MiB"));
    fs::remove_dir_all(&folder).expect("removed");
}

/// Whether a report can be made, and every span lies in the text.
fn holds(text: &str, assignment: Option<&str>) {
    let mut source = Source::new("any.toml", text);
    if let Some(assignment) = assignment {
        source = source.with(assignment);
    }
    let (scenario, diagnostics) = parse_source(&source);
    let errors = |d: &Diagnostic| d.severity == scenario::Severity::Error;
    assert_eq!(scenario.is_none(), diagnostics.iter().any(errors), "{diagnostics:?}");
    for diagnostic in &diagnostics {
        assert!(diagnostic.span.end <= source.full().len(), "{diagnostic:?}");
        assert!(!diagnostic.message.is_empty());
    }
    assert_eq!(source.report(&diagnostics, true).is_empty(), diagnostics.is_empty());
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        holds(&text, None);
    }

    #[test]
    fn any_words_of_the_format_are_answered(words in prop::collection::vec(word(), 0..60)) {
        holds(&words.concat(), None);
    }

    #[test]
    fn a_valid_file_cut_anywhere_is_answered(cut in 0..WHOLE.len()) {
        if WHOLE.is_char_boundary(cut) {
            holds(&WHOLE[..cut], None);
        }
    }

    #[test]
    fn a_valid_file_with_changes_anywhere_is_answered(
        changes in prop::collection::vec((0..WHOLE.len(), 0usize..12, word()), 1..4)
    ) {
        let mut text = WHOLE.to_owned();
        for (at, length, with) in changes {
            let end = (at + length).min(text.len());
            if at <= end && text.is_char_boundary(at) && text.is_char_boundary(end) {
                text.replace_range(at..end, &with);
            }
        }
        holds(&text, None);
    }

    #[test]
    fn a_valid_file_with_another_value_anywhere_is_answered(line in 0..WHOLE.lines().count(), with in word()) {
        let changed = |(number, text): (usize, &str)| match text.split_once('=') {
            Some((key, _)) if number == line => format!("{key}= {with}"),
            _ => text.to_owned(),
        };
        let text: Vec<String> = WHOLE.lines().enumerate().map(changed).collect();
        holds(&text.join("\n"), None);
    }

    #[test]
    fn any_assignment_is_answered(path in prop::collection::vec(word(), 0..4), value in word(), any in any::<String>()) {
        holds(WHOLE, Some(&format!("{}={value}", path.join("."))));
        holds(WHOLE, Some(&any));
    }
}

/// A piece of a scenario file, fitting or not.
fn word() -> impl Strategy<Value = String> {
    let pieces = vec![
        "format = 1\n",
        "title = \"x\"\n",
        "[[host]]\n",
        "[[switch]]\n",
        "[[router]]\n",
        "[[link]]\n",
        "[[at]]\n",
        "[[expect]]\n",
        "[limits]\n",
        "[[host.program]]\n",
        "name = \"a\"\n",
        "name = \"b\"\n",
        "ends = [\"a\", \"b\"]\n",
        "ends = [\"a\", \"a\"]\n",
        "address = \"10.0.0.1/24\"\n",
        "address = [\"10.0.0.1/31\", \"10.0.0.0/31\"]\n",
        "ping = { to = \"b\" }\n",
        "tcp_echo = { port = 7 }\n",
        "loss = \"5%\"\n",
        "\"\"",
        "\"",
        "\"\"\"",
        "'",
        "=",
        "\n",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "#",
        "-1",
        "0",
        "1e400",
        "nan",
        "-inf",
        "99999999999999999999999",
        "0x7f",
        "true",
        "\"10ms\"",
        "\"-5ms\"",
        "\"1%\"",
        "\"184467440737095516160s\"",
        "\"10.0.0.0/8\"",
        "\"255.255.255.255/32\"",
        "\"\\u001b[2J\"",
        "\"é€𝄞\"",
        "[\"a\", \"b\"]",
        "[[]]",
        "[{}]",
        "{ to = \"b:1\" }",
        "1979-05-27T07:32:00Z",
        "host",
        "link",
        "client",
        "client-switch",
        "tcp",
        "loss",
        "these",
        "delay",
        "program",
        "seed",
        "limits",
        "forward",
    ];
    prop_oneof![4 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => "[ -~\\n]{0,8}"]
}

/// The reports on assignments over a small network, each behind its assignment.
#[test]
fn a_wrong_assignment_is_told_as_it_was_typed() {
    let text = "format = 1\ntitle = \"x\"\n[[host]]\nname = \"client\"\n[[host]]\nname = \"server\"\n\
                [[link]]\nends = [\"client\", \"server\"]\n";
    let assignments = [
        "link.loss",
        "link=5",
        "link.los=5%",
        "link.loss=1.5",
        "link.loss=-0.1",
        "link.loss=0.0000001",
        "link.delay=20",
        "link.client-servr.delay=20ms",
        "link.client-server=20ms",
        "host.klient.ttl=3",
        "host.client.tcp.sak=true",
        "host.client.tcp.sack=maybe",
        "host.client.ttl.x=3",
        "router.ttl=3",
        "sede=9",
        "seed=-9",
        "=",
        "",
        "link.name=client",
        "limits.until=0s",
    ];
    let mut found = String::new();
    for assignment in assignments {
        let source = Source::new("two.toml", text).with(assignment);
        let (_, diagnostics) = parse_source(&source);
        found.extend([format!(
            "=== --set '{assignment}'\n{}\n",
            source.report(&diagnostics, false)
        )]);
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/assignments.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&beside, &found).expect("writable");
    }
    assert_eq!(found, fs::read_to_string(&beside).unwrap_or_default());
}

#[test]
fn a_large_file_of_nonsense_is_answered_with_its_first_fault() {
    for line in ["a=\n", "a=1\n", "[[a]\n", "x = \"\n"] {
        let found = report("large.toml", &line.repeat(400_000));
        assert_eq!(found.matches("error: ").count(), 1, "{found}");
    }
}
