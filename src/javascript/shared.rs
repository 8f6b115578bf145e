//! What the host's functions inside an engine and the engine's owner both see.

use super::interface::{Answer, Call, Fault, FaultKind, Limits, Place, Script};
use crate::base::{Instant, Rng};
use rquickjs::{Array, Ctx, Exception, Function, Persistent, Result as JsResult};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// A function of the engine's, kept from one entry to the next.
type Kept = Persistent<Function<'static>>;

/// Functions that the host calls.
#[derive(Clone)]
pub(super) struct Functions {
    /// The library's: the host told something.
    pub told: Kept,
    /// The library's: a promise was rejected.
    pub rejection: Kept,
    /// The library's: loads one of its modules.
    pub require: Kept,
    /// The library's: the function of the program's whose turn it is or was, where it is known.
    pub running: Kept,
    /// `Uint8Array.prototype.toHex`, as it was before the program ran.
    pub to_hex: Kept,
    /// `String.prototype.toWellFormed`, likewise.
    pub well_formed: Kept,
}

/// The state of an engine that is not the engine's own.
pub(super) struct Shared {
    pub script: Arc<Script>,
    limits: Limits,
    /// All that is kept of the engine's is cleared before it goes: nothing must outlive it.
    pub functions: RefCell<Option<Functions>>,
    /// Loads a CommonJS file of the program's for an ES module.
    pub commons: RefCell<Option<Kept>>,
    /// Sets what prepares the stacks of errors.
    pub prepare_setter: RefCell<Option<Kept>>,
    /// The frames of what ended the program, until they can be described.
    pub sites: RefCell<Option<Persistent<Array<'static>>>>,
    /// The files that are wrapped into a function, whose first line begins further right.
    pub wrapped: RefCell<BTreeSet<u16>>,
    /// Whether a stack is asked for only to find the program's line in it, and that line.
    pub looking: Cell<bool>,
    pub seen: Cell<Option<Place>>,
    /// The handler of the program's that was called last.
    pub entered: Cell<Option<Place>>,
    now: Cell<Instant>,
    started: Cell<Option<Instant>>,
    rng: RefCell<Rng>,
    ids: Cell<u32>,
    calls: RefCell<Vec<Call>>,
    octets: Cell<usize>,
    work: Cell<u64>,
    work_run: Cell<u64>,
    stopping: Cell<bool>,
    fault: RefCell<Option<Fault>>,
}

