// What a program finds without `require`. All but the smallest is loaded when it is first touched.

const core = require('internal/core');
const lazy = require('internal/lazy');
const { program } = require('internal/timers');
const { defineProperty } = Reflect;

function define(name, value) {
  defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

for (const [name, value] of Object.entries(program)) define(name, value);
define('global', globalThis);
defineProperty(Math, 'random', { value: host.random, writable: true, configurable: true });
define('queueMicrotask', function queueMicrotask(callback) {
  if (typeof callback !== 'function') {
    const { invalidType } = require('internal/errors');
    throw invalidType('callback', 'of type function', callback);
  }
  const run = () => {
    core.runs(callback);
    try {
      callback();
    } catch (error) {
      core.thrown(error);
    }
  };
  Promise.resolve().then(run);
});

/** Global → the module that has it, and under which name; none if it is the module itself. */
const LAZY = {
  console: ['console'],
  process: ['process'],
  performance: ['perf_hooks', 'performance'],
  Buffer: ['buffer', 'Buffer'],
  Blob: ['buffer', 'Blob'],
  atob: ['buffer', 'atob'],
  btoa: ['buffer', 'btoa'],
  TextEncoder: ['encoding', 'TextEncoder'],
  TextDecoder: ['encoding', 'TextDecoder'],
  URL: ['url', 'URL'],
  URLSearchParams: ['url', 'URLSearchParams'],
  structuredClone: ['structured-clone', 'structuredClone'],
  Event: ['event-target', 'Event'],
  EventTarget: ['event-target', 'EventTarget'],
  CustomEvent: ['event-target', 'CustomEvent'],
  MessageEvent: ['event-target', 'MessageEvent'],
  CloseEvent: ['event-target', 'CloseEvent'],
  AbortController: ['internal/abort', 'AbortController'],
  AbortSignal: ['internal/abort', 'AbortSignal'],
  DOMException: ['internal/dom-exception', 'DOMException'],
  crypto: ['crypto', 'webcrypto'],
  fetch: ['fetch', 'fetch'],
  Headers: ['fetch', 'Headers'],
  Request: ['fetch', 'Request'],
  Response: ['fetch', 'Response'],
  WebSocket: ['websocket', 'WebSocket'],
};

for (const [name, [module, member]] of Object.entries(LAZY)) {
  lazy.property(globalThis, name, () => {
    const exports = require(module);
    return member === undefined ? exports : exports[member];
  });
}
