// Headers of fetch: names in whatever case, values joined, walked in order of their names.

const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;

function invalid(how, what) {
  return new TypeError(`Headers.${how}: ${what}`);
}

class Headers {
  // By the name in small letters: the name as it was first written, and the values.
  #fields = new Map();

  constructor(init = undefined) {
    if (init === undefined || init === null) return;
    if (typeof init !== 'object') {
      throw new TypeError('Headers constructor: init was given by something that is no object');
    }
    const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
    for (const pair of pairs) {
      const [name, value, ...rest] = pair;
      if (value === undefined || rest.length > 0) {
        throw invalid('constructor', 'expected name/value pair to be length 2, found '
          + `${[...pair].length}.`);
      }
      this.append(name, value);
    }
  }

  #checked(how, name, value) {
    if (!TOKEN.test(String(name))) throw invalid(how, `"${name}" is an invalid header name.`);
    const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    if (/[\0\n\r]/.test(text)) throw invalid(how, `"${text}" is an invalid header value.`);
    return text;
  }

  append(name, value) {
    const text = this.#checked('append', name, value);
    const key = String(name).toLowerCase();
    const known = this.#fields.get(key);
    if (known) known.values.push(text);
    else this.#fields.set(key, { name: String(name), values: [text] });
  }

  set(name, value) {
    const text = this.#checked('set', name, value);
    this.#fields.set(String(name).toLowerCase(), { name: String(name), values: [text] });
  }

  delete(name) {
    this.#fields.delete(String(name).toLowerCase());
  }

  get(name) {
    const key = String(name).toLowerCase();
    return this.#fields.get(key)?.values.join(key === 'cookie' ? '; ' : ', ') ?? null;
  }

  has(name) {
    return this.#fields.has(String(name).toLowerCase());
  }

  getSetCookie() {
    return [...this.#fields.get('set-cookie')?.values ?? []];
  }

  * entries() {
    for (const key of [...this.#fields.keys()].sort()) {
      if (key === 'set-cookie') for (const value of this.getSetCookie()) yield [key, value];
      else yield [key, this.get(key)];
    }
  }

  * keys() {
    for (const [key] of this.entries()) yield key;
  }

  * values() {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(callback, thisArg) {
    for (const [key, value] of this) callback.call(thisArg, value, key, this);
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return 'Headers';
  }

  /** Flat, with names as they were written. */
  static list(headers) {
    return [...headers.#fields.values()].flatMap(({ name, values }) => (
      values.flatMap((value) => [name, value])
    ));
  }
}

module.exports = Headers;
