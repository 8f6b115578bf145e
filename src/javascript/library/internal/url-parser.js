// The URL Standard's parser, part after part: its states only ever go forwards, so that a URL can
// be cut at its fragment, its query and its authority. Left out: drive letters in `file:` URLs.
//
// A record is { scheme, username, password, host, port, path, query, fragment }; `path` is a list
// of segments, or text when it is opaque (`mailto:a@b`).

const { encode } = require('internal/url-codes');
const { parseHost } = require('internal/url-host');

const PORTS = { 'http': 80, 'https': 443, 'ws': 80, 'wss': 443, 'ftp': 21, 'file': null };
exports.isSpecial = (scheme) => Object.hasOwn(PORTS, scheme);

const INVALID = Symbol('invalid');

/** The text up to the first character of `ends`, and what follows it: undefined for none. */
function cut(text, end) {
  const at = text.search(end);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const slashes = (special) => (special ? /[/\\]/ : /\//);

/** `host:port`, without credentials. Changes the record; throws INVALID. */
function setHostAndPort(record, text) {
  const special = exports.isSpecial(record.scheme);
  const [, host, port] = /^((?:\[[^\]]*\]?|[^:[\]])*)(?::(.*))?$/s.exec(text) ?? [];
  if (host === undefined) throw INVALID;
  if (host === '' && (special || port !== undefined)) throw INVALID;
  record.host = host === '' ? '' : parseHost(host, special);
  if (record.host === undefined) throw INVALID;
  if (port !== undefined) record.port = parsePort(record.scheme, port);
}

function parsePort(scheme, text) {
  if (!/^\d*$/.test(text) || Number(text) > 65535) throw INVALID;
  return text === '' || Number(text) === PORTS[scheme] ? null : Number(text);
}

function setAuthority(record, text) {
  const at = text.lastIndexOf('@');
  if (at >= 0) {
    if (at === text.length - 1) throw INVALID;
    const [username, password = ''] = cut(text.slice(0, at), /:/);
    record.username = encode(username, 'userinfo');
    record.password = encode(password, 'userinfo');
  }
  const host = text.slice(at + 1);
  if (host === '' && at >= 0) throw INVALID;
  setHostAndPort(record, host);
}

const isSingleDot = (segment) => /^(\.|%2e)$/i.test(segment);
const isDoubleDot = (segment) => /^(\.|%2e){2}$/i.test(segment);

/** Segments of `text` put behind `before`. */
function addSegments(record, before, text) {
  const segments = text.split(slashes(exports.isSpecial(record.scheme)));
  const path = [...before];
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (isDoubleDot(segment)) path.pop();
    if (isDoubleDot(segment) || isSingleDot(segment)) {
      if (isLast) path.push('');
    } else {
      path.push(encode(segment, 'path'));
    }
  });
  return path;
}

/** A path from its root: what is after the first slash, if there is one. */
function rootedPath(record, text) {
  const special = exports.isSpecial(record.scheme);
  if (text === '' && !special) return [];
  return addSegments(record, [], slashes(special).test(text[0]) ? text.slice(1) : text);
}

/** What follows `//`: an authority, then a path. */
function afterSlashes(record, text) {
  const at = text.search(slashes(exports.isSpecial(record.scheme)));
  setAuthority(record, at < 0 ? text : text.slice(0, at));
  record.path = rootedPath(record, at < 0 ? '' : text.slice(at));
}

function fileHost(record, text) {
  const at = text.search(/[/\\]/);
  const name = at < 0 ? text : text.slice(0, at);
  const host = name === '' ? '' : parseHost(name, true);
  if (host === undefined) throw INVALID;
  record.host = host === 'localhost' ? '' : host;
  record.path = rootedPath(record, at < 0 ? '' : text.slice(at));
}

/** What has no scheme of its own, or the scheme of its base. */
function relative(record, text, base) {
  const special = exports.isSpecial(record.scheme);
  const slash = special ? /^[/\\]/ : /^\//;
  const isFile = record.scheme === 'file';
  if (slash.test(text) && slash.test(text.slice(1))) {
    if (isFile) fileHost(record, text.slice(2));
    else afterSlashes(record, special ? text.replace(/^[/\\]+/, '') : text.slice(2));
    return;
  }
  for (const key of ['username', 'password', 'host', 'port']) record[key] = base[key];
  if (slash.test(text)) {
    record.path = rootedPath(record, text);
  } else if (text !== '') {
    record.path = addSegments(record, base.path.slice(0, -1), text);
  } else {
    record.path = base.path.slice();
    record.query ??= base.query;
  }
}

