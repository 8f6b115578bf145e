//! Stacks as node writes them, and the program's lines in them.

use super::interface::{FaultKind, Place};
use super::messages;
use super::modules::PREFIX;
use super::shared::Shared;
use super::{convert, faults, loops};
use rquickjs::{
    Array, Ctx, Error, Exception, Function, Object, Persistent, Result as JsResult,
    Value as JsValue, function::This,
};
use std::fmt::Write as _;
use std::rc::Rc;

/// Frames of a stack that are kept.
const DEPTH: u32 = 24;

/// The error by which the engine ends what it was told to end.
const INTERRUPTED: (&str, &str) = ("InternalError", "interrupted");

/// Among so many innermost frames an error's constructor is looked for.
const DEEPEST_CLASS: usize = 4;

/// Steps that it takes to describe a stack.
const STACK: u64 = 100;

/// From now on each error of the engine gets its stack from here.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> JsResult<()> {
    let error: Object<'_> = ctx.globals().get("Error")?;
    error.set("stackTraceLimit", DEPTH)?;
    let (kept, shared) = (shared, Rc::clone(shared));
    let prepare = move |ctx: Ctx<'js>, error: JsValue<'js>, sites: JsValue<'js>| {
        let stack = sites.into_array().and_then(|sites| prepare(&ctx, &shared, &error, sites));
        // A getter of the program's may have thrown; nothing is to come of it.
        if ctx.has_exception() {
            ctx.catch();
        }
        stack
    };
    let setter = "Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace').set";
    let setter: Function<'_> = ctx.eval(setter)?;
    *kept.prepare_setter.borrow_mut() = Some(Persistent::save(ctx, setter));
    error.set("prepareStackTrace", Function::new(ctx.clone(), prepare)?)
}

/// Errors get the engine's own stacks again. An interruption that falls into making them as node does
/// is lost, and a program that ends might make errors again and again.
fn uninstall(ctx: &Ctx<'_>, shared: &Shared) -> JsResult<()> {
    let setter = shared.prepare_setter.borrow().clone().ok_or(Error::Unknown)?;
    let error: Object<'_> = ctx.globals().get("Error")?;
    setter.restore(ctx)?.call((This(error), JsValue::new_undefined(ctx.clone())))
}

/// Describes the stack of what ended the program, if that had to wait: when the stack was full.
pub(super) fn catch_up(ctx: &Ctx<'_>, shared: &Shared) -> JsResult<()> {
    let Some(sites) = shared.sites.take() else { return Ok(()) };
    let sites = sites.restore(ctx)?;
    let (place, stack) =
        describe(shared, sites.iter::<Object<'_>>().map_while(Result::ok).map(Site));
    shared.blame(place, &stack);
    Ok(())
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
    let text = &shared.script.files[usize::from(file)].text;
    let lines = text.lines().count() as u32;
    if line > lines {
        // The wrapper's last line: the text ended too soon.
        let column = text.lines().last().map_or(0, |last| last.chars().count()) as u32 + 1;
        return Some(Place { file, line: lines.max(1), column });
    }
    Some(Place { file, line, column: column.saturating_sub(before).max(1) })
}

/// The place of the loop that was interrupted.
fn interrupted(shared: &Shared, place: Place) -> Option<Place> {
    let text = &shared.script.files[usize::from(place.file)].text;
    let before =
        text.split_inclusive('\n').take(place.line as usize - 1).map(str::len).sum::<usize>();
    let line = &text[before..];
    let within = line.char_indices().nth(place.column as usize - 1).map_or(0, |(at, _)| at);
    let at = loops::blamed(text, before + within)?;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = text[..start].matches('\n').count() as u32 + 1;
    Some(Place { line, column: text[start..at].chars().count() as u32 + 1, ..place })
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

fn prepare<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    error: &JsValue<'js>,
    array: Array<'js>,
) -> Option<String> {
    let mut sites = array.iter::<Object<'_>>().map_while(Result::ok).map(Site);
    if shared.looking.get() {
        shared.seen.set(sites.find_map(|site| site.place(shared)));
        return None;
    }
    if shared.is_stopping() && !shared.wants_blame() {
        uninstall(ctx, shared).ok()?;
        return None;
    }
    shared.spend(STACK);
    let error = error.as_object()?;
    // As in node, the stack of an error begins where its class was called, not within.
    let class: Option<JsValue<'js>> = error.get("constructor").ok();
    let sites: Vec<Site<'js>> = sites.collect();
    let of_class = |site: &Site<'js>| site.get::<JsValue<'js>>("getFunction") == class;
    let inside = sites.iter().take(DEEPEST_CLASS).rposition(of_class).map_or(0, |last| last + 1);
    let (place, stack) = describe(shared, sites.into_iter().skip(inside));
    let text = |key| convert::property(shared, error, key);
    let name = text("name").unwrap_or_else(|| "Error".into());
    let mut message = text("message").unwrap_or_default();
    notice(shared, &name, &message, place);
    if shared.wants_blame() {
        let is_loop = (name.as_str(), message.as_str()) == INTERRUPTED;
        let at = place.filter(|_| is_loop).and_then(|place| interrupted(shared, place)).or(place);
        shared.blame(at, &stack);
        if shared.wants_blame() && !array.is_empty() {
            *shared.sites.borrow_mut() = Some(Persistent::save(ctx, array));
        }
    }
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

/// The innermost line of the program's, and its frames: those of the library are left out, and with
/// them what they called of the engine's own.
fn describe<'js>(
    shared: &Shared,
    sites: impl Iterator<Item = Site<'js>>,
) -> (Option<Place>, String) {
    let mut innermost = None;
    let mut lines: Vec<String> = Vec::new();
    let mut native: Vec<String> = Vec::new();
    for site in sites {
        let name = site.get::<Option<String>>("getFunctionName").flatten();
        let name = name.filter(|name| !name.is_empty() && !name.starts_with('<'));
        let file = site.get::<Option<String>>("getFileName").flatten();
        let at = match (file, site.place(shared)) {
            (Some(file), Some(place)) => {
                innermost = innermost.or(Some(place));
                lines.append(&mut native);
                format!("{file}:{}:{}", place.line, place.column)
            }
            (None, _) => {
                native.extend(name.map(|name| format!("at {name} (<anonymous>)")));
                continue;
            }
            (Some(_), None) => {
                native.clear();
                continue;
            }
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
        ("InternalError", "out of memory" | "string too long") => {
            shared.fail(FaultKind::Memory, place, || faults::out_of_memory(&shared.script.limits));
        }
        _ => {}
    }
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
