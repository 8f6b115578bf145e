// What is before, between and after the braces when an object is printed, for each kind of object.
//
// A shape is `{ whole }`, the text itself, or `{ base, open, close, keys, entries, list }`: what
// stands before the braces, the braces, the properties to show, and a function that prints what
// the object holds besides them; in a `list` short entries are put into columns.

const types = require('internal/types');
const { numeral, primitive } = require('internal/inspect-text');

/** Beyond so many elements, extra properties of a list are not looked for: that takes memory. */
const SEARCHED_MAX = 10000;

function prefix(constructor, tag, fallback, size = '') {
  if (constructor === null) {
    const more = tag !== '' && fallback !== tag ? `[${tag}] ` : '';
    return `[${fallback}${size}: null prototype] ${more}`;
  }
  return `${constructor}${size} ${tag !== '' && constructor !== tag ? `[${tag}] ` : ''}`;
}

/** `Name ` as it stands before the braces of an object of no special kind. */
exports.title = (value, constructor, tag) => {
  let fallback = '';
  if (constructor === null) {
    fallback = types.typedArrayKind(value) ?? Object.prototype.toString.call(value).slice(8, -1);
    if (fallback === tag && tag !== 'Module') fallback = 'Object';
  }
  return prefix(constructor, tag, fallback);
};

function keysOf(ctx, value) {
  const visible = (key) => ctx.showHidden
    || Object.prototype.propertyIsEnumerable.call(value, key);
  const names = ctx.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  const symbols = Object.getOwnPropertySymbols(value);
  return symbols.length > 0 ? [...names, ...symbols.filter(visible)] : names;
}

/** Properties of a list that are not elements. */
function extraKeys(ctx, value) {
  if (value.length > SEARCHED_MAX) return [];
  const isIndex = (key) => typeof key === 'string' && /^(0|[1-9]\d{0,9})$/.test(key)
    && Number(key) < 2 ** 32 - 1;
  return keysOf(ctx, value).filter((key) => !isIndex(key));
}

exports.extraKeys = extraKeys;

const more = (count, what = 'item') => `... ${count} more ${what}${count > 1 ? 's' : ''}`;

/** A list's elements, with runs of holes told. */
function elements(ctx, value, depth, { formatProperty }) {
  const limit = Math.min(Math.max(0, ctx.maxArrayLength), value.length);
  const output = [];
  let keys;
  let index = 0;
  for (; output.length < limit && index < value.length; index++) {
    if (Object.hasOwn(value, index)) {
      output.push(formatProperty(ctx, value, depth, index, 'element'));
      continue;
    }
    const from = index;
    // A hole may be four thousand million long, so that the next element is looked up.
    keys ??= Object.keys(value);
    const next = keys.find((key) => Number(key) > from);
    const end = next !== undefined && Number(next) < value.length ? Number(next) : value.length;
    output.push(ctx.stylize(`<${end - from} empty item${end - from > 1 ? 's' : ''}>`, 'undefined'));
    index = end - 1;
  }
  if (index < value.length) output.push(more(value.length - index));
  return output;
}

function array(ctx, value, constructor, tag, tools) {
  const named = constructor !== 'Array' || tag !== '';
  const open = `${named ? prefix(constructor, tag, 'Array', `(${value.length})`) : ''}[`;
  const keys = extraKeys(ctx, value);
  if (value.length === 0 && keys.length === 0) return { whole: `${open}]` };
  const entries = (depth) => elements(ctx, value, depth, tools);
  return { open, close: ']', keys, entries, list: true };
}

function typedArray(ctx, held, constructor, tag, { formatValue }) {
  const fallback = constructor === null ? types.typedArrayKind(held) : '';
  const value = constructor === null ? new globalThis[fallback](held) : held;
  const open = `${prefix(constructor, tag, fallback, `(${value.length})`)}[`;
  const keys = extraKeys(ctx, value);
  if (value.length === 0 && keys.length === 0 && !ctx.showHidden) return { whole: `${open}]` };
  const entries = (depth) => {
    const limit = Math.min(Math.max(0, ctx.maxArrayLength), value.length);
    const output = Array.from({ length: limit }, (_, i) => {
      return ctx.stylize(numeral(value[i], ctx.numericSeparator), typeof value[i]);
    });
    if (value.length > limit) output.push(more(value.length - limit));
    if (ctx.showHidden) {
      for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
        ctx.indentationLvl += 2;
        output.push(`[${key}]: ${formatValue(ctx, value[key], depth, true)}`);
        ctx.indentationLvl -= 2;
      }
    }
    return output;
  };
  return { open, close: ']', keys, entries, list: true };
}

