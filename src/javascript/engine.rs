//! One engine: a runtime of its own, the library's core in it, and the way in and out.

use super::frames;
use super::host;
use super::interface::{Answer, FaultKind, Script, Told};
use super::library;
use super::modules::{self, Files};
use super::shared::{Functions, Shared};
use super::{convert, faults};
use rquickjs::allocator::RustAllocator;
use rquickjs::context::intrinsic as i;
use rquickjs::{
    Array, Context, Ctx, Error, Function, Object, Persistent, Result as JsResult, Runtime,
    Value as JsValue,
};
use std::rc::Rc;
use std::sync::Arc;

/// What the language has, less what would show the machine: the real clock, and when the garbage
/// collector ran.
type Intrinsics = (
    i::Date,
    i::Eval,
    i::RegExpCompiler,
    i::RegExp,
    i::Json,
    i::Proxy,
    i::MapSet,
    i::TypedArrays,
    i::Promise,
);

/// The engine asks after so many steps whether it is to stop.
const STEPS: u64 = 10_000;

/// Stack beyond a program's own that building errors and calling the host may take.
const STACK_LEAST: usize = 64 << 10;

/// A runtime without a program. Fields are dropped in this order.
pub(super) struct Bare {
    pub(super) context: Context,
    runtime: Runtime,
    pub(super) shared: Rc<Shared>,
    made_at: usize,
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.shared.clear();
    }
}

impl Bare {
    /// None if there is no memory.
    pub(super) fn new(shared: Rc<Shared>) -> Option<Self> {
        let here = 0_u8;
        // The runtime counts its stack from about here.
        let runtime = Runtime::new_with_alloc(RustAllocator).ok()?;
        let s = Rc::clone(&shared);
        runtime.set_interrupt_handler(Some(Box::new(move || {
            s.spend(STEPS);
            s.is_stopping()
        })));
        let context = Context::custom::<Intrinsics>(&runtime).ok()?;
        let bare = Self { context, runtime, shared, made_at: std::ptr::from_ref(&here).addr() };
        bare.enter(|ctx| frames::install(ctx, &bare.shared)).ok()?;
        bare.runtime.set_memory_limit(bare.shared.script.limits.memory);
        Some(bare)
    }

    pub(super) const fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Runs something in the engine. The stack is counted from here, wherever this is called from:
    /// how deep a program may call does not depend on who tells it something.
    #[inline(never)]
    pub(super) fn enter<T>(&self, run: impl FnOnce(&Ctx<'_>) -> T) -> T {
        let here = 0_u8;
        let here = std::ptr::from_ref(&here).addr();
        let end = here.saturating_sub(self.shared.script.limits.stack);
        self.runtime.set_max_stack_size(self.made_at.saturating_sub(end).max(STACK_LEAST));
        self.context.with(|ctx| run(&ctx))
    }
}

/// A running program.
pub(super) struct Engine {
    bare: Bare,
}

impl Engine {
    /// A program that was told nothing yet.
    pub(super) fn new(script: Arc<Script>, seed: u64) -> Option<Self> {
        let bare = Bare::new(Shared::new(script, seed))?;
        let shared = &bare.shared;
        let s = Rc::clone(shared);
        bare.runtime().set_host_promise_rejection_tracker(Some(Box::new(
            move |ctx, promise, reason, handled| rejected(&ctx, &s, promise, reason, handled),
        )));
        bare.runtime().set_loader(Files(Rc::clone(shared)), Files(Rc::clone(shared)));
        let functions = bare.enter(|ctx| install(ctx, shared));
        if let Ok(functions) = functions {
            *shared.functions.borrow_mut() = Some(functions);
        } else {
            let fault = bare
                .enter(|ctx| faults::of_error(ctx, shared, FaultKind::Memory, &Error::Exception));
            shared.end(|| fault);
        }
        Some(Self { bare })
    }

