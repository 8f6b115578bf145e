//! Transcripts of sessions.

use super::super::super::Transport;
use super::{Config, OPEN, OPEN_POLLING, OPEN_SOCKET, Stage, State, run, run_with, websocket_only};

#[test]
fn a_session_over_polling_asks_again_after_each_answer() {
    run(&[
        OPEN_POLLING,
        "
        > 2=200 4hello␞bAQI=
        got hello
        got #0102
        3: GET EIO=4&transport=polling&sid=x
        > 3=200 6
        4: GET EIO=4&transport=polling&sid=x
    ",
    ]);
}

#[test]
fn messages_wait_for_the_post_under_way_and_go_together_up_to_max_payload() {
    run(&[
        OPEN_POLLING,
        "
        > send one
        3: POST EIO=4&transport=polling&sid=x 4one
        > send two #01
        > send three
        > 3=200 ok
        4: POST EIO=4&transport=polling&sid=x 4two␞bAQ==
        > 4=200 ok
        5: POST EIO=4&transport=polling&sid=x 4three
        > 5=200 ok
        > send longer-than-ten
        6: POST EIO=4&transport=polling&sid=x 4longer-than-ten
    ",
    ]);
}

#[test]
fn what_is_sent_before_the_session_is_open_goes_when_it_is() {
    run(&[r#"
        > open
        1: GET EIO=4&transport=polling
        > send hello
        > volatile lost
        > 1=200 0{"sid":"x","pingInterval":300,"pingTimeout":200}
        opened x by polling
        2: POST EIO=4&transport=polling&sid=x 4hello
        3: GET EIO=4&transport=polling&sid=x
    "#]);
    run_with(
        websocket_only(),
        &[r#"
        > open
        ws1: open EIO=4&transport=websocket
        > send hello
        > ws1 up
        > ws1 0{"sid":"x","pingInterval":300,"pingTimeout":200}
        opened x by websocket
        ws1: 4hello
    "#],
    );
}

#[test]
fn over_websocket_text_has_a_digit_and_octets_are_bare() {
    run_with(
        websocket_only(),
        &[
            OPEN_SOCKET,
            "
        > ws1 4hello
        got hello
        > ws1 #01
        got #01
        > send hello #02
        ws1: 4hello
        ws1: #02
        > close
        ws1: close
        over: forced close
        > send too-late
    ",
        ],
    );
}

#[test]
fn an_upgrade_waits_for_the_requests_under_way() {
    run(&[
        OPEN,
        "
        > ws2 up
        ws2: 2probe
        > send one
        4: POST EIO=4&transport=polling&sid=x 4one
        > ws2 3probe
        upgrading
        > send two
        > 3=200 4late
        got late
        > 4=200 ok
        ws2: 5
        upgraded
        ws2: 4two
        > ws2 4hello
        got hello
    ",
    ]);
}

#[test]
fn a_probe_that_fails_leaves_the_session_to_polling() {
    run(&[
        OPEN,
        "
        > ws2 gone
        > 3=200 4hello
        got hello
        4: GET EIO=4&transport=polling&sid=x
    ",
    ]);
    run(&[
        OPEN,
        "
        > ws2 up
        ws2: 2probe
        > ws2 4hello
        ws2: close
        > send hello
        4: POST EIO=4&transport=polling&sid=x 4hello
    ",
    ]);
    run(&[
        OPEN,
        "
        > ws2 up
        ws2: 2probe
        > ws2 3probe
        upgrading
        > send waits
        > ws2 gone
        4: POST EIO=4&transport=polling&sid=x 4waits
        > 3=200 6
        5: GET EIO=4&transport=polling&sid=x
    ",
    ]);
}

#[test]
fn without_upgrade_no_websocket_is_tried() {
    let config = Config { upgrade: false, ..Config::default() };
    let polling = Config { transports: vec![Transport::Polling], ..Config::default() };
    let open = OPEN.replace("    ws2: open EIO=4&transport=websocket&sid=x\n", "");
    let open = open.replace("3: GET", "2: GET");
    run_with(config, &[&open]);
    run_with(polling, &[&open]);
}

#[test]
fn a_ping_is_answered_and_its_absence_ends_the_session() {
    run(&[
        OPEN_POLLING,
        "
        > wait 400
        > 2=200 2
        3: POST EIO=4&transport=polling&sid=x 3
        4: GET EIO=4&transport=polling&sid=x
        > wait 499
        > wait 1
        4: abort
        3: abort
        over: ping timeout
    ",
    ]);
    run_with(
        websocket_only(),
        &[
            OPEN_SOCKET,
            "
        > ws1 2
        ws1: 3
        > wait 500
        ws1: close
        over: ping timeout
    ",
        ],
    );
}

#[test]
fn the_program_closes_after_what_it_has_sent() {
    run(&[
        OPEN_POLLING,
        "
        > send one
        3: POST EIO=4&transport=polling&sid=x 4one
        > send two
        > close
        > 3=200 ok
        4: POST EIO=4&transport=polling&sid=x 4two
        > 4=200 ok
        5: POST EIO=4&transport=polling&sid=x 1
        over: forced close
    ",
    ]);
    run(&[
        OPEN,
        "
        > close
        4: POST EIO=4&transport=polling&sid=x 1
        ws2: close
        over: forced close
        > 3=200 6
    ",
    ]);
    run(&["
        > open
        1: GET EIO=4&transport=polling
        > close
        1: abort
        over: forced close
        > close
    "]);
}

#[test]
fn every_way_to_fail_has_its_reason() {
    let rows = [
        ("2=400 x", "transport error"),
        ("lost 2", "transport error"),
        ("2=200 x", "parse error"),
        ("2=200", "parse error"),
        ("2=200 1", "transport close"),
    ];
    for (input, reason) in rows {
        let mut stage = Stage::new(Config::default());
        OPEN_POLLING.lines().filter_map(|l| l.trim().strip_prefix("> ")).for_each(|input| {
            stage.play(input);
        });
        assert_eq!(stage.play(input).last(), Some(&format!("over: {reason}")), "{input}");
        assert_eq!(stage.client.state(), State::Closed);
    }
    for first in ["4hello", "", "x", "0", "0{}", r#"0{"sid":"x","pingInterval":1}"#] {
        let mut stage = Stage::new(Config::default());
        stage.play("open");
        let said = stage.play(&format!("1=200 {first}"));
        assert_eq!(said, ["over: parse error"], "{first}");
    }
    run_with(
        Config { transports: vec![], ..Config::default() },
        &["> open\nover: transport error"],
    );
    run_with(
        websocket_only(),
        &["> open\nws1: open EIO=4&transport=websocket\n> ws1 gone\nover: transport error"],
    );
}

#[test]
fn a_session_can_be_opened_again_and_old_answers_do_not_count() {
    run(&[
        OPEN_POLLING,
        "
        > open
        2: abort
        3: GET EIO=4&transport=polling
        > 2=200 4old
        > lost 2
        > 3=400
        over: transport error
        > open
        4: GET EIO=4&transport=polling
    ",
    ]);
}

#[test]
fn more_than_may_wait_ends_the_session() {
    let mut stage = Stage::new(Config { queue_octets_max: 300, ..Config::default() });
    stage.play("open");
    for _ in 0..4 {
        assert_eq!(stage.play("send hello"), [""; 0]);
    }
    assert_eq!(stage.play("send hello"), ["1: abort", "over: buffer full"]);
}
