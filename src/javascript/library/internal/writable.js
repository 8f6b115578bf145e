// Writable: takes octets or objects one at a time; what comes meanwhile waits. `write` answers
// false once more than the high water mark waits, and 'drain' tells when nothing does.

const { Stream } = require('internal/readable');
const { nextTick } = require('internal/core');
const errors = () => require('internal/errors');
const ends = require('internal/stream-destroy');

const nothing = () => {};

exports.newState = (options, isDuplex) => {
  const objectMode = Boolean(options.objectMode || (isDuplex && options.writableObjectMode));
  return {
    objectMode,
    highWaterMark: ends.highWaterMark(options, isDuplex ? 'writable' : '', objectMode),
    decodeStrings: options.decodeStrings !== false,
    defaultEncoding: options.defaultEncoding ?? 'utf8',
    buffered: [],
    length: 0,
    // The chunk that `_write` has not called back for yet: its length and callback.
    writing: false,
    writelen: 0,
    writecb: null,
    sync: true,
    corked: 0,
    bufferProcessing: false,
    needDrain: false,
    ending: false,
    ended: false,
    finalCalled: false,
    prefinished: false,
    finished: false,
    // Callbacks of writes that are still to be called: 'finish' waits for them.
    pendingcb: 0,
    afterEnd: [],
    ...ends.ending(options),
  };
};

/** The parts of a stream that the program gives as options. */
exports.adopt = (stream, options) => {
  for (const name of ['write', 'writev', 'destroy', 'final']) {
    if (typeof options?.[name] === 'function') stream[`_${name}`] = options[name];
  }
  if (options?.signal) require('internal/stream-ends').addAbortSignal(options.signal, stream);
};

class Writable extends Stream {
  constructor(options = {}) {
    super();
    this._writableState = exports.newState(options ?? {}, false);
    exports.adopt(this, options);
  }

  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    return accept(this, chunk, encoding, callback ?? nothing) === true;
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, encoding, callback] = [undefined, undefined, chunk];
    else if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    const state = this._writableState;
    let error;
    if (chunk !== undefined && chunk !== null) {
      const taken = accept(this, chunk, encoding, nothing);
      if (taken instanceof Error) error = taken;
    }
    if (state.corked > 0) {
      state.corked = 1;
      this.uncork();
    }
    if (!error && !state.errored && !state.ending) {
      state.ending = true;
      finishMaybe(this, true);
      state.ended = true;
    } else if (!error && state.finished) {
      error = errors().coded(Error, 'ERR_STREAM_ALREADY_FINISHED',
        'Cannot call end after a stream was finished');
    } else if (!error && state.destroyed) {
      error = destroyedError('end');
    }
    if (typeof callback === 'function') {
      if (error) nextTick(callback, error);
      else if (state.finished) nextTick(callback);
      else state.afterEnd.push(callback);
    }
    return this;
  }

  cork() { this._writableState.corked += 1; }

  uncork() {
    const state = this._writableState;
    if (state.corked === 0) return;
    state.corked -= 1;
    if (!state.writing) writeBuffered(this);
  }

  setDefaultEncoding(encoding) {
    require('internal/buffer-codes').codeOf(encoding);
    this._writableState.defaultEncoding = encoding;
    return this;
  }

  _write(chunk, encoding, callback) {
    if (!this._writev) {
      const message = 'The _write() method is not implemented';
      throw errors().coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', message);
    }
    this._writev([{ chunk, encoding }], callback);
  }

  _destroy(error, callback) { callback(error); }

  destroy(error, callback) {
    const state = this._writableState;
    if (!state.destroyed && (state.buffered.length > 0 || state.afterEnd.length > 0)) {
      nextTick(dropBuffered, this);
    }
    return Reflect.apply(ends.destroy, this, [error, callback]);
  }

  pipe() {
    const error = errors().coded(Error, 'ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable');
    ends.fail(this, error);
  }
}
Writable.prototype._writev = null;

