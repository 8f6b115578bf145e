//! Transcripts of connections.

use super::super::check;
use super::{Config, Stage, config};
use crate::stack::session::reconnect;

const IN: &str = r#"
    > connect /
    opens
    > opened
    0
    > says 0{"sid":"S0"}
    in / as S0
"#;

fn run_with(config: Config, parts: &[&str]) {
    let mut stage = Stage::new(config);
    check(&parts.concat(), |input| stage.play(input));
}

fn run(parts: &[&str]) {
    run_with(config(), parts);
}

#[test]
fn namespaces_are_joined_over_one_session() {
    run(&[
        IN,
        r#"
        > connect admin {"token":"123"}
        0/admin,{"token":"123"}
        > says 0/admin,{"sid":"S1"}
        in /admin as S1
        > emit /admin hello [1]
        2/admin,["hello",1]
        > says 2/admin,["news",{"b":1,"a":2}]
        /admin says news [{"b":1,"a":2}]
        > disconnect /admin
        1/admin,
        out of /admin: client namespace disconnect
        > disconnect /
        1
        out of /: client namespace disconnect
        closes
        > emit / x []
        > connect /
        opens
    "#,
    ]);
}

#[test]
fn events_are_acknowledged_both_ways() {
    run(&[
        IN,
        r#"
        > says 212["how"]
        / says how [] ack 12
        > ack / 12 ["fine"]
        312["fine"]
        > ask / how []
        20["how"]
        > says 30["fine"]
        / answers 7 ["fine"]
        > says 30["twice"]
        > ask / how []
        21["how"]
        > wait 100
        / too late 7
        > says 31["late"]
        > want / how []
        22["how"]
        > gone
        / lost 7
        out of /: transport close
        try 1 in 1 s
    "#,
    ]);
}

#[test]
fn octets_come_with_their_placeholders() {
    run(&[
        IN,
        r#"
        > says 51-["file",{"_placeholder":true,"num":0}]
        > says #0102
        / says file [{"_placeholder":true,"num":0}] #0102
    "#,
    ]);
}