impl Shared {
    pub(super) fn new(script: Arc<Script>, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            limits: script.limits,
            rng: RefCell::new(Rng::fork(seed, "javascript")),
            script,
            functions: RefCell::default(),
            commons: RefCell::default(),
            prepare_setter: RefCell::default(),
            sites: RefCell::default(),
            wrapped: RefCell::default(),
            looking: Cell::default(),
            seen: Cell::default(),
            entered: Cell::default(),
            now: Cell::default(),
            started: Cell::default(),
            ids: Cell::default(),
            calls: RefCell::default(),
            octets: Cell::default(),
            work: Cell::default(),
            work_run: Cell::default(),
            stopping: Cell::default(),
            fault: RefCell::default(),
        })
    }

    /// Lets go of all that is the engine's, before the engine goes.
    pub(super) fn clear(&self) {
        self.functions.take();
        self.commons.take();
        self.prepare_setter.take();
        self.sites.take();
    }

    /// The host is about to tell something.
    pub(super) fn begin(&self, at: Instant) {
        self.now.set(at);
        self.started.set(self.started.get().or(Some(at)));
        self.work.set(0);
        self.octets.set(0);
        self.entered.set(None);
    }

    /// What came of it. Where no line can be blamed for a fault, the handler is.
    pub(super) fn finish(&self) -> Answer {
        let mut fault = self.fault.take();
        if let Some(fault) = &mut fault {
            fault.place = fault.place.or_else(|| self.entered.get());
        }
        Answer { calls: self.calls.take(), fault }
    }

    /// Milliseconds since the run began.
    #[expect(clippy::cast_precision_loss, reason = "exact in the first 104 days of a run")]
    pub(super) fn now(&self) -> f64 {
        self.now.get().0 as f64 / 1e6
    }

    /// Milliseconds from the beginning of the run to that of the program.
    #[expect(clippy::cast_precision_loss, reason = "exact in the first 104 days of a run")]
    pub(super) fn started(&self) -> f64 {
        self.started.get().unwrap_or_default().0 as f64 / 1e6
    }

    /// A number in [0, 1).
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub(super) fn random(&self) -> f64 {
        (self.rng.borrow_mut().bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number that was not given out before, from 1.
    pub(super) fn id(&self) -> u32 {
        self.ids.set(self.ids.get() + 1);
        self.ids.get()
    }

    /// Which of the program's files has this name.
    pub(super) fn file(&self, name: &str) -> Option<u16> {
        self.script.files.iter().position(|file| file.name == name).map(|at| at as u16)
    }

    /// Counts work; too much of it ends the program.
    pub(super) fn spend(&self, steps: u64) {
        self.work.set(self.work.get().saturating_add(steps));
        self.work_run.set(self.work_run.get().saturating_add(steps));
        let (most, over) = if self.work.get() > self.limits.work_callback {
            (self.limits.work_callback, "at once")
        } else if self.work_run.get() > self.limits.work_run {
            (self.limits.work_run, "in all")
        } else {
            return;
        };
        self.fail(FaultKind::Work, None, || format!("took more than {most} steps {over}"));
    }

    /// Whether the program has ended or is to end: nothing that it does counts any more.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.get()
    }

    /// The program ends without a fault.
    pub(super) fn stop(&self) {
        self.stopping.set(true);
    }

    /// The program ends for this reason, unless it has ended before.
    pub(super) fn fail(
        &self,
        kind: FaultKind,
        place: Option<Place>,
        message: impl FnOnce() -> String,
    ) {
        self.end(|| Fault { kind, place, message: message(), stack: String::new() });
    }

    /// Likewise, with all that is known of the reason.
    pub(super) fn end(&self, fault: impl FnOnce() -> Fault) {
        if !self.stopping.replace(true) {
            *self.fault.borrow_mut() = Some(fault());
        }
    }

    /// Whether the stack of the next error will be the fault's.
    pub(super) fn wants_blame(&self) -> bool {
        self.sites.borrow().is_none()
            && self.fault.borrow().as_ref().is_some_and(|fault| fault.stack.is_empty())
    }

    /// The stack of the first error since the fault, if the fault was known before its place.
    pub(super) fn blame(&self, place: Option<Place>, stack: &str) {
        if let Some(fault) = &mut *self.fault.borrow_mut()
            && fault.stack.is_empty()
        {
            fault.place = fault.place.or(place);
            stack.clone_into(&mut fault.stack);
        }
    }

    /// Fails inside of the engine if nothing counts any more.
    pub(super) fn check(&self, ctx: &Ctx<'_>) -> JsResult<()> {
        if self.is_stopping() {
            return Err(Exception::throw_internal(ctx, "interrupted"));
        }
        Ok(())
    }

    /// Makes room for so many octets of output; too many end the program.
    pub(super) fn take(&self, ctx: &Ctx<'_>, octets: usize, place: Option<Place>) -> JsResult<()> {
        self.octets.set(self.octets.get().saturating_add(octets));
        let most = self.limits.output_octets;
        if self.octets.get() > most {
            self.fail(FaultKind::Output, place, || format!("more than {most} octets at once"));
        }
        self.check(ctx)
    }

    /// Adds a call; too many end the program.
    pub(super) fn push(&self, ctx: &Ctx<'_>, call: Call) -> JsResult<()> {
        let most = self.limits.calls;
        if self.calls.borrow().len() >= most {
            self.fail(FaultKind::Output, call.place, || format!("more than {most} calls at once"));
        }
        self.check(ctx)?;
        self.calls.borrow_mut().push(call);
        Ok(())
    }
}
