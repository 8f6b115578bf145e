// `events.on`: the arguments of an event, one after the other, for `for await`.

const { aborted } = require('internal/errors');

exports.on = function on(emitter, event, options, listen) {
  const { signal } = options ?? {};
  if (signal?.aborted) throw aborted(signal.reason);
  const arrived = [];
  const waiting = [];
  let failure;
  let over = false;

  const finish = () => {
    over = true;
    for (const step of undo) step();
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  const fail = (error) => {
    const next = waiting.shift();
    if (next) next.reject(error);
    else failure = { error };
    finish();
  };
  const take = (...args) => {
    const next = waiting.shift();
    if (next) next.resolve({ value: args, done: false });
    else arrived.push(args);
  };

  const undo = [listen(emitter, event, take)];
  if (event !== 'error' && typeof emitter.on === 'function') {
    undo.push(listen(emitter, 'error', fail));
  }
  for (const name of options?.close ?? []) undo.push(listen(emitter, name, finish));
  if (signal) undo.push(listen(signal, 'abort', () => fail(aborted(signal.reason))));

  return {
    next() {
      if (arrived.length > 0) return Promise.resolve({ value: arrived.shift(), done: false });
      if (failure) {
        const { error } = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (over) return finish();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: finish,
    throw(error) {
      fail(error);
      return finish();
    },
    [Symbol.asyncIterator]() { return this; },
  };
};
