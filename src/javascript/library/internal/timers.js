// setTimeout and its kin. Moments are whole nanoseconds since the run began: exact, unlike sums of
// milliseconds. What the host knows of all timers is when the first is due.

const core = require('internal/core');
const Heap = require('internal/heap');
const { apply } = Reflect;

const LONGEST = 2 ** 31 - 1;
const now = () => Math.round(host.now() * 1e6);

// A timer that was cleared or refreshed leaves its entry behind; `entry` tells which one counts.
const heap = new Heap((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
const byId = new Map();
let order = 0;
let asked = null;

function checked(fn) {
  if (typeof fn === 'function') return fn;
  const { invalidType } = require('internal/errors');
  throw invalidType('callback', 'of type function', fn);
}

class Timeout {
  #fn;
  #args;
  #words;
  #delay;
  #isRepeating;
  #isReferenced = true;
  #entry = null;
  #id = host.id();

  constructor(fn, delay, args, isRepeating, words) {
    delay = +delay;
    this.#fn = fn;
    this.#args = args;
    this.#delay = delay >= 1 && delay <= LONGEST ? Math.trunc(delay) : 1;
    this.#isRepeating = isRepeating;
    this.#words = words && `${words} ${this.#delay}`;
    this.refresh();
  }

  refresh() {
    this.#entry = { at: now() + this.#delay * 1e6, order: order++, timeout: this };
    heap.push(this.#entry);
    return this;
  }

  close() {
    this.#entry = null;
    byId.delete(this.#id);
    return this;
  }

  ref() {
    this.#isReferenced = true;
    return this;
  }

  unref() {
    this.#isReferenced = false;
    return this;
  }

  hasRef() {
    return this.#isReferenced;
  }

  [Symbol.toPrimitive]() {
    byId.set(this.#id, this);
    return this.#id;
  }

  static isLive(entry) {
    return entry.timeout.#entry === entry;
  }

  static fire({ timeout }) {
    timeout.#entry = null;
    try {
      if (timeout.#words) core.invoke(timeout.#words, timeout.#fn, timeout, ...timeout.#args);
      else apply(timeout.#fn, timeout, timeout.#args);
    } finally {
      if (timeout.#isRepeating && timeout.#entry === null && timeout.#isRepeating !== 'cleared') {
        timeout.refresh();
      }
    }
  }

  static stop(timeout) {
    if (timeout.#isRepeating) timeout.#isRepeating = 'cleared';
    timeout.close();
  }
}

class Immediate {
  #fn;
  #args;
  #words;
  #isReferenced = true;

  constructor(fn, args, words) {
    this.#fn = fn;
    this.#args = args;
    this.#words = words;
    core.immediate({ run: () => this.#run() });
  }

  #run() {
    const fn = this.#fn;
    if (fn === null) return;
    this.#fn = null;
    if (this.#words) core.invoke(this.#words, fn, this, ...this.#args);
    else apply(fn, this, this.#args);
  }

  ref() {
    this.#isReferenced = true;
    return this;
  }

  unref() {
    this.#isReferenced = false;
    return this;
  }

  hasRef() {
    return this.#isReferenced;
  }

  static stop(immediate) {
    immediate.#fn = null;
  }
}

function clearTimeout(timer) {
  if (timer instanceof Immediate) return;
  if (typeof timer === 'number' || typeof timer === 'string') timer = byId.get(+timer);
  if (timer instanceof Timeout) Timeout.stop(timer);
}

function clearImmediate(immediate) {
  if (immediate instanceof Immediate) Immediate.stop(immediate);
}

/** The functions; those for the program tell the learner when a callback of theirs runs. */
function functions(isTold) {
  const words = (name) => (isTold ? name : '');
  return {
    setTimeout(callback, delay, ...args) {
      return new Timeout(checked(callback), delay, args, false, words('setTimeout'));
    },
    setInterval(callback, delay, ...args) {
      return new Timeout(checked(callback), delay, args, true, words('setInterval'));
    },
    setImmediate(callback, ...args) {
      return new Immediate(checked(callback), args, words('setImmediate'));
    },
    clearTimeout,
    clearInterval: function clearInterval(timer) { clearTimeout(timer); },
    clearImmediate,
  };
}

exports.program = functions(true);
exports.own = functions(false);

/** The first timer that still counts. */
function first() {
  while (heap.first !== undefined && !Timeout.isLive(heap.first)) heap.pop();
  return heap.first;
}

/** Tells the host when the first timer is due, if that has changed. */
exports.wake = () => {
  const at = first()?.at ?? null;
  if (at === asked) return;
  asked = at;
  host.call('wake', '', at === null ? null : at / 1e6);
};

host.on('deadline', () => {
  asked = null;
  const until = now();
  for (let entry = first(); entry !== undefined && entry.at <= until; entry = first()) {
    heap.pop();
    core.turn(Timeout.fire, entry);
  }
});
