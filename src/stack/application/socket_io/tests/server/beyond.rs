//! Beyond the table: refusal, rooms, acknowledgements asked for, recovery, limits.

use super::{Config, Recovery, Stage, config, run};
use crate::base::Duration;
use std::collections::BTreeSet;

const TWO: &str = r#"
    > a opens
    > a 0
    S0 asks for / {}
    > accept S0
    a: 0{"sid":"S0"}
    S0 in /
    > b opens
    > b 0{"name":"b"}
    S1 asks for / {"name":"b"}
    > accept S1
    b: 0{"sid":"S1"}
    S1 in /
"#;

fn two(parts: &[&str]) {
    run(false, config(), &[&[TWO], parts].concat());
}

#[test]
fn the_program_may_refuse_with_data() {
    run(
        false,
        config(),
        &[r#"
        > a opens
        > a 0
        S0 asks for / {}
        > refuse S0 unauthorized {"retry":false}
        a: 4{"message":"unauthorized","data":{"retry":false}}
        > accept S0
        NotConnected
        > a 0
        S1 asks for / {}
        > refuse S1 no
        a: 4{"message":"no"}
        > a 0
        S2 asks for / {}
        > a gone
        S2 out: ping timeout
    "#],
    );
}

#[test]
fn rooms_say_whom_a_broadcast_reaches() {
    let mut stage = Stage::new(config());
    for line in TWO.lines().filter_map(|line| line.trim().strip_prefix("> ")) {
        stage.play(line);
    }
    let mut reached = |input: &str| {
        let said = stage.play(input);
        said.iter().map(|line| line[..1].to_owned()).collect::<BTreeSet<_>>()
    };
    let who = |text: &str| text.chars().map(String::from).collect::<BTreeSet<_>>();
    assert_eq!(reached("all - x []"), who("ab"));
    assert_eq!(reached("room blue x []"), who(""));
    reached("join S0 blue");
    assert_eq!(reached("room blue x []"), who("a"));
    assert_eq!(reached("but blue x []"), who("b"));
    reached("join S1 blue");
    assert_eq!(reached("room blue x []"), who("ab"));
    reached("leave S0 blue");
    assert_eq!(reached("room blue x []"), who("b"));
    assert_eq!(reached("but S0 x []"), who("b"), "broadcast: all but one");
    assert_eq!(reached("room S0 x []"), who("a"));
    reached("b gone");
    assert_eq!(reached("room blue x []"), who(""));
    assert_eq!(reached("all - x []"), who("a"));
}

#[test]
fn a_broadcast_of_the_text_is_the_same_for_all() {
    let mut stage = Stage::new(config());
    for line in TWO.lines().filter_map(|line| line.trim().strip_prefix("> ")) {
        stage.play(line);
    }
    let mut said = stage.play(r#"all - news [{"z":1,"a":2}]"#);
    said.sort();
    assert_eq!(said, [r#"a: 2["news",{"z":1,"a":2}]"#, r#"b: 2["news",{"z":1,"a":2}]"#]);
}

#[test]
fn the_server_asks_and_is_answered_or_not_in_time_or_never() {
    two(&[r#"
        > ask S0 how []
        a: 20["how"]
        > a 30["fine"]
        S0 answers 7 ["fine"]
        > a 30["twice"]
        > ask S0 how []
        a: 21["how"]
        > wait 99
        > wait 1
        S0 too late 7
        > a 31["late"]
        > ask S0 how []
        a: 22["how"]
        > a gone
        S0 lost 7
        S0 out: ping timeout
    "#]);
}

#[test]
fn volatile_is_passed_on_and_reserved_names_are_refused() {
    two(&[r#"
        > volatile S0 tick [1]
        a: 2["tick",1] (volatile)
        > emit S0 connect []
        ReservedName
        > all - disconnect []
        ReservedName
        > a gone
        S0 out: ping timeout
        > emit S0 x []
        NotConnected
        > join S0 blue
        NotConnected
    "#]);
}

#[test]
fn the_server_sends_a_client_out_of_a_namespace_or_away() {
    two(&[r#"
        > kick S0
        a: 1
        S0 out: server namespace disconnect
        > a 2["message"]
        a closed
        > b 0/custom
        S2 asks for /custom {}
        > close S1
        b: 1
        S1 out: server namespace disconnect
        S2 out: server namespace disconnect
        b closed
    "#]);
}

#[test]
fn acknowledgements_and_rooms_have_limits() {
    run(
        false,
        Config { rooms_max: 1, acks_max: 1, ..config() },
        &[
            TWO,
            r#"
        > join S0 blue
        > join S0 blue
        > join S0 red
        TooManyRooms
        > ask S0 how []
        a: 20["how"]
        > ask S1 how []
        TooManyAcks
    "#,
        ],
    );
}

pub(super) fn recovering(packets_max: usize) -> Config {
    let duration = Duration::from_millis(500);
    let recovery = Some(Recovery { duration, packets_max, ..Recovery::default() });
    Config { recovery, ..config() }
}

const BROKEN: &str = r#"
    > a opens
    > a 0
    S0 asks for / {}
    > accept S0
    a: 0{"sid":"S0","pid":"P0"}
    S0 in /
    > join S0 blue
    > emit S0 first [1]
    a: 2["first",1,"0"]
    > a gone
    S0 out: ping timeout
"#;

#[test]
fn a_connection_that_broke_is_taken_up_again_with_what_it_missed() {
    run(
        false,
        recovering(100),
        &[
            BROKEN,
            r#"
        > room blue second [2]
        > room red third [3]
        > but blue fourth [4]
        > all - fifth []
        > b opens
        > b 0{"pid":"P0","offset":"0"}
        b: 0{"sid":"S0","pid":"P0"}
        b: 2["second",2,"1"]
        b: 2["fifth","4"]
        S0 in / again
        > room blue sixth []
        b: 2["sixth","5"]
        > volatile S0 tick []
        b: 2["tick"] (volatile)
        > ask S0 how []
        b: 20["how"]
    "#,
        ],
    );
}

#[test]
fn what_is_too_old_unknown_or_forgotten_is_not_taken_up_again() {
    let fresh = [
        ("> wait 500", r#"{"pid":"P0","offset":"0"}"#),
        ("", r#"{"pid":"P0","offset":"9"}"#),
        ("", r#"{"pid":"P0","offset":"x"}"#),
        ("", r#"{"pid":"P0"}"#),
        ("", r#"{"pid":"x","offset":"0"}"#),
        ("> all - x []\n> all - x []", r#"{"pid":"P0","offset":"0"}"#),
    ];
    for (before, auth) in fresh {
        let mut stage = Stage::new(recovering(2));
        for line in BROKEN.lines().chain(before.lines()) {
            line.trim().strip_prefix("> ").map(|input| stage.play(input));
        }
        stage.play("b opens");
        let said = stage.play(&format!("b 0{auth}"));
        assert!(said[0].starts_with("S1 asks for /"), "{auth}: {said:?}");
    }
    let mut stage = Stage::new(recovering(2));
    for line in BROKEN.lines() {
        line.trim().strip_prefix("> ").map(|input| stage.play(input));
    }
    stage.play("b opens");
    assert!(stage.play(r#"b 0/custom,{"pid":"P0","offset":"0"}"#)[0].starts_with("S1 asks"));
    assert_eq!(stage.play(r#"b 0{"pid":"P0","offset":"0"}"#).last().unwrap(), "S0 in / again");
    stage.play("c opens");
    let said = stage.play(r#"c 0{"pid":"P0","offset":"0"}"#);
    assert!(said[0].starts_with("S2 asks"), "taken up once only: {said:?}");
}

#[test]
fn who_left_by_itself_is_not_remembered() {
    let mut stage = Stage::new(recovering(9));
    for line in BROKEN.replace("> a gone", "> a 1").lines() {
        line.trim().strip_prefix("> ").map(|input| stage.play(input));
    }
    stage.play("b opens");
    assert!(stage.play(r#"b 0{"pid":"P0","offset":"0"}"#)[0].starts_with("S1 asks"));
}