#[test]
fn events_wait_while_there_is_no_connection_and_volatile_ones_do_not() {
    run(&[r#"
        > emit / lost []
        NotConnected
        > connect /
        opens
        > emit / one [1]
        > volatile / dropped []
        > want / two []
        > opened
        0
        > emit / three []
        > says 0{"sid":"S0"}
        in / as S0
        2["one",1]
        20["two"]
        2["three"]
        > volatile / tick []
        2["tick"] (volatile)
        > gone
        / lost 7
        out of /: transport close
        try 1 in 1 s
        > want / four []
        > wait 1000
        opens
        > opened
        0
        > says 0{"sid":"S1"}
        in / as S1
        21["four"]
    "#]);
}

#[test]
fn an_event_whose_acknowledgement_timed_out_is_not_sent_any_more() {
    run(&[r#"
        > connect /
        opens
        > ask / early []
        > emit / kept []
        > wait 100
        / too late 7
        > opened
        0
        > says 0{"sid":"S0"}
        in / as S0
        2["kept"]
    "#]);
}

#[test]
fn what_waits_has_a_limit() {
    let mut stage = Stage::new(Config { buffer_max: 2, ..config() });
    stage.play("connect /");
    assert_eq!(stage.play("emit / x []"), [""; 0]);
    assert_eq!(stage.play("emit / x []"), [""; 0]);
    assert_eq!(stage.play("emit / x []"), ["BufferFull"]);
    let mut stage = Stage::new(Config { buffer_octets_max: 15, acks_max: 1, ..config() });
    stage.play("connect /");
    assert_eq!(stage.play(r#"want / x ["1"]"#), [""; 0]);
    assert_eq!(stage.play(r#"emit / x ["1"]"#), ["BufferFull"]);
    assert_eq!(stage.play("want / x []"), ["TooManyAcks"]);
    stage.play("opened");
    stage.play(r#"says 0{"sid":"S0"}"#);
    assert_eq!(stage.client.buffered_octets, 0);
}

#[test]
fn the_link_is_tried_again_with_growing_waits() {
    run(&[r#"
        > connect /
        opens
        > gone
        not in /: transport close
        try 1 in 1 s
        > wait 999
        > wait 1
        opens
        > wait 20000
        closes
        not in /: transport error
        try 2 in 2 s
        > gone
        > wait 2000
        opens
        > gone
        not in /: transport close
        try 3 in 4 s
        > wait 4000
        opens
        > opened
        0
        > says 0{"sid":"S0"}
        in / as S0
        > gone
        out of /: transport close
        try 1 in 1 s
    "#]);
}

#[test]
fn tries_have_an_end() {
    let reconnection = reconnect::Config {
        attempts_max: Some(1),
        jitter_permille: 0,
        ..reconnect::Config::default()
    };
    run_with(
        Config { reconnection: Some(reconnection), ..config() },
        &["
        > connect /
        opens
        > gone
        not in /: transport close
        try 1 in 1 s
        > wait 1000
        opens
        > gone
        not in /: transport close
        gave up
        > wait 100000
        > connect /
        opens
    "],
    );
    run_with(
        Config { reconnection: None, ..config() },
        &[IN, "> gone\nout of /: transport close\n> wait 100000"],
    );
}

#[test]
fn luck_changes_the_waits() {
    let mut stage = Stage::new(Config::default());
    stage.play("connect /");
    let said = stage.play("gone");
    assert!(said[1].starts_with("try 1 in ") && said[1] != "try 1 in 1 s", "{said:?}");
}

#[test]
fn a_refusal_is_told_and_not_tried_again() {
    run(&[
        IN,
        r#"
        > connect /admin
        0/admin,
        > says 4/admin,{"message":"unauthorized","data":{"retry":false}}
        not in /admin: unauthorized {"retry":false}
        > says 4"no"
        closes
        out of /: packet does not fit the state
        try 1 in 1 s
        > wait 1000
        opens
        > opened
        0
        > says 4"no"
        not in /: no
        closes
    "#,
    ]);
}

#[test]
fn who_is_sent_out_stays_out() {
    run(&[
        IN,
        "
        > says 1
        out of /: server namespace disconnect
        closes
        > gone
        > wait 100000
    ",
    ]);
}

#[test]
fn a_violation_of_the_server_ends_the_session_and_begins_another() {
    for text in ["x", "2[]", "#00", "0", r#"0{"sid":"S1"}"#, r#"2["connect"]"#] {
        let mut stage = Stage::new(config());
        for line in IN.lines().filter_map(|line| line.trim().strip_prefix("> ")) {
            stage.play(line);
        }
        let said = stage.play(&format!("says {text}"));
        assert_eq!((&*said[0], &*said[2]), ("closes", "try 1 in 1 s"), "{text}: {said:?}");
    }
}

#[test]
fn a_namespace_that_is_left_before_its_answer_is_left_after_it() {
    run(&[
        IN,
        r#"
        > connect /admin
        0/admin,
        > disconnect /admin
        > says 0/admin,{"sid":"S1"}
        1/admin,
        out of /admin: client namespace disconnect
        > connect /admin
        0/admin,
        > disconnect /admin
        > connect /admin
        > says 0/admin,{"sid":"S2"}
        in /admin as S2
    "#,
    ]);
}

#[test]
fn a_broken_connection_is_asked_for_by_its_secret_and_last_offset() {
    run(&[r#"
        > connect / {"token":"123"}
        opens
        > opened
        0{"token":"123"}
        > says 0{"sid":"S0","pid":"P0"}
        in / as S0
        > gone
        out of /: transport close
        try 1 in 1 s
        > wait 1000
        opens
        > opened
        0{"pid":"P0","token":"123"}
        > says 0{"sid":"S0","pid":"P0"}
        in / as S0 again
        > says 2["news",1,"17"]
        / says news [1,"17"]
        > gone
        out of /: transport close
        try 1 in 1 s
        > wait 1000
        opens
        > opened
        0{"pid":"P0","offset":"17","token":"123"}
        > says 2["missed","18"]
        > says 0{"sid":"S0","pid":"P0"}
        in / as S0 again
        / says missed ["18"]
        > gone
        out of /: transport close
        try 1 in 1 s
        > wait 1000
        opens
        > opened
        0{"pid":"P0","offset":"18","token":"123"}
        > says 0{"sid":"S1","pid":"P1"}
        in / as S1
    "#]);
}

#[test]
fn reserved_names_and_impossible_namespaces_are_misuse() {
    run(&[
        IN,
        "
        > emit / connect []
        ReservedName
        > emit / disconnect []
        ReservedName
        > connect /a,b
        NotConnected
        > disconnect /admin
        NotConnected
        > ack /admin 1 []
        NotConnected
    ",
    ]);
}
