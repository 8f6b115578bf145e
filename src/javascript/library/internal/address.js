// Addresses and queries as programs mostly write them need no parser of URLs, which is long: what
// is plain is taken apart here, all else by `url`, and what comes of it is the same.

const url = () => require('url');

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const LABEL = '(?!xn--)[a-z][a-z\\d-]*';
const PLAIN = new RegExp(
  `^(wss?|https?)://((?:${BYTE}\\.){3}${BYTE}|${LABEL}(?:\\.${LABEL})*)(?::([1-9]\\d{0,4}))?`
  + '((?:/(?!\\.)[\\w.~-]*)*)(\\?[\\w.~=&:/,+%-]+)?$',
);
const PORTS = { ws: '80', wss: '443', http: '80', https: '443' };
const UNCHANGED = /^[\w.*-]*$/;

/** The parts of an address, of the names that a URL has for them. Throws where `new URL` does. */
exports.parse = (address) => {
  const found = typeof address === 'string' ? PLAIN.exec(address) : null;
  if (found === null || Number(found[3]) > 65535) return new (url().URL)(address);
  const [, scheme, hostname, written, path, search = ''] = found;
  const port = written === undefined || written === PORTS[scheme] ? '' : written;
  const authority = port === '' ? hostname : `${hostname}:${port}`;
  const pathname = path === '' ? '/' : path;
  const origin = `${scheme}://${authority}`;
  return {
    href: `${origin}${pathname}${search}`,
    origin,
    protocol: `${scheme}:`,
    username: '',
    password: '',
    host: authority,
    hostname,
    port,
    pathname,
    search,
    hash: '',
  };
};

/** A query, without its question mark, as an object. */
exports.decoded = (query) => {
  if (!/^[\w.*=&-]*$/.test(query)) return Object.fromEntries(new (url().URLSearchParams)(query));
  const pairs = query.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => {
    const [key] = pair.split('=', 1);
    return [key, pair.slice(key.length + 1)];
  }));
};

/** A query of what `new URLSearchParams` takes. */
exports.encoded = (query) => {
  const isObject = typeof query === 'object' && !query[Symbol.iterator];
  if (!isObject || !Object.entries(query).flat().every((it) => UNCHANGED.test(it))) {
    return new (url().URLSearchParams)(query).toString();
  }
  return Object.entries(query).map(([key, value]) => `${key}=${value}`).join('&');
};
