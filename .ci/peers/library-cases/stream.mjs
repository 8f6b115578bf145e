// Streams joined: pipe, Transform, Duplex, pipeline, finished.
import { logged, READ, sink, source, WRITE } from './stream-kit.mjs';

export const cases = [
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
