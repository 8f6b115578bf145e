// How a stream ends before its time, the same for both directions: `destroy`, then one 'error' if
// there was one, then one 'close', each a tick later.

const { nextTick } = require('internal/core');

const states = (stream) => [stream._readableState, stream._writableState].filter(Boolean);
exports.states = states;

function emitError(stream, error) {
  if (states(stream).some((state) => state.errorEmitted)) return;
  for (const state of states(stream)) state.errorEmitted = true;
  stream.emit('error', error);
}

function emitClose(stream) {
  const all = states(stream);
  for (const state of all) state.closeEmitted = true;
  if (all.some((state) => state.emitClose)) stream.emit('close');
}

/** The first error is kept; those that come later change nothing. */
function keepError(stream, error) {
  if (!error) return;
  for (const state of states(stream)) state.errored ??= error;
}

exports.destroy = function destroy(error, callback) {
  const all = states(this);
  if (all.some((state) => state.destroyed)) {
    callback?.();
    return this;
  }
  keepError(this, error);
  for (const state of all) state.destroyed = true;
  let done = false;
  const after = (failure) => {
    if (done) return;
    done = true;
    keepError(this, failure);
    for (const state of all) state.closed = true;
    callback?.(failure ?? undefined);
    nextTick(() => {
      if (failure) emitError(this, failure);
      emitClose(this);
    });
  };
  try {
    this._destroy(error || null, after);
  } catch (failure) {
    after(failure);
  }
  return this;
};

/** A failure of the stream itself: it is destroyed, or only told when it does not do that. */
exports.fail = (stream, error, later = false) => {
  const all = states(stream);
  if (all.some((state) => state.destroyed)) return;
  if (all.some((state) => state.autoDestroy)) {
    stream.destroy(error);
    return;
  }
  keepError(stream, error);
  if (later) nextTick(() => emitError(stream, error));
  else emitError(stream, error);
};

/** What both directions keep about their end. */
exports.ending = (options) => ({
  destroyed: false,
  closed: false,
  closeEmitted: false,
  errored: null,
  errorEmitted: false,
  autoDestroy: options.autoDestroy !== false,
  emitClose: options.emitClose !== false,
});

/** Octets, or objects, that wait before the stream asks for patience. */
exports.highWaterMark = (options, side, objectMode) => {
  const asked = options[`${side}HighWaterMark`] ?? options.highWaterMark;
  if (asked == null) return objectMode ? 16 : 16 * 1024;
  if (Number.isInteger(asked) && asked >= 0) return asked;
  const { invalidValue } = require('internal/errors');
  throw invalidValue('options.highWaterMark', asked);
};

/** Text or any view of octets as a Buffer; undefined for anything else. */
exports.toBuffer = (chunk, encoding) => {
  const { Buffer } = require('buffer');
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  if (chunk instanceof Buffer) return chunk;
  if (!ArrayBuffer.isView(chunk)) return undefined;
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
};

exports.wrongChunk = (chunk) => {
  const { invalidType } = require('internal/errors');
  const expected = 'of type string or an instance of Buffer, TypedArray, or DataView';
  return invalidType('chunk', expected, chunk);
};
