//! The built program, as a person at a shell meets it: what it prints, and how it ends.

use crate::views::check;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

pub(crate) fn framestep(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_framestep")).args(arguments).output().expect("it runs")
}

pub(crate) fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).expect("text")
}

/// What it prints when all goes well.
pub(crate) fn prints(arguments: &[&str]) -> String {
    let output = framestep(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// How it refuses: exit code and message.
pub(crate) fn refuses(arguments: &[&str]) -> (i32, String) {
    let output = framestep(arguments);
    (output.status.code().expect("no signal"), text(&output.stderr))
}

/// A file of this test's own.
pub(crate) fn file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).expect("writable");
    path
}

const SMALL: &str = r#"
format = 1
title = "small"
[[host]]
name = "client"
[[host.program]]
udp_client = { to = "server:53", send = ["hi"] }
[[host]]
name = "server"
[[host.program]]
udp_echo = { port = 53 }
[[link]]
ends = ["client", "server"]
"#;

#[test]
fn without_a_terminal_and_a_command_the_list_is_printed() {
    let list = prints(&[]);
    assert_eq!(list, prints(&["list"]));
    for builtin in framestep::scenario::library() {
        assert!(list.contains(builtin.name), "{}", builtin.name);
    }
}

#[test]
fn the_list_is_there_for_programs_too() {
    let list: serde_json::Value = serde_json::from_str(&prints(&["list", "--json"])).expect("JSON");
    let entries = list.as_array().expect("an array");
    assert_eq!(entries.len(), framestep::scenario::library().len());
    assert_eq!(entries[0]["name"], framestep::scenario::library()[0].name);
}

#[test]
fn a_run_is_a_ladder_unless_another_form_is_asked_for() {
    let ladder = prints(&["run", "udp-closed-port"]);
    check("ladders/udp-closed-port.txt", &ladder);
    assert_eq!(prints(&["run", "udp-closed-port", "--format", "ladder"]), ladder);
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_another() {
    let run = |seed| {
        prints(&[
            "run",
            "bulk-transfer",
            "--set",
            "link.loss=5%",
            "--seed",
            seed,
            "--format",
            "packets",
        ])
    };
    assert_eq!(run("3"), run("3"));
    assert_ne!(run("3"), run("4"));
}

#[test]
fn events_and_json_have_a_line_for_each_record() {
    let events = prints(&["run", "udp-closed-port", "--format", "events"]);
    let json = prints(&["run", "udp-closed-port", "--format", "json"]);
    assert_eq!(events.lines().count(), json.lines().count());
    let mut keys = None;
    for (number, line) in json.lines().enumerate() {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(object["record"], number);
        let own: Vec<String> = object.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(keys.get_or_insert_with(|| own.clone()), &own, "the keys are always the same");
    }
    let records = json.lines().map(serde_json::from_str::<serde_json::Value>);
    let mut records = records.map(|record| record.expect("JSON"));
    let sent = records.find(|record| record["kind"] == "sent" && record["layer"] == 1);
    let sent = sent.expect("a frame");
    assert_eq!(sent["frame"]["name"], "ARP who-has");
    assert!(sent["frame"]["octets"].as_str().expect("hex").starts_with("ffffffffffff02"));
}

#[test]
fn a_run_stops_at_a_time_or_when_a_filter_is_met() {
    let until = |text| prints(&["run", "udp-closed-port", "--format", "packets", "--until", text]);
    assert_eq!(until("0ms").lines().count(), 1);
    assert_eq!(until("15ms").lines().count(), 2);
    assert_eq!(until("icmp").lines().count(), 4);
    // A step is whole: the answer to what arrives goes out in it.
    assert_eq!(until("udp").lines().count(), 3);
    assert_eq!(until("udp arrived at server").lines().count(), 4);
    assert_eq!(until("count(arp) == 2").lines().count(), 2);
    let (code, words) = refuses(&["run", "udp-closed-port", "--until", "tcp"]);
    assert_eq!((code, words.trim()), (1, "error: the run ended before `tcp` was met"));
}

#[test]
fn the_friend_tells_the_same_rows() {
    let (plain, friend) =
        (prints(&["run", "udp-closed-port"]), prints(&["run", "udp-closed-port", "--friend"]));
    assert_eq!(plain.lines().count(), friend.lines().count());
    assert!(friend.contains("Full send!"), "{friend}");
}

#[test]
fn a_capture_is_written_whole_or_not_at_all() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("captures");
    fs::create_dir_all(&folder).expect("can be made");
    let path = folder.join("one.pcapng");
    let path = path.to_str().expect("text");
    prints(&["run", "udp-closed-port", "--pcap", path]);
    let first = fs::read(path).expect("it is there");
    prints(&["run", "udp-closed-port", "--pcap", path]);
    assert_eq!(fs::read(path).expect("it is there"), first);
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left behind");
    let (code, words) = refuses(&["run", "udp-closed-port", "--pcap", "/nowhere/at/all.pcapng"]);
    assert_eq!(code, 2);
    assert!(words.starts_with("error: cannot write `/nowhere/at/all.pcapng`"), "{words}");
}

