//! TCP's behaviour, one script a behaviour. `docs/TCP-SCRIPTS.md` has the notation, and which scripts
//! show which row of the table of behaviours.

mod orders;
mod run;
mod script;
mod wire;

use framestep::base::Instant;
use framestep::stack::transport::Endpoint;
use framestep::stack::transport::tcp::initial_sequence_number;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// A test for each script; the test's name is the file's, with underscores.
macro_rules! scripts {
    ($($name:ident,)*) => {
        $(#[test] fn $name() { play_file(&file_name(stringify!($name))); })*
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

scripts! {
    t01_active_open,
    t01_passive_open,
    t01_syn_received_needs_the_right_ack,
    t01_third_segment_carries_data,
    t01_unexpected_calls,
    t01_written_before_open,
    t02_simultaneous_open,
    t02_simultaneous_open_reset,
    t02_simultaneous_open_syn_ack,
    t03_caller_refuses_old_syn_ack,
    t03_listener_returns,
    t04_half_open_discovered,
    t04_unacceptable_segment_is_answered,
    t05_challenges_are_limited,
    t05_closed_answers_reset,
    t05_listen_answers_ack_with_reset,
    t05_reset_at_rcv_nxt,
    t05_reset_inside_the_window,
    t05_reset_outside_the_window,
    t05_reset_with_a_hole,
    t05_syn_sent_ignores_wrong_resets,
    t06_syn_in_close_wait,
    t06_syn_when_open,
    t07_ack_of_long_ago,
    t07_ack_of_the_unsent,
    t07_in_fin_wait_2,
    t07_old_ack_with_text,
    t08_closed_window_takes_ack_and_reset,
    t08_four_window_cases,
    t09_numbers_wrap,
    t09_syn_and_fin_count,
    t09_wrap_in_fast_retransmit,
    t09_wrap_in_retransmission,
    t10_data_waits_three_seconds_after_a_lost_syn,
    t10_duplicate_syn_in_syn_received,
    t10_syn_ack_gives_up,
    t10_syn_ack_is_sent_again,
    t10_syn_backs_off_and_fails,
    t11_closed_port,
    t11_connection_refused,
    t12_default_mss,
    t12_never_above_the_path_mtu,
    t12_options_take_room,
    t12_tiny_mss,
    t13_no_scale_unless_both,
    t13_not_offered_when_off,
    t13_shift_applies_after_the_syn,
    t13_shift_for_what_we_send,
    t13_shift_is_at_most_fourteen,
    t14_echo_is_the_earliest_unacknowledged,
    t14_measures_retransmissions,
    t14_missing_timestamp,
    t14_not_offered_when_off,
    t14_paws,
    t14_paws_spares_reset,
    t14_recent_needs_the_left_edge,
    t15_at_most_four_blocks,
    t15_blocks_most_recent_first,
    t15_duplicate_is_reported,
    t15_not_offered_when_off,
    t15_not_permitted_not_sent,
    t15_three_blocks_with_timestamps,
    t16_lost_by_octets,
    t16_reordering_is_not_loss,
    t16_rescue,
    t16_sack_in_the_wrap,
    t16_sack_recovery,
    t16_two_holes,
    t17_duplicates_with_a_closed_window,
    t17_fast_retransmit,
    t17_newreno_partial_ack,
    t17_no_fast_retransmit_after_time_out,
    t17_partial_ack_restarts_the_timer,
    t17_what_is_no_duplicate,
    t18_cap,
    t18_estimate,
    t18_floor,
    t18_karn,
    t18_new_ack_restarts,
    t18_time_out_backs_off,
    t19_a_lost_syn_shrinks_the_first_window,
    t19_congestion_avoidance,
    t19_initial_window_of_ten,
    t19_one_segment_after_a_time_out,
    t19_restart_after_idle,
    t19_slow_start,
    t20_cubic_gives_up_three_tenths,
    t20_cubic_is_no_slower_than_reno,
    t20_cubic_time_out,
    t21_limited_transmit,
    t22_at_once_around_a_hole,
    t22_at_once_for_fin,
    t22_every_second_full_segment,
    t22_forty_milliseconds,
    t22_half_a_second_at_most,
    t22_rides_on_data,
    t23_fin_ends_the_wait,
    t23_full_segment_does_not_wait,
    t23_last_short_segment,
    t23_nagle_waits,
    t23_no_delay,
    t24_peer_shrinks_its_window,
    t24_receiver_waits_to_reopen,
    t24_sender_takes_half_the_largest_window,
    t24_sender_waits_for_room,
    t24_window_never_shrinks,
    t25_our_closed_window_answers_probes,
    t25_probe_octet_is_taken,
    t25_unanswered_probes_give_up,
    t25_user_time_out_ends_probing,
    t25_window_closes_in_mid_flow,
    t25_zero_window_probe,
    t26_forged_mtu_is_ignored,
    t26_full_send_buffer,
    t26_push_ends_a_write,
    t26_repackaged_for_a_smaller_mtu,
    t26_urgent_is_taken_in_line,
    t27_active_close,
    t27_close_before_the_answer,
    t27_close_in_syn_received,
    t27_close_while_listening,
    t27_fin_and_ack_in_one,
    t27_fin_is_sent_again,
    t27_fin_raced_with_data,
    t27_last_ack_is_patient,
    t27_old_timestamp_in_time_wait,
    t27_passive_close,
    t27_reset_in_time_wait_ends_it_if_set,
    t27_reset_in_time_wait_is_ignored,
    t27_simultaneous_close,
    t27_time_wait_restarts,
    t28_fin_again_in_close_wait,
    t28_fin_rides_on_the_last_data,
    t28_fin_waits_for_the_gap,
    t28_fin_with_data,
    t28_half_close,
    t28_sending_after_the_peer_closed,
    t29_abort,
    t29_abort_before_the_answer,
    t29_data_after_release,
    t29_fin_wait_2_without_a_program,
    t29_release_with_unread_data,
    t29_reset_loses_what_was_queued,
    t30_new_syn_reopens,
    t30_newer_timestamp_reopens,
    t30_old_syn_does_not_reopen,
    t31_keep_alive_answered,
    t31_keep_alive_finds_the_dead,
    t31_off_by_default,
    t31_probe_is_answered,
    t32_forged_error_is_ignored,
    t32_gives_up_after_r2,
    t32_hard_error_when_open,
    t32_hard_error_while_opening,
    t32_soft_error_explains_the_failure,
    t32_soft_error_while_opening,
    t32_user_time_out,
    t33_initial_number_is_used,
    t34_negotiated_by_the_caller,
    t34_not_agreed,
    t34_off_by_default,
    t34_receiver_echoes_until_told,
    t34_retransmission_is_not_marked,
    t34_sender_halves_once,
    t35_bounded_by_the_window,
    t35_buffer_goes_round,
    t35_first_accepted_wins_beyond_a_hole,
    t35_one_segment_fills_many_holes,
    t35_overlaps_are_trimmed,
    t36_no_flags,
    t36_octets_that_are_no_segment,
    t36_odd_options,
    t36_syn_and_fin,
}

/// `t01_passive_open` is `t01-passive-open.script`.
fn file_name(test: &str) -> String {
    format!("{}.script", test.replace('_', "-"))
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/tcp")
}

fn play_file(file: &str) {
    let text = fs::read_to_string(folder().join(file)).expect("a script for each test");
    let place = format!("tests/data/tcp/{file}");
    let script = script::parse(&text).unwrap_or_else(|fault| panic!("{place}:{fault}"));
    if let Err(fault) = run::play(&place, &script) {
        panic!("{fault}");
    }
}

#[test]
fn every_script_in_the_folder_is_a_test() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    let tests: BTreeSet<String> = NAMES.iter().map(|name| file_name(name)).collect();
    assert_eq!(files, tests);
}

#[test]
fn every_row_has_a_script_and_the_page_lists_them_all() {
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/TCP-SCRIPTS.md");
    let page = fs::read_to_string(page).unwrap();
    let mut listed = BTreeSet::new();
    for row in 1..=36 {
        let head = format!("| T{row} |");
        let line = page.lines().find(|line| line.starts_with(&head));
        let line = line.unwrap_or_else(|| panic!("docs/TCP-SCRIPTS.md has no row T{row}"));
        let names = line[head.len()..].split('`').skip(1).step_by(2);
        listed.extend(names.map(|name| format!("t{row:02}-{name}.script")));
        assert!(listed.iter().any(|name| name.starts_with(&format!("t{row:02}-"))), "row T{row}");
    }
    let files: BTreeSet<String> = NAMES.iter().map(|name| file_name(name)).collect();
    assert_eq!(listed, files);
}

#[test]
fn every_script_begins_with_its_source() {
    for name in NAMES {
        let text = fs::read_to_string(folder().join(file_name(name))).unwrap();
        let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(head.contains("RFC") && head.contains('§'), "{name} does not cite its section");
    }
}

#[test]
fn a_fault_in_a_script_names_its_line() {
    for (text, fault) in [
        (
            "0 listen\n0 dance",
            "2: expected a call, `<`, `>`, `*`, `note` or `state`, found `dance`",
        ),
        ("set speed 3", "1: no setting `speed`"),
        ("0 listen\nset nagle off", "2: `set` belongs at the head of the script"),
        ("0 < S 0:5(0) win 3", "1: `0:5(0)`: 0 + 0 is not the end"),
        ("0 < X 0:0(0)", "1: no flag `X`"),
        ("0 < . 0:0(0) win 3", "1: `.` and `ack` belong together"),
        ("0 < S 0:0(0) <mss>", "1: no option `mss`"),
        ("0x listen", "1: expected a number, found `0x`"),
    ] {
        assert_eq!(script::parse(text).err().as_deref(), Some(fault));
    }
}

#[test]
fn a_script_that_expects_too_little_or_too_much_fails() {
    let open = "0 listen\n+0 < S 0:0(0) win 1000 <mss 1000>\n";
    let answer = "+0 > S. 0:0(0) ack 1 <mss 1460>\n";
    for (text, fault) in [
        (open.to_owned(), "at the end: not expected at 0.000000000: > S. 0:0(0) ack 1"),
        (format!("{open}+0 > S. 0:0(0) ack 2 <...>"), ":3: ack differs; came at 0.000000000"),
        (format!("{open}+0 > S. 0:0(0) ack 1 <>"), ":3: options differs; came"),
        (format!("{open}+.1 > S. 0:0(0) ack 1 <...>"), ":3: expected at 0.100000000; came at"),
        (format!("{open}{answer}{answer}"), ":4: no segment came up to 0.000000000"),
        (format!("{open}{answer}+0 * connected"), ":4: nothing was told up to"),
        (format!("{open}{answer}+0 state LISTEN"), ":4: expected state LISTEN, found SYN-RECEIVED"),
        (format!("{open}{answer}+0 note \"rain\""), ":4: nobody said \"rain\""),
        (format!("{open}+1 state SYN-RECEIVED\n+0 close"), ":4: not expected at 0.000000000: > S."),
    ] {
        let script = script::parse(&text).unwrap();
        let report = run::play("test", &script).unwrap_err();
        assert!(report.contains(fault), "{fault:?} is not in:\n{report}");
    }
}

/// RFC 9293 §3.4.1, RFC 6528 §3: a clock of four microseconds, and a hash that tells four-tuples apart
/// and cannot be computed without the secret.
#[test]
fn initial_numbers_follow_a_clock_of_four_microseconds() {
    let number = |nanos, secret, remote| {
        initial_sequence_number(Instant(nanos), secret, wire::LOCAL, remote)
    };
    let begin = number(0, 1, wire::REMOTE);
    assert_eq!(number(3_999, 1, wire::REMOTE), begin);
    assert_eq!(number(4_000, 1, wire::REMOTE), begin + 1);
    assert_eq!(number(4_000_000_000, 1, wire::REMOTE), begin + 1_000_000);
    let other = Endpoint { port: wire::REMOTE.port + 1, ..wire::REMOTE };
    assert_ne!(number(0, 1, other), begin);
    assert_ne!(number(0, 2, wire::REMOTE), begin);
}
