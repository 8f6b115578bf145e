// Duplex: both directions in one.

const { Readable } = require('internal/readable');
const writable = require('internal/writable');

class Duplex extends Readable {
  constructor(options = {}) {
    super(options);
    this.allowHalfOpen = options?.allowHalfOpen !== false;
    this._writableState = writable.newState(options ?? {}, true);
    writable.adopt(this, options);
    if (options?.readable === false) {
      Object.assign(this._readableState, { ended: true, endEmitted: true });
    }
    if (options?.writable === false) {
      Object.assign(this._writableState, { ending: true, ended: true, finished: true });
    }
  }
}

const { prototype } = writable.Writable;
for (const name of ['write', 'end', 'cork', 'uncork', 'setDefaultEncoding', '_write', '_writev',
  'destroy']) {
  Object.defineProperty(Duplex.prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}
for (const name of Object.keys(writable.getters).filter((key) => key.startsWith('writable'))) {
  Object.defineProperty(Duplex.prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}

module.exports = { Duplex };
