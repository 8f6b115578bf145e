// Writable.
import { logged, sink, WRITE } from './stream-kit.mjs';

export const cases = [
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
].map(logged);
