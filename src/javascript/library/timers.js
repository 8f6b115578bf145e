// `timers`: the functions that are globals too.

const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate }
  = globalThis;

module.exports = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate,
  clearImmediate };

Object.defineProperty(module.exports, 'promises', {
  enumerable: true,
  get: () => require('timers/promises'),
});
