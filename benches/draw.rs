//! Drawing the walk at 200 columns and 60 rows: on a run of a million records, in a network of ten
//! thousand hosts.

#[path = "networks/bulk.rs"]
mod bulk;

use divan::Bencher;
use framestep::scenario;
use framestep::tui::action::{Action, Way};
use framestep::tui::{App, Palette, Theme, screen};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn main() {
    divan::main();
}

/// A step in a network of ten thousand hosts.
fn in_a_crowd() -> (App, Terminal<TestBackend>) {
    let builtin = scenario::find("ten-thousand").expect("it is built in");
    let scenario = scenario::parse(builtin.path, builtin.text).0.expect("without faults");
    let mut app = App::new(&scenario, Theme::of(Palette::True), false);
    for _ in 0..60 {
        app.update(Action::Step(Way::On));
    }
    (app, Terminal::new(TestBackend::new(200, 60)).expect("a screen in memory"))
}

/// The same moment again, of ten thousand hosts.
#[divan::bench]
fn draw_crowd(bencher: Bencher<'_, '_>) {
    let (app, mut terminal) = in_a_crowd();
    bencher.bench_local(|| terminal.draw(|frame| screen::draw(&app, frame)).map(|_| ()));
}

/// A choice in the table of devices and its picture.
#[divan::bench]
fn choose_in_crowd_and_draw(bencher: Bencher<'_, '_>) {
    let (mut app, mut terminal) = in_a_crowd();
    bencher.bench_local(|| {
        app.update(Action::Move(Way::On));
        terminal.draw(|frame| screen::draw(&app, frame)).map(|_| ())
    });
}

fn at_the_end() -> (App, Terminal<TestBackend>) {
    let mut scenario = bulk::network("200MiB");
    scenario.blueprint.limits.records = 1_000_000;
    let mut app = App::new(&scenario, Theme::of(Palette::True), false);
    app.update(Action::End);
    (app, Terminal::new(TestBackend::new(200, 60)).expect("a screen in memory"))
}

/// The same moment again.
#[divan::bench]
fn draw(bencher: Bencher<'_, '_>) {
    let (app, mut terminal) = at_the_end();
    bencher.bench_local(|| terminal.draw(|frame| screen::draw(&app, frame)).map(|_| ()));
}

/// A packet back and its picture: what a key costs.
#[divan::bench]
fn back_and_draw(bencher: Bencher<'_, '_>) {
    let (mut app, mut terminal) = at_the_end();
    bencher.bench_local(|| {
        app.update(Action::Packet(Way::Back));
        terminal.draw(|frame| screen::draw(&app, frame)).map(|_| ())
    });
}
