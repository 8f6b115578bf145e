//! From what was thrown to what is said of it.

use super::frames;
use super::interface::{Fault, FaultKind};
use super::shared::Shared;
use rquickjs::{Coerced, Ctx, Error, Value as JsValue};

/// The fault that a value is which nobody caught. `shown` is how the library prints it, if it is no
/// error.
pub(super) fn of_value(
    shared: &Shared,
    kind: FaultKind,
    value: &JsValue<'_>,
    shown: Option<String>,
) -> Fault {
    // When the heap is so full that not even an error fits, the engine throws `null`.
    if value.is_null() && kind == FaultKind::Uncaught {
        frames::out_of_memory(shared, None);
    }
    let text = |key| {
        let text = value.as_object()?.get::<_, Option<Coerced<String>>>(key).ok()?;
        text.map(|text| text.0)
    };
    let stack = text("stack").unwrap_or_default();
    let (head, frames) = stack.split_once("\n    at ").unwrap_or((&stack, ""));
    let message = match shown {
        Some(shown) => format!("Uncaught {shown}"),
        None if head.is_empty() => text("message").unwrap_or_else(|| "Uncaught error".into()),
        None => head.to_owned(),
    };
    let lines = frames.lines().map(|line| format!("at {}", line.trim().trim_start_matches("at ")));
    Fault {
        kind,
        place: frames::in_text(shared, &stack).or_else(|| shared.entered.get()),
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
