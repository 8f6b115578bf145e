//! Stacks as node writes them, and the program's lines in them.

use super::interface::{FaultKind, Place};
use super::messages;
use super::modules::PREFIX;
use super::shared::Shared;
use rquickjs::{
    Array, Coerced, Ctx, Exception, Function, Object, Result as JsResult, Value as JsValue,
    function::This,
};
use std::fmt::Write as _;
use std::rc::Rc;

/// Frames of a stack that are kept.
const DEPTH: u32 = 24;

/// From now on each error of the engine gets its stack from here.
pub(super) fn install(ctx: &Ctx<'_>, shared: &Rc<Shared>) -> JsResult<()> {
    let error: Object<'_> = ctx.globals().get("Error")?;
    error.set("stackTraceLimit", DEPTH)?;
    let shared = Rc::clone(shared);
    let prepare = move |ctx: Ctx<'_>, error: JsValue<'_>, sites: JsValue<'_>| {
        let stack = sites.into_array().and_then(|sites| prepare(&shared, &error, &sites));
        // A getter of the program's may have thrown; nothing is to come of it.
        if ctx.has_exception() {
            ctx.catch();
        }
        stack
    };
    error.set("prepareStackTrace", Function::new(ctx.clone(), prepare)?)
}

/// The innermost line of the program's that is running.
pub(super) fn nearest(ctx: &Ctx<'_>, shared: &Shared) -> Option<Place> {
    shared.seen.set(None);
    shared.looking.set(true);
    let made = Exception::from_message(ctx.clone(), "");
    shared.looking.set(false);
    if made.is_err() {
        ctx.catch();
    }
    shared.seen.get()
}

/// Where a function of the program's begins.
pub(super) fn of_function(shared: &Shared, function: &JsValue<'_>) -> Option<Place> {
    let function = function.as_object()?;
    let file: Option<String> = function.get("fileName").ok()?;
    let line: Option<u32> = function.get("lineNumber").ok()?;
    let column: Option<u32> = function.get("columnNumber").ok()?;
    place(shared, &file?, line?, column?)
}

/// The place in the program's file, where wrapping has not moved it.
fn place(shared: &Shared, file: &str, line: u32, column: u32) -> Option<Place> {
    let file = shared.file(file)?;
    let moved = line == 1 && shared.wrapped.borrow().contains(&file);
    let before = if moved { PREFIX.len() as u32 } else { 0 };
    Some(Place { file, line, column: column.saturating_sub(before).max(1) })
}

struct Site<'js>(Object<'js>);

impl<'js> Site<'js> {
    fn get<T: rquickjs::FromJs<'js>>(&self, method: &str) -> Option<T> {
        let method: Function<'js> = self.0.get(method).ok()?;
        method.call((This(self.0.clone()),)).ok()
    }

    fn place(&self, shared: &Shared) -> Option<Place> {
        let file: String = self.get::<Option<String>>("getFileName")??;
        shared.file(&file)?;
        place(shared, &file, self.get("getLineNumber")?, self.get("getColumnNumber")?)
    }
}

fn prepare(shared: &Shared, error: &JsValue<'_>, sites: &Array<'_>) -> Option<String> {
    let mut sites = sites.iter::<Object<'_>>().map_while(Result::ok).map(Site);
    if shared.looking.get() {
        shared.seen.set(sites.find_map(|site| site.place(shared)));
        return None;
    }
    let (place, stack) = describe(shared, sites);
    let error = error.as_object()?;
    let text = |key| error.get::<_, Option<Coerced<String>>>(key).ok().flatten().map(|text| text.0);
    let name = text("name").unwrap_or_else(|| "Error".into());
    let mut message = text("message").unwrap_or_default();
    notice(shared, &name, &message, place);
    shared.blame(place, &stack);
    if let Some(better) = messages::as_node(&name, &message, place, &shared.script) {
        error.set("message", better.as_str()).ok()?;
        message = better;
    }
    let separator = if message.is_empty() { "" } else { ": " };
    Some(format!("{name}{separator}{message}{}", indented(&stack)))
}

fn indented(stack: &str) -> String {
    stack.lines().fold(String::new(), |mut text, line| {
        let _ = write!(text, "\n    {line}");
        text
    })
}

/// The innermost line of the program's, and all frames but the library's.
fn describe<'js>(
    shared: &Shared,
    sites: impl Iterator<Item = Site<'js>>,
) -> (Option<Place>, String) {
    let mut innermost = None;
    let mut lines = Vec::new();
    for site in sites {
        let name = site.get::<Option<String>>("getFunctionName").flatten();
        let name = name.filter(|name| !name.is_empty() && !name.starts_with('<'));
        let file = site.get::<Option<String>>("getFileName").flatten();
        let at = match (&file, site.place(shared)) {
            (Some(file), Some(place)) => {
                innermost = innermost.or(Some(place));
                format!("{file}:{}:{}", place.line, place.column)
            }
            (None, _) if name.is_some() && !lines.is_empty() => "<anonymous>".into(),
            _ => continue,
        };
        lines.push(match name {
            Some(name) => format!("at {name} ({at})"),
            None => format!("at {at}"),
        });
    }
    (innermost, lines.join("\n"))
}

/// What the engine cannot go on after ends the program, even if the program catches it.
fn notice(shared: &Shared, name: &str, message: &str, place: Option<Place>) {
    match (name, message) {
        ("RangeError", "Maximum call stack size exceeded") => {
            shared.fail(FaultKind::Stack, place, || format!("{name}: {message}"));
        }
        ("InternalError", "out of memory") => out_of_memory(shared, place),
        _ => {}
    }
}

/// The program ends because its heap is full.
pub(super) fn out_of_memory(shared: &Shared, place: Option<Place>) {
    let limit = shared.script.limits.memory;
    let message = || format!("JavaScript heap out of memory (it may take {limit} octets)");
    shared.fail(FaultKind::Memory, place, message);
}

/// The first line of the program's in a stack's text.
pub(super) fn in_text(shared: &Shared, stack: &str) -> Option<Place> {
    stack.lines().find_map(|line| {
        let at = line.trim_start().strip_prefix("at ")?;
        let at = at.rsplit_once('(').map_or(at, |(_, rest)| rest.trim_end_matches(')'));
        let (rest, column) = at.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        let file = shared.file(file)?;
        Some(Place { file, line: line.parse().ok()?, column: column.parse().ok()? })
    })
}
