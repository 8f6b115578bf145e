// `util.inspect`: a value as text that a person reads, in node's words and line breaks.
//
// Left out: what only the engine knows (the target of a proxy, what is left in an iterator), and
// with `showHidden` the properties that prototypes of the program's own hold.

const text = require('internal/inspect-text');

const custom = Symbol.for('nodejs.util.inspect.custom');
/** No deeper output once a line of indentation holds so many characters. */
const BUDGET = 2 ** 27;

const defaults = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
};

const plain = (shown) => shown;
function coloured(shown, style) {
  const colour = inspect.colors[inspect.styles[style]];
  return colour === undefined ? shown : `\u001b[${colour[0]}m${shown}\u001b[${colour[1]}m`;
}

/** `options` may be node's old list too: showHidden, depth, colors. */
function inspect(value, options, depth, colors) {
  const ctx = { ...defaults, budget: {}, indentationLvl: 0, seen: [], currentDepth: 0 };
  if (typeof options === 'boolean') ctx.showHidden = options;
  else if (options) Object.assign(ctx, options, { given: options });
  if (depth !== undefined) ctx.depth = depth;
  if (colors !== undefined) ctx.colors = colors;
  ctx.stylize = ctx.colors ? coloured : plain;
  ctx.maxArrayLength ??= Infinity;
  ctx.maxStringLength ??= Infinity;
  return formatValue(ctx, value, 0);
}

function optionsFor(ctx) {
  const options = { stylize: ctx.stylize };
  for (const name of Object.keys(defaults)) options[name] = ctx[name];
  return { ...options, ...ctx.given };
}

/** What the value's own method makes of it, undefined when it has none or hands itself back. */
function customised(ctx, value, depth) {
  const method = value[custom];
  const prototype = value.constructor?.prototype === value;
  if (typeof method !== 'function' || method === inspect || prototype) return undefined;
  const left = ctx.depth === null ? null : ctx.depth - depth;
  const made = method.call(value, left, optionsFor(ctx), inspect);
  if (made === value) return undefined;
  if (typeof made !== 'string') return formatValue(ctx, made, depth);
  return made.replaceAll('\n', `\n${' '.repeat(ctx.indentationLvl)}`);
}

const isTooDeep = (ctx, depth) => ctx.depth !== null && depth > ctx.depth;

function circular(ctx, value) {
  ctx.circular ??= new Map();
  if (!ctx.circular.has(value)) ctx.circular.set(value, ctx.circular.size + 1);
  return ctx.stylize(`[Circular *${ctx.circular.get(value)}]`, 'special');
}

function formatValue(ctx, value, depth, typed) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    return text.primitive(ctx, value);
  }
  const made = ctx.customInspect ? customised(ctx, value, depth) : undefined;
  if (made !== undefined) return made;
  if (ctx.seen.includes(value)) return circular(ctx, value);
  return formatObject(ctx, value, depth, typed);
}

/** The name of the nearest constructor; of those without one, null. */
function constructorOf(ctx, value, depth) {
  let holder = value;
  let first;
  while (holder !== null) {
    const { value: found } = Object.getOwnPropertyDescriptor(holder, 'constructor') ?? {};
    if (typeof found === 'function' && found.name !== '' && isInstance(value, found)) {
      return String(found.name);
    }
    holder = Object.getPrototypeOf(holder);
    first ??= { prototype: holder };
  }
  const { prototype } = first;
  if (prototype === null) return null;
  const own = Object.prototype.toString.call(value).slice(8, -1);
  if (isTooDeep(ctx, depth)) return `${own} <Complex prototype>`;
  const parent = constructorOf(ctx, prototype, depth + 1);
  if (parent !== null) return `${own} <${parent}>`;
  return `${own} <${inspect(prototype, { ...ctx.given, customInspect: false, depth: -1 })}>`;
}

function isInstance(value, constructor) {
  try {
    return value instanceof constructor;
  } catch {
    return false;
  }
}

/** The tag of `Symbol.toStringTag`, unless it is shown as a property anyway. */
function tagOf(ctx, value) {
  const tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string' || tag === '') return '';
  const shown = ctx.showHidden ? Object.hasOwn(value, Symbol.toStringTag)
    : Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag);
  return shown ? '' : tag;
}

function formatObject(ctx, value, depth, typed) {
  const kinds = require('internal/inspect-kinds');
  const constructor = constructorOf(ctx, value, depth);
  const tag = tagOf(ctx, value);
  const tooDeep = isTooDeep(ctx, depth);
  const shape = kinds.shape(ctx, value, constructor, tag, tools, typed, tooDeep);
  if (shape.whole !== undefined) return shape.whole;
  if (tooDeep) {
    const title = kinds.title(value, constructor, tag).slice(0, -1);
    return ctx.stylize(constructor === null ? title : `[${title}]`, 'special');
  }
  const { close = '}', keys, entries, list } = shape;
  const inner = depth + 1;
  ctx.seen.push(value);
  ctx.currentDepth = inner;
  const output = entries ? entries(inner) : [];
  for (const key of keys) output.push(formatProperty(ctx, value, inner, key, 'key'));
  ctx.seen.pop();
  sort(ctx, output, list ? keys.length : output.length);
  const number = ctx.circular?.get(value);
  let { base = '', open } = shape;
  if (number !== undefined) {
    const reference = ctx.stylize(`<ref *${number}>`, 'special');
    if (ctx.compact === true) open = `${reference} ${open}`;
    else base = base === '' ? reference : `${reference} ${base}`;
  }
  const result = assemble(ctx, output, base, [open, close], list, inner, value);
  const used = (ctx.budget[ctx.indentationLvl] ?? 0) + result.length;
  ctx.budget[ctx.indentationLvl] = used;
  if (used > BUDGET) ctx.depth = -1;
  return result;
}

