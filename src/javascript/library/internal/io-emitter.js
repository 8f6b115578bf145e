// The emitter of the browser's packages of Socket.IO: as node's, but 'error' is an event as any,
// and `off` also takes all listeners of an event, or all there are.

const core = require('internal/core');
const symbols = require('internal/symbols');
const { checkFunction } = require('internal/checks');

class Emitter {
  #listeners = new Map();

  on(event, listener) {
    checkFunction(listener, 'listener');
    this.#listeners.set(event, [...this.listeners(event), listener]);
    return this;
  }

  once(event, listener) {
    checkFunction(listener, 'listener');
    const single = (...args) => {
      this.off(event, single);
      this.#run(event, listener, args);
    };
    single.listener = listener;
    return this.on(event, symbols.owned(single));
  }

  off(event, listener) {
    if (event === undefined) this.#listeners.clear();
    else if (listener === undefined) this.#listeners.delete(event);
    else {
      const list = this.listeners(event);
      const at = list.findIndex((it) => it === listener || it.listener === listener);
      if (at >= 0) this.#listeners.set(event, list.toSpliced(at, 1));
    }
    return this;
  }

  #run(event, listener, args) {
    if (listener[symbols.own]) listener.apply(this, args);
    else core.invoke(this[symbols.words](event, args), listener, this, ...args);
  }

  /** Calls the listeners; `emit` of a socket sends instead. */
  _tell(event, ...args) {
    for (const listener of this.listeners(event)) this.#run(event, listener, args);
    return this;
  }

  emit(event, ...args) {
    return this._tell(event, ...args);
  }

  listeners(event) {
    return this.#listeners.get(event) ?? [];
  }

  hasListeners(event) {
    return this.listeners(event).length > 0;
  }
}

Object.assign(Emitter.prototype, {
  addEventListener: Emitter.prototype.on,
  addListener: Emitter.prototype.on,
  removeListener: Emitter.prototype.off,
  removeEventListener: Emitter.prototype.off,
  removeAllListeners: Emitter.prototype.off,
});

module.exports = Emitter;
