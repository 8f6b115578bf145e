// How the library is loaded: each file at its first use. Evaluated first of all, with what the host
// gives natively; it returns what the host calls.
//
// The engine compiles about 10 MB of source a second: what a program loads at its start is most of
// what its start takes. So a module that only some programs need, or not at once, stands at the
// head of a file as `const url = () => require('url');`, and the first `url().URL` loads it.
(function (native) {
  'use strict';
  const handlers = new Map();
  const { call, enter, now, random, id } = native;
  const resolve = (name) => native.resolve(name) ?? null;
  const on = (what, fn) => { handlers.set(what, fn); };
  const host = Object.freeze({ call, enter, now, random, resolve, id, on });
  const modules = new Map([['internal/native', { exports: { ...native, handlers } }]]);

  function require(name) {
    let module = modules.get(name);
    if (module === undefined) {
      const load = native.library(name);
      module = { exports: {} };
      modules.set(name, module);
      load(module.exports, require, module, host);
    }
    return module.exports;
  }

  const core = require('internal/core');
  for (const name of ['bounds', 'date', 'globals', 'start']) require(`internal/${name}`);
  return { told: core.told, rejection: core.rejection, running: core.running, require };
})
