// The standard library's modules in Node.js, wrapped as the engine wraps them, over a host that
// does nothing but tell the time and roll dice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { random } from './kit.mjs';

const host = { now: () => performance.now(), random: random(1), enter() {}, call() {} };
/** The listeners that a learner would have been told of. */
export const told = [];
const core = {
  invoke(words, run, self, ...args) {
    told.push({ words, run });
    return Reflect.apply(run, self, args);
  },
  nextTick: (...args) => process.nextTick(...args),
};

const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } =
  globalThis;
const functions = {
  setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate,
};
const timers = { own: functions, program: functions };

/** A `require` of the library in a folder. */
export function loader(folder) {
  const modules = new Map([
    ['internal/core', { exports: core }], ['internal/timers', { exports: timers }],
  ]);
  return function load(name) {
    if (!modules.has(name)) {
      const filename = join(folder, `${name}.js`);
      const text = `'use strict';${readFileSync(filename, 'utf8')}`;
      const parameters = ['exports', 'require', 'module', 'host'];
      const module = { exports: {} };
      modules.set(name, module);
      compileFunction(text, parameters, { filename })(module.exports, load, module, host);
    }
    return modules.get(name).exports;
  };
}
