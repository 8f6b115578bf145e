// Timers as promises.

const { aborted } = require('internal/errors');

// The program's own timers are told of when they run; these are not.
const timers = require('internal/timers').own;

/** A promise that `start(resolve)` fulfils and whose signal calls `stop` and rejects it. */
function wait(start, stop, value, { signal } = {}) {
  if (signal?.aborted) return Promise.reject(aborted(signal.reason));
  return new Promise((resolve, reject) => {
    const cancel = () => {
      stop(handle);
      reject(aborted(signal.reason));
    };
    const handle = start(() => {
      signal?.removeEventListener('abort', cancel);
      resolve(value);
    });
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

function setTimeout(delay, value, options) {
  return wait((done) => timers.setTimeout(done, delay), timers.clearTimeout, value, options);
}

function setImmediate(value, options) {
  return wait((done) => timers.setImmediate(done), timers.clearImmediate, value, options);
}

async function* setInterval(delay, value, { signal } = {}) {
  if (signal?.aborted) throw aborted(signal.reason);
  let due = 0;
  let wake = () => {};
  const handle = timers.setInterval(() => {
    due += 1;
    wake();
  }, delay);
  const cancel = () => wake();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      if (due === 0 && !signal?.aborted) await new Promise((resolve) => { wake = resolve; });
      if (signal?.aborted) throw aborted(signal.reason);
      for (; due > 0; due--) yield value;
    }
  } finally {
    timers.clearInterval(handle);
    signal?.removeEventListener('abort', cancel);
  }
}

module.exports = { setTimeout, setImmediate, setInterval,
  scheduler: { wait: (delay, options) => setTimeout(delay, undefined, options),
    yield: () => setImmediate() } };
