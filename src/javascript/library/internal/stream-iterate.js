// Streams and `for await`: a stream as an iterator, an iterable as a stream.

const { nextTick } = require('internal/core');
const { invalidType } = require('internal/errors');
const { owned } = require('internal/symbols');
const ends = require('internal/stream-destroy');

/** Chunks as they come; leaving the loop destroys the stream. */
exports.iterate = async function* iterate(stream, options) {
  const { finished } = require('internal/stream-ends');
  let wake = () => {};
  const readable = owned(() => wake());
  stream.on('readable', readable);
  let ending;
  const forget = finished(stream, { writable: false }, (error) => {
    ending = { error };
    wake();
  });
  let failure;
  try {
    for (;;) {
      const chunk = stream.destroyed ? null : stream.read();
      if (chunk !== null) yield chunk;
      else if (ending?.error) throw ending.error;
      else if (ending) return;
      else await new Promise((resolve) => { wake = resolve; });
    }
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    const early = failure !== undefined || options?.destroyOnReturn !== false;
    if (early && (ending === undefined || ending.error || stream._readableState.autoDestroy)) {
      ends.destroy.call(stream, null);
    } else {
      stream.removeListener('readable', readable);
    }
    forget();
  }
};

exports.from = (Readable, iterable, options) => {
  if (typeof iterable === 'string' || iterable instanceof Uint8Array) {
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (!iterator) throw invalidType('iterable', 'an instance of Iterable', iterable);
  let reading = false;
  const advance = async (stream) => {
    try {
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) {
          stream.push(null);
          return;
        }
        const chunk = await value;
        if (chunk === null) {
          const { coded } = require('internal/errors');
          throw coded(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream');
        }
        if (!stream.push(chunk)) break;
      }
      reading = false;
    } catch (error) {
      stream.destroy(error);
    }
  };
  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    ...options,
    read() {
      if (reading) return;
      reading = true;
      advance(this);
    },
    destroy(error, callback) {
      const close = error && iterator.throw ? iterator.throw(error) : iterator.return?.();
      Promise.resolve(close).then(
        () => nextTick(callback, error),
        (failure) => nextTick(callback, failure ?? error),
      );
    },
  });
};
