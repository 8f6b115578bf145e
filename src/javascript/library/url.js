// URL and URLSearchParams of the URL Standard, and node's older `url.parse`.
// Host names are ASCII only; left out are drive letters and object URLs.

const parser = require('internal/url-parser');
const { encode } = require('internal/url-codes');
const params = require('internal/url-search-params');
const { coded } = require('internal/errors');

function parse(input, base) {
  const fail = (message) => {
    const error = coded(TypeError, 'ERR_INVALID_URL', message);
    return Object.assign(error, base === undefined ? { input } : { input, base });
  };
  let record;
  try {
    const of = base === undefined ? undefined : parser.parse(base);
    if (base === undefined || of) record = parser.parse(input, of);
  } catch (error) {
    throw fail(`Invalid URL: ${error.message}`);
  }
  if (!record) throw fail('Invalid URL');
  return record;
}

const text = (value) => String(value).toWellFormed();
const withoutBreaks = (given) => given.replace(/[\t\n\r]/g, '');

class URL {
  #record;
  #params;

  constructor(...given) {
    if (given.length === 0) {
      throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "url" argument must be specified');
    }
    const [input, base] = given;
    this.#record = parse(text(input), base === undefined ? undefined : text(base));
  }

  static canParse(input, base) {
    try {
      return Boolean(new URL(input, base));
    } catch {
      return false;
    }
  }

  get href() { return parser.serialize(this.#record); }

  set href(value) {
    this.#record = parse(text(value));
    this.#queryChanged();
  }

  get origin() {
    const { scheme, path } = this.#record;
    if (scheme === 'blob' && URL.canParse(path)) {
      const inner = new URL(path);
      return /^https?:$/.test(inner.protocol) ? inner.origin : 'null';
    }
    const opaque = !parser.isSpecial(scheme) || scheme === 'file';
    return opaque ? 'null' : `${scheme}://${this.host}`;
  }

  get protocol() { return `${this.#record.scheme}:`; }

  set protocol(value) { parser.set.protocol(this.#record, withoutBreaks(text(value))); }

  get username() { return this.#record.username; }

  set username(value) { this.#setCredential('username', value); }

  get password() { return this.#record.password; }

  set password(value) { this.#setCredential('password', value); }

  get host() {
    const { host, port } = this.#record;
    return (host ?? '') + (port === null ? '' : `:${port}`);
  }

  set host(value) { parser.set.host(this.#record, withoutBreaks(text(value))); }

  get hostname() { return this.#record.host ?? ''; }

  set hostname(value) { parser.set.host(this.#record, withoutBreaks(text(value)), false); }

  get port() { return String(this.#record.port ?? ''); }

  set port(value) { parser.set.port(this.#record, withoutBreaks(text(value))); }

  get pathname() { return parser.serializePath(this.#record); }

  set pathname(value) { parser.set.pathname(this.#record, withoutBreaks(text(value))); }

  get search() { return this.#record.query ? `?${this.#record.query}` : ''; }

  set search(value) {
    const given = text(value);
    const plain = withoutBreaks(given).replace(/^\?/, '');
    const query = parser.encodeQuery(this.#record.scheme, plain);
    this.#record.query = given === '' ? null : query;
    this.#queryChanged();
  }

  get searchParams() {
    this.#params ??= params.of(this.#record.query, (query) => {
      this.#record.query = query === '' ? null : query;
    });
    return this.#params;
  }

  get hash() { return this.#record.fragment ? `#${this.#record.fragment}` : ''; }

  set hash(value) {
    const given = text(value);
    const plain = withoutBreaks(given).replace(/^#/, '');
    this.#record.fragment = given === '' ? null : encode(plain, 'fragment');
  }

  toString() { return this.href; }

  toJSON() { return this.href; }

  get [Symbol.toStringTag]() { return 'URL'; }

  #queryChanged() {
    if (this.#params) params.replace(this.#params, this.#record.query);
  }

  #setCredential(name, value) {
    if (!this.#record.host || this.#record.scheme === 'file') return;
    this.#record[name] = encode(text(value), 'userinfo');
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return this;
    const shown = {};
    for (const key of SHOWN) shown[key] = this[key];
    return `${this.constructor.name} ${inspect(shown, options)}`;
  }
}

const SHOWN = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port',
  'pathname', 'search', 'searchParams', 'hash'];
for (const name of [...SHOWN, 'toString', 'toJSON']) {
  Object.defineProperty(URL.prototype, name, { enumerable: true });
}

/** The path of a `file:` URL. */
function fileURLToPath(given) {
  const url = typeof given === 'string' ? new URL(given) : given;
  if (url.protocol !== 'file:') {
    throw coded(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file');
  }
  return decodeURIComponent(url.pathname);
}

function pathToFileURL(path) {
  const url = new URL('file:///');
  const absolute = require('path').resolve(path) + (/[^/]\/$/.test(path) ? '/' : '');
  url.pathname = absolute.replace(/[%\\\n\r\t?#]/g, (c) => encodeURIComponent(c));
  return url;
}

function urlToHttpOptions(url) {
  const options = { protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''),
    hash: url.hash, search: url.search, pathname: url.pathname,
    path: `${url.pathname}${url.search}`, href: url.href };
  if (url.port !== '') options.port = Number(url.port);
  if (url.username || url.password) {
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  }
  return options;
}

const legacy = (name) => (...args) => require('internal/url-legacy')[name](...args);
module.exports = { URL, URLSearchParams: params.URLSearchParams, fileURLToPath, pathToFileURL,
  urlToHttpOptions, parse: legacy('parse'), format: legacy('format'), resolve: legacy('resolve') };
