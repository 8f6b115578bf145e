//! Row by row: what the protocol's table asks for.

use super::{Stage, config, suite};

const IN: &str = r#"
    > a opens
    > a 0
    a: 0{"sid":"S0"}
    a: 2["auth",{}]
"#;

#[test]
fn row_1_connect_is_answered_with_an_id_and_the_auth_comes_as_an_event() {
    suite(&[IN]);
    suite(&[r#"
        > a opens
        > a 0{"token":"123"}
        a: 0{"sid":"S0"}
        a: 2["auth",{"token":"123"}]
    "#]);
    let mut stage = Stage { echo: true, ..Stage::new(config()) };
    stage.play("a opens");
    stage.play("a 0");
    assert_ne!(stage.sockets[0], stage.sessions[0], "Engine.IO's id stays a secret");
}

#[test]
fn row_2_a_namespace_is_joined_with_or_without_its_comma() {
    for (text, auth) in [
        ("0/custom,", "{}"),
        ("0/custom", "{}"),
        (r#"0/custom,{"token":"abc"}"#, r#"{"token":"abc"}"#),
    ] {
        let mut stage = Stage { echo: true, ..Stage::new(config()) };
        stage.play("a opens");
        let said = stage.play(&format!("a {text}"));
        assert_eq!(said[0], r#"a: 0/custom,{"sid":"S0"}"#);
        assert_eq!(said[1], format!(r#"a: 2/custom,["auth",{auth}]"#));
    }
}

#[test]
fn row_3_an_unknown_namespace_is_refused_and_the_connection_stays() {
    suite(&[r#"
        > a opens
        > a 0/random
        a: 4/random,{"message":"Invalid namespace"}
        > a 0
        a: 0{"sid":"S0"}
        a: 2["auth",{}]
    "#]);
}

#[test]
fn row_4_who_joins_nothing_in_time_is_sent_away() {
    suite(&["> a opens\n> wait 999\n> wait 1\na closed"]);
    suite(&[IN, "> wait 5000"]);
    suite(&[r#"
        > a opens
        > a 0/random
        a: 4/random,{"message":"Invalid namespace"}
        > wait 1000
        a closed
    "#]);
}

#[test]
fn row_5_what_comes_before_connect_ends_the_connection() {
    suite(&["> a opens\n> a abc\na closed"]);
    suite(&["> a opens\n> a 2[\"message\"]\na closed"]);
    suite(&["> a opens\n> a 1\na closed"]);
}

#[test]
fn row_6_disconnect_is_not_answered_and_the_connection_stays() {
    suite(&[IN, "> a 1\n> wait 5000"]);
}

#[test]
fn row_7_one_namespace_is_left_and_the_other_goes_on() {
    suite(&[
        IN,
        r#"
        > a 0/custom
        a: 0/custom,{"sid":"S1"}
        a: 2/custom,["auth",{}]
        > a 1/custom
        > a 2["message","hi"]
        a: 2["message-back","hi"]
    "#,
    ]);
}

#[test]
fn row_8_an_event_comes_back_with_the_same_arguments() {
    suite(&[
        IN,
        r#"
        > a 2["message",1,"2",{"3":["4"],"a":0.1}]
        a: 2["message-back",1,"2",{"3":["4"],"a":0.1}]
    "#,
    ]);
}

#[test]
fn row_9_an_acknowledgement_has_the_id_of_its_event() {
    suite(&[
        IN,
        r#"
        > a 2456["message-with-ack",1,"2"]
        a: 3456[1,"2"]
        > a 20["message-with-ack"]
        a: 30[]
        > a 29007199254740991["message-with-ack"]
        a: 39007199254740991[]
    "#,
    ]);
}

#[test]
fn rows_10_and_11_octets_come_back_behind_their_text() {
    suite(&[
        IN,
        r#"
        > a 52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
        > a #010203
        > a #0405
        a: 52-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] #010203 #0405
        > a 52-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]
        > a #010203
        > a #0405
        a: 62-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] #010203 #0405
    "#,
    ]);
}

#[test]
fn row_12_what_is_malformed_ends_the_connection() {
    for text in [
        "7",
        r#"2{"a":1}"#,
        "2[x]",
        "2[]",
        "2[{}]",
        r#"2["connect"]"#,
        r#"2["disconnect"]"#,
        r#"2abc["message-with-ack"]"#,
        r#"5abc-["message"]"#,
        r#"5x["message"]"#,
        "#0102",
        "0",
        r#"4{"message":"no"}"#,
        r#"2/custom,["message"]"#,
    ] {
        let mut stage = Stage { echo: true, ..Stage::new(config()) };
        stage.play("a opens");
        stage.play("a 0");
        assert_eq!(stage.play(&format!("a {text}")), ["a closed"], "{text}");
        assert_eq!(stage.server.sockets().count(), 0);
        assert_eq!(stage.play("a 2[\"message\"]"), [""; 0]);
    }
    suite(&[
        IN,
        r#"
        > a 51-["message",{"_placeholder":true,"num":0}]
        > a 2["message"]
        a closed
    "#,
    ]);
}
