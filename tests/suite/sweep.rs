//! `framestep sweep`: the same table on any number of cores, in any number of parts, however often
//! it was interrupted.

use crate::cli::{ends_when_its_reader_leaves, prints, refuses, text};
use crate::terminal::Seat;
use framestep::scenario::Source;
use framestep::sweep::{Grid, Shard, Sweep};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

/// A transfer of 14 segments.
const BULK: &str = r#"
format = 1
title = "bulk"
seed = 5
[[host]]
name = "client"
[[host.program]]
tcp_bulk = { to = "server:9", size = "20KiB" }
[[host]]
name = "server"
[[host.program]]
tcp_sink = { port = 9 }
[[link]]
ends = ["client", "server"]
delay = "10ms"
rate = "10Mbit/s"
[[expect]]
that = "program.closed at client"
[[expect]]
that = 'not note "retransmission"'
"#;

/// The arguments of a sweep over [`BULK`] of 24 runs.
const ARGUMENTS: [&str; 6] =
    ["--seeds", "1..3,7", "--set", "link.loss=0,5%,0.2", "--set", "host.tcp.sack=true,false"];

/// A folder of a test's own, empty, with a scenario in it.
pub(crate) fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It is there from an earlier run of the tests, or not.
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("can be made");
    fs::write(path.join("bulk.toml"), BULK).expect("writable");
    path
}

fn in_folder(folder: &PathBuf, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_framestep"));
    command.current_dir(folder).args(["sweep", "bulk.toml"]).args(arguments);
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// What a sweep prints and what it tells on standing error; it must go well.
pub(crate) fn sweeps(folder: &PathBuf, arguments: &[&str]) -> (String, String) {
    let output = in_folder(folder, arguments).output().expect("it runs");
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

/// How a sweep refuses: exit code and message.
fn is_refused(folder: &PathBuf, arguments: &[&str]) -> (Option<i32>, String) {
    let output = in_folder(folder, arguments).output().expect("it runs");
    assert_eq!(text(&output.stdout), "", "nothing is done before");
    (output.status.code(), text(&output.stderr))
}

/// A row by the names of its columns.
fn column(table: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let at = reader.headers().expect("a header").iter().position(|n| n == name);
    let at = at.unwrap_or_else(|| panic!("no column {name}"));
    reader.records().map(|record| record.expect("a row")[at].to_owned()).collect()
}

#[test]
fn the_table_is_the_same_on_any_number_of_cores() {
    let folder = folder("sweep-jobs");
    let (one, _) = sweeps(&folder, &[&ARGUMENTS[..], &["--jobs", "1"]].concat());
    let (four, _) = sweeps(&folder, &[&ARGUMENTS[..], &["--jobs", "4"]].concat());
    let (told, warned) =
        sweeps(&folder, &[&ARGUMENTS[..], &["--jobs", "3", "--out", "r.csv"]].concat());
    assert_eq!(one, four);
    assert_eq!(fs::read_to_string(folder.join("r.csv")).expect("it is there"), one);
    assert!(told.starts_with("24 runs, 6 combinations of settings\n"), "{told}");
    assert_eq!(warned, "", "no bar without a terminal");
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 2, "nothing is left behind");
}

#[test]
fn rows_come_in_the_order_of_the_combinations() {
    let (table, _) = sweeps(&folder("sweep-order"), &ARGUMENTS);
    let columns = ["run", "link.loss", "host.tcp.sack", "seed"].map(|name| column(&table, name));
    let mut rows = Vec::new();
    for loss in ["0", "5%", "0.2"] {
        for sack in ["true", "false"] {
            for seed in ["1", "2", "3", "7"] {
                rows.push([&(rows.len() + 1).to_string(), loss, sack, seed].map(str::to_owned));
            }
        }
    }
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(columns.each_ref().map(|column| column[at].clone()), *row);
    }
    assert_eq!(columns[0].len(), rows.len());
}

