//! What the library can ask of the host: `internal/native` in JavaScript.

use super::convert;
use super::frames;
use super::interface::{Call, FaultKind};
use super::library;
use super::modules::{self, Compiled};
use super::shared::Shared;
use super::{faults, interface::Place};
use rquickjs::function::Rest;
use rquickjs::{
    Coerced, Ctx, Exception, Function, Object, Persistent, Result as JsResult, String as JsString,
    Value as JsValue,
};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Steps that it takes to run a microtask, besides those of its function.
const MICROTASK: u64 = 60;

/// The object with all functions.
pub(super) fn object<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> JsResult<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    let script = &shared.script;
    let entry = script.files.first().map_or("", |file| file.name.as_str());
    native.set("entry", entry)?;
    native.set("arguments", script.arguments.clone())?;
    native.set("epoch", convert::into_engine(ctx, &script.epoch.into())?)?;
    native.set("builtins", library::public().collect::<Vec<_>>())?;
    calls(ctx, shared, &native)?;
    facts(ctx, shared, &native)?;
    files(ctx, shared, &native)?;
    ends(ctx, shared, &native)?;
    Ok(native)
}

/// What is asked of the host, and what it is told of the program.
fn calls<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, native: &Object<'js>) -> JsResult<()> {
    let s = Rc::clone(shared);
    let call = move |ctx: Ctx<'js>, op: String, words: JsString<'js>, rest: Rest<JsValue<'js>>| {
        s.check(&ctx)?;
        let place = frames::nearest(&ctx, &s);
        let values = rest.iter().map(|value| convert::out_of_engine(&ctx, &s, value, place));
        let arguments = values.collect::<JsResult<_>>()?;
        say(&ctx, &s, &op, &words, place, arguments)
    };
    native.set("call", Function::new(ctx.clone(), call)?)?;
    let s = Rc::clone(shared);
    let enter = move |ctx: Ctx<'js>, words: JsString<'js>, function: JsValue<'js>| {
        s.check(&ctx)?;
        let place = frames::of_function(&s, &function);
        s.entered.set(place);
        say(&ctx, &s, "enter", &words, place, Vec::new())
    };
    native.set("enter", Function::new(ctx.clone(), enter)?)
}

fn say<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    op: &str,
    words: &JsString<'js>,
    place: Option<Place>,
    arguments: Vec<super::interface::Value>,
) -> JsResult<()> {
    let words = convert::text(ctx, shared, words)?;
    shared.take(ctx, size_of::<Call>() + words.len(), place)?;
    shared.push(ctx, Call { place, op: op.into(), words: words.into(), arguments })
}

/// Plain look-ups.
fn facts<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, native: &Object<'js>) -> JsResult<()> {
    let s = Rc::clone(shared);
    native.set("now", Function::new(ctx.clone(), move || s.now())?)?;
    let s = Rc::clone(shared);
    native.set("startedAt", Function::new(ctx.clone(), move || s.started())?)?;
    let s = Rc::clone(shared);
    native.set("random", Function::new(ctx.clone(), move || s.random())?.with_name("random")?)?;
    let s = Rc::clone(shared);
    native.set("id", Function::new(ctx.clone(), move || s.id())?)?;
    let s = Rc::clone(shared);
    let resolve = move |name: Coerced<String>| resolve(&s, &name.0);
    native.set("resolve", Function::new(ctx.clone(), resolve)?)
}

/// The address of a name, as `/etc/hosts` has it.
fn resolve(shared: &Shared, name: &str) -> Option<String> {
    let script = &shared.script;
    let name = name.to_ascii_lowercase();
    let address = name.parse::<Ipv4Addr>().ok();
    let known = || script.hosts.get(&name).copied();
    let own = || (name == "localhost" || name == script.host).then_some(Ipv4Addr::LOCALHOST);
    address.or_else(known).or_else(own).map(|address| address.to_string())
}

/// The program's files and the library's.
fn files<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, native: &Object<'js>) -> JsResult<()> {
    let library = move |ctx: Ctx<'js>, name: String| -> JsResult<JsValue<'js>> {
        let text = library::text(&name).ok_or_else(|| {
            Exception::throw_message(&ctx, &format!("the library has no module '{name}'"))
        })?;
        let text = format!("(function (exports, require, module, host) {{{text}\n}})");
        ctx.eval_with_options(text, modules::options(&format!("node:{name}"), true))
    };
    native.set("library", Function::new(ctx.clone(), library)?)?;
    let s = Rc::clone(shared);
    let locate = move |ctx: Ctx<'js>, base: String, name: String| {
        let found = modules::locate(&s, &base, &name, false);
        found.ok_or_else(|| modules::missing(&ctx, &s, &base, &name))
    };
    native.set("locate", Function::new(ctx.clone(), locate)?)?;
    let s = Rc::clone(shared);
    let compile = move |ctx: Ctx<'js>, name: String| -> JsResult<Option<Function<'js>>> {
        let Some(file) = s.file(&name) else { return Ok(None) };
        Ok(match modules::compile(&ctx, &s, file)? {
            Compiled::Common(function) => Some(function),
            Compiled::Module(_) => None,
        })
    };
    native.set("compile", Function::new(ctx.clone(), compile)?)?;
    let s = Rc::clone(shared);
    let text =
        move |name: String| s.script.files.iter().find(|f| f.name == name).map(|f| f.text.clone());
    native.set("text", Function::new(ctx.clone(), text)?)?;
    let s = Rc::clone(shared);
    let commons = move |ctx: Ctx<'js>, load: Function<'js>| {
        *s.commons.borrow_mut() = Some(Persistent::save(&ctx, load));
    };
    native.set("commons", Function::new(ctx.clone(), commons)?)
}

/// Work, and the end.
#[expect(clippy::cast_sign_loss, reason = "never below zero")]
fn ends<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, native: &Object<'js>) -> JsResult<()> {
    let s = Rc::clone(shared);
    let charge = move |ctx: Ctx<'js>, steps: f64| {
        // Saturates: a length may be 2^53.
        s.spend(steps.max(0.0) as u64);
        s.check(&ctx)
    };
    native.set("charge", Function::new(ctx.clone(), charge)?)?;
    let s = Rc::clone(shared);
    let microtasks = move |ctx: Ctx<'js>| {
        while !s.is_stopping() && ctx.execute_pending_job() {
            s.spend(MICROTASK);
        }
    };
    native.set("microtasks", Function::new(ctx.clone(), microtasks)?)?;
    let s = Rc::clone(shared);
    native.set("isStopping", Function::new(ctx.clone(), move || s.is_stopping())?)?;
    let s = Rc::clone(shared);
    native.set("stop", Function::new(ctx.clone(), move || s.stop())?)?;
    let s = Rc::clone(shared);
    let fatal = move |kind: String, value: JsValue<'js>, shown: Option<String>| {
        let kind = match kind.as_str() {
            "syntax" => FaultKind::Syntax,
            "rejection" => FaultKind::Rejection,
            _ => FaultKind::Uncaught,
        };
        let fault = faults::of_value(&s, kind, &value, shown);
        s.end(|| fault);
    };
    native.set("fatal", Function::new(ctx.clone(), fatal)?)
}
