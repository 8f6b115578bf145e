// `url.parse`, `url.format` and `url.resolve`, which node had before URL.

const WITH_SLASHES = /^(https?|ftp|gopher|file|wss?):?$/;

class Url {
  constructor() {
    for (const part of ['protocol', 'slashes', 'auth', 'host', 'port', 'hostname', 'hash', 'search',
      'query', 'pathname', 'path', 'href']) this[part] = null;
  }
}

/** Characters that node escapes wherever they are. */
const escaped = (text) => text.replace(/[\t\n\r "'<>\\^`{|}]/g, (character) => {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
});

function setAuthority(url, authority) {
  const at = authority.lastIndexOf('@');
  if (at >= 0) url.auth = decodeURIComponent(authority.slice(0, at));
  const [, name, port] = /^(.*?)(?::(\d*))?$/s.exec(authority.slice(at + 1));
  if (port) url.port = port;
  url.hostname = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  url.host = name.toLowerCase() + (port ? `:${port}` : '');
}

exports.parse = function parse(given, parseQuery = false, slashesDenoteHost = false) {
  if (given instanceof Url) return given;
  require('internal/checks').checkString(given, 'url');
  const url = new Url();
  const querystring = require('querystring');
  const cutAt = given.search(/[?#]/);
  const before = cutAt < 0 ? given : given.slice(0, cutAt);
  let rest = before.replaceAll('\\', '/').trimStart() + (cutAt < 0 ? '' : given.slice(cutAt));
  rest = rest.trimEnd();
  const protocol = /^[a-z0-9.+-]+:/i.exec(rest)?.[0];
  if (protocol) {
    url.protocol = protocol.toLowerCase();
    rest = rest.slice(protocol.length);
  }
  const usesSlashes = WITH_SLASHES.test(url.protocol ?? '');
  if (rest.startsWith('//') && (protocol || slashesDenoteHost || /^\/\/[^@/]+@[^@/]+/.test(rest))) {
    url.slashes = true;
    const [whole, authority] = /^\/\/([^/?#]*)/.exec(rest);
    setAuthority(url, authority);
    rest = rest.slice(whole.length);
  }
  rest = escaped(rest);
  const hashAt = rest.indexOf('#');
  if (hashAt >= 0) [url.hash, rest] = [rest.slice(hashAt), rest.slice(0, hashAt)];
  const queryAt = rest.indexOf('?');
  if (queryAt >= 0) {
    url.search = rest.slice(queryAt);
    url.query = parseQuery ? querystring.parse(url.search.slice(1)) : url.search.slice(1);
    rest = rest.slice(0, queryAt);
  } else if (parseQuery) {
    url.search = null;
    url.query = querystring.parse('');
  }
  if (rest !== '') url.pathname = rest;
  else if (usesSlashes && url.hostname) url.pathname = '/';
  if (url.pathname || url.search) url.path = (url.pathname ?? '') + (url.search ?? '');
  url.href = exports.format(url);
  return url;
};

exports.format = function format(given) {
  if (typeof given === 'string') return exports.format(exports.parse(given));
  const { URL } = require('url');
  if (given instanceof URL) return given.href;
  let protocol = given.protocol ?? '';
  if (protocol && !protocol.endsWith(':')) protocol += ':';
  const auth = given.auth ? `${encodeURIComponent(given.auth).replace(/%3A/i, ':')}@` : '';
  let host = false;
  if (given.host) {
    host = auth + given.host;
  } else if (given.hostname) {
    const name = given.hostname.includes(':') ? `[${given.hostname}]` : given.hostname;
    host = auth + name + (given.port ? `:${given.port}` : '');
  }
  let pathname = (given.pathname ?? '').replace(/[?#]/g, (c) => (c === '?' ? '%3F' : '%23'));
  const isQuery = given.query !== null && typeof given.query === 'object';
  const query = isQuery ? require('querystring').stringify(given.query) : '';
  let search = given.search || (query && `?${query}`) || '';
  if (search && !search.startsWith('?')) search = `?${search}`;
  let hash = given.hash ?? '';
  if (hash && !hash.startsWith('#')) hash = `#${hash}`;
  if (given.slashes || (WITH_SLASHES.test(protocol) && host !== false)) {
    if (given.slashes || host) {
      if (pathname && !pathname.startsWith('/')) pathname = `/${pathname}`;
      host = `//${host || ''}`;
    }
  }
  return `${protocol}${host || ''}${pathname}${search.replaceAll('#', '%23')}${hash}`;
};

/** `to` seen from `from`, by the rules of URL. */
exports.resolve = function resolve(from, to) {
  const { URL } = require('url');
  const made = new URL(to, new URL(from, 'resolve://'));
  return made.protocol === 'resolve:' ? `${made.pathname}${made.search}${made.hash}` : made.href;
};
