//! From what was thrown to what is said of it.

use super::interface::{Fault, FaultKind, Limits};
use super::shared::Shared;
use super::{convert, frames};
use rquickjs::{Ctx, Error, Value as JsValue};

/// What is said of `null` that nobody caught.
pub(super) const NULL: &str = "Uncaught null";

/// What is said of a full heap.
pub(super) fn out_of_memory(limits: &Limits) -> String {
    format!("JavaScript heap out of memory (it may take {} octets)", limits.memory)
}

/// The fault that a value is which nobody caught. `shown` is how the library prints it, if it is no
/// error.
pub(super) fn of_value(
    shared: &Shared,
    kind: FaultKind,
    value: &JsValue<'_>,
    shown: Option<String>,
) -> Fault {
    let text = |key| convert::property(shared, value.as_object()?, key);
    let stack = text("stack").unwrap_or_default();
    let (head, frames) = stack.split_once("\n    at ").unwrap_or((&stack, ""));
    let name = text("name").unwrap_or_else(|| "Error".into());
    let message = match shown {
        _ if value.is_null() => NULL.into(),
        Some(shown) => format!("Uncaught {shown}"),
        // The stack was made when the error was, and a class often names itself only later.
        None if head.starts_with(&name) => head.to_owned(),
        None => format!("{name}: {}", text("message").unwrap_or_default()),
    };
    let lines = frames.lines().map(|line| format!("at {}", line.trim().trim_start_matches("at ")));
    Fault {
        kind,
        place: frames::in_text(shared, &stack),
        message,
        stack: lines.filter(|line| line != "at ").collect::<Vec<_>>().join("\n"),
    }
}

/// The fault that an error at the border is.
pub(super) fn of_error(ctx: &Ctx<'_>, shared: &Shared, kind: FaultKind, error: &Error) -> Fault {
    match error {
        Error::Exception => of_value(shared, kind, &ctx.catch(), None),
        error => {
            ctx.catch();
            Fault { kind, place: None, message: error.to_string(), stack: String::new() }
        }
    }
}
