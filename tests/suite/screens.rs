//! Whole screens, drawn by keys through the real update and draw.
//!
//! They stand in `tests/data/screens`; `UPDATE_EXPECT=1` draws them anew. Styles are not in them.

use framestep::scenario::{self, Builtin, Scenario};
use framestep::tui::action::KEYS;
use framestep::tui::terminal::replay;
use framestep::tui::{App, Choice, Entry, Home, Palette, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn scenario(name: &str) -> Scenario {
    let builtin = scenario::find(name).expect("a built-in scenario");
    scenario::parse(builtin.path, builtin.text).0.expect("a sound scenario")
}

fn app(name: &str) -> App {
    App::new(&scenario(name), Theme::of(Palette::Indexed), false)
}

/// `Right*3 g S-Left 2` and the like.
fn keys(text: &str) -> Vec<Event> {
    let mut events = Vec::new();
    for word in text.split_whitespace() {
        let (name, times) = word.split_once('*').unwrap_or((word, "1"));
        let (modifiers, name) = match name.strip_prefix("S-") {
            Some(rest) => (KeyModifiers::SHIFT, rest),
            None => (KeyModifiers::NONE, name),
        };
        let code = match name {
            "Right" => KeyCode::Right,
            "Left" => KeyCode::Left,
            "Up" => KeyCode::Up,
            "Down" => KeyCode::Down,
            "Home" => KeyCode::Home,
            "End" => KeyCode::End,
            "Tab" => KeyCode::Tab,
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Space" => KeyCode::Char(' '),
            letter => KeyCode::Char(letter.chars().next().expect("a letter")),
        };
        for _ in 0..times.parse().expect("a number") {
            events.push(Event::Key(KeyEvent::new(code, modifiers)));
        }
    }
    events
}

fn terminal(width: u16, height: u16) -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(width, height)).expect("it cannot fail")
}

/// The screen as text, without the blanks at the ends of lines.
fn text(terminal: &Terminal<TestBackend>) -> String {
    let buffer = terminal.backend().buffer();
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let line: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn shown(app: &mut App, pressed: &str, terminal: &mut Terminal<TestBackend>) -> String {
    replay(app, keys(pressed), terminal).expect("it cannot fail");
    text(terminal)
}

fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/screens/{name}.txt"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, found).expect("writable");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{name} is not as expected but\n{found}");
}

#[test]
fn screens_are_drawn_as_they_stand_beside_the_test() {
    for (name, open, (width, height), pressed) in [
        ("start-80x24", "tcp-and-udp", (80, 24), ""),
        ("network-80x24", "tcp-and-udp", (80, 24), "Right*8"),
        ("ladder-80x24", "tcp-and-udp", (80, 24), "2 S-Right*14"),
        ("layers-80x24", "tcp-and-udp", (80, 24), "3 S-Right*4 g g Left*4"),
        ("packet-80x24", "tcp-and-udp", (80, 24), "4 S-Right*4 Down*6"),
        ("state-80x24", "tcp-handshake", (80, 24), "5 S-Right*5"),
        ("friend-80x24", "tcp-handshake", (80, 24), "S-Right*4 f"),
        ("all-120x40", "tcp-and-udp", (120, 40), "S-Right*7"),
        ("routers-120x40", "arp-and-ping", (120, 40), "S-Right*9 o L"),
        ("all-200x60", "fast-retransmit", (200, 60), "S-Right*16"),
        ("help-120x40", "tcp-and-udp", (120, 40), "?"),
        ("crowd-start-80x24", "flood", (80, 24), ""),
        ("crowd-80x24", "flood", (80, 24), "Right*3"),
        ("crowd-120x40", "flood", (120, 40), "Right*3"),
        ("crowd-200x60", "flood", (200, 60), "Right*3"),
        ("crowd-around-80x24", "flood", (80, 24), "Right*3 Down Enter"),
        ("crowd-chosen-120x40", "flood", (120, 40), "Right*3 Down*5"),
        ("crowd-ladder-80x24", "flood", (80, 24), "2 Right*3"),
        ("fat-tree-80x24", "fat-tree", (80, 24), "S-Right*36"),
        ("fat-tree-120x40", "fat-tree", (120, 40), "S-Right*36"),
        ("fat-tree-200x60", "fat-tree", (200, 60), "S-Right*36"),
        ("journey-80x24", "emit-with-ack", (80, 24), "8 S-Right*40"),
        ("journey-120x40", "emit-with-ack", (120, 40), "8 S-Right*40 Up*8"),
        ("web-packet-120x40", "fragments-and-ping", (120, 40), "4 S-Right*12"),
        ("web-all-200x60", "websocket-upgrade", (200, 60), "S-Right*12"),
        ("ten-thousand-120x40", "ten-thousand", (120, 40), "S-Right*60"),
    ] {
        let found = shown(&mut app(open), pressed, &mut terminal(width, height));
        check(name, &found);
    }
}

