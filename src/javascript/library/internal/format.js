// `util.format`: what `console.log` makes of its arguments.

/** Loaded with the first value that is not plain text. */
const inspect = (value, options) => require('internal/inspect').inspect(value, options);

const numeral = (number, options) => {
  return require('internal/inspect-text').numeral(number, options?.numericSeparator);
};

/** Whether an object's text is one that the language made up, such as `[object Object]`. */
function hasBuiltInText(value) {
  const keys = ['toString', Symbol.toPrimitive].filter((key) => typeof value[key] === 'function');
  if (keys.length === 0 || (keys.length === 1 && keys[0] !== 'toString')) {
    return !Object.hasOwn(value, Symbol.toPrimitive);
  }
  let owner = value;
  while (!keys.some((key) => Object.hasOwn(owner, key))) owner = Object.getPrototypeOf(owner);
  if (owner === value) return false;
  const name = Object.getOwnPropertyDescriptor(owner, 'constructor')?.value?.name;
  return name !== undefined && /^[A-Z][a-zA-Z0-9]+$/.test(name) && builtIn().has(name);
}

// Node has Buffer among its globals, yet not among the built-ins of the language.
let builtIns;
const builtIn = () => {
  builtIns ??= new Set(['Object', 'Function', 'Array', 'Number', 'Boolean', 'String', 'Symbol',
    'Date', 'Promise', 'RegExp', 'Error', 'AggregateError', 'EvalError', 'RangeError',
    'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'ArrayBuffer', 'Uint8Array',
    'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float32Array',
    'Float64Array', 'Uint8ClampedArray', 'BigUint64Array', 'BigInt64Array', 'DataView', 'Map',
    'BigInt', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Proxy', 'SharedArrayBuffer']);
  return builtIns;
};

function asText(value, options) {
  if (typeof value === 'number' || typeof value === 'bigint') return numeral(value, options);
  if (typeof value !== 'object' || value === null || !hasBuiltInText(value)) return String(value);
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
}

function asJson(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // The engines' words for a cycle: a converter that fails otherwise is the program's own matter.
    if (error instanceof TypeError && /circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

/** A number by `%d`, `%i` or `%f`. */
function asNumber(value, options, convert) {
  if (typeof value === 'symbol') return 'NaN';
  if (typeof value === 'bigint' && convert !== parseFloat) return numeral(value, options);
  return numeral(convert(value), options);
}

const DIRECTIVES = {
  s: asText,
  j: asJson,
  d: (value, options) => asNumber(value, options, Number),
  i: (value, options) => asNumber(value, options, parseInt),
  f: (value, options) => asNumber(value, options, parseFloat),
  O: inspect,
  o: (value, options) => inspect(value, {
    ...options, showHidden: true, showProxy: true, depth: 4,
  }),
  c: () => '',
};

function formatWithOptions(options, ...args) {
  let used = 0;
  let text = '';
  if (typeof args[0] === 'string') {
    if (args.length === 1) return args[0];
    used = 1;
    text = args[0].replace(/%([sjdifOoc%])/g, (whole, letter) => {
      if (letter !== '%' && used >= args.length) return whole;
      return letter === '%' ? '%' : DIRECTIVES[letter](args[used++], options);
    });
  }
  const rest = args.slice(used).map((value) => {
    return typeof value === 'string' ? value : inspect(value, options);
  });
  return used === 0 ? rest.join(' ') : [text, ...rest].join(' ');
}

exports.format = (...args) => formatWithOptions(undefined, ...args);
exports.formatWithOptions = formatWithOptions;
