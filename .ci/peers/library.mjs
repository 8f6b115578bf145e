// Node.js against framestep's standard library for JavaScript programs: each case is asked of both,
// and what comes of it, errors and their messages too, must be the same. LIBRARY is the folder of
// the library's files, where this one is not in its place in the repository.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loader } from './library-cases/load.mjs';
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

for (const table of ['events', 'inspect', 'buffer', 'stream', 'url', 'values']) {
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
