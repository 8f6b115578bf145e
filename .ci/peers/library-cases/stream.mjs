// Streams: what happens in which order, told as a log.

/** The log of a run that is over once nothing happens any more. */
const logged = (run) =>
  Object.assign(
    async (library) => {
      const log = [];
      const say = (...words) => log.push(words.join(' '));
      const watch = (name, emitter, ...events) => {
        for (const event of events) {
          emitter.on(event, (first) => {
            const what =
              first instanceof Error
                ? `${first.code ?? ''} ${first.message}`
                : typeof first === 'object' && first !== null && !(first instanceof Uint8Array)
                  ? ''
                  : String(first ?? '');
            say(name, event, what);
          });
        }
      };
      await run({ ...library('stream'), Buffer: library('buffer').Buffer, library, say, watch });
      for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
      return log;
    },
    { toString: () => String(run) },
  );

const READ = ['data', 'end', 'error', 'close', 'pause', 'resume'];
const WRITE = ['drain', 'finish', 'error', 'close', 'pipe', 'unpipe', 'prefinish'];
const source = (Readable, parts, options) =>
  new Readable({
    read() {
      this.push(parts.length > 0 ? parts.shift() : null);
    },
    ...options,
  });
const sink = ({ Writable, say }, options, wait = false) =>
  new Writable({
    write(chunk, encoding, done) {
      say('write', chunk, encoding);
      if (wait) setImmediate(done);
      else done();
    },
    ...options,
  });