#[test]
fn scenarios_come_from_files_too() {
    let path = file("small.toml", SMALL);
    let path = path.to_str().expect("text");
    assert!(prints(&["run", path, "--format", "packets"]).contains("UDP, length 2"));
    assert!(prints(&["check", path]).ends_with("1 scenario: all good\n"));
}

#[test]
fn all_faults_of_all_files_are_reported_at_once() {
    let good = file("good.toml", SMALL);
    let late = format!("{SMALL}\n[[expect]]\nthat = \"udp arrived at server\"\nwithin = \"1us\"\n");
    let late = file("late.toml", &late);
    let wrong = format!(
        "{SMALL}\n[[expect]]\nthat = \"udp form server\"\n[[expect]]\nthat = \"count(lost) == 1\"\n"
    );
    let wrong = file("wrong.toml", &wrong);
    let broken = file("broken.toml", &SMALL.replace("ends =", "end ="));
    let paths: Vec<&str> =
        [&good, &late, &wrong, &broken].iter().map(|path| path.to_str().expect("text")).collect();
    let output = framestep(&[&["check"], &paths[..], &["/no/such/file.toml"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout);
    for line in [
        "expectation not met within 1 µs",
        "it became true at ",
        "`form` is nothing that can be looked for",
        "did you mean `from`?",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    // One that cannot be read keeps the others from being judged; they are told next time.
    assert!(!told.contains("`lost` was not seen"), "{told}");
    assert!(told.contains("good.toml") && told.contains("broken.toml"), "{told}");
    assert!(told.contains("/no/such/file.toml"), "{told}");
    assert_eq!(text(&output.stderr), "4 of 5 scenarios failed\n");
}

#[test]
fn the_built_in_scenarios_do_what_they_promise() {
    let output = framestep(&["check"]);
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{told}");
}

#[test]
fn wrong_commands_end_with_two_and_say_what_to_do() {
    for (arguments, words) in [
        (&["run", "tcp-and-ucp"][..], "did you mean `tcp-and-udp`?"),
        (&["run", "udp-closed-port", "--until", "udp form client"], "did you mean `from`?"),
        (&["run", "udp-closed-port", "--until", "10"], "write a number and its unit"),
        (&["run", "udp-closed-port", "--set", "link.los=1%"], "did you mean"),
        (&["run", "udp-closed-port", "--format", "prose"], "[possible values: ladder"),
        (&["run", "no/such/file.toml"], "no/such/file.toml"),
        (&["open", "udp-closed-port"], "`framestep run` prints the same walk"),
        (&["fly"], "unrecognized subcommand"),
    ] {
        let (code, told) = refuses(arguments);
        assert_eq!(code, 2, "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let (code, _) = refuses(&["run", file("empty.toml", "").to_str().expect("text")]);
    assert_eq!(code, 1, "a faulty file is no wrong command");
}

#[test]
fn the_schema_is_json_and_names_the_format() {
    let schema: serde_json::Value = serde_json::from_str(&prints(&["schema"])).expect("JSON");
    assert!(schema["properties"]["format"].is_object(), "{schema:#}");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    ends_when_its_reader_leaves(&["run", "bulk-transfer", "--format", "json"]);
}

/// Whoever reads its output is gone at once: it must end well, without a word.
pub(crate) fn ends_when_its_reader_leaves(arguments: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_framestep"))
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}
