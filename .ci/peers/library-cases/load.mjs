// The standard library's modules in Node.js, wrapped as the engine wraps them, over a host that
// does nothing but tell the time, roll dice, number handles and know every name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { random } from './kit.mjs';

let handles = 0;
const quiet = {
  now: () => performance.now(),
  random: random(1),
  id: () => (handles += 1),
  resolve: () => '10.0.0.1',
  enter() {},
  call() {},
  on() {},
};
/** The listeners that a learner would have been told of. */
export const told = [];
const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } =
  globalThis;
const functions = {
  setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate,
};
const core = {
  invoke(words, run, self, ...args) {
    told.push({ words, run });
    return Reflect.apply(run, self, args);
  },
  nextTick: (...args) => process.nextTick(...args),
  defer: queueMicrotask,
  ...functions,
};
const timers = { own: functions, program: functions };

/** A `require` of the library in a folder; what it loads is added to `loaded`: name → octets. */
export function loader(folder, loaded = new Map(), host = quiet) {
  const modules = new Map([
    ['internal/core', { exports: core }], ['internal/timers', { exports: timers }],
  ]);
  return function load(name) {
    if (!modules.has(name)) {
      const filename = join(folder, `${name}.js`);
      const file = readFileSync(filename, 'utf8');
      const text = `'use strict';${file}`;
      loaded.set(name, file.length);
      const parameters = ['exports', 'require', 'module', 'host'];
      const module = { exports: {} };
      modules.set(name, module);
      compileFunction(text, parameters, { filename })(module.exports, load, module, host);
    }
    return modules.get(name).exports;
  };
}
