// Readable, and iterables as streams.
import { logged, READ, source } from './stream-kit.mjs';

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
].map(logged);
