// `finished` and `pipeline` as promises.

const ends = require('internal/stream-ends');

exports.finished = (stream, options = {}) => new Promise((resolve, reject) => {
  ends.finished(stream, options, (error) => (error ? reject(error) : resolve()));
});

exports.pipeline = (...steps) => new Promise((resolve, reject) => {
  const last = steps.at(-1);
  const isOptions = last && typeof last === 'object' && !last.on && !last[Symbol.asyncIterator]
    && !last[Symbol.iterator];
  const options = isOptions ? steps.pop() : undefined;
  const done = (error, value) => (error ? reject(error) : resolve(value));
  const final = ends.pipeline(...steps, done);
  if (options?.signal) ends.addAbortSignal(options.signal, final);
});
