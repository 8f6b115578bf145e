// URLSearchParams: the pairs of a query, which change the URL that they belong to.

const { parseForm, serializeForm } = require('internal/url-codes');
const { coded } = require('internal/errors');

const missing = (...names) => {
  const list = names.map((name) => `"${name}"`).join(' and ');
  const what = `The ${list} argument${names.length > 1 ? 's' : ''} must be specified`;
  return coded(TypeError, 'ERR_MISSING_ARGS', what);
};

function pairsOf(given) {
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object' && typeof given !== 'function') {
    return parseForm(String(given).replace(/^\?/, ''));
  }
  const text = (value) => String(value).toWellFormed();
  const iterate = given[Symbol.iterator];
  if (iterate === undefined || iterate === null) {
    return Reflect.ownKeys(given)
      .filter((key) => Object.prototype.propertyIsEnumerable.call(given, key))
      .map((key) => [text(key), text(given[key])]);
  }
  if (typeof iterate !== 'function') {
    throw coded(TypeError, 'ERR_ARG_NOT_ITERABLE', 'Query pairs must be iterable');
  }
  return Array.from(given, (pair) => {
    if (typeof pair !== 'object' || typeof pair?.[Symbol.iterator] !== 'function') {
      const message = 'Each query pair must be an iterable [name, value] tuple';
      throw coded(TypeError, 'ERR_INVALID_TUPLE', message);
    }
    const [name, value, ...more] = pair;
    if (more.length > 0 || [...pair].length !== 2) {
      const message = 'Each query pair must be an iterable [name, value] tuple';
      throw coded(TypeError, 'ERR_INVALID_TUPLE', message);
    }
    return [text(name), text(value)];
  });
}

class URLSearchParams {
  #pairs;
  #changed = () => {};

  constructor(given) { this.#pairs = pairsOf(given); }

  /** The pairs of a URL's query; `changed` is given the query whenever they change. */
  static of(query, changed) {
    const params = new URLSearchParams(query ?? '');
    params.#changed = changed;
    return params;
  }

  /** The URL's query became another one. */
  static replace(params, query) { params.#pairs = parseForm(query ?? ''); }

  #change(pairs) {
    this.#pairs = pairs;
    this.#changed(serializeForm(pairs));
  }

  get size() { return this.#pairs.length; }

  append(...given) {
    if (given.length < 2) throw missing('name', 'value');
    const [name, value] = given.map((part) => String(part).toWellFormed());
    this.#change([...this.#pairs, [name, value]]);
  }

  delete(...given) {
    if (given.length < 1) throw missing('name');
    const is = matches(given);
    this.#change(this.#pairs.filter((pair) => !is(pair)));
  }

  get(...given) {
    if (given.length < 1) throw missing('name');
    return this.#pairs.find(matches(given.slice(0, 1)))?.[1] ?? null;
  }

  getAll(...given) {
    if (given.length < 1) throw missing('name');
    return this.#pairs.filter(matches(given.slice(0, 1))).map(([, value]) => value);
  }

  has(...given) {
    if (given.length < 1) throw missing('name');
    return this.#pairs.some(matches(given));
  }

  set(...given) {
    if (given.length < 2) throw missing('name', 'value');
    const [name, value] = given.map((part) => String(part).toWellFormed());
    const first = this.#pairs.findIndex(([key]) => key === name);
    const pairs = this.#pairs.filter(([key], i) => key !== name || i === first)
      .map((pair, i) => (i === first ? [name, value] : pair));
    this.#change(first < 0 ? [...pairs, [name, value]] : pairs);
  }

  sort() {
    const before = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
    this.#change(this.#pairs.toSorted(([a], [b]) => before(a, b)));
  }

  forEach(callback, thisArg) {
    require('internal/checks').checkFunction(callback, 'callback');
    for (const [name, value] of this) callback.call(thisArg, value, name, this);
  }

  * entries() {
    for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]];
  }

  * keys() { for (const [name] of this.entries()) yield name; }

  * values() { for (const [, value] of this.entries()) yield value; }

  toString() { return serializeForm(this.#pairs); }

  get [Symbol.toStringTag]() { return 'URLSearchParams'; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return '[Object]';
    const show = (part) => inspect(part, options);
    const shown = this.#pairs.map(([name, value]) => `${show(name)} => ${show(value)}`);
    const line = shown.join(', ');
    if (shown.length === 0) return 'URLSearchParams {}';
    if (line.length > options.breakLength) return `URLSearchParams {\n  ${shown.join(',\n  ')} }`;
    return `URLSearchParams { ${line} }`;
  }
}

function matches(given) {
  const [name, value] = given.map((part) => (part === undefined ? part : String(part)));
  return (pair) => pair[0] === name && (value === undefined || pair[1] === value);
}

const { prototype } = URLSearchParams;
Object.defineProperty(prototype, Symbol.iterator, { value: prototype.entries, writable: true,
  configurable: true });
for (const name of ['size', 'append', 'delete', 'get', 'getAll', 'has', 'set', 'sort', 'forEach',
  'entries', 'keys', 'values', 'toString']) {
  Object.defineProperty(prototype, name, { enumerable: true });
}

/** The two functions that only URL may use. */
const { of, replace } = URLSearchParams;
delete URLSearchParams.of;
delete URLSearchParams.replace;
module.exports = { URLSearchParams, of, replace };