// A Duplex inherits from Readable alone, yet is a Writable too.
Object.defineProperty(Writable, Symbol.hasInstance, {
  value(object) {
    if (Function.prototype[Symbol.hasInstance].call(this, object)) return true;
    return this === Writable && object?._writableState !== undefined;
  },
});

const destroyedError = (name) => errors().coded(Error, 'ERR_STREAM_DESTROYED',
  `Cannot call ${name} after a stream was destroyed`);

/** True or false as `write` answers; an error that is told later. */
function accept(stream, given, wanted, callback) {
  const state = stream._writableState;
  let chunk = given;
  let encoding = wanted ?? (state.objectMode ? undefined : state.defaultEncoding);
  if (chunk === null) {
    const message = 'May not write null values to stream';
    throw errors().coded(TypeError, 'ERR_STREAM_NULL_VALUES', message);
  }
  if (!state.objectMode && (typeof chunk !== 'string' || state.decodeStrings)) {
    chunk = ends.toBuffer(given, encoding);
    if (chunk === undefined) throw ends.wrongChunk(given);
    encoding = 'buffer';
  }
  let error;
  if (state.ending) error = errors().coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end');
  else if (state.destroyed) error = destroyedError('write');
  if (error) {
    nextTick(callback, error);
    ends.fail(stream, error, true);
    return error;
  }
  state.pendingcb += 1;
  state.length += state.objectMode ? 1 : chunk.length;
  const below = state.length < state.highWaterMark;
  if (!below) state.needDrain = true;
  if (state.writing || state.corked > 0 || state.errored) {
    state.buffered.push({ chunk, encoding, callback });
  } else {
    writeOne(stream, { chunk, encoding, callback });
  }
  return below && !state.errored && !state.destroyed;
}

const lengthOf = (state, chunk) => (state.objectMode ? 1 : chunk.length);

function begin(stream, length, callback, write) {
  const state = stream._writableState;
  Object.assign(state, { writelen: length, writecb: callback, writing: true, sync: true });
  if (state.destroyed) wrote(stream, destroyedError('write'));
  else write((error) => wrote(stream, error));
  state.sync = false;
}

function writeOne(stream, { chunk, encoding, callback }) {
  const length = lengthOf(stream._writableState, chunk);
  begin(stream, length, callback, (done) => stream._write(chunk, encoding, done));
}

function writeAll(stream, entries) {
  const state = stream._writableState;
  state.pendingcb -= entries.length - 1;
  const after = (error) => entries.forEach(({ callback }) => callback(error));
  const length = entries.reduce((sum, { chunk }) => sum + lengthOf(state, chunk), 0);
  begin(stream, length, after, (done) => stream._writev(entries, done));
}

function writeBuffered(stream) {
  const state = stream._writableState;
  if (state.corked > 0 || state.bufferProcessing || state.destroyed) return;
  if (state.buffered.length === 0) return;
  state.bufferProcessing = true;
  if (stream._writev && state.buffered.length > 1) {
    writeAll(stream, state.buffered.splice(0));
  } else {
    do {
      writeOne(stream, state.buffered.shift());
    } while (state.buffered.length > 0 && !state.writing);
  }
  state.bufferProcessing = false;
}

function wrote(stream, error) {
  const state = stream._writableState;
  const { sync, writecb: callback } = state;
  if (callback === null) {
    const message = 'Callback called multiple times';
    ends.fail(stream, errors().coded(Error, 'ERR_MULTIPLE_CALLBACK', message));
    return;
  }
  state.writing = false;
  state.writecb = null;
  state.length -= state.writelen;
  state.writelen = 0;
  if (error) {
    state.errored ??= error;
    if (stream._readableState) stream._readableState.errored ??= error;
    const tell = () => {
      state.pendingcb -= 1;
      callback(error);
      dropBuffered(stream);
      ends.fail(stream, error);
    };
    if (sync) nextTick(tell);
    else tell();
    return;
  }
  if (state.buffered.length > 0) writeBuffered(stream);
  if (sync) nextTick(afterWrite, stream, callback);
  else afterWrite(stream, callback);
}

