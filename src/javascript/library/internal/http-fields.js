// Header fields that a program sets.

const errors = () => require('internal/errors');

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const UNFIT = /[^\t\x20-\x7e\x80-\xff]/;

function checkName(name) {
  if (typeof name === 'string' && TOKEN.test(name)) return;
  const message = `Header name must be a valid HTTP token ["${name}"]`;
  throw errors().coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', message);
}

function checkValue(name, value) {
  if (value === undefined) {
    const message = `Invalid value "undefined" for header "${name}"`;
    throw errors().coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', message);
  }
  if (!UNFIT.test(String(value))) return;
  const message = `Invalid character in header content ["${name}"]`;
  throw errors().coded(TypeError, 'ERR_INVALID_CHAR', message);
}

/** The fields of a message that is being written, by name in whatever case. */
class Fields {
  #fields = new Map();

  set(name, value) {
    checkName(name);
    for (const one of [value].flat()) checkValue(name, one);
    this.#fields.set(name.toLowerCase(), [name, value]);
  }

  get(name) {
    return this.#fields.get(name.toLowerCase())?.[1];
  }

  has(name) {
    return this.#fields.has(name.toLowerCase());
  }

  delete(name) {
    this.#fields.delete(name.toLowerCase());
  }

  append(name, value) {
    const before = this.get(name);
    this.set(name, before === undefined ? value : [before, value].flat());
  }

  names() {
    return [...this.#fields.keys()];
  }

  rawNames() {
    return Array.from(this.#fields.values(), ([name]) => name);
  }

  object() {
    const object = Object.create(null);
    for (const [key, [, value]] of this.#fields) object[key] = value;
    return object;
  }

  /** Takes an object, a flat list of names and values, or a list of pairs. */
  take(given) {
    if (!given) return;
    if (!Array.isArray(given)) {
      const entries = typeof given.entries === 'function' ? given.entries() : Object.entries(given);
      for (const [name, value] of entries) this.set(name, value);
      return;
    }
    const pairs = Array.isArray(given[0]) ? given.flat() : given;
    for (let at = 0; at < pairs.length; at += 2) this.delete(pairs[at]);
    for (let at = 0; at < pairs.length; at += 2) this.append(pairs[at], pairs[at + 1]);
  }

  /** Flat, as it is sent: a list of values is as many fields; without those in `skip`. */
  list(skip = []) {
    const flat = [];
    for (const [key, [name, value]] of this.#fields) {
      if (skip.includes(key)) continue;
      for (const one of [value].flat()) flat.push(name, String(one));
    }
    return flat;
  }
}

module.exports = { Fields, checkName, checkValue };