export const cases = [
  ({ Readable, watch }) => {
    watch('r', source(Readable, ['a', 'bc', 'd']), ...READ);
  },
  ({ Readable, watch }) => {
    watch('r', source(Readable, ['a', 'bc'], { encoding: 'utf8' }), ...READ);
  },
  ({ Readable, watch }) => {
    watch('r', source(Readable, [{ a: 1 }, 2, 'x'], { objectMode: true }), ...READ);
  },
  ({ Readable, watch, say }) => {
    const r = source(Readable, ['abc', 'defg', 'h']);
    watch('r', r, 'end', 'close', 'readable');
    r.on('readable', () => {
      let c;
      while ((c = r.read(2)) !== null) say('got', c);
    });
  },
  ({ Readable, watch, say }) => {
    const r = new Readable({ read() {} });
    watch('r', r, ...READ);
    say(r.push('one'), r.push('two'), r.readableLength, r.readableFlowing);
    r.push(null);
  },
  ({ Readable, watch, say }) => {
    const r = new Readable({ read() {} });
    watch('r', r, ...READ);
    r.push(null);
    say(r.push('late'));
  },
  ({ Readable, watch, say }) => {
    const r = new Readable({ read() {}, highWaterMark: 3 });
    say(r.push('ab'), r.push('cd'), r.readableLength);
    r.unshift('zz');
    say(r.read(1), r.read(), r.read(), r.readableLength);
    r.push(null);
    watch('r', r, ...READ);
  },
  ({ Readable, watch, say }) => {
    const r = source(Readable, ['a', 'b', 'c']);
    r.pause();
    watch('r', r, ...READ);
    say(r.isPaused(), r.readableFlowing);
    setImmediate(() => {
      r.resume();
      say(r.isPaused());
    });
  },
  ({ Readable, watch, say }) => {
    const r = source(Readable, ['a', 'b', 'c', 'd']);
    watch('r', r, ...READ);
    r.once('data', () => {
      r.pause();
      say('paused');
      setImmediate(() => r.resume());
    });
  },
  ({ Readable, watch }) => {
    const r = new Readable({
      read() {
        throw new Error('broken source');
      },
    });
    watch('r', r, ...READ);
  },
  ({ Readable, watch }) => {
    const r = new Readable({
      read() {
        this.destroy(new Error('gone'));
      },
    });
    watch('r', r, ...READ);
  },
  ({ Readable, watch, say }) => {
    const r = source(Readable, ['a'], {
      destroy(error, done) {
        say('destroying', error);
        done(new Error('worse'));
      },
    });
    watch('r', r, 'error', 'close');
    r.destroy();
    r.destroy(new Error('second'));
    say(r.destroyed, r.closed, r.errored);
  },
  ({ Readable, watch, say }) => {
    const r = source(Readable, ['a'], { autoDestroy: false });
    watch('r', r, ...READ);
    setImmediate(() => say(r.destroyed, r.readableEnded));
  },
  ({ Readable, watch, say }) => {
    const r = source(Readable, ['a'], { emitClose: false });
    watch('r', r, ...READ);
    setImmediate(() => say(r.destroyed, r.readable));
  },
  ({ Readable, watch }) => {
    const r = new Readable({
      read() {
        this.push(5);
      },
    });
    watch('r', r, ...READ);
  },
  ({ Readable, watch }) => {
    const r = new Readable();
    watch('r', r, ...READ);
  },
  ({ Readable, watch, Buffer }) => {
    const euro = Buffer.from('€uro');
    const r = source(Readable, [
      euro.subarray(0, 1), euro.subarray(1, 2), euro.subarray(2), euro.subarray(0, 2),
    ]);
    r.setEncoding('utf8');
    watch('r', r, ...READ);
  },
  async ({ Readable, say }) => {
    for await (const chunk of source(Readable, ['a', 'b'])) say(chunk);
  },
  async ({ Readable, say, watch }) => {
    const r = source(Readable, ['a', 'b', 'c']);
    watch('r', r, 'close', 'end');
    for await (const chunk of r) {
      say(chunk);
      break;
    }
    say(r.destroyed);
  },
  async ({ Readable, say }) => {
    const r = new Readable({
      read() {
        this.destroy(new Error('in the middle'));
      },
    });
    try {
      for await (const chunk of r) say(chunk);
    } catch (error) {
      say('caught', error.message);
    }
  },
  async ({ Readable, say }) => {
    for await (const chunk of Readable.from(['x', 'y', { z: 1 }])) say(JSON.stringify(chunk));
  },
  async ({ Readable, say }) => {
    for await (const chunk of Readable.from('text')) say(chunk);
  },
  async ({ Readable, say }) => {
    const r = Readable.from(
      (async function* () {
        yield 1;
        throw new Error('generator');
      })(),
    );
    try {
      for await (const chunk of r) say(chunk);
    } catch (error) {
      say('caught', error.message);
    }
  },
  ({ Readable, say }) => {
    try {
      Readable.from(5);
    } catch (error) {
      say(error.code);
    }
  },

  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    kit.say(w.write('a'), w.write('b'));
    w.end('c', () => kit.say('ended'));
  },
  (kit) => {
    const w = sink(kit, { highWaterMark: 3 }, true);
    kit.watch('w', w, ...WRITE);
    kit.say(w.write('ab'), w.write('c'), w.writableLength, w.writableNeedDrain);
    w.on('drain', () => w.end());
  },
  (kit) => {
    const w = sink(kit, {}, true);
    kit.watch('w', w, ...WRITE);
    for (const part of ['a', 'b', 'c']) w.write(part, () => kit.say('done', part));
    w.end();
    kit.say(w.writable, w.writableEnded, w.writableFinished);
  },
  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    w.end();
    w.write('late', (error) => kit.say('callback', error.code));
  },
  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    w.end();
    w.end('again');
  },
  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    w.end();
    setImmediate(() => w.end((error) => kit.say(error?.code)));
  },
  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    w.destroy();
    w.write('x', (error) => kit.say(error.code));
  },
  (kit) => {
    const w = sink(kit, {}, true);
    kit.watch('w', w, ...WRITE);
    w.write('a', (error) => kit.say('a', error?.code));
    w.write('b', (error) => kit.say('b', error?.code));
    w.end((error) => kit.say('end', error?.code));
    w.destroy(new Error('stop'));
  },
  (kit) => {
    const w = sink(kit, {
      write(c, e, done) {
        done(new Error('full'));
      },
    });
    kit.watch('w', w, ...WRITE);
    w.write('a', (error) => kit.say('cb', error?.message));
    w.write('b', (error) => kit.say('cb', error?.message));
  },
  (kit) => {
    const w = sink(kit, {
      write(c, e, done) {
        setImmediate(done, new Error('full'));
      },
    });
    kit.watch('w', w, ...WRITE);
    w.write('a', (error) => kit.say('cb', error?.message));
    w.end((error) => kit.say('end', error?.message));
  },
  (kit) => {
    const w = sink(kit, {
      write(c, e, done) {
        done();
        done();
      },
    });
    kit.watch('w', w, ...WRITE);
    w.write('a');
  },
  (kit) => {
    const w = sink(kit, {
      final(done) {
        kit.say('final');
        setImmediate(done);
      },
    });
    kit.watch('w', w, ...WRITE);
    w.end('x');
  },
  (kit) => {
    const w = sink(kit, {
      final(done) {
        done(new Error('no end'));
      },
    });
    kit.watch('w', w, ...WRITE);
    w.end('x');
  },
  (kit) => {
    const w = sink(kit, {
      writev(entries, done) {
        kit.say('writev', entries.map(({ chunk }) => chunk).join('+'));
        done();
      },
    });
    kit.watch('w', w, ...WRITE);
    w.cork();
    w.write('a');
    w.write('b');
    kit.say(w.writableCorked);
    w.uncork();
    w.end('c');
  },
  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    w.cork();
    w.write('a');
    w.write('b');
    w.end();
  },
  (kit) => {
    const w = sink(kit);
    for (const bad of [null, undefined, 5, {}, [1]]) {
      try {
        w.write(bad);
      } catch (error) {
        kit.say(error.code, error.message);
      }
    }
  },
  (kit) => {
    const w = sink(kit, { objectMode: true });
    kit.watch('w', w, ...WRITE);
    w.write({ a: 1 });
    w.write(0);
    w.end();
  },
  (kit) => {
    const w = sink(kit, { decodeStrings: false });
    w.write('text', 'latin1');
    w.write(new Uint8Array([65]));
    w.end();
  },
  (kit) => {
    const w = new kit.Writable();
    kit.watch('w', w, ...WRITE);
    try {
      w.write('a');
    } catch (error) {
      kit.say(error.code);
    }
  },
  (kit) => {
    const w = sink(kit, { autoDestroy: false });
    kit.watch('w', w, ...WRITE);
    w.end('a');
    setImmediate(() => kit.say(w.destroyed, w.writableFinished));
  },
  (kit) => {
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    w.pipe(w);
  },

  (kit) => {
    const r = source(kit.Readable, ['a', 'b', 'c']);
    const w = sink(kit);
    kit.watch('r', r, 'end', 'close', 'pause', 'resume');
    kit.watch('w', w, ...WRITE);
    kit.say(r.pipe(w) === w);
  },
  (kit) => {
    const r = source(kit.Readable, ['aaaa', 'bbbb', 'cccc']);
    const w = sink(kit, { highWaterMark: 2 }, true);
    kit.watch('r', r, 'end', 'close', 'pause', 'resume');
    kit.watch('w', w, ...WRITE);
    r.pipe(w);
  },
  (kit) => {
    const r = source(kit.Readable, ['a', 'b']);
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    r.pipe(w, { end: false });
  },
  (kit) => {
    const r = source(kit.Readable, ['aa', 'bb', 'cc']);
    const v = sink(kit, { highWaterMark: 1 }, true);
    const w = sink(kit);
    kit.watch('v', v, 'finish');
    kit.watch('w', w, 'finish');
    r.pipe(v);
    r.pipe(w);
  },
  (kit) => {
    const r = source(kit.Readable, ['a', 'b']);
    const w = sink(kit);
    kit.watch('w', w, ...WRITE);
    r.pipe(w);
    r.unpipe(w);
    setImmediate(() => kit.say(r.readableFlowing));
  },
  (kit) => {
    const r = source(kit.Readable, ['a', 'b']);
    const w = sink(kit, {
      write(c, e, done) {
        done(new Error('refused'));
      },
    });
    kit.watch('w', w, ...WRITE);
    kit.watch('r', r, 'end', 'close', 'error');
    r.pipe(w);
  },

  (kit) => {
    const t = new kit.Transform({
      transform(chunk, encoding, done) {
        done(null, String(chunk).toUpperCase());
      },
      flush(done) {
        done(null, '!');
      },
    });
    kit.watch('t', t, ...new Set([...READ, ...WRITE]));
    t.write('a');
    t.write('b');
    t.end('c');
  },
  (kit) => {
    const t = new kit.Transform({
      highWaterMark: 2,
      transform(chunk, encoding, done) {
        kit.say('transform', chunk);
        this.push(chunk);
        this.push(chunk);
        done();
      },
    });
    kit.say(t.write('ab'), t.write('cd'), t.write('ef'));
    kit.watch('t', t, 'drain', 'finish', 'end', 'close');
    t.end();
    setImmediate(() => t.on('data', (chunk) => kit.say('data', chunk)));
  },
  (kit) => {
    const t = new kit.Transform({
      transform(c, e, done) {
        done(new Error('cannot'));
      },
    });
    kit.watch('t', t, ...new Set([...READ, ...WRITE]));
    t.write('a');
  },
  (kit) => {
    const t = new kit.Transform();
    kit.watch('t', t, 'error', 'close');
    try {
      t.write('a');
    } catch (error) {
      kit.say(error.code);
    }
  },
  (kit) => {
    const t = new kit.PassThrough();
    kit.watch('t', t, ...new Set([...READ, ...WRITE]));
    source(kit.Readable, ['x', 'y']).pipe(t);
  },
  (kit) => {
    const d = new kit.Duplex({
      read() {
        this.push('in');
        this.push(null);
      },
      write(c, e, done) {
        kit.say('out', c);
        done();
      },
    });
    kit.watch('d', d, ...new Set([...READ, ...WRITE]));
    d.end('bye');
    kit.say(
      d instanceof kit.Readable, d instanceof kit.Writable, d instanceof kit.Stream,
      d.allowHalfOpen,
    );
  },
  (kit) => {
    const d = new kit.Duplex({
      allowHalfOpen: false,
      read() {
        this.push(null);
      },
      write(c, e, done) {
        done();
      },
    });
    kit.watch('d', d, ...new Set([...READ, ...WRITE]));
  },
  (kit) => {
    const d = new kit.Duplex({
      read() {},
      write(c, e, done) {
        done();
      },
      destroy(error, done) {
        kit.say('destroy', error?.message);
        done(error);
      },
    });
    kit.watch('d', d, ...new Set([...READ, ...WRITE]));
    d.write('x');
    d.destroy(new Error('cut'));
  },
  (kit) => {
    const d = new kit.Duplex({
      readable: false,
      write(c, e, done) {
        done();
      },
    });
    kit.watch('d', d, 'finish', 'end', 'close');
    d.end('a');
  },

  (kit) => {
    kit.pipeline(source(kit.Readable, ['a', 'b']), new kit.PassThrough(), sink(kit), (error) =>
      kit.say('done', error),
    );
  },
  (kit) => {
    const r = new kit.Readable({
      read() {
        this.destroy(new Error('early'));
      },
    });
    const w = sink(kit);
    kit.watch('w', w, 'close', 'finish');
    kit.pipeline(r, w, (error) => kit.say('done', error?.message, w.destroyed));
  },
  (kit) => {
    const r = source(kit.Readable, ['a', 'b']);
    const w = sink(kit, {
      write(c, e, done) {
        done(new Error('late'));
      },
    });
    kit.watch('r', r, 'close');
    kit.pipeline(r, w, (error) => kit.say('done', error?.message, r.destroyed));
  },
  (kit) => {
    kit.pipeline(
      ['a', 'b'],
      async function* (input) {
        for await (const part of input) yield `${part}${part}`;
      },
      sink(kit), (error) => kit.say('done', error),
    );
  },
  (kit) => {
    const w = sink(kit, {}, true);
    kit.pipeline(source(kit.Readable, ['a', 'b', 'c']), w, (error) => kit.say('done', error?.code));
    w.destroy();
  },
  async (kit) => {
    await kit.library('stream/promises').pipeline(source(kit.Readable, ['p']), sink(kit));
    kit.say('resolved');
  },
  async (kit) => {
    try {
      await kit.library('stream/promises').pipeline(
        source(kit.Readable, ['p']),
        async function* () {
          throw new Error('step');
        },
        sink(kit),
      );
    } catch (error) {
      kit.say(error.message);
    }
  },
  async (kit) => {
    const r = source(kit.Readable, ['p']);
    r.resume();
    await kit.library('stream/promises').finished(r);
    kit.say('finished');
  },
  (kit) => {
    const r = source(kit.Readable, ['p']);
    kit.finished(r, (error) => kit.say('finished', error?.code));
    r.destroy();
  },
  (kit) => {
    const w = sink(kit);
    kit.finished(w, (error) => kit.say('finished', error?.code));
    w.end('x');
  },
  (kit) => {
    const w = sink(kit);
    w.end('x');
    setImmediate(() => kit.finished(w, (error) => kit.say('finished', error?.code)));
  },
  (kit) => {
    const w = sink(kit);
    w.on('error', () => {});
    kit.finished(w, (error) => kit.say('finished', error?.message));
    w.destroy(new Error('why'));
  },
].map(logged);
