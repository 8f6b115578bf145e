// What the tables of streams share: a log of what happens in which order, a source, a sink.

/** The log of a run that is over once nothing happens any more. */
export const logged = (run) =>
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

export const READ = ['data', 'end', 'error', 'close', 'pause', 'resume'];
export const WRITE = ['drain', 'finish', 'error', 'close', 'pipe', 'unpipe', 'prefinish'];
export const source = (Readable, parts, options) =>
  new Readable({
    read() {
      this.push(parts.length > 0 ? parts.shift() : null);
    },
    ...options,
  });
export const sink = ({ Writable, say }, options, wait = false) =>
  new Writable({
    write(chunk, encoding, done) {
      say('write', chunk, encoding);
      if (wait) setImmediate(done);
      else done();
    },
    ...options,
  });