/** The last `count` entries in order, when that is asked for. */
function sort(ctx, output, count) {
  if (!ctx.sorted) return;
  const sorted = output.splice(output.length - count, count);
  output.push(...sorted.sort(ctx.sorted === true ? undefined : ctx.sorted));
}

function accessor(ctx, { get, set }, owner, depth) {
  const label = get && set ? 'Getter/Setter' : get ? 'Getter' : 'Setter';
  const style = (shown) => ctx.stylize(shown, 'special');
  const asked = get && (ctx.getters === true || ctx.getters === (set ? 'set' : 'get'));
  if (!asked) return style(`[${label}]`);
  let held;
  try {
    held = get.call(owner);
  } catch (error) {
    return `${style(`[${label}:`)} <Inspection threw (${error.message})>${style(']')}`;
  }
  if (typeof held !== 'object' || held === null) {
    return `${style(`[${label}:`)} ${text.primitive(ctx, held)}${style(']')}`;
  }
  ctx.indentationLvl += 2;
  const shown = formatValue(ctx, held, depth);
  ctx.indentationLvl -= 2;
  return `${style(`[${label}]`)} ${shown}`;
}

function nameOf(ctx, key, enumerable) {
  if (typeof key === 'symbol') {
    return `[${ctx.stylize(text.escaped(key.toString()), 'symbol')}]`;
  }
  if (key === '__proto__') return "['__proto__']";
  if (!enumerable) return `[${text.escaped(key)}]`;
  if (/^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)) return ctx.stylize(key, 'name');
  return ctx.stylize(text.quoted(key), 'string');
}

/** A property as `name: value`; as the value alone when it is an `element` of a list. */
function formatProperty(ctx, owner, depth, key, type) {
  const found = Object.getOwnPropertyDescriptor(owner, key)
    ?? { value: owner[key], enumerable: true };
  const { get, set, enumerable } = found;
  const isolated = ctx.compact === true && type === 'key';
  let space = ' ';
  let shown;
  if (get || set) {
    shown = accessor(ctx, found, owner, depth);
  } else {
    const indent = isolated ? 3 : 2;
    ctx.indentationLvl += indent;
    shown = formatValue(ctx, found.value, depth);
    if (isolated && ctx.breakLength < text.width(shown)) {
      space = `\n${' '.repeat(ctx.indentationLvl)}`;
    }
    ctx.indentationLvl -= indent;
  }
  return type === 'element' ? shown : `${nameOf(ctx, key, enumerable)}:${space}${shown}`;
}

function fits(ctx, output, start, base) {
  let total = output.length + start;
  if (total + output.length > ctx.breakLength) return false;
  for (const entry of output) {
    total += ctx.colors ? text.withoutColours(entry).length : entry.length;
    if (total > ctx.breakLength) return false;
  }
  return !base.includes('\n');
}

/** Everything between braces: on one line where it is short and not deep, else a line each. */
function assemble(ctx, entries, base, [open, close], list, depth, value) {
  const indentation = `\n${' '.repeat(ctx.indentationLvl)}`;
  const before = base ? `${base} ` : '';
  let output = entries;
  if (ctx.compact === true) {
    if (fits(ctx, output, 0, base)) {
      return `${open}${base ? ` ${base}` : ''} ${output.join(', ')} ${close}`;
    }
    const line = base === '' && open.length === 1 ? ' '
      : `${base ? ` ${base}` : ''}${indentation}  `;
    return `${open}${line}${output.join(`,${indentation}  `)} ${close}`;
  }
  if (ctx.compact >= 1) {
    if (list && entries.length > 6) output = text.columns(ctx, entries, value);
    // Columns are not joined again, nor is what holds more than `compact` levels.
    if (ctx.currentDepth - depth < ctx.compact && entries.length === output.length) {
      const start = output.length + ctx.indentationLvl + open.length + base.length + 10;
      const joined = output.join(', ');
      if (fits(ctx, output, start, base) && !joined.includes('\n')) {
        return `${before}${open} ${joined} ${close}`;
      }
    }
  }
  const lines = output.join(`,${indentation}  `);
  return `${before}${open}${indentation}  ${lines}${indentation}${close}`;
}

const tools = { formatValue, formatProperty };

inspect.custom = custom;
inspect.colors = Object.assign(Object.create(null), {
  reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24],
  inverse: [7, 27], strikethrough: [9, 29], black: [30, 39], red: [31, 39], green: [32, 39],
  yellow: [33, 39], blue: [34, 39], magenta: [35, 39], cyan: [36, 39], white: [37, 39],
  gray: [90, 39], grey: [90, 39], redBright: [91, 39], greenBright: [92, 39],
  yellowBright: [93, 39], blueBright: [94, 39], magentaBright: [95, 39], cyanBright: [96, 39],
  whiteBright: [97, 39], bgBlack: [40, 49], bgRed: [41, 49], bgGreen: [42, 49], bgYellow: [43, 49],
  bgBlue: [44, 49], bgMagenta: [45, 49], bgCyan: [46, 49], bgWhite: [47, 49],
});
inspect.styles = Object.assign(Object.create(null), {
  special: 'cyan', number: 'yellow', bigint: 'yellow', boolean: 'yellow', undefined: 'grey',
  null: 'bold', string: 'green', symbol: 'green', date: 'magenta', regexp: 'red',
});
Object.defineProperty(inspect, 'defaultOptions', {
  get: () => defaults,
  set: (options) => Object.assign(defaults, options),
});

exports.inspect = inspect;