    /// What the program does when it is told this. After a fault, or `process.exit`, nothing.
    pub(super) fn tell(&mut self, told: &Told) -> Answer {
        let shared = &self.bare.shared;
        if !shared.is_stopping() {
            shared.begin(told.at);
            self.bare.enter(|ctx| {
                if let Err(error) = dispatch(ctx, shared, told) {
                    let fault = faults::of_error(ctx, shared, FaultKind::Uncaught, &error);
                    shared.end(|| fault);
                }
                if frames::catch_up(ctx, shared).and_then(|()| blame_running(ctx, shared)).is_err()
                {
                    ctx.catch();
                }
            });
        }
        let answer = shared.finish();
        self.out_of_memory(answer)
    }

    /// When the heap is so full that not even an error fits, the engine throws `null` (which programs
    /// hardly do); or something else goes wrong, such as to say what went wrong.
    fn out_of_memory(&self, mut answer: Answer) -> Answer {
        if let Some(fault) = &mut answer.fault
            && matches!(fault.kind, FaultKind::Uncaught | FaultKind::Rejection)
        {
            let limits = &self.bare.shared.script.limits;
            let used = self.bare.runtime().memory_usage().malloc_size;
            if fault.message == faults::NULL
                || usize::try_from(used).is_ok_and(|used| used > limits.memory / 10 * 9)
            {
                fault.kind = FaultKind::Memory;
                fault.message = faults::out_of_memory(limits);
            }
        }
        answer
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.bare.shared.is_stopping()
    }
}

/// The promise's fate goes to the library, which waits until the queues are empty.
fn rejected<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    promise: JsValue<'js>,
    reason: JsValue<'js>,
    handled: bool,
) {
    let functions = shared.functions.borrow().clone();
    let told = functions.ok_or(Error::Unknown).and_then(|functions| {
        functions.rejection.restore(ctx)?.call::<_, ()>((promise, reason, handled))
    });
    if told.is_err() {
        ctx.catch();
    }
}

/// Work that no line can be blamed for is blamed on the function whose turn it was.
fn blame_running(ctx: &Ctx<'_>, shared: &Shared) -> JsResult<()> {
    if shared.wants_blame() {
        let functions = shared.functions.borrow().clone().ok_or(Error::Unknown)?;
        let running: JsValue<'_> = functions.running.restore(ctx)?.call(())?;
        shared.blame(frames::of_function(shared, &running), "");
    }
    Ok(())
}

fn install(ctx: &Ctx<'_>, shared: &Rc<Shared>) -> JsResult<Functions> {
    let native = host::object(ctx, shared)?;
    let method = |class: &str, name: &str| -> JsResult<_> {
        let class: Object<'_> = ctx.globals().get(class)?;
        let method: Function<'_> = class.get::<_, Object<'_>>("prototype")?.get(name)?;
        Ok(Persistent::save(ctx, method))
    };
    let (to_hex, well_formed) = (method("Uint8Array", "toHex")?, method("String", "toWellFormed")?);
    let options = modules::options("node:internal/loader", true);
    let loader: Function<'_> = ctx.eval_with_options(library::LOADER, options)?;
    let made: Object<'_> = loader.call((native,))?;
    let function = |name: &str| -> JsResult<_> {
        Ok(Persistent::save(ctx, made.get::<_, Function<'_>>(name)?))
    };
    Ok(Functions {
        told: function("told")?,
        rejection: function("rejection")?,
        require: function("require")?,
        running: function("running")?,
        to_hex,
        well_formed,
    })
}

fn dispatch(ctx: &Ctx<'_>, shared: &Shared, told: &Told) -> JsResult<()> {
    let functions = shared.functions.borrow().clone().ok_or(Error::Unknown)?;
    let arguments = Array::new(ctx.clone())?;
    for (at, value) in told.arguments.iter().enumerate() {
        arguments.set(at, convert::into_engine(ctx, value)?)?;
    }
    functions.told.restore(ctx)?.call((told.what, arguments))
}
