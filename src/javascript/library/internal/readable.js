// Readable: octets or objects that wait until someone asks. Either they are asked for (`read`,
// 'readable', `for await`), or they flow ('data', `pipe`, `resume`).

const EventEmitter = require('events');
const { nextTick } = require('internal/core');
const errors = () => require('internal/errors');
const ends = require('internal/stream-destroy');

/** The oldest kind of stream, which all others are instances of. */
class Stream extends EventEmitter {
  pipe(target, options) { return require('internal/stream-pipe').pipe(this, target, options); }
}

const newState = (options, isDuplex) => {
  const objectMode = Boolean(options.objectMode || (isDuplex && options.readableObjectMode));
  return {
    objectMode,
    highWaterMark: ends.highWaterMark(options, isDuplex ? 'readable' : '', objectMode),
    buffer: [],
    length: 0,
    pipes: [],
    awaitDrainWriters: new Set(),
    // null: nobody has said yet whether it flows.
    flowing: null,
    paused: null,
    ended: false,
    endEmitted: false,
    reading: false,
    // While `_read` runs: what it pushes is told in a later tick.
    sync: true,
    needReadable: false,
    emittedReadable: false,
    readableListening: false,
    resumeScheduled: false,
    readingMore: false,
    dataEmitted: false,
    decoder: null,
    encoding: null,
    ...ends.ending(options),
  };
};

class Readable extends Stream {
  constructor(options = {}) {
    super();
    const isDuplex = 'writableHighWaterMark' in this;
    this._readableState = newState(options ?? {}, isDuplex);
    if (typeof options?.read === 'function') this._read = options.read;
    if (typeof options?.destroy === 'function') this._destroy = options.destroy;
    if (options?.encoding) this.setEncoding(options.encoding);
    if (options?.signal) require('internal/stream-ends').addAbortSignal(options.signal, this);
  }

  push(chunk, encoding) { return add(this, chunk, encoding, false); }

  unshift(chunk, encoding) { return add(this, chunk, encoding, true); }

  isPaused() {
    return this._readableState.paused === true || this._readableState.flowing === false;
  }

  setEncoding(encoding) {
    const { StringDecoder } = require('string_decoder');
    const state = this._readableState;
    state.decoder = new StringDecoder(encoding);
    state.encoding = state.decoder.encoding;
    const text = state.buffer.map((chunk) => state.decoder.write(chunk)).join('');
    state.buffer = text === '' ? [] : [text];
    state.length = text.length;
    return this;
  }

  read(wanted) {
    const state = this._readableState;
    const asked = wanted === undefined ? NaN : Math.trunc(Number(wanted));
    if (asked > state.highWaterMark) state.highWaterMark = powerAbove(asked);
    if (asked !== 0) state.emittedReadable = false;
    const enough = state.highWaterMark === 0 ? state.length > 0
      : state.length >= state.highWaterMark;
    if (asked === 0 && state.needReadable && (enough || state.ended)) {
      if (state.length === 0 && state.ended) end(this);
      else emitReadable(this);
      return null;
    }
    let count = available(state, asked);
    if (count === 0 && state.ended) {
      if (state.length === 0) end(this);
      return null;
    }
    if (ask(this, state, count)) count = available(state, asked);
    const chunk = count > 0 ? take(state, count) : null;
    if (chunk === null) {
      state.needReadable ||= state.length <= state.highWaterMark;
      count = 0;
    } else {
      state.length -= count;
      state.awaitDrainWriters.clear();
    }
    if (state.length === 0) {
      if (!state.ended) state.needReadable = true;
      if (asked !== count && state.ended) end(this);
    }
    if (chunk !== null && !state.errored && !state.closeEmitted) {
      state.dataEmitted = true;
      this.emit('data', chunk);
    }
    return chunk;
  }

  _read() {
    const message = 'The _read() method is not implemented';
    throw errors().coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', message);
  }

  _destroy(error, callback) { callback(error); }

  pipe(target, options) { return require('internal/stream-pipe').pipe(this, target, options); }

  unpipe(target) { return require('internal/stream-pipe').unpipe(this, target); }