function afterWrite(stream, callback) {
  const state = stream._writableState;
  if (!state.ending && !state.destroyed && state.length === 0 && state.needDrain) {
    state.needDrain = false;
    stream.emit('drain');
  }
  state.pendingcb -= 1;
  callback(null);
  if (state.destroyed) dropBuffered(stream);
  finishMaybe(stream);
}

/** Tells those who still wait that the stream is gone. */
function dropBuffered(stream) {
  const state = stream._writableState;
  if (state.writing) return;
  for (const { chunk, callback } of state.buffered.splice(0)) {
    state.length -= lengthOf(state, chunk);
    callback(state.errored ?? destroyedError('write'));
  }
  for (const callback of state.afterEnd.splice(0)) {
    callback(state.errored ?? destroyedError('end'));
  }
}

const isReadyToFinish = (state) => state.ending && !state.destroyed && state.length === 0
  && !state.errored && state.buffered.length === 0 && !state.finished && !state.writing
  && !state.errorEmitted && !state.closeEmitted;

function prefinish(stream) {
  const state = stream._writableState;
  if (state.prefinished || state.finalCalled) return;
  const tell = () => {
    state.prefinished = true;
    stream.emit('prefinish');
  };
  if (typeof stream._final !== 'function' || state.destroyed) {
    tell();
    return;
  }
  state.finalCalled = true;
  state.pendingcb += 1;
  let called = false;
  const done = (error) => {
    if (called) return;
    called = true;
    state.pendingcb -= 1;
    if (error) {
      for (const callback of state.afterEnd.splice(0)) callback(error);
      ends.fail(stream, error, state.sync);
    } else if (isReadyToFinish(state)) {
      tell();
      state.pendingcb += 1;
      nextTick(finish, stream);
    }
  };
  state.sync = true;
  try {
    stream._final(done);
  } catch (error) {
    done(error);
  }
  state.sync = false;
}

function finishMaybe(stream, sync = false) {
  const state = stream._writableState;
  if (!isReadyToFinish(state)) return;
  prefinish(stream);
  if (state.pendingcb > 0) return;
  if (sync) {
    state.pendingcb += 1;
    nextTick(() => {
      if (isReadyToFinish(state)) finish(stream);
      else state.pendingcb -= 1;
    });
  } else if (isReadyToFinish(state)) {
    state.pendingcb += 1;
    finish(stream);
  }
}

function finish(stream) {
  const state = stream._writableState;
  state.pendingcb -= 1;
  state.finished = true;
  for (const callback of state.afterEnd.splice(0)) callback();
  stream.emit('finish');
  const other = stream._readableState;
  if (state.autoDestroy && (!other || (other.autoDestroy && other.endEmitted))) stream.destroy();
}

exports.getters = {
  writable: (state) => !state.destroyed && !state.errored && !state.ending && !state.ended,
  writableLength: (state) => state.length,
  writableHighWaterMark: (state) => state.highWaterMark,
  writableObjectMode: (state) => state.objectMode,
  writableNeedDrain: (state) => !state.destroyed && !state.ending && state.needDrain,
  writableEnded: (state) => state.ending,
  writableFinished: (state) => state.finished,
  writableCorked: (state) => state.corked,
  writableAborted: (state) => (state.destroyed || state.errored !== null) && !state.finished,
  destroyed: (state) => state.destroyed,
  closed: (state) => state.closed,
  errored: (state) => state.errored,
};
for (const [name, of] of Object.entries(exports.getters)) {
  Object.defineProperty(Writable.prototype, name, {
    configurable: true,
    get() { return of(this._writableState); },
    set() {}, // some programs set `destroyed`; the state alone decides
  });
}

exports.Writable = Writable;
