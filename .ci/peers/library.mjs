// Node.js against framestep's standard library for JavaScript programs: each case is asked of both,
// and what comes of it, errors and their messages too, must be the same. LIBRARY is the folder of
// the library's files, where this one is not in its place in the repository.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loader, told } from './library-cases/load.mjs';
import { outcome } from './library-cases/kit.mjs';

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
