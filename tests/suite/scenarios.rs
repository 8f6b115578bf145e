//! The scenarios of the course: each is a good file, and its run is what it promises.

use framestep::scenario::{self, Builtin, Source, parse_source};

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
        let sentences = scenario.about.matches(['.', '?', '!']).count();
        assert!((2..=6).contains(&sentences), "{}: {}", builtin.path, scenario.about);
        assert!(!scenario.about.contains('\n'), "{}", builtin.path);
        assert!(scenario.minutes.is_some() && !scenario.expects.is_empty(), "{}", builtin.path);
    }
}
