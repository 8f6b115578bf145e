//! Which file a name means, what kind of file it is, and how it is made ready to run.

use super::interface::{Place, Source};
use super::library;
use super::shared::Shared;
use rquickjs::context::EvalOptions;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{
    Ctx, Error, Exception, Function, Module, Object, Result as JsResult, Value as JsValue,
};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

/// What stands before a CommonJS file on its first line, as in node.
pub(super) const PREFIX: &str = "(function (exports, require, module, __filename, __dirname) { ";

/// What node has and a program might ask for.
const BUILT_IN: &[&str] = &[
    "assert",
    "async_hooks",
    "child_process",
    "cluster",
    "crypto",
    "dns",
    "dns/promises",
    "domain",
    "fs",
    "fs/promises",
    "http2",
    "https",
    "inspector",
    "os",
    "path",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "sys",
    "test",
    "tls",
    "tty",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// A program's file, compiled.
pub(super) enum Compiled<'js> {
    /// A CommonJS file: the function around it.
    Common(Function<'js>),
    /// An ES module whose imports were found.
    Module(Module<'js, Declared>),
}

/// The options for a text that is evaluated under a name.
pub(super) fn options(name: &str, strict: bool) -> EvalOptions {
    let mut options = EvalOptions::default();
    options.strict = strict;
    options.filename = Some(name.into());
    options
}

/// Compiles a file of the program's. Its name says what it is (`.mjs`, `.cjs`); if not, it is an ES
/// module if that is what it can be compiled as. What looks like a module (a line that begins with
/// `import` or `export`) is tried as one first, everything else as CommonJS first; so a file that
/// only awaits at its top level is a module too, as in node. If it is neither, the error is that of
/// what it looks like.
pub(super) fn compile<'js>(ctx: &Ctx<'js>, shared: &Shared, file: u16) -> JsResult<Compiled<'js>> {
    let source = &shared.script.files[usize::from(file)];
    let as_module = || Module::declare(ctx.clone(), source.name.as_str(), text_of(source));
    let common = || {
        shared.wrapped.borrow_mut().insert(file);
        let text = text_of(source);
        // Within the wrapper the line of a shebang would be no comment.
        let text = text.strip_prefix("#!").map_or_else(|| text.clone(), |rest| format!("//{rest}"));
        let made =
            ctx.eval_with_options(format!("{PREFIX}{text}\n}})"), options(&source.name, false));
        if made.is_err() {
            shared.wrapped.borrow_mut().remove(&file);
        }
        made.map(Compiled::Common)
    };
    let module = || {
        let module = as_module()?;
        let meta = module.meta()?;
        let folder = source.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        meta.set("url", format!("file:///{}", source.name))?;
        meta.set("filename", format!("/{}", source.name))?;
        meta.set("dirname", format!("/{folder}"))?;
        Ok(Compiled::Module(module))
    };
    match ending(&source.name) {
        "mjs" => return module(),
        "cjs" => return common(),
        _ => {}
    }
    let first = if looks_like_module(&source.text) { module() } else { common() };
    let Err(error) = first else { return first };
    let caught = ctx.catch();
    // A module that is missing, say: a file that cannot be compiled throws nothing else.
    if !is_syntax_error(&caught) {
        ctx.throw(caught);
        return Err(error);
    }
    let second = if looks_like_module(&source.text) { common() } else { module() };
    match second {
        Err(error) if !is_better(ctx, source) => {
            ctx.catch();
            ctx.throw(caught);
            Err(error)
        }
        second => second,
    }
}

/// How a name ends: `js`, `json`.
pub(super) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether the second error is the one to tell: of a file that awaits at its top level but does not
/// look like a module otherwise, or if it is no error of syntax at all.
fn is_better(ctx: &Ctx<'_>, source: &Source) -> bool {
    let second = ctx.catch();
    let better = !is_syntax_error(&second)
        || (!looks_like_module(&source.text) && source.text.contains("await "));
    ctx.throw(second);
    better
}

/// Whether it is an instance of `SyntaxError`.
pub(super) fn is_syntax_error(value: &JsValue<'_>) -> bool {
    value.as_object().is_some_and(|object| {
        let class = value.ctx().globals().get::<_, Object<'_>>("SyntaxError");
        class.is_ok_and(|class| object.is_instance_of(class))
    })
}

/// The engine takes no text with a NUL in it.
fn text_of(source: &Source) -> String {
    source.text.replace('\0', "\u{fffd}")
}

fn looks_like_module(text: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.strip_prefix("import").or_else(|| line.strip_prefix("export"));
        rest.is_some_and(|rest| rest.starts_with([' ', '{', '*', '"', '\'']))
    })
}

/// What a name means in a file: a file of the program's, or `node:` and a module of the library.
pub(super) fn locate(shared: &Shared, base: &str, name: &str, is_import: bool) -> Option<String> {
    let is_path = name.starts_with('/')
        || matches!(name, "." | "..")
        || name.starts_with("./")
        || name.starts_with("../");
    if !is_path {
        let bare = name.strip_prefix("node:").unwrap_or(name);
        return library::is_public(bare).then(|| format!("node:{bare}"));
    }
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    if name.starts_with('/') {
        parts.clear();
    }
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    // Only `require` guesses how the name ends.
    let endings = ["", ".js", ".json", "/index.js"];
    let endings = if is_import { &endings[..1] } else { &endings[..] };
    endings.iter().map(|ending| format!("{path}{ending}")).find(|path| shared.file(path).is_some())
}