/** A Map or a Set; `each` prints one entry. */
function collection(ctx, value, title, size, values, each) {
  const keys = keysOf(ctx, value);
  if (size === 0 && keys.length === 0) return { whole: `${title}{}` };
  const entries = (depth) => {
    const limit = Math.max(0, ctx.maxArrayLength);
    const output = [];
    ctx.indentationLvl += 2;
    for (const entry of values) {
      if (output.length >= limit) break;
      output.push(each(entry, depth));
    }
    ctx.indentationLvl -= 2;
    if (size > limit) output.push(more(size - limit));
    return output;
  };
  return { open: `${title}{`, keys, entries };
}

const sizeOf = (Kind, value) => {
  return Reflect.getOwnPropertyDescriptor(Kind.prototype, 'size').get.call(value);
};

function set(ctx, value, constructor, tag, { formatValue }) {
  const size = sizeOf(Set, value);
  const title = prefix(constructor, tag, 'Set', `(${size})`);
  const each = (entry, depth) => formatValue(ctx, entry, depth);
  return collection(ctx, value, title, size, Set.prototype.values.call(value), each);
}

function map(ctx, value, constructor, tag, { formatValue }) {
  const size = sizeOf(Map, value);
  const title = prefix(constructor, tag, 'Map', `(${size})`);
  const each = ([key, held], depth) => {
    return `${formatValue(ctx, key, depth)} => ${formatValue(ctx, held, depth)}`;
  };
  return collection(ctx, value, title, size, Map.prototype.entries.call(value), each);
}

function classBase(value, constructor, tag) {
  const name = (Object.hasOwn(value, 'name') && value.name) || '(anonymous)';
  let base = `class ${name}`;
  if (constructor !== 'Function' && constructor !== null) base += ` [${constructor}]`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  if (constructor === null) return `[${base} extends [null prototype]]`;
  const parent = Object.getPrototypeOf(value).name;
  return `[${base}${parent ? ` extends ${parent}` : ''}]`;
}