#[test]
fn every_column_is_in_the_document() {
    let (table, _) = sweeps(&folder("sweep-document"), &[]);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/SWEEPS.md");
    let page = fs::read_to_string(path).expect("it is there");
    for name in table.lines().next().expect("a header").split(',') {
        let is_expectation = name.starts_with("expect: ") || name.starts_with("\"expect: ");
        assert!(is_expectation || page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn without_seeds_and_settings_the_scenario_is_run_as_it_is() {
    let folder = folder("sweep-bare");
    let (table, _) = sweeps(&folder, &[]);
    assert_eq!(column(&table, "seed"), ["5"]);
    let path = folder.join("bulk.toml");
    let run = prints(&["run", path.to_str().expect("text"), "--format", "packets"]);
    assert_eq!(column(&table, "frames_sent"), [run.lines().count().to_string()]);
}

/// Each cell of a row, worked out from the file.
#[test]
fn what_is_measured_is_what_happened() {
    let folder = folder("sweep-measured");
    let measures = [
        "--measure",
        "syns=tcp.syn from client",
        "--measure",
        "open=first(tcp.state == ESTABLISHED at client)",
        "--measure",
        "never=last(icmp)",
        "--measure",
        "data=count(tcp.len > 0)",
    ];
    let (table, _) = sweeps(&folder, &[&["--set", "link.up=true"], &measures[..]].concat());
    let cell = |name: &str| column(&table, name).remove(0);
    for (name, value) in [
        ("end", "ended"),
        ("octets_sent", "20480"),
        ("octets_received", "20480"),
        ("frames_lost", "0"),
        ("resent", "0"),
        ("timeouts", "0"),
        ("connections_opened", "1"),
        ("connections_established", "1"),
        ("connections_closed", "1"),
        ("connections_reset", "0"),
        ("expect: program.closed at client", "true"),
        ("expect: not note \"retransmission\"", "true"),
        ("syns", "1"),
        // ARP there and back, SYN and SYN-ACK: four delays, twice 84 and twice 98 octets to send.
        ("open", "0.040291200"),
        ("never", ""),
        ("data", "15"),
    ] {
        assert_eq!(cell(name), value, "{name}");
    }
    let nanos: u128 = cell("completion_s").replace('.', "").parse().expect("digits");
    assert_eq!(cell("goodput_bps"), (20_480_u128 * 8_000_000_000 / nanos).to_string());
}

#[test]
fn what_becomes_of_connections_and_frames_is_counted_by_its_kind() {
    let folder = folder("sweep-kinds");
    let cell =
        |arguments: &[&str], name: &str| column(&sweeps(&folder, arguments).0, name).remove(0);
    let refused: &[&str] = &["--set", "host.server.program.tcp_sink.port=10"];
    assert_eq!(cell(refused, "connections_refused"), "1");
    assert_eq!(cell(refused, "completion_s"), "", "nothing was received");
    let lost: &[&str] = &["--set", "link.forward.loss={these=[5]}", "--measure", "m=lost"];
    assert_eq!(cell(lost, "lost_on_the_way"), "1");
    assert_eq!(cell(lost, "m"), "1");
    // The lost segment, and the rescue of the last one that goes with loss recovery.
    assert_eq!((cell(lost, "fast_retransmits"), cell(lost, "resent")), ("1".into(), "2".into()));
    assert_eq!(cell(lost, "expect: not note \"retransmission\""), "false");
    let full: &[&str] = &["--set", "link.queue=1"];
    assert_ne!(cell(full, "lost_queue_full"), "0");
    let damaged: &[&str] = &["--set", "link.forward.bit_errors={these=[5]}"];
    assert_eq!(cell(damaged, "lost_bad_fcs"), "1");
    let down: &[&str] = &["--set", "link.up=false"];
    assert_ne!(cell(down, "lost_link_down"), "0");
    let unanswered: &[&str] = &["--set", "link.forward.loss={these=[2,3,4,5,6,7,8,9,10,11,12]}"];
    assert_eq!(cell(unanswered, "connections_timed_out"), "1");
}

#[test]
fn a_limit_is_how_a_run_ended_and_no_failure() {
    let folder = folder("sweep-limit");
    let (table, _) = sweeps(&folder, &["--set", "limits.steps=10,1000", "--seeds", "1..2"]);
    assert_eq!(column(&table, "end"), ["steps", "steps", "ended", "ended"]);
    let (table, told) = sweeps(&folder, &["--set", "limits.until=30ms,10min"]);
    assert_eq!(column(&table, "end"), ["until", "ended"]);
    assert_eq!(column(&table, "completion_s")[0], "", "it was not complete");
    assert!(told.ends_with("  30ms          until 1\n  10min         ended 1\n"), "{told}");
}

#[test]
fn parts_merged_by_the_number_of_the_run_are_the_whole() {
    let folder = folder("sweep-parts");
    let (whole, _) = sweeps(&folder, &ARGUMENTS);
    let mut lines = Vec::new();
    let mut names = Vec::new();
    for part in 1..=5 {
        let name = format!("part-{part}.csv");
        let shard = format!("{part}/5");
        sweeps(&folder, &[&ARGUMENTS[..], &["--shard", &shard, "--out", &name]].concat());
        let table = fs::read_to_string(folder.join(&name)).expect("it is there");
        let rows = table.lines().skip(1).map(str::to_owned);
        lines.extend(rows.map(|row| (row.split(',').next().unwrap().parse::<u64>().unwrap(), row)));
        names.push(folder.join(name).to_str().expect("text").to_owned());
    }
    lines.sort();
    let rows: Vec<&str> = lines.iter().map(|(_, row)| row.as_str()).collect();
    assert_eq!(rows, whole.lines().skip(1).collect::<Vec<_>>());
    // And they are summed up together as the whole is.
    fs::write(folder.join("whole.csv"), &whole).expect("writable");
    let whole = folder.join("whole.csv");
    names.reverse();
    let names: Vec<&str> =
        ["sweep", "--summary"].into_iter().chain(names.iter().map(String::as_str)).collect();
    assert_eq!(prints(&names), prints(&["sweep", "--summary", whole.to_str().expect("text")]));
    let (empty, _) = sweeps(&folder, &["--shard", "3/16"]);
    assert_eq!(empty.lines().count(), 1, "a part without a run is a header");
}

/// What the sweep of [`ARGUMENTS`] writes into the file beside its results before the rows.
fn first_line() -> String {
    let axes = [ARGUMENTS[3], ARGUMENTS[5]].map(|axis| axis.parse().expect("a setting"));
    let seeds = ARGUMENTS[1].parse().expect("seeds");
    let grid = Grid::new(axes.into(), Some(seeds), Shard::WHOLE).expect("not too many");
    let sweep = Sweep::new(Source::new("bulk.toml", BULK), grid, Vec::new()).expect("good");
    format!("# framestep sweep {}\n", sweep.digest())
}

#[test]
fn a_sweep_that_was_interrupted_anywhere_goes_on_to_the_same_table() {
    let folder = folder("sweep-resumed");
    let (whole, _) = sweeps(&folder, &ARGUMENTS);
    let part = first_line() + &whole;
    let (results, beside) = (folder.join("r.csv"), folder.join("r.csv.part"));
    let into_file = [&ARGUMENTS[..], &["--out", "r.csv"]].concat();
    let (summary, _) = sweeps(&folder, &into_file);
    let tenth = part.lines().take(10).map(|line| line.len() + 1).sum::<usize>();
    let cuts = [0, 7, first_line().len(), first_line().len() + 9, tenth - 1, tenth, tenth + 1];
    for cut in cuts.into_iter().chain([tenth + 30, part.len() - 1, part.len()]) {
        for torn in
            [&b""[..], b"\0\0\0\0", b"3,0,true,1,ended\n4,", b"\n\n", b"\"\n\xff\n", b"\0\n"]
        {
            fs::remove_file(&results).expect("it was made");
            // A first line that is another one is another sweep's.
            let torn = if cut < first_line().len() { b"" } else { torn };
            let mut octets = part.as_bytes()[..cut].to_vec();
            octets.extend(torn);
            fs::write(&beside, octets).expect("writable");
            assert_eq!(sweeps(&folder, &into_file).0, summary, "cut at {cut}");
            assert_eq!(fs::read_to_string(&results).expect("it is there"), whole, "cut at {cut}");
            assert!(!beside.exists());
        }
    }
}

#[test]
fn rows_that_were_kept_are_not_made_again() {
    let folder = folder("sweep-kept");
    let (whole, _) = sweeps(&folder, &ARGUMENTS);
    // A value that no run gives shows whose row it is.
    let kept: Vec<String> = whole.lines().take(4).map(|l| l.replace(",20480,", ",77,")).collect();
    let part = first_line() + &kept.join("\n") + "\n";
    fs::write(folder.join("r.csv.part"), part).expect("writable");
    sweeps(&folder, &[&ARGUMENTS[..], &["--out", "r.csv"]].concat());
    let found = fs::read_to_string(folder.join("r.csv")).expect("it is there");
    let wanted: Vec<&str> = kept.iter().map(String::as_str).chain(whole.lines().skip(4)).collect();
    assert_eq!(found.lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn another_sweep_than_the_one_that_was_begun_is_refused() {
    let folder = folder("sweep-changed");
    let begin = || fs::write(folder.join("r.csv.part"), first_line()).expect("writable");
    let out = ["--out", "r.csv"];
    let refused = "error: `r.csv.part` was begun by another sweep: the scenario or the command has \
                   changed since\nhelp: `--fresh` throws it away and begins anew; or name another \
                   file than `r.csv`\n";
    let refused = (Some(2), refused.to_owned());
    begin();
    for more in [["--shard", "1/2"], ["--measure", "m=lost"], ["--set", "link.delay=3ms"]] {
        assert_eq!(is_refused(&folder, &[&ARGUMENTS[..], &out, &more].concat()), refused);
    }
    assert_eq!(is_refused(&folder, &[&ARGUMENTS[2..], &out].concat()), refused);
    fs::write(folder.join("bulk.toml"), BULK.replace("10ms", "11ms")).expect("writable");
    assert_eq!(is_refused(&folder, &[&ARGUMENTS[..], &out].concat()), refused);
    assert_eq!(fs::read_to_string(folder.join("r.csv.part")).expect("kept"), first_line());
    sweeps(&folder, &[&ARGUMENTS[..], &out, &["--fresh"]].concat());
    let (now, _) = sweeps(&folder, &ARGUMENTS);
    assert_eq!(fs::read_to_string(folder.join("r.csv")).expect("it is there"), now);
}

#[test]
fn results_that_are_there_are_not_written_over_unasked() {
    let folder = folder("sweep-there");
    fs::write(folder.join("r.csv"), "mine").expect("writable");
    let words = "error: `r.csv` is there already\nhelp: `--fresh` makes it anew, `framestep sweep \
                 --summary r.csv` sums it up\n";
    assert_eq!(is_refused(&folder, &["--out", "r.csv"]), (Some(2), words.to_owned()));
    assert_eq!(fs::read_to_string(folder.join("r.csv")).expect("it is there"), "mine");
    sweeps(&folder, &["--out", "r.csv", "--fresh"]);
    assert_ne!(fs::read_to_string(folder.join("r.csv")).expect("it is there"), "mine");
    let (code, words) = is_refused(&folder, &["--out", "no/such/folder/r.csv"]);
    assert_eq!(code, Some(2));
    assert!(words.starts_with("error: cannot write `no/such/folder/r.csv.part`: "), "{words}");
}

#[test]
fn two_sweeps_do_not_write_the_same_file() {
    let folder = folder("sweep-twice");
    let held = File::create(folder.join("r.csv.part")).expect("writable");
    held.lock().expect("nobody else has it");
    let words =
        "error: another sweep is writing `r.csv`\nhelp: wait for it, or name another file\n";
    assert_eq!(is_refused(&folder, &["--out", "r.csv"]), (Some(2), words.to_owned()));
    drop(held);
    sweeps(&folder, &["--out", "r.csv"]);
}

#[test]
fn a_signal_stops_a_sweep_and_the_same_command_goes_on() {
    let folder = folder("sweep-signal");
    let (scenario, results) = (folder.join("bulk.toml"), folder.join("r.csv"));
    let path = |path: &PathBuf| path.to_str().expect("text").to_owned();
    let arguments = ["sweep", &path(&scenario), "--seeds", "1..4000", "--out", &path(&results)];
    let mut seat = Seat::open(&arguments);
    seat.wait_for(" of 4,000 runs");
    seat.wait_for(" left");
    seat.signal("-INT");
    let (code, screen) = seat.end();
    let shown = screen.screen().contents();
    assert_eq!(code, 128 + 2, "{shown}");
    assert!(shown.contains("of 4000 runs; the same command goes on from there"), "{shown}");
    assert!(!shown.contains(" left"), "the bar is gone: {shown}");
    assert!(!results.exists() && folder.join("r.csv.part").exists());
    prints(&arguments);
    let whole = prints(&[&arguments[..4], &["--jobs", "2"]].concat());
    assert!(fs::read_to_string(results).expect("it is there") == whole);
}

#[test]
fn every_combination_is_looked_at_before_any_is_run() {
    let folder = folder("sweep-faults");
    let wrong = |arguments: &[&str]| {
        let (code, words) = is_refused(&folder, &[arguments, &["--out", "r.csv"]].concat());
        assert_eq!(code, Some(2), "{words}");
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing was begun");
        words
    };
    let words = wrong(&["--seeds", "1..1000", "--set", "link.loss=0,0.01,1.5"]);
    assert_eq!(
        words,
        "error: `1.5` is not a chance\n --> --set:1:11\n  |\n1 | link.loss=1.5\n  |           ^^^\n  \
         |\n  = help: a number without a sign is a fraction from 0 to 1: `0.1` is `10%`\n"
    );
    let words = wrong(&["--set", "link.los=0,1%"]);
    assert!(words.contains("help: did you mean `link.loss`?"), "{words}");
    let words = wrong(&["--measure", "n=udp form client"]);
    assert_eq!(
        words,
        "error: `form` is nothing that can be looked for\n  --measure n=udp form client\n  \
         \x20               ^^^^\nhelp: did you mean `from`?\n"
    );
    for (arguments, words) in [
        (
            ["--seeds", "5..1"],
            "'5..1' for '--seeds <SEEDS>': `5..1` ends before it begins; write `1..5`",
        ),
        (["--seeds", "1..x"], "'--seeds <SEEDS>': `x` is no seed; write whole numbers and ranges"),
        (["--set", "link.loss"], "it sets nothing; write a key and its values: `link.loss=0,0.01`"),
        (["--set", "seed=1,2"], "the seed has an option of its own: `--seeds 1..100`"),
        (["--shard", "3/2"], "'3/2' for '--shard <PART/PARTS>': there is no part 3 of 2"),
        (["--measure", "lost"], "it has no name; write one before it: `lost=count(tcp lost)`"),
        (["--jobs", "0"], "0 is not in 1..=1024"),
        (["--seeds", "0..99999999999"], "error: 100000000000 runs; at most 1000000000 are made\n"),
    ] {
        let told = wrong(&arguments);
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let twice = wrong(&["--measure", "m=lost", "--measure", "m=udp"]);
    assert_eq!(twice, "error: two measures are called `m`\n");
    let twice = wrong(&["--set", "link.loss=0", "--set", "link.loss=1"]);
    assert!(twice.starts_with("error: `link.loss` is set twice; "), "{twice}");
    let (code, words) = refuses(&["sweep"]);
    assert!(code == 2 && words.contains("<SCENARIO>"), "{words}");
    let (code, _) = refuses(&["sweep", "bulk-transfer", "--fresh"]);
    assert_eq!(code, 2, "there is nothing to be made anew");
}

#[test]
fn a_faulty_file_is_told_once_for_all_combinations() {
    let folder = folder("sweep-file");
    fs::write(folder.join("bulk.toml"), BULK.replace("10ms", "10")).expect("writable");
    let (code, words) = is_refused(&folder, &ARGUMENTS);
    assert_eq!(code, Some(1));
    assert_eq!(words.matches("error: ").count(), 1, "{words}");
}

#[test]
fn a_reader_that_leaves_early_ends_a_sweep_without_a_word() {
    ends_when_its_reader_leaves(&["sweep", "bulk-transfer", "--seeds", "1..100000"]);
}
