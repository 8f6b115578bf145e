//! The real program in a terminal of its own: it opens, steps, and gives the terminal back.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program in a terminal.
pub(crate) struct Seat {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
}

impl Seat {
    pub(crate) fn open(arguments: &[&str]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_framestep"));
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let writer = pair.master.take_writer().expect("a keyboard");
        let mut reader = pair.master.try_clone_reader().expect("a screen");
        let (send, output) = channel();
        thread::spawn(move || {
            let mut octets = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut octets) {
                if send.send(octets[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let [rows, columns] = [24, 80].map(|n| NonZero::new(n).expect("not zero"));
        let screen = vt100::Parser::new(rows, columns, 0);
        Self { master: pair.master, child, writer, output, screen }
    }

    /// Waits until the screen has these words.
    pub(crate) fn wait_for(&mut self, words: &str) {
        while !self.screen.screen().contents().contains(words) {
            let Ok(octets) = self.output.recv_timeout(PATIENCE) else {
                panic!("no {words:?} on the screen but\n{}", self.screen.screen().contents());
            };
            self.screen.process(&octets);
        }
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("it takes keys");
        self.writer.flush().expect("it takes keys");
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("it runs").to_string();
        let status = Command::new("kill").args([name, &id]).status().expect("there is a kill");
        assert!(status.success());
    }

    /// Waits for the end of the program and of what it writes; gives its exit code.
    pub(crate) fn end(mut self) -> (u32, vt100::Parser) {
        let code = exit_code(self.child);
        while let Ok(octets) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.screen.process(&octets);
        }
        (code, self.screen)
    }
}

fn exit_code(mut child: Box<dyn Child + Send + Sync>) -> u32 {
    let mut killer = child.clone_killer();
    let (send, ended) = channel();
    thread::spawn(move || send.send(child.wait().map(|status| status.exit_code())));
    ended
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|_| {
            let _ = killer.kill();
            panic!("the program does not end");
        })
        .expect("it can be waited for")
}

fn assert_given_back(screen: &vt100::Parser) {
    assert!(!screen.screen().alternate_screen(), "the shell's screen is back");
    assert!(!screen.screen().hide_cursor(), "the cursor is seen");
}

fn walk() -> Seat {
    let mut seat = Seat::open(&["open", "tcp-handshake", "--no-animation"]);
    seat.wait_for("step 0/");
    assert!(seat.screen.screen().alternate_screen());
    seat
}

#[test]
fn the_program_steps_and_gives_the_terminal_back() {
    let mut seat = walk();
    seat.press("\x1b[C\x1b[C\x1b[C");
    seat.wait_for("step 3/");
    seat.press("h");
    seat.wait_for("step 2/");
    seat.press("q");
    let (code, screen) = seat.end();
    assert_eq!(code, 0);
    assert_given_back(&screen);
}

#[test]
fn the_list_opens_what_is_picked_and_comes_back() {
    let mut seat = Seat::open(&["--no-animation"]);
    seat.wait_for("What it shows");
    seat.press("j\r");
    seat.wait_for("step 0/");
    seat.press("q");
    seat.wait_for("What it shows");
    seat.press("q");
    let (code, screen) = seat.end();
    assert_eq!(code, 0);
    assert_given_back(&screen);
}

#[test]
fn signals_end_the_program_and_give_the_terminal_back() {
    for (name, code) in [("-TERM", 128 + 15), ("-HUP", 128 + 1), ("-INT", 128 + 2)] {
        let seat = walk();
        seat.signal(name);
        let (found, screen) = seat.end();
        assert_eq!(found, code, "{name}");
        assert_given_back(&screen);
    }
}

#[test]
fn a_terminal_that_is_closed_ends_the_program() {
    let seat = walk();
    let Seat { master, child, mut writer, output, .. } = seat;
    // The thread that reads the screen lets go of it with the next octets.
    drop(output);
    writer.write_all(b"l").expect("it takes keys");
    drop((writer, master));
    assert_ne!(exit_code(child), 0);
}
