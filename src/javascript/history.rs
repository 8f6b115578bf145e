//! A program is a pure function of what it was told.
//!
//! What it was told is a log whose entries point back to the one before. Many histories can share a
//! beginning. An answer comes from the first of these that has it, and is the same whichever it is:
//!
//! 1. the entry that is known to follow, if it was told the same: no engine runs;
//! 2. the engine that all clones share, if it stands at this entry;
//! 3. a new engine that is told everything from the beginning.

use super::engine::Engine;
use super::interface::{Answer, Fault, FaultKind, Script, Told};
use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// All that a program was told so far, and so its whole state. A clone costs a few pointers and
/// shares the log; what is told to one is not told to the other.
#[derive(Clone)]
pub struct History {
    script: Arc<Script>,
    seed: u64,
    last: Rc<Entry>,
    engine: Rc<RefCell<Option<Live>>>,
}

/// One thing told; the first entry of a log has none.
struct Entry {
    before: Option<Rc<Self>>,
    told: Option<Told>,
    answer: Rc<Answer>,
    len: usize,
    /// The program had ended when it had answered.
    is_over: bool,
    /// What was told last in this state. The one who went on holds it.
    after: RefCell<Weak<Self>>,
}

/// A running engine, and where it stands.
struct Live {
    engine: Engine,
    at: Rc<Entry>,
}

impl History {
    /// A program that was told nothing yet. It draws its random numbers from the seed.
    pub fn new(script: Arc<Script>, seed: u64) -> Self {
        let first = Entry {
            before: None,
            told: None,
            answer: Rc::default(),
            len: 0,
            is_over: false,
            after: RefCell::default(),
        };
        Self { script, seed, last: Rc::new(first), engine: Rc::default() }
    }

    /// What the program does when it is told this, after all that it was told before. Once it has
    /// ended (by a fault, or `process.exit`) it does nothing.
    pub fn tell(&mut self, told: Told) -> Rc<Answer> {
        let known = self.last.after.borrow().upgrade();
        let next = match known {
            Some(next) if next.told.as_ref() == Some(&told) => next,
            _ => self.go_on(told),
        };
        self.last = next;
        Rc::clone(&self.last.answer)
    }

    /// Runs an engine, and writes down what it answers.
    fn go_on(&self, told: Told) -> Rc<Entry> {
        let (answer, engine) = if self.last.is_over { Default::default() } else { self.run(&told) };
        let next = Rc::new(Entry {
            before: Some(Rc::clone(&self.last)),
            told: Some(told),
            answer: Rc::new(answer),
            len: self.last.len + 1,
            is_over: engine.is_none(),
            after: RefCell::default(),
        });
        *self.last.after.borrow_mut() = Rc::downgrade(&next);
        if let Some(engine) = engine {
            *self.engine.borrow_mut() = Some(Live { engine, at: Rc::clone(&next) });
        }
        next
    }

    /// The answer, and the engine if it goes on.
    fn run(&self, told: &Told) -> (Answer, Option<Engine>) {
        let live = self.engine.take().filter(|live| Rc::ptr_eq(&live.at, &self.last));
        let engine = live.map(|live| live.engine).or_else(|| self.replayed());
        let Some(mut engine) = engine else {
            return (Answer { calls: Vec::new(), fault: Some(no_memory()) }, None);
        };
        let answer = engine.tell(told);
        (answer, Some(engine).filter(|engine| !engine.is_over()))
    }

    /// A new engine that was told everything so far.
    fn replayed(&self) -> Option<Engine> {
        let mut engine = Engine::new(Arc::clone(&self.script), self.seed)?;
        let entries = std::iter::successors(Some(&self.last), |entry| entry.before.as_ref());
        let mut entries: Vec<&Rc<Entry>> = entries.collect();
        while let Some(entry) = entries.pop() {
            if let Some(told) = &entry.told {
                let answer = engine.tell(told);
                debug_assert_eq!(answer, *entry.answer, "a program answered anew to {told:?}");
            }
        }
        Some(engine)
    }

    /// Forgets the running engine; the next answer builds another.
    pub fn forget_engine(&self) {
        self.engine.take();
    }

    /// How often it was told something.
    pub fn len(&self) -> usize {
        self.last.len
    }

    /// Whether it was told nothing yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The program.
    pub fn script(&self) -> &Arc<Script> {
        &self.script
    }
}

fn no_memory() -> Fault {
    let message = "no memory is left for an engine".into();
    Fault { kind: FaultKind::Memory, place: None, message, stack: String::new() }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl Drop for Entry {
    /// One after the other: a log may be longer than the stack is deep.
    fn drop(&mut self) {
        let mut before = self.before.take();
        while let Some(mut entry) = before.and_then(Rc::into_inner) {
            before = entry.before.take();
        }
    }
}