function absolute(record, text, base) {
  if (record.scheme === 'file') {
    const none = { username: '', password: '', host: '', port: null, path: [], query: null };
    relative(record, text, base?.scheme === 'file' ? base : none);
    if (record.path.length === 0) record.path = [''];
  } else if (exports.isSpecial(record.scheme)) {
    if (base?.scheme === record.scheme && !/^[/\\]{2}/.test(text)) relative(record, text, base);
    else afterSlashes(record, text.replace(/^[/\\]+/, ''));
  } else if (text.startsWith('//')) {
    afterSlashes(record, text.slice(2));
  } else if (text.startsWith('/')) {
    record.path = rootedPath(record, text);
  } else {
    record.path = encode(text, 'control');
  }
}

const empty = (scheme) => ({ scheme, username: '', password: '', host: null, port: null, path: [],
  query: null, fragment: null });

function parse(input, base) {
  const trimmed = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const [whole, fragment] = cut(trimmed, /#/);
  const found = /^([a-z][a-z\d+.-]*):/i.exec(whole);
  if (!found && !base) throw INVALID;
  const record = empty(found ? found[1].toLowerCase() : base.scheme);
  const [text, query] = cut(found ? whole.slice(found[0].length) : whole, /\?/);
  if (query !== undefined) record.query = exports.encodeQuery(record.scheme, query);
  if (fragment !== undefined) record.fragment = encode(fragment, 'fragment');
  if (found) {
    absolute(record, text, base);
  } else if (typeof base.path === 'string') {
    // Beside an opaque path only a fragment can be.
    if (whole !== '' || fragment === undefined) throw INVALID;
    record.path = base.path;
    record.query = base.query;
  } else {
    relative(record, text, base);
  }
  return record;
}

const orUndefined = (run) => {
  try {
    return run();
  } catch (error) {
    if (error === INVALID) return undefined;
    throw error;
  }
};

/** The record of a URL; undefined when there is none. */
exports.parse = (input, base) => orUndefined(() => parse(input, base));

exports.encodeQuery = (scheme, text) => {
  return encode(text, exports.isSpecial(scheme) ? 'specialQuery' : 'query');
};

/** Sets a part of a record as the setters of URL do: what is not valid changes nothing. */
exports.set = {
  protocol(record, text) {
    const scheme = /^([a-z][a-z\d+.-]*)(?::|$)/i.exec(text)?.[1].toLowerCase();
    const mixes = exports.isSpecial(scheme) !== exports.isSpecial(record.scheme);
    if (scheme === undefined || mixes) return;
    const hasAuthority = record.username !== '' || record.password !== '' || record.port !== null;
    if (scheme === 'file' && hasAuthority) return;
    if (record.scheme === 'file' && record.host === '') return;
    record.scheme = scheme;
    if (record.port === PORTS[scheme]) record.port = null;
  },
  host(record, text, withPort = true) {
    if (typeof record.path === 'string') return;
    const [host] = cut(text, exports.isSpecial(record.scheme) ? /[/\\?#]/ : /[/?#]/);
    const copy = { ...record };
    const [, name, port] = /^((?:\[[^\]]*\]?|[^:[\]])*)(?::(\d*))?/.exec(host);
    const wrong = name.length < host.length && (!withPort || name === '');
    const keepsMore = name === '' && (record.username || record.password || record.port !== null);
    if (wrong || keepsMore) return;
    orUndefined(() => {
      if (record.scheme === 'file') {
        fileHost(copy, host);
      } else {
        setHostAndPort(copy, name);
        if (port && withPort && Number(port) <= 65535) copy.port = parsePort(record.scheme, port);
      }
      Object.assign(record, { host: copy.host, port: copy.port });
    });
  },
  port(record, text) {
    if (!record.host || record.scheme === 'file') return;
    const digits = /^\d*/.exec(text)[0];
    if (digits === '' && text !== '') return;
    orUndefined(() => { record.port = parsePort(record.scheme, digits); });
  },
  pathname(record, text) {
    if (typeof record.path === 'string') return;
    record.path = rootedPath(record, text);
  },
};

exports.serializePath = ({ path }) => {
  return typeof path === 'string' ? path : path.map((segment) => `/${segment}`).join('');
};

exports.serialize = (record) => {
  let text = `${record.scheme}:`;
  if (record.host !== null) {
    text += '//';
    if (record.username !== '' || record.password !== '') {
      text += `${record.username}${record.password ? `:${record.password}` : ''}@`;
    }
    text += record.host + (record.port === null ? '' : `:${record.port}`);
  } else if (typeof record.path !== 'string' && record.path.length > 1 && record.path[0] === '') {
    text += '/.'; // lest the path look like a host
  }
  text += exports.serializePath(record);
  if (record.query !== null) text += `?${record.query}`;
  return record.fragment === null ? text : `${text}#${record.fragment}`;
};
