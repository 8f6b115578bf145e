// EventEmitter as node's.
//
// How the library's own emitters (sockets, servers) let a learner see which listener runs: their
// class has a method `[words](event, args)` (the key is of `internal/symbols`). When it returns
// words, each listener of that event runs through `core.invoke(words, listener, emitter, ...args)`;
// when it returns undefined, and for every emitter without the method (a program's own), listeners
// are called directly. Listeners that the library itself adds are marked with `owned(listener)` of
// `internal/symbols`: they are never told.
//
// Left out: captureRejections, and the two symbols that node shows when it prints an emitter.

const { words, own, owned } = require('internal/symbols');
const { checkFunction } = require('internal/checks');
const errors = () => require('internal/errors');

const errorMonitor = Symbol('events.errorMonitor');
// What a listener of `once` is kept as: a function that removes itself, known by this key.
const single = Symbol('once');
let defaultMaxListeners = 10;

function EventEmitter() {
  EventEmitter.init.call(this);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

EventEmitter.init = function init() {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = Object.create(null);
    this._eventsCount = 0;
  }
  this._maxListeners ||= undefined;
};

/** The listeners of an event; a list that is never changed, so that it can be walked meanwhile. */
function listOf(emitter, event) {
  const kept = emitter._events?.[event];
  if (kept === undefined) return [];
  return typeof kept === 'function' ? [kept] : kept;
}

function keep(emitter, event, list) {
  const had = emitter._events[event] !== undefined;
  if (list.length === 0) {
    if (had && --emitter._eventsCount === 0) emitter._events = Object.create(null);
    else delete emitter._events[event];
    return;
  }
  if (!had) emitter._eventsCount += 1;
  emitter._events[event] = list.length === 1 ? list[0] : list;
}

function run(emitter, listener, told, args) {
  const state = listener[single];
  if (state !== undefined) {
    if (state.fired) return;
    state.fired = true;
    emitter.removeListener(state.event, listener);
    listener = listener.listener;
  }
  if (told === undefined || listener[own]) Reflect.apply(listener, emitter, args);
  else require('internal/core').invoke(told, listener, emitter, ...args);
}

function unhandled(error) {
  if (error instanceof Error) return error;
  let shown;
  try {
    shown = require('internal/inspect').inspect(error);
  } catch {
    shown = error;
  }
  const made = errors().coded(Error, 'ERR_UNHANDLED_ERROR', `Unhandled error. (${shown})`);
  made.context = error;
  return made;
}

EventEmitter.prototype.emit = function emit(event, ...args) {
  if (event === 'error') {
    if (listOf(this, errorMonitor).length > 0) this.emit(errorMonitor, ...args);
    if (listOf(this, 'error').length === 0) throw unhandled(args[0]);
  }
  const list = listOf(this, event);
  if (list.length === 0) return false;
  const told = this[words]?.(event, args);
  for (const listener of list) run(this, listener, told, args);
  return true;
};

