// The timers again, for who imports them.

const { program } = require('internal/timers');

module.exports = { ...program };
Object.defineProperty(module.exports, 'promises', {
  enumerable: true,
  get: () => require('timers/promises'),
});
