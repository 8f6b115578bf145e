// EventEmitter, EventTarget, AbortController.

const logged = (run) =>
  Object.assign(
    async (library) => {
      const log = [];
      const say = (...words) =>
        log.push(
          words.map((word) => (word instanceof Error ? word.message : String(word))).join(' '),
        );
      await run({ library, say, Emitter: library('events'), ...targets(library) });
      return log;
    },
    { toString: () => String(run) },
  );
const targets = (library) =>
  Object.fromEntries(
    [
      'Event', 'EventTarget', 'CustomEvent', 'MessageEvent', 'AbortController', 'AbortSignal',
      'DOMException',
    ].map((name) => [name, library('event-target')[name]]),
  );

export const cases = [
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.on('a', (...args) => say(1, ...args));
    e.once('a', () => say(2));
    e.prependListener('a', () => say(0));
    say(e.emit('a', 'x', 'y'));
    say(e.emit('a'));
    say(e.emit('b'));
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    function f() {
      say(this === e);
    }
    e.on('a', f).addListener('a', f);
    e.emit('a');
    e.off('a', f);
    say(e.listenerCount('a'));
    e.removeListener('a', f);
    say(e.listenerCount('a'), e.eventNames().length);
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    for (const bad of [undefined, null, new Error('boom'), 'text', 5, { a: 1 }]) {
      try {
        e.emit('error', bad);
      } catch (error) {
        say(error, error.code, error.context === bad);
      }
    }
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.on(Emitter.errorMonitor, (error) => say('monitor', error));
    try {
      e.emit('error', new Error('x'));
    } catch (error) {
      say('thrown', error);
    }
    e.on('error', (error) => say('handled', error));
    e.emit('error', new Error('y'));
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.on('newListener', (name, f) => say('new', String(name), f.name));
    e.on('removeListener', (name, f) => say('removed', String(name), f.name));
    function f() {}
    e.on('a', f);
    e.once('b', f);
    e.emit('b');
    e.off('a', f);
    e.on('c', f);
    e.removeAllListeners();
    say(e.eventNames().length);
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.once('newListener', () => e.on('a', () => say('first')));
    e.on('a', () => say('second'));
    e.emit('a');
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.on('a', () => {
      e.on('a', () => say('late'));
      say('now');
    });
    e.emit('a');
    e.emit('a');
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    const g = () => say('g');
    e.on('a', () => e.off('a', g));
    e.on('a', g);
    e.emit('a');
    e.emit('a');
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    const f = () => {};
    e.once('a', f);
    e.on('a', f);
    say(
      e.listeners('a')[0] === f, e.rawListeners('a')[0] === f,
      e.rawListeners('a')[0].listener === f, e.listeners('x').length,
    );
    e.rawListeners('a')[0]();
    say(e.listenerCount('a'));
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    const s = Symbol('s');
    e.on(s, () => say('symbol'));
    e.on('x', () => {});
    e.emit(s);
    say(e.eventNames().map(String));
  },
  ({ Emitter, say }) => {
    for (const bad of [undefined, null, 'x', {}]) {
      try {
        new Emitter().on('a', bad);
      } catch (error) {
        say(error.code, error);
      }
    }
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    say(e.getMaxListeners(), Emitter.defaultMaxListeners);
    e.setMaxListeners(1);
    say(e.getMaxListeners());
    for (const bad of [-1, '1', NaN]) {
      try {
        e.setMaxListeners(bad);
      } catch (error) {
        say(error.code, error);
      }
    }
  },
  ({ Emitter, say }) => {
    class A extends Emitter {
      constructor() {
        super();
        this.on('x', () => say('A'));
      }
    }
    const a = new A();
    a.emit('x');
    say(a instanceof Emitter, Emitter.EventEmitter === Emitter);
  },
  ({ Emitter, say, library }) => {
    function Old() {
      Emitter.call(this);
    }
    library('util').inherits(Old, Emitter);
    const o = new Old();
    o.on('x', () => say('old'));
    o.emit('x');
    say(Old.super_ === Emitter, o._eventsCount);
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.prependOnceListener('a', () => say('once'));
    e.on('a', () => say('on'));
    e.emit('a');
    e.emit('a');
    e.removeAllListeners('a');
    say(e.emit('a'));
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    const f = () => {};
    e.on('a', f);
    e.on('a', f);
    e.on('a', () => {});
    say(
      e.listenerCount('a', f), Emitter.listenerCount(e, 'a'),
      Emitter.getEventListeners(e, 'a').length,
    );
  },
  ({ Emitter, say }) => {
    const e = new Emitter();
    e.on('a', () => {
      throw new Error('listener');
    });
    e.on('a', () => say('not reached'));
    try {
      e.emit('a');
    } catch (error) {
      say(error);
    }
  },
  async ({ Emitter, say }) => {
    const e = new Emitter();
    setImmediate(() => e.emit('a', 1, 2));
    say(await Emitter.once(e, 'a'));
  },
  async ({ Emitter, say }) => {
    const e = new Emitter();
    setImmediate(() => e.emit('error', new Error('no')));
    try {
      await Emitter.once(e, 'a');
    } catch (error) {
      say(error);
    }
    say(e.listenerCount('a'), e.listenerCount('error'));
  },
  async ({ Emitter, say }) => {
    const e = new Emitter();
    setImmediate(() => e.emit('error', 'plain'));
    say(await Emitter.once(e, 'error'));
  },
  async ({ Emitter, say, AbortController }) => {
    const e = new Emitter();
    const c = new AbortController();
    setImmediate(() => c.abort());
    try {
      await Emitter.once(e, 'a', { signal: c.signal });
    } catch (error) {
      say(error.name, error.code, error);
    }
    say(e.listenerCount('a'));
  },
  async ({ Emitter, say }) => {
    const e = new Emitter();
    setImmediate(() => {
      for (const n of [1, 2, 3]) e.emit('a', n);
    });
    for await (const [n] of Emitter.on(e, 'a')) {
      say(n);
      if (n === 3) break;
    }
    say(e.listenerCount('a'), e.listenerCount('error'));
  },
  async ({ Emitter, say }) => {
    const e = new Emitter();
    setImmediate(() => {
      e.emit('a', 1);
      e.emit('error', new Error('over'));
    });
    try {
      for await (const [n] of Emitter.on(e, 'a')) say(n);
    } catch (error) {
      say(error);
    }
  },
  async ({ Emitter, say }) => {
    const e = new Emitter();
    setImmediate(() => {
      e.emit('a', 1);
      e.emit('done');
    });
    for await (const [n] of Emitter.on(e, 'a', { close: ['done'] })) say(n);
    say('end');
  },
  async ({ Emitter, say, EventTarget, Event }) => {
    const t = new EventTarget();
    setImmediate(() => t.dispatchEvent(new Event('x')));
    const [event] = await Emitter.once(t, 'x');
    say(event.type);
  },

  ({ EventTarget, Event, say }) => {
    const t = new EventTarget();
    t.addEventListener('a', (e) =>
      say(e.type, e.target === t, e.currentTarget === t, e.eventPhase),
    );
    const e = new Event('a');
    say(t.dispatchEvent(e), e.eventPhase, e.currentTarget, e.bubbles, e.cancelable, e.isTrusted);
  },
  ({ EventTarget, Event, say }) => {
    const t = new EventTarget();
    const f = () => say('f');
    t.addEventListener('a', f);
    t.addEventListener('a', f);
    t.addEventListener('a', f, true);
    t.addEventListener('a', () => say('once'), { once: true });
    t.dispatchEvent(new Event('a'));
    t.removeEventListener('a', f);
    t.dispatchEvent(new Event('a'));
  },
  ({ EventTarget, Event, say }) => {
    const t = new EventTarget();
    t.addEventListener('a', {
      handleEvent(e) {
        say('object', e.type, this.x);
      },
      x: 1,
    });
    t.dispatchEvent(new Event('a'));
    try {
      t.addEventListener('a', 'text');
    } catch (error) {
      say(error.code);
    }
    try {
      t.dispatchEvent({});
    } catch (error) {
      say(error.code);
    }
    try {
      new Event();
    } catch (error) {
      say(error.code);
    }
  },
  ({ EventTarget, Event, say }) => {
    const t = new EventTarget();
    t.addEventListener('a', (e) => {
      e.preventDefault();
      e.stopImmediatePropagation();
    });
    t.addEventListener('a', () => say('not reached'));
    const e = new Event('a', { cancelable: true });
    say(t.dispatchEvent(e), e.defaultPrevented, e.returnValue);
    say(t.dispatchEvent(new Event('a')));
  },
  ({ EventTarget, Event, AbortController, say }) => {
    const t = new EventTarget();
    const c = new AbortController();
    t.addEventListener('a', () => say('a'), { signal: c.signal });
    t.dispatchEvent(new Event('a'));
    c.abort();
    t.dispatchEvent(new Event('a'));
  },
  ({ CustomEvent, say }) => {
    const e = new CustomEvent('c', { detail: { x: 1 } });
    say(e.detail.x, e.type, new CustomEvent('d').detail);
  },
  ({ MessageEvent, say }) => {
    const e = new MessageEvent('message', { data: [1], origin: 'o' });
    say(e.data, e.origin, e.lastEventId, e.source, e.type);
  },
  ({ AbortController, say }) => {
    const c = new AbortController();
    c.signal.onabort = (e) => say('on', e.type);
    c.signal.addEventListener('abort', () => say('listener'));
    say(c.signal.aborted, c.signal.reason);
    c.abort();
    c.abort('again');
    say(c.signal.aborted, c.signal.reason.name, c.signal.reason.code, c.signal.reason);
    try {
      c.signal.throwIfAborted();
    } catch (error) {
      say(error === c.signal.reason);
    }
  },
  ({ AbortSignal, say }) => {
    const s = AbortSignal.abort('why');
    say(s.aborted, s.reason);
    try {
      new AbortSignal();
    } catch (error) {
      say(error.code, error);
    }
  },
  ({ AbortController, AbortSignal, say }) => {
    const [a, b] = [new AbortController(), new AbortController()];
    const s = AbortSignal.any([a.signal, b.signal]);
    s.addEventListener('abort', () => say('any', s.reason));
    b.abort('second');
    a.abort('first');
    say(s.reason, AbortSignal.any([b.signal]).aborted, AbortSignal.any([]).aborted);
  },
  async ({ AbortSignal, say }) => {
    const s = AbortSignal.timeout(5);
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    say(s.aborted, s.reason.name, s.reason.code, s.reason);
  },
  ({ AbortController, Event, EventTarget, library, say }) => {
    const { inspect } = library('util');
    const c = new AbortController();
    say(inspect(c));
    say(inspect(new EventTarget()));
    say(inspect(new Event('a')).replace(/timeStamp: .*/, ''));
    say(inspect({ a: { b: { s: c.signal } } }));
  },
  ({ DOMException, library, say }) => {
    const e = new DOMException('text', 'AbortError');
    say(
      e.name, e.code, e.message, e instanceof Error, DOMException.ABORT_ERR, e.ABORT_ERR, String(e),
    );
    const f = new DOMException('x', { name: 'DataCloneError', cause: 1 });
    say(f.name, f.code, f.cause);
    say(new DOMException().name, new DOMException().code);
  },
].map(logged);