#[test]
fn the_list_shows_what_is_built_in() {
    let entry =
        |b: &Builtin| Entry::of(&scenario::heading(b.text).expect("a scenario"), b.name, b.path);
    let entries = scenario::library().iter().map(entry).collect();
    let mut home = Home::new(entries, Theme::of(Palette::Indexed));
    for event in keys("Down*2") {
        let Event::Key(key) = event else { continue };
        assert_eq!(home.key(key), Choice::Stay);
    }
    let mut terminal = terminal(80, 24);
    terminal
        .draw(|frame| {
            let area = frame.area();
            home.draw(area, frame.buffer_mut());
        })
        .expect("it cannot fail");
    check("home-80x24", &text(&terminal));
    assert_eq!(home.key(KeyEvent::from(KeyCode::Enter)), Choice::Open(2));
}

#[test]
fn stepping_back_shows_the_same_screens() {
    for grain in ["g", "", "g g"] {
        let mut app = app("lost-syn-ack");
        let mut terminal = terminal(120, 40);
        let mut screens = vec![shown(&mut app, &format!("{grain} 5 Esc"), &mut terminal)];
        for _ in 0..40 {
            screens.push(shown(&mut app, "Right Esc", &mut terminal));
        }
        // At the end of the run nothing moves any more, and back is one step from there.
        let end = screens.windows(2).position(|pair| pair[0] == pair[1]).unwrap_or(40);
        screens.truncate(end + 1);
        for expected in screens.iter().rev().skip(1) {
            assert_eq!(&shown(&mut app, "Left Esc", &mut terminal), expected);
        }
    }
}

#[test]
fn every_size_is_drawn_with_every_pane() {
    let mut app = app("arp-and-ping");
    replay(&mut app, keys("S-Right*6"), &mut terminal(80, 24)).expect("it cannot fail");
    for (width, height) in [
        (1, 1),
        (2, 1),
        (1, 40),
        (39, 11),
        (40, 12),
        (41, 13),
        (60, 18),
        (99, 31),
        (100, 32),
        (160, 44),
    ] {
        for pressed in ["1", "2", "3", "4", "5", "6", "7", "8", "z", "?", "Esc", "Esc"] {
            let found = shown(&mut app, pressed, &mut terminal(width, height));
            let small = width < 40 || height < 12;
            assert_eq!(found.contains("make me"), small && width >= 14, "{width}x{height}");
        }
    }
}

#[test]
fn the_help_page_names_every_key() {
    let found = shown(&mut app("tcp-handshake"), "?", &mut terminal(120, 40));
    for key in KEYS.iter().filter(|key| !key.words.is_empty()) {
        assert!(found.contains(key.shown) && found.contains(key.words), "{}", key.words);
    }
}

#[test]
fn a_lost_frame_changes_the_run_and_undo_brings_it_back() {
    let mut app = app("tcp-handshake");
    let mut terminal = terminal(120, 40);
    let before = shown(&mut app, "S-Right*3 Esc", &mut terminal);
    let after = shown(&mut app, "x S-Right Esc", &mut terminal);
    assert!(after.contains('✗') && after.contains("changed"), "{after}");
    assert_eq!(shown(&mut app, "u Esc", &mut terminal), before);
}
