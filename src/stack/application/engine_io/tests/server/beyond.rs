//! What the table does not ask for: closing, losing, limits.

use super::super::super::Refusal;
use super::{Config, OPEN, OPEN_SOCKET, Stage, config, run};

#[test]
fn the_program_closes_and_the_client_hears_of_it_as_soon_as_it_can() {
    run(&[
        OPEN,
        r#"
        > GET {poll}
        > close
        2=200 1
        over: forced close
        > GET {poll}
        3=400 {"code":1,"message":"Session ID unknown"}
    "#,
    ]);
    run(&[
        OPEN,
        "
        > send last
        > close
        > send too-late
        > POST {poll} 4hello
        2=200 ok
        > GET {poll}
        3=200 4last␞1
        over: forced close
    ",
    ]);
    run(&[
        OPEN,
        "
        > close
        > wait 29999
        > wait 1
        over: forced close
    ",
    ]);
    run(&[
        OPEN_SOCKET,
        "
        > close
        ws1 closed
        over: forced close
    ",
    ]);
}

#[test]
fn the_connection_under_a_waiting_get_is_the_session() {
    run(&[
        OPEN,
        "
        > GET {poll}
        > lost 2
        over: transport close
    ",
    ]);
}

#[test]
fn a_volatile_message_is_dropped_when_it_cannot_go_at_once() {
    run(&[
        OPEN,
        "
        > volatile lost
        > GET {poll}
        > volatile kept with-its-attachment
        2=200 4kept␞4with-its-attachment
    ",
    ]);
    let mut stage = Stage::new(config());
    stage.play("GET {new}");
    assert!(!stage.server.is_writable(stage.sid.unwrap()));
    stage.play("GET {poll}");
    assert!(stage.server.is_writable(stage.sid.unwrap()));
}

#[test]
fn sessions_and_what_waits_for_them_have_a_limit() {
    let config = Config { sessions_max: 1, queue_octets_max: 300, ..config() };
    let mut stage = Stage::new(config);
    stage.play("GET {new}");
    let full = r#"2=403 {"code":4,"message":"Forbidden"}"#;
    assert_eq!(stage.play("GET {new}"), [full]);
    assert_eq!(stage.play("WS {ws}"), [full.replace("2=", "ws1=")]);
    for n in 0..4 {
        assert_eq!(stage.play("send hello"), [""; 0], "{n}");
    }
    assert_eq!(stage.play("send hello"), ["over: buffer full"]);
    assert_eq!(stage.play("GET {new}").last().unwrap(), "opened");
}

#[test]
fn without_websocket_no_upgrade_is_offered_or_taken() {
    let mut stage = Stage::new(Config { websocket: false, ..config() });
    assert!(stage.play("GET {new}")[0].contains(r#""upgrades":[]"#));
    let unknown = Refusal::TransportUnknown.json();
    assert_eq!(stage.play("WS {up}"), [format!("ws1=400 {unknown}")]);
}
