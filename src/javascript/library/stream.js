// Streams as node's, as far as sockets and messages need them. Left out: `construct`, web streams,
// `compose` and the array-like helpers (`map`, `filter`).

const { Stream, Readable } = require('internal/readable');
const { Writable } = require('internal/writable');
const { Duplex } = require('internal/duplex');
const { Transform, PassThrough } = require('internal/transform');

const lazily = (name) => (...args) => require('internal/stream-ends')[name](...args);

module.exports = Object.assign(Stream, {
  Stream,
  Readable,
  Writable,
  Duplex,
  Transform,
  PassThrough,
  finished: lazily('finished'),
  pipeline: lazily('pipeline'),
  addAbortSignal: lazily('addAbortSignal'),
  getDefaultHighWaterMark: (objectMode) => (objectMode ? 16 : 16 * 1024),
});

Object.defineProperty(Stream, 'promises', {
  enumerable: true,
  get: () => require('stream/promises'),
});