function warn(emitter, event, list) {
  const limit = emitter.getMaxListeners();
  if (limit <= 0 || list.length <= limit || list.warned) return;
  list.warned = true;
  const { inspect } = require('internal/inspect');
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(event)} listeners `
    + `added to ${inspect(emitter, { depth: -1 })}. MaxListeners is ${limit}. `
    + 'Use emitter.setMaxListeners() to increase limit',
  );
  warning.name = 'MaxListenersExceededWarning';
  Object.assign(warning, { emitter, type: event, count: list.length });
  globalThis.process?.emitWarning?.(warning);
}

function add(emitter, event, listener, atFront) {
  checkFunction(listener, 'listener');
  if (emitter._events === undefined) EventEmitter.init.call(emitter);
  if (emitter._events.newListener !== undefined) {
    emitter.emit('newListener', event, listener.listener ?? listener);
  }
  const before = listOf(emitter, event);
  const list = atFront ? [listener, ...before] : [...before, listener];
  list.warned = before.warned;
  keep(emitter, event, list);
  warn(emitter, event, list);
  return emitter;
}

function wrapOnce(emitter, event, listener) {
  checkFunction(listener, 'listener');
  const wrapped = (...args) => run(emitter, wrapped, undefined, args);
  wrapped[single] = { event, fired: false };
  wrapped.listener = listener;
  return wrapped;
}

function remove(event, listener) {
  checkFunction(listener, 'listener');
  const list = listOf(this, event);
  const at = list.findLastIndex((kept) => kept === listener || kept.listener === listener);
  if (at < 0) return this;
  keep(this, event, list.toSpliced(at, 1));
  if (this._events.removeListener !== undefined) {
    this.emit('removeListener', event, list[at].listener ?? listener);
  }
  return this;
}

function removeAll(event) {
  if (this._events === undefined) return this;
  if (this._events.removeListener === undefined) {
    if (arguments.length > 0) keep(this, event, []);
    else [this._events, this._eventsCount] = [Object.create(null), 0];
    return this;
  }
  if (arguments.length > 0) {
    for (const listener of listOf(this, event).toReversed()) this.removeListener(event, listener);
    return this;
  }
  for (const key of Reflect.ownKeys(this._events)) {
    if (key !== 'removeListener') this.removeAllListeners(key);
  }
  return this.removeAllListeners('removeListener');
}

function checkLimit(limit, name) {
  if (typeof limit !== 'number') throw errors().invalidType(name, 'of type number', limit);
  if (!(limit >= 0)) throw errors().outOfRange(name, '>= 0', limit);
}

const original = (listener) => listener.listener ?? listener;
const methods = {
  addListener(event, listener) { return add(this, event, listener, false); },
  prependListener(event, listener) { return add(this, event, listener, true); },
  once(event, listener) { return this.on(event, wrapOnce(this, event, listener)); },
  prependOnceListener(event, listener) {
    return this.prependListener(event, wrapOnce(this, event, listener));
  },
  removeListener: remove,
  removeAllListeners: removeAll,
  setMaxListeners(n) {
    checkLimit(n, 'setMaxListeners');
    this._maxListeners = n;
    return this;
  },
  getMaxListeners() { return this._maxListeners ?? defaultMaxListeners; },
  listeners(event) { return listOf(this, event).map(original); },
  rawListeners(event) { return [...listOf(this, event)]; },
  listenerCount(event, listener) {
    const list = listOf(this, event);
    return listener ? list.filter((kept) => original(kept) === listener).length : list.length;
  },
  eventNames() { return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : []; },
};
methods.on = methods.addListener;
methods.off = methods.removeListener;
Object.assign(EventEmitter.prototype, methods);

const isTarget = (emitter) => typeof emitter?.addEventListener === 'function'
  && typeof emitter.on !== 'function';

/** Adds a listener of the library's to an emitter or an event target; returns how to remove it. */
function listen(emitter, event, listener, flags) {
  owned(listener);
  if (isTarget(emitter)) {
    emitter.addEventListener(event, listener, flags);
    return () => emitter.removeEventListener(event, listener, flags);
  }
  if (typeof emitter?.on !== 'function') {
    throw errors().invalidType('emitter', 'an instance of EventEmitter', emitter);
  }
  if (flags?.once) emitter.once(event, listener);
  else emitter.on(event, listener);
  return () => emitter.removeListener(event, listener);
}

/** A promise of an event's next arguments. */
async function once(emitter, event, options = {}) {
  const { signal } = options ?? {};
  if (signal?.aborted) throw errors().aborted(signal.reason);
  const undo = [];
  try {
    return await new Promise((resolve, reject) => {
      undo.push(listen(emitter, event, (...args) => resolve(args), { once: true }));
      if (event !== 'error' && !isTarget(emitter)) {
        undo.push(listen(emitter, 'error', reject, { once: true }));
      }
      if (signal) undo.push(listen(signal, 'abort', () => reject(errors().aborted(signal.reason))));
    });
  } finally {
    for (const step of undo) step();
  }
}

/** Loaded when first asked for: few programs walk events with `for await`. */
function on(emitter, event, options) {
  return require('internal/events-on').on(emitter, event, options, listen);
}

module.exports = Object.assign(EventEmitter, {
  EventEmitter,
  errorMonitor,
  captureRejectionSymbol: Symbol.for('nodejs.rejection'),
  once,
  on,
  usingDomains: false,
  listenerCount: (emitter, event) => emitter.listenerCount(event),
  getEventListeners: (emitter, event) => emitter.listeners?.(event) ?? [],
  getMaxListeners: (emitter) => emitter.getMaxListeners?.() ?? defaultMaxListeners,
  setMaxListeners(n = defaultMaxListeners, ...emitters) {
    checkLimit(n, 'setMaxListeners');
    if (emitters.length === 0) defaultMaxListeners = n;
    for (const emitter of emitters) emitter.setMaxListeners?.(n);
  },
});

Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  enumerable: true,
  get: () => defaultMaxListeners,
  set(limit) {
    checkLimit(limit, 'defaultMaxListeners');
    defaultMaxListeners = limit;
  },
});