function functionBase(value, constructor, tag) {
  const source = Function.prototype.toString.call(value);
  if (/^class\b[^(]*?\{/.test(source) && source.endsWith('}')) {
    return classBase(value, constructor, tag);
  }
  let type = 'Function';
  if (types.isGeneratorFunction(value)) type = `Generator${type}`;
  if (types.isAsyncFunction(value)) type = `Async${type}`;
  const fallback = constructor === null ? ' (null prototype)' : '';
  let base = `[${type}${fallback}${value.name === '' ? ' (anonymous)' : `: ${value.name}`}]`;
  if (constructor !== type && constructor !== null) base += ` ${constructor}`;
  return tag !== '' && constructor !== tag ? `${base} [${tag}]` : base;
}

/** `base` alone when there is nothing more to show. */
function based(ctx, base, keys, style, open = '{') {
  return keys.length === 0 ? { whole: style ? ctx.stylize(base, style) : base }
    : { base, open, keys };
}

function boxed(ctx, value, constructor, tag) {
  const keys = keysOf(ctx, value);
  const type = ['Number', 'String', 'Boolean', 'BigInt', 'Symbol']
    .find((name) => types[`is${name}Object`](value));
  if (type === 'String') keys.splice(0, value.length);
  const held = globalThis[type].prototype.valueOf.call(value);
  let base = `[${type}`;
  if (type !== constructor) base += ` (${constructor === null ? 'null prototype' : constructor})`;
  base += `: ${primitive({ ...ctx, stylize: (text) => text }, held)}]`;
  if (tag !== '' && tag !== constructor) base += ` [${tag}]`;
  return based(ctx, base, keys, type.toLowerCase());
}

function arrayBuffer(ctx, value, constructor, tag, tools, typed) {
  const kind = types.isArrayBuffer(value) ? 'ArrayBuffer' : 'SharedArrayBuffer';
  const title = prefix(constructor, tag, kind);
  const keys = ['byteLength', ...keysOf(ctx, value)];
  if (typed) return { whole: `${title}{ byteLength: ${numeral(value.byteLength)} }` };
  const entries = () => {
    const octets = new Uint8Array(value);
    const shown = octets.subarray(0, ctx.maxArrayLength);
    const pair = (octet) => octet.toString(16).padStart(2, '0');
    const hex = Array.from(shown, pair).join(' ');
    const rest = octets.length - shown.length;
    const tail = rest > 0 ? ` ${more(rest, 'byte')}` : '';
    return [`${ctx.stylize('[Uint8Contents]', 'special')}: <${hex}${tail}>`];
  };
  return { open: `${title}{`, keys, entries };
}

/** What the host knows of a promise, `[0 | 1 | 2, result]`; without it every promise is pending. */
function promise(ctx, value, constructor, tag, { formatValue }) {
  const entries = (depth) => {
    const [state, result] = host.promise?.(value) ?? [0];
    if (state === 0) return [ctx.stylize('<pending>', 'special')];
    ctx.indentationLvl += 2;
    const text = formatValue(ctx, result, depth);
    ctx.indentationLvl -= 2;
    return [state === 2 ? `${ctx.stylize('<rejected>', 'special')} ${text}` : text];
  };
  return { open: `${prefix(constructor, tag, 'Promise')}{`, keys: keysOf(ctx, value), entries };
}

function date(ctx, value, constructor, tag) {
  const time = Date.prototype.getTime.call(value);
  const text = Number.isNaN(time) ? 'Invalid Date' : Date.prototype.toISOString.call(value);
  const title = prefix(constructor, tag, 'Date');
  return based(ctx, title === 'Date ' ? text : title + text, keysOf(ctx, value), 'date');
}

function regExp(ctx, value, constructor, tag, tools, typed, tooDeep) {
  const text = RegExp.prototype.toString.call(constructor === null ? new RegExp(value) : value);
  const title = prefix(constructor, tag, 'RegExp');
  const keys = tooDeep ? [] : keysOf(ctx, value);
  return based(ctx, title === 'RegExp ' ? text : title + text, keys, 'regexp');
}

function error(ctx, value, constructor, tag) {
  const keys = keysOf(ctx, value);
  const prefixOf = (fallback) => prefix(constructor, tag, fallback);
  const { describe } = require('internal/inspect-error');
  return based(ctx, describe(ctx, value, constructor, prefixOf, keys), keys);
}

function dataView(ctx, value, constructor, tag) {
  const keys = ['byteLength', 'byteOffset', 'buffer', ...keysOf(ctx, value)];
  return { open: `${prefix(constructor, tag, 'DataView')}{`, keys };
}

const weak = (kind) => (ctx, value, constructor, tag) => {
  const entries = () => [ctx.stylize('<items unknown>', 'special')];
  return { open: `${prefix(constructor, tag, kind)}{`, keys: keysOf(ctx, value), entries };
};

const SPECIAL = [
  [types.isSet, set],
  [types.isMap, map],
  [types.isTypedArray, typedArray],
  [types.isRegExp, regExp],
  [types.isDate, date],
  [(value) => types.isNativeError(value) || value instanceof Error, error],
  [types.isAnyArrayBuffer, arrayBuffer],
  [types.isDataView, dataView],
  [types.isPromise, promise],
  [types.isWeakSet, weak('WeakSet')],
  [types.isWeakMap, weak('WeakMap')],
  [types.isBoxedPrimitive, boxed],
];

/** The shape of an object; `tools` are the functions that print what it holds. */
exports.shape = (ctx, value, constructor, tag, tools, typed, tooDeep) => {
  if (Array.isArray(value)) return array(ctx, value, constructor, tag, tools);
  if (typeof value === 'function') {
    const base = functionBase(value, constructor, tag);
    return based(ctx, base, keysOf(ctx, value), 'special');
  }
  const label = Object.prototype.toString.call(value);
  // Most objects are of no special kind, which their label tells: the questions are slow.
  const labelled = label !== '[object Object]' && constructor !== 'Object';
  if (labelled || constructor === null || value instanceof Error) {
    const kind = SPECIAL.find(([is]) => is(value));
    if (kind) return kind[1](ctx, value, constructor, tag, tools, typed, tooDeep);
  }
  const keys = keysOf(ctx, value);
  let open = '{';
  if (label === '[object Arguments]') open = '[Arguments] {';
  else if (constructor !== 'Object' || tag !== '') {
    open = `${exports.title(value, constructor, tag)}{`;
  }
  return keys.length === 0 ? { whole: `${open}}` } : { open, keys };
};
