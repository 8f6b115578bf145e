//! What keys do in the code: choose a line, mark it, go to where it runs.

use super::App;
use crate::tui::action::{Grain, Pane, Way};
use crate::tui::moment::code;
use crate::tui::stops::{self, Stop, Stops};
use crate::view::code::{Program, Ran, Spot, can_run};

/// So many steps are made known in search of a line, then a person is asked to go on.
const LOOK: u64 = 50_000;
/// So many at a time.
const SLICE: u64 = 512;

/// What a person has chosen in the code.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct Chosen {
    /// The program and the file that are shown; `None` follows what happens.
    pub(in crate::tui) file: Option<(Program, u16)>,
    /// The line that the pane's cursor is on; `None` follows what runs.
    pub(in crate::tui) line: Option<u32>,
    /// The lines that are marked.
    pub(in crate::tui) stops: Stops,
}

impl App {
    /// Up and down in the source.
    pub(super) fn move_in_code(&mut self, way: Way, by: usize) {
        let Some((program, file)) = code::at_hand(&self.walk, &self.view) else { return };
        let Some(listing) = self.walk.sources().listing(program, file) else { return };
        let last = listing.text().lines().count().max(1) as u32;
        let (here, by) = (self.moment.code.line(), by as u32);
        let next = match way {
            Way::Back => here.saturating_sub(by),
            Way::On => here.saturating_add(by),
        };
        self.view.code.file = Some((program, file));
        self.view.code.line = Some(next.clamp(1, last));
    }

    /// To the next file of all programs.
    pub(super) fn next_file(&mut self) {
        self.show(Pane::Code);
        let files = code::files(&self.walk);
        let here = code::at_hand(&self.walk, &self.view);
        let place = files.iter().position(|file| Some(*file) == here).map_or(0, |place| place + 1);
        self.view.code.file = files.get(place).or_else(|| files.first()).copied();
        self.view.code.line = None;
    }

    /// Marks the line of the cursor, or unmarks it.
    pub(super) fn mark_line(&mut self) {
        if self.focus != Pane::Code {
            return self.show(Pane::Code);
        }
        let Some((program, spot)) = self.line_that_can_run() else { return };
        let on = self.view.code.stops.toggle(self.walk.sources(), (program, spot));
        (self.view.code.file, self.view.code.line) = (Some((program, spot.file)), Some(spot.line));
        let name = self.name_of((program, spot));
        let words = if on {
            format!("{name} is marked: n goes on to where it runs, N back")
        } else {
            format!("{name} is no longer marked")
        };
        // Where the mark has moved to another line, that has been said.
        self.message.get_or_insert(words);
    }

    /// To where the cursor's line runs next.
    pub(super) fn go_to_line(&mut self) {
        if let Some(stop) = self.line_that_can_run() {
            self.go_to(&[stop], Way::On);
        }
    }

    /// To where a marked line runs next, or ran last.
    pub(super) fn go_marked(&mut self, way: Way) {
        let stops: Vec<Stop> = self.view.code.stops.all().collect();
        if stops.is_empty() {
            self.message = Some("no line is marked: 9 shows the code, b marks a line".to_owned());
            return;
        }
        self.go_to(&stops, way);
    }

    /// Whether a marked line runs in the step at hand.
    pub(super) fn marked_runs(&self) -> bool {
        let hand = self.walk.at_hand(self.view.grain);
        let next = self.beside(&self.view.code.stops.all().collect::<Vec<_>>(), hand.start, true);
        next.is_some_and(|record| record < hand.end)
    }

    /// The cursor's line or, if it calls nothing, the next one that does.
    fn line_that_can_run(&mut self) -> Option<Stop> {
        let (program, file) = code::at_hand(&self.walk, &self.view)?;
        let listing = self.walk.sources().listing(program, file)?;
        let wanted = self.moment.code.line();
        let past = self.walk.index().lines().past(program);
        let mut able = can_run(listing.text());
        able.extend(past.into_iter().flat_map(|past| past.counts(file, usize::MAX)).map(|c| c.0));
        let Some(&line) = able.range(wanted..).next() else {
            let name = self.name_of((program, Spot { file, line: wanted }));
            self.message = Some(format!("neither {name} nor a line after it calls anything"));
            return None;
        };
        if line != wanted {
            let words =
                format!("line {wanted} calls nothing, so it is line {line}, the next that does");
            self.message = Some(words);
        }
        Some((program, Spot { file, line }))
    }

    fn beside(&self, stops: &[Stop], from: usize, on: bool) -> Option<usize> {
        let (sources, index) = (self.walk.sources(), self.walk.index());
        stops::beside(stops.iter().copied(), sources, index, from, on).map(|record| record as usize)
    }

    /// To where one of these lines runs next, or ran last; says so if none does.
    fn go_to(&mut self, stops: &[Stop], way: Way) {
        self.play.stop();
        let hand = self.walk.at_hand(self.view.grain);
        let from = if way == Way::On { hand.end } else { hand.start };
        let known = self.walk.timeline().known();
        let mut found = self.beside(stops, from, way == Way::On);
        while found.is_none()
            && way == Way::On
            && !self.walk.timeline().is_complete()
            && self.walk.timeline().known() < known + LOOK
        {
            self.walk.explore(SLICE);
            found = self.beside(stops, from, true);
        }
        let Some(record) = found else {
            self.message = Some(self.none_runs(stops, way));
            return;
        };
        self.view.follow();
        self.stand_on_line(record);
    }

    /// Why none of these lines was found.
    fn none_runs(&self, stops: &[Stop], way: Way) -> String {
        let what = match stops {
            [one] => self.name_of(*one),
            _ => "a marked line".to_owned(),
        };
        match way {
            Way::Back => format!("no earlier step runs {what}"),
            Way::On if self.walk.timeline().is_complete() => format!("no later step runs {what}"),
            Way::On => format!("the next {LOOK} steps do not run {what}: once more looks further"),
        }
    }

    /// To the step of a line; within the step to the line, where it is not the last one there.
    fn stand_on_line(&mut self, record: usize) {
        let Some(said) = self.walk.trace().records().get(record) else { return };
        let Some(ran) = Ran::of(&said) else { return };
        self.walk.seek(said.step);
        let end = self.walk.at_hand(Grain::Event).end;
        let last = self.walk.index().lines().last(self.walk.trace(), end);
        let by_layer = self.view.grain == Grain::Layer;
        let mut words = format!(
            "{}: {} runs",
            self.walk.trace().legend().name(said.node),
            ran.name(self.walk.trace())
        );
        if by_layer || last != Some(ran) {
            self.view.grain = Grain::Layer;
            self.walk.stand_on(record + 1);
        }
        if !by_layer && self.view.grain == Grain::Layer {
            words.push_str("; others follow in this event, so a step is now one layer");
        }
        self.message = Some(words);
    }

    /// `client.js:7`.
    fn name_of(&self, (program, spot): Stop) -> String {
        let listing = self.walk.sources().listing(program, spot.file);
        format!("{}:{}", listing.as_ref().map_or("?", |listing| listing.name()), spot.line)
    }
}
