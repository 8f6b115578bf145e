// Event, EventTarget and the events that programs meet, as browsers have them. A listener that
// throws does not stop the others: its error goes to the program as an uncaught one.
//
// As with emitters (see `events.js`), the library's own targets (WebSocket) have a method
// `[words](type, [event])` that names the call for the learner; other listeners, and the library's
// own, are just called.

const { words, own } = require('internal/symbols');
const errors = () => require('internal/errors');

class Event {
  #type;
  #options;
  #prevented = false;
  #state = { target: null, current: null, phase: 0, stopped: false, stoppedNow: false };

  constructor(type, options) {
    if (arguments.length === 0) {
      throw errors().coded(TypeError, 'ERR_MISSING_ARGS', 'The "type" argument must be specified');
    }
    this.#type = String(type);
    this.#options = options ?? {};
    this.timeStamp = host.now();
  }

  /** What a dispatch changes; only EventTarget asks for it. */
  static stateOf(event) { return event.#state; }

  get type() { return this.#type; }

  get target() { return this.#state.target; }

  get srcElement() { return this.#state.target; }

  get currentTarget() { return this.#state.current; }

  get eventPhase() { return this.#state.phase; }

  get bubbles() { return Boolean(this.#options.bubbles); }

  get cancelable() { return Boolean(this.#options.cancelable); }

  get composed() { return Boolean(this.#options.composed); }

  get isTrusted() { return false; }

  get defaultPrevented() { return this.#prevented; }

  get returnValue() { return !this.#prevented; }

  get cancelBubble() { return this.#state.stopped; }

  set cancelBubble(stop) { if (stop) this.#state.stopped = true; }

  composedPath() { return this.#state.current ? [this.#state.current] : []; }

  preventDefault() { if (this.cancelable) this.#prevented = true; }

  stopPropagation() { this.#state.stopped = true; }

  stopImmediatePropagation() { this.#state.stopped = this.#state.stoppedNow = true; }

  get [Symbol.toStringTag]() { return 'Event'; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const { name } = this.constructor;
    if (depth < 0) return name;
    const shown = { type: this.type, defaultPrevented: this.defaultPrevented,
      cancelable: this.cancelable, timeStamp: this.timeStamp };
    return `${name} ${inspect(shown, { ...options, depth: options.depth && options.depth - 1 })}`;
  }
}
Object.assign(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
const { stateOf } = Event;
delete Event.stateOf;

/** A class of events with more properties, each with its default. */
function eventWith(name, defaults) {
  const Made = { [name]: class extends Event {
    constructor(type, options) {
      super(...arguments);
      for (const key of Object.keys(defaults)) {
        const value = options?.[key] ?? defaults[key];
        Object.defineProperty(this, key, { value, enumerable: true, configurable: true });
      }
    }
  } }[name];
  return Made;
}

const handled = (listener) => typeof listener === 'function' || typeof listener === 'object';
const sameAs = (listener, capture) => (kept) => {
  return kept.listener === listener && kept.capture === capture;
};
const captures = (options) => Boolean(typeof options === 'object' ? options?.capture : options);

class EventTarget {
  #listeners = new Map();

  addEventListener(type, listener, options) {
    if (arguments.length < 2) {
      const message = 'The "type" and "listener" arguments must be specified';
      throw errors().coded(TypeError, 'ERR_MISSING_ARGS', message);
    }
    if (listener == null) return;
    if (!handled(listener)) {
      throw errors().invalidType('listener', 'an instance of EventListener', listener);
    }
    const { once = false, signal } = Object(options);
    if (signal?.aborted) return;
    const capture = captures(options);
    const list = this.#listeners.get(String(type)) ?? [];
    if (list.some(sameAs(listener, capture))) return;
    const kept = { listener, capture, once, removed: false };
    this.#listeners.set(String(type), [...list, kept]);
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, options),
      { once: true });
  }

  removeEventListener(type, listener, options) {
    const list = this.#listeners.get(String(type)) ?? [];
    const kept = list.find(sameAs(listener, captures(options)));
    if (!kept) return;
    kept.removed = true;
    this.#listeners.set(String(type), list.filter((other) => other !== kept));
  }

  dispatchEvent(event) {
    if (!(event instanceof Event)) {
      throw errors().invalidType('event', 'an instance of Event', event);
    }
    const state = stateOf(event);
    if (state.phase !== 0) {
      throw errors().coded(Error, 'ERR_EVENT_RECURSION',
        `The event "${event.type}" is already being dispatched`);
    }
    Object.assign(state, { target: this, current: this, phase: Event.AT_TARGET });
    const told = this[words]?.(event.type, [event]);
    for (const kept of this.#listeners.get(event.type) ?? []) {
      if (state.stoppedNow) break;
      if (!kept.removed) this.#call(kept, event, told);
    }
    Object.assign(state, { current: null, phase: 0, stopped: false, stoppedNow: false });
    return !event.defaultPrevented;
  }

  #call({ listener, once }, event, told) {
    if (once) this.removeEventListener(event.type, listener);
    try {
      const isFunction = typeof listener === 'function';
      const method = isFunction ? listener : listener.handleEvent;
      if (typeof method !== 'function') return;
      const self = isFunction ? this : listener;
      if (told === undefined || method[own]) method.call(self, event);
      else require('internal/core').invoke(told, method, self, event);
    } catch (error) {
      require('internal/core').nextTick(() => { throw error; });
    }
  }

  get [Symbol.toStringTag]() { return 'EventTarget'; }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const { name } = this.constructor;
    return depth < 0 ? name : `${name} ${inspect({}, options)}`;
  }
}

/** `onmessage` and its like: properties whose function is a listener. */
function defineHandlers(prototype, ...types) {
  const handlers = new WeakMap();
  for (const type of types) {
    Object.defineProperty(prototype, `on${type}`, {
      configurable: true,
      enumerable: true,
      get() { return handlers.get(this)?.[type]?.listener ?? null; },
      set(listener) {
        const own = handlers.get(this) ?? {};
        handlers.set(this, own);
        if (typeof listener !== 'function') {
          if (own[type]) this.removeEventListener(type, own[type].called);
          delete own[type];
        } else if (own[type]) {
          own[type].listener = listener;
        } else {
          // The first one's place in the order stays when another takes over.
          own[type] = { listener, called: (event) => own[type].listener.call(this, event) };
          this.addEventListener(type, own[type].called);
        }
      },
    });
  }
}

module.exports = {
  Event,
  EventTarget,
  CustomEvent: eventWith('CustomEvent', { detail: null }),
  MessageEvent: eventWith('MessageEvent', { data: null, origin: '', lastEventId: '', source: null,
    ports: [] }),
  CloseEvent: eventWith('CloseEvent', { wasClean: false, code: 0, reason: '' }),
  ErrorEvent: eventWith('ErrorEvent', { message: '', filename: '', lineno: 0, colno: 0,
    error: undefined }),
  defineHandlers,
};

const elsewhere = { AbortController: 'internal/abort', AbortSignal: 'internal/abort',
  DOMException: 'internal/dom-exception' };
for (const name of Object.keys(elsewhere)) {
  const get = () => require(elsewhere[name])[name];
  Object.defineProperty(module.exports, name, { enumerable: true, get });
}
