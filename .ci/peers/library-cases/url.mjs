// URL, URLSearchParams, url.parse, querystring and path.
import { pick, random, times } from './kit.mjs';

const parts = (url) =>
  [
    'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname',
    'search', 'hash',
  ].map((key) => url[key]);

const URLS = [
  'http://a', 'http://a/', 'HTTP://EXAMPLE.com:80/A?B#C', 'https://u:p@h:8443/x/../y/./z?q=1#f',
  'ws://h:80/chat', 'wss://h:443', 'http://a:0', 'http://a:65535', 'http://a:65536', 'http://a:b',
  'http://a:', 'http://:80', 'http://', 'http:', 'http:a', 'http:/a', 'http:///a//b',
  'http:\\\\a\\b', 'http://a\\b', 'http://a b', 'http://a%20b', 'http://a%41', 'http://a/%41%zz',
  'http://a/ä€😀', "http://a/?ä=€'", 'http://a/#ä`', 'http://1.2.3.4', 'http://1.2.3',
  'http://0x7f.1', 'http://017700000001', 'http://4294967295', 'http://4294967296',
  'http://1.2.3.4.5', 'http://256.1.1.1', 'http://1.2.3.', 'http://1..2', 'http://09.1.1.1',
  'http://1.2.3.4x', 'http://0x', 'http://[::1]', 'http://[1:2:3:4:5:6:7:8]:80', 'http://[1::8]/',
  'http://[::]', 'http://[::1.2.3.4]', 'http://[1:0:0:2:0:0:0:3]', 'http://[::1', 'http://[g::]',
  'http://[1:2:3:4:5:6:7]', 'http://[::1.2.3.256]', 'http://[1:2::3::4]', 'http://[0:0::0:1]',
  'http://[::FFFF:1.2.3.4]', 'http://u@h', 'http://u:@h', 'http://:p@h', 'http://@h', 'http://u:p@',
  'http://a@b@c', 'http://u:p:q@h', 'http://ü:p@h', 'http://u/:@h', '  http://a/b  ',
  'ht\ntp://a/\tb', 'http://a/b?c?d#e#f', 'http://a?b', 'http://a#b', 'http://a/.', 'http://a/..',
  'http://a/b/..', 'http://a/%2e/%2E%2e/c', 'http://a/b/.%2e', 'http://a/...', 'http://a/b//..//c',
  'file:///a/b', 'file://host/p', 'file://localhost/p', 'file:/p', 'file:p', 'file:', 'file://',
  'file:///', 'file:\\a', 'mailto:a@b', 'data:text/plain,hi there#x', 'javascript:alert(1)', 'foo:',
  'foo:bar', 'foo:/bar', 'foo://bar', 'foo://bar/baz?q#f', 'foo://', 'foo:///x', 'foo://u:p@h:99/x',
  'foo:/a/../b', 'foo:/..//b', 'foo:a b', 'foo://a b', 'foo://A/', 'foo://[::1]', 'urn:isbn:1',
  'about:blank', 'blob:http://a/x', 'blob:x', '', ' ', 'a', '/a', '//a', '?a', '#a', '1http://a',
  ':a', 'http', 'http://a/{}|^"<>`', 'http://a/?{}|^"<>`#{}|^"<>`', "http://a/'?'",
  'http://exa[mple', 'http://exa<mple', 'http://exa^mple', 'http://exa|mple', 'http://exa%mple',
  'http://ex_a-m.ple', 'http://a..b', 'http://.a', 'http://a./', 'http://a\u00adb', 'http://\u00ad',
  'http://a%00b', 'http://a/%00', 'http://a/\0', 'gopher://a:70', 'ftp://a:21/x', 'ftp://a;x',
  'non-special:opaque  ', 'http://a/\ud800', 'http://a;b', "http://a!$&'()*+,;=b",
  'http://user%40x:pa%3Ass@h',
];
const BASES = [
  'http://base/d/e/f?q#h', 'https://u:p@base:99/', 'file:///d/e', 'foo://host/d/e', 'http://base',
];
const RELATIVES = [
  '', 'a', '/a', '//a', '///a', '../a', './a', '..', '.', '../../../../a', '?x', '#x', 'a?x#y',
  'http:a', 'http:/a', 'http://a', 'https:a', 'foo:a', 'foo:', '\\a', '\\\\a', '/\\a', 'a\\..\\b',
  'a/..', '//', '/..//a', ';x', 'a:b', ':', 'file:x', 'file:', 'ws:x', '//u:p@h:1/x', '?', '#', ' ',
];
const next = random(11);
const PIECES = [
  'http:', 'https:', 'foo:', '//', '/', '\\', '@', ':', '?', '#', 'a', 'B', '1', '.', '..', '%2e',
  '%', ' ', '[', ']', '::', '80', '0x1', '&', '=', '|', '^', '"', '\t', 'user', '~', '+', '-', '_',
  ';', "'", '`', '{',
];
const RANDOM = times(3000, () =>
  times(1 + Math.floor(next() * 8), () => pick(next, PIECES)).join(''),
);
const QUERIES = [
  '', '?a=1', 'a=1&b=2&a=3', 'a', '=', '&', 'a=&=b&&', 'a=b=c', '%zz=%41', 'a+b=c+d', '%C3%A4=€',
  'a[]=1&a[]=2', '%', '%E2%82', 'x=%F0%9F%98%80', 'sp ace=x y', "q='()~!*", '\ud800=1',
  'b=1&a=2&b=0',
];
const SETTERS = [
  'href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search',
  'hash',
];
const SETTINGS = [
  '', 'a', 'http', 'https:', 'ws://x', 'file', 'foo:', '1x', 'h:8080', 'h:', 'h:80x', ':80', '8080',
  '80', '443', '99999', '8a', 'x8', '-1', '[::1]:3', '[::1', '/p/../q?x#y', 'p q', '?x=1&y',
  '#frag', 'a@b:c', 'http://new/x', 'h/p', 'h?q', 'h#f', 'h\\p', '1.2.3', '\t', '..', '//x', '%41',
];
/** Where node 20 is not what the Standard says. */
const odd = (start, name, value) =>
  (name === 'port' && !/^(\d|$)/.test(value)) ||
  (start.startsWith('foo:') && (value === ':80' || value === '..'));
