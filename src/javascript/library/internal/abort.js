// AbortController and AbortSignal.

const { EventTarget, Event, defineHandlers } = require('event-target');
const { DOMException } = require('internal/dom-exception');
const { coded, invalidType } = require('internal/errors');

// Only this file makes signals, and only what has the key aborts one.
const KEY = Symbol('signal');

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason;
  // Signals that abort with this one, and those that this one depends on.
  #dependents = [];

  constructor(key) {
    if (key !== KEY) throw coded(TypeError, 'ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor');
    super();
  }

  get aborted() { return this.#aborted; }

  get reason() { return this.#reason; }

  throwIfAborted() { if (this.#aborted) throw this.#reason; }

  [KEY](reason) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason ?? new DOMException('This operation was aborted', 'AbortError');
    this.dispatchEvent(new Event('abort'));
    for (const signal of this.#dependents) signal[KEY](this.#reason);
  }

  static abort(reason) {
    const signal = new AbortSignal(KEY);
    signal[KEY](reason);
    return signal;
  }

  static timeout(delay) {
    require('internal/checks').checkInteger(delay, 'delay', 0);
    const signal = new AbortSignal(KEY);
    const late = () => {
      signal[KEY](new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    };
    // A program is done although this timer still runs.
    require('internal/timers').own.setTimeout(late, delay).unref();
    return signal;
  }

  static any(signals) {
    if (typeof signals?.[Symbol.iterator] !== 'function') {
      throw invalidType('signals', 'an instance of Array', signals);
    }
    const all = [...signals];
    const wrong = all.findIndex((signal) => !(signal instanceof AbortSignal));
    if (wrong >= 0) {
      throw invalidType(`signals[${wrong}]`, 'an instance of AbortSignal', all[wrong]);
    }
    const made = new AbortSignal(KEY);
    const first = all.find((signal) => signal.aborted);
    if (first) {
      made.#aborted = true;
      made.#reason = first.reason;
    } else {
      for (const signal of all) signal.#dependents.push(made);
    }
    return made;
  }

  get [Symbol.toStringTag]() { return 'AbortSignal'; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return '[AbortSignal]';
    return `AbortSignal ${inspect({ aborted: this.aborted }, options)}`;
  }
}
defineHandlers(AbortSignal.prototype, 'abort');

class AbortController {
  #signal = new AbortSignal(KEY);

  get signal() { return this.#signal; }

  abort(reason) { this.#signal[KEY](reason); }

  get [Symbol.toStringTag]() { return 'AbortController'; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return '[AbortController]';
    return `AbortController ${inspect({ signal: this.signal }, options)}`;
  }
}

for (const [Class, names] of [[AbortSignal, ['aborted', 'reason', 'throwIfAborted']],
  [AbortController, ['signal', 'abort']]]) {
  for (const name of names) Object.defineProperty(Class.prototype, name, { enumerable: true });
}

module.exports = { AbortController, AbortSignal };
