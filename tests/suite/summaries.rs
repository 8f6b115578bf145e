//! What `framestep sweep` says of its tables: medians, quartiles, plots.

use crate::cli::{file, framestep, refuses, text};
use crate::sweep::{folder, sweeps};
use crate::views::check;
use std::process::Command;

/// A table with two settings in it, of numbers that are easy to follow.
fn table() -> String {
    let (real, _) = sweeps(&folder("sweep-table"), &["--measure", "first=first(tcp)"]);
    let header = real.lines().next().expect("a header").replace("run,seed", "run,a,link.b,seed");
    let columns: Vec<&str> = header.split(',').collect();
    let mut table = header.clone() + "\n";
    let mut number = 0;
    for (a, b, most) in [("1", "\"long, and longer than fits\"", 10), ("2", "x", 4), ("2", "y", 1)]
    {
        for seed in 1..=most {
            number += 1;
            let cell = |name: &&str| match *name {
                "run" => number.to_string(),
                "a" => a.to_owned(),
                "link.b" => b.to_owned(),
                "seed" => seed.to_string(),
                "end" => ["ended", "until"][usize::from(seed == 4)].to_owned(),
                "completion_s" if a == "2" && seed == 4 => String::new(),
                "completion_s" => format!("{}.{:09}", seed / 4, seed * 100_000_000 % 1_000_000_000),
                "goodput_bps" => (12_345_678 / seed).to_string(),
                "frames_lost" => (seed * seed).to_string(),
                "resent" => "3".to_owned(),
                "first" => String::new(),
                name if name.starts_with("expect: program") => (seed % 2 == 1).to_string(),
                _ => "0".to_owned(),
            };
            table += &(columns.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
        }
    }
    table
}

#[test]
fn a_summary_has_medians_and_quartiles_and_draws_them() {
    let path = file("sweep-summary.csv", &table());
    let sum_up = |locale: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_framestep"));
        let command = command.args(["sweep", "--summary"]).arg(&path).env("LC_ALL", locale);
        text(&command.output().expect("it runs").stdout)
    };
    let summary = sum_up("C.UTF-8");
    check("sweeps/summary.txt", &summary);
    let ascii: String = summary.replace(['├', '┤'], "|").replace('─', "-").replace('…', "~");
    assert_eq!(sum_up("C"), ascii);
    assert!(ascii.is_ascii());
}

#[test]
fn only_tables_of_sweeps_are_summed_up() {
    let summed_up = |content: &str, more: &[&str]| {
        let path = file("sweep-odd.csv", content);
        let path = path.to_str().expect("text");
        let (code, words) = refuses(&[&["sweep", "--summary", path], more].concat());
        assert_eq!(code, 1);
        words.replace(path, "odd.csv")
    };
    assert_eq!(summed_up("a,b\n1,2\n", &[]), "error: `odd.csv` has not the columns of a sweep\n");
    assert_eq!(summed_up("", &[]), "error: `odd.csv` has not the columns of a sweep\n");
    let torn = table() + "16,1\n";
    assert!(
        summed_up(&torn, &[]).starts_with("error: `odd.csv` cannot be read: CSV error: record 16")
    );
    let other = file("sweep-other.csv", &table().replace("link.b", "link.c"));
    let other = other.to_str().expect("text");
    let words = summed_up(&table(), &[other]);
    assert_eq!(words, format!("error: `{other}` has other columns than the file before it\n"));
    let (code, _) = refuses(&["sweep", "--summary", "no/such/file.csv"]);
    assert_eq!(code, 1);
}

#[test]
fn a_summary_follows_rows_that_are_printed() {
    let output = framestep(&["sweep", "udp-closed-port", "--seeds", "1..2"]);
    assert!(output.status.success());
    assert_eq!(text(&output.stdout).lines().count(), 3);
    assert!(text(&output.stderr).starts_with("2 runs, 1 combination of settings\n"));
}
