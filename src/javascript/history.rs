//! A program is a pure function of what it was told.

use super::interface::{Answer, Script, Told};
use std::rc::Rc;
use std::sync::Arc;

/// All that a program was told so far, and so its whole state. A clone shares everything.
#[derive(Clone, Debug)]
pub struct History {
    script: Arc<Script>,
    seed: u64,
    len: usize,
}

impl History {
    /// A program that was told nothing yet.
    pub fn new(script: Arc<Script>, seed: u64) -> Self {
        Self { script, seed, len: 0 }
    }

    /// What the program does when it is told this, after all that it was told before.
    pub fn tell(&mut self, _told: Told) -> Rc<Answer> {
        self.len += 1;
        let _ = (&self.script, self.seed);
        Rc::new(Answer::default())
    }

    /// How often it was told something.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it was told nothing yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The program.
    pub fn script(&self) -> &Arc<Script> {
        &self.script
    }
}
