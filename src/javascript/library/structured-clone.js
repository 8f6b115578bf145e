// structuredClone: a deep copy of what can be copied, cycles and shared parts kept.

const types = require('internal/types');
const { DOMException } = require('internal/dom-exception');

const ERRORS = ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError',
  'URIError'];

function refuse(value) {
  let what = `#<${value.constructor?.name ?? 'Object'}>`;
  if (typeof value !== 'object') what = String(value);
  else if (types.isSymbolObject(value) || types.isGeneratorObject(value)) {
    what = Object.prototype.toString.call(value);
  }
  throw new DOMException(`${what} could not be cloned.`, 'DataCloneError');
}

function cloneBuffer(buffer, moved) {
  return moved.has(buffer) ? buffer.transfer() : buffer.slice(0);
}

function cloneError(error, copy) {
  const name = ERRORS.includes(error.name) ? error.name : 'Error';
  const message = Object.hasOwn(error, 'message') ? [String(error.message)] : [];
  const made = new globalThis[name](...message);
  const set = (key, value) => {
    Object.defineProperty(made, key, { value, writable: true, configurable: true });
  };
  set('stack', error.stack);
  if (Object.hasOwn(error, 'cause')) set('cause', copy(error.cause));
  return made;
}

/** A copy of an object without its parts, and how to fill them in; undefined for plain ones. */
function shell(value, copy, moved) {
  if (types.isDate(value)) return [new Date(Date.prototype.getTime.call(value))];
  if (types.isRegExp(value)) return [new RegExp(value.source, value.flags)];
  if (types.isBoxedPrimitive(value)) {
    if (types.isSymbolObject(value)) refuse(value);
    return [Object(value.valueOf())];
  }
  if (types.isAnyArrayBuffer(value)) return [cloneBuffer(value, moved)];
  if (ArrayBuffer.isView(value)) {
    const Kind = globalThis[types.typedArrayKind(value) ?? 'DataView'];
    const [offset, length] = [value.byteOffset, value.length ?? value.byteLength];
    return [new Kind(copy(value.buffer), offset, length)];
  }
  if (types.isMap(value)) {
    const made = new Map();
    const entries = [...Map.prototype.entries.call(value)];
    return [made, () => entries.forEach(([key, held]) => made.set(copy(key), copy(held)))];
  }
  if (types.isSet(value)) {
    const made = new Set();
    const entries = [...Set.prototype.values.call(value)];
    return [made, () => entries.forEach((held) => made.add(copy(held)))];
  }
  if (types.isNativeError(value)) return [cloneError(value, copy)];
  if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value)
    || types.isGeneratorObject(value)) refuse(value);
  return undefined;
}

function cloneWith(moved) {
  const made = new Map();
  const copy = (value) => {
    if (typeof value === 'symbol' || typeof value === 'function') refuse(value);
    if (typeof value !== 'object' || value === null) return value;
    if (made.has(value)) return made.get(value);
    const isPlain = Object.getPrototypeOf(value) === Object.prototype;
    const [cloned, fill] = (isPlain ? undefined : shell(value, copy, moved))
      ?? (Array.isArray(value) ? [new Array(value.length), fillKeys] : [{}, fillKeys]);
    made.set(value, cloned);
    fill?.(value, cloned);
    return cloned;
  };
  const fillKeys = (value, cloned) => {
    for (const key of Object.keys(value)) {
      Object.defineProperty(cloned, key, { value: copy(value[key]), writable: true,
        enumerable: true, configurable: true });
    }
  };
  return copy;
}

function structuredClone(...given) {
  if (given.length === 0) {
    const { coded } = require('internal/errors');
    throw coded(TypeError, 'ERR_MISSING_ARGS', 'The value argument must be specified');
  }
  const [value, options] = given;
  const moved = new Set(options?.transfer ?? []);
  for (const item of moved) if (!types.isArrayBuffer(item)) refuse(item);
  return cloneWith(moved)(value);
}

module.exports = { structuredClone };