  on(event, listener) {
    super.on(event, listener);
    const state = this._readableState;
    if (event === 'data') {
      state.readableListening = this.listenerCount('readable') > 0;
      if (state.flowing !== false) this.resume();
    } else if (event === 'readable' && !state.endEmitted && !state.readableListening) {
      state.readableListening = state.needReadable = true;
      state.flowing = false;
      state.emittedReadable = false;
      if (state.length > 0) emitReadable(this);
      else if (!state.reading) nextTick(() => this.read(0));
    }
    return this;
  }

  removeListener(event, listener) {
    super.removeListener(event, listener);
    if (event === 'readable') nextTick(listeningChanged, this);
    return this;
  }

  removeAllListeners(...event) {
    super.removeAllListeners(...event);
    if (event.length === 0 || event[0] === 'readable') nextTick(listeningChanged, this);
    return this;
  }

  resume() {
    const state = this._readableState;
    if (!state.flowing) {
      state.flowing = !state.readableListening;
      if (!state.resumeScheduled) {
        state.resumeScheduled = true;
        nextTick(resumed, this);
      }
    }
    state.paused = false;
    return this;
  }

  pause() {
    const state = this._readableState;
    if (state.flowing !== false) {
      state.flowing = false;
      this.emit('pause');
    }
    state.paused = true;
    return this;
  }

  [Symbol.asyncIterator]() { return require('internal/stream-iterate').iterate(this); }

  iterator(options) { return require('internal/stream-iterate').iterate(this, options); }

  static from(iterable, options) {
    return require('internal/stream-iterate').from(Readable, iterable, options);
  }
}
Readable.prototype.addListener = Readable.prototype.on;
Readable.prototype.off = Readable.prototype.removeListener;
Readable.prototype.destroy = ends.destroy;

/** Asks the source for more when too little waits; whether the answer came at once. */
function ask(stream, state, count) {
  const wanted = state.needReadable || state.length === 0
    || state.length - count < state.highWaterMark;
  if (!wanted || state.ended || state.reading || state.destroyed || state.errored) return false;
  state.reading = state.sync = true;
  if (state.length === 0) state.needReadable = true;
  try {
    stream._read(state.highWaterMark);
  } catch (error) {
    ends.fail(stream, error);
  }
  state.sync = false;
  return !state.reading;
}

const powerAbove = (count) => Math.min(2 ** 30, 2 ** Math.ceil(Math.log2(count)));

/** How much of what waits is handed out when `asked` is wanted; NaN wants all. */
function available(state, asked) {
  if (asked <= 0 || (state.length === 0 && state.ended)) return 0;
  if (state.objectMode) return 1;
  if (Number.isNaN(asked)) {
    return state.flowing && state.length > 0 ? state.buffer[0].length : state.length;
  }
  if (asked <= state.length) return asked;
  return state.ended ? state.length : 0;
}

function take(state, count) {
  if (state.length === 0) return null;
  const { buffer } = state;
  if (state.objectMode || buffer[0].length === count) return buffer.shift();
  const { Buffer } = require('buffer');
  // One chunk is not joined to itself: who reads it octet by octet would copy it each time.
  const join = () => (state.decoder ? buffer.join('') : Buffer.concat(buffer));
  const whole = buffer.length === 1 ? buffer[0] : join();
  state.buffer = count < whole.length ? [whole.slice(count)] : [];
  return whole.slice(0, count);
}

function add(stream, given, encoding, toFront) {
  const state = stream._readableState;
  let chunk = given;
  if (chunk === null) {
    state.reading = false;
    sourceEnded(stream);
    return false;
  }
  if (!state.objectMode) {
    chunk = ends.toBuffer(given, encoding);
    if (chunk === undefined && given !== undefined) {
      ends.fail(stream, ends.wrongChunk(given));
      return false;
    }
  }
  state.reading = false;
  if (state.objectMode || chunk?.length > 0) {
    if (toFront ? state.endEmitted : state.ended) {
      const [code, when] = toFront
        ? ['ERR_STREAM_UNSHIFT_AFTER_END_EVENT', 'unshift() after end event']
        : ['ERR_STREAM_PUSH_AFTER_EOF', 'push() after EOF'];
      ends.fail(stream, errors().coded(Error, code, `stream.${when}`));
      return false;
    }
    if (state.destroyed || state.errored) return false;
    if (state.decoder && !toFront) chunk = state.decoder.write(chunk);
    else if (state.decoder) chunk = chunk.toString(state.encoding);
    if (state.objectMode || chunk.length > 0) insert(stream, chunk, toFront);
    else readMore(stream);
  } else if (!toFront) {
    readMore(stream);
  }
  return !state.ended && (state.length < state.highWaterMark || state.length === 0);
}

