//! Whether a text is JavaScript.

use super::engine::Bare;
use super::faults;
use super::interface::{Fault, FaultKind, Limits, Script, Source};
use super::modules;
use super::shared::Shared;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Module, Result as JsResult};
use std::sync::Arc;

/// Whether a file is JavaScript (or JSON, by its name); the fault's place is in file 0. Nothing runs,
/// and nothing that it imports is looked for.
pub fn check(source: &Source) -> Result<(), Fault> {
    let mut script = Script::alone(&source.name, &source.text);
    // What a program may use while it runs is for its text alone here.
    script.limits = Limits { work_callback: 1_000_000, ..script.limits };
    let shared = Shared::new(Arc::new(script), 0);
    let Some(bare) = Bare::new(shared) else { return Ok(()) };
    bare.runtime().set_loader(Anything, Anything);
    let shared = &bare.shared;
    bare.enter(|ctx| {
        let made = if modules::ending(&source.name) == "json" {
            ctx.json_parse(source.text.as_str()).map(drop)
        } else {
            modules::compile(ctx, shared, 0).map(drop)
        };
        made.map_err(|error: Error| faults::of_error(ctx, shared, FaultKind::Syntax, &error))
    })
}

/// Every module is there, and empty.
struct Anything;

impl Resolver for Anything {
    fn resolve<'js>(
        &mut self,
        _: &Ctx<'js>,
        _: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> JsResult<String> {
        Ok(format!("any:{name}"))
    }
}

impl Loader for Anything {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> JsResult<Module<'js, Declared>> {
        Module::declare(ctx.clone(), name, "")
    }
}
