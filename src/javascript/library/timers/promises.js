// Timers that are waited for.

const timers = require('internal/timers').own;

function after(start, stop, options) {
  const { signal } = options ?? {};
  return new Promise((resolve, reject) => {
    const aborted = () => {
      const { coded } = require('internal/errors');
      const error = coded(Error, 'ABORT_ERR', 'The operation was aborted');
      error.name = 'AbortError';
      error.cause = signal.reason;
      reject(error);
    };
    if (signal?.aborted) return void aborted();
    const onAbort = () => {
      stop(timer);
      aborted();
    };
    const timer = start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

exports.setTimeout = async (delay, value, options) => {
  await after((done) => timers.setTimeout(done, delay), timers.clearTimeout, options);
  return value;
};

exports.setImmediate = async (value, options) => {
  await after((done) => timers.setImmediate(done), timers.clearImmediate, options);
  return value;
};

exports.setInterval = async function* setInterval(delay, value, options) {
  for (;;) yield await exports.setTimeout(delay, value, options);
};

exports.scheduler = {
  wait: (delay, options) => exports.setTimeout(delay, undefined, options),
  yield: () => exports.setImmediate(),
};
