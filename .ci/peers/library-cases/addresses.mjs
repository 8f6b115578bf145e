// Addresses and queries: plain ones, and those that only look so.
import { pick, random, times } from './kit.mjs';

const next = random(7);
const SCHEMES = ['ws', 'wss', 'http', 'https', 'WS', 'ftp', 'ws+unix', ''];
const HOSTS = ['server', 'a.b-c', '10.0.0.1', '255.255.255.255', '256.0.0.1', '10.0.0.01', '10.1',
  '1', '0x7f.1', 'a.0x10', 'a.9', 'a1.b2', 'Server', 'xn--a', 'xn--mnchen-3ya.de', 'a--b', 'a-',
  '-a', '9a', 'a..b', 'a.', '.a', 'a_b', 'münchen', '[::1]', '', 'a b', 'user@a', 'u:p@a', 'a%41'];
const PORTS = ['', '', ':', ':80', ':443', ':3000', ':080', ':0', ':65535', ':65536', ':99999',
  ':-1', ':x'];
const PATHS = ['', '/', '/chat', '/a/b/', '//a', '/.', '/..', '/a/../b', '/a/.b', '/a.b', '/a..',
  '/%2e/b', '/a b', '/ä', '\\a', '/~a_b-c', 'a', '/a;b'];
const QUERIES = ['', '', '?', '?a=b', '?a=b&c=d', "?a='b'", '?a=%41', '?a b', '?ä', '?a?b', '?a#b'];
const HASHES = ['', '', '', '#', '#a'];

const whole = () => `${pick(next, SCHEMES)}://${pick(next, HOSTS)}${pick(next, PORTS)}`
  + `${pick(next, PATHS)}${pick(next, QUERIES)}${pick(next, HASHES)}`;
const each = (list, make) => list.map(make);

export const addresses = [
  ...each(SCHEMES, (scheme) => `${scheme}://server:3000/`),
  ...each(HOSTS, (host) => `ws://${host}:3000/`),
  ...PORTS.flatMap((port) => each(SCHEMES, (scheme) => `${scheme}://server${port}/`)),
  ...each(PATHS, (path) => `http://server${path}`),
  ...each(QUERIES, (query) => `http://server${query}`),
  ...times(5000, whole),
  'ws:server', 'ws:/server', ' ws://server ', 'ws://ser\tver', 'ws://server\n', undefined, null, 5,
  new URL('http://server/a?b'), { toString: () => 'ws://server' },
];

const PIECES = ['a', 'b', '=', '&', '+', '%20', '%', '.', '*', '-', '_', '~', 'ä', '=&', ' ', '1',
  '__proto__', '?'];

export const queries = ['', 'EIO=4&transport=polling&t=abc.1', 'a=b=c', 'a&b', '&&a=1&&', '=x', '=',
  ...times(3000, () => times(1 + Math.floor(next() * 8), () => pick(next, PIECES)).join(''))];
