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

fn at_the_end() -> (App, Terminal<TestBackend>) {
    let mut scenario = bulk::network("200MiB", "4MiB");
    scenario.blueprint.limits.records = 1_000_000;
    let mut app = App::new(&scenario, Theme::of(Palette::True), false);
    app.update(Action::End);
    (app, Terminal::new(TestBackend::new(200, 60)).expect("a screen in memory"))
}

/// The same moment again.
fn draw_again(bencher: Bencher<'_, '_>, (app, mut terminal): (App, Terminal<TestBackend>)) {
    bencher.bench_local(|| terminal.draw(|frame| screen::draw(&app, frame)).map(|_| ()));
}

/// What a key costs: what it does, and the picture after it.
fn act_and_draw(
    bencher: Bencher<'_, '_>,
    (mut app, mut terminal): (App, Terminal<TestBackend>),
    action: impl Fn() -> Action,
) {
    bencher.bench_local(|| {
        app.update(action());
        terminal.draw(|frame| screen::draw(&app, frame)).map(|_| ())
    });
}

#[divan::bench]
fn draw(bencher: Bencher<'_, '_>) {
    draw_again(bencher, at_the_end());
}

/// A packet back.
#[divan::bench]
fn back_and_draw(bencher: Bencher<'_, '_>) {
    act_and_draw(bencher, at_the_end(), || Action::Packet(Way::Back));
}

/// Ten thousand hosts.
#[divan::bench]
fn draw_crowd(bencher: Bencher<'_, '_>) {
    draw_again(bencher, in_a_crowd());
}

/// A choice in the table of devices.
#[divan::bench]
fn choose_in_crowd_and_draw(bencher: Bencher<'_, '_>) {
    act_and_draw(bencher, in_a_crowd(), || Action::Move(Way::On));
}
