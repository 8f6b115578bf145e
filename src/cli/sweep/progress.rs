//! How far a sweep is, on the terminal of whoever waits for it.

use crate::sweep::Marks;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;

/// A bar on standing error, if that is a terminal; else nothing.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Shows how many of so many runs are done. It is hidden where rows go to the same terminal.
    pub(super) fn new(runs: u64, done: u64, hidden: bool, marks: Marks) -> Self {
        let target =
            if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(runs), target);
        let template = "{wide_bar:.cyan} {percent:>3} %  {human_pos} of {human_len} runs  \
                        {rate} a second  {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is well-formed");
        // A bar that cannot be drawn is no reason to stop.
        let rate = |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{:.0}", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate).progress_chars(match marks {
            Marks::Unicode => "━╸─",
            Marks::Ascii => "=> ",
        }));
        bar.set_position(done);
        // What was there before says nothing about how long the rest takes.
        bar.reset_eta();
        Self(bar)
    }

    /// One more run is done.
    pub(super) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