const START = ['http://u:p@h:81/a/b?c=d#e', 'file:///x/y', 'foo://h/p', 'mailto:x', 'https://h'];

/** What ours says of hosts it cannot look up is its own. */
const noIdna = (make) =>
  Object.assign(
    (library) => {
      try {
        return make(library);
      } catch (error) {
        if (error.code !== 'ERR_INVALID_URL') throw error;
        return [error.code, error.name, error.input, error.base];
      }
    },
    { toString: () => String(make) },
  );

export const cases = [
  ...URLS.map((url) => noIdna((library) => parts(new (library('url').URL)(url)))),
  ...RANDOM.map((url) => noIdna((library) => parts(new (library('url').URL)(url)))),
  ...RANDOM.slice(0, 1000).map((url, i) =>
    noIdna((library) => new (library('url').URL)(url, BASES[i % BASES.length]).href),
  ),
  ...BASES.flatMap((base) =>
    RELATIVES.map((url) => noIdna((library) => parts(new (library('url').URL)(url, base)))),
  ),
  ...START.flatMap((start) =>
    SETTERS.flatMap((name) =>
      SETTINGS.filter((value) => !odd(start, name, value)).map((value) =>
        Object.assign(
          (library) => {
            const url = new (library('url').URL)(start);
            url[name] = value;
            return parts(url);
          },
          { toString: () => `${start} ${name} = ${JSON.stringify(value)}` },
        ),
      ),
    ),
  ),
  ...QUERIES.flatMap((query) => [
    (library) => [...new (library('url').URLSearchParams)(query)],
    (library) => String(new (library('url').URLSearchParams)(query)),
    (library) => {
      const url = new (library('url').URL)('http://h/');
      url.search = query;
      return [url.href, [...url.searchParams]];
    },
    (library) => {
      const p = new (library('url').URLSearchParams)(query);
      p.sort();
      return [String(p), p.size, p.get('a'), p.getAll('a'), p.has('b'), p.has('a', '1')];
    },
    (library) => {
      const p = new (library('url').URLSearchParams)(query);
      p.set('a', 'new');
      p.append('z', 'é &=');
      p.delete('b');
      return String(p);
    },
    (library) => library('util').inspect(new (library('url').URLSearchParams)(query)),
    (library) => ({ ...library('querystring').parse(query) }),
    (library) => library('querystring').stringify(library('querystring').parse(query)),
  ]),
  ...[
    [
      ['a', 1], ['b', null],
    ],
    { a: 1, b: [2, 3] }, new Map([['x', 'y']]), [['a']], [1], 5, null, undefined, [['a', 'b', 'c']],
    'a=b', true,
  ].map((given) => (library) => String(new (library('url').URLSearchParams)(given))),
  (library) => {
    const url = new (library('url').URL)('http://h/?a=1');
    url.searchParams.append('b', '2');
    const one = url.href;
    url.search = '?c';
    return [one, String(url.searchParams), url.searchParams === url.searchParams];
  },
  (library) => {
    const url = new (library('url').URL)('http://h/?a');
    url.searchParams.delete('a');
    return url.href;
  },
  (library) => {
    const p = new (library('url').URLSearchParams)('a=1&b=2');
    const log = [];
    p.forEach((v, k) => log.push(k + v));
    return [log, [...p.keys()], [...p.values()]];
  },
  (library) => new (library('url').URLSearchParams)('').get(),
  (library) => new (library('url').URLSearchParams)('').append('a'),
  ...['', 'a', '#x', '?x', '/a', 'http://b'].map((url) =>
    noIdna((library) => new (library('url').URL)(url, 'mailto:x').href),
  ),
  (library) => new (library('url').URL)(), (library) => new (library('url').URL)('nope').href,
  (library) => new (library('url').URL)('x', 'nope'),
  (library) => library('url').URL.canParse('http://a'),
  (library) => library('url').URL.canParse('a'),
  (library) => library('url').URL.canParse('a', 'http://b'),
  (library) => JSON.stringify({ u: new (library('url').URL)('http://a/b') }),
  (library) => library('util').inspect(new (library('url').URL)('http://u:p@a:1/b?c=d#e')),
  (library) => library('util').inspect({ u: new (library('url').URL)('http://a/') }),
  (library) => library('util').inspect({ a: { b: { u: new (library('url').URL)('http://a/') } } }),
  (library) =>
    library('util').inspect(
      new (library('url').URLSearchParams)([['a'.repeat(60), 'b'.repeat(60)]]),
    ),
  (library) => library('url').fileURLToPath('file:///a/b%20c'),
  (library) => library('url').fileURLToPath('http://a'),
  (library) => library('url').pathToFileURL('/a b/#c?.txt').href,
  (library) => ({
    ...library('url').urlToHttpOptions(new (library('url').URL)('http://u:p@h:8/x?y#z')),
  }),
  ...[
    'http://a', 'http://user:pass@host.com:8080/p/a/t/h?query=string#hash', '/path?q=1',
    '//host/path', 'http://h/a b', 'path/only', '?q', '#h', 'HTTP://HOST/Path', 'http://h?q=1',
    'ws://h:1/', 'http://[::1]:8080/x', 'http://h/p?a=1&a=2', '', 'http://h:80', 'http://h/#',
    'http://h/?', '/a/b;c=d', 'http://h/%20"<>',
  ].flatMap((url) => [
    (library) => ({ ...library('url').parse(url) }),
    (library) => ({ ...library('url').parse(url, true) }),
    (library) => ({ ...library('url').parse(url, false, true) }),
    (library) => library('url').format(library('url').parse(url)),
  ]),
  ...[
    { protocol: 'http', host: 'h', pathname: 'p', search: 's', hash: 'x' },
    { hostname: 'h', port: 1, query: { a: [1, 2] } }, { pathname: '/a?b#c' },
    { protocol: 'mailto', pathname: 'x@y' }, {},
  ].map((given) => (library) => library('url').format(given)),
  ...[
    ['http://a/b/c', '../d'], ['/a/b', 'c'], ['/a/b', '/c?x#y'], ['http://a', 'http://b/c'],
    ['http://a/b', '?x'],
  ].map(
    ([from, to]) =>
      (library) =>
        library('url').resolve(from, to),
  ),
  ...[
    { a: 1, b: [true, 'x y'], c: null, d: undefined, e: NaN, f: 2n, g: {} }, {}, null, 'x',
    { 'ä&': '=?' },
  ].map((given) => (library) => library('querystring').stringify(given)),
  (library) => library('querystring').stringify({ a: 1, b: 2 }, ';', ':'),
  (library) => ({ ...library('querystring').parse('a:1;b:2', ';', ':') }),
  (library) => ({ ...library('querystring').parse('a=1&b=2&c=3', null, null, { maxKeys: 2 }) }),
  (library) => library('querystring').escape('a b&c/ä'),
  (library) => library('querystring').unescape('a%20b%zz'),
  ...[
    '', 'a', '/a', 'a/', 'a/b.txt', '/a/b/../c', './a', '../a', '../../a/', '//a//b//', '.', '..',
    '.bashrc', 'a.b.c', 'a.', '.a.b', 'a/.', 'a/..', '/a/b.ext/', 'a//b/./c/../../d', '...', 'x/.y',
    'file.tar.gz',
  ].flatMap((path) => [
    ...['normalize', 'dirname', 'basename', 'extname', 'parse', 'isAbsolute'].map(
      (name) => (library) => library('path')[name](path),
    ),
    (library) => library('path').join('x', path, 'y'), (library) => library('path').join(path),
    (library) => library('path').resolve('/r', path),
    (library) => library('path').relative('/a/b', `/${path}`),
    (library) => library('path').basename(path, '.txt'),
    (library) => library('path').basename(path, 'a'),
    (library) => library('path').format(library('path').parse(path)),
  ]),
  (library) => library('path').join(1), (library) => library('path').dirname(null),
  (library) => library('path').relative('/a/b/c', '/a/d'), (library) => library('path').join(),
  (library) => library('path').format({ dir: '/d', name: 'n', ext: 'e' }),
  (library) => library('path').format({ root: '/', base: 'b' }),
  (library) => library('path').sep + library('path').delimiter,
];
