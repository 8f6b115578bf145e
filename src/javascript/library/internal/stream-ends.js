// `finished` tells when a stream is done with; `pipeline` joins streams and ends them together.

const { checkFunction } = require('internal/checks');
const { aborted, coded, invalidType } = require('internal/errors');
const { nextTick } = require('internal/core');
const { owned } = require('internal/symbols');

const premature = () => coded(Error, 'ERR_STREAM_PREMATURE_CLOSE', 'Premature close');
const isStream = (value) => typeof value?.on === 'function'
  && (value._readableState !== undefined || value._writableState !== undefined
    || typeof value.pipe === 'function' || typeof value.write === 'function');

/** Calls back once, with an error if the stream did not come to its end. Returns how to stop. */
function finished(stream, options, callback) {
  if (typeof options === 'function') [options, callback] = [{}, options];
  if (!isStream(stream)) throw invalidType('stream', 'an instance of Stream', stream);
  checkFunction(callback, 'callback');
  const { _readableState: reads, _writableState: writes } = stream;
  const readable = options?.readable ?? reads !== undefined;
  const writable = options?.writable ?? writes !== undefined;
  let readDone = !readable || Boolean(reads?.endEmitted);
  let writeDone = !writable || Boolean(writes?.finished);
  const undo = [];
  let called = false;
  const done = (error) => {
    if (called) return;
    called = true;
    if (error) callback.call(stream, error);
    else callback.call(stream);
  };
  const listen = (event, listener) => {
    stream.on(event, owned(listener));
    undo.push(() => stream.removeListener(event, listener));
  };
  const state = writes ?? reads;
  // What closes of its own accord is done with only then.
  const closes = Boolean(state?.autoDestroy && state.emitClose && !state.closed)
    && (reads !== undefined) === readable && (writes !== undefined) === writable;
  const check = () => {
    if (!closes && readDone && writeDone) done();
  };
  listen('end', () => {
    readDone = true;
    check();
  });
  listen('finish', () => {
    writeDone = true;
    check();
  });
  if (options?.error !== false) listen('error', done);
  const closed = () => {
    const error = reads?.errored ?? writes?.errored;
    const early = (readable && !readDone) || (writable && !writeDone);
    done(error ?? (early ? premature() : undefined));
  };
  listen('close', closed);
  if (stream.closed || (!closes && readDone && writeDone)) nextTick(closed);
  const stop = () => {
    called = true;
    for (const step of undo.splice(0)) step();
  };
  const { signal } = options ?? {};
  if (signal) {
    const abort = () => {
      const tell = callback;
      stop();
      tell.call(stream, aborted(signal.reason));
    };
    if (signal.aborted) nextTick(abort);
    else signal.addEventListener('abort', abort, { once: true });
  }
  return stop;
}

function addAbortSignal(signal, stream) {
  const abort = () => stream.destroy(aborted(signal.reason));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return stream;
}

/** What a step makes of what comes before it: a stream, or a promise when it is the last. */
function join(before, step, isLast) {
  if (typeof step !== 'function') {
    before.pipe(step);
    return { stream: step };
  }
  const made = before === undefined ? step() : step(before);
  if (made?.[Symbol.asyncIterator]) {
    return { stream: require('internal/readable').Readable.from(made) };
  }
  if (isLast && typeof made?.then === 'function') return { promise: made };
  throw coded(TypeError, 'ERR_INVALID_RETURN_VALUE',
    'Expected AsyncIterable or, of the last step, a Promise to be returned');
}

function toStream(source) {
  if (isStream(source)) return source;
  if (typeof source === 'function') return join(undefined, source, false).stream;
  return require('internal/readable').Readable.from(source);
}

/** Joins streams, iterables and generator functions; one that fails takes all others along. */
function pipeline(...steps) {
  const callback = steps.pop();
  checkFunction(callback, 'streams[stream.length - 1]');
  const parts = steps.length === 1 && Array.isArray(steps[0]) ? steps[0] : steps;
  if (parts.length < 2) {
    throw coded(TypeError, 'ERR_MISSING_ARGS', 'The "streams" argument must be specified');
  }
  const streams = [];
  let failure;
  let value;
  let waiting = 1;
  const settle = (error) => {
    // Of several errors the one that was first counts, unless it only tells of the others' end.
    if (error && (!failure || failure.code === 'ERR_STREAM_PREMATURE_CLOSE')) failure = error;
    if (error) for (const stream of streams) stream.destroy(error);
    waiting -= 1;
    if (waiting === 0) nextTick(callback, failure, value);
  };
  const watch = (stream, reading, writing) => {
    waiting += 1;
    streams.push(stream);
    stream.on('error', owned(() => {}));
    finished(stream, { readable: reading, writable: writing }, settle);
  };
  let current = toStream(parts[0]);
  watch(current, true, false);
  for (const [i, step] of parts.slice(1).entries()) {
    const isLast = i === parts.length - 2;
    const { stream, promise } = join(current, step, isLast);
    if (promise) {
      waiting += 1;
      promise.then((result) => {
        value = result;
        settle();
      }, settle);
    } else {
      watch(stream, !isLast, typeof step !== 'function');
      current = stream;
    }
  }
  settle();
  return current;
}

module.exports = { addAbortSignal, finished, pipeline };