function insert(stream, chunk, toFront) {
  const state = stream._readableState;
  if (state.flowing && state.length === 0 && !state.sync && stream.listenerCount('data') > 0) {
    state.awaitDrainWriters.clear();
    state.dataEmitted = true;
    stream.emit('data', chunk);
  } else {
    state.length += state.objectMode ? 1 : chunk.length;
    if (toFront) state.buffer.unshift(chunk);
    else state.buffer.push(chunk);
    if (state.needReadable) emitReadable(stream);
  }
  readMore(stream);
}

function sourceEnded(stream) {
  const state = stream._readableState;
  if (state.ended) return;
  const rest = state.decoder?.end();
  if (rest) {
    state.buffer.push(rest);
    state.length += state.objectMode ? 1 : rest.length;
  }
  state.ended = true;
  if (state.sync) {
    emitReadable(stream);
  } else {
    state.needReadable = false;
    state.emittedReadable = true;
    tellReadable(stream);
  }
}

function emitReadable(stream) {
  const state = stream._readableState;
  state.needReadable = false;
  if (state.emittedReadable) return;
  state.emittedReadable = true;
  nextTick(tellReadable, stream);
}

function tellReadable(stream) {
  const state = stream._readableState;
  if (!state.destroyed && !state.errored && (state.length > 0 || state.ended)) {
    stream.emit('readable');
    state.emittedReadable = false;
  }
  state.needReadable = !state.flowing && !state.ended && state.length <= state.highWaterMark;
  flow(stream);
}

function readMore(stream) {
  const state = stream._readableState;
  if (state.readingMore) return;
  state.readingMore = true;
  nextTick(() => {
    while (!state.reading && !state.ended && (state.length < state.highWaterMark
      || (state.flowing && state.length === 0))) {
      const before = state.length;
      stream.read(0);
      if (state.length === before) break;
    }
    state.readingMore = false;
  });
}

function listeningChanged(stream) {
  const state = stream._readableState;
  state.readableListening = stream.listenerCount('readable') > 0;
  if (state.resumeScheduled && state.paused === false) state.flowing = true;
  else if (stream.listenerCount('data') > 0) stream.resume();
  else if (!state.readableListening) state.flowing = null;
}

function resumed(stream) {
  const state = stream._readableState;
  if (!state.reading) stream.read(0);
  state.resumeScheduled = false;
  stream.emit('resume');
  flow(stream);
  if (state.flowing && !state.reading) stream.read(0);
}

function flow(stream) {
  while (stream._readableState.flowing && stream.read() !== null);
}

function end(stream) {
  const state = stream._readableState;
  if (state.endEmitted) return;
  state.ended = true;
  nextTick(() => {
    if (state.errored || state.closeEmitted || state.endEmitted || state.length > 0) return;
    state.endEmitted = true;
    stream.emit('end');
    const other = stream._writableState;
    if (stream.writable && stream.allowHalfOpen === false) {
      nextTick(() => {
        if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
      });
    } else if (state.autoDestroy && (!other || (other.autoDestroy && other.finished))) {
      stream.destroy();
    }
  });
}

const getters = {
  readable: (state) => !state.destroyed && !state.errorEmitted && !state.endEmitted,
  readableFlowing: (state) => state.flowing,
  readableLength: (state) => state.length,
  readableHighWaterMark: (state) => state.highWaterMark,
  readableObjectMode: (state) => state.objectMode,
  readableEncoding: (state) => state.encoding,
  readableEnded: (state) => state.endEmitted,
  readableDidRead: (state) => state.dataEmitted,
  readableAborted: (state) => (state.destroyed || state.errored !== null) && !state.endEmitted,
  destroyed: (state) => state.destroyed,
  closed: (state) => state.closed,
  errored: (state) => state.errored,
};
for (const [name, of] of Object.entries(getters)) {
  Object.defineProperty(Readable.prototype, name, {
    configurable: true,
    get() { return of(this._readableState); },
    set() {}, // some programs set `destroyed`; the state alone decides
  });
}

module.exports = { Stream, Readable };
