// Node.js against framestep's standard library for JavaScript programs: each case is asked of both,
// and what comes of it, errors and their messages too, must be the same. LIBRARY is the folder of
// the library's files, where this one is not in its place in the repository.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loader, told } from './library-cases/load.mjs';
import { outcome } from './library-cases/kit.mjs';
import { addresses, queries } from './library-cases/addresses.mjs';
import { starts } from './library-cases/starts.mjs';

const folder =
  process.env.LIBRARY ?? fileURLToPath(new URL('../../src/javascript/library', import.meta.url));
const ours = loader(folder);
const require = createRequire(import.meta.url);
// What a browser has as globals has no module in Node.js.
const theirs = (name) =>
  ['event-target', 'structured-clone'].includes(name) ? globalThis : require(`node:${name}`);
const DIFFERENCES_SHOWN = 10;
// What is printed, and the words of errors, are other ones in each major version.
const skip = !process.version.startsWith('v20.') && 'the library is that of Node.js 20';

const TABLES = ['events', 'inspect', 'buffer', 'readable', 'writable', 'stream', 'url', 'values'];
for (const table of TABLES) {
  const { cases } = await import(`./library-cases/${table}.mjs`);
  test(`${table}: ${cases.length} cases come out as in Node.js`, { skip }, async () => {
    const differences = [];
    for (const run of cases) {
      const [expected, actual] = [await outcome(run, theirs), await outcome(run, ours)];
      if (actual !== expected) differences.push(`${run}\n  node ${expected}\n  ours ${actual}`);
    }
    const shown = differences.slice(0, DIFFERENCES_SHOWN).join('\n');
    assert.equal(differences.length, 0, `${differences.length} differ\n${shown}`);
  });
}

test('listeners are told of where the emitter has words, the library\'s own never', async () => {
  const { words, owned } = ours('internal/symbols');
  const { EventEmitter } = ours('events');
  const { EventTarget, Event } = ours('event-target');
  class Socket extends EventEmitter {
    [words](event, args) {
      return event === 'quiet' ? undefined : `socket.on("${event}") ${args}`;
    }
  }
  class Target extends EventTarget {
    [words](type) {
      return `on${type}`;
    }
  }
  const socket = new Socket();
  const ran = [];
  const listener = (name) => ran.push(name);
  told.length = 0;
  socket.on('data', listener).once('data', listener).on('data', owned(() => ran.push('own')));
  socket.on('quiet', listener);
  for (const event of ['data', 'data', 'quiet', 'nothing']) socket.emit(event, event);
  assert.deepEqual(ran, ['data', 'data', 'own', 'data', 'own', 'quiet']);
  const target = new Target();
  const handler = () => ran.push('event');
  target.addEventListener('open', handler);
  target.dispatchEvent(new Event('open'));
  assert.equal(ran.at(-1), 'event');
  const data = { words: 'socket.on("data") data', run: listener };
  assert.deepEqual(told, [data, data, data, { words: 'onopen', run: handler }]);
});

for (const [name, most, run] of starts) {
  test(`a program's start loads little: ${name}`, () => {
    const loaded = new Map();
    run(loader(folder, loaded));
    const octets = [...loaded.values()].reduce((sum, length) => sum + length, 0);
    assert.ok(octets <= most * 1000, `${octets} octets: ${[...loaded.keys()].join(' ')}`);
  });
}

test('addresses and queries that need no parser of URLs come out as by one', () => {
  const { parse, decoded, encoded } = ours('internal/address');
  const { URL, URLSearchParams } = ours('url');
  const parts = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port',
    'pathname', 'search', 'hash'];
  const facts = (make, address) => {
    try {
      const url = make(address);
      return parts.map((part) => url[part]).join(' ');
    } catch {
      return 'no address';
    }
  };
  for (const address of addresses) {
    assert.equal(facts(parse, address), facts((it) => new URL(it), address), address);
  }
  for (const query of queries) {
    const pairs = new URLSearchParams(query);
    assert.deepEqual(decoded(query), Object.fromEntries(pairs), query);
    const object = Object.fromEntries(pairs);
    assert.equal(encoded(object), new URLSearchParams(object).toString(), query);
  }
});

test('what is printed without a formatter is what it would make', () => {
  const printed = [];
  const host = { call: (op, said, level, text) => printed.push(text), now: () => 0 };
  const values = ['', 'text', '%s', '100 %', '%%', '\n', 0, -0, 1.5, NaN, -Infinity, 1e21, 5n, true,
    null, undefined, Symbol('s'), [], {}, () => {}, new Error('no').message];
  const console = loader(folder, new Map(), host)('console');
  const { format } = ours('internal/format');
  console.log();
  const lists = values.flatMap((first) => [[first], ...values.map((second) => [first, second])]);
  for (const list of lists) console.log(...list);
  assert.deepEqual(printed, ['', ...lists.map((list) => format(...list))]);
});
