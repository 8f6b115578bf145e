// The event loop, in node's order. For each thing told: its handler, then whatever waits; after every
// callback first `process.nextTick`, then microtasks, until both are empty; at last what was
// deferred, and immediates.

const native = require('internal/native');
const Queue = require('internal/queue');
const { apply } = Reflect;

const ticks = new Queue();
const deferred = new Queue();
const immediates = new Queue();
const rejected = new Map();
let isOver = false;
/** What was called last that nobody told the learner of. */
let running;
/** `process`, once the program has touched it: an emitter that may listen for what went wrong. */
let watcher;

exports.watch = (emitter) => { watcher = emitter; };

/** Calls a function of the program's, and tells the learner so. */
function invoke(words, fn, thisArg, ...args) {
  host.enter(words, fn);
  return apply(fn, thisArg, args);
}
exports.invoke = invoke;

exports.runs = (fn) => { running = fn; };
exports.running = () => running;

exports.nextTick = (fn, ...args) => ticks.push({ fn, args });
/** Runs `fn` once nothing of this turn waits any more, before immediates. */
exports.defer = (fn) => deferred.push(fn);
exports.immediate = (immediate) => immediates.push(immediate);

/** The engine says of a promise that it was rejected unhandled, or handled after all. */
exports.rejection = (promise, reason, isHandled) => {
  if (isHandled) rejected.delete(promise);
  else rejected.set(promise, reason);
};

/** Ends the program; what it does on the way out is still heard. */
exports.exit = (code) => {
  if (!isOver) {
    isOver = true;
    watcher?.emit('exit', code);
    host.call('exit', '', code);
    native.stop();
  }
  throw new Error('the program has exited');
};

function fatal(kind, error) {
  if (isOver) return;
  isOver = true;
  let shown;
  try {
    watcher?.emit('exit', 1);
    if (!(error instanceof Error)) shown = require('internal/inspect').inspect(error);
  } catch (later) {
    // A listener's error takes its place; if the heap is too full to go on, this one says so.
    error = later;
  }
  native.fatal(kind, error, shown);
}
exports.fatal = fatal;

/** Nobody in the program caught it. */
function thrown(error, kind = 'uncaught') {
  if (isOver || native.isStopping()) return;
  if (!(watcher?.listenerCount('uncaughtException') > 0)) return void fatal(kind, error);
  const origin = kind === 'rejection' ? 'unhandledRejection' : 'uncaughtException';
  try {
    watcher.emit('uncaughtException', error, origin);
  } catch (later) {
    fatal('uncaught', later);
  }
}
exports.thrown = thrown;

function attempt(fn, thisArg, args) {
  try {
    apply(fn, thisArg, args);
  } catch (error) {
    thrown(error);
  }
}

function reject(promise, reason) {
  rejected.delete(promise);
  if (watcher?.listenerCount('unhandledRejection') > 0) {
    attempt(watcher.emit, watcher, ['unhandledRejection', reason, promise]);
  } else {
    thrown(reason, 'rejection');
  }
}

function drain() {
  for (let again = true; again && !isOver;) {
    for (let tick = ticks.shift(); tick !== undefined && !isOver; tick = ticks.shift()) {
      running = tick.fn;
      attempt(tick.fn, undefined, tick.args);
    }
    native.microtasks();
    again = ticks.size > 0;
    if (again || isOver) continue;
    for (const [promise, reason] of [...rejected]) {
      if (rejected.has(promise)) reject(promise, reason);
      again = true;
    }
  }
}

/** A turn of the event loop: one callback, and all that follows from it at once. */
function turn(fn, ...args) {
  if (isOver) return;
  attempt(fn, undefined, args);
  drain();
}
exports.turn = turn;

/** The host told something. */
exports.told = (what, args) => {
  const handler = native.handlers.get(what);
  if (handler !== undefined) turn(handler, ...args);
  while (!isOver) {
    const next = deferred.shift() ?? immediates.shift()?.run;
    if (next === undefined) break;
    turn(next);
  }
  if (!isOver) timers.wake();
};

const timers = require('internal/timers');
for (const name of ['setTimeout', 'setInterval', 'setImmediate',
  'clearTimeout', 'clearInterval', 'clearImmediate']) {
  exports[name] = timers.own[name];
}
