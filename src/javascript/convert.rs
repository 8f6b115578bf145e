//! Values across the border.

use super::interface::{Place, Value};
use super::shared::Shared;
use crate::base::Chunk;
use rquickjs::{
    Array, Coerced, Ctx, Error, Exception, Object, Result as JsResult, String as JsString,
    TypedArray, Value as JsValue, function::This,
};

/// Into the engine. Octets are copied.
pub(super) fn into_engine<'js>(ctx: &Ctx<'js>, value: &Value) -> JsResult<JsValue<'js>> {
    Ok(match value {
        Value::Null => JsValue::new_null(ctx.clone()),
        Value::Truth(truth) => JsValue::new_bool(ctx.clone(), *truth),
        Value::Number(number) => JsValue::new_number(ctx.clone(), *number),
        Value::Text(text) => JsString::from_str(ctx.clone(), text)?.into_value(),
        Value::Octets(octets) => TypedArray::<u8>::new_copy(ctx.clone(), &**octets)?.into_value(),
        Value::List(list) => {
            let array = Array::new(ctx.clone())?;
            for (at, element) in list.iter().enumerate() {
                array.set(at, into_engine(ctx, element)?)?;
            }
            array.into_value()
        }
    })
}

/// Out of the engine; what it weighs is taken from what the program may put out.
pub(super) fn out_of_engine<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    value: &JsValue<'js>,
    place: Option<Place>,
) -> JsResult<Value> {
    shared.take(ctx, size_of::<Value>(), place)?;
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(truth) = value.as_bool() {
        return Ok(Value::Truth(truth));
    }
    if let Some(number) = value.as_number() {
        return Ok(Value::Number(number));
    }
    if let Some(string) = value.as_string() {
        let text = text(ctx, shared, string)?;
        shared.take(ctx, text.len(), place)?;
        return Ok(Value::Text(text.into()));
    }
    if let Some(array) = value.as_array() {
        return array
            .iter::<JsValue<'js>>()
            .map(|element| out_of_engine(ctx, shared, &element?, place))
            .collect::<JsResult<_>>()
            .map(Value::List);
    }
    match value.as_object().and_then(|object| object.as_typed_array::<u8>()) {
        Some(octets) => {
            shared.take(ctx, octets.len(), place)?;
            Ok(Value::Octets(self::octets(ctx, shared, octets.as_value())?))
        }
        None => Err(Exception::throw_type(ctx, "this value cannot leave the engine")),
    }
}

/// The octets of a `Uint8Array`. By way of hexadecimal digits: to look into the engine's memory
/// would be `unsafe`.
fn octets<'js>(ctx: &Ctx<'js>, shared: &Shared, array: &JsValue<'js>) -> JsResult<Chunk> {
    let functions = shared.functions.borrow().clone().ok_or(Error::Unknown)?;
    let to_hex = functions.to_hex.restore(ctx)?;
    let hex: JsString<'js> = to_hex.call((This(array.clone()),))?;
    let digit = |digit: u8| if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 };
    let hex = hex.to_string()?;
    let octets: Vec<u8> =
        hex.as_bytes().chunks_exact(2).map(|two| digit(two[0]) << 4 | digit(two[1])).collect();
    Ok(Chunk::from(&octets[..]))
}

/// A string, with U+FFFD for what Unicode does not have.
pub(super) fn text<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    string: &JsString<'js>,
) -> JsResult<String> {
    match string.to_string() {
        Err(Error::Utf8(_)) => {
            let functions = shared.functions.borrow().clone().ok_or(Error::Unknown)?;
            let well_formed = functions.well_formed.restore(ctx)?;
            well_formed.call::<_, JsString<'js>>((This(string.clone()),))?.to_string()
        }
        other => other,
    }
}

/// A property as text; none if it is undefined or cannot be had.
pub(super) fn property(shared: &Shared, object: &Object<'_>, key: &str) -> Option<String> {
    let value: Option<Coerced<JsString<'_>>> = object.get(key).ok()?;
    text(object.ctx(), shared, &value?.0).ok()
}