/// Throws what node throws for a name that means nothing.
pub(super) fn missing(ctx: &Ctx<'_>, shared: &Shared, base: &str, name: &str) -> Error {
    let bare = name.strip_prefix("node:").unwrap_or(name);
    let is_path = name.starts_with(['.', '/']);
    let (code, mut message) = if is_path {
        ("MODULE_NOT_FOUND", format!("Cannot find module '{name}' imported from {base}"))
    } else if name.starts_with("node:") || BUILT_IN.contains(&bare) {
        let message = format!("No such built-in module: {bare} (a simulated host has no {bare}");
        ("ERR_UNKNOWN_BUILTIN_MODULE", message)
    } else {
        ("MODULE_NOT_FOUND", format!("Cannot find package '{name}' imported from {base} ("))
    };
    if !is_path {
        let there: Vec<&str> = library::public().collect();
        let separator = if message.ends_with('(') { "" } else { "; " };
        let _ = write!(message, "{separator}there are {})", there.join(", "));
    }
    let made = Exception::from_message(ctx.clone(), &message).and_then(|error| {
        error.set("code", code)?;
        if let Some(place) = named_at(shared, base, name) {
            let (line, column) = (place.line, place.column);
            error.set("stack", format!("Error: {message}\n    at {base}:{line}:{column}"))?;
        }
        Ok(error)
    });
    made.map_or_else(|error| error, Exception::throw)
}

/// Where a file names a module: there is no stack yet while imports are found.
fn named_at(shared: &Shared, file: &str, name: &str) -> Option<Place> {
    let file = shared.file(file)?;
    let text = &shared.script.files[usize::from(file)].text;
    text.lines().zip(1..).find_map(|(line, number)| {
        let at = [format!("'{name}'"), format!("\"{name}\"")].iter().find_map(|s| line.find(s))?;
        let column = line[..at].chars().count() as u32 + 1;
        Some(Place { file, line: number, column })
    })
}

/// Finds what ES modules import.
pub(super) struct Files(pub Rc<Shared>);

impl Resolver for Files {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> JsResult<String> {
        locate(&self.0, base, name, true).ok_or_else(|| missing(ctx, &self.0, base, name))
    }
}

impl Loader for Files {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> JsResult<Module<'js, Declared>> {
        load(ctx, &self.0, name)
    }
}

/// A module that an ES module imports: one of the program's; or one that is made of the library's or
/// of a CommonJS file's exports.
fn load<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, name: &str) -> JsResult<Module<'js, Declared>> {
    if let Some(library) = name.strip_prefix("node:") {
        let functions = shared.functions.borrow().clone().ok_or(Error::Unknown)?;
        let require = functions.require.restore(ctx)?;
        let exports: JsValue<'js> = require.call((library,))?;
        let keys = exports.as_object().into_iter().flat_map(Object::keys::<String>);
        let names: Vec<String> = keys.filter_map(Result::ok).collect();
        let default = "'default' in Object(m) ? m.default : m";
        return synthetic(ctx, name, default, &names, exports);
    }
    let file = shared.file(name).ok_or_else(|| Error::new_loading(name))?;
    let source = &shared.script.files[usize::from(file)];
    if ending(name) != "json"
        && let Compiled::Module(module) = compile(ctx, shared, file)?
    {
        return Ok(module);
    }
    let names = exported(&source.text);
    // A closure that held a function of the engine's would keep the engine from being freed.
    let (shared, file) = (Rc::clone(shared), name.to_owned());
    let load = move |ctx: Ctx<'js>| -> JsResult<JsValue<'js>> {
        let commons = shared.commons.borrow().clone().ok_or(Error::Unknown)?;
        commons.restore(&ctx)?.call((file.as_str(),))
    };
    let load = Function::new(ctx.clone(), load)?.into_value();
    synthetic(ctx, name, "m", &names, load)
}

/// A module whose default export is an expression in `m` and whose other exports are properties of
/// it; `m` is `given`, or what it returns.
fn synthetic<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    default: &str,
    names: &[String],
    given: JsValue<'js>,
) -> JsResult<Module<'js, Declared>> {
    let call = if default == "m" { "()" } else { "" };
    let mut text = format!("const m = import.meta.given{call};\nexport default {default};\n");
    let is_name = |name: &String| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
            && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    for (at, name) in names.iter().filter(|name| *name != "default" && is_name(name)).enumerate() {
        let _ = writeln!(text, "const v{at} = m.{name};\nexport {{ v{at} as {name} }};");
    }
    let module = Module::declare(ctx.clone(), name, text)?;
    module.meta()?.set("given", given)?;
    Ok(module)
}

/// The names that a CommonJS file seems to export, found in its text as node does before it runs:
/// `exports.name =`, `module.exports = { name, … }`.
fn exported(text: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || "_$".contains(*c)).collect()
    };
    let assigned = text.match_indices("exports.").filter_map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let name = word(rest);
        let after = rest[name.len()..].trim_start();
        (after.starts_with('=') && !after.starts_with("==")).then_some(name)
    });
    let listed = text.match_indices("module.exports = {").flat_map(|(at, found)| {
        let body = text[at + found.len()..].split('}').next().unwrap_or_default();
        body.split(',').map(|member| word(member.trim_start()))
    });
    let names: BTreeSet<String> = assigned.chain(listed).filter(|name| !name.is_empty()).collect();
    names.into_iter().collect()
}
