// Whether two values are deeply equal: as `assert.deepStrictEqual` has it, or with `==` for
// primitive values and without regard to prototypes as `assert.deepEqual` does.

const types = require('internal/types');

const isObject = (value) => typeof value === 'object' && value !== null;

function primitivesEqual(a, b, strict) {
  if (strict) return Object.is(a, b);
  return a == b || (Number.isNaN(a) && Number.isNaN(b));
}

/** Own properties that count: enumerable ones, and of arrays not the elements. */
function keysOf(value, strict) {
  const names = Object.keys(value);
  if (!strict) return names;
  const isEnumerable = (key) => Object.prototype.propertyIsEnumerable.call(value, key);
  return [...names, ...Object.getOwnPropertySymbols(value).filter(isEnumerable)];
}

const boxes = ['Number', 'String', 'Boolean', 'BigInt', 'Symbol'];

/** What the inner slots of two objects say: false when they differ, so that keys need no look. */
function slotsEqual(a, b, context) {
  const same = (is) => is(a) === is(b);
  if (!Object.keys(SLOTS).every((kind) => same(types[kind]))) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== b.length) return false;
  const kind = Object.keys(SLOTS).find((name) => types[name](a));
  return kind === undefined || SLOTS[kind](a, b, context);
}

const octetsOf = (value) => (types.isAnyArrayBuffer(value) ? new Uint8Array(value)
  : new Uint8Array(value.buffer, value.byteOffset, value.byteLength));

function octetsEqual(a, b) {
  const [left, right] = [octetsOf(a), octetsOf(b)];
  return left.length === right.length && left.every((octet, i) => octet === right[i]);
}

function viewsEqual(a, b, { strict }) {
  if (types.typedArrayKind(a) !== types.typedArrayKind(b)) return false;
  const isFloat = /Float/.test(types.typedArrayKind(a));
  if (strict || !isFloat) return octetsEqual(a, b);
  return a.length === b.length && a.every((number, i) => number === b[i]);
}

function boxedEqual(a, b) {
  const kind = boxes.find((name) => types[`is${name}Object`](a));
  if (!types[`is${kind}Object`](b)) return false;
  const { valueOf } = globalThis[kind].prototype;
  return Object.is(valueOf.call(a), valueOf.call(b));
}

const SLOTS = {
  isDate: (a, b) => Object.is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b)),
  isRegExp: (a, b) => String(a) === String(b) && a.lastIndex === b.lastIndex,
  isNativeError: (a, b, context) => a.name === b.name && a.message === b.message
    && equal(a.cause, b.cause, context) && equal(a.errors, b.errors, context),
  isAnyArrayBuffer: octetsEqual,
  isArrayBufferView: viewsEqual,
  isSet: (a, b, context) => a.size === b.size && setsEqual(a, b, context),
  isMap: (a, b, context) => a.size === b.size && mapsEqual(a, b, context),
  isBoxedPrimitive: boxedEqual,
  isWeakMap: (a, b) => a === b,
  isWeakSet: (a, b) => a === b,
  isPromise: (a, b) => a === b,
};

/** Takes out of `rest` what is equal to `value`; whether there was something. */
function takeEqual(rest, value, context) {
  const at = rest.findIndex((other) => equal(value, other, context));
  if (at < 0) return false;
  rest.splice(at, 1);
  return true;
}

function setsEqual(a, b, context) {
  const rest = [...b].filter((value) => !a.has(value));
  return [...a].every((value) => b.has(value)
    || ((isObject(value) || !context.strict) && takeEqual(rest, value, context)));
}

function mapsEqual(a, b, context) {
  const rest = [...b].filter(([key]) => !a.has(key));
  return [...a].every(([key, value]) => {
    if (b.has(key) && a.has(key)) return equal(value, b.get(key), context);
    if (!isObject(key) && context.strict) return false;
    return takeEqual(rest, [key, value], context);
  });
}

function equal(a, b, context) {
  if (a === b) return a !== 0 || !context.strict || Object.is(a, b);
  if (!isObject(a) || !isObject(b)) {
    if (isObject(a) || isObject(b) || typeof a === 'function' || typeof b === 'function') {
      return false;
    }
    return primitivesEqual(a, b, context.strict);
  }
  const { strict, seen } = context;
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const label = (value) => Object.prototype.toString.call(value);
  if (label(a) !== label(b)) return false;
  // In a cycle the two are equal if nothing else says that they are not.
  if (seen.get(a) === b) return true;
  if (!slotsEqual(a, b, context)) return false;
  const keys = ArrayBuffer.isView(a) ? [] : keysOf(a, strict);
  const others = ArrayBuffer.isView(b) ? [] : keysOf(b, strict);
  if (keys.length !== others.length) return false;
  const before = seen.get(a);
  seen.set(a, b);
  const isSame = (key) => Object.prototype.propertyIsEnumerable.call(b, key)
    && equal(a[key], b[key], context);
  const result = keys.every(isSame);
  seen.set(a, before);
  return result;
}

exports.isDeepEqual = (a, b, strict) => equal(a, b, { strict, seen: new Map() });
